import pytest
from hypothesis import given
from hypothesis import strategies as st
from ustaz_grading.nbgrader.late import DAY_S, penalty


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-5, 0), (0, 0), (1, 1), (DAY_S, 1), (DAY_S + 1, 2), (9 * DAY_S + 1, 10), (99 * DAY_S, 10)],
)
def test_each_started_day_costs_a_tenth(seconds: float, expected: float) -> None:
    assert penalty(10, seconds, 0.1) == pytest.approx(expected)


@given(st.floats(0, 1e6), st.floats(-1e7, 1e9), st.floats(0, 1))
def test_a_penalty_is_never_negative_nor_more_than_was_earned(
    score: float, seconds: float, share: float
) -> None:
    assert 0 <= penalty(score, seconds, share) <= score + 1e-6


@given(st.floats(0, 1e8), st.floats(0, 1e8))
def test_later_never_costs_less(one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert penalty(10, early, 0.07) <= penalty(10, late, 0.07)
