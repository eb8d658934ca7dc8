from dataclasses import replace
from pathlib import Path

import pytest
from grading_support import add_students, make_classroom, of_kind, write_assignment
from tests_support import edit, write_course
from ustaz_grading.assignments.issue import VariantBank, issue_variants, issued_to, plan
from ustaz_grading.classroom import Classroom
from ustaz_grading.errors import AssignmentError, NotIssuedError, NotReleasableError


@pytest.fixture
def room(tmp_path: Path) -> Classroom:
    write_course(tmp_path / "room" / "small")
    room = make_classroom(tmp_path / "room", courses=["small"])
    write_assignment(room, "work", ["two-steps", "two-steps"])
    return room


def draw(room: Classroom) -> dict[tuple[str, str], object]:
    issued, _ = issue_variants(room, plan(room, room.assignment("work")), room.roster)
    return {
        (student, slot): made.variant.record()
        for student, slots in issued.items()
        for slot, made in slots.items()
    }


def test_everyone_gets_an_own_variant_in_each_slot(room: Classroom) -> None:
    drawn = draw(room)
    assert len(drawn) == 6
    assert len({str(record) for record in drawn.values()}) == 6


def test_a_repeat_draws_nothing_anew(room: Classroom) -> None:
    first = draw(room)
    issued, fresh = issue_variants(room, plan(room, room.assignment("work")), room.roster)
    assert fresh == 0
    assert {
        (s, q): made.variant.record() for s, slots in issued.items() for q, made in slots.items()
    } == first


def test_newcomers_change_nothing_for_the_others(room: Classroom) -> None:
    first = draw(room)
    add_students(room, 2, first=10)
    assert first.items() <= draw(room).items()


def test_what_was_issued_outlives_an_edited_template(room: Classroom) -> None:
    draw(room)
    before = issued_to(VariantBank(room.store), room, "work", "s02")["q1"].variant.prompt("en")
    edit(room.root / "small" / "two-steps" / "prompt.en.md", "Solve the", "Please solve the")
    after = issued_to(VariantBank(room.store), room, "work", "s02")["q1"].variant.prompt("en")
    assert after == before


def test_the_language_follows_the_student_and_the_numbers_stay(room: Classroom) -> None:
    draw(room)
    bank = VariantBank(room.store)
    before = issued_to(bank, room, "work", "s00")["q1"]
    room.store.add_students([replace(room.student("s00"), language="ru")])
    after = issued_to(bank, room, "work", "s00")["q1"]
    assert (before.language, after.language) == ("kk", "ru")
    assert before.variant.record() == after.variant.record()


def test_a_student_without_variants_is_told_how_to_get_some(room: Classroom) -> None:
    draw(room)
    with pytest.raises(NotIssuedError, match="ustaz students add"):
        issued_to(VariantBank(room.store), room, "work", "stranger")


def test_nothing_unapproved_can_be_planned(room: Classroom) -> None:
    edit(room.root / "small" / "two-steps" / "prompt.ru.md", "Реши", "Решите")
    with pytest.raises(NotReleasableError, match="two-steps"):
        plan(Classroom.open(room.root), room.assignment("work"))


def test_a_slot_cannot_turn_into_one_that_a_person_grades(tmp_path: Path) -> None:
    room = make_classroom(tmp_path / "room")
    write_assignment(room, "work", [of_kind(room, "number")])
    draw(room)
    write_assignment(room, "work", [of_kind(room, "text")])
    with pytest.raises(AssignmentError, match="new id"):
        draw(room)
