from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store_support import answer
from ustaz_grading.profiles import profile, update_mastery
from ustaz_grading.profiles.profile import stand_out
from ustaz_grading.records import Mastery, Student

if TYPE_CHECKING:
    from ustaz_grading.store import Store


def mastery(skill: str, mean: float, sd: float = 0.3) -> Mastery:
    return Mastery(
        course="algebra", learner="anna", skill=skill, mean=mean, sd=sd, answers=9, updated_at=None
    )


def test_a_profile_opens_onto_the_answers_that_hold_newest_first(store: Store):
    store.add_students([Student(id="anna", first_name="Анна", last_name="Ли")])
    store.add_evidence(
        answer(n, learner="anna", skills=("a",) if n % 2 else ("a", "b"), score=0.0)
        for n in range(4)
    )
    wrong = store.evidence("algebra")[1]
    store.add_evidence([answer(7, learner="anna", skills=("a",), corrects=wrong.id)])
    update_mastery(store, "algebra")
    found = profile(store, "algebra", "anna")
    assert found.name == "Ли Анна"
    assert [row.score for row in found.evidence] == [0.0, 0.0, 1.0, 0.0]
    assert len(found.evidence_of("b")) == 2
    kept = found.mastery("a")
    assert kept is not None
    assert kept.answers == 4
    assert found.mastery("never asked") is None


def test_nobody_known_has_an_empty_profile(store: Store):
    found = profile(store, "algebra", "nobody")
    assert (found.name, found.masteries, found.strengths, found.evidence) == ("nobody", (), (), ())


def test_what_stands_out_is_measured_against_the_class():
    # An easy skill that all master is no strength, a hard one no weakness.
    assert stand_out([mastery("easy", 3.0), mastery("hard", -3.0)], [3.0, -3.0]) == []
    strong, weak = stand_out([mastery("easy", 3.0), mastery("hard", 0.0)], [3.0, -3.0])
    assert {strong.skill, weak.skill} == {"easy", "hard"}
    found = {part.skill: part.difference for part in (strong, weak)}
    assert found["hard"] == pytest.approx(1.5)
    assert found["easy"] == pytest.approx(-1.5)
    assert strong.probability >= weak.probability > 0.99


def test_an_uncertain_difference_is_none():
    assert stand_out([mastery("a", 0.6, 2.0), mastery("b", 0.0, 2.0)], [0.0, 0.0]) == []


@pytest.mark.parametrize("count", [0, 1])
def test_with_less_than_two_skills_nothing_stands_out(count: int):
    assert stand_out([mastery("a", 5.0)][:count], [0.0][:count]) == []
