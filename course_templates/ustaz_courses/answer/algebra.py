"""Judging an algebraic expression: equivalent, and in the shape that was asked for.

Equivalence is decided by exact evaluation at points that nobody can foresee, not by rewriting: two
rational expressions of degree d that differ agree at a random point of 10⁶ with a chance below
d/10⁶ (Schwartz and Zippel), at five with none worth naming; and evaluating takes bounded
time, whatever was typed, where SymPy's simplification does not. Irrational values are compared to
40 digits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

import sympy

from ustaz_courses.answer.entry import text_of, without_lead
from ustaz_courses.answer.judgement import FormatError, Judgement, partly, right, wrong
from ustaz_courses.answer.keys import ExpressionKey
from ustaz_courses.answer.shape import expanded_fault, factored_fault
from ustaz_courses.errors import EvaluationError, ExpressionError
from ustaz_courses.expression import Expression, equal, parse
from ustaz_courses.expression.numbers import MAX_TERMS, terms
from ustaz_courses.expression.typed import quoted, read_typed

#: Points at which two expressions must agree.
POINTS = 10
#: Points tried; some fall where an expression has no value.
TRIES = 24
#: Numerators of every other point are drawn from ± this many.
SPAN = 10**6
#: The same for points near zero.
NEAR_SPAN = 25
#: What an equivalent answer earns that is close to the shape asked for.
SHAPE_SCORE = 0.5


def check_expression(key: ExpressionKey, response: object, language: str) -> Judgement:
    """Return the judgement of an expression.

    An answer that is equal to the key but not in the shape asked for gets a format message while
    nothing of the shape is there (brackets left where none are wanted, a sum where a product is),
    and half the marks when only the last step is missing (like terms, a common factor).

    Raises
    ------
    FormatError
        It cannot be read, or is equal and lacks the shape.
    """
    text = text_of(response)
    typed = _read(without_lead(text), key.symbols)
    if not equivalent(typed, reading_of(key)):
        return wrong("", language)
    if key.form == "any":
        return right()
    fault = (expanded_fault if key.form == "expanded" else factored_fault)(typed)
    if fault is None:
        return right()
    if fault.nothing_done:
        raise FormatError(fault.message, **fault.values)
    return partly(SHAPE_SCORE, fault.message, language, **fault.values)


def shown_expression(key: ExpressionKey) -> sympy.Expr:
    """Return the key's expression in the shape that it asks for."""
    if key.form == "expanded":
        return sympy.expand(key.expression)
    if key.form == "factored":
        return sympy.factor(key.expression)
    return key.expression


def _read(text: str, symbols: tuple[str, ...]) -> Expression:
    try:
        typed = read_typed(text, names=frozenset(symbols))
    except ExpressionError as error:
        raise FormatError(error.message, **error.values) from error
    try:
        size = terms(typed.to_sympy({}))
    except EvaluationError as error:
        raise _too_large(text) from error
    if size > MAX_TERMS:
        raise _too_large(text)
    return typed


def _too_large(text: str) -> FormatError:
    return FormatError("{value} is too large, or has no value. Simplify it.", value=quoted(text))


def reading_of(key: ExpressionKey) -> Expression:
    """Return a key's expression in the language that answers are evaluated in."""
    return _reading(str(key.expression), key.symbols)


@lru_cache(maxsize=256)
def _reading(source: str, symbols: tuple[str, ...]) -> Expression:
    return parse(source.replace("Abs(", "abs("), names=frozenset(symbols))


def equivalent(one: Expression, other: Expression) -> bool:
    """Return whether two expressions have the same value wherever both have one.

    Raises
    ------
    FormatError
        They never have a value at the same point, so that nothing can be said.
    """
    letters = sorted(one.names | other.names)
    agreed = 0
    for values in _points(letters, one.source + "\0" + other.source):
        try:
            same = equal(one.evaluate(values), other.evaluate(values))
        except EvaluationError:
            continue
        if not same:
            return False
        agreed += 1
        if agreed == POINTS or not letters:
            return True
    if agreed == 0:
        raise FormatError("The answer has no value. Check for a division by zero.")
    return True


def _points(letters: list[str], seed: str) -> Iterator[dict[str, Fraction | int]]:
    """Yield points: large ones tell polynomials apart, near ones lie where roots change sign."""
    for number in range(TRIES):
        values: dict[str, Fraction | int] = {}
        for letter in letters:
            digest = hashlib.sha256(f"{number} {letter} {seed}".encode()).digest()
            size = int.from_bytes(digest[:8], "big") % (SPAN if number % 2 else NEAR_SPAN) + 1
            sign = -1 if number % 4 >= 2 else 1
            values[letter] = sign * Fraction(size, digest[8] % 7 + 1)
        yield values
