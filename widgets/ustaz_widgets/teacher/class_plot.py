"""The class's plot: students and skills, with mastery and how sure it is."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import plotly.graph_objects as go
from ustaz_courses.language import LANGUAGES

from ustaz_widgets.teacher.cells import ORDERS, SYMBOLS, Cells, State
from ustaz_widgets.teacher.classroom import class_cohort
from ustaz_widgets.teacher.grid import grid_figure
from ustaz_widgets.teacher.labels import (
    TITLE_CHARACTERS,
    harmless,
    say,
    shortened,
)
from ustaz_widgets.teacher.overview import overview_figure, summaries
from ustaz_widgets.teacher.palette import FONT, Theme, theme
from ustaz_widgets.teacher.story import STATE_WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from ustaz_grading.classroom import Classroom
    from ustaz_grading.profiles import Cohort

GRID_MAX: Final = 60
"""Students that a figure shows one by one; a larger class is summed up by skill."""
KEY_PX: Final = 36
"""Room for two lines under the plot."""
FRAME_PX: Final = 900
"""Height of the page inside a notebook."""

ORDER_WORDS: Final = {
    "name": "By name",
    "mastery": "Lowest mean mastery first",
    "help": "Who needs help first",
}
"""English msgids."""


def class_figure(
    cohort: Cohort, *, language: str, dark: bool = False, order: str = "name"
) -> go.Figure:
    """Return the plot of a class.

    Up to ``GRID_MAX`` students stand one by one, and a menu sorts them; of more, the figure shows
    for each skill how many stand where (see ``overview``). Skills without any answer are left out.

    Parameters
    ----------
    cohort
        The class; see ``class_cohort``.
    language
        kk, ru or en.
    dark
        For a dark ground.
    order
        ``name``, ``mastery`` (lowest mean first), ``help`` (who surely needs it first), or a
        skill's id (lowest first). In a large class it orders the skills: by ``mastery`` lowest
        median first, by ``help`` most students in need first, else as in the curriculum.

    Raises
    ------
    ValueError
        When the language or the order is none of these.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; expected one of {', '.join(LANGUAGES)}")
    cells, colours = Cells(cohort), theme(dark=dark)
    rows = cells.order(order)
    columns = started(cohort)
    if not len(rows) or not len(columns):
        return _nothing(colours, language)
    if len(rows) > GRID_MAX:
        skills = list(summaries(cells))
        if order == "mastery":
            skills.sort(key=lambda skill: skill.percentiles[2])
        elif order == "help":
            skills.sort(key=lambda skill: -skill.counts[0] / skill.learners)
        return overview_figure(skills, colours, language)
    figure = grid_figure(cells, rows, columns, colours, language)
    _add_key(figure, language)
    figure.update_layout(updatemenus=[_menu(cells, rows, columns, figure, order, language)])
    return figure


def started(cohort: Cohort) -> NDArray[Any]:
    """Return the columns of skills that anyone has answers in."""
    return np.flatnonzero(cohort.answers.sum(axis=0) > 0)


@dataclass(frozen=True)  # no slots: figure and page are made once, when asked for
class ClassProfile:
    """A class's plot as a notebook shows it: the whole page, with search, in a frame of its own."""

    cohort: Cohort
    language: str
    dark: bool = False
    title: str = ""

    @cached_property
    def figure(self) -> go.Figure:
        """The plot alone, as an ordinary plotly figure."""
        return class_figure(self.cohort, language=self.language, dark=self.dark)

    @cached_property
    def page(self) -> str:
        """The page as one HTML text."""
        from ustaz_widgets.teacher.page import class_page  # noqa: PLC0415 - it knows this module

        return class_page(self.cohort, language=self.language, dark=self.dark, title=self.title)

    def _repr_html_(self) -> str:
        # An origin of its own: the page's script cannot reach the notebook that shows it.
        source = html.escape(self.page, quote=True)
        title = html.escape(self.title or say("The class", self.language), quote=True)
        return (
            f'<iframe title="{title}" sandbox="allow-scripts allow-downloads" srcdoc="{source}"'
            f' style="width:100%;height:{FRAME_PX}px;border:0"></iframe>'
        )


def class_profile(classroom: Classroom, *, language: str = "", dark: bool = False) -> ClassProfile:
    """Return a classroom's plot; as the last value of a notebook's cell it is shown.

    Parameters
    ----------
    classroom
        Whose students.
    language
        kk, ru or en; empty: the classroom's.
    dark
        For a dark ground.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    chosen = language or classroom.config.language
    return ClassProfile(
        class_cohort(classroom, chosen), chosen, dark=dark, title=classroom.config.course_id
    )


def _menu(
    cells: Cells,
    rows: NDArray[Any],
    columns: NDArray[Any],
    figure: go.Figure,
    order: str,
    language: str,
) -> dict[str, Any]:
    shown = [harmless(name) for name in cells.row_names]
    titles = {
        cells.cohort.skills[int(column)]: harmless(
            shortened(cells.titles[int(column)], TITLE_CHARACTERS)
        )
        for column in columns
    }
    keys = [*ORDERS, *titles]
    buttons = []
    for key in keys:
        sorted_rows = cells.order(key)
        place = {int(row): place for place, row in enumerate(sorted_rows)}
        moved = [place[int(row)] for row in rows]
        buttons.append(
            {
                "label": titles.get(key) or harmless(say(ORDER_WORDS[key], language)),
                "method": "update",
                "args": [
                    # A bar's middle may lie beside its row's; rows keep their distance to it.
                    {"y": [[moved[round(y)] + y - round(y) for y in trace.y]
                           for trace in figure.data[:-1]]},
                    {"yaxis.ticktext": [shown[int(row)] for row in sorted_rows]},
                    list(range(len(figure.data) - 1)),
                ],
            }
        )  # fmt: skip
    return {
        "buttons": buttons,
        "active": keys.index(order) if order in keys else 0,
        "showactive": True,
        "type": "dropdown",
        # Over the names, beside the slanted titles.
        "x": 0,
        "xanchor": "right",
        "y": 1,
        "yanchor": "bottom",
        "pad": {"r": 12, "b": 90},
        "font": {"size": 12},
    }


def _add_key(figure: go.Figure, language: str) -> None:
    """Write what the marks mean under the plot, for a picture has no page around it."""
    marks = [
        f"{SYMBOLS[state]} {say(STATE_WORDS[state], language)}"
        for state in (State.HELP, State.UNSURE, State.SECURE, State.EMPTY)
    ]
    line = say("line: where the mastery lies, 90% sure; short means sure", language)
    figure.update_layout(
        height=figure.layout.height + KEY_PX,
        margin={"b": figure.layout.margin.b + KEY_PX},
        annotations=[
            {
                "text": harmless(" · ".join(marks)) + "<br>" + harmless(line),
                "showarrow": False,
                "align": "left",
                "x": 0,
                "xref": "paper",
                "xanchor": "left",
                "y": 0,
                "yref": "paper",
                "yanchor": "top",
                "yshift": -8,
            }
        ],
    )


def _nothing(colours: Theme, language: str) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=200,
        paper_bgcolor=colours.panel,
        plot_bgcolor=colours.panel,
        font={"family": FONT, "size": 14, "color": colours.text},
        xaxis={"visible": False, "fixedrange": True},
        yaxis={"visible": False, "fixedrange": True},
        annotations=[
            {
                "text": harmless(say("There are no answers yet.", language)),
                "showarrow": False,
                "x": 0.5,
                "y": 0.5,
                "xref": "paper",
                "yref": "paper",
            }
        ],
    )
    return figure
