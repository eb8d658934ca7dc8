"""The demonstration's stations, in the loop's order."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from ustaz_courses.language import LANGUAGES
from ustaz_grading.files import write_text
from ustaz_grading.nbgrader.gradebook import cell_scores
from ustaz_grading.nbgrader.states import AssignmentState, assignment_states

from ustaz_lab import workflow
from ustaz_lab.demo import plain
from ustaz_lab.demo.practice import practise
from ustaz_lab.demo.station import Outcome, Station

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ustaz_courses import Template
    from ustaz_grading.classroom import Classroom
    from ustaz_grading.records import Issue
    from ustaz_grading.situations import Ranker

    from ustaz_lab.console import Console

ASSIGNMENT: Final = "revision"
TEACHER: Final = "Demo teacher"
COPIER: Final = "yerkebulan.a"
NEIGHBOUR: Final = "dana.e"
DAMAGED: Final = "igor.h"
SEED: Final = 7
"""Of the simulated class; the same seed gives the same class."""
DUE_IN: Final = timedelta(days=14)

_RANKED: Final = "{engine}: {ranked} rankings made, {kept} kept"


def material(name: str) -> str:
    """Return a file of the demonstration's material."""
    file = resources.files("ustaz_lab.demo") / "material" / name
    return file.read_text(encoding="utf-8")


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
    name = _read(stamp)
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
    kept = _state(room, ASSIGNMENT).released == students and len(issues) == students * slots
    if not kept:
        engine = _engine()[0]
        workflow.release_assignment(room, ASSIGNMENT, engine=engine, progress=console.progress)
        issues = room.store.issues(ASSIGNMENT, course=course)
    seen = {_drawing(issue) for issue in issues}
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


def hand_in(room: Classroom, console: Console) -> Outcome:
    """Let the simulated class answer; one copies from a neighbour, one file is damaged."""
    from ustaz_grading.simulation import hand_in as simulate  # noqa: PLC0415 - as above

    students = [student.id for student in room.roster]
    states = {name: _state(room, name) for name in (ASSIGNMENT, plain.ASSIGNMENT)}
    kept = all(state.collected == len(students) for state in states.values())
    given = {"students": len(students), "copies": f"{COPIER} < {NEIGHBOUR}", "damaged": DAMAGED}
    meant: dict[str, int] = {}
    if not kept:
        plain.hand_in(room, students, seed=SEED)
        handed = simulate(
            room,
            ASSIGNMENT,
            students,
            seed=SEED,
            copies_from={COPIER: NEIGHBOUR},
            damaged=[DAMAGED],
            progress=console.progress,
        )
        for one in handed:
            for what in one.answers.values():
                meant[what] = meant.get(what, 0) + 1
        states = {name: _state(room, name) for name in states}
    collected = sum(state.collected for state in states.values())
    return Outcome(
        given=given,
        gave={"submissions": collected, "meant": meant},
        summary="{submissions} submissions; {copies}; damaged: {damaged}",
        ok=collected == 2 * len(students),
        kept=kept,
    )


def autograde(room: Classroom, console: Console) -> Outcome:
    """Grade in the jail; the copier gets nothing for what is not theirs."""
    kept = len(_graded(room, ASSIGNMENT)) == len(room.roster) - 1
    failed = [DAMAGED]
    reason = ""
    if not kept:
        report = workflow.autograde_assignment(room, ASSIGNMENT, progress=console.progress)
        failed = [grade.student for grade in report.failed]
        reason = "; ".join(f"{grade.student}: {grade.reason}" for grade in report.failed)
    scores = cell_scores(room.root, ASSIGNMENT)
    copied = _copied_points(room, scores)
    graded = _graded(room, ASSIGNMENT)
    points = sum(score.score or 0.0 for score in scores)
    return Outcome(
        given={"submissions": len(room.roster)},
        gave={
            "graded": len(graded),
            "not_graded": ", ".join(failed),
            "reason": reason,
            "mean_points": round(points / max(1, len(graded)), 2),
            "max_points": sum(score.max_score for score in scores if score.student == NEIGHBOUR),
            "points_for_copied_variants": copied,
            "wait_for_a_person": _state(room, ASSIGNMENT).to_grade,
        },
        summary="{graded} graded, mean {mean_points} of {max_points}; for copied variants"
        " {points_for_copied_variants} points; not gradable: {not_graded}",
        ok=failed == [DAMAGED] and copied == 0 and len(graded) == len(room.roster) - 1,
        kept=kept,
    )


