"""Which form of a word a number asks for, by CLDR's plural rules."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from babel import Locale


@lru_cache(maxsize=8)
def _rule(language: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - babel ships no types
    return Locale(language).plural_form


@lru_cache(maxsize=4096)
def plural_category(number: int | Fraction, language: str) -> str:
    """Return the CLDR category ("one", "few", "many", "other") of a number in a language.

    Examples
    --------
    >>> [plural_category(n, "ru") for n in (1, 3, 5, 21)]
    ['one', 'few', 'many', 'one']
    """
    number = -number if number < 0 else number
    if isinstance(number, Fraction):
        if number.denominator != 1:
            # CLDR: every fraction of kk and en, and of ru, takes "other".
            return "other"
        number = number.numerator
    return str(_rule(language)(number))
