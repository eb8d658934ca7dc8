"""What the class's page carries with it: every cell and answer, as compact JSON.

Cells and answers are flat lists of whole numbers with tables of dates and items, because a class
may be a university's: 32,593 students with 173,739 answers take 5 MB so.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from plotly.utils import PlotlyJSONEncoder

from ustaz_widgets.teacher import grid, story
from ustaz_widgets.teacher.cells import SYMBOLS, Cells, State
from ustaz_widgets.teacher.class_plot import GRID_MAX, started
from ustaz_widgets.teacher.labels import (
    TITLE_CHARACTERS,
    day,
    plain,
    say,
    shortened,
)
from ustaz_widgets.teacher.overview import lines_of, overview_figure, summaries
from ustaz_widgets.teacher.palette import LIGHT_FROM, ON_DARK, ON_LIGHT, Theme, colours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

PAGE_ROWS: Final = 30
"""Students on one page: an ordinary class."""


def payload(cells: Cells, groups: Mapping[str, str], theme: Theme, language: str) -> dict[str, Any]:
    """Return everything that the page's script needs.

    Parameters
    ----------
    cells
        The class as it is shown.
    groups
        Group by learner; who has none is in none.
    theme, language
        How the page looks and speaks.
    """
    cohort, columns = cells.cohort, started(cells.cohort)
    names = group_names(groups, cohort.learners)
    number = {name: place + 1 for place, name in enumerate(names)}
    group_of = np.array([number.get(groups.get(own, ""), 0) for own in cohort.learners], dtype=int)
    everyone = np.arange(len(cohort.learners))
    members = [everyone, *(np.flatnonzero(group_of == place) for place in number.values())]
    many = has_overview(cells, names)
    overviews = _overviews(cells, members, theme, language) if many else []
    return {
        "names": cells.names,
        "ids": [plain(own) for own in cohort.learners],
        "shown": cells.row_names,
        "rank": {
            "name": cells.name_rank.tolist(),
            "mastery": cells.mastery_rank.tolist(),
            "help": cells.help_rank.tolist(),
        },
        "helped": len(cells.helped_rows),
        "groupOf": group_of.tolist() if names else [],
        "columns": [_columns(cells, rows, columns) for rows in members],
        "skills": [_skill(cells, int(column)) for column in columns],
        **_answers(cells, columns, language),
        "overviews": overviews,
        **_drawing(cells, theme, language),
        **_words(language),
    }


def group_names(groups: Mapping[str, str], learners: tuple[str, ...]) -> list[str]:
    """Return the groups that these learners are in, sorted."""
    return sorted({groups[own] for own in learners if groups.get(own)})


def has_overview(cells: Cells, groups: list[str]) -> bool:
    """Return whether the page sums up by skill: for many students, or several groups."""
    return len(cells.cohort.learners) > GRID_MAX or len(groups) > 1


def as_script(value: Any) -> str:
    """Return JSON that may stand inside a ``script`` element: no text in it can end the element."""
    text = json.dumps(value, cls=PlotlyJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _columns(cells: Cells, rows: NDArray[Any], columns: NDArray[Any]) -> list[int]:
    """Return places in ``columns`` of the skills that any of these rows has answers in."""
    answered = cells.cohort.answers[np.ix_(rows, columns)].sum(axis=0) > 0
    return [int(place) for place in np.flatnonzero(answered)]


def _skill(cells: Cells, column: int) -> dict[str, str]:
    title = cells.titles[column]
    return {
        "id": cells.cohort.skills[column],
        "title": title,
        "short": shortened(title, TITLE_CHARACTERS),
    }


def _answers(cells: Cells, columns: NDArray[Any], language: str) -> dict[str, Any]:
    cohort = cells.cohort
    days: dict[str, int] = {}
    items: dict[str, int] = {}
    shown: list[list[int]] = []
    behind: list[list[list[int]]] = []
    grids = [
        array[:, columns].tolist()
        for array in (cells.percent, cells.low, cells.high, cohort.answers, cells.state)
    ]
    skills = [cohort.skills[int(column)] for column in columns]
    for row, learner in enumerate(cohort.learners):
        flat: list[int] = []
        lists: list[list[int]] = []
        for place, skill in enumerate(skills):
            values = [grid[row][place] for grid in grids]
            if values[-1] == State.EMPTY:
                continue
            flat += [place, *values]
            recent: list[int] = []
            for answer in cohort.recent.get((learner, skill), ()):
                recent += [
                    days.setdefault(day(answer.at, language), len(days)),
                    items.setdefault(plain(answer.item), len(items)),
                    round(answer.score * 100),
                    answer.hints_used,
                ]
            lists.append(recent)
        shown.append(flat)
        behind.append(lists)
    return {"cells": shown, "answers": behind, "days": list(days), "items": list(items)}


def _overviews(
    cells: Cells, members: list[NDArray[Any]], theme: Theme, language: str
) -> list[dict[str, Any]]:
    found = []
    for rows in members:
        part = Cells(cells.cohort.take(rows))
        skills = summaries(part)
        figure = overview_figure(skills, theme, language).to_plotly_json()
        found.append(
            {
                "data": figure["data"],
                "layout": figure["layout"],
                "skills": [part.cohort.skills[skill.column] for skill in skills],
                "lines": [
                    [f"{skill.title} ({skill.learners})", *lines_of(skill, language)]
                    for skill in skills
                ],
            }
        )
    return found


def _drawing(cells: Cells, theme: Theme, language: str) -> dict[str, Any]:
    nothing = np.array([], dtype=int)
    figure = grid.grid_figure(cells, nothing, nothing, theme, language).to_plotly_json()
    layout = figure["layout"]
    # The page has a key of its own above the plot.
    layout["coloraxis"]["showscale"] = False
    return {
        # Without the trace that carries the scale's bar.
        "traces": figure["data"][:-1],
        "layout": layout,
        "geometry": {
            "cellSpan": grid.CELL_SPAN,
            "lineSpan": grid.LINE_SPAN,
            "lineY": grid.LINE_Y,
            "labelY": grid.LABEL_Y,
            "rowPx": grid.ROW_PX,
            "columnPx": grid.COLUMN_PX,
            "namesPx": grid.NAMES_PX,
            "slantPx": grid.SLANT_PX,
            "titlesPx": grid.TITLES_PX,
            "colours": colours(),
            "lightFrom": LIGHT_FROM,
            "onLight": ON_LIGHT,
            "onDark": ON_DARK,
            "soft": theme.soft,
            "cursor": theme.accent,
        },
        "pageSize": PAGE_ROWS,
    }


def _words(language: str) -> dict[str, Any]:
    return {
        "symbols": [SYMBOLS[state] for state in State],
        "unsure": int(State.UNSURE),
        "hoverAnswers": story.HOVER_ANSWERS,
        "hoverCharacters": story.HOVER_CHARACTERS,
        "words": {
            "states": [say(story.STATE_WORDS[state], language) for state in State],
            "interval": say(story.INTERVAL, language),
            "answers": say(story.ANSWERS, language),
            "answer": say(story.ANSWER, language),
            "answerWithHints": say(story.ANSWER_WITH_HINTS, language),
            "last": say(story.LAST, language),
            "older": say("Older answers, not listed: {count}", language),
            "range": say("{first}–{last} of {count}", language),
            "student": say("Student", language),
        },
    }
