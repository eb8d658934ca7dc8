"""Stations in which the class works and is graded: handing in, autograding, feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ustaz_grading.nbgrader.gradebook import cell_scores

from ustaz_lab import workflow
from ustaz_lab.demo import plain
from ustaz_lab.demo.known import (
    ASSIGNMENT,
    COPIER,
    DAMAGED,
    NEIGHBOUR,
    SEED,
    drawing,
    graded_students,
    state,
)
from ustaz_lab.demo.station import Outcome

if TYPE_CHECKING:
    from ustaz_grading.classroom import Classroom

    from ustaz_lab.console import Console


def hand_in(room: Classroom, console: Console) -> Outcome:
    """Let the simulated class answer; one copies from a neighbour, one file is damaged."""
    from ustaz_grading.simulation import hand_in as simulate  # noqa: PLC0415 - as above

    students = [student.id for student in room.roster]
    states = {name: state(room, name) for name in (ASSIGNMENT, plain.ASSIGNMENT)}
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
        states = {name: state(room, name) for name in states}
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
    kept = len(graded_students(room, ASSIGNMENT)) == len(room.roster) - 1
    failed = [DAMAGED]
    reason = ""
    if not kept:
        report = workflow.autograde_assignment(room, ASSIGNMENT, progress=console.progress)
        failed = [grade.student for grade in report.failed]
        reason = "; ".join(f"{grade.student}: {grade.reason}" for grade in report.failed)
    scores = cell_scores(room.root, ASSIGNMENT)
    copied = _copied_points(room, scores)
    graded = graded_students(room, ASSIGNMENT)
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
            "wait_for_a_person": state(room, ASSIGNMENT).to_grade,
        },
        summary="{graded} graded, mean {mean_points} of {max_points}; for copied variants"
        " {points_for_copied_variants} points; not gradable: {not_graded}",
        ok=failed == [DAMAGED] and copied == 0 and len(graded) == len(room.roster) - 1,
        kept=kept,
    )


def autograde_plain(room: Classroom, console: Console) -> Outcome:
    """Grade the ordinary assignment by the same command."""
    kept = len(graded_students(room, plain.ASSIGNMENT)) == len(room.roster)
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


def _copied_points(room: Classroom, scores: Any) -> float:
    """Return what the copier got for slots in which the neighbour's variant is another one."""
    course = room.config.course_id
    mine, theirs = (
        {i.slot: drawing(i) for i in room.store.issues(ASSIGNMENT, course=course, student=student)}
        for student in (COPIER, NEIGHBOUR)
    )
    return sum(
        score.score or 0.0
        for score in scores
        if score.student == COPIER and mine[score.slot] != theirs[score.slot]
    )


def _pages(room: Classroom) -> dict[str, int]:
    return {
        name: len(list((room.root / "feedback").glob(f"*/{name}/*.html")))
        for name in (ASSIGNMENT, plain.ASSIGNMENT)
    }
