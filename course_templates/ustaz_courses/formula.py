r"""A formula as a textbook writes it: the variant's numbers put in, nothing calculated.

`a*x + b == c` with a = 1, b = -3, c = 4 reads `x - 3 = 4`. Two habits of textbooks decide:

- Where a sum holds letters, a number's own sign becomes the sign of its term: `a*x + b` with b = -3
  gives `2x - 3`, `x - root` with root = -4 gives `x + 4`; terms that are 0 vanish, factors 1 too.
- Where a sum holds numbers only it is a calculation, and shows each number as it was put in:
  `c - b` with b = -3 gives `7 - (-3)`.

The shape is compiled once into closures; writing one formula then joins a few strings.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeAlias

import sympy

from ustaz_courses.errors import CoursesError, EvaluationError, TemplateError
from ustaz_courses.expression import parse
from ustaz_courses.expression.evaluate import Run, compiled, constant
from ustaz_courses.expression.numbers import settle
from ustaz_courses.language.numbers import latex_number
from ustaz_courses.language.translate import translate

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

_GREEK: Final = frozenset(
    ["alpha", "beta", "gamma", "delta", "epsilon", "theta", "lambda", "mu", "pi", "rho", "sigma", "tau", "phi", "omega", "Delta", "Omega"]
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


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a template, ready to be written for any variant."""

    source: str
    names: frozenset[str]
    """Names with values that it uses; symbols are not among them."""
    write: Write = field(repr=False, compare=False)

    def latex(
        self,
        values: Mapping[str, Any],
        language: str,
        *,
        decimals: frozenset[str] = frozenset(),
    ) -> str:
        """Return the formula as LaTeX.

        Parameters
        ----------
        values : mapping of str to number
            At least the names that it uses.
        language : str
            Decides the decimal sign.
        decimals : frozenset of str
            Names whose fractions are written as decimals.

        Raises
        ------
        TemplateError
            A name has no number.
        """
        try:
            return _signed(self.write(Place(values, language, decimals)))
        except KeyError as error:
            raise TemplateError(
                "The name {name} of the formula {formula!r} has no value here.",
                name=str(error),
                formula=self.source,
            ) from None
        except EvaluationError as error:
            raise TemplateError(
                "The formula {formula!r} cannot be written: {reason}",
                formula=self.source,
                reason=str(error),
            ) from None


def compile_formula(source: str, names: frozenset[str], symbols: Sequence[str]) -> Formula:
    """Return a formula ready to be written.

    Parameters
    ----------
    source : str
        Text in the expression language, comparisons allowed.
    names : frozenset of str
        Names that have numbers in every variant.
    symbols : sequence of str
        Letters that stay letters.

    Raises
    ------
    ExpressionError
        The text is malformed or uses unknown names.

    Examples
    --------
    >>> formula = compile_formula("a*x + b == c", frozenset("abc"), ["x"])
    >>> formula.latex({"a": 1, "b": -3, "c": 4}, "en")
    'x - 3 = 4'
    """
    letters = frozenset(symbols) - names
    expression = parse(source, names=names | letters)
    return Formula(source, expression.names - letters, _Writer(letters).write(expression.tree))


class _Writer:
    """Turns a checked tree into closures that write it."""

    def __init__(self, letters: frozenset[str]) -> None:
        self.letters = letters

    def write(self, node: ast.expr) -> Write:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=name):
                return _letter(name) if self._is_letter(name) else _value_of(name)
            case ast.BinOp(op=ast.Add() | ast.Sub()) | ast.UnaryOp(op=ast.USub()):
                return self._sum(node)
            case ast.BinOp(op=ast.Mult()):
                return self._product(node)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return _fraction(self.write(left), self.write(right))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return _power(self.write(left), self.write(right))
            case ast.BinOp(left=left, op=op, right=right):
                sign = r"\bmod" if isinstance(op, ast.Mod) else r"\operatorname{div}"
                return _infix(self.write(left), sign, self.write(right))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.write(operand)
            case ast.UnaryOp(operand=operand):
                return _joined([self.write(operand)], "not")
            case ast.Compare(left=left, ops=ops, comparators=others):
                return _relation(
                    [self.write(part) for part in (left, *others)],
                    [_RELATIONS[type(op)] for op in ops],
                )
            case ast.BoolOp(op=op, values=parts):
                word = "and" if isinstance(op, ast.And) else "or"
                return _joined([self.write(part) for part in parts], word)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return _choice(self._run(test), self.write(body), self.write(orelse))
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
            piece = _number_piece(number, "en", decimal=False)
            return lambda _: piece
        return lambda place: _number_piece(number, place.language, decimal=True)

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
        return _sum_of_letters(writes) if lettered else _sum_of_numbers(writes)

    def _product(self, node: ast.expr) -> Write:
        lettered = self._lettered(node)
        factors: list[ast.expr] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            factors.insert(0, node.right)
            node = node.left
        factors.insert(0, node)
        return _product([self.write(factor) for factor in factors], lettered=lettered)

    def _call(self, node: ast.expr, name: str, args: list[ast.expr]) -> Write:
        writes = [self.write(arg) for arg in args]
        match name:
            case "sqrt":
                return _wrapped(r"\sqrt{%s}", writes, "root")
            case "cbrt":
                return _wrapped(r"\sqrt[3]{%s}", writes, "root")
            case "root":
                return _wrapped(r"\sqrt[%s]{%s}", writes[::-1], "root")
            case "abs":
                return _wrapped(r"\left|%s\right|", writes, "bracket")
            case "floor":
                return _wrapped(r"\lfloor %s \rfloor", writes, "bracket")
            case "ceil":
                return _wrapped(r"\lceil %s \rceil", writes, "bracket")
            case "binomial":
                return _wrapped(r"\binom{%s}{%s}", writes, "bracket")
            case "factorial":
                return _factorial(writes[0])
            case "log" if len(writes) == 2:
                return _wrapped(r"\log_{%s}\left(%s\right)", writes[::-1], "other")
            case "log":
                return _wrapped(r"\ln\left(%s\right)", writes, "other")
        if name in _NAMED:
            listed = ", ".join(["%s"] * len(writes))
            return _wrapped(rf"{_NAMED[name]}\left({listed}\right)", writes, "other")
        # Any other function has no sign of its own: its value is shown.
        run = self._run(node)
        return lambda place: _value_piece(settle(run(place.values)), place.language, decimal=True)


