"""The plot of many students: for each skill, how many stand where.

Left, a bar split by what is sure: how many surely need help, how many are on the way or cannot be
told yet, how many surely master the skill. Right, the spread of mastery: thin from the 10th to the
90th percentile, thick the middle half, a mark at the median.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import plotly.graph_objects as go

from ustaz_widgets.teacher.cells import SYMBOLS, Cells, State
from ustaz_widgets.teacher.labels import TITLE_CHARACTERS, harmless, say, shortened
from ustaz_widgets.teacher.palette import FONT, Theme, hover_label
from ustaz_widgets.teacher.story import STATE_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Percentiles of the spread."""
BAR_PX: Final = 34
"""Height of a skill's row."""
MEDIAN_X: Final = 108
"""Where the medians stand as numbers: beside the scale, over no bar."""
_SHOWN: Final = (State.HELP, State.UNSURE, State.MIDDLE, State.SECURE)
_FILLS: Final = {
    State.HELP: ("#12356f", "#ffffff", ""),
    State.UNSURE: ("#9aa0a6", "#000000", "/"),
    State.MIDDLE: ("#b9b69c", "#000000", ""),
    State.SECURE: ("#fee838", "#000000", ""),
}
"""Fill, letters and hatch of each part: the scale's ends, and two greys of which one is hatched."""
_WITHIN_PERCENT: Final = 6
"""Narrower parts of a bar hold no number; hover and table have it."""


@dataclass(frozen=True, slots=True)
class SkillSummary:
    """How a skill stands among those who have answers in it."""

    column: int
    title: str
    counts: tuple[int, int, int, int]
    """Surely need help, cannot be told, on the way, surely master it."""
    percentiles: tuple[int, ...]
    """Mastery at ``SHARES``, whole percent."""

    @property
    def learners(self) -> int:
        """How many have answers."""
        return sum(self.counts)


def summaries(cells: Cells) -> tuple[SkillSummary, ...]:
    """Return the skills that anyone has answers in, in the cohort's order."""
    quantiles = cells.cohort.quantiles(SHARES)
    found = []
    for column, title in enumerate(cells.titles):
        states = cells.state[:, column]
        counts = tuple(int((states == state).sum()) for state in _SHOWN)
        if any(counts):
            percentiles = tuple(int(value) for value in np.rint(quantiles[:, column] * 100))
            found.append(SkillSummary(column, title, counts, percentiles))  # type: ignore[arg-type]  # four states, four counts
    return tuple(found)


def overview_figure(skills: Sequence[SkillSummary], theme: Theme, language: str) -> go.Figure:
    """Return the plot of the skills, from the top down in their order."""
    y = list(range(len(skills)))
    stories = [harmless(skill.title) + "<br>" + "<br>".join(lines_of(skill, language))
               for skill in skills]  # fmt: skip
    figure = go.Figure(
        [
            *(_part(skills, place, state, stories, language)
              for place, state in enumerate(_SHOWN)),
            *_spread(skills, stories, theme, language),
        ]
    )  # fmt: skip
    figure.update_layout(_layout(skills, y, theme, language))
    return figure


def lines_of(skill: SkillSummary, language: str) -> list[str]:
    """Return what a skill's row says, in lines of plain text."""
    total = skill.learners
    lines = [
        f"{SYMBOLS[state]} {say(STATE_WORDS[state], language)}: {count}"
        f" ({round(100 * count / total)}%)".strip()
        for state, count in zip(_SHOWN, skill.counts, strict=True)
    ]
    low, first, median, third, high = skill.percentiles
    lines.append(say("Half of the students: {low}–{high}%", language, low=first, high=third))
    lines.append(
        say(
            "Median: {median}%; 8 of 10: {low}–{high}%", language, median=median, low=low, high=high
        )
    )
    return lines


