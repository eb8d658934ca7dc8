"""The plot of single students: one cell for each student and skill.

A cell is a bar whose colour and number are the mastery; the line under the number is the scale from
0 to 100% with the 90% interval thick on it, so that a short line means a sure number. A skill
without answers is hatched. The page's script (``class_page.js``) lays out the same traces for the
rows that are looked for; a test in a browser holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import plotly.graph_objects as go

from ustaz_widgets.teacher.cells import Cells, State
from ustaz_widgets.teacher.labels import TITLE_CHARACTERS, harmless, say, shortened
from ustaz_widgets.teacher.palette import FONT, SCALE, Theme, colours, hover_label, on_cell
from ustaz_widgets.teacher.story import cell_story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROW_PX: Final = 32
"""Height of a row: a number and a line under it, and a target that a finger meets."""
COLUMN_PX: Final = 44
"""Least width of a column: "100✓" in the letters of a cell."""
NAMES_PX: Final = 215
"""Room for the names beside the rows."""
TITLES_PX: Final = 165
"""Room for the slanted titles above the columns."""
SLANT_PX: Final = 130
"""Room for the slanted titles of the last columns, and for the scale."""
CELL_SPAN: Final = 0.94
"""Share of a column or row that its cell fills; the rest is the gap."""
LINE_SPAN: Final = 0.8
"""Share of a column that the line from 0 to 100% fills."""
LINE_Y: Final = 0.3
"""How far under a row's middle its line runs, in rows."""
LABEL_Y: Final = -0.1
"""How far over a row's middle its number stands, in rows."""


def grid_figure(
    cells: Cells, rows: NDArray[Any], columns: NDArray[Any], theme: Theme, language: str
) -> go.Figure:
    """Return the plot of these rows and columns, in this order.

    Parameters
    ----------
    cells
        The class as it is shown.
    rows, columns
        Which, from the top down and from left to right.
    theme, language
        How it looks and speaks.
    """
    places = [(y, x, int(row), int(column)) for y, row in enumerate(rows)
              for x, column in enumerate(columns)]  # fmt: skip
    known = [place for place in places if cells.state[place[2:]] != State.EMPTY]
    empty = [place for place in places if cells.state[place[2:]] == State.EMPTY]
    names = [harmless(name) for name in cells.row_names]
    figure = go.Figure(
        [
            _cells(cells, known, language),
            _empty(cells, empty, theme, language),
            _lines(cells, known),
            _intervals(cells, known),
            _labels(cells, places, theme),
            _colour_bar(),
        ]
    )
    titles = [
        harmless(shortened(cells.titles[int(column)], TITLE_CHARACTERS)) for column in columns
    ]
    figure.update_layout(
        grid_layout([names[int(row)] for row in rows], titles, theme=theme, language=language)
    )
    return figure


def grid_layout(
    names: Sequence[str], titles: Sequence[str], *, theme: Theme, language: str
) -> dict[str, Any]:
    """Return the layout for rows of these names under columns of these titles."""
    return {
        "height": TITLES_PX + ROW_PX * max(len(names), 1) + 20,
        "margin": {"l": NAMES_PX, "t": TITLES_PX, "r": SLANT_PX, "b": 20},
        "barmode": "overlay",
        "showlegend": False,
        "font": {"family": FONT, "size": 12, "color": theme.text},
        "paper_bgcolor": theme.panel,
        "plot_bgcolor": theme.panel,
        "hoverlabel": hover_label(theme),
        "hovermode": "closest",
        "xaxis": {
            "side": "top",
            "range": [-0.5, max(len(titles), 1) - 0.5],
            "tickvals": list(range(len(titles))),
            "ticktext": list(titles),
            "tickangle": -45,
            "ticklabeloverflow": "allow",
            **_QUIET,
        },
        "yaxis": {
            "range": [max(len(names), 1) - 0.5, -0.5],
            "tickvals": list(range(len(names))),
            "ticktext": list(names),
            **_QUIET,
        },
        "coloraxis": {
            "cmin": 0,
            "cmax": 100,
            "colorscale": [list(step) for step in SCALE],
            "colorbar": {
                "title": {"text": harmless(say("Mastery, %", language)), "side": "right"},
                "thickness": 12,
                "len": 220,
                "lenmode": "pixels",
                "y": 1,
                "yanchor": "top",
                "outlinewidth": 0,
            },
        },
    }


