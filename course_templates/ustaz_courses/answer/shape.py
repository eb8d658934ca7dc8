"""Whether an expression is expanded or factored, read off what was typed."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy

from ustaz_courses.expression import Expression
from ustaz_courses.expression.symbols import to_sympy
from ustaz_courses.expression.typed import quoted

#: Factors of larger degree are taken as they are: factoring must end at once.
MAX_DEGREE = 12


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """What is missing from the shape."""

    message: str
    nothing_done: bool
    """Whether not even the first step towards the shape was taken."""
    values: Mapping[str, object] = field(default_factory=dict)


def expanded_fault(typed: Expression) -> ShapeFault | None:
    """Return what keeps an expression from being a sum of unlike terms, None where it is one."""
    seen: Counter[tuple[tuple[str, int], ...]] = Counter()
    for term in _terms(typed.tree):
        powers = _monomial(term)
        if powers is None:
            return ShapeFault(
                "This is equal to the answer, but brackets are left. Expand them.",
                nothing_done=True,
            )
        seen[tuple(sorted(powers.items()))] += 1
    if any(count > 1 for count in seen.values()):
        return ShapeFault(
            "Expanded rightly, but like terms are left. Collect them.", nothing_done=False
        )
    return None


def factored_fault(typed: Expression) -> ShapeFault | None:
    """Return what keeps an expression from being factored as far as it goes, None where it is."""
    factors = _factors(typed.tree)
    unfinished = next((f for f in factors if _further(_built(f, typed))), None)
    if unfinished is None:
        return None
    if sum(not _is_one(factor) for factor in factors) < 2:
        return ShapeFault(
            "This is equal to the answer, but it is no product. Factor it.", nothing_done=True
        )
    return ShapeFault(
        "Factored in part: {factor} can be factored further.",
        nothing_done=False,
        values={"factor": quoted(_school(unfinished))},
    )


def _built(node: ast.expr, typed: Expression) -> sympy.Expr:
    return to_sympy(node, {}, typed.names)


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1


def _further(expression: sympy.Expr) -> bool:
    """Return whether a factor splits into factors, a common number included."""
    if not expression.free_symbols or not expression.is_polynomial():
        return False
    polynomial = sympy.Poly(sympy.expand(expression), *sorted(expression.free_symbols, key=str))
    if polynomial.total_degree() > MAX_DEGREE or not all(
        c.is_Rational for c in polynomial.coeffs()
    ):
        return False
    if len(polynomial.terms()) == 1:
        return False
    content, parts = polynomial.factor_list()
    return abs(content) != 1 or len(parts) > 1 or parts[0][1] > 1


def _terms(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return _terms(left) + _terms(right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _terms(operand)
    return [node]


def _factors(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _factors(left) + _factors(right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _factors(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(times))) if (
            1 < times <= MAX_DEGREE
        ):
            return _factors(left) * times
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant()):
            return _factors(left)
    return [node]


def _monomial(node: ast.expr) -> dict[str, int] | None:
    """Return the powers of the letters of a term, None where it is no single term."""
    powers: dict[str, int] = {}
    for factor in _factors(node):
        letter = factor
        times = 1
        if isinstance(factor, ast.BinOp) and isinstance(factor.op, ast.Pow):
            letter, exponent = factor.left, factor.right
            if isinstance(exponent, ast.Constant) and isinstance(exponent.value, int):
                times = exponent.value
        if isinstance(letter, ast.Name):
            powers[letter.id] = powers.get(letter.id, 0) + times
        elif any(isinstance(n, ast.Name) for n in ast.walk(letter)):
            return None
    return powers


def _school(node: ast.expr) -> str:
    return ast.unparse(node).replace(" ** ", "^").replace(" * ", "·")
