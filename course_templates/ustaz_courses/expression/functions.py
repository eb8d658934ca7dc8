"""The functions of the expression language: exact on whole numbers and fractions.

Adding one means adding one entry to `FUNCTIONS`; the parser, the evaluation and the README's test
follow from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any, Final

import sympy

from ustaz_courses.errors import EvaluationError
from ustaz_courses.expression.numbers import (
    MAX_BITS,
    MAX_FACTORIAL,
    Value,
    divide,
    equal,
    exact,
    floor,
    less,
    power,
    root,
    settle,
    symbolic,
    too_large,
)
from ustaz_courses.language.numbers import round_half_away

#: Arguments of functions that take any number of them.
MANY: Final = 40


@dataclass(frozen=True, slots=True)
class Function:
    """One function."""

    call: Callable[..., Any]
    least: int
    """Fewest arguments."""
    most: int
    """Most arguments."""
    on_letters: Callable[..., sympy.Expr] | None = None
    """The same for algebraic expressions with letters, where that has a meaning."""
    truth: bool = False
    """Whether it says yes or no rather than giving a number."""


#: Names of numbers; a template's own name goes first.
CONSTANTS: Final = {"pi": sympy.pi, "e": sympy.E}


def _whole(value: Any, name: str) -> int:
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    if value.__class__ is not int:
        raise EvaluationError(
            "{name} takes whole numbers; met {value}.", name=name, value=str(value)[:60]
        )
    return int(value)


def _absolute(value: Any) -> Any:
    return abs(value) if exact(value) else sympy.Abs(symbolic(value))


def _least(*values: Any) -> Any:
    return reduce(lambda a, b: b if less(b, a) else a, values)


def _largest(*values: Any) -> Any:
    return reduce(lambda a, b: b if less(a, b) else a, values)


def _gcd(*values: Any) -> int:
    return math.gcd(*(_whole(v, "gcd") for v in values))


def _lcm(*values: Any) -> int:
    numbers = [_whole(v, "lcm") for v in values]
    if sum(n.bit_length() for n in numbers) > 4 * MAX_BITS:
        raise too_large()
    return math.lcm(*numbers)


def _ceil(value: Any) -> int:
    return -floor(-value)


def _round(value: Any, places: Any = 0) -> Value:
    digits = _whole(places, "round")
    if not 0 <= digits <= 30:
        raise EvaluationError(
            "round takes 0 to 30 decimals; met {places}.", places=str(places)[:60]
        )
    if not exact(value):
        scale = 10**digits
        return divide(floor(symbolic(value) * scale + sympy.Rational(1, 2)), scale)
    return settle(round_half_away(value, digits))


def _factorial(value: Any) -> int:
    number = _whole(value, "factorial")
    if not 0 <= number <= MAX_FACTORIAL:
        raise EvaluationError(
            "factorial takes whole numbers from 0 to {limit}; met {value}.",
            limit=MAX_FACTORIAL,
            value=str(number)[:60],
        )
    return math.factorial(number)


def _binomial(total: Any, chosen: Any) -> int:
    n, k = _whole(total, "binomial"), _whole(chosen, "binomial")
    if not 0 <= n <= MAX_FACTORIAL or k < 0:
        raise EvaluationError(
            "binomial takes whole numbers from 0 to {limit}; met {value}.",
            limit=MAX_FACTORIAL,
            value=f"{str(n)[:30]}, {str(k)[:30]}",
        )
    return math.comb(n, k)


def _sign(value: Any) -> int:
    return -1 if less(value, 0) else 0 if equal(value, 0) else 1


def _fraction(value: Any, name: str) -> Fraction:
    if not exact(value):
        raise EvaluationError(
            "{name} takes whole numbers and fractions; met {value}.",
            name=name,
            value=str(value)[:60],
        )
    return Fraction(value)


def _is_integer(value: Any) -> bool:
    settled = settle(value)
    return settled.__class__ is int


def _is_square(value: Any) -> bool:
    if not exact(value) or value < 0:
        return False
    number = Fraction(value)
    return all(math.isqrt(n) ** 2 == n for n in (number.numerator, number.denominator))


def _is_prime(value: Any) -> bool:
    number = _whole(value, "is_prime")
    if number.bit_length() > 64:
        raise EvaluationError("is_prime takes numbers below 2**64; met a larger one.")
    return bool(sympy.isprime(number))


def _divides(divisor: Any, number: Any) -> bool:
    by, what = _whole(divisor, "divides"), _whole(number, "divides")
    return by != 0 and what % by == 0


def _digits(value: Any, name: str) -> list[int]:
    return [int(digit) for digit in str(abs(_whole(settle(value), name)))]


def _digit(value: Any, place: Any) -> int:
    digits, index = _digits(value, "digit")[::-1], _whole(place, "digit")
    return digits[index] if 0 <= index < len(digits) else 0


def _divisor_count(value: Any) -> int:
    number = _whole(value, "divisor_count")
    if not 1 <= number <= 10**12:
        raise EvaluationError(
            "divisor_count takes whole numbers from 1 to 10**12; met {value}.",
            value=str(number)[:60],
        )
    return int(sympy.divisor_count(number))


def _sum(*values: Any) -> Any:
    return reduce(lambda a, b: a + b, values)


def _mean(*values: Any) -> Value:
    return divide(_sum(*values), len(values))


def _median(*values: Any) -> Value:
    ordered: list[Any] = []
    for value in values:
        place = next((i for i, known in enumerate(ordered) if less(value, known)), len(ordered))
        ordered.insert(place, value)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return settle(ordered[middle])
    return divide(ordered[middle - 1] + ordered[middle], 2)


def _mode(*values: Any) -> Any:
    counts = [sum(equal(a, b) for b in values) for a in values]
    most = [v for v, count in zip(values, counts, strict=True) if count == max(counts)]
    if not all(equal(most[0], other) for other in most):
        raise EvaluationError("The values have no single mode. Add a constraint that gives one.")
    return most[0]


def _log(value: Any, base: Any = None) -> Value:
    if not less(0, value) or (base is not None and (not less(0, base) or equal(base, 1))):
        raise EvaluationError(
            "A logarithm takes positive numbers and a base other than 1; met {value}.",
            value=str(value)[:60],
        )
    number = symbolic(value)
    return settle(sympy.log(number) if base is None else _log_in(number, symbolic(base)))


def _log_in(number: sympy.Expr, base: sympy.Expr) -> sympy.Expr:
    quotient = sympy.log(number) / sympy.log(base)
    guess = sympy.Rational(str(sympy.N(quotient, 20))).limit_denominator(60)
    if abs(guess) <= 200 and equal(power(settle(base), settle(guess)), number):
        return guess
    return quotient


def _trigonometric(function: Callable[[sympy.Expr], sympy.Expr]) -> Callable[[Any], Value]:
    def call(value: Any) -> Value:
        return settle(function(symbolic(value)))

    return call


def _sqrt_of_letters(value: sympy.Expr) -> sympy.Expr:
    return sympy.sqrt(value)


FUNCTIONS: Final[dict[str, Function]] = {
    "abs": Function(_absolute, 1, 1, sympy.Abs),
    "min": Function(_least, 1, MANY),
    "max": Function(_largest, 1, MANY),
    "sum": Function(_sum, 1, MANY),
    "mean": Function(_mean, 1, MANY),
    "median": Function(_median, 1, MANY),
    "mode": Function(_mode, 1, MANY),
    "gcd": Function(_gcd, 1, MANY),
    "lcm": Function(_lcm, 1, MANY),
    "floor": Function(floor, 1, 1),
    "ceil": Function(_ceil, 1, 1),
    "round": Function(_round, 1, 2),
    "sqrt": Function(root, 1, 1, _sqrt_of_letters),
    "root": Function(root, 2, 2, sympy.root),
    "cbrt": Function(lambda v: root(v, 3), 1, 1, sympy.cbrt),
    "factorial": Function(_factorial, 1, 1),
    "binomial": Function(_binomial, 2, 2),
    "sign": Function(_sign, 1, 1),
    "numerator": Function(lambda v: _fraction(v, "numerator").numerator, 1, 1),
    "denominator": Function(lambda v: _fraction(v, "denominator").denominator, 1, 1),
    "is_integer": Function(_is_integer, 1, 1, truth=True),
    "is_square": Function(_is_square, 1, 1, truth=True),
    "is_prime": Function(_is_prime, 1, 1, truth=True),
    "divides": Function(_divides, 2, 2, truth=True),
    "digit": Function(_digit, 2, 2),
    "digit_sum": Function(lambda v: sum(_digits(v, "digit_sum")), 1, 1),
    "digit_count": Function(lambda v: len(_digits(v, "digit_count")), 1, 1),
    "divisor_count": Function(_divisor_count, 1, 1),
    "log": Function(_log, 1, 2, sympy.log),
    "exp": Function(lambda v: power(sympy.E, v), 1, 1, sympy.exp),
    "sin": Function(_trigonometric(sympy.sin), 1, 1, sympy.sin),
    "cos": Function(_trigonometric(sympy.cos), 1, 1, sympy.cos),
    "tan": Function(_trigonometric(sympy.tan), 1, 1, sympy.tan),
}
