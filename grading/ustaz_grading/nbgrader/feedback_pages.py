"""Feedback for the students of an assignment, made by nbgrader in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ustaz_grading.files import locked
from ustaz_grading.nbgrader.config import folder_of
from ustaz_grading.nbgrader.process import reason_in, worker
from ustaz_grading.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ustaz_grading.classroom import Classroom

LOCK_FILE: Final = "feedback.lock"


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """One student's feedback."""

    student: str
    files: tuple[Path, ...]
    """The pages, one a notebook; none where it failed."""
    reason: str = ""
    """Why it failed."""


@dataclass(frozen=True, slots=True)
class FeedbackReport:
    """What a generation of feedback did."""

    assignment: str
    pages: tuple[FeedbackPage, ...]

    @property
    def failed(self) -> tuple[FeedbackPage, ...]:
        """Whose feedback could not be made."""
        return tuple(page for page in self.pages if page.reason)


def generate_feedback(
    classroom: Classroom,
    assignment_id: str,
    *,
    students: Sequence[str] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> FeedbackReport:
    """Write the feedback of everybody whose submission is graded.

    Parameters
    ----------
    classroom, assignment_id
        An assignment of variants (pages in each student's language) or an ordinary one.
    students
        Only theirs; ``None``: everybody's.
    force
        Also where there is feedback already; a manual grade given since asks for it.
    progress
        Told about students.

    Raises
    ------
    BusyError
        Another generation is under way in this classroom.
    NbgraderError
        nbgrader gave up as a whole.
    """
    tell = progress or silent
    graded = folder_of(classroom.root, "autograded")
    ready = sorted(path.parent.name for path in graded.glob(f"*/{assignment_id}") if path.is_dir())
    if students is not None:
        ready = [student for student in ready if student in set(students)]
    pages: list[FeedbackPage] = []
    job = {"do": "feedback", "assignment": assignment_id, "students": ready, "force": force}
    with locked(classroom.private / LOCK_FILE, f"feedback on {assignment_id}") as lock:
        tell("feedback", 0, len(ready))
        if ready:
            with worker(classroom.root, job, lock=lock) as child:
                events = (event for event in child.events() if event["event"] == "student")
                for number, event in enumerate(events, 1):
                    pages.append(_page(classroom, assignment_id, event["student"], event))
                    tell("feedback", number, len(ready))
    return FeedbackReport(assignment_id, tuple(pages))


def _page(
    classroom: Classroom, assignment_id: str, student: str, event: dict[str, object]
) -> FeedbackPage:
    if event["failed"]:
        return FeedbackPage(student, (), reason_in(str(event["log"]))[1])
    folder = folder_of(classroom.root, "feedback") / student / assignment_id
    return FeedbackPage(student, tuple(sorted(folder.glob("*.html"))))
