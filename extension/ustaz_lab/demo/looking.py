"""Stations that look at what is known now: profiles and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ustaz_courses.language import LANGUAGES
from ustaz_grading.files import write_text

from ustaz_lab import workflow
from ustaz_lab.demo.known import read
from ustaz_lab.demo.station import Outcome

if TYPE_CHECKING:
    from ustaz_grading.classroom import Classroom

    from ustaz_lab.console import Console


def profiles(room: Classroom, _console: Console) -> Outcome:
    """Turn scores into evidence, evidence into masteries, masteries into profiles."""
    from ustaz_grading.profiles import profile, update_mastery  # noqa: PLC0415 - as above

    course = room.config.course_id
    report = workflow.record(room)
    update_mastery(room.store, course)
    found = [profile(room.store, course, student.id) for student in room.roster]
    known = [one for one in found if one.masteries]
    return Outcome(
        given={"answers": report.answers, "new": report.added},
        gave={
            "profiles": len(known),
            "masteries": sum(len(one.masteries) for one in found),
            "skills": len({m.skill for one in found for m in one.masteries}),
            "strengths": sum(len(one.strengths) for one in found),
            "weaknesses": sum(len(one.weaknesses) for one in found),
        },
        summary="{answers} answers → {profiles} profiles with {masteries} masteries of {skills}"
        " skills",
        ok=len(known) >= len(room.roster) - 1,
    )


def plots(room: Classroom, console: Console) -> Outcome:
    """Draw the class's plot in three languages, to look into and to print."""
    from ustaz_widgets.teacher import class_cohort, write_class_html, write_class_png  # noqa: PLC0415

    folder = room.root / "plots"
    folder.mkdir(exist_ok=True)
    stamp = folder / ".answers"
    answers = str(room.store.evidence_count(room.config.course_id))
    wanted = [
        folder / f"class.{language}.{end}" for language in LANGUAGES for end in ("html", "png")
    ]
    kept = read(stamp) == answers and all(path.is_file() for path in wanted)
    if not kept:
        for number, language in enumerate(LANGUAGES):
            console.progress("plots", number, len(LANGUAGES))
            cohort = class_cohort(room, language)
            title = room.config.course_id
            write_class_html(cohort, wanted[2 * number], language=language, title=title)
            write_class_png(cohort, wanted[2 * number + 1], language=language)
        console.progress("plots", len(LANGUAGES), len(LANGUAGES))
        write_text(stamp, answers)
    return Outcome(
        given={"languages": list(LANGUAGES), "answers": int(answers)},
        gave={"files": {path.name: path.stat().st_size for path in wanted}, "folder": str(folder)},
        summary="{folder}",
        ok=all(path.stat().st_size > 10_000 for path in wanted),
        kept=kept,
    )
