"""Exact arithmetic on whole numbers and fractions, with SymPy numbers where a root is irrational.

Whole numbers and `Fraction` stay plain Python, which is what makes thousands of variants a second
possible; SymPy is asked only when a value of it is met. Whatever could grow without end (powers,
factorials) is estimated before it is computed.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, isqrt
from typing import Any, TypeAlias

import sympy

from ustaz_courses.errors import EvaluationError

#: What an expression gives: an exact number or a truth value.
Value: TypeAlias = int | Fraction | bool | sympy.Expr

#: Bits of a result; 600 decimal digits are far beyond any exercise.
MAX_BITS = 2_000
#: The largest n of which a factorial or a binomial is taken.
MAX_FACTORIAL = 200
#: Roots beyond the twentieth have no place in a course.
MAX_ROOT = 20
#: Terms up to which an irrational number is expanded, so that (1 + √2)(1 − √2) becomes −1; what is
#: longer keeps its form and is compared by its digits.
MAX_TERMS = 300
#: Decimal digits in which irrational numbers are compared.
_DIGITS = 40


def settle(value: Any) -> Value:
    """Return a result in its plainest type: int before Fraction before SymPy.

    Raises
    ------
    EvaluationError
        It is no number, not finite or too large.
    """
    if value.__class__ is int:
        return _bounded(value)
    if value.__class__ is bool:
        return bool(value)
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return _bounded(value.numerator)
        _bounded(value.numerator)
        _bounded(value.denominator)
        return value
    if isinstance(value, sympy.Expr):
        return _settle_symbolic(value)
    raise EvaluationError("The value {value} is no number.", value=repr(value)[:60])


def _bounded(value: int) -> int:
    if value.bit_length() > MAX_BITS:
        raise too_large()
    return value


def _settle_symbolic(value: sympy.Expr) -> Value:
    if not value.is_number or value.has(sympy.oo, sympy.zoo, sympy.nan):
        raise EvaluationError("The value {value} is no finite number.", value=str(value)[:60])
    if not value.is_Rational and terms(value) <= MAX_TERMS:
        value = sympy.expand(value)
    if value.is_Integer:
        return _bounded(int(value))
    if value.is_Rational:
        return settle(Fraction(int(value.p), int(value.q)))
    if value.is_real is False:
        raise EvaluationError("The value {value} is no real number.", value=str(value)[:60])
    return value


def terms(value: sympy.Expr) -> int:
    """Return a bound of the terms that expanding would make, at most one above MAX_TERMS."""
    if value.is_Add:
        count = sum(map(terms, value.args))
    elif value.is_Mul:
        count = 1
        for factor in value.args:
            count = min(count * terms(factor), MAX_TERMS + 1)
    elif value.is_Pow and value.exp.is_Integer and value.exp > 0:
        base = terms(value.base)
        times = min(int(value.exp), MAX_TERMS)
        count = comb(base + times - 1, times)
    else:
        count = 1
    return min(count, MAX_TERMS + 1)


def too_large() -> EvaluationError:
    """Return the error of a number beyond all bounds."""
    return EvaluationError(
        "A number has more than {limit} bits. Narrow the parameters or the exponents.",
        limit=MAX_BITS,
    )


def symbolic(value: Any) -> sympy.Expr:
    """Return a value as a SymPy expression.

    Raises
    ------
    EvaluationError
        It is no number.
    """
    if isinstance(value, sympy.Expr):
        return value
    if isinstance(value, bool):
        raise EvaluationError("The value {value} is no number.", value=value)
    if isinstance(value, int):
        return sympy.Integer(value)
    if isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    raise EvaluationError("The value {value} is no number.", value=repr(value)[:60])


def exact(value: Any) -> bool:
    """Return whether a value is a whole number or a fraction."""
    return value.__class__ is int or isinstance(value, Fraction)


def divide(left: Any, right: Any) -> Value:
    """Return left / right, a whole number where it is one."""
    if right.__class__ is int and left.__class__ is int:
        if right == 0:
            raise _by_zero(left)
        whole, rest = divmod(left, right)
        return whole if rest == 0 else Fraction(left, right)
    if exact(left) and exact(right):
        if right == 0:
            raise _by_zero(left)
        return Fraction(left) / right
    divisor = symbolic(right)
    if equal(divisor, 0):
        raise _by_zero(left)
    return sympy.radsimp(symbolic(left) / divisor)


def _by_zero(left: object) -> EvaluationError:
    return EvaluationError(
        "{left} is divided by zero. Exclude the values that make the divisor zero.",
        left=str(left)[:60],
    )


def floor_divide(left: Any, right: Any) -> Value:
    """Return the whole quotient, rounded down."""
    if exact(left) and exact(right):
        if right == 0:
            raise _by_zero(left)
        return left // right
    return floor(divide(left, right))


def modulo(left: Any, right: Any) -> Value:
    """Return the remainder; it has the divisor's sign."""
    if exact(left) and exact(right):
        if right == 0:
            raise _by_zero(left)
        return left % right
    return left - right * floor(divide(left, right))


