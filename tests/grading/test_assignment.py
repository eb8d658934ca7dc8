from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ustaz_grading.assignments.assignment import (
    Slot,
    candidates,
    choose,
    load_assignment,
    parse_assignment,
    points_of,
)
from ustaz_grading.errors import AssignmentError, GradingError, MissingRecordError

GOOD = """\
title = { kk = "Бақылау", ru = "Контрольная", en = "Test" }
due = 2026-12-01T23:59:00+05:00
late_penalty_per_day = 0.1
[[slots]]
id = "q1"
template = "linear-equation"
points = 2
[[slots]]
id = "q2"
skill = "percent"
difficulty = [0.2, 0.6]
"""


def write(folder: Path, text: str, name: str = "work") -> None:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def test_a_good_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    found = load_assignment(tmp_path, "work")
    assert [slot.id for slot in found.slots] == ["q1", "q2"]
    assert found.titled("ru") == "Контрольная"
    assert found.slot("q2").difficulty == (0.2, 0.6)
    with pytest.raises(MissingRecordError, match="q1, q2"):
        found.slot("q3")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "q1"', 'id = "Q 1"', "variable's name"),
        ('id = "q1"', 'id = "print"', "word of Python"),
        ('id = "q1"', 'id = "lambda"', "word of Python"),
        ('id = "q2"', 'id = "q1"', "stands twice"),
        ("points = 2", "points = -1", "points is -1"),
        ("points = 2", "points = nan", "points is nan"),
        ("points = 2", 'points = "two"', "points is 'two'"),
        ("points = 2", "pints = 2", "'pints' is not known"),
        ("[0.2, 0.6]", "[0.9, 0.1]", "difficulty"),
        ("[0.2, 0.6]", "0.5", "difficulty"),
        ("= 0.1", "= 1.5", "late_penalty_per_day is 1.5"),
        ("+05:00", "", "expected a time with its zone"),
        ('skill = "percent"', 'skill = "percent"\ntemplate = "x"', "exactly one of"),
        ('template = "linear-equation"', "templates = [1]", "list of template ids"),
        ("title = {", "titel = {", "'titel' is not known"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(AssignmentError, match="faults") as error:
        load_assignment(tmp_path, "work")
    assert said in str(error.value)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("points = 2", "points = 0").replace("= 0.1", "= 7"))
    with pytest.raises(AssignmentError, match="2 faults"):
        load_assignment(tmp_path, "work")


@pytest.mark.parametrize("text", ["title = ", "\0", "[[slots]", "é".encode("latin-1")])
def test_what_is_no_toml_is_told(tmp_path: Path, text: str | bytes) -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "work.toml").write_bytes(raw)
    with pytest.raises(AssignmentError, match="cannot be read"):
        load_assignment(tmp_path, "work")


@pytest.mark.parametrize("name", ["../work", "", ".work", "a/b", "a+b", "x" * 65, "a..b"])
def test_names_that_would_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(AssignmentError):
        load_assignment(tmp_path, name)


def test_a_missing_file_names_the_others(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "week-1")
    with pytest.raises(AssignmentError, match="There are: week-1"):
        load_assignment(tmp_path, "week-2")


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "title", "due", "slots", "template", "skill", "points", "kinds",
                         "difficulty", "late_penalty_per_day"]), inner, max_size=5),
))  # fmt: skip
def test_no_table_raises_anything_else(table: Any) -> None:
    if not isinstance(table, dict):
        return
    with suppress(GradingError):
        parse_assignment(table, "work", name="work.toml")


def template(name: str, **fields: Any) -> Any:
    return SimpleNamespace(
        **{"id": name, "kind": "number", "skills": ("percent",), "difficulty": 0.5, "points": 1.0}
        | fields
    )


BANK = [
    template("a"),
    template("b", difficulty=0.9),
    template("c", kind="choice"),
    template("d", skills=("roots", "percent")),
    template("e", kind="text"),
]


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (Slot("q1", skill="percent"), ["a", "b", "c"]),
        (Slot("q1", skill="percent", difficulty=(0.0, 0.6)), ["a", "c"]),
        (Slot("q1", skill="percent", kinds=("choice",)), ["c"]),
        (Slot("q1", skill="percent", kinds=("text",)), ["e"]),
        (Slot("q1", skill="roots"), ["d"]),
    ],
)
def test_a_skill_is_filled_by_its_main_templates(slot: Slot, expected: list[str]) -> None:
    assert [t.id for t in candidates(slot, lambda _: BANK[0], BANK)] == expected


def test_a_skill_without_templates_says_what_to_widen() -> None:
    with pytest.raises(AssignmentError, match="Widen the bounds"):
        candidates(Slot("q1", skill="nothing"), lambda _: BANK[0], BANK)


def test_text_is_not_mixed_with_what_a_machine_grades() -> None:
    named = {t.id: t for t in BANK}
    with pytest.raises(AssignmentError, match="mixes"):
        candidates(Slot("q1", templates=("a", "e")), named.__getitem__, BANK)


def test_points_must_agree_unless_the_slot_says() -> None:
    worth = [template("a", points=1.0), template("b", points=2.0)]
    with pytest.raises(AssignmentError, match="1 or 2"):
        points_of(Slot("q1"), worth)
    assert points_of(Slot("q1", points=3.0), worth) == 3.0


def test_choice_is_stable_and_spread_evenly() -> None:
    fitting = [template("a"), template("b"), template("c")]
    chosen = [choose(fitting, b"secret", "work", "q1", f"s{n}").id for n in range(600)]
    again = [choose(fitting, b"secret", "work", "q1", f"s{n}").id for n in range(600)]
    assert chosen == again
    assert all(150 < chosen.count(name) < 250 for name in "abc")
    other = [choose(fitting, b"other", "work", "q1", f"s{n}").id for n in range(600)]
    assert other != chosen