def _is_constant(name: str) -> bool:
    return name in ("pi", "e")


def _letter(name: str) -> Write:
    head, _, digits = name.partition("_")
    if not digits and not head.isalpha():
        head = name.rstrip("0123456789")
        digits = name[len(head) :]
    text = f"\\{head} " if head in _GREEK else head
    if len(head) > 1 and head not in _GREEK:
        text = rf"\mathit{{{head}}}"
    piece = Piece(f"{text.strip()}_{{{digits}}}" if digits else text, ATOM, minus=False)
    return lambda _: piece


def _value_of(name: str) -> Write:
    def write(place: Place) -> Piece:
        return _value_piece(place.values[name], place.language, decimal=name in place.decimals)

    return write


def _value_piece(value: Any, language: str, *, decimal: bool) -> Piece:
    if value.__class__ is int or isinstance(value, Fraction):
        return _number_piece(value, language, decimal=decimal)
    if isinstance(value, sympy.Expr):
        minus = bool(value.could_extract_minus_sign()) and not value.is_Add
        text = str(sympy.latex(-value if minus else value))
        return Piece(text, SUM if value.is_Add else PRODUCT, minus, value, "root", "root")
    if isinstance(value, str):
        return Piece(rf"\text{{{value}}}", ATOM, minus=False)
    raise EvaluationError("The value {value} is no number.", value=repr(value)[:60])


def _number_piece(value: int | Fraction, language: str, *, decimal: bool) -> Piece:
    text = latex_number(abs(value), language, decimal=decimal)
    if text.startswith("\\frac"):
        return Piece(text, PRODUCT, value < 0, value, "other", "other")
    return Piece(text, ATOM, value < 0, value, "digit", "digit")


def _signed(piece: Piece) -> str:
    return f"-{piece.text}" if piece.minus else piece.text


def _bracketed(piece: Piece) -> str:
    return rf"\left({_signed(piece)}\right)" if "frac" in piece.text else f"({_signed(piece)})"


def _term(piece: Piece) -> str:
    """Return a term's text without its sign, in brackets where it is a sum itself."""
    return f"({piece.text})" if piece.level == SUM else piece.text


def _sum_of_letters(terms: list[tuple[bool, Write]]) -> Write:
    def write(place: Place) -> Piece:
        parts: list[tuple[bool, str]] = []
        for minus, term in terms:
            piece = term(place)
            if piece.number.__class__ is int and piece.number == 0:
                continue
            if piece.level == SUM:
                parts.append((minus, f"({_signed(piece)})"))
            else:
                parts.append((minus != piece.minus, piece.text))
        if not parts:
            return _number_piece(0, place.language, decimal=False)
        return _joined_terms(parts)

    return write


def _joined_terms(parts: list[tuple[bool, str]]) -> Piece:
    (minus, text), *rest = parts
    if not rest:
        return Piece(text, PRODUCT, minus)
    return Piece(text + "".join(f" - {t}" if m else f" + {t}" for m, t in rest), SUM, minus)


