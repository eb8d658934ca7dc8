"""From a checked tree to closures that write it, once for every template."""

from __future__ import annotations

import ast
from typing import Final

from ustaz_courses.expression.evaluate import Run, compiled, constant
from ustaz_courses.expression.numbers import settle
from ustaz_courses.formula.pieces import ATOM, Piece, Write, number_piece, value_piece
from ustaz_courses.formula.writers import (
    choice,
    factorial,
    fraction,
    infix,
    joined,
    letter,
    power,
    product,
    relation,
    sum_of_letters,
    sum_of_numbers,
    value_of,
    wrapped,
)

_RELATIONS: Final[dict[type, str]] = {
    ast.Eq: "=",
    ast.NotEq: r"\ne",
    ast.Lt: "<",
    ast.LtE: r"\le",
    ast.Gt: ">",
    ast.GtE: r"\ge",
}
_NAMED: Final = {
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "exp": r"\exp", "gcd": r"\gcd",
    "min": r"\min", "max": r"\max", "lcm": r"\operatorname{lcm}",
}  # fmt: skip


class Layout:
    """Turns a checked tree into closures that write it."""

    def __init__(self, letters: frozenset[str]) -> None:
        self.letters = letters

    def write(self, node: ast.expr) -> Write:  # noqa: C901, PLR0911, PLR0912 - a case a node
        """Return what writes a node."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=name):
                return letter(name) if self._is_letter(name) else value_of(name)
            case ast.BinOp(op=ast.Add() | ast.Sub()) | ast.UnaryOp(op=ast.USub()):
                return self._sum(node)
            case ast.BinOp(op=ast.Mult()):
                return self._product(node)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return fraction(self.write(left), self.write(right))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return power(self.write(left), self.write(right))
            case ast.BinOp(left=left, op=op, right=right):
                sign = r"\bmod" if isinstance(op, ast.Mod) else r"\operatorname{div}"
                return infix(self.write(left), sign, self.write(right))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.write(operand)
            case ast.UnaryOp(operand=operand):
                return joined([self.write(operand)], "not")
            case ast.Compare(left=left, ops=ops, comparators=others):
                return relation(
                    [self.write(part) for part in (left, *others)],
                    [_RELATIONS[type(op)] for op in ops],
                )
            case ast.BoolOp(op=op, values=parts):
                word = "and" if isinstance(op, ast.And) else "or"
                return joined([self.write(part) for part in parts], word)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return choice(self._run(test), self.write(body), self.write(orelse))
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(node, name, args)
        raise TypeError(f"the syntax check let {type(node).__name__} pass")

    def _run(self, node: ast.expr) -> Run:
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        return compiled(node, frozenset(n for n in names if not _is_constant(n)))

    def _is_letter(self, name: str) -> bool:
        return name in self.letters or _is_constant(name)

    def _lettered(self, node: ast.expr) -> bool:
        return any(isinstance(n, ast.Name) and n.id in self.letters for n in ast.walk(node))

    def _constant(self, node: ast.Constant) -> Write:
        number = constant(node)
        if isinstance(number, bool):
            text = "1" if number else "0"
            return lambda _: Piece(text, ATOM, minus=False)
        if isinstance(number, int):
            piece = number_piece(number, "en", decimal=False)
            return lambda _: piece
        return lambda place: number_piece(number, place.language, decimal=True)

    def _sum(self, node: ast.expr) -> Write:
        """Flatten the left spine only: a bracket that an author wrote on the right stays."""
        terms: list[tuple[bool, ast.expr]] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            terms.insert(0, (isinstance(node.op, ast.Sub), node.right))
            node = node.left
        minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        first = node.operand if isinstance(node, ast.UnaryOp) and minus else node
        terms.insert(0, (minus, first))
        lettered = any(self._lettered(term) for _, term in terms)
        writes = [(sign, self.write(term)) for sign, term in terms]
        return sum_of_letters(writes) if lettered else sum_of_numbers(writes)

    def _product(self, node: ast.expr) -> Write:
        lettered = self._lettered(node)
        factors: list[ast.expr] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            factors.insert(0, node.right)
            node = node.left
        factors.insert(0, node)
        return product([self.write(factor) for factor in factors], lettered=lettered)

    def _call(self, node: ast.expr, name: str, args: list[ast.expr]) -> Write:  # noqa: C901, PLR0911 - a case a function
        writes = [self.write(arg) for arg in args]
        match name:
            case "sqrt":
                return wrapped(r"\sqrt{%s}", writes, "root")
            case "cbrt":
                return wrapped(r"\sqrt[3]{%s}", writes, "root")
            case "root":
                return wrapped(r"\sqrt[%s]{%s}", writes[::-1], "root")
            case "abs":
                return wrapped(r"\left|%s\right|", writes, "bracket")
            case "floor":
                return wrapped(r"\lfloor %s \rfloor", writes, "bracket")
            case "ceil":
                return wrapped(r"\lceil %s \rceil", writes, "bracket")
            case "binomial":
                return wrapped(r"\binom{%s}{%s}", writes, "bracket")
            case "factorial":
                return factorial(writes[0])
            case "log" if len(writes) == 2:
                return wrapped(r"\log_{%s}\left(%s\right)", writes[::-1], "other")
            case "log":
                return wrapped(r"\ln\left(%s\right)", writes, "other")
        if name in _NAMED:
            listed = ", ".join(["%s"] * len(writes))
            return wrapped(rf"{_NAMED[name]}\left({listed}\right)", writes, "other")
        # Any other function has no sign of its own: its value is shown.
        run = self._run(node)
        return lambda place: value_piece(settle(run(place.values)), place.language, decimal=True)


def _is_constant(name: str) -> bool:
    return name in ("pi", "e")
