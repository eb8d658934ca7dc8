from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from store_support import answer
from ustaz_grading.profiles import Cohort, cohort, update_mastery
from ustaz_grading.profiles.cohort import HELP_BELOW
from ustaz_grading.records import Student

if TYPE_CHECKING:
    from ustaz_grading.store import Store


@pytest.fixture
def three(memory: Store) -> Store:
    """Give a strong, a weak and a silent learner in the skills a and b."""
    memory.add_students([Student(id="strong", last_name="Әбіл", first_name="Айгүл")])
    memory.add_evidence(
        answer(number, learner=who, skills=(skill,), score=score, item=f"i{number % 4}")
        for number, (who, skill, score) in enumerate(
            [("strong", "a", 1.0), ("weak", "a", 0.0), ("strong", "b", 1.0)] * 15
        )
    )
    update_mastery(memory, "algebra")
    return memory


def test_arrays_agree_with_the_stored_masteries(three: Store):
    found = cohort(three, "algebra")
    assert (found.learners, found.skills) == (("strong", "weak"), ("a", "b"))
    for row, learner in enumerate(found.learners):
        for column, skill in enumerate(found.skills):
            kept = [m for m in three.masteries("algebra", learner) if m.skill == skill]
            if not kept:
                assert found.answers[row, column] == 0
                assert np.isnan(found.mean[row, column])
                continue
            (mastery,) = kept
            assert found.mastery[row, column] == pytest.approx(mastery.probability)
            bounds = found.low[row, column], found.high[row, column]
            assert bounds == pytest.approx(mastery.interval)
            assert found.answers[row, column] == mastery.answers


def test_class_list_decides_who_has_a_row_and_skills_who_a_column(three: Store):
    found = cohort(
        three,
        "algebra",
        learners=["weak", "silent", "strong"],
        skills=["c", "b", "a"],
        titles={"a": "Сандар"},
    )
    assert found.learners == ("silent", "strong", "weak")
    assert found.names == ("silent", "Әбіл Айгүл", "weak")
    assert found.titles == ("c", "b", "Сандар")
    assert found.answers.tolist() == [[0, 0, 0], [0, 15, 15], [0, 0, 15]]
    assert np.isnan(found.overall[0])
    # A learner who left the class list is not shown.
    assert cohort(three, "algebra", learners=["weak"]).learners == ("weak",)


def test_who_surely_needs_help_is_whose_whole_interval_is_low(three: Store):
    found = cohort(three, "algebra", learners=["weak", "silent", "strong"])
    assert [found.learners[row] for row in found.needing_help()] == ["weak"]
    assert found.weak_skills.tolist() == [0, 0, 1]
    assert found.high[2, 0] < HELP_BELOW


def test_most_weak_skills_come_first_among_those_who_need_help():
    found = shaped([[-3, -3], [-3, 2], [-4, 2], [2, 2]], sd=0.1)
    assert found.needing_help().tolist() == [0, 2, 1]


def test_a_low_but_unsure_mastery_asks_for_nobody():
    assert shaped([[-0.5]], sd=1.0).needing_help().tolist() == []


def test_quantiles_are_of_those_with_answers():
    found = shaped([[0.0, np.nan], [2.0, np.nan], [np.nan, np.nan]], sd=0.3)
    low, high = found.quantiles([0, 1])
    assert (low[0], high[0]) == pytest.approx((0.5, 1 / (1 + np.exp(-2.0))))
    assert np.isnan(low[1])


def test_taking_rows_and_columns_keeps_values_beside_their_names(three: Store):
    whole = cohort(three, "algebra", learners=["weak", "silent", "strong"])
    part = whole.take([2, 1], [1])
    assert (part.learners, part.skills) == (("weak", "strong"), ("b",))
    assert part.answers.tolist() == [[0], [15]]
    assert whole.take(np.array([], dtype=np.int64)).learners == ()


def test_arrays_are_read_only(three: Store):
    found = cohort(three, "algebra")
    for array in (found.mean, found.sd, found.answers, found.mastery, found.low, found.overall):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_last_answers_are_loaded_when_asked_for(three: Store):
    assert len(cohort(three, "algebra").recent["strong", "a"]) == 3
    assert cohort(three, "algebra", recent=0).recent == {}


def test_a_course_without_evidence_is_an_empty_cohort(memory: Store):
    found = cohort(memory, "nothing")
    assert (found.learners, found.skills, found.mastery.shape) == ((), (), (0, 0))
    assert found.needing_help().tolist() == []
    assert cohort(memory, "nothing", learners=["anna"], skills=["a"]).answers.tolist() == [[0]]


def shaped(means: list[list[float]], *, sd: float) -> Cohort:
    mean = np.array(means, dtype=float)
    learners = tuple(f"s{row}" for row in range(mean.shape[0]))
    skills = tuple(f"k{column}" for column in range(mean.shape[1]))
    known = np.isfinite(mean)
    return Cohort(
        course="algebra",
        learners=learners,
        names=learners,
        skills=skills,
        titles=skills,
        mean=mean,
        sd=np.where(known, sd, np.nan),
        answers=known.astype(np.int64),
    )
