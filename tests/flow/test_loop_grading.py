"""Handing in again, late, by hand: what becomes of scores and of evidence over time."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from grading_support import (
    cell_of,
    environment,
    fill,
    make_classroom,
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
from ustaz_grading.errors import NbgraderError
from ustaz_grading.nbgrader.feedback_pages import generate_feedback
from ustaz_grading.nbgrader.release import release
from ustaz_grading.nbgrader.states import assignment_states
from ustaz_grading.profiles.evidence import effective

pytestmark = pytest.mark.slow
DUE = "due = 2026-10-01T12:00:00+05:00\nlate_penalty_per_day = 0.1"
IN_TIME = "2026-10-01 06:59:00 UTC"
A_MINUTE_LATE = "2026-10-01 07:01:00 UTC"
TWO_DAYS_LATE = "2026-10-03 06:00:00 UTC"


@pytest.fixture
def room(tmp_path: Path) -> Classroom:
    room = make_classroom(tmp_path / "room", students=3)
    write_assignment(room, "work", [of_kind(room, "number"), of_kind(room, "expression")], head=DUE)
    release(room, "work")
    return room


def hand_in_right(room: Classroom, student: str, *slots: str, at: str = "") -> None:
    answers = {slot: right_answer(room, "work", student, slot) for slot in slots}
    submit(room, "work", student, fill(read_copy(room, "work", student), answers), at=at)


def shares(room: Classroom, student: str) -> dict[str, float]:
    rows = effective(room.store.evidence("school", student))
    return {row.slot: row.score for row in rows}


def test_each_started_day_costs_its_share(room: Classroom) -> None:
    for student, at in zip(
        ("s00", "s01", "s02"), (IN_TIME, A_MINUTE_LATE, TWO_DAYS_LATE), strict=True
    ):
        hand_in_right(room, student, "q1", "q2", at=at)
    grades = autograde(room, "work").students
    full = grades[0].max_score
    assert full is not None
    assert [grade.score for grade in grades] == pytest.approx([full, 0.9 * full, 0.8 * full])
    # Lateness says nothing about skills.
    assert shares(room, "s02") == {"q1": 1.0, "q2": 1.0}
    page = generate_feedback(room, "work", students=["s01"]).pages[0]
    assert "Снято за опоздание" in page.files[0].read_text(encoding="utf-8")


def test_a_later_submission_replaces_the_former(room: Classroom) -> None:
    hand_in_right(room, "s00", "q1", at=IN_TIME)
    autograde(room, "work")
    assert shares(room, "s00") == {"q1": 1.0, "q2": 0.0}
    hand_in_right(room, "s00", "q1", "q2", at=A_MINUTE_LATE)
    report = autograde(room, "work")
    assert not report.students[0].skipped
    assert report.evidence == 1
    assert shares(room, "s00") == {"q1": 1.0, "q2": 1.0}
    assert len(room.store.evidence("school", "s00")) == 3


def test_a_file_written_anew_without_a_timestamp_is_graded_again(room: Classroom) -> None:
    hand_in_right(room, "s00", "q1")
    autograde(room, "work")
    hand_in_right(room, "s00", "q1", "q2")
    graded = room.root / "autograded" / "s00" / "work" / "work.ipynb"
    os.utime(graded, (1, 1))
    assert not autograde(room, "work").students[0].skipped
    assert score_of(room, "work", "s00", "q2") == 1.0


def test_force_grades_again_and_adds_no_evidence(room: Classroom) -> None:
    hand_in_right(room, "s00", "q1", at=IN_TIME)
    autograde(room, "work")
    assert autograde(room, "work").students[0].skipped
    again = autograde(room, "work", force=True)
    assert not again.students[0].skipped
    assert again.evidence == 0
    nbgrader(room.root, "autograde", "work", "--force")
    assert score_of(room, "work", "s00", "q1") == 1.0


def test_nothing_handed_in_is_said(room: Classroom) -> None:
    grade = autograde(room, "work", students=["s02"]).students[0]
    assert grade.failed
    assert "handed in nothing" in grade.reason


def test_a_stranger_fails_alone_and_enters_no_gradebook(room: Classroom) -> None:
    hand_in_right(room, "s00", "q1")
    copy = read_copy(room, "work", "s00")
    for name in ("Незнакомец", "stranger"):
        submit(room, "work", name, copy)
    grades = {grade.student: grade for grade in autograde(room, "work").students}
    assert not grades["s00"].failed
    assert "never given variants" in grades["Незнакомец"].reason
    with sqlite3.connect(room.root / "gradebook.db") as book:
        known = {name for (name,) in book.execute("SELECT id FROM student")}
    assert "stranger" not in known


def test_a_student_with_a_cyrillic_id_is_graded(room: Classroom) -> None:
    from ustaz_grading.records import Student

    room.store.add_students([Student(id="Айгүл-1", language="kk")])
    release(room, "work")
    hand_in_right(room, "Айгүл-1", "q1", "q2")
    grade = autograde(room, "work").students[0]
    assert (grade.student, grade.score) == ("Айгүл-1", grade.max_score)


DAMAGED = {
    "cut": b'{"cells": [{"cell_type"',
    "empty": b"",
    "picture": b"\x89PNG\r\n\x1a\n\x00\xff",
    "list": b"[1, 2]",
    "old": b'{"cells": [], "nbformat": 3, "nbformat_minor": 0, "metadata": {}}',
    "deep": b"[" * 100_000,
}


def test_damaged_files_fail_alone_and_are_kept(room: Classroom) -> None:
    from grading_support import add_students

    add_students(room, len(DAMAGED), first=10)
    release(room, "work")
    hand_in_right(room, "s00", "q1")
    paths = []
    for number, content in enumerate(DAMAGED.values(), 10):
        path = submit(room, "work", f"s{number}", {})
        path.write_bytes(content)
        paths.append(path)
    report = autograde(room, "work")
    assert len(report.failed) == len(DAMAGED)
    assert all("no readable notebook" in grade.reason for grade in report.failed)
    assert [path.read_bytes() for path in paths] == list(DAMAGED.values())
    assert score_of(room, "work", "s00", "q1") == 1.0
    state = assignment_states(room)[0]
    assert (state.stage, state.damaged, state.faults) == ("autograded", len(DAMAGED), 0)


def test_a_missing_judge_or_jail_gives_no_zero(room: Classroom) -> None:
    hand_in_right(room, "s00", "q1")
    with (room.root / "nbgrader_config.py").open("a") as config:
        config.write("c.ExecuteInJail.jail_kernel = 'no-such-kernel'\n")
    grade = autograde(room, "work").students[0]
    assert grade.failed
    assert "No score is recorded" in grade.reason
    assert score_of(room, "work", "s00", "q1") is None
    assert room.store.evidence("school", "s00") == []
    fault = room.store.faults("school", assignment="work")[0]
    assert (fault.student, fault.stage) == ("s00", "autograde")
    assert "no-such-kernel" in fault.log
    assert assignment_states(room)[0].faults == 1


MANUAL = """
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "school") as book:
    grade = book.find_grade("q2", "essay", "essay", "s00")
    grade.manual_score, grade.needs_manual_grade = {score}, False
    book.find_comment("q2", "essay", "essay", "s00").manual_comment = "Жақсы <b>ой</b>!"
    book.db.commit()
