"""What a variant's numbers and words are drawn from, and the drawing itself.

Every domain is a finite list of values, so that drawing is one index and the space can be counted.
The stream behind a draw is SHAKE-256 of the variant's seed: the same on every machine and in every
version of Python, which `random` does not promise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ustaz_courses.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: A domain is held as a list; larger ones would cost memory and gain no variety for a class.
MAX_VALUES = 100_000
_CHUNK_BYTES = 256
_WORD_BYTES = 4
_WORD_LIMIT = 2 ** (8 * _WORD_BYTES)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, name or sentence in the three languages, with the forms that its sentences need."""

    forms: Mapping[str, Mapping[str, str]]
    """Language to form name to text; form "base" always exists."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A parameter and the values that it is drawn from."""

    name: str
    values: tuple[int | Fraction | str | Word, ...]
    decimal: bool = False
    """Whether its fractions are written as decimals."""


class Stream:
    """An endless, reproducible stream of unbiased draws from a seed.

    Parameters
    ----------
    seed : bytes
        Any length; 32 bytes from `variant_seed` in use.
    """

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._block = 0
        self._words: list[int] = []

    def below(self, bound: int) -> int:
        """Return a whole number from 0 to bound - 1, all equally likely.

        Parameters
        ----------
        bound : int
            1 … 2³².
        """
        limit = _WORD_LIMIT - _WORD_LIMIT % bound
        while True:
            if not self._words:
                self._refill()
            word = self._words.pop()
            if word < limit:
                return word % bound

    def shuffled(self, count: int) -> tuple[int, ...]:
        """Return 0 … count - 1 in an order drawn by Fisher and Yates's method."""
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return tuple(order)

    def _refill(self) -> None:
        block = hashlib.shake_256(self._seed + self._block.to_bytes(4, "big")).digest(_CHUNK_BYTES)
        self._block += 1
        self._words = [
            int.from_bytes(block[i : i + _WORD_BYTES], "big")
            for i in range(0, _CHUNK_BYTES, _WORD_BYTES)
        ]


def integers(
    name: str, bounds: Sequence[int], *, step: int = 1, exclude: Sequence[int] = ()
) -> Domain:
    """Return the whole numbers from bounds[0] to bounds[1], both included."""
    low, high = _bounds(name, bounds)
    if step < 1:
        raise TemplateError(
            "Parameter {name!r} has the step {step}; a step is at least 1.", name=name, step=step
        )
    _count(name, (high - low) // step + 1)
    left_out = set(exclude)
    return _domain(
        name, tuple(n for n in range(int(low), int(high) + 1, step) if n not in left_out)
    )


def decimals(
    name: str,
    bounds: Sequence[int | Decimal],
    step: Decimal | int,
    exclude: Sequence[int | Decimal] = (),
) -> Domain:
    """Return the decimals from bounds[0] to bounds[1] in steps, as exact fractions."""
    low, high = _bounds(name, bounds)
    width = Fraction(step)
    if width <= 0:
        raise TemplateError(
            "Parameter {name!r} has the step {step}; a step is above 0.", name=name, step=step
        )
    count = int((high - low) / width) + 1
    _count(name, count)
    left_out = {Fraction(value) for value in exclude}
    values = (Fraction(low) + i * width for i in range(count))
    return _domain(name, tuple(v for v in values if v not in left_out), decimal=True)


def rationals(name: str, numerators: Sequence[int], denominators: Sequence[int]) -> Domain:
    """Return every reduced fraction of a numerator and a denominator; whole numbers left out."""
    low, high = _bounds(name, numerators)
    smallest, largest = _bounds(name, denominators)
    if smallest < 1:
        raise TemplateError(
            "Parameter {name!r} has denominators from {low}; a denominator is at least 1.",
            name=name,
            low=smallest,
        )
    _count(name, int((high - low + 1) * (largest - smallest + 1)))
    values = {
        Fraction(n, d)
        for n in range(int(low), int(high) + 1)
        for d in range(int(smallest), int(largest) + 1)
    }
    return _domain(name, tuple(sorted(v for v in values if v.denominator > 1)))


def choices(name: str, values: Sequence[int | Decimal | str]) -> Domain:
    """Return listed numbers; a text such as "3/4" is a fraction."""
    try:
        exact = tuple(int(v) if isinstance(v, int) else Fraction(v) for v in values)
    except (ValueError, ZeroDivisionError):
        raise TemplateError(
            'Parameter {name!r} has a choice that is no number in {values}. Write 3, 2.5 or "3/4"; '
            "texts go into `texts`, words into `words`.",
            name=name,
            values=list(values),
        ) from None
    return _domain(name, exact, decimal=any(isinstance(v, Decimal) for v in values))


def texts(name: str, values: Sequence[str]) -> Domain:
    """Return listed texts that are the same in every language, such as identifiers."""
    return _domain(name, tuple(values))


def words(name: str, rows: Sequence[Mapping[str, str | Mapping[str, str]]]) -> Domain:
    """Return listed words, each in every language."""
    return _domain(name, tuple(word(row) for row in rows))


def word(row: Mapping[str, str | Mapping[str, str]]) -> Word:
    """Return a word from its table; a plain text is its base form, else the first form listed."""
    forms: dict[str, dict[str, str]] = {}
    for language, text in row.items():
        table = {"base": text} if isinstance(text, str) else dict(text)
        if "base" not in table and table:
            table["base"] = table.get("one") or table.get("other") or next(iter(table.values()))
        forms[language] = table
    return Word(forms)


def _domain(
    name: str, values: tuple[int | Fraction | str | Word, ...], *, decimal: bool = False
) -> Domain:
    if not values:
        raise TemplateError(
            "Parameter {name!r} has no value to draw. Widen its range or list values.", name=name
        )
    return Domain(name, values, decimal)


def _bounds(name: str, bounds: Sequence[int | Decimal]) -> tuple[Fraction, Fraction]:
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        raise TemplateError(
            "Parameter {name!r} has the range {bounds}; a range is [lowest, highest].",
            name=name,
            bounds=[str(b) for b in bounds],
        )
    return Fraction(bounds[0]), Fraction(bounds[1])


def _count(name: str, count: int) -> None:
    if count > MAX_VALUES:
        raise TemplateError(
            "Parameter {name!r} has {count} values; at most {limit} are held. Narrow the range or "
            "take a larger step.",
            name=name,
            count=count,
            limit=MAX_VALUES,
        )
