"""A key as a learner would enter it: to be read by teachers, and to prove the key right."""

from __future__ import annotations

from fractions import Fraction

from ustaz_courses.answer import (
    AnswerKey,
    ChoiceKey,
    ExpressionKey,
    MatrixKey,
    MultipleKey,
    NumberKey,
    OrderKey,
    SetKey,
    shown_expression,
    unit_label,
)
from ustaz_courses.expression import Value
from ustaz_courses.language import format_number
from ustaz_courses.language.numbers import decimal_places

#: Decimals shown of a key that is irrational or endless and has no precision of its own.
_SHOWN_PLACES = 6


def reference_response(key: AnswerKey, language: str) -> str:  # noqa: PLR0911 - a case a kind
    """Return the right answer as a learner of a language would type it.

    Parameters
    ----------
    key : AnswerKey
        A variant's key, or the wrong answer of a misconception.
    language : str
        Decides the decimal sign.

    Returns
    -------
    str
        Text that `check_answer` judges right for this key.
    """
    if isinstance(key, NumberKey):
        number = _number(key.value, language, key.decimals)
        return f"{number} {unit_label(key.unit, language)}" if key.unit else number
    if isinstance(key, ExpressionKey):
        return str(shown_expression(key)).replace("**", "^")
    if isinstance(key, SetKey):
        members = [_number(value, language, None) for value in key.values]
        if not members:
            return "∅"
        return f"({'; '.join(members)})" if key.ordered else "; ".join(members)
    if isinstance(key, MatrixKey):
        return "; ".join(" ".join(_number(v, language, None) for v in row) for row in key.rows)
    if isinstance(key, ChoiceKey):
        return key.label
    if isinstance(key, MultipleKey):
        return ", ".join(key.labels_right)
    if isinstance(key, OrderKey):
        return ", ".join(key.order)
    raise TypeError(f"no reference response is known for {type(key).__name__}")


def _number(value: Value, language: str, places: int | None) -> str:
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        if places is not None:
            return format_number(value, language, decimal=True, places=places)
        finite = decimal_places(Fraction(value))
        short = finite is not None and finite <= _SHOWN_PLACES
        return format_number(value, language, decimal=short)
    return str(value)
