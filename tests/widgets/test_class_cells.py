from __future__ import annotations

import html
from dataclasses import replace

import numpy as np
import pytest
from class_support import make_cohort
from hypothesis import given
from hypothesis import strategies as st
from ustaz_grading.profiles.cohort import HELP_BELOW, SECURE_ABOVE
from ustaz_widgets.teacher.cells import SYMBOLS, UNSURE_FROM, Cells, State
from ustaz_widgets.teacher.labels import (
    NAME_CHARACTERS,
    harmless,
    name_key,
    plain,
    row_names,
    shortened,
)
from ustaz_widgets.teacher.palette import DARK, LIGHT, ON_DARK, ON_LIGHT, colours, on_cell


def test_states_follow_the_interval():
    cells = Cells(make_cohort(60, 8))
    seen = set()
    for row, column in np.ndindex(cells.state.shape):
        state = State(int(cells.state[row, column]))
        low, high = cells.cohort.low[row, column], cells.cohort.high[row, column]
        seen.add(state)
        if state is State.EMPTY:
            assert cells.cohort.answers[row, column] == 0
            assert cells.percent[row, column] == -1
        elif state is State.HELP:
            assert high < HELP_BELOW
        elif state is State.SECURE:
            assert low > SECURE_ABOVE
        else:
            wide = cells.high[row, column] - cells.low[row, column] >= UNSURE_FROM
            assert (state is State.UNSURE) == wide
    assert seen == set(State)


def test_who_is_in_state_help_is_who_the_cohort_says():
    cells = Cells(make_cohort(60, 8))
    helped = set(np.flatnonzero((cells.state == State.HELP).any(axis=1)))
    assert helped == set(cells.cohort.needing_help())


def test_every_state_but_one_has_a_mark_besides_its_colour():
    marks = [SYMBOLS[state] for state in State]
    assert len(set(marks)) == len(State)
    assert SYMBOLS[State.MIDDLE] == ""


def test_labels_hold_the_number_and_the_mark():
    cells = Cells(make_cohort(60, 8))
    for row, column in np.ndindex(cells.state.shape):
        label, state = cells.label(row, column), State(int(cells.state[row, column]))
        assert SYMBOLS[state] in label
        if state is not State.EMPTY:
            assert str(cells.percent[row, column]) in label


@pytest.mark.parametrize("by", ["name", "mastery", "help", "skill-1", "skill-4"])
def test_every_order_shows_everyone_once(by: str):
    cells = Cells(make_cohort(30))
    assert sorted(cells.order(by)) == list(range(30))


def test_names_follow_the_kazakh_alphabet_whatever_their_case():
    names = ["Яна", "әли", "Ахмет", "Ғани", "Гүл", "Қара", "Кім", "Ұлан", "Уәли", "Үміт", "Anna"]
    assert sorted(names, key=name_key) == [
        "Anna", "Ахмет", "әли", "Гүл", "Ғани", "Кім", "Қара", "Уәли", "Ұлан", "Үміт", "Яна",
    ]  # fmt: skip


def test_order_by_mastery_is_lowest_first_and_unknown_last():
    cells = Cells(make_cohort(30))
    found = cells.overall[cells.order("mastery")]
    known = found[found >= 0]
    assert known.tolist() == sorted(known)
    assert found[-1] == -1


def test_order_by_help_starts_with_those_who_surely_need_it():
    cells = Cells(make_cohort(60))
    pressing = cells.helped_rows.tolist()
    assert pressing
    assert cells.order("help")[: len(pressing)].tolist() == pressing


def test_order_by_skill_is_lowest_first_and_unknown_last():
    cells = Cells(make_cohort(30))
    found = cells.percent[cells.order("skill-2"), 2].tolist()
    known = [percent for percent in found if percent >= 0]
    assert found == sorted(known) + [-1] * (30 - len(known))


def test_unknown_order_is_refused_with_what_there_is():
    with pytest.raises(ValueError, match=r"order is 'age'; expected name, mastery, help .*skill-0"):
        Cells(make_cohort()).order("age")


@given(st.text())
def test_nothing_that_plotly_reads_as_markup_remains(text: str):
    shown = harmless(text)
    assert "<" not in shown
    assert ">" not in shown
    assert "$" not in shown
    assert html.unescape(shown) == html.unescape(html.escape(plain(text), quote=False))


@given(st.text())
def test_plain_text_is_one_line_without_direction_marks(text: str):
    shown = plain(text)
    assert shown == plain(shown)
    assert not set(shown) & set("\n\r\t\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2069\0")


def test_who_has_no_name_is_called_by_the_id():
    cells = Cells(replace(make_cohort(2, 2), names=("", "\u202e\n"), titles=("", "Сандар")))
    assert cells.names == ("s0000", "s0001")
    assert cells.titles == ("skill-0", "Сандар")


@given(st.text(), st.integers(1, 40))
def test_shortened_text_keeps_its_limit(text: str, limit: int):
    assert len(shortened(text, limit)) <= limit


def test_names_that_look_the_same_carry_their_ids():
    long = "Әбдіқадыров Құдайберген Жолымбетұлы"
    names = row_names(("Ли Анна", long, long, "Ли Анна", "Ким"), ("a", "b", "c", "d", "e"))
    assert len(set(names)) == 5
    assert names[4] == "Ким"
    assert all(len(name) <= NAME_CHARACTERS + 2 for name in names)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_scale_is_ordered_by_lightness_alone():
    light = [luminance(colour) for colour in colours()]
    assert len(light) == 101
    assert light == sorted(light)
    assert light[100] - light[0] > 0.7


def test_letters_on_cells_have_the_contrast_of_readable_text():
    assert {on_cell(0), on_cell(100)} == {ON_DARK, ON_LIGHT}
    for percent, colour in enumerate(colours()):
        assert contrast(on_cell(percent), colour) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_letters_on_both_grounds_have_the_contrast_of_readable_text(theme):
    for ground in (theme.ground, theme.panel, theme.empty):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.soft, ground) >= 4.5


def test_half_percents_are_rounded_once_for_all():
    cohort = make_cohort(3, 2)
    mean = np.full((3, 2), np.log(0.725 / 0.275))
    cells = Cells(replace(cohort, mean=mean, sd=np.full((3, 2), 0.2), answers=np.ones((3, 2), int)))
    assert set(cells.percent.ravel().tolist()) <= {72, 73}
    assert cells.percent.dtype == np.int64
