"""What is said of a response, and the one exception by which a reader gives up on one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from ustaz_courses.language import translate

#: What a learner hands in, as JSON has it: text, a number, a list, or {"value": …, "unit": …}.
Response: TypeAlias = (
    "str | int | float | bool | Sequence[Response] | Mapping[str, Response] | None"
)
DOMAIN = "ustaz_courses"
Outcome = Literal["right", "partly", "wrong", "format"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judged response."""

    score: float
    """0 … 1."""
    outcome: str
    """"right", "partly", "wrong", or "format": it could not be read, and costs no attempt."""
    message: str
    """What the learner is told, in Markdown; empty where the outcome says it all."""
    misconception: str = ""
    """Id of the misconception that the response betrays."""
    tests: tuple[object, ...] = ()
    """Always empty; programs are judged by `CodeJudgement`, which has them."""


class FormatError(Exception):
    """A response cannot be read as an answer of its kind.

    Parameters
    ----------
    message : str
        English text in `str.format` style, the key of its translation.
    **values
        What the message names.
    """

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def judgement(self, language: str) -> Judgement:
        """Return it as a judgement that costs nothing."""
        return Judgement(
            0.0, "format", translate(self.message, language, domain=DOMAIN, **self.values)
        )


Reading = TypeVar("Reading")


def best_of(readings: Iterable[Reading], judge: Callable[[Reading], Judgement]) -> Judgement:
    """Return the judgement of the reading that earns most: notation is never held against anyone.

    Raises
    ------
    FormatError
        No reading earns anything, and one of them asks for another format.
    """
    best: Judgement | None = None
    fault: FormatError | None = None
    for reading in readings:
        try:
            judged = judge(reading)
        except FormatError as error:
            fault = fault or error
            continue
        if best is None or judged.score > best.score:
            best = judged
    if fault is not None and (best is None or best.score == 0):
        raise fault
    assert best is not None  # noqa: S101 - there is at least one reading
    return best


def right() -> Judgement:
    """Return full marks."""
    return Judgement(1.0, "right", "")


def wrong(message: str, language: str, /, **values: object) -> Judgement:
    """Return no marks, with or without a word why."""
    said = translate(message, language, domain=DOMAIN, **values) if message else ""
    return Judgement(0.0, "wrong", said)


def partly(score: float, message: str, language: str, /, **values: object) -> Judgement:
    """Return part of the marks and what is missing."""
    return Judgement(score, "partly", translate(message, language, domain=DOMAIN, **values))
