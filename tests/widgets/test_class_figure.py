from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from class_support import HOSTILE, make_cohort
from ustaz_widgets.teacher import ClassProfile, class_figure
from ustaz_widgets.teacher.cells import Cells, State
from ustaz_widgets.teacher.class_plot import GRID_MAX
from ustaz_widgets.teacher.grid import LINE_SPAN, LINE_Y
from ustaz_widgets.teacher.overview import summaries
from ustaz_widgets.teacher.palette import on_cell


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_the_package_is_imported_without_plotly():
    code = "import sys, ustaz_widgets.teacher; print('plotly' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_name_that_the_package_does_not_have_is_an_attribute_error():
    import ustaz_widgets.teacher

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ustaz_widgets.teacher.nothing  # noqa: B018


def test_a_cell_shows_mastery_as_colour_and_number_and_certainty_as_a_line():
    cohort = make_cohort(20)
    cells, drawn = Cells(cohort), traces(class_figure(cohort, language="en"))
    known = int((cohort.answers > 0).sum())
    for name in ("cells", "lines", "intervals"):
        assert len(drawn[name].y) == known
    rows = cells.order("name")
    intervals, lines = drawn["intervals"], drawn["lines"]
    for y, start, base, length, ink in zip(
        lines.y, lines.base, intervals.base, intervals.x, intervals.marker.color, strict=True
    ):
        row, column = rows[round(y - LINE_Y)], round(start + LINE_SPAN / 2)
        low, high = cells.low[row, column], cells.high[row, column]
        assert base == pytest.approx(start + LINE_SPAN * low / 100)
        assert length == pytest.approx(LINE_SPAN * max(high - low, 2) / 100)
        assert ink == on_cell(int(cells.percent[row, column]))
    assert drawn["labels"].text[0] == cells.label(int(rows[0]), 0)


def test_a_skill_without_answers_is_hatched_and_one_that_nobody_began_is_left_out():
    cohort = make_cohort(20)
    figure = class_figure(cohort, language="en")
    empty = traces(figure)["empty"]
    assert empty.marker.pattern.shape == "/"
    assert len(empty.y) == int((cohort.answers[:, :4] == 0).sum())
    assert len(figure.layout.xaxis.ticktext) == 4


def test_the_marks_are_explained_under_the_plot():
    figure = class_figure(make_cohort(20), language="ru")
    (key,) = figure.layout.annotations
    for words in ("▼ точно нужна помощь", "≈ мало ответов", "✓ точно освоено", "черта: "):
        assert words in key.text


def test_hover_opens_onto_the_last_answers():
    cohort = make_cohort(20)
    figure = class_figure(cohort, language="ru")
    stories = [text for text in traces(figure)["cells"].hovertext if "Exercise 0" in text]
    assert stories
    answer = cohort.recent[next(iter(cohort.recent))][0]
    assert any(answer.at.strftime("%d.%m.%Y") in text for text in stories)
    assert all(text.count("Exercise") <= 3 for text in stories)
    assert any("подсказок: 1" in text for text in stories)


@pytest.mark.parametrize("order", ["name", "mastery", "help", "skill-1"])
def test_the_menu_sorts_as_a_figure_made_in_that_order(order: str):
    cohort = make_cohort(20)
    start = class_figure(cohort, language="en", order="name")
    wanted = class_figure(cohort, language="en", order=order)
    menu = start.layout.updatemenus[0]
    button = menu.buttons[["name", "mastery", "help", "skill-0", "skill-1"].index(order)]
    moved, layout, which = button.args
    assert list(layout["yaxis.ticktext"]) == list(wanted.layout.yaxis.ticktext)
    assert list(which) == [0, 1, 2, 3, 4]
    for number in which:
        before = sorted(
            zip(map(_rounded, moved["y"][number]), _content(start.data[number]), strict=True)
        )
        after = sorted(
            zip(map(_rounded, wanted.data[number].y), _content(wanted.data[number]), strict=True)
        )
        assert before == after


def _rounded(y: float) -> float:
    return round(float(y), 6)