"""


def grade_by_hand(room: Classroom, score: float) -> None:
    """Do what formgrader does when a teacher types points and a comment."""
    import subprocess
    import sys

    code = MANUAL.replace("{score}", str(score))
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=room.root, env=environment(), check=True
    )


def test_text_slots_wait_for_a_person_and_then_count(tmp_path: Path) -> None:
    room = make_classroom(tmp_path / "room", students=2)
    write_assignment(room, "essay", [of_kind(room, "number"), of_kind(room, "text")])
    release(room, "essay")
    notebook = read_copy(room, "essay", "s00")
    cell_of(notebook, "q2")["source"] = "Менің ойымша, $a<b$ болғандықтан."
    submit(room, "essay", "s00", notebook)
    submit(room, "essay", "s01", read_copy(room, "essay", "s01"))
    grades = autograde(room, "essay").students
    assert [grade.needs_manual_grade for grade in grades] == [True, False]
    assert "q2" not in shares(room, "s00")
    assert shares(room, "s01")["q2"] == 0.0, "an untouched answer is nobody's work to read"
    assert assignment_states(room)[0].to_grade == 1

    grade_by_hand(room, 1.0)
    assert record_evidence(room, "essay") == 1
    first = shares(room, "s00")["q2"]
    assert 0 < first <= 1
    page = generate_feedback(room, "essay", students=["s00"], force=True).pages[0]
    text = page.files[0].read_text(encoding="utf-8")
    assert "Жақсы" in text
    assert "<b>ой</b>" not in text

    # What waits for a person is not taken for a grading that was cut off.
    assert all(grade.skipped for grade in autograde(room, "essay").students)
    assert assignment_states(room)[0].to_grade == 0

    grade_by_hand(room, 0.5)
    assert record_evidence(room, "essay") == 1
    assert shares(room, "s00")["q2"] == pytest.approx(first / 2)
    rows = [row for row in room.store.evidence("school", "s00") if row.slot == "q2"]
    assert rows[1].corrects == rows[0].id


def test_programs_are_judged_with_partial_credit(tmp_path: Path) -> None:
    room = make_classroom(tmp_path / "room", students=3, courses=["python-intro"])
    from grading_support import approve_template

    template = room.template(of_kind(room, "code"))
    write_assignment(room, "code", [template.id], approved=False)
    approve_template(room, template)
    release(room, "code")
    right = fill(read_copy(room, "code", "s00"), {"q1": right_answer(room, "code", "s00", "q1")})
    submit(room, "code", "s00", right)
    submit(room, "code", "s01", fill(read_copy(room, "code", "s01"), {"q1": "def f(:\n"}))
    submit(room, "code", "s02", read_copy(room, "code", "s02"))
    report = autograde(room, "code")
    assert not report.failed, report.failed
    assert [score_of(room, "code", f"s0{n}", "q1") for n in range(3)] == [1.0, 0.0, 0.0]
    text = (room.root / "autograded" / "s01" / "code" / "code.ipynb").read_text(encoding="utf-8")
    hidden = [t for t in template.exercise.tests if t.hidden] if template.exercise else []
    assert hidden
    assert all(test.source.source.strip() not in text for test in hidden)


def test_forged_outputs_do_not_count_without_execution_either(room: Classroom) -> None:
    notebook = read_copy(room, "work", "s00")
    for slot in ("q1", "q2"):
        cell_of(notebook, f"{slot}-check")["outputs"] = [
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"text/plain": "1.0"},
            }
        ]
    submit(room, "work", "s00", notebook)
    nbgrader(room.root, "autograde", "work", "--no-execute")
    assert score_of(room, "work", "s00", "q1") == 0.0
    assert score_of(room, "work", "s00", "q2") == 0.0


def test_slots_cannot_change_after_a_submission_and_are_graded_as_released(room: Classroom) -> None:
    hand_in_right(room, "s00", "q1", "q2")
    autograde(room, "work")
    write_assignment(room, "work", [of_kind(room, "number")], head=DUE)
    with pytest.raises(NbgraderError, match="submissions"):
        release(room, "work")
    report = autograde(room, "work", force=True)
    assert report.students[0].score == report.students[0].max_score
    assert shares(room, "s00") == {"q1": 1.0, "q2": 1.0}
