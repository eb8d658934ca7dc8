"""An ordinary assignment of nbgrader beside the one of variants, which must go on as ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ustaz_grading.errors import NbgraderError
from ustaz_grading.files import write_text
from ustaz_grading.simulation import ability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ustaz_grading.classroom import Classroom

ASSIGNMENT: Final = "warm-up"
TITLE: Final = "# Warm-up\nWrite `double(x)`, which returns twice its argument."
STUB: Final = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n"
TESTS: Final = (
    "assert double(3) == 6\n### BEGIN HIDDEN TESTS\nassert double(-2) == -4\n### END HIDDEN TESTS\n"
)
RIGHT: Final = "def double(x):\n    return x + x\n"
WRONG: Final = "def double(x):\n    return x * x\n"
POINTS: Final = 2
TIMEOUT_S: Final = 300


def write_source(room: Classroom) -> None:
    """Write the source notebook as a teacher would have made it in nbgrader."""
    cells = [
        _cell("markdown", TITLE, "task-text", locked=True),
        _cell("code", STUB, "double", solution=True),
        _cell("code", TESTS, "double-tests", grade=True, locked=True, points=POINTS),
    ]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = room.root / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(notebook, indent=1) + "\n")


def generate(room: Classroom) -> Path:
    """Run plain ``nbgrader generate_assignment`` and return the release version's path.

    Raises
    ------
    NbgraderError
        nbgrader gave up.
    """
    beside = str(Path(sys.executable).parent)
    found = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "nbgrader", "generate_assignment", ASSIGNMENT, "--force"],
        cwd=room.root,
        # nbgrader starts alembic by name.
        env={**os.environ, "PATH": os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])},
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    if found.returncode != 0:
        raise NbgraderError(
            "nbgrader ended with code {code} before it was done. Its log says: {last}",
            code=found.returncode,
            last=found.stderr.strip().rpartition("\n")[2],
            log=found.stderr,
        )
    return released(room)


def released(room: Classroom) -> Path:
    """Return where the release version lies."""
    return room.root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


def hand_in(room: Classroom, students: Sequence[str], *, seed: int) -> int:
    """Write everybody's submission, right where the simulated ability allows; return how many."""
    source = json.loads(released(room).read_text(encoding="utf-8"))
    right = 0
    for student in students:
        knows = ability(student, seed) > -0.8
        right += knows
        for cell in source["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double":
                cell["source"] = RIGHT if knows else WRONG
        path = room.root / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(source, indent=1) + "\n")
    return right


def _cell(kind: str, source: str, grade_id: str, **marks: Any) -> dict[str, Any]:
    grader = {
        "grade": False,
        "grade_id": grade_id,
        "locked": False,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    cell: dict[str, Any] = {
        "id": grade_id,
        "cell_type": kind,
        "metadata": {"nbgrader": {**grader, **marks}},
        "source": source,
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
