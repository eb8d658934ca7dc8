"""What a kill between nbgrader's writing and its scoring leaves behind, and whom it concerns."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from grading_support import environment
from nbgrader.api import Gradebook
from ustaz_grading.autograde import _cut_off
from ustaz_grading.nbgrader.gradebook import cell_scores

SCORED, PARTLY, UNSCORED = "scored", "partly", "unscored"
KILLED = """
import os, signal, sys
from nbgrader.api import Gradebook
with Gradebook(sys.argv[1], "school") as book:
    book.add_submission("work", "killed")
    book.find_grade("q1-check", "work", "work", "killed").auto_score = 1.0
    book.db.commit()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a gradebook with two checks, and a text that a person reads."""
    monkeypatch.setenv("PATH", environment()["PATH"])  # nbgrader calls alembic by name
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(url, "school") as book:
        book.add_assignment("work")
        book.add_notebook("work", "work")
        for cell in ("q1-check", "cell-7", "essay"):
            book.add_grade_cell(cell, "work", "work", max_score=1, cell_type="code")
        for cell in ("q1", "essay"):
            book.add_solution_cell(cell, "work", "work")
        book.add_student("killed")
    return url


def hand_in(url: str, student: str, **scores: float | None) -> None:
    """Enter a submission as nbgrader leaves it."""
    with Gradebook(url, "school") as book:
        book.update_or_create_student(student)
        book.add_submission("work", student)
        for cell, score in scores.items():
            book.find_grade(cell.replace("_", "-"), "work", "work", student).auto_score = score
        book.db.commit()


def test_a_course_without_a_gradebook_has_nothing_cut_off(tmp_path: Path) -> None:
    assert _cut_off(tmp_path, "work") == set()


def test_without_a_machines_score_the_grading_was_cut_off(url: str, tmp_path: Path) -> None:
    hand_in(url, SCORED, q1_check=0.0, cell_7=1.0, essay=None)
    hand_in(url, PARTLY, q1_check=1.0)
    hand_in(url, UNSCORED)
    assert _cut_off(tmp_path, "work") == {PARTLY, UNSCORED}
    assert _cut_off(tmp_path, "another") == set()


def test_the_first_submission_of_all_may_be_the_one(url: str, tmp_path: Path) -> None:
    hand_in(url, UNSCORED)
    assert _cut_off(tmp_path, "work") == {UNSCORED}


def test_a_text_that_waits_for_a_person_is_not_cut_off(url: str, tmp_path: Path) -> None:
    """Not even where a neighbour's untouched text has its nought from the machine."""
    hand_in(url, "untouched", q1_check=0.0, cell_7=0.0, essay=0.0)
    hand_in(url, "written", q1_check=1.0, cell_7=1.0, essay=None)
    assert {s.cell: s.by_hand for s in cell_scores(tmp_path, "work")} == {
        "q1-check": False, "cell-7": False, "essay": True,
    }  # fmt: skip
    assert _cut_off(tmp_path, "work") == set()


def test_a_killed_process_is_found_by_what_it_left(url: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, url],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert _cut_off(tmp_path, "work") == {"killed"}
