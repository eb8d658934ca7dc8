"""What the stations know in common: who is in the class, the material, what is there already."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import resources
from typing import TYPE_CHECKING, Final

from ustaz_grading.nbgrader.gradebook import cell_scores
from ustaz_grading.nbgrader.states import AssignmentState, assignment_states

if TYPE_CHECKING:
    from pathlib import Path

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.records import Issue

ASSIGNMENT: Final = "revision"
TEACHER: Final = "Demo teacher"
COPIER: Final = "yerkebulan.a"
NEIGHBOUR: Final = "dana.e"
DAMAGED: Final = "igor.h"
SEED: Final = 7
"""Of the simulated class; the same seed gives the same class."""
DUE_IN: Final = timedelta(days=14)


def material(name: str) -> str:
    """Return a file of the demonstration's material."""
    file = resources.files("ustaz_lab.demo") / "material" / name
    return file.read_text(encoding="utf-8")


def state(room: Classroom, name: str) -> AssignmentState:
    """Return how far an assignment is."""
    return next(state for state in assignment_states(room) if state.id == name)


def graded_students(room: Classroom, name: str) -> set[str]:
    """Return whose work the machine has graded."""
    return {s.student for s in cell_scores(room.root, name) if s.auto_score is not None}


def drawing(issue: Issue) -> tuple[str, str]:
    """Return what makes a variant what it is, its seed left out: template, numbers, story."""
    parts = {name: value for name, value in issue.record.items() if name not in {"seed", "order"}}
    return issue.content_hash, json.dumps(parts, sort_keys=True, default=str)


def read(path: Path) -> str:
    """Return a file's text; empty where there is no file."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""
