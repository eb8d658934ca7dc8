from datetime import UTC, datetime
from types import MappingProxyType, SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ustaz_courses import Curriculum, Skill
from ustaz_grading.practice.choose import (
    ANSWERS_MIN,
    RUN_LENGTH,
    choose_skill,
    choose_template,
    is_mastered,
)
from ustaz_grading.records import Mastery

TITLE = MappingProxyType({"en": "A skill"})


def curriculum(pairs):
    return Curriculum(
        tuple(Skill(id=name, title=TITLE, requires=tuple(requires)) for name, requires in pairs)
    )


CHAIN = (("a", ()), ("b", ("a",)), ("c", ("b",)), ("d", ()))


def mastery(skill, *, answers=ANSWERS_MIN, mean=3.0):
    return Mastery(
        course="class",
        learner="aliya",
        skill=skill,
        mean=mean,
        sd=0.5,
        answers=answers,
        updated_at=datetime(2026, 9, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("known", "expected"),
    [((), "a"), (("a",), "b"), (("a", "b"), "c"), (("a", "b", "c"), "d"), (("d",), "a")],
)
def test_the_first_skill_that_is_ready_comes_next(known, expected):
    masteries = {skill: mastery(skill) for skill in known}
    assert choose_skill(curriculum(CHAIN), set("abcd"), masteries, []) == expected


def test_a_prerequisite_without_exercises_holds_nobody_back():
    assert choose_skill(curriculum(CHAIN), {"c"}, {}, []) == "c"


def test_when_all_is_mastered_the_weakest_is_repeated_but_not_twice_in_a_row():
    masteries = {
        skill: mastery(skill, mean=mean) for skill, mean in zip("abcd", (4, 2, 3, 5), strict=True)
    }
    assert choose_skill(curriculum(CHAIN), set("abcd"), masteries, []) == "b"
    assert choose_skill(curriculum(CHAIN), set("abcd"), masteries, ["b"]) == "c"


def test_after_a_run_another_ready_skill_gets_a_turn():
    assert choose_skill(curriculum(CHAIN), set("abcd"), {}, ["a"] * RUN_LENGTH) == "d"


def test_nothing_to_practise_is_none():
    assert choose_skill(curriculum(CHAIN), set(), {}, []) is None


@pytest.mark.parametrize(
    ("answers", "mean", "expected"),
    [(ANSWERS_MIN, 3.0, True), (ANSWERS_MIN - 1, 9.0, False), (50, 0.0, False)],
)
def test_one_lucky_answer_is_no_mastery(answers, mean, expected):
    assert is_mastered(mastery("a", answers=answers, mean=mean)) is expected


def test_no_answer_is_no_mastery():
    assert not is_mastered(None)


def templates(difficulties):
    return [
        SimpleNamespace(id=name, difficulty=difficulty) for name, difficulty in difficulties.items()
    ]


def test_a_beginner_begins_with_the_easiest():
    assert choose_template(templates({"hard": 0.9, "easy": 0.1}), None, []).id == "easy"


def test_who_is_sure_gets_the_harder_one():
    sure = mastery("a", mean=4.0)
    assert choose_template(templates({"hard": 0.9, "easy": 0.1}), sure, []).id == "hard"


def test_the_template_just_had_comes_last():
    choice = choose_template(templates({"x": 0.5, "y": 0.5}), None, ["x", "y", "y", "y"])
    assert choice.id == "y"


@given(st.lists(st.sampled_from("abcd"), max_size=40), st.sets(st.sampled_from("abcd")))
def test_what_is_chosen_is_always_practicable(recent, practicable):
    found = choose_skill(curriculum(CHAIN), practicable, {}, recent)
    assert (found in practicable) if practicable else found is None
