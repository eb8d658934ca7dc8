"""A student's answer, from the text that their kernel says to what a variant's check takes.

The kernel's text is hostile: it is parsed as JSON with bounds, and becomes text again, which only
the parser for learners' answers ever reads.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ustaz_courses import Response

TEXT_CHARACTERS_MAX: Final = 4000
"""Longest answer that is looked at; the learner's parser allows less."""
REPLY_CHARACTERS_MAX: Final = 100_000
"""Longest reply that is parsed: all members of the largest answer."""
INT_DIGITS_MAX: Final = 4000
"""Python itself refuses to read longer ones."""

_LEAVES: Final = frozenset({"text", "int", "float", "complex", "fraction", "expression"})


@dataclass(frozen=True, slots=True)
class Given:
    """What a student's variable held."""

    type: str
    """missing, blank, other, unreadable; text, int, float, complex, fraction, expression;
    list, set."""
    text: str = ""
    """A leaf's value; for "other" the name of its type."""
    members: tuple[Given, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether there is something to judge."""
        if self.type in ("list", "set"):
            return all(member.is_answer for member in self.members)
        return self.type in _LEAVES


MISSING: Final = Given("missing")
UNREADABLE: Final = Given("unreadable")


def expression_for(name: str) -> str:
    """Return the Python expression that makes a kernel say what a variable holds."""
    return (
        f"(lambda n: (__import__('builtins').exec({_reader()!r}, n),"
        f" n['read'](__import__('builtins').globals(), {name!r}))[1])({{}})"
    )


def parse_reply(reply: Any) -> Given:
    """Return what a kernel's reply to `expression_for` says, or `UNREADABLE`.

    Parameters
    ----------
    reply
        The expression's entry in ``user_expressions``: hostile.
    """
    try:
        shown = reply["data"]["text/plain"]
        if not isinstance(shown, str) or len(shown) > REPLY_CHARACTERS_MAX:
            return UNREADABLE
        # repr of a text; literal_eval of one literal runs nothing.
        text = ast.literal_eval(shown)
        return _given(json.loads(text), 4)
    except (KeyError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
        return UNREADABLE


def response(given: Given) -> Response:
    """Return the answer as a variant's check takes it: text, numbers, lists of them.

    Examples
    --------
    >>> response(Given("list", members=(Given("int", "1"), Given("float", "2.5"))))
    [1, 2.5]
    >>> response(Given("fraction", "1/3")), response(Given("text", "3,5"))
    ('1/3', '3,5')
    """
    if given.type in ("list", "set"):
        return [response(member) for member in given.members]
    if given.type == "int":
        return int(given.text)
    if given.type == "float":
        return float(given.text)
    return given.text


def shown(given: Given) -> str:
    """Return the answer as feedback repeats it."""
    if given.type in ("list", "set"):
        return "[" + ", ".join(map(shown, given.members)) + "]"
    return given.text


def _given(tree: Any, depth: int) -> Given:  # noqa: PLR0911 - a case a type
    kind = tree["type"]
    if kind in ("list", "set"):
        if depth <= 0:
            return UNREADABLE
        return Given(kind, members=tuple(_given(part, depth - 1) for part in tree["members"]))
    if kind in ("missing", "blank"):
        return Given(kind)
    if kind != "other" and kind not in _LEAVES:
        return UNREADABLE
    text = tree["text"]
    if not isinstance(text, str):
        return UNREADABLE
    if kind in ("int", "float"):
        if len(text) > INT_DIGITS_MAX:
            return Given("other", "long")
        (int if kind == "int" else float)(text)  # raises ValueError for what is none
    return Given(kind, text[: TEXT_CHARACTERS_MAX + 1])


@cache
def _reader() -> str:
    return (Path(__file__).parent / "_reader.py").read_text(encoding="utf-8")