def autograde_plain(room: Classroom, console: Console) -> Outcome:
    """Grade the ordinary assignment by the same command."""
    kept = len(_graded(room, plain.ASSIGNMENT)) == len(room.roster)
    if not kept:
        workflow.autograde_assignment(room, plain.ASSIGNMENT, progress=console.progress)
    scores = [s for s in cell_scores(room.root, plain.ASSIGNMENT) if s.max_score]
    right = sum(score.score == score.max_score for score in scores)
    return Outcome(
        given={"submissions": len(room.roster)},
        gave={"graded": len(scores), "full_marks": right},
        summary="{graded} graded, {full_marks} with full marks",
        ok=len(scores) == len(room.roster) and 0 < right < len(scores),
        kept=kept,
    )


def feedback(room: Classroom, console: Console) -> Outcome:
    """Write everybody's feedback in their language."""
    expected = {ASSIGNMENT: len(room.roster) - 1, plain.ASSIGNMENT: len(room.roster)}
    kept = _pages(room) == expected
    if not kept:
        for name in expected:
            workflow.write_feedback(room, name, progress=console.progress)
    pages = _pages(room)
    return Outcome(
        given={"graded": expected},
        gave={"pages": pages, "count": sum(pages.values())},
        summary="{count} pages",
        ok=pages == expected,
        kept=kept,
    )


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
    kept = _read(stamp) == answers and all(path.is_file() for path in wanted)
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


@lru_cache(maxsize=1)
def _engine() -> tuple[Ranker | None, str]:
    """Return the small model, loaded once; none with the reason where it is not to be had."""
    from ustaz_kernels.engine import DEFAULT_MODEL, EngineError, open_engine  # noqa: PLC0415

    try:
        return open_engine(DEFAULT_MODEL), ""
    except EngineError as error:
        return None, str(error)


def _state(room: Classroom, name: str) -> AssignmentState:
    return next(state for state in assignment_states(room) if state.id == name)


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


def _graded(room: Classroom, name: str) -> set[str]:
    """Return whose work the machine has graded."""
    return {s.student for s in cell_scores(room.root, name) if s.auto_score is not None}


def _copied_points(room: Classroom, scores: Any) -> float:
    """Return what the copier got for slots in which the neighbour's variant is another one."""
    course = room.config.course_id
    mine, theirs = (
        {i.slot: _drawing(i) for i in room.store.issues(ASSIGNMENT, course=course, student=student)}
        for student in (COPIER, NEIGHBOUR)
    )
    return sum(
        score.score or 0.0
        for score in scores
        if score.student == COPIER and mine[score.slot] != theirs[score.slot]
    )


def _drawing(issue: Issue) -> tuple[str, str]:
    """Return what makes a variant what it is, its seed left out: template, numbers, story."""
    parts = {name: value for name, value in issue.record.items() if name not in {"seed", "order"}}
    return issue.content_hash, json.dumps(parts, sort_keys=True, default=str)


def _pages(room: Classroom) -> dict[str, int]:
    return {
        name: len(list((room.root / "feedback").glob(f"*/{name}/*.html")))
        for name in (ASSIGNMENT, plain.ASSIGNMENT)
    }


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


STATIONS: Final = (
    Station("students", "Class list and assignments", enrol),
    Station("approval", "Templates verified and approved", approve),
    Station("stories", "Stories ranked for interests by a language model", rank),
    Station("release", "Own variants released", release),
    Station("plain-release", "An ordinary nbgrader assignment released", release_plain),
    Station("hand-in", "Work handed in", hand_in),
    Station("autograde", "Variants autograded", autograde),
    Station("plain-autograde", "The ordinary assignment autograded", autograde_plain),
    Station("feedback", "Feedback written", feedback),
    Station("practice", "Students practise", practise),
    Station("profiles", "Evidence, masteries, profiles", profiles),
    Station("plots", "The class's plot", plots),
)
"""Each is quick where its outcome is there already."""
