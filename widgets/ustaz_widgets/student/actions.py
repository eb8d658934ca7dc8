"""What a browser may ask for; a message is hostile until it has passed through here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ustaz_courses.language import LANGUAGES

Do = Literal["language", "next", "check", "hint", "solution", "refresh"]

TEXT_CHARACTERS_MAX: Final = 20_000
"""As much as the practice service takes."""
LABELS_MAX: Final = 60
LABEL_CHARACTERS_MAX: Final = 16
COUNT_MAX: Final = 100_000

_ITEM: Final = re.compile(r"[0-9]{1,18}")
_SKILL: Final = re.compile(r"[\w.-]{0,100}")


class TooLongError(ValueError):
    """The answer is longer than any answer may be; the student is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A well-formed request; fields that it does not need are empty."""

    do: Do
    language: str = ""
    skill: str = ""
    item: str = ""
    """The exercise that the browser showed; empty: none."""
    response: str | tuple[str, ...] = ""
    attempt: int = 0
    """Judged attempts that the browser knew of."""
    shown: int = 0
    """Hints that the browser showed."""


def read_action(content: object) -> Action | None:
    """Return what a message asks for, or ``None`` where it is none of ours.

    Raises
    ------
    TooLongError
        It hands in an answer beyond all measure.
    """
    if not isinstance(content, Mapping):
        return None
    do, item = content.get("do"), content.get("item", "")
    if not isinstance(do, str) or do not in _READERS:
        return None
    if not isinstance(item, str) or not (item == "" or _ITEM.fullmatch(item)):
        return None
    return _READERS[do](content, item)


def _refresh(_content: Mapping[object, object], item: str) -> Action:
    return Action(do="refresh", item=item)


def _language(content: Mapping[object, object], _item: str) -> Action | None:
    language = content.get("language")
    if isinstance(language, str) and language in LANGUAGES:
        return Action(do="language", language=language)
    return None


def _next(content: Mapping[object, object], item: str) -> Action | None:
    skill = content.get("skill", "")
    if isinstance(skill, str) and _SKILL.fullmatch(skill):
        return Action(do="next", skill=skill, item=item)
    return None


def _check(content: Mapping[object, object], item: str) -> Action | None:
    attempt, response = _count(content.get("attempt", 0)), _response(content.get("response"))
    if not item or attempt is None or response is None:
        return None
    return Action(do="check", item=item, response=response, attempt=attempt)


def _hint(content: Mapping[object, object], item: str) -> Action | None:
    shown = _count(content.get("shown", 0))
    return Action(do="hint", item=item, shown=shown) if item and shown is not None else None


def _solution(_content: Mapping[object, object], item: str) -> Action | None:
    return Action(do="solution", item=item) if item else None


def _count(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT_MAX:
        return value
    return None


def _response(value: object) -> str | tuple[str, ...] | None:
    if isinstance(value, str):
        if len(value) > TEXT_CHARACTERS_MAX:
            raise TooLongError(len(value))
        # Halves of characters, which JSON lets through, are no text.
        return value.encode("utf-8", "replace").decode()
    if not isinstance(value, list) or len(value) > LABELS_MAX:
        return None
    labels = tuple(label for label in value if _is_label(label))
    return labels if len(labels) == len(value) else None


def _is_label(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LABEL_CHARACTERS_MAX and value.isascii()


_READERS: Final[Mapping[str, Callable[[Mapping[object, object], str], Action | None]]] = {
    "refresh": _refresh,
    "language": _language,
    "next": _next,
    "check": _check,
    "hint": _hint,
    "solution": _solution,
}