def _sum_of_numbers(terms: list[tuple[bool, Write]]) -> Write:
    def write(place: Place) -> Piece:
        (minus, first), *rest = terms
        piece = first(place)
        if minus and piece.minus:
            text, sign = f"({_signed(piece)})", True
        elif minus and piece.level == SUM:
            text, sign = f"({piece.text})", True
        else:
            text, sign = piece.text, minus or piece.minus
        if minus and piece.number.__class__ is int and piece.number == 0:
            sign = False
        if not rest:
            return Piece(text, PRODUCT, sign, None, piece.begins, piece.ends)
        for negative, term in rest:
            piece = term(place)
            loose = piece.minus or piece.level == SUM
            text += (" - " if negative else " + ") + (_bracketed(piece) if loose else piece.text)
        return Piece(text, SUM, sign)

    return write


def _product(factors: list[Write], *, lettered: bool) -> Write:
    def write(place: Place) -> Piece:
        pieces = [factor(place) for factor in factors]
        minus = False
        if lettered:
            if any(p.number.__class__ is int and p.number == 0 for p in pieces):
                return _number_piece(0, place.language, decimal=False)
            kept = []
            for piece in pieces:
                if piece.number in (1, -1):
                    minus ^= piece.minus
                else:
                    kept.append(piece)
            pieces = kept or pieces[:1]
        first = pieces[0]
        if first.level != SUM:
            minus ^= first.minus
            first = first._replace(minus=False)
        text, ends = _factor(first)
        begins = "bracket" if first.level == SUM else first.begins
        for piece in pieces[1:]:
            written, ends_next = _factor(piece)
            start = "bracket" if _loose(piece) else piece.begins
            text += _between(ends, start, negative=piece.minus) + written
            ends = ends_next
        if len(pieces) == 1 and first.level != SUM:
            return first._replace(minus=minus)
        return Piece(text, PRODUCT, minus, None, begins, ends)

    return write


def _loose(piece: Piece) -> bool:
    return piece.minus or piece.level == SUM


def _factor(piece: Piece) -> tuple[str, str]:
    return (_bracketed(piece), "bracket") if _loose(piece) else (piece.text, piece.ends)


def _between(ends: str, begins: str, *, negative: bool) -> str:
    """Return what stands between two factors: nothing where a textbook writes nothing."""
    if begins in ("digit", "other") or (ends == "other" and begins == "digit") or negative:
        return r" \cdot "
    if ends == "root" and begins in ("root", "letter"):
        return r" \cdot "
    return ""


def _fraction(above: Write, below: Write) -> Write:
    def write(place: Place) -> Piece:
        top, bottom = above(place), below(place)
        if bottom.number == 1 and top.number is None:
            return top
        minus = top.minus and top.level != SUM
        shown = top.text if minus else _signed(top)
        text = rf"\frac{{{shown}}}{{{_signed(bottom)}}}"
        return Piece(text, PRODUCT, minus, None, "other", "other")

    return write


def _power(base: Write, exponent: Write) -> Write:
    def write(place: Place) -> Piece:
        under, above = base(place), exponent(place)
        if above.number == 1 and under.number is None:
            return under
        loose = under.minus or under.level < ATOM
        text = _bracketed(under) if loose else under.text
        begins = "bracket" if loose else under.begins
        return Piece(f"{text}^{{{_signed(above)}}}", POWER, minus=False, begins=begins)

    return write


def _infix(left: Write, sign: str, right: Write) -> Write:
    def write(place: Place) -> Piece:
        a, b = left(place), right(place)
        first = _bracketed(a) if _loose(a) else a.text
        second = _bracketed(b) if _loose(b) else b.text
        return Piece(f"{first} {sign} {second}", PRODUCT, minus=False, begins=a.begins)

    return write


def _relation(sides: list[Write], signs: list[str]) -> Write:
    def write(place: Place) -> Piece:
        text = _signed(sides[0](place))
        for sign, side in zip(signs, sides[1:], strict=True):
            text += f" {sign} {_signed(side(place))}"
        return Piece(text, SUM, minus=False)

    return write


def _joined(parts: list[Write], word: str) -> Write:
    def write(place: Place) -> Piece:
        said = rf"\;\text{{{translate(word, place.language)}}}\;"
        texts = [_signed(part(place)) for part in parts]
        return Piece(said + texts[0] if word == "not" else said.join(texts), SUM, minus=False)

    return write


def _choice(test: Run, body: Write, orelse: Write) -> Write:
    return lambda place: body(place) if test(place.values) else orelse(place)


def _wrapped(pattern: str, args: list[Write], kind: str) -> Write:
    def write(place: Place) -> Piece:
        text = pattern % tuple(_signed(arg(place)) for arg in args)
        return Piece(text, ATOM, minus=False, begins=kind, ends=kind)

    return write


def _factorial(arg: Write) -> Write:
    def write(place: Place) -> Piece:
        piece = arg(place)
        loose = piece.minus or piece.level < ATOM
        text = _bracketed(piece) if loose else piece.text
        begins = "bracket" if loose else piece.begins
        return Piece(f"{text}!", ATOM, minus=False, begins=begins)

    return write


__all__ = ["CoursesError", "Formula", "compile_formula"]
