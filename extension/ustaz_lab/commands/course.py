"""``ustaz course``: looking at courses, verifying them, approving their templates."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ustaz_lab.commands.room import opened
from ustaz_lab.console import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ustaz_courses import CodeRunner, Course, CourseReport, Finding, Report, Template
    from ustaz_courses.errors import Fault

    from ustaz_lab.commands.arguments import _Commands
    from ustaz_lab.console import Console

SEEDS: Final = 200
"""Variants looked at, unless told otherwise; also before an approval."""
SEEDS_MAX: Final = 100_000


def add(commands: _Commands) -> None:
    """Add the commands."""
    group = commands.group("course", "courses and their templates")
    listing = group.add("list", "show the courses, or a course's templates")
    listing.add_argument("course", metavar="COURSE", nargs="?", help="a course's id or folder")
    listing.set_defaults(run=_list)
    check = group.add("check", "verify every template of a course")
    check.add_argument("course", metavar="DIR_OR_ID", help="a course's folder or id")
    _seeds(check)
    check.set_defaults(run=_check)
    approve = group.add("approve", "approve templates: they are verified first")
    approve.add_argument("templates", metavar="TEMPLATE", nargs="*", help="id or course/id")
    approve.add_argument("--all", action="store_true", help="every template of the classroom")
    approve.add_argument("--by", metavar="NAME", required=True, help="who answers for the content")
    _seeds(approve)
    approve.set_defaults(run=_approve)
    withdraw = group.add("withdraw", "take approvals back; variants already issued stay")
    withdraw.add_argument("templates", metavar="TEMPLATE", nargs="+", help="id or course/id")
    withdraw.add_argument("--by", metavar="NAME", required=True, help="who takes them back")
    withdraw.set_defaults(run=_withdraw)
    preview = group.add("preview", "show variants of a template with all that stands behind them")
    preview.add_argument("template", metavar="TEMPLATE", help="course/id, or id in a classroom")
    preview.add_argument("--count", type=_natural, default=3, metavar="N", help="how many variants")
    preview.add_argument("--seed", type=int, default=0, metavar="N", help="which drawing")
    preview.add_argument(
        "--in", dest="shown", choices=LANGUAGES, action="append", help="only in this language"
    )
    preview.set_defaults(run=_preview)


def _natural(text: str) -> int:
    value = int(text)
    if not 1 <= value <= SEEDS_MAX:
        raise ValueError(text)
    return value


_natural.__name__ = "1…100000"
"""argparse names a type so in its complaint."""


def _seeds(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seeds",
        type=_natural,
        default=SEEDS,
        metavar="N",
        help="variants looked at; 200 unless told",
    )


def _list(options: argparse.Namespace, console: Console) -> int:
    from ustaz_courses import load_course  # noqa: PLC0415 - commands import when they run

    if options.course:
        _list_templates(load_course(_folder(options.course, options)), console)
        return 0
    for folder in _known(options).values():
        course = load_course(folder)
        console.line(f"{course.id:<20} {_said(course.title, console.language)}")
        console.line(
            " " * 21
            + console.word(
                "skills {skills}, templates {templates}, languages {languages}",
                skills=len(course.curriculum.order()),
                templates=len(course.templates),
                languages=" ".join(course.languages),
            )
        )
    return 0


def _list_templates(course: Course, console: Console) -> None:
    from ustaz_lab.bank import KIND_NAMES  # noqa: PLC0415 - commands import when they run

    console.line(_said(course.title, console.language))
    for skill in course.curriculum.order():
        console.line()
        title = _said(course.curriculum.skill(skill).title, console.language)
        console.line(f"{title}  [{skill}]")
        for template in course.templates_of(skill):
            kind = console.word(KIND_NAMES[template.kind])
            title = _said(template.title, console.language)
            console.line(f"  {template.id:<28} {template.difficulty:.2f}  {kind}: {title}")


def _check(options: argparse.Namespace, console: Console) -> int:
    from ustaz_courses import check_course  # noqa: PLC0415 - commands import when they run

    folder = _folder(options.course, options)
    report = check_course(
        folder,
        seeds=options.seeds,
        runner=_runner(console),
        progress=lambda done, total, _name: console.progress("verify", done, total),
    )
    count = len(report.reports)
    console.progress("verify", count, count)
    for fault in report.faults:
        console.line(_fault(fault, folder, console))
    for each in report.reports:
        for finding in each.findings:
            console.line(_finding(finding, folder / each.template, console))
    return _verdict(report, options.seeds, console)


def _verdict(report: CourseReport, seeds: int, console: Console) -> int:
    faults = len(report.faults) + sum(len(each.faults) for each in report.reports)
    advice = sum(len(each.advice) for each in report.reports)
    console.say(
        "{course}: templates {templates}, variants of each {seeds}; faults {faults}, advice"
        " {advice}.",
        course=report.course,
        templates=len(report.reports),
        seeds=seeds,
        faults=faults,
        advice=advice,
    )
    return 0 if report.ok else 1


def _approve(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.workflow import approve_templates, templates_of  # noqa: PLC0415 - as above

    if bool(options.templates) == options.all:
        console.note("Name the templates to approve, or --all, and not both.")
        return 2
    with opened(options) as room:
        templates = templates_of(room, options.templates)
        report = approve_templates(
            room,
            templates,
            options.by,
            seeds=options.seeds,
            runner=_runner(console) if _has_programs(templates) else None,
            progress=console.progress,
        )
        folders = {t.id: c.folder for c in room.courses.values() for t in c.templates.values()}
    for refused in report.refused:
        _say_refused(refused, folders[refused.template], console)
    console.say(
        "Approved {approved}, approved before {kept}, refused {refused}.",
        approved=len(report.approved),
        kept=len(report.kept),
        refused=len(report.refused),
    )
    return 1 if report.refused else 0


def _say_refused(report: Report, folder: Path, console: Console) -> None:
    console.say("{template} failed its verification:", template=report.template)
    for finding in report.faults:
        console.line("  " + _finding(finding, folder / report.template, console))


def _withdraw(options: argparse.Namespace, console: Console) -> int:
    from ustaz_courses import withdraw  # noqa: PLC0415 - commands import when they run

    from ustaz_lab.workflow import templates_of  # noqa: PLC0415

    with opened(options) as room:
        for template in templates_of(room, options.templates):
            withdraw(room.approvals_root, template, options.by)
            console.say("{template} is a draft again.", template=template.id)
    return 0


def _preview(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.preview import draw  # noqa: PLC0415 - commands import when they run

    template = _template(options)
    variants = draw(template, seed=options.seed, count=options.count)
    for number, variant in enumerate(variants, 1):
        for language in options.shown or LANGUAGES:
            console.line(f"── {template.id}  {number}/{len(variants)}  {language} " + "─" * 20)
            for line in _variant_lines(variant, language, console):
                console.line(line)
    return 0


def _variant_lines(variant: object, language: str, console: Console) -> Iterable[str]:
    from ustaz_courses import Variant  # noqa: PLC0415 - commands import when they run

    from ustaz_lab.preview import key_text  # noqa: PLC0415

    assert isinstance(variant, Variant)  # noqa: S101 - drawn by `draw`
    text = variant.text(language)
    yield text.prompt.strip()
    if text.starter.strip():
        yield text.starter.strip()
    for option in text.options:
        yield f"  {option.label}  {option.text}"
    yield console.word("Key: {key}", key=key_text(variant, language))
    for number, hint in enumerate(text.hints, 1):
        yield console.word("Hint {number}: {hint}", number=number, hint=hint.strip())
    yield console.word("Worked solution: {text}", text=text.solution.strip())
    for name, feedback in text.feedback.items():
        yield f"  [{name}] {feedback.strip()}"


def _template(options: argparse.Namespace) -> Template:
    """Return a template: of the classroom if there is one, else of a bundled course."""
    from ustaz_courses import load_course  # noqa: PLC0415 - commands import when they run

    from ustaz_lab.errors import NoClassroomError, UnknownCourseError  # noqa: PLC0415

    try:
        with opened(options) as room:
            return room.template(options.template)
    except NoClassroomError:
        course, _, name = options.template.rpartition("/")
        if not course:
            raise UnknownCourseError(
                "Outside a classroom a template is named with its course: course/{template}. The"
                " courses are {known}.",
                template=name,
                known=", ".join(_known(options)),
            ) from None
        return load_course(_folder(course, options)).template(name)


def _known(options: argparse.Namespace) -> dict[str, Path]:
    """Return the folders of the bundled courses, and of the classroom's own where there is one."""
    from ustaz_courses import bundled_courses  # noqa: PLC0415 - commands import when they run

    from ustaz_lab.errors import NoClassroomError  # noqa: PLC0415

    found = dict(bundled_courses())
    try:
        with opened(options) as room:
            own = {name: room.root / name for name in room.config.courses}
            found |= {name: folder for name, folder in own.items() if name not in found}
    except NoClassroomError:
        pass
    return found


