"""nbgrader's own course, adopted: its notebooks run as ever, in the jail, beside variants."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from grading_support import (
    add_students,
    fill,
    nbgrader,
    of_kind,
    read_copy,
    right_answer,
    score_of,
    submit,
    write_assignment,
)
from ustaz_grading.autograde import autograde, record_evidence
from ustaz_grading.classroom import Classroom
from ustaz_grading.nbgrader.gradebook import cell_scores
from ustaz_grading.nbgrader.release import release
from ustaz_grading.nbgrader.states import assignment_states
from ustaz_grading.simulation import hand_in_plain

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Return the quickstart course, adopted, its own assignment handed in by three."""
    folder = tmp_path_factory.mktemp("quickstart")
    nbgrader(folder, "quickstart", "course101")
    before = {
        path: path.read_bytes() for path in (folder / "course101" / "source").rglob("*.ipynb")
    }
    room = Classroom.adopt(folder / "course101", courses=["algebra-7-9"])
    assert room.config.course_id == "course101"
    nbgrader(room.root, "generate_assignment", "ps1", "--force")
    handed = hand_in_plain(room, "ps1", {"good": "right", "poor": "wrong", "idle": "untouched"})
    assert len(handed) == 3
    assert {path: path.read_bytes() for path in before} == before
    return room


@pytest.fixture(scope="module")
def scores(room: Classroom) -> dict[str, float]:
    nbgrader(room.root, "autograde", "ps1")
    return totals(room)


def totals(room: Classroom) -> dict[str, float]:
    found: dict[str, float] = {}
    for score in cell_scores(room.root, "ps1"):
        found[score.student] = found.get(score.student, 0.0) + (score.score or 0.0)
    return found


def test_quickstart_notebooks_are_graded_as_they_deserve(scores: dict[str, float]) -> None:
    assert scores["good"] > scores["poor"] > 0
    assert scores["idle"] == 0


def test_our_door_gives_the_same_scores(room: Classroom, scores: dict[str, float]) -> None:
    report = autograde(room, "ps1", force=True)
    assert not report.failed, report.failed
    assert totals(room) == scores
    assert report.evidence == 0
    assert record_evidence(room, "ps1") == 0


@pytest.mark.usefixtures("scores")
def test_feedback_of_an_ordinary_assignment_is_nbgraders_own(room: Classroom) -> None:
    nbgrader(room.root, "generate_feedback", "ps1")
    page = (room.root / "feedback" / "good" / "ps1" / "problem1.html").read_text(encoding="utf-8")
    assert "Student's answer" in page


@pytest.mark.usefixtures("scores")
def test_variants_live_in_the_same_course(room: Classroom) -> None:
    add_students(room, 1)
    write_assignment(room, "own", [of_kind(room, "number")])
    release(room, "own")
    answers = {"q1": right_answer(room, "own", "s00", "q1")}
    submit(room, "own", "s00", fill(read_copy(room, "own", "s00"), answers))
    assert autograde(room, "own").evidence == 1
    assert score_of(room, "own", "s00", "q1") == 1.0
    kinds = {state.id: (state.kind, state.stage) for state in assignment_states(room)}
    assert kinds == {"own": ("variants", "autograded"), "ps1": ("plain", "autograded")}


def test_deleted_cells_of_an_ordinary_notebook_come_back(
    room: Classroom, scores: dict[str, float]
) -> None:
    """Nbgrader 0.9.6 leaves cells without id and metadata of plain dicts here, and then fails."""
    assert scores["good"] > 0
    handed = room.root / "submitted" / "good" / "ps1" / "problem1.ipynb"
    notebook: dict[str, Any] = json.loads(handed.read_text(encoding="utf-8"))
    cut = copy.deepcopy(notebook)
    cut["cells"] = [
        cell
        for cell in cut["cells"]
        if not cell["metadata"].get("nbgrader", {}).get("grade")
        or cell["metadata"]["nbgrader"].get("solution")
    ]
    folder = room.root / "submitted" / "cutter" / "ps1"
    folder.mkdir(parents=True)
    (folder / "problem1.ipynb").write_text(json.dumps(cut), encoding="utf-8")
    (folder / "problem2.ipynb").write_bytes((handed.parent / "problem2.ipynb").read_bytes())
    nbgrader(
        room.root,
        "autograde",
        "ps1",
        "--student",
        "cutter",
        "--OverwriteCells.add_missing_cells=True",
    )
    assert totals(room)["cutter"] == scores["good"]


def test_an_ordinary_assignment_keeps_its_data_and_helpers(tmp_path: Path) -> None:
    room = Classroom.create(tmp_path / "room", course_id="plain")
    source = room.root / "source" / "data"
    source.mkdir(parents=True)
    (source / "numbers.csv").write_text("1\n2\n3\n")
    (source / "helper.py").write_text("def double(n):\n    return 2 * n\n")
    (source / "data.ipynb").write_text(json.dumps(DATA_NOTEBOOK), encoding="utf-8")
    nbgrader(room.root, "generate_assignment", "data", "--create")
    hand_in_plain(room, "data", {"good": "right"})
    grade = autograde(room, "data").students[0]
    assert (grade.failed, grade.score, grade.max_score) == (False, 2.0, 2.0), grade.reason


def cell(grade_id: str, source: str, **flags: Any) -> dict[str, Any]:
    known = {"schema_version": 3, "grade_id": grade_id, "task": False, "grade": False,
             "locked": False, "solution": False} | flags  # fmt: skip
    return {"cell_type": "code", "execution_count": None, "id": grade_id, "outputs": [],
            "metadata": {"nbgrader": known}, "source": source}  # fmt: skip


DATA_NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
    },
    "cells": [
        cell(
            "sum",
            "### BEGIN SOLUTION\nfrom helper import double\n"
            "total = double(sum(int(line) for line in open('numbers.csv')))\n### END SOLUTION",
            solution=True,
        ),
        cell("test", "assert total == 12", grade=True, locked=True, points=2),
    ],
}
