"""What a graded assignment says about each student's skills: a row of evidence for each slot.

A slot asks one exercise once, so it has one row that holds. A score that changes later (graded
again, graded by a person, handed in again) adds a row that corrects the former. Penalties for
lateness say nothing about skills and are left out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ustaz_grading.assignments.issue import VariantBank
from ustaz_grading.nbgrader.config import folder_of
from ustaz_grading.nbgrader.gradebook import CellScore, cell_scores
from ustaz_grading.profiles.mastery import update_mastery
from ustaz_grading.records import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.records import Issue

SHARE_STEP: Final = 1e-9
"""Scores nearer than this are the same score: the gradebook keeps binary floats."""


def record_evidence(classroom: Classroom, assignment_id: str) -> int:
    """Add what the gradebook says and the store does not know yet; return how many rows were new.

    Also to be called after a plain ``nbgrader autograde``, and after a person has graded in
    formgrader. Slots that still wait for a person add nothing. Masteries are brought up to date.

    Parameters
    ----------
    classroom, assignment_id
        An assignment of variants; an ordinary one has no issued variants, and adds nothing.

    Raises
    ------
    NbgraderError
        The gradebook cannot be read.
    """
    store, course = classroom.store, classroom.config.course_id
    issues: dict[tuple[str, str], Issue] = {}
    for issue in store.issues(assignment_id, course=course):  # by round: the last one stays
        issues[issue.student, issue.slot] = issue
    if not issues:
        return 0
    bank = VariantBank(store)
    held = _held(store.evidence_stream(course), assignment_id)
    rows = []
    for score in cell_scores(classroom.root, assignment_id):
        issued = issues.get((score.student, score.slot))
        if issued is None or score.score is None or score.needs_manual_grade or not score.max_score:
            continue
        share = min(1.0, max(0.0, score.score / score.max_score))
        before = held.get((score.student, score.slot), [])
        if before and abs(before[-1].score - share) < SHARE_STEP:
            continue
        at = score.submitted_at or _handed_at(classroom, assignment_id, score)
        rows.append(_row(issued, score, share, at, before, bank))
    added = store.add_evidence(rows)
    update_mastery(store, course)
    return added


def _row(
    issue: Issue,
    score: CellScore,
    share: float,
    at: datetime,
    before: list[Evidence],
    bank: VariantBank,
) -> Evidence:
    key = f"notebook/{issue.assignment}/{issue.slot}/{score.student}/{at.isoformat()}"
    return Evidence(
        course=issue.course,
        learner=score.student,
        at=at,
        source="notebook",
        assignment=issue.assignment,
        slot=issue.slot,
        template=issue.template,
        item=issue.template,
        content_hash=issue.content_hash,
        skills=bank.template(issue.content_hash).skills,
        score=share,
        language=issue.language,
        key=f"{key}/{len(before)}" if before else key,
        corrects=before[-1].id if before else None,
    )


def _held(rows: Iterable[Evidence], assignment_id: str) -> dict[tuple[str, str], list[Evidence]]:
    """Return what the store knows of an assignment, by student and slot, oldest first."""
    held: dict[tuple[str, str], list[Evidence]] = {}
    for row in rows:
        if row.source == "notebook" and row.assignment == assignment_id:
            held.setdefault((row.learner, row.slot), []).append(row)
    return held


def _handed_at(classroom: Classroom, assignment_id: str, score: CellScore) -> datetime:
    """Return when the notebook's file was last written, for a submission that carries no time."""
    folder = folder_of(classroom.root, "submitted") / score.student / assignment_id
    try:
        written = (folder / f"{score.notebook}.ipynb").stat().st_mtime
    except OSError:
        return datetime.now(UTC)
    return datetime.fromtimestamp(written, UTC)
