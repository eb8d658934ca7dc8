"""What the grading of one student's notebook needs: their variants, the tags of others, the judge.

nbgrader makes its preprocessors anew for every notebook; classroom, templates and marks are kept
for the whole process instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ustaz_grading.assignments.assignment import Slot
from ustaz_grading.assignments.issue import IssuedVariant, VariantBank, issued_to
from ustaz_grading.classroom import CONFIG_FILE, Classroom
from ustaz_grading.nbgrader.cells import CellPlan, StudentCopy, plan_cells
from ustaz_grading.nbgrader.source import is_variant_assignment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ustaz_grading.assignments.assignment import Assignment
    from ustaz_grading.records import Issue


@dataclass(frozen=True, slots=True)
class Desk:
    """One student's variants of one assignment, ready to grade with."""

    classroom: Classroom
    copy: StudentCopy
    student: str

    @property
    def assignment(self) -> Assignment:
        """The assignment that is graded."""
        return self.copy.assignment

    @property
    def cells(self) -> Mapping[str, CellPlan]:
        """Grade id to cell, in the notebook's order."""
        return {cell.grade_id: cell for cell in self.copy.cells}

    @property
    def issued(self) -> Mapping[str, IssuedVariant]:
        """Slot to variant."""
        return self.copy.issued

    def is_foreign(self, slot: str, tag: str) -> bool:
        """Whether a tag marks another student's variant of this assignment.

        A tag that nobody was given proves nothing: the cell may have been made by hand. Nor does it
        matter whose cell it is where chance gave both the same variant.
        """
        own = self.issued[slot].issue
        if tag == own.tag:
            return False
        return any(
            issue.student != self.student
            and issue.assignment == self.assignment.id
            and not _is_same_variant(issue, own)
            for issue in self.classroom.store.issues_by_tag(tag)
        )


def desk(root: Path, assignment_id: str, notebook: str, student: str) -> Desk | None:
    """Return the desk for a notebook, or None for a notebook that holds no variants.

    Parameters
    ----------
    root
        The course folder.
    assignment_id, notebook, student
        As nbgrader names them.

    Raises
    ------
    NotIssuedError
        When the student was given no variant of this assignment.
    AssignmentError
        When the assignment's file is faulty.
    """
    if notebook != assignment_id or not (root / CONFIG_FILE).is_file():
        return None
    if not is_variant_assignment(root, assignment_id):
        return None
    room, bank = _room(root, (root / CONFIG_FILE).stat().st_mtime_ns)
    assignment = room.assignment(assignment_id)
    issued = issued_to(bank, room, assignment_id, student)
    cells = _cells(room, assignment, issued)
    language = next(iter(issued.values())).wanted
    return Desk(
        room, StudentCopy(assignment, cells, issued, language, room.config.timezone), student
    )


def _is_same_variant(one: Issue, other: Issue) -> bool:
    drawn = ("drawn", "situation", "order")
    return one.content_hash == other.content_hash and all(
        one.record.get(name) == other.record.get(name) for name in drawn
    )


@lru_cache(maxsize=8)
def _room(root: Path, _written_ns: int) -> tuple[Classroom, VariantBank]:
    # The time of the file's last change is part of the key: a server lives longer than a setting.
    room = Classroom.open(root)
    return room, VariantBank(room.store)


def _cells(
    room: Classroom, assignment: Assignment, issued: Mapping[str, IssuedVariant]
) -> tuple[CellPlan, ...]:
    # What a slot is worth was settled at the release and stands in the gradebook; nbgrader's
    # OverwriteCells has it put there. Slots added to the file since are not graded, those taken
    # out of it since still are.
    from ustaz_grading.nbgrader.gradebook import slot_points  # noqa: PLC0415 - SQLAlchemy, 0.2 s

    points = slot_points(room.root, assignment.id)
    known = [slot for slot in assignment.slots if slot.id in issued and slot.id in points]
    named = {slot.id for slot in assignment.slots}
    known += [Slot(name) for name in sorted(points.keys() & issued.keys() - named)]
    texts = {slot.id: issued[slot.id].variant.kind == "text" for slot in known}
    return plan_cells(replace(assignment, slots=tuple(known)), points, texts)
