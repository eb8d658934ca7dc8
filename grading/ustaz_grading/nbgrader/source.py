"""The source notebook that nbgrader's ``generate_assignment`` reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ustaz_grading.files import write_text
from ustaz_grading.nbgrader.cells import CellPlan, copy_metadata, plan_cells, source_cells

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ustaz_grading.assignments.assignment import Assignment
    from ustaz_grading.assignments.issue import Plan

NBFORMAT_MINOR = 5
"""4.5 is the first format in which cells have ids."""


def cells_of(planned: Plan) -> tuple[CellPlan, ...]:
    """Return the cells of a planned assignment's notebook."""
    texts = {slot.id: planned.is_text(slot.id) for slot in planned.assignment.slots}
    return plan_cells(planned.assignment, planned.points, texts)


def source_notebook(
    assignment: Assignment, cells: Sequence[CellPlan], language: str
) -> dict[str, Any]:
    """Return the source notebook as JSON: one cell per placeholder, no variant in it."""
    return {
        "cells": source_cells(cells),
        "metadata": copy_metadata(assignment, language),
        "nbformat": 4,
        "nbformat_minor": NBFORMAT_MINOR,
    }


def write_source(
    root: Path, assignment: Assignment, cells: Sequence[CellPlan], language: str
) -> Path:
    """Write the source notebook unless it stands there already; return its path."""
    path = root / "source" / assignment.id / f"{assignment.id}.ipynb"
    text = json.dumps(source_notebook(assignment, cells, language), ensure_ascii=False, indent=1)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    return path


def is_variant_assignment(root: Path, assignment_id: str) -> bool:
    """Whether an assignment has variants; otherwise it is one of nbgrader's ordinary ones."""
    return (root / "assignments" / f"{assignment_id}.toml").is_file()
