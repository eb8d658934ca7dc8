"""From a checked tree to closures, once; evaluation then costs a call a node."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from ustaz_courses.expression.functions import CONSTANTS, FUNCTIONS
from ustaz_courses.expression.numbers import (
    divide,
    equal,
    exact,
    floor_divide,
    less,
    modulo,
    power,
    symbolic,
)

Run: TypeAlias = Callable[[Mapping[str, Any]], Any]


def constant(node: ast.Constant) -> int | Fraction | bool:
    """Return a literal exactly: 0.1 is a tenth."""
    value = node.value
    if isinstance(value, float):
        return Fraction(Decimal(repr(value)))
    assert isinstance(value, int)  # noqa: S101 - the syntax check let nothing else pass
    return value


def compiled(node: ast.expr, names: frozenset[str]) -> Run:  # noqa: C901, PLR0911 - a case a node
    """Return the closure that gives a node's value for values by name."""
    match node:
        case ast.Constant():
            value = constant(node)
            return lambda _: value
        case ast.Name(id=name):
            if name in names:
                return operator.itemgetter(name)
            number = CONSTANTS[name]
            return lambda _: number
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(type(op), compiled(left, names), compiled(right, names))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _negated(compiled(operand, names))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = compiled(operand, names)
            return lambda values: not inner(values)
        case ast.UnaryOp(operand=operand):
            return compiled(operand, names)
        case ast.BoolOp(op=op, values=parts):
            runs = [compiled(part, names) for part in parts]
            combine = all if isinstance(op, ast.And) else any
            return lambda values: combine(run(values) for run in runs)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            if_, then, else_ = (compiled(part, names) for part in (test, body, orelse))
            return lambda values: then(values) if if_(values) else else_(values)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _comparison(left, ops, others, names)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(FUNCTIONS[name].call, [compiled(arg, names) for arg in args])
    raise TypeError(f"the syntax check let {type(node).__name__} pass")


def _negated(inner: Run) -> Run:
    def run(values: Mapping[str, Any]) -> Any:
        value = inner(values)
        return -value if exact(value) else -symbolic(value)

    return run


def _call(function: Callable[..., Any], args: list[Run]) -> Run:
    if len(args) == 1:
        (only,) = args
        return lambda values: function(only(values))
    return lambda values: function(*(arg(values) for arg in args))


def _plus(left: Any, right: Any) -> Any:
    return left + right if exact(left) and exact(right) else symbolic(left) + symbolic(right)


def _minus(left: Any, right: Any) -> Any:
    return left - right if exact(left) and exact(right) else symbolic(left) - symbolic(right)


def _times(left: Any, right: Any) -> Any:
    return left * right if exact(left) and exact(right) else symbolic(left) * symbolic(right)


_WITH_FAST_PATH: dict[type, tuple[Callable[[int, int], Any], Callable[[Any, Any], Any]]] = {
    ast.Add: (operator.add, _plus),
    ast.Sub: (operator.sub, _minus),
    ast.Mult: (operator.mul, _times),
}
_CAREFUL: dict[type, Callable[[Any, Any], Any]] = {
    ast.Div: divide,
    ast.FloorDiv: floor_divide,
    ast.Mod: modulo,
    ast.Pow: power,
}


def binary(op: type) -> Callable[[Any, Any], Any]:
    """Return the function of a binary operator."""
    return _WITH_FAST_PATH[op][1] if op in _WITH_FAST_PATH else _CAREFUL[op]


def _binary(op: type, left: Run, right: Run) -> Run:
    if op in _CAREFUL:
        careful = _CAREFUL[op]
        return lambda values: careful(left(values), right(values))
    fast, slow = _WITH_FAST_PATH[op]

    def run(values: Mapping[str, Any]) -> Any:
        a, b = left(values), right(values)
        if a.__class__ is int and b.__class__ is int:
            return fast(a, b)
        return slow(a, b)

    return run


_FAST: dict[type, Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_SLOW: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: equal,
    ast.NotEq: lambda a, b: not equal(a, b),
    ast.Lt: less,
    ast.LtE: lambda a, b: not less(b, a),
    ast.Gt: lambda a, b: less(b, a),
    ast.GtE: lambda a, b: not less(a, b),
}


def _comparison(
    left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr], names: frozenset[str]
) -> Run:
    first = compiled(left, names)
    rest = [
        (_FAST[type(op)], _SLOW[type(op)], compiled(other, names))
        for op, other in zip(ops, others, strict=True)
    ]

    def run(values: Mapping[str, Any]) -> bool:
        a = first(values)
        for fast, slow, other in rest:
            b = other(values)
            plain = a.__class__ is int and b.__class__ is int
            if not (fast(a, b) if plain else slow(a, b)):
                return False
            a = b
        return True

    return run
