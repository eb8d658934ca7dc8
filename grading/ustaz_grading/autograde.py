"""Autograding an assignment, and what it says about each student's skills.

Submissions are looked at before nbgrader starts, so that a damaged file, a stranger's folder or a
name that cannot be is told plainly and stops nobody else; what was handed in is never touched.
nbgrader then runs in a process of its own, exactly as ``nbgrader autograde`` does. The gradebook's
scores become rows of evidence, one for each slot; a row is added once, and a changed score adds a
row that corrects it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ustaz_grading.assignments.evidence import record_evidence
from ustaz_grading.errors import (
    AssignmentError,
    GradingError,
    InvalidRecordError,
    SubmissionError,
)
from ustaz_grading.files import locked
from ustaz_grading.nbgrader.config import folder_of
from ustaz_grading.nbgrader.gradebook import cell_scores
from ustaz_grading.nbgrader.process import reason_in, worker
from ustaz_grading.nbgrader.source import is_variant_assignment
from ustaz_grading.nbgrader.submissions import check_notebooks, handed_in
from ustaz_grading.progress import Progress, silent
from ustaz_grading.records import Fault, check_student_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ustaz_grading.classroom import Classroom

LOCK_FILE: Final = "autograde.lock"


@dataclass(frozen=True, slots=True)
class StudentGrade:
    """What autograding one submission came to."""

    student: str
    score: float | None
    """Points in the gradebook, the penalty taken off; ``None`` where nothing was graded."""
    max_score: float | None
    late_penalty: float = 0.0
    needs_manual_grade: bool = False
    skipped: bool = False
    """Graded before and not handed in again."""
    failed: bool = False
    reason: str = ""
    """Why it failed, with the next step."""


@dataclass(frozen=True, slots=True)
class AutogradeReport:
    """What an autograding did."""

    assignment: str
    students: tuple[StudentGrade, ...]
    """By id; everybody who handed something in, and who was asked for."""
    evidence: int
    """Rows of evidence added. Always 0 for an ordinary assignment: its cells name no skills."""
    seconds: float

    @property
    def failed(self) -> tuple[StudentGrade, ...]:
        """Whose submission could not be graded."""
        return tuple(grade for grade in self.students if grade.failed)

    @property
    def graded(self) -> tuple[StudentGrade, ...]:
        """Whose submission was graded by this run."""
        return tuple(g for g in self.students if not g.failed and not g.skipped)


def autograde(
    classroom: Classroom,
    assignment_id: str,
    *,
    students: Sequence[str] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> AutogradeReport:
    """Grade what was handed in, and add the evidence of it.

    Parameters
    ----------
    classroom, assignment_id
        An assignment of variants, or an ordinary one of nbgrader.
    students
        Only theirs; ``None``: everybody's.
    force
        Grade again what was graded before; otherwise only what is new since.
    progress
        Told about students.

    Raises
    ------
    AssignmentError
        The assignment does not exist, or its file is faulty.
    BusyError
        Another autograding is under way in this classroom.
    NbgraderError
        nbgrader gave up as a whole; students graded until then keep their scores.
    """
    started = time.monotonic()
    tell = progress or silent
    is_variants = _checked(classroom, assignment_id)
    grades: dict[str, StudentGrade] = {}
    with locked(classroom.private / LOCK_FILE, f"autograding of {assignment_id}") as lock:
        ready = _ready(classroom, assignment_id, students, grades, is_variants=is_variants)
        cut_off = _cut_off(classroom.root, assignment_id)
        job = {
            "do": "autograde",
            "assignment": assignment_id,
            "students": ready,
            "force": [
                s
                for s in ready
                if force or s in cut_off or _is_newer(classroom.root, assignment_id, s)
            ],
        }
        tell("autograde", 0, len(ready))
        if ready:
            with worker(classroom.root, job, lock=lock) as child:
                events = (event for event in child.events() if event["event"] == "student")
                for number, event in enumerate(events, 1):
                    grades[event["student"]] = _grade(classroom, assignment_id, event)
                    tell("autograde", number, len(ready))
        added = record_evidence(classroom, assignment_id) if is_variants else 0
    return AutogradeReport(
        assignment_id,
        tuple(grades[student] for student in sorted(grades)),
        added,
        time.monotonic() - started,
    )


def _checked(classroom: Classroom, assignment_id: str) -> bool:
    """Return whether the assignment has variants; raise where there is none of this name."""
    if is_variant_assignment(classroom.root, assignment_id):
        classroom.assignment(assignment_id)
        return True
    if not (folder_of(classroom.root, "source") / assignment_id).is_dir():
        raise AssignmentError(
            "There is no assignment {assignment!r}: neither assignments/{assignment}.toml nor"
            " source/{assignment}/ exists.",
            assignment=assignment_id,
        )
    return False


def _ready(
    classroom: Classroom,
    assignment_id: str,
    students: Sequence[str] | None,
    grades: dict[str, StudentGrade],
    *,
    is_variants: bool,
) -> list[str]:
    """Return whose submissions nbgrader can take; note the others with the reason."""
    course = classroom.config.course_id
    submitted = folder_of(classroom.root, "submitted")
    handed = handed_in(classroom.root, assignment_id)
    wanted = sorted(handed) if students is None else sorted(set(students))
    known = (
        {issue.student for issue in classroom.store.issues(assignment_id, course=course)}
        if is_variants
        else None
    )
    ready = []
    for student in wanted:
        try:
            if check_student_id(student) != student:
                raise InvalidRecordError(
                    "The folder {student!r} writes its letters in parts; rename it to {name!r}.",
                    student=student,
                    name=check_student_id(student),
                )
            if student not in handed:
                raise SubmissionError(
                    "{student} has handed in nothing for {assignment!r}.",
                    student=student,
                    assignment=assignment_id,
                )
            if known is not None and student not in known:
                raise SubmissionError(
                    "{student} was never given variants of {assignment!r}, so nothing can be"
                    " graded. If they belong to this course, add them (ustaz students add FILE),"
                    " release again, and let them answer their own; otherwise remove the folder"
                    " {folder}.",
                    student=student,
                    assignment=assignment_id,
                    folder=f"submitted/{student}/{assignment_id}",
                )
            check_notebooks(
                submitted / student / assignment_id, assignment_id if is_variants else ""
            )
        except GradingError as error:
            grades[student] = StudentGrade(student, None, None, failed=True, reason=str(error))
        else:
            ready.append(student)
    return ready


def _is_newer(root: Path, assignment_id: str, student: str) -> bool:
    """Whether something was handed in since the last grading, by the files' times.

    nbgrader goes by ``timestamp.txt`` alone, which only its exchange writes.
    """
    handed = folder_of(root, "submitted") / student / assignment_id
    graded = folder_of(root, "autograded") / student / assignment_id
    times = [path.stat().st_mtime for path in graded.glob("*.ipynb")]
    return bool(times) and any(path.stat().st_mtime > min(times) for path in handed.glob("*.ipynb"))


def _cut_off(root: Path, assignment_id: str) -> set[str]:
    """Return whose grading was interrupted before its scores were kept.

    nbgrader writes the notebook into ``autograded`` before it runs it, and leaves alone what it
    finds there. A cell that a person reads says nothing: it has no score until it is read.
    """
    scores = cell_scores(root, assignment_id)
    return {s.student for s in scores if s.auto_score is None and not s.by_hand}


def _grade(classroom: Classroom, assignment_id: str, event: dict[str, Any]) -> StudentGrade:
    student = event["student"]
    if not event["failed"]:
        return StudentGrade(
            student,
            event["score"],
            event["max_score"],
            event.get("late_penalty", 0.0),
            event["needs_manual_grade"],
            skipped=event["skipped"],
        )
    log = event["log"]
    name, reason = reason_in(log)
    # A fault of the jail or the judge has been kept where it happened.
    if name != "JudgeFaultError":
        classroom.store.add_fault(
            Fault(
                at=datetime.now(UTC),
                course=classroom.config.course_id,
                assignment=assignment_id,
                student=student,
                stage="autograde",
                message=reason[:500],
                log=log[-4000:],
            )
        )
    return StudentGrade(student, None, None, failed=True, reason=reason[:500])


__all__ = ["AutogradeReport", "StudentGrade", "autograde", "record_evidence"]
