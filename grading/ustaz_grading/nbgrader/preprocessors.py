"""What happens to a submission before it runs: the student's answers stay, all else is put right.

`TakeAnswers` comes first and makes a notebook of variants whole again: every cell that the
assignment has is there exactly once, with our metadata, whatever the student deleted, copied or
edited; the student's own cells stay where they are. nbgrader's preprocessors then find nothing to
stumble over. `RenderVariants` stands right after nbgrader's ``OverwriteCells``, which restores the
template's locked cells, and renders them for this student again.

A notebook without variants passes through both; only what ``OverwriteCells`` 0.9.6 leaves behind it
(cells without id, metadata that are plain dicts) is mended, because the next preprocessor fails on
it.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from nbgrader.preprocessors import NbGraderPreprocessor

from ustaz_grading.nbgrader.cells import checksum, copy_metadata, new_cell, render, source_text
from ustaz_grading.nbgrader.desk import Desk, desk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ustaz_grading.nbgrader.cells import CellPlan

TAG_CHARACTERS_MAX: Final = 64
CELLS_MAX: Final = 2_000
"""Cells of one submission that are looked at; a hundred times what an assignment has."""
SOURCE_CHARACTERS_MAX: Final = 200_000
"""Of one cell; longer ones are cut, so that a flood of text stays one student's trouble."""

Resources = dict[str, Any]


