"""From a checked tree to a SymPy expression: names with values put in, all others as letters."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy

from ustaz_courses.errors import EvaluationError
from ustaz_courses.expression.evaluate import binary, compiled, constant
from ustaz_courses.expression.functions import CONSTANTS, FUNCTIONS
from ustaz_courses.expression.numbers import exact, settle, symbolic

#: The largest power of a letter or a bracket; school polynomials end far below.
MAX_EXPONENT = 60


def to_sympy(node: ast.expr, values: Mapping[str, Any], names: frozenset[str]) -> sympy.Expr:
    """Return a tree as a SymPy expression.

    Raises
    ------
    EvaluationError
        A part has no value, or a power is too large.
    """
    return symbolic(_built(node, values, names))


def _built(  # noqa: PLR0911 - a case a node
    node: ast.expr, values: Mapping[str, Any], names: frozenset[str]
) -> Any:
    match node:
        case ast.Constant():
            return constant(node)
        case ast.Name(id=name):
            if name in values:
                return values[name]
            return sympy.Symbol(name) if name in names else CONSTANTS[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _operation(type(op), _built(left, values, names), _built(right, values, names))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _built(operand, values, names)
            return -value if exact(value) else -symbolic(value)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _built(operand, values, names)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            chosen = body if compiled(test, names)(values) else orelse
            return _built(chosen, values, names)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _applied(name, [_built(arg, values, names) for arg in args])
    raise EvaluationError(
        "{part!r} is no algebraic expression. Comparisons have no place here.",
        part=ast.unparse(node)[:60],
    )


def lettered(value: Any) -> bool:
    """Return whether a built part holds letters."""
    return isinstance(value, sympy.Expr) and bool(value.free_symbols)


def _operation(op: type, left: Any, right: Any) -> Any:
    if not lettered(left) and not lettered(right):
        return binary(op)(left, right)
    if op in (ast.FloorDiv, ast.Mod):
        raise EvaluationError("Whole division takes numbers only, not letters.")
    if op is ast.Div:
        if right == 0:
            raise EvaluationError("An expression is divided by zero. Exclude that value.")
        return symbolic(left) / symbolic(right)
    if op is not ast.Pow:
        return binary(op)(left, right)
    return _power(left, right)


def _power(base: Any, exponent: Any) -> sympy.Expr:
    if not lettered(exponent):
        size = abs(Fraction(exponent)) if isinstance(exponent, int | Fraction) else None
        if size is None or size > MAX_EXPONENT or size.denominator > MAX_EXPONENT:
            raise EvaluationError(
                "The power {exponent} of an expression is too large; at most {limit} is known.",
                exponent=str(exponent)[:60],
                limit=MAX_EXPONENT,
            )
    return symbolic(base) ** symbolic(exponent)


def _applied(name: str, args: list[Any]) -> Any:
    function = FUNCTIONS[name]
    if not any(map(lettered, args)):
        return settle(function.call(*args))
    if function.on_letters is None:
        raise EvaluationError("{name} takes numbers only, not letters.", name=name)
    return function.on_letters(*map(symbolic, args))