def power(base: Any, exponent: Any) -> Value:
    """Return base ** exponent, refused before it is computed where it is too large."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        exponent = exponent.numerator
    if exponent.__class__ is not int:
        return _irrational_power(base, exponent)
    if exponent <= 0 and base == 0:
        raise EvaluationError(
            "Zero is raised to the power {exponent}, which has no value.", exponent=exponent
        )
    if not exact(base):
        return symbolic(base) ** _bounded_exponent(exponent)
    if base in (1, -1):
        return 1 if base == 1 or exponent % 2 == 0 else -1
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent) * size > 2 * MAX_BITS:
        raise too_large()
    result = Fraction(base) ** exponent if exponent < 0 else base**exponent
    return settle(result)


def _bounded_exponent(exponent: int) -> int:
    if abs(exponent) > MAX_ROOT * 5:
        raise too_large()
    return exponent


def _irrational_power(base: Any, exponent: Any) -> Value:
    if isinstance(exponent, Fraction) and exact(base):
        if exponent.denominator > MAX_ROOT:
            raise EvaluationError(
                "The root of degree {degree} is taken; at most {limit} is known.",
                degree=exponent.denominator,
                limit=MAX_ROOT,
            )
        return power(root(base, exponent.denominator), exponent.numerator)
    base, exponent = symbolic(base), symbolic(exponent)
    if not (0 < abs(float(base)) < 1e6 and abs(float(exponent)) < 1000):
        raise too_large()
    if base < 0:
        raise EvaluationError("A root of the negative number {value} is taken.", value=str(base))
    return base**exponent


def root(value: Any, degree: Any = 2) -> Value:
    """Return the real root, exact where it is rational."""
    if degree.__class__ is not int or not 1 <= degree <= MAX_ROOT:
        raise EvaluationError(
            "The root of degree {degree} is taken; degrees are whole numbers from 1 to {limit}.",
            degree=str(degree)[:60],
            limit=MAX_ROOT,
        )
    if less(value, 0):
        if degree % 2:
            return -root(-value, degree)
        raise EvaluationError(
            "A root of the negative number {value} is taken. Exclude the values that lead to it.",
            value=str(value)[:60],
        )
    if exact(value):
        above = _whole_root(value.numerator, degree)
        below = _whole_root(value.denominator, degree)
        if above is not None and below is not None:
            return above if below == 1 else Fraction(above, below)
    found = sympy.root(symbolic(value), degree)
    return sympy.sqrtdenest(found) if degree == 2 and not exact(value) else found


def _whole_root(value: int, degree: int) -> int | None:
    near = isqrt(value) if degree == 2 else int(sympy.integer_nthroot(value, degree)[0])
    return near if near**degree == value else None


def floor(value: Any) -> int:
    """Return the largest whole number that is not above a value."""
    if exact(value):
        return int(value // 1)
    return int(sympy.floor(symbolic(value)))


def less(left: Any, right: Any) -> bool:
    """Return whether left < right."""
    if exact(left) and exact(right):
        return bool(left < right)
    return not equal(left, right) and _sign_of(symbolic(left) - symbolic(right)) < 0


def equal(left: Any, right: Any) -> bool:
    """Return whether two values are the same number, decided exactly or to 40 digits."""
    if isinstance(left, str) or isinstance(right, str) or (exact(left) and exact(right)):
        return bool(left == right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    difference = symbolic(left) - symbolic(right)
    if difference.is_zero is not None:
        return bool(difference.is_zero)
    return _sign_of(difference) == 0


def _sign_of(value: sympy.Expr) -> int:
    number = sympy.N(value, _DIGITS)
    if not number.is_real:
        raise EvaluationError("The value {value} is no real number.", value=str(value)[:60])
    if abs(number) < sympy.Float(10) ** (5 - _DIGITS):
        return 0
    return 1 if number > 0 else -1
