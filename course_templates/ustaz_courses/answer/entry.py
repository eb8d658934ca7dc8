"""A response as it comes in, JSON or text, bounded and brought to text or a list of texts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from ustaz_courses.answer.judgement import FormatError
from ustaz_courses.expression.numbers import MAX_BITS
from ustaz_courses.expression.typed import MAX_TYPED

#: Line ends separate, no-break spaces group digits; other invisible signs become spaces.
_KEPT = "\n\u00a0\u202f"
#: Members of a list; a matrix of 12 by 12 still fits.
MAX_MEMBERS = 150
_LEAD = re.compile(
    r"^\s*(?:(?:answer|ответ|жауабы|жауап)\s*[:=\-–—]?\s*)?"
    r"(?:[^\W\d_](?:_?[\d₀-₉]{1,2})?\s*=(?!=)\s*|=\s*)?",
    re.IGNORECASE,
)


def unwrapped(response: object) -> tuple[object, object]:
    """Return (value, unit) of {"value": …, "unit": …}, or the response itself and None."""
    if isinstance(response, Mapping):
        return response.get("value"), response.get("unit")
    return response, None


def text_of(response: object) -> str:
    """Return a response as text.

    Raises
    ------
    FormatError
        It is empty, too long, or nothing that can be text.
    """
    value, unit = unwrapped(response)
    text = _scalar(value)
    if isinstance(unit, str) and unit.strip():
        text = f"{text} {unit}"
    if len(text) > MAX_TYPED:
        raise FormatError(
            "The answer has {length} characters; at most {limit} are read.",
            length=len(text),
            limit=MAX_TYPED,
        )
    text = "".join(sign if sign.isprintable() or sign in _KEPT else " " for sign in text)
    if not text.strip():
        raise empty()
    return text.strip()


def empty() -> FormatError:
    """Return the error of an answer that was not given."""
    return FormatError("The answer is empty. Write one.")


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        raise _no_answer("True" if value else "False")
    if isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            raise FormatError("The number is too large to be read.")
        return str(int(value))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _no_answer(str(float(value)))
        return repr(float(value))
    if isinstance(value, Fraction | Decimal):
        return str(value)
    raise _no_answer(type(value).__name__)


def _no_answer(met: str) -> FormatError:
    return FormatError(
        "`{met}` is no answer to this exercise. Write it as text or as a number.", met=met
    )


def approximate(response: object) -> bool:
    """Return whether a response is a binary float, or the text of one, and so never quite exact."""
    value, _ = unwrapped(response)
    if isinstance(value, float):
        return True
    if not isinstance(value, str) or len(value) > MAX_TYPED:
        return False
    found = re.fullmatch(r"\s*-?(\d+)\.(\d+)(?:e[+-]?\d+)?\s*", value, re.IGNORECASE)
    return bool(found) and len((found[1] + found[2]).lstrip("0")) >= 15  # type: ignore[index]  # just matched


def without_lead(text: str) -> str:
    """Return a text without `x =`, `=` or `Answer:` before it."""
    return _LEAD.sub("", text, count=1).strip()


def listed(response: object) -> list[object] | None:
    """Return a response that is a list as one, None where it is no list.

    Raises
    ------
    FormatError
        The list is too long.
    """
    value, _ = unwrapped(response)
    if isinstance(value, str | bytes) or not isinstance(value, Sequence | set | frozenset):
        return None
    if len(value) > MAX_MEMBERS:
        raise FormatError(
            "The answer has {count} parts; at most {limit} are read.",
            count=len(value),
            limit=MAX_MEMBERS,
        )
    return list(value)