def _content(trace):
    if trace.name == "labels":
        return list(zip(trace.x, trace.text, strict=True))
    return list(zip(map(_rounded, trace.base), map(_rounded, trace.x), strict=True))


def test_hostile_names_and_titles_reach_plotly_as_text_only():
    cohort = make_cohort(20, 12, hostile=True)
    figure = class_figure(cohort, language="en")
    texts = [
        *figure.layout.xaxis.ticktext,
        *figure.layout.yaxis.ticktext,
        *(button.label for button in figure.layout.updatemenus[0].buttons),
    ]
    stories = [text for trace in figure.data for text in (trace.hovertext or ())]
    for text in [*texts, *(part for story in stories for part in _unmarked(story))]:
        assert "<" not in text
        assert "\u202e" not in text
        assert "\n" not in text
    assert any("&lt;script&gt;" in text for text in stories)
    assert not any("%{" in trace.hovertemplate.replace("%{hovertext}", "")
                   for trace in figure.data if trace.hovertemplate)  # fmt: skip
    assert len(HOSTILE) < 20


def _unmarked(story: str) -> list[str]:
    return story.replace("<b>", "", 1).replace("</b>", "", 1).split("<br>")


def test_a_large_class_is_summed_up_and_every_student_counted():
    cohort = make_cohort(3_000, 6)
    figure = class_figure(cohort, language="kk")
    skills = summaries(Cells(cohort))
    assert len(skills) == 5
    for skill in skills:
        assert skill.learners == int((cohort.answers[:, skill.column] > 0).sum())
        assert list(skill.percentiles) == sorted(skill.percentiles)
    helped = [skill.counts[0] for skill in skills]
    states = Cells(cohort).state
    assert helped == [int((states[:, skill.column] == State.HELP).sum()) for skill in skills]
    parts = [trace for trace in figure.data if trace.xaxis is None and trace.type == "bar"]
    assert np.sum([trace.x for trace in parts], axis=0) == pytest.approx([100] * 5)
    assert sum(len(trace.y) for trace in figure.data) < 100


def test_a_large_class_orders_its_skills():
    cohort = make_cohort(200, 6)
    plain, by_mastery, by_help = (
        class_figure(cohort, language="en", order=order).layout.yaxis.ticktext
        for order in ("name", "mastery", "help")
    )
    assert [text.split(":")[0] for text in plain] == [f"Skill {n}" for n in range(5)]
    # In the made class later skills are harder.
    assert [text.split(":")[0] for text in by_mastery] == [f"Skill {n}" for n in range(4, -1, -1)]
    assert sorted(by_help) == sorted(plain)


@pytest.mark.parametrize("students", [1, GRID_MAX, GRID_MAX + 1])
@pytest.mark.parametrize("dark", [False, True])
def test_classes_of_any_size_have_a_figure(students: int, *, dark: bool):
    figure = class_figure(make_cohort(students, 4), language="en", dark=dark)
    assert figure.layout.height > 100


@pytest.mark.parametrize(("students", "skills"), [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_a_class_without_answers_says_so(students: int, skills: int):
    cohort = make_cohort(1, 1).take(range(min(students, 1)), range(min(skills, 1)))
    figure = class_figure(cohort, language="ru")
    assert figure.layout.annotations[0].text == "Ответов ещё нет."


def test_unknown_language_or_order_is_refused():
    with pytest.raises(ValueError, match="language is 'de'; expected one of kk, ru, en"):
        class_figure(make_cohort(), language="de")
    with pytest.raises(ValueError, match="order is 'size'"):
        class_figure(make_cohort(), language="en", order="size")


def test_a_notebook_shows_the_page_in_a_frame_of_another_origin():
    shown = ClassProfile(make_cohort(3, 3), "kk", title="8 <Б>")._repr_html_()
    head = shown.split("srcdoc=", 1)[0]
    assert 'sandbox="allow-scripts allow-downloads"' in head
    assert "8 &lt;Б&gt;" in head
    assert shown.count("<") == 2