def _folder(name: str, options: argparse.Namespace) -> Path:
    from ustaz_lab.errors import UnknownCourseError  # noqa: PLC0415 - as above

    known = _known(options)
    # A path first: whoever edits a copy of a bundled course means the copy.
    if (Path(name) / "course.toml").is_file():
        return Path(name)
    if name in known:
        return known[name]
    raise UnknownCourseError(
        "There is no course {name!r}: neither bundled ({known}) nor a folder with a course.toml.",
        name=name,
        known=", ".join(known),
    )


def _runner(console: Console) -> CodeRunner | None:
    """Return what runs programs; none where the jail is missing, which is told."""
    from ustaz_grading.coderunner import CodeRunner as Jailed  # noqa: PLC0415 - as above
    from ustaz_kernels.errors import JailMissingError  # noqa: PLC0415
    from ustaz_kernels.sandbox import Policy, demand  # noqa: PLC0415

    try:
        demand(Policy())
    except JailMissingError as error:
        console.fault(error)
        return None
    return Jailed()


def _has_programs(templates: Sequence[Template]) -> bool:
    return any(template.kind == "code" for template in templates)


def _finding(finding: Finding, folder: Path, console: Console) -> str:
    text = _fault(finding.fault, folder, console)
    if finding.count > 1:
        text += " " + console.word("(on {count} variants)", count=finding.count)
    return f"{text} {console.word('[advice]')}" if finding.advice else text


def _fault(fault: Fault, folder: Path, console: Console) -> str:
    """Return a fault as editors and terminals link it: ``file:line: text``."""
    from ustaz_lab.messages import fault_text  # noqa: PLC0415 - as above

    path = os.path.relpath(folder / fault.file)
    place = f"{path}:{fault.line}" if fault.line else path
    return f"{place}: {fault_text(fault, console.language)}"


def _said(texts: object, language: str) -> str:
    from ustaz_lab.bank import said  # noqa: PLC0415 - as above

    return said(texts, language)  # type: ignore[arg-type]  # a mapping of texts by language