class TakeAnswers(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Keeps what the student wrote, and makes all cells of the assignment exactly once."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook made whole; a notebook without variants as it is."""
        found = desk_of(resources)
        if found is not None:
            nb.cells = rebuilt(list(nb.cells)[:CELLS_MAX], found)
            nb.metadata = node(copy_metadata(found.assignment, found.copy.language))
            for slot in sorted(foreign_slots(nb.cells, found)):
                self.log.warning("Slot %s holds another student's variant: no points for it", slot)
        return nb, resources


class RenderVariants(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Renders the locked cells of this student's variants again."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with the student's own prompts, checks and checksums."""
        _mend(nb)
        found = desk_of(resources)
        if found is not None:
            cells = found.cells
            for cell in nb.cells:
                planned = cells.get(grade_id(cell))
                if planned is not None:
                    _finish(cell, planned, found, _tag(cell, "handed_tag"))
                    if planned.part == "check":
                        # With --no-execute nbgrader would take a student's outputs for a score.
                        cell["outputs"], cell["execution_count"] = [], None
        return nb, resources


def desk_of(resources: Resources) -> Desk | None:
    """Return the desk of the notebook that nbgrader is at; it works in the course folder."""
    if "ustaz_desk" not in resources:
        names = resources["nbgrader"]
        resources["ustaz_desk"] = desk(
            Path.cwd(), names["assignment"], names["notebook"], names["student"]
        )
    found: Desk | None = resources["ustaz_desk"]
    return found


def foreign_slots(cells: Iterable[Mapping[str, Any]], found: Desk) -> set[str]:
    """Return the slots whose answer was handed in from another student's variant."""
    slots = set()
    for cell in cells:
        planned = found.cells.get(grade_id(cell))
        tag = _tag(cell, "handed_tag")
        if planned is None or not planned.is_solution or not tag:
            continue
        if found.is_foreign(planned.slot, tag):
            slots.add(planned.slot)
    return slots


def node(tree: Mapping[str, Any]) -> NotebookNode:
    """Return JSON as nbformat's nodes."""
    made: NotebookNode = from_dict(dict(tree))  # type: ignore[no-untyped-call]  # nbformat has no types
    return made


def grade_id(cell: Mapping[str, Any]) -> str:
    """Return the name under which nbgrader knows a cell; empty for none."""
    metadata = cell.get("metadata")
    known = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = known.get("grade_id") if isinstance(known, dict) else None
    return name if isinstance(name, str) else ""


def rebuilt(cells: list[NotebookNode], found: Desk) -> list[NotebookNode]:
    """Return the cells with each cell of the assignment exactly once.

    Parameters
    ----------
    cells
        As the student handed them in.
    found
        What the notebook has to hold.
    """
    kept = _kept(cells, found)
    places = {name: index for index, name in kept.items()}
    order = list(found.cells)
    made: list[NotebookNode] = []
    written: set[str] = set()

    def write(name: str) -> None:
        """Write a cell, and ahead of it those before it that were deleted."""
        for missing in order[: order.index(name)]:
            if missing not in places and missing not in written:
                written.add(missing)
                made.append(_placed(found.cells[missing], None, found))
        if name not in written:
            written.add(name)
            handed = cells[places[name]] if name in places else None
            made.append(_placed(found.cells[name], handed, found))

    for index, cell in enumerate(cells):
        if index in kept:
            write(kept[index])
        elif _is_own(cell, found):
            made.append(_own_cell(cell))
    for name in order:
        write(name)
    return made


def _kept(cells: list[NotebookNode], found: Desk) -> dict[int, str]:
    """Return the places of the copies that count: of each cell the last that was written in."""
    stubs = {name: found.copy.source(planned) for name, planned in found.cells.items()}
    best: dict[str, tuple[bool, int]] = {}
    for index, cell in enumerate(cells):
        name = grade_id(cell)
        if name in stubs:
            worth = (_text(cell).strip() != stubs[name].strip(), index)
            best[name] = max(best.get(name, worth), worth)
    return {index: name for name, (_, index) in best.items()}


def _is_own(cell: NotebookNode, found: Desk) -> bool:
    """Whether a cell is one that the student added: no copy of a cell of the assignment."""
    return grade_id(cell) not in found.cells and cell.get("cell_type") in (
        "code",
        "markdown",
        "raw",
    )


def _placed(planned: CellPlan, handed: NotebookNode | None, found: Desk) -> NotebookNode:
    """Return a cell of the assignment: an answer as handed in, or its stub; else as released."""
    if not planned.is_solution:
        text = source_text(planned)  # as the gradebook has it, so that nbgrader finds no change
    else:
        text = found.copy.source(planned) if handed is None else _text(handed)
    cell = node(new_cell(planned, text))
    _finish(cell, planned, found, _tag(handed, "tag"))
    if not planned.is_solution:
        cell["source"] = text
        cell["metadata"]["nbgrader"]["checksum"] = checksum(planned, text)
    return cell


def _own_cell(cell: NotebookNode) -> NotebookNode:
    """Return a student's own cell: its text alone, nothing that would make it count."""
    kind = cell["cell_type"]
    made: dict[str, Any] = {"cell_type": kind, "id": uuid.uuid4().hex[:8], "metadata": {}}
    made["source"] = _text(cell)
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return node(made)


def _finish(cell: NotebookNode, planned: CellPlan, found: Desk, handed_tag: str) -> None:
    """Render a cell for its student; keep whose variant the submitted cell said it was."""
    render(cell, planned, found.copy, stub_too=False)
    if handed_tag:
        cell["metadata"]["ustaz"]["handed_tag"] = handed_tag
    cell["metadata"] = node(cell["metadata"])


def _tag(cell: Mapping[str, Any] | None, name: str) -> str:
    metadata = {} if cell is None else cell.get("metadata")
    mark = metadata.get("ustaz") if isinstance(metadata, dict) else None
    tag = mark.get(name) if isinstance(mark, dict) else None
    return tag[:TAG_CHARACTERS_MAX] if isinstance(tag, str) else ""


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(map(str, source))
    return str(source).replace("\0", "")[:SOURCE_CHARACTERS_MAX]


def _mend(nb: NotebookNode) -> None:
    with_ids = (nb.get("nbformat", 4), nb.get("nbformat_minor", 0)) >= (4, 5)
    for cell in nb.cells:
        if not isinstance(cell.metadata, NotebookNode) or any(
            isinstance(value, dict) and not isinstance(value, NotebookNode)
            for value in cell.metadata.values()
        ):
            cell.metadata = node(dict(cell.metadata))
        if with_ids and not cell.get("id"):
            cell["id"] = uuid.uuid4().hex[:8]
