import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from ustaz_grading.nbgrader import reading
from ustaz_grading.nbgrader.reading import UNREADABLE, Given, parse_reply, response, shown

x = sympy.Symbol("x")


def said(value: Any, **others: Any) -> Given:
    """Return what a kernel whose `q1` holds the value says, read back on the host."""
    namespace: dict[str, Any] = {"q1": value, **others}
    text = eval(reading.expression_for("q1"), namespace)  # noqa: S307 - the text is our own
    return parse_reply({"status": "ok", "data": {"text/plain": repr(text)}})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3,5", "3,5"),
        (3, 3),
        (-3.5, -3.5),
        (True, None),
        (None, None),
        (Fraction(1, 3), "1/3"),
        (Decimal("2.50"), "2.50"),
        ([1, 2.5, "a"], [1, 2.5, "a"]),
        ((1, 2), [1, 2]),
        ({7}, [7]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ([], []),
        (2 * x + 3, "2*x + 3"),
        (x**2, "x**2"),
        (sympy.Rational(1, 3), "1/3"),
        (sympy.Float("0.5"), 0.5),
        (sympy.Integer(4), "4"),
        (sympy.Matrix([[1, 2], [3, 4]]), [["1", "2"], ["3", "4"]]),
        (sympy.FiniteSet(1, 2), ["1", "2"]),
        (sympy.S.EmptySet, []),
        (np.int64(5), 5),
        (np.float64(0.25), 0.25),
        (np.array([[1, 2]]), [[1, 2]]),
    ],
)
def test_answers_of_many_types_are_read(value: Any, expected: Any) -> None:
    found = said(value)
    if expected is None:
        assert found.type == "other"
        assert not found.is_answer
    else:
        assert found.is_answer
        assert response(found) == expected


def test_a_student_who_shadows_builtins_is_still_read() -> None:
    assert response(said([1, 2], str=7, list="x", repr=None, len=0, isinstance=1)) == [1, 2]


def test_ellipsis_is_blank_and_an_unset_name_missing() -> None:
    assert said(...).type == "blank"
    text = eval(reading.expression_for("q2"), {"q1": 1})  # noqa: S307 - the text is our own
    assert parse_reply({"data": {"text/plain": repr(text)}}).type == "missing"


class Raises:
    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __str__


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize(
    "value",
    [Raises(), object(), {"a": 1}, [object()], lambda: 1, 1 << 99999],
    ids=["raises", "object", "dict", "list of objects", "function", "30,000 digits"],
)
def test_what_is_no_answer_is_said_to_be_none(value: Any) -> None:
    assert not said(value).is_answer


def test_a_lying_number_is_read_as_the_number_it_is() -> None:
    assert response(said(Liar(3))) == 3
    assert type(response(said(Liar(3)))) is int


def test_a_list_within_itself_is_no_answer() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert not said(endless).is_answer


def test_a_megabyte_of_text_is_cut() -> None:
    assert len(said("9" * 1_000_000).text) <= reading.TEXT_CHARACTERS_MAX + 1


HOSTILE = [
    None,
    {},
    {"status": "error", "ename": "X"},
    {"data": {}},
    {"data": {"text/plain": 7}},
    {"data": {"text/plain": "x" * 200_000}},
    {"data": {"text/plain": "__import__('os').system('true')"}},
    {"data": {"text/plain": "(" * 10_000}},
    {"data": {"text/plain": repr("[" * 50_000)}},
    {"data": {"text/plain": repr("not json")}},
    {"data": {"text/plain": repr(json.dumps(["list"]))}},
    {"data": {"text/plain": repr(json.dumps({"type": "int", "text": "9" * 5000}))}},
    {"data": {"text/plain": repr(json.dumps({"type": "int", "text": "1+1"}))}},
    {"data": {"text/plain": repr(json.dumps({"type": "float", "text": "exec"}))}},
    {"data": {"text/plain": repr(json.dumps({"type": "code", "text": "1"}))}},
    {"data": {"text/plain": repr(json.dumps({"type": "list", "members": 3}))}},
    {"data": {"text/plain": repr(json.dumps({"type": "text", "text": ["a"]}))}},
]


@pytest.mark.parametrize("reply", HOSTILE)
def test_hostile_replies_are_no_answers(reply: Any) -> None:
    assert not parse_reply(reply).is_answer


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["type", "text", "members", "data", "text/plain"]), inner),
    max_leaves=20,
))  # fmt: skip
def test_no_reply_raises(reply: Any) -> None:
    parse_reply(reply)
    parse_reply({"data": {"text/plain": repr(json.dumps(reply))}})


def test_unreadable_is_no_answer() -> None:
    assert not UNREADABLE.is_answer


def test_feedback_repeats_a_list_as_one() -> None:
    assert shown(said([1, "a", [2.5]])) == "[1, a, [2.5]]"


def test_reader_is_sent_as_source_and_needs_nothing_of_ours() -> None:
    source = (Path(reading.__file__).parent / "_reader.py").read_text(encoding="utf-8")
    assert "ustaz" not in source.replace("ustaz_grading", "ustaz")
