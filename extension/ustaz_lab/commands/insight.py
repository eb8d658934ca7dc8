"""``ustaz import``, ``plot`` and ``profile``: what is known about students, and how it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from ustaz_lab.commands.room import opened
from ustaz_lab.errors import OutputError

if TYPE_CHECKING:
    import argparse

    from ustaz_grading.profiles import Profile
    from ustaz_grading.profiles.imports import ImportReport

    from ustaz_lab.commands.arguments import _Commands
    from ustaz_lab.console import Console

BAR: Final = 20
ANSWERS_SHOWN: Final = 10


def add(commands: _Commands) -> None:
    """Add the commands."""
    importing = commands.add("import", "take in answers given elsewhere")
    importing.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        help="CSV with the columns learner, item, skill, score (0…1) and, if known, time",
    )
    importing.add_argument(
        "--oulad",
        metavar="DIR",
        type=Path,
        help="the tables of the Open University Learning Analytics Dataset",
    )
    importing.set_defaults(run=_import)
    plot = commands.add("plot", "write the class's plot: .html to look into, .png to print")
    plot.add_argument("out", metavar="OUT", type=Path, help="a file's name ending in .html or .png")
    plot.add_argument("--dark", action="store_true", help="for a dark ground")
    plot.add_argument(
        "--by-prefix",
        action="store_true",
        help="group students by what stands before the first hyphen of their ids; .html only",
    )
    plot.set_defaults(run=_plot)
    profile = commands.add("profile", "show where a student stands, and why")
    profile.add_argument("student", metavar="STUDENT", help="an id of the class list")
    profile.set_defaults(run=_profile)


def _import(options: argparse.Namespace, console: Console) -> int:
    from ustaz_grading.profiles import update_mastery  # noqa: PLC0415 - commands import when they run
    from ustaz_grading.profiles.imports import import_answers  # noqa: PLC0415
    from ustaz_grading.profiles.oulad import import_oulad  # noqa: PLC0415
    from ustaz_grading.records import Student  # noqa: PLC0415

    if (options.file is None) == (options.oulad is None):
        console.note("Name a file, or --oulad DIR, and not both.")
        return 2
    with opened(options) as room:
        course = room.config.course_id
        if options.oulad is None:
            report = import_answers(room.store, course, options.file)
        else:
            found = import_oulad(room.store, course, options.oulad)
            report = found.report
            # The plot shows the class list.
            room.store.add_students(Student(id=learner) for learner in found.learners)
        _say_import(report, console)
        folded = update_mastery(room.store, course)
    console.say("Answers folded into the profiles: {count}.", count=folded.answers)
    return 1 if report.bad else 0


def _say_import(report: ImportReport, console: Console) -> None:
    from ustaz_courses.language import translate  # noqa: PLC0415 - commands import when they run

    for fault in report.faults:
        said = translate(fault.message, console.language, domain="ustaz_grading", **fault.values)
        console.line(console.word("line {line}: {text}", line=fault.line, text=said))
    console.say(
        "Rows {rows}: new {added}, known before {known}, faulty {bad}.",
        rows=report.rows,
        added=report.added,
        known=report.known,
        bad=report.bad,
    )


def _plot(options: argparse.Namespace, console: Console) -> int:
    suffix = options.out.suffix.lower()
    if suffix not in {".html", ".png"}:
        raise OutputError(
            "The plot cannot be written as {name!r}; expected a name ending in .html or .png.",
            name=options.out.name,
        )
    from ustaz_grading.profiles import update_mastery  # noqa: PLC0415 - commands import when they run
    from ustaz_grading.profiles.oulad import module_of  # noqa: PLC0415
    from ustaz_widgets.teacher import (  # noqa: PLC0415
        class_cohort,
        write_class_html,
        write_class_png,
    )

    with opened(options) as room:
        update_mastery(room.store, room.config.course_id)
        cohort = class_cohort(room, console.language)
        language, title = console.language, room.config.course_id
    if suffix == ".html":
        groups = {learner: module_of(learner) for learner in cohort.learners}
        write_class_html(
            cohort,
            options.out,
            language=language,
            dark=options.dark,
            title=title,
            groups=groups if options.by_prefix else None,
        )
    else:
        write_class_png(cohort, options.out, language=language, dark=options.dark)
    console.say("The class's plot is in {file}.", file=str(options.out))
    return 0


def _profile(options: argparse.Namespace, console: Console) -> int:
    from ustaz_grading.profiles import profile, update_mastery  # noqa: PLC0415 - as above

    from ustaz_lab.bank import said  # noqa: PLC0415

    with opened(options) as room:
        student = room.student(options.student)
        update_mastery(room.store, room.config.course_id)
        found = profile(room.store, room.config.course_id, student.id)
        titles = {
            skill: said(course.curriculum.skill(skill).title, console.language)
            for course in room.courses.values()
            for skill in course.curriculum.order()
        }
        items = {
            template.id: said(template.title, console.language)
            for course in room.courses.values()
            for template in course.templates.values()
        }
        zone = ZoneInfo(room.config.timezone)
    console.line(f"{found.name}  [{found.learner}]")
    if not found.masteries:
        console.say("There are no answers yet.")
        return 0
    _say_masteries(found, titles, console)
    _say_answers(found, titles | items, zone, console)
    return 0


def _say_masteries(found: Profile, titles: dict[str, str], console: Console) -> None:
    order = {skill: number for number, skill in enumerate(titles)}
    strong = {part.skill for part in found.strengths}
    weak = {part.skill for part in found.weaknesses}
    console.line()
    console.say("Mastery, with the bounds that hold it with 90% probability:")
    width = max(len(titles.get(m.skill, m.skill)) for m in found.masteries)
    for mastery in sorted(found.masteries, key=lambda m: order.get(m.skill, len(order))):
        low, high = mastery.interval
        bar = "█" * round(mastery.probability * BAR)
        mark = "▲" if mastery.skill in strong else "▼" if mastery.skill in weak else " "
        console.line(
            f"  {titles.get(mastery.skill, mastery.skill):<{width}} {mark} {bar:·<{BAR}}"
            f" {mastery.probability:4.0%}  {low:.0%}–{high:.0%}  "
            + console.word("answers: {count}", count=mastery.answers)
        )
    if strong or weak:
        console.say("▲ stands out upwards, ▼ downwards, against the class.")


def _say_answers(found: Profile, titles: dict[str, str], zone: ZoneInfo, console: Console) -> None:
    console.line()
    console.say("The last answers:")
    for row in found.evidence[:ANSWERS_SHOWN]:
        skills = ", ".join(titles.get(skill, skill) for skill in row.skills)
        at = row.at.astimezone(zone)
        asked = titles.get(row.asked, row.asked)
        console.line(f"  {at:%Y-%m-%d %H:%M}  {row.score:4.0%}  {asked}  ({skills})")
