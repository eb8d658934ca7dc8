"""The whole loop on a small class: release, hand in, autograde, feedback, evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from grading_support import (
    as_fractions,
    as_python,
    as_sympy,
    as_text,
    fill,
    make_classroom,
    nbgrader,
    of_kind,
    read_copy,
    score_of,
    submit,
    write_assignment,
)
from ustaz_grading.assignments.issue import VariantBank, issued_to
from ustaz_grading.autograde import AutogradeReport, autograde, record_evidence
from ustaz_grading.classroom import Classroom
from ustaz_grading.nbgrader.feedback_pages import generate_feedback
from ustaz_grading.nbgrader.release import release
from ustaz_grading.nbgrader.states import assignment_states
from ustaz_grading.profiles.evidence import effective
from ustaz_grading.simulation import hand_in

KINDS = ("number", "expression", "set", "matrix", "choice", "multiple", "order")
pytestmark = pytest.mark.slow


WAYS = (as_text, as_python, as_fractions, as_sympy)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    room = make_classroom(tmp_path_factory.mktemp("loop") / "room", students=6)
    write_assignment(room, "kinds", [of_kind(room, kind) for kind in KINDS])
    release(room, "kinds")
    return room


@pytest.fixture(scope="module")
def graded(room: Classroom) -> AutogradeReport:
    """Everybody answers right, each in their own way; s04 hands in nothing but stubs."""
    for number, student in enumerate(["s00", "s01", "s02", "s03"]):
        issued = issued_to(VariantBank(room.store), room, "kinds", student)
        answers = {slot: WAYS[number](made, slot) for slot, made in issued.items()}
        submit(room, "kinds", student, fill(read_copy(room, "kinds", student), answers))
    submit(room, "kinds", "s04", read_copy(room, "kinds", "s04"))
    return autograde(room, "kinds")


@pytest.mark.parametrize("student", ["s00", "s01", "s02", "s03"])
def test_right_answers_of_all_kinds_in_every_form_earn_all_points(
    graded: AutogradeReport, student: str
) -> None:
    grade = next(grade for grade in graded.students if grade.student == student)
    assert not grade.failed, grade.reason
    assert grade.score == pytest.approx(grade.max_score)


def test_untouched_stubs_earn_nothing_and_are_no_error(graded: AutogradeReport) -> None:
    grade = next(grade for grade in graded.students if grade.student == "s04")
    assert not grade.failed
    assert grade.score == 0
    assert not grade.needs_manual_grade


def test_every_slot_is_one_row_of_evidence(room: Classroom, graded: AutogradeReport) -> None:
    rows = room.store.evidence("school")
    assert graded.evidence == len(rows) == 5 * len(KINDS)
    assert {row.score for row in rows if row.learner == "s00"} == {1.0}
    assert all(row.skills and row.content_hash and row.language for row in rows)
    assert record_evidence(room, "kinds") == 0


@pytest.mark.usefixtures("graded")
def test_masteries_follow_the_evidence(room: Classroom) -> None:
    skill = room.store.evidence("school", "s00")[0].skills[0]
    best = next(m for m in room.store.masteries("school", "s00") if m.skill == skill)
    worst = next(m for m in room.store.masteries("school", "s04") if m.skill == skill)
    assert best.probability > worst.probability


@pytest.mark.usefixtures("graded")
def test_grading_again_without_force_skips(room: Classroom) -> None:
    report = autograde(room, "kinds")
    assert all(grade.skipped for grade in report.students)
    assert report.evidence == 0


@pytest.mark.usefixtures("graded")
def test_feedback_speaks_the_students_language(room: Classroom) -> None:
    report = generate_feedback(room, "kinds")
    assert not report.failed
    pages = {page.student: page.files[0].read_text(encoding="utf-8") for page in report.pages}
    assert "Дұрыс" in pages["s00"]
    assert "Верно" in pages["s01"]
    assert "Right." in pages["s02"]
    assert '<html lang="kk">' in pages["s00"]
    assert "<script" not in pages["s00"]


@pytest.mark.usefixtures("graded")
def test_state_of_the_assignment_is_told(room: Classroom) -> None:
    state = next(state for state in assignment_states(room) if state.id == "kinds")
    assert (state.kind, state.stage) == ("variants", "autograded")
    assert (state.students, state.released, state.collected, state.autograded) == (6, 6, 5, 5)
    assert state.title("ru") == "Работа"


def test_copies_hold_no_key_and_no_placeholder(room: Classroom) -> None:
    for student in ("s00", "s01"):
        text = json.dumps(read_copy(room, "kinds", student), ensure_ascii=False)
        assert "@{ustaz" not in text
        assert "BEGIN SOLUTION" not in text


def test_simulated_class_scores_as_it_meant_to(tmp_path: Path) -> None:
    room = make_classroom(tmp_path / "room", students=8)
    write_assignment(room, "sim", [of_kind(room, kind) for kind in KINDS])
    release(room, "sim")
    students = [student.id for student in room.roster]
    handed = hand_in(room, "sim", students, seed=3, copies_from={"s07": "s00"}, damaged=["s06"])
    report = {grade.student: grade for grade in autograde(room, "sim").students}
    assert report["s06"].failed
    assert "no readable notebook" in report["s06"].reason
    for one in handed:
        if one.note == "damaged":
            continue
        for slot, meant in one.answers.items():
            score = score_of(room, "sim", one.student, slot)
            if one.note == "neighbour":
                continue
            assert (score == 1.0) == (meant == "right"), (one.student, slot, meant)
    assert (room.root / "submitted" / "s06" / "sim" / "sim.ipynb").exists()
    room.close()


def test_plain_commands_do_the_same(tmp_path: Path) -> None:
    room = make_classroom(tmp_path / "room", students=2)
    write_assignment(room, "plain", [of_kind(room, "number"), of_kind(room, "choice")])
    release(room, "plain")
    hand_in(room, "plain", ["s00", "s01"], seed=1)
    nbgrader(room.root, "generate_assignment", "plain", "--force")
    nbgrader(room.root, "autograde", "plain")
    nbgrader(room.root, "generate_feedback", "plain")
    assert (room.root / "feedback" / "s00" / "plain" / "plain.html").is_file()
    assert record_evidence(room, "plain") == 4
    assert len(effective(room.store.evidence("school"))) == 4
    room.close()
