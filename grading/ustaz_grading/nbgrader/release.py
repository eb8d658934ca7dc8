"""Releasing an assignment: every student's own copy, written as a whole or not at all.

The order makes any interruption harmless. Variants are stored first, and what is stored is never
drawn again; nbgrader then makes the release version in a staging folder; all copies are written
beside the old ones; only when the last byte is on the disk do renames, which need no space, put
them in place. A kill leaves the former release usable, and a repeat finishes the job with the same
variants.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ustaz_grading.assignments.issue import ChooseSituation, IssuedVariant, issue_variants, plan
from ustaz_grading.errors import ReleaseError, RosterError
from ustaz_grading.files import locked
from ustaz_grading.nbgrader.cells import CellPlan, StudentCopy, copy_metadata, render
from ustaz_grading.nbgrader.process import Worker, worker
from ustaz_grading.nbgrader.source import cells_of, write_source
from ustaz_grading.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ustaz_grading.assignments.assignment import Assignment
    from ustaz_grading.classroom import Classroom
    from ustaz_grading.records import Student

LOCK_FILE: Final = "release.lock"
STAGING: Final = "staging"


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What a release did."""

    assignment: str
    students: int
    """How many have a copy now."""
    slots: int
    issued: int
    """Variants issued by this run; 0 when it repeated a finished one."""
    kept: int
    """Variants that students had before and keep."""
    points: float
    seconds: float


def release(
    classroom: Classroom,
    assignment_id: str,
    *,
    choose_situation: ChooseSituation | None = None,
    progress: Progress | None = None,
) -> ReleaseReport:
    """Write every student's own copy of an assignment and tell the gradebook.

    Parameters
    ----------
    classroom
        Whose class list and templates are used.
    assignment_id
        Names ``assignments/<id>.toml``.
    choose_situation
        Asked, for each template with situations and each student, which story to tell.
    progress
        Told about variants and copies.

    Returns
    -------
    ReleaseReport
        Repeating a release gives everyone the same variants again.

    Raises
    ------
    AssignmentError, NotReleasableError
        The assignment cannot be released as it stands; nothing was written.
    RosterError
        The class list is empty.
    BusyError
        Another release is under way in this classroom.
    NbgraderError
        nbgrader refused; the former release is untouched.
    ReleaseError
        The disk is full or not writable; the former release is untouched.
    """
    started = time.monotonic()
    tell = progress or silent
    assignment = classroom.assignment(assignment_id)
    students = classroom.roster
    if not students:
        raise RosterError("The class list is empty. Add students first: ustaz students add FILE.")
    planned = plan(classroom, assignment)
    cells = cells_of(planned)
    lock_path = classroom.private / LOCK_FILE
    staging = classroom.private / STAGING / assignment_id
    try:
        with locked(lock_path, f"release of {assignment_id}") as lock, _emptied(staging):
            write_source(classroom.root, assignment, cells, classroom.config.language)
            job = _job(assignment, students, staging.relative_to(classroom.root))
            with worker(classroom.root, job, lock=lock) as child:
                # Variants are drawn while nbgrader imports itself.
                issued, fresh = issue_variants(
                    classroom, planned, students, choose_situation=choose_situation, progress=tell
                )
                _finish(child, tell)
            released = staging / "." / assignment_id
            _write_copies(classroom, assignment, cells, issued, released, staging / "copies", tell)
            _swap(released, classroom.root / "release" / assignment_id, staging / "former")
    except OSError as error:
        if isinstance(error, ReleaseError):
            raise
        raise ReleaseError(
            "Assignment {assignment!r} was not released: {reason} ({file}). What was released"
            " before is untouched; make room and repeat.",
            assignment=assignment_id,
            reason=error.strerror or str(error),
            file=str(error.filename or classroom.root),
        ) from error
    count = len(students) * len(assignment.slots)
    return ReleaseReport(
        assignment=assignment_id,
        students=len(students),
        slots=len(assignment.slots),
        issued=fresh,
        kept=count - fresh,
        points=sum(planned.points.values()),
        seconds=time.monotonic() - started,
    )


@contextmanager
def _emptied(folder: Path) -> Iterator[None]:
    """Give an empty folder and take it away again: after a full disk its space is needed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _job(assignment: Assignment, students: Sequence[Student], staging: Path) -> dict[str, Any]:
    return {
        "do": "generate",
        "assignment": assignment.id,
        "due": None if assignment.due is None else assignment.due.isoformat(),
        "students": [
            {"id": student.id, "first_name": student.first_name, "last_name": student.last_name}
            for student in students
        ],
        "staging": str(staging),
    }


def _finish(child: Worker, tell: Progress) -> None:
    tell("nbgrader", 0, 1)
    for _ in child.events():
        pass
    tell("nbgrader", 1, 1)


def _write_copies(  # noqa: PLR0917 - the parts of one release
    classroom: Classroom,
    assignment: Assignment,
    cells: Sequence[CellPlan],
    issued: Mapping[str, Mapping[str, IssuedVariant]],
    released: Path,
    staging: Path,
    tell: Progress,
) -> None:
    """Write all copies into the staging folder, then rename each into its place."""
    name = f"{assignment.id}.ipynb"
    template = json.loads((released / name).read_text(encoding="utf-8"))
    planned = {cell.grade_id: cell for cell in cells}
    others = [path for path in released.rglob("*") if path.is_file() and path.name != name]
    staging.mkdir()
    moves: list[tuple[Path, Path]] = []
    for number, (student, variants) in enumerate(issued.items()):
        language = next(iter(variants.values())).wanted
        text = _copy_text(
            template,
            planned,
            StudentCopy(assignment, tuple(cells), variants, language, classroom.config.timezone),
        )
        folder = classroom.copy_folder(student, assignment.id)
        waiting = staging / f"{number}.ipynb"
        waiting.write_text(text, encoding="utf-8")
        moves.append((waiting, folder / name))
        for path in others:
            target = folder / path.relative_to(released)
            if not target.exists() or target.read_bytes() != path.read_bytes():
                waiting = staging / f"{number}.{len(moves)}"
                shutil.copyfile(path, waiting)
                moves.append((waiting, target))
        tell("copies", number + 1, len(issued))
    for _, target in moves:
        target.parent.mkdir(parents=True, exist_ok=True)
    for waiting, target in moves:
        waiting.replace(target)


def _copy_text(
    template: Mapping[str, Any], planned: Mapping[str, CellPlan], student: StudentCopy
) -> str:
    notebook = {**template, "metadata": copy_metadata(student.assignment, student.language)}
    notebook["cells"] = []
    for cell in template["cells"]:
        mine = copy.deepcopy(cell)
        known = planned.get(mine["metadata"].get("nbgrader", {}).get("grade_id", ""))
        if known is not None:
            render(mine, known, student, stub_too=True)
        notebook["cells"].append(mine)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _swap(new: Path, place: Path, aside: Path) -> None:
    """Put a folder in the place of another."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(aside)
    os.rename(new, place)  # noqa: PTH104 - Path.rename reads as the rename of a file
