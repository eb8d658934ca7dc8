"""The class's plot as a table of words, for those who read by ear and where no script may run.

The page's script writes the same words when the rows change.
"""

from __future__ import annotations

from html import escape

from ustaz_widgets.teacher.cells import Cells, State
from ustaz_widgets.teacher.class_plot import started
from ustaz_widgets.teacher.labels import say
from ustaz_widgets.teacher.payload import PAGE_ROWS
from ustaz_widgets.teacher.story import ANSWERS, INTERVAL, STATE_WORDS


def class_table(cells: Cells, *, order: str, language: str) -> str:
    """Return the first page of students in an order as an HTML table."""
    columns = [int(column) for column in started(cells.cohort)]
    titles = "".join(f'<th scope="col">{escape(cells.titles[column])}</th>' for column in columns)
    rows = cells.order(order)[:PAGE_ROWS]
    lines = "".join(
        f'<tr><th scope="row">{escape(cells.names[row])}'
        f"</th>{''.join(_cell(cells, row, column, language) for column in columns)}</tr>"
        for row in map(int, rows)
    )
    return (
        f'<table><thead id="table-head"><tr><th scope="col">{escape(say("Student", language))}</th>'
        f'{titles}</tr></thead><tbody id="table-body">{lines}</tbody></table>'
    )


def _cell(cells: Cells, row: int, column: int, language: str) -> str:
    state = State(int(cells.state[row, column]))
    word = say(STATE_WORDS[state], language)
    if state is State.EMPTY:
        return f"<td>{escape(word)}</td>"
    interval = say(
        INTERVAL,
        language,
        percent=int(cells.percent[row, column]),
        low=int(cells.low[row, column]),
        high=int(cells.high[row, column]),
    )
    answers = say(ANSWERS, language, count=int(cells.cohort.answers[row, column]))
    return f"<td>{escape(f'{interval} — {word}. {answers}')}</td>"
