"""What stands behind a cell, in words: hover, pinned list and table say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ustaz_widgets.teacher.cells import Cells, State
from ustaz_widgets.teacher.labels import day, harmless, plain, say, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

HOVER_ANSWERS: Final = 3
"""Answers in a hover box; the page's list shows all that were loaded."""
HOVER_CHARACTERS: Final = 60
"""Longest name, title or item in a hover box."""

STATE_WORDS: Final[Mapping[State, str]] = {
    State.EMPTY: "no answers yet",
    State.HELP: "surely needs help",
    State.UNSURE: "too few answers to be sure",
    State.MIDDLE: "on the way",
    State.SECURE: "surely mastered",
}
"""English msgids."""
INTERVAL: Final = "{percent}% (90% sure: {low}–{high}%)"
ANSWERS: Final = "Answers: {count}"
ANSWER: Final = "{date} · {item}: {score}%"
ANSWER_WITH_HINTS: Final = "{date} · {item}: {score}%, hints: {hints}"
LAST: Final = "Last answers:"


def cell_story(cells: Cells, row: int, column: int, language: str) -> str:
    """Return the hover text of a cell, in plotly's markup with foreign text made harmless."""
    cohort = cells.cohort
    state = State(int(cells.state[row, column]))
    name = _clipped(cells.names[row])
    lines = [f"<b>{name}</b>", _clipped(cells.titles[column])]
    word = say(STATE_WORDS[state], language)
    if state is State.EMPTY:
        return "<br>".join([*lines, harmless(word)])
    interval = say(
        INTERVAL,
        language,
        percent=int(cells.percent[row, column]),
        low=int(cells.low[row, column]),
        high=int(cells.high[row, column]),
    )
    lines += [
        harmless(f"{interval} — {word}"),
        harmless(say(ANSWERS, language, count=int(cohort.answers[row, column]))),
    ]
    answers = cohort.recent.get((cohort.learners[row], cohort.skills[column]), ())
    if answers:
        lines.append(harmless(say(LAST, language)))
    for answer in answers[:HOVER_ANSWERS]:
        lines.append(
            harmless(
                say(
                    ANSWER_WITH_HINTS if answer.hints_used else ANSWER,
                    language,
                    date=day(answer.at, language),
                    item=shortened(plain(answer.item), HOVER_CHARACTERS),
                    score=round(answer.score * 100),
                    hints=answer.hints_used,
                )
            )
        )
    return "<br>".join(lines)


def _clipped(text: str) -> str:
    return harmless(shortened(text, HOVER_CHARACTERS))
