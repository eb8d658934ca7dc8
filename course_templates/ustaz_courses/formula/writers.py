"""How each construction is written: closures from a place to a piece."""

from __future__ import annotations

from typing import Final

from ustaz_courses.expression.evaluate import Run
from ustaz_courses.formula.pieces import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    Piece,
    Place,
    Write,
    bracketed,
    loose,
    number_piece,
    signed,
    value_piece,
)
from ustaz_courses.language.translate import translate

WORDS: Final = {"and": "and", "or": "or", "not": "not"}
_GREEK: Final = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "theta",
        "lambda",
        "mu",
        "pi",
        "rho",
        "sigma",
        "tau",
        "phi",
        "omega",
        "Delta",
        "Omega",
    ]
)


def letter(name: str) -> Write:
    """Return what writes a letter: Greek by its name, digits as an index."""
    head, _, digits = name.partition("_")
    if not digits and not head.isalpha():
        head = name.rstrip("0123456789")
        digits = name[len(head) :]
    text = f"\\{head} " if head in _GREEK else head
    if len(head) > 1 and head not in _GREEK:
        text = rf"\mathit{{{head}}}"
    piece = Piece(f"{text.strip()}_{{{digits}}}" if digits else text, ATOM, minus=False)
    return lambda _: piece


def value_of(name: str) -> Write:
    """Return what writes a name's number."""

    def write(place: Place) -> Piece:
        return value_piece(place.values[name], place.language, decimal=name in place.decimals)

    return write


def sum_of_letters(terms: list[tuple[bool, Write]]) -> Write:
    """Return what writes a sum that holds letters: signs merge, zeros vanish."""

    def write(place: Place) -> Piece:
        parts: list[tuple[bool, str]] = []
        for minus, term in terms:
            piece = term(place)
            if piece.number.__class__ is int and piece.number == 0:
                continue
            if piece.level == SUM:
                parts.append((minus, f"({signed(piece)})"))
            else:
                parts.append((minus != piece.minus, piece.text))
        if not parts:
            return number_piece(0, place.language, decimal=False)
        return _joined_terms(parts)

    return write


def _joined_terms(parts: list[tuple[bool, str]]) -> Piece:
    (minus, text), *rest = parts
    if not rest:
        return Piece(text, PRODUCT, minus)
    return Piece(text + "".join(f" - {t}" if m else f" + {t}" for m, t in rest), SUM, minus)


def sum_of_numbers(terms: list[tuple[bool, Write]]) -> Write:
    """Return what writes a calculation: every number as it was put in."""

    def write(place: Place) -> Piece:
        (minus, first), *rest = terms
        piece = first(place)
        if minus and piece.minus:
            text, sign = f"({signed(piece)})", True
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
            shown = bracketed(piece) if loose(piece) else piece.text
            text += (" - " if negative else " + ") + shown
        return Piece(text, SUM, sign)

    return write


def product(factors: list[Write], *, lettered: bool) -> Write:
    """Return what writes a product; beside letters, factors of 1 vanish."""

    def write(place: Place) -> Piece:
        pieces = [factor(place) for factor in factors]
        minus = False
        if lettered:
            if any(p.number.__class__ is int and p.number == 0 for p in pieces):
                return number_piece(0, place.language, decimal=False)
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
            start = "bracket" if loose(piece) else piece.begins
            text += _between(ends, start, negative=piece.minus) + written
            ends = ends_next
        if len(pieces) == 1 and first.level != SUM:
            return first._replace(minus=minus)
        return Piece(text, PRODUCT, minus, None, begins, ends)

    return write


def _factor(piece: Piece) -> tuple[str, str]:
    return (bracketed(piece), "bracket") if loose(piece) else (piece.text, piece.ends)


def _between(ends: str, begins: str, *, negative: bool) -> str:
    """Return what stands between two factors: nothing where a textbook writes nothing."""
    if begins in ("digit", "other") or (ends == "other" and begins == "digit") or negative:
        return r" \cdot "
    if ends == "root" and begins in ("root", "letter"):
        return r" \cdot "
    return ""


def fraction(above: Write, below: Write) -> Write:
    """Return what writes a fraction; its sign stands before it."""

    def write(place: Place) -> Piece:
        top, bottom = above(place), below(place)
        if bottom.number == 1 and top.number is None:
            return top
        minus = top.minus and top.level != SUM
        shown = top.text if minus else signed(top)
        text = rf"\frac{{{shown}}}{{{signed(bottom)}}}"
        return Piece(text, PRODUCT, minus, None, "other", "other")

    return write


def power(base: Write, exponent: Write) -> Write:
    """Return what writes a power."""

    def write(place: Place) -> Piece:
        under, above = base(place), exponent(place)
        if above.number == 1 and under.number is None:
            return under
        wrap = under.minus or under.level < ATOM
        text = bracketed(under) if wrap else under.text
        begins = "bracket" if wrap else under.begins
        return Piece(f"{text}^{{{signed(above)}}}", POWER, minus=False, begins=begins)

    return write


def infix(left: Write, sign: str, right: Write) -> Write:
    """Return what writes two parts with a sign between them."""

    def write(place: Place) -> Piece:
        a, b = left(place), right(place)
        first = bracketed(a) if loose(a) else a.text
        second = bracketed(b) if loose(b) else b.text
        return Piece(f"{first} {sign} {second}", PRODUCT, minus=False, begins=a.begins)

    return write


def relation(sides: list[Write], signs: list[str]) -> Write:
    """Return what writes an equation or inequality."""

    def write(place: Place) -> Piece:
        text = signed(sides[0](place))
        for sign, side in zip(signs, sides[1:], strict=True):
            text += f" {sign} {signed(side(place))}"
        return Piece(text, SUM, minus=False)

    return write


def joined(parts: list[Write], word: str) -> Write:
    """Return what writes statements joined by a word of the language."""

    def write(place: Place) -> Piece:
        said = rf"\;\text{{{translate(WORDS[word], place.language)}}}\;"
        texts = [signed(part(place)) for part in parts]
        return Piece(said + texts[0] if word == "not" else said.join(texts), SUM, minus=False)

    return write


def choice(test: Run, body: Write, orelse: Write) -> Write:
    """Return what writes the branch that a condition chooses."""
    return lambda place: body(place) if test(place.values) else orelse(place)


def wrapped(pattern: str, args: list[Write], kind: str) -> Write:
    """Return what writes arguments into a pattern of LaTeX."""

    def write(place: Place) -> Piece:
        text = pattern % tuple(signed(arg(place)) for arg in args)
        return Piece(text, ATOM, minus=False, begins=kind, ends=kind)

    return write


def factorial(arg: Write) -> Write:
    """Return what writes a factorial."""

    def write(place: Place) -> Piece:
        piece = arg(place)
        wrap = piece.minus or piece.level < ATOM
        text = bracketed(piece) if wrap else piece.text
        begins = "bracket" if wrap else piece.begins
        return Piece(f"{text}!", ATOM, minus=False, begins=begins)

    return write