def _part(
    skills: Sequence[SkillSummary], place: int, state: State, stories: list[str], language: str
) -> go.Bar:
    shares = [100 * skill.counts[place] / skill.learners for skill in skills]
    fill, ink, hatch = _FILLS[state]
    return go.Bar(
        name=harmless(f"{SYMBOLS[state]} {say(STATE_WORDS[state], language)}".strip()),
        orientation="h",
        y=list(range(len(skills))),
        x=shares,
        marker={
            "color": fill,
            "line": {"width": 0},
            "pattern": {"shape": hatch, "fgcolor": "#6b7076", "size": 6, "solidity": 0.25},
        },
        text=[
            f"{SYMBOLS[state]}{skill.counts[place]}" if share >= _WITHIN_PERCENT else ""
            for skill, share in zip(skills, shares, strict=True)
        ],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": ink, "size": 12},
        width=0.72,
        hovertext=stories,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _spread(
    skills: Sequence[SkillSummary], stories: list[str], theme: Theme, language: str
) -> list[go.Bar | go.Scatter]:
    def band(name: str, low: int, high: int, width: float, opacity: float) -> go.Bar:
        return go.Bar(
            name=harmless(name),
            orientation="h",
            xaxis="x2",
            y=list(range(len(skills))),
            base=[skill.percentiles[low] for skill in skills],
            x=[skill.percentiles[high] - skill.percentiles[low] for skill in skills],
            width=width,
            marker={"color": theme.accent, "opacity": opacity, "line": {"width": 0}},
            hovertext=stories,
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )

    return [
        band(say("8 of 10 students", language), 0, 4, 0.16, 0.5),
        band(say("half of the students", language), 1, 3, 0.5, 0.75),
        go.Scatter(
            name=harmless(say("median", language)),
            xaxis="x2",
            mode="markers",
            x=[skill.percentiles[2] for skill in skills],
            y=list(range(len(skills))),
            marker={
                "symbol": "line-ns",
                "size": 22,
                "line": {"width": 3, "color": theme.text},
            },
            hovertext=stories,
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        ),
        go.Scatter(
            name="medians",
            xaxis="x2",
            mode="text",
            x=[MEDIAN_X for _ in skills],
            y=list(range(len(skills))),
            text=[str(skill.percentiles[2]) for skill in skills],
            textfont={"color": theme.text, "size": 12},
            hoverinfo="skip",
            showlegend=False,
        ),
    ]


def _layout(
    skills: Sequence[SkillSummary], y: list[int], theme: Theme, language: str
) -> dict[str, Any]:
    quiet = {"zeroline": False, "fixedrange": True, "ticks": "", "gridcolor": theme.line}
    title = {"font": {"size": 12}, "standoff": 6}
    return {
        "height": 130 + BAR_PX * max(len(skills), 1),
        "margin": {"l": 230, "t": 90, "r": 30, "b": 20},
        "barmode": "stack",
        "bargap": 0.2,
        "font": {"family": FONT, "size": 12, "color": theme.text},
        "paper_bgcolor": theme.panel,
        "plot_bgcolor": theme.panel,
        "hovermode": "closest",
        "hoverlabel": hover_label(theme),
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "xaxis": {
            "side": "top",
            "domain": [0, 0.56],
            "range": [0, 100],
            "title": {"text": harmless(say("Share of students, %", language)), **title},
            **quiet,
        },
        "xaxis2": {
            "side": "top",
            "domain": [0.62, 1],
            "range": [0, MEDIAN_X + 5],
            "tickvals": [0, 20, 40, 60, 80, 100],
            "title": {
                "text": harmless(say("Mastery, % (on the right: the median)", language)),
                **title,
            },
            **quiet,
        },
        "yaxis": {
            "range": [max(len(skills), 1) - 0.5, -0.5],
            "tickvals": y,
            "ticktext": [
                harmless(f"{shortened(skill.title, TITLE_CHARACTERS)} ({skill.learners})")
                for skill in skills
            ],
            **quiet,
            "showgrid": False,
        },
    }
