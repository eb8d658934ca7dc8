"""Stations before the class works: class list, approval, stories, releases."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ustaz_grading.files import write_text

from ustaz_lab import workflow
from ustaz_lab.demo import plain
from ustaz_lab.demo.known import ASSIGNMENT, DUE_IN, TEACHER, drawing, material, read, state
from ustaz_lab.demo.station import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ustaz_courses import Template
    from ustaz_grading.classroom import Classroom
    from ustaz_grading.situations import Ranker

    from ustaz_lab.console import Console

_RANKED: Final = "{engine}: {ranked} rankings made, {kept} kept"


def enrol(room: Classroom, _console: Console) -> Outcome:
    """Write class list and assignments as a teacher does."""
    kept = bool(room.roster)
    file = room.root / "students.csv"
    write_text(file, material("students.csv"))
    report = workflow.enrol(room, file)
    assignment = room.root / "assignments" / f"{ASSIGNMENT}.toml"
    if not assignment.is_file():
        due = (datetime.now(UTC) + DUE_IN).replace(minute=0, second=0, microsecond=0)
        text = re.sub(r"\bDUE\b", due.isoformat(), material("revision.toml"))
        write_text(assignment, text)
    plain.write_source(room)
    return Outcome(
        given={"courses": list(room.courses), "students.csv": report.read},
        gave={
            "students": report.students,
            "languages": sorted({room.language_of(student) for student in room.roster}),
            "assignments": [ASSIGNMENT, plain.ASSIGNMENT],
        },
        summary="class list of {students}; assignments written",
        ok=report.students == report.read,
        kept=kept,
    )


def approve(room: Classroom, console: Console) -> Outcome:
    """Verify every template of all courses on 200 variants, then approve it."""
    from ustaz_grading.coderunner import CodeRunner  # noqa: PLC0415 - each station brings its own

    templates = workflow.templates_of(room, ())
    report = workflow.approve_templates(
        room, templates, TEACHER, runner=CodeRunner(workers=1), progress=console.progress
    )
    return Outcome(
        given={"templates": len(templates), "variants_each": workflow.SEEDS, "by": TEACHER},
        gave={
            "approved": len(report.approved),
            "approved_before": len(report.kept),
            "refused": [found.template for found in report.refused],
            "faults": [str(fault) for found in report.refused for fault in found.faults],
        },
        summary="{templates} templates: {approved} verified and approved, {approved_before} before",
        ok=not report.refused,
        kept=not report.approved,
    )


def rank(room: Classroom, console: Console) -> Outcome:
    """Have a small language model rank which approved story suits which interest."""
    from ustaz_grading.situations import rank_all  # noqa: PLC0415
    from ustaz_kernels.engine import DEFAULT_MODEL  # noqa: PLC0415 - each station brings its own

    templates = _with_stories(room)
    interests = sorted({name for student in room.roster for name in student.interests})
    given = {"model": DEFAULT_MODEL, "templates": len(templates), "interests": interests}
    all_of_them = len(templates) * len(interests)
    stamp = room.private / "demo-engine"
    name = read(stamp)
    if name and _ranked(room, name, templates, interests) == all_of_them:
        gave: dict[str, Any] = {"engine": name, "ranked": 0, "kept": all_of_them}
        return Outcome(given=given, gave=gave, summary=_RANKED, ok=True, kept=True)
    engine, reason = _engine()
    if engine is None:
        # The model is an extra: without it the teacher's labels and the seed decide.
        return Outcome(
            given=given,
            gave={"engine": "", "reason": reason},
            summary="no model here, the teacher's labels decide: {reason}",
            ok=True,
        )
    course = room.config.course_id
    report = rank_all(room.store, course, engine, templates, interests, progress=console.progress)
    write_text(stamp, report.engine)
    return Outcome(
        given=given,
        gave={"engine": report.engine, "ranked": report.ranked, "kept": report.kept},
        summary=_RANKED,
        ok=_ranked(room, report.engine, templates, interests) == all_of_them,
        kept=report.ranked == 0,
    )


def release(room: Classroom, console: Console) -> Outcome:
    """Write every student's own copy."""
    students = len(room.roster)
    slots = len(room.assignment(ASSIGNMENT).slots)
    course = room.config.course_id
    given = {"students": students, "slots": slots}
    issues = room.store.issues(ASSIGNMENT, course=course)
    kept = state(room, ASSIGNMENT).released == students and len(issues) == students * slots
    if not kept:
        engine = _engine()[0]
        workflow.release_assignment(room, ASSIGNMENT, engine=engine, progress=console.progress)
        issues = room.store.issues(ASSIGNMENT, course=course)
    seen = {drawing(issue) for issue in issues}
    copies = sum(room.copy_folder(s.id, ASSIGNMENT).is_dir() for s in room.roster)
    return Outcome(
        given=given,
        gave={"copies": copies, "variants": len(issues), "distinct_variants": len(seen)},
        summary="{copies} copies with {variants} variants, {distinct_variants} of them different",
        ok=copies == students and len(issues) == students * slots,
        kept=kept,
    )


def release_plain(room: Classroom, _console: Console) -> Outcome:
    """Release the ordinary assignment with nbgrader's own command."""
    kept = plain.released(room).is_file()
    path = plain.released(room) if kept else plain.generate(room)
    text = path.read_text(encoding="utf-8")
    return Outcome(
        given={"assignment": plain.ASSIGNMENT, "command": "nbgrader generate_assignment"},
        gave={"notebook": path.name, "hidden_tests_inside": "HIDDEN TESTS" in text},
        summary="{notebook}",
        ok="HIDDEN TESTS" not in text and "return 2 * x" not in text,
        kept=kept,
    )


@lru_cache(maxsize=1)
def _engine() -> tuple[Ranker | None, str]:
    """Return the small model, loaded once; none with the reason where it is not to be had."""
    from ustaz_kernels.engine import DEFAULT_MODEL, EngineError, open_engine  # noqa: PLC0415

    try:
        return open_engine(DEFAULT_MODEL), ""
    except EngineError as error:
        return None, str(error)


def _with_stories(room: Classroom) -> list[Template]:
    """Return the assignment's templates that have stories to choose from."""
    named = [
        room.template(name) for slot in room.assignment(ASSIGNMENT).slots for name in slot.templates
    ]
    return [template for template in named if len(template.situations) > 1]


def _ranked(
    room: Classroom, engine: str, templates: Sequence[Template], interests: Sequence[str]
) -> int:
    """Return how many of the rankings the store has."""
    course = room.config.course_id
    return sum(
        room.store.situation_rank(course, t.id, t.content_hash, interest, engine) is not None
        for t in templates
        for interest in interests
    )
