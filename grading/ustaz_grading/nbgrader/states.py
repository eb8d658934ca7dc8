"""How far each assignment of a classroom is, for whoever looks at all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ustaz_grading.errors import GradingError, SubmissionError
from ustaz_grading.nbgrader.config import folder_of
from ustaz_grading.nbgrader.gradebook import BookState, book_states
from ustaz_grading.nbgrader.submissions import check_notebooks, handed_in

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ustaz_grading.classroom import Classroom

Stage = Literal["draft", "released", "collected", "autograded"]


@dataclass(frozen=True, slots=True)
class AssignmentState:
    """How far one assignment is."""

    id: str
    kind: Literal["variants", "plain"]
    """plain: an ordinary assignment of nbgrader."""
    stage: Stage
    """autograded: everything readable that was handed in is graded by the machine."""
    due: datetime | None
    """Aware."""
    students: int
    """On the class list."""
    released: int
    """Students who have a copy; for a plain assignment everybody once it is released."""
    collected: int
    """Submissions."""
    autograded: int
    to_grade: int
    """Submissions that wait for a person."""
    damaged: int
    """Submissions that are no readable notebook."""
    faults: int
    """Students whose submission failed and is not graded since."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """By language; empty for a plain assignment."""
    problem: str = ""
    """What is wrong with the assignment's file; empty: nothing."""

    def title(self, language: str) -> str:
        """Return the title in a language; the id where there is none."""
        return self.titles.get(language) or next(iter(self.titles.values()), self.id)


def assignment_states(classroom: Classroom) -> list[AssignmentState]:
    """Return the state of every assignment, of variants and plain, by id.

    Raises
    ------
    NbgraderError
        The gradebook cannot be read.
    """
    books = book_states(classroom.root)
    of_variants = classroom.assignment_ids()
    source = folder_of(classroom.root, "source")
    folders = [path.name for path in source.iterdir() if path.is_dir()] if source.is_dir() else []
    plain = {name for name in folders if not name.startswith(".")} | books.keys()
    roster = [student.id for student in classroom.roster]
    return [
        _state(classroom, name, books.get(name), roster, is_variants=name in of_variants)
        for name in sorted({*of_variants, *plain})
    ]


def _state(
    classroom: Classroom, name: str, book: BookState | None, roster: list[str], *, is_variants: bool
) -> AssignmentState:
    titles: Mapping[str, str] = {}
    problem, due = "", book.due if book else None
    if is_variants:
        try:
            assignment = classroom.assignment(name)
            titles, due = assignment.title, assignment.due
        except GradingError as error:
            problem = str(error)
        released = sum(classroom.copy_folder(student, name).is_dir() for student in roster)
    else:
        is_out = (folder_of(classroom.root, "release") / name).is_dir()
        released = len(roster) if is_out else 0
    collected = handed_in(classroom.root, name)
    graded = _students_in(folder_of(classroom.root, "autograded"), name)
    damaged = {s for s in collected - graded if _is_damaged(classroom.root, name, s, is_variants)}
    is_out = bool(released) or (folder_of(classroom.root, "release") / name).is_dir()
    failed = {
        fault.student
        for fault in classroom.store.faults(classroom.config.course_id, assignment=name)
        if fault.student in collected
    }
    return AssignmentState(
        id=name,
        kind="variants" if is_variants else "plain",
        stage=_stage(is_out=is_out, collected=collected - damaged, graded=graded),
        due=due,
        students=len(roster),
        released=released,
        collected=len(collected),
        autograded=len(graded),
        to_grade=book.to_grade if book else 0,
        damaged=len(damaged),
        faults=len(failed - graded - damaged),
        titles=titles,
        problem=problem,
    )


def _stage(*, is_out: bool, collected: set[str], graded: set[str]) -> Stage:
    if collected:
        return "autograded" if collected <= graded else "collected"
    return "released" if is_out else "draft"


def _is_damaged(root: Path, assignment: str, student: str, is_variants: bool) -> bool:  # noqa: FBT001
    try:
        folder = folder_of(root, "submitted") / student / assignment
        check_notebooks(folder, assignment if is_variants else "")
    except SubmissionError:
        return True
    return False


def _students_in(folder: Path, assignment: str) -> set[str]:
    return {path.parent.name for path in folder.glob(f"*/{assignment}") if path.is_dir()}
