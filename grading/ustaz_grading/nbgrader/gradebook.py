"""Reading nbgrader's gradebook: its tables, without importing nbgrader, which takes seconds.

The statements use only columns that have been in the gradebook since its schema of nbgrader 0.6. A
course without a gradebook has no points, no grades and no submissions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from ustaz_grading.errors import NbgraderError
from ustaz_grading.nbgrader.config import database_url_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

CHECK_SUFFIX: Final = "-check"
"""Ends the grade id of a slot's check; a slot that a person grades carries its points itself."""
_BUSY_S: Final = 30
"""How long to wait for a writer."""

_POINTS: Final = text(
    "SELECT b.name, g.max_score FROM grade_cells g JOIN base_cell b ON b.id = g.id"
    " JOIN notebook n ON n.id = b.notebook_id JOIN assignment a ON a.id = n.assignment_id"
    " WHERE a.name = :assignment AND n.name = :assignment"
)
_SCORES: Final = text(
    "SELECT s.student_id, n.name, b.name, g.max_score, r.auto_score, r.manual_score,"
    " r.extra_credit, r.needs_manual_grade, s.timestamp, m.late_submission_penalty,"
    " EXISTS (SELECT 1 FROM solution_cells o JOIN base_cell c ON c.id = o.id"
    " WHERE c.name = b.name AND c.notebook_id = b.notebook_id)"
    " FROM grade r JOIN base_cell b ON b.id = r.cell_id JOIN grade_cells g ON g.id = b.id"
    " JOIN submitted_notebook m ON m.id = r.notebook_id"
    " JOIN submitted_assignment s ON s.id = m.assignment_id"
    " JOIN notebook n ON n.id = m.notebook_id JOIN assignment a ON a.id = s.assignment_id"
    " WHERE a.name = :assignment ORDER BY s.student_id, b.name"
)
_ASSIGNMENTS: Final = text("SELECT name, duedate FROM assignment ORDER BY name")
_STATES: Final = text(
    "SELECT a.name, COUNT(DISTINCT s.id),"
    " COUNT(DISTINCT CASE WHEN r.needs_manual_grade THEN s.id END)"
    " FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id"
    " LEFT JOIN submitted_notebook m ON m.assignment_id = s.id"
    " LEFT JOIN grade r ON r.notebook_id = m.id GROUP BY a.name"
)


@dataclass(frozen=True, slots=True)
class CellScore:
    """What the gradebook says about one graded cell of one student."""

    student: str
    notebook: str
    cell: str
    max_score: float
    auto_score: float | None
    manual_score: float | None
    """What a person gave; it counts instead of the machine's."""
    extra_credit: float
    needs_manual_grade: bool
    submitted_at: datetime | None
    """Aware; ``None`` where the submission carries no time."""
    late_penalty: float
    """Of the whole notebook."""
    by_hand: bool = False
    """Answer and grade are one cell, which a person reads; all others the machine scores."""

    @property
    def slot(self) -> str:
        """The slot whose points the cell carries."""
        return slot_of(self.cell)

    @property
    def score(self) -> float | None:
        """Points given; ``None`` while nobody has judged the cell."""
        found = self.auto_score if self.manual_score is None else self.manual_score
        return None if found is None else found + self.extra_credit


@dataclass(frozen=True, slots=True)
class BookState:
    """How far an assignment is in the gradebook."""

    due: datetime | None
    """Aware."""
    submissions: int
    to_grade: int
    """Submissions that wait for a person."""


def slot_of(cell: str) -> str:
    """Return the slot that a graded cell belongs to."""
    return cell.removesuffix(CHECK_SUFFIX)


def slot_points(root: Path, assignment_id: str) -> dict[str, float]:
    """Return what each slot of a released assignment is worth."""
    with _reading(root) as book:
        if book is None:
            return {}
        rows = book.execute(_POINTS, {"assignment": assignment_id})
        return {slot_of(name): float(points) for name, points in rows}


def cell_scores(root: Path, assignment_id: str) -> list[CellScore]:
    """Return every graded cell of every submission of an assignment, by student.

    Raises
    ------
    NbgraderError
        When the gradebook cannot be read.
    """
    with _reading(root) as book:
        if book is None:
            return []
        return [
            CellScore(
                student=student,
                notebook=notebook,
                cell=cell,
                max_score=float(most),
                auto_score=auto,
                manual_score=manual,
                extra_credit=extra or 0.0,
                needs_manual_grade=bool(waiting),
                submitted_at=_instant(at),
                late_penalty=late or 0.0,
                by_hand=bool(by_hand),
            )
            for student, notebook, cell, most, auto, manual, extra, waiting, at, late, by_hand in (
                book.execute(_SCORES, {"assignment": assignment_id})
            )
        ]


def book_states(root: Path) -> dict[str, BookState]:
    """Return how far each assignment of the gradebook is, by its name."""
    with _reading(root) as book:
        if book is None:
            return {}
        counts = {name: (done, waiting) for name, done, waiting in book.execute(_STATES)}
        return {
            name: BookState(_instant(due), *counts.get(name, (0, 0)))
            for name, due in book.execute(_ASSIGNMENTS)
        }


@contextmanager
def _reading(root: Path) -> Iterator[Connection | None]:
    url = database_url_of(root)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        yield None  # opening it would make an empty one
        return
    try:
        with _engine(url).connect() as connection:
            yield connection
    except DBAPIError as error:
        raise NbgraderError(
            "The gradebook of {root} cannot be read: {reason}. Wait for other runs to end, or mend"
            " the file, and repeat.",
            root=str(root),
            reason=str(error.orig),
        ) from error


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    # No pool: the worker forks no one, but a kept connection would outlive a replaced file.
    arguments = {"timeout": _BUSY_S} if url.startswith("sqlite") else {}
    return create_engine(url, poolclass=NullPool, connect_args=arguments)


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)
