import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ustaz_widgets.student.actions import (
    LABELS_MAX,
    TEXT_CHARACTERS_MAX,
    Action,
    TooLongError,
    read_action,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"do": "refresh"}, Action(do="refresh")),
        ({"do": "language", "language": "ru"}, Action(do="language", language="ru")),
        (
            {"do": "next", "skill": "linear-equations", "item": "7"},
            Action(do="next", skill="linear-equations", item="7"),
        ),
        ({"do": "next", "skill": "", "item": ""}, Action(do="next")),
        (
            {"do": "check", "item": "7", "response": "x = 2", "attempt": 3},
            Action(do="check", item="7", response="x = 2", attempt=3),
        ),
        (
            {"do": "check", "item": "7", "response": ["B", "A"], "attempt": 0},
            Action(do="check", item="7", response=("B", "A")),
        ),
        ({"do": "hint", "item": "7", "shown": 1}, Action(do="hint", item="7", shown=1)),
        ({"do": "solution", "item": "7"}, Action(do="solution", item="7")),
    ],
)
def test_what_the_page_asks_is_read(content, expected):
    assert read_action(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "next",
        {},
        {"do": "eval", "code": "1"},
        {"do": ["next"]},
        {"do": "__class__"},
        {"do": "language", "language": "fr"},
        {"do": "language", "language": ["kk"]},
        {"do": "language", "language": "kk,ru"},
        {"do": "next", "skill": "../../etc"},
        {"do": "next", "skill": "a" * 101},
        {"do": "next", "skill": {}, "item": ""},
        {"do": "next", "skill": "", "item": "1; DROP TABLE"},
        {"do": "check", "response": "1"},
        {"do": "check", "item": "", "response": "1"},
        {"do": "check", "item": 7, "response": "1"},
        {"do": "check", "item": "7", "response": {"value": "1"}},
        {"do": "check", "item": "7", "response": ["A"] * (LABELS_MAX + 1)},
        {"do": "check", "item": "7", "response": ["A" * 99]},
        {"do": "check", "item": "7", "response": [["A"]]},
        {"do": "check", "item": "7", "response": "1", "attempt": -1},
        {"do": "check", "item": "7", "response": "1", "attempt": True},
        {"do": "check", "item": "7", "response": "1", "attempt": 1e9},
        {"do": "hint", "item": "7", "shown": "1"},
        {"do": "solution", "item": "9" * 19},
        {"do": "solution", "item": "٣"},
    ],
)
def test_anything_else_is_no_action(content):
    assert read_action(content) is None


def test_an_answer_beyond_all_measure_is_told_apart():
    content = {"do": "check", "item": "7", "response": "x" * (TEXT_CHARACTERS_MAX + 1)}
    with pytest.raises(TooLongError):
        read_action(content)


def test_halves_of_characters_become_text():
    content = json.loads('{"do": "check", "item": "7", "response": "a\\ud800b"}')
    assert read_action(content).response.encode() == b"a?b"


@given(JSON)
def test_no_message_raises(content):
    read_action(content)


@given(st.sampled_from(["language", "next", "check", "hint", "solution", "refresh"]), JSON, JSON)
def test_no_field_raises(do, one, other):
    fields = {"item": one, "skill": other, "response": other, "attempt": one, "shown": other}
    found = read_action({"do": do, "language": one, **fields})
    assert found is None or found.do == do
