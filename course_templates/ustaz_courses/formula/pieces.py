"""Written parts of a formula, each with what its neighbours must know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import sympy

from ustaz_courses.errors import EvaluationError
from ustaz_courses.language.numbers import latex_number

#: How tightly a piece holds together; what is looser than its place gets brackets.
SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4


class Piece(NamedTuple):
    """A written part of a formula."""

    text: str
    """LaTeX without the sign."""
    level: int
    minus: bool
    """Whether a minus stands before it."""
    number: Any = None
    """The value where the part is one number, else None."""
    begins: str = "letter"
    """What it begins with: "digit", "letter", "bracket", "root" or "other"."""
    ends: str = "letter"
    """What it ends with, in the same words."""


class Place(NamedTuple):
    """What a formula is written for."""

    values: Mapping[str, Any]
    language: str
    decimals: frozenset[str]


Write: TypeAlias = Callable[[Place], Piece]


def value_piece(value: Any, language: str, *, decimal: bool) -> Piece:
    """Return a value as a piece."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return number_piece(value, language, decimal=decimal)
    if isinstance(value, sympy.Expr):
        minus = bool(value.could_extract_minus_sign()) and not value.is_Add
        text = str(sympy.latex(-value if minus else value))
        return Piece(text, SUM if value.is_Add else PRODUCT, minus, value, "root", "root")
    if isinstance(value, str):
        return Piece(rf"\text{{{value}}}", ATOM, minus=False)
    raise EvaluationError("The value {value} is no number.", value=repr(value)[:60])


def number_piece(value: int | Fraction, language: str, *, decimal: bool) -> Piece:
    """Return a whole number or a fraction as a piece."""
    magnitude: int | Fraction = -value if value < 0 else value
    text = latex_number(magnitude, language, decimal=decimal)
    if text.startswith("\\frac"):
        return Piece(text, PRODUCT, value < 0, value, "other", "other")
    return Piece(text, ATOM, value < 0, value, "digit", "digit")


def signed(piece: Piece) -> str:
    """Return a piece with its sign."""
    return f"-{piece.text}" if piece.minus else piece.text


def bracketed(piece: Piece) -> str:
    """Return a piece in brackets."""
    return rf"\left({signed(piece)}\right)" if "frac" in piece.text else f"({signed(piece)})"


def loose(piece: Piece) -> bool:
    """Return whether a piece needs brackets after an operator."""
    return piece.minus or piece.level == SUM