# Margins that grow by themselves would take their room from the rows.
_QUIET: Final = {
    "automargin": False,
    "showgrid": False,
    "zeroline": False,
    "fixedrange": True,
    "ticks": "",
}

_COLOURS: Final = colours()

_Place = tuple[int, int, int, int]
"""y, x, row, column."""


def _cells(cells: Cells, places: list[_Place], language: str) -> go.Bar:
    return go.Bar(
        name="cells",
        orientation="h",
        y=[y for y, *_ in places],
        base=[x - CELL_SPAN / 2 for _, x, *_ in places],
        x=[CELL_SPAN for _ in places],
        width=CELL_SPAN,
        marker={
            "color": [_COLOURS[cells.percent[row, column]] for *_, row, column in places],
            "line": {"width": 0},
        },
        hovertext=[cell_story(cells, row, column, language) for *_, row, column in places],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _empty(cells: Cells, places: list[_Place], theme: Theme, language: str) -> go.Bar:
    return go.Bar(
        name="empty",
        orientation="h",
        y=[y for y, *_ in places],
        base=[x - CELL_SPAN / 2 for _, x, *_ in places],
        x=[CELL_SPAN for _ in places],
        width=CELL_SPAN,
        marker={
            "color": theme.empty,
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": theme.hatch, "size": 7, "solidity": 0.18},
        },
        hovertext=[cell_story(cells, row, column, language) for *_, row, column in places],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _lines(cells: Cells, places: list[_Place]) -> go.Bar:
    return go.Bar(
        name="lines",
        orientation="h",
        y=[y + LINE_Y for y, *_ in places],
        base=[x - LINE_SPAN / 2 for _, x, *_ in places],
        x=[LINE_SPAN for _ in places],
        width=0.03,
        marker={"color": _inks(cells, places), "opacity": 0.55, "line": {"width": 0}},
        hoverinfo="skip",
    )


def _intervals(cells: Cells, places: list[_Place]) -> go.Bar:
    low = [int(cells.low[row, column]) for *_, row, column in places]
    high = [int(cells.high[row, column]) for *_, row, column in places]
    return go.Bar(
        name="intervals",
        orientation="h",
        y=[y + LINE_Y for y, *_ in places],
        base=[
            x - LINE_SPAN / 2 + LINE_SPAN * from_ / 100
            for (_, x, *_), from_ in zip(places, low, strict=True)
        ],
        # Never nothing: a sure mastery near 0 or 100% keeps a dot on its line.
        x=[LINE_SPAN * max(to - from_, 2) / 100 for from_, to in zip(low, high, strict=True)],
        width=0.13,
        marker={"color": _inks(cells, places), "line": {"width": 0}},
        hoverinfo="skip",
    )


def _labels(cells: Cells, places: list[_Place], theme: Theme) -> go.Scatter:
    return go.Scatter(
        name="labels",
        mode="text",
        x=[x for _, x, *_ in places],
        y=[
            y + (0 if cells.state[row, column] == State.EMPTY else LABEL_Y)
            for y, _, row, column in places
        ],
        text=[cells.label(row, column) for *_, row, column in places],
        textfont={
            "size": 12,
            "color": [
                theme.soft
                if cells.state[row, column] == State.EMPTY
                else on_cell(int(cells.percent[row, column]))
                for *_, row, column in places
            ],
        },
        cliponaxis=False,
        hoverinfo="skip",
    )


def _colour_bar() -> go.Scatter:
    """Return a trace that shows nothing but the scale's bar; cells have their colours as text."""
    return go.Scatter(
        name="scale",
        mode="markers",
        x=[None],
        y=[None],
        marker={"color": [0], "coloraxis": "coloraxis"},
        hoverinfo="skip",
    )


def _inks(cells: Cells, places: list[_Place]) -> list[str]:
    return [on_cell(int(cells.percent[row, column])) for *_, row, column in places]
