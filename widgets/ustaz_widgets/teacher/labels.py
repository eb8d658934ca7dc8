"""Texts of the class's plot: translated, and foreign ones made harmless.

plotly reads ``<b>``, ``<a href>``, entities and ``$formulae$`` in every label. Foreign text (names,
titles, items) therefore never reaches it raw: ``plain`` takes out what is no visible letter,
``harmless`` turns what plotly would read into entities that it shows as the characters they are.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ustaz_courses.language import translate

if TYPE_CHECKING:
    from datetime import datetime

DOMAIN: Final = "ustaz_widgets"
NAME_CHARACTERS: Final = 26
"""Longest name beside a row: wider ones would leave no room for cells on a small screen."""
TITLE_CHARACTERS: Final = 29
"""Longest title above a column."""

_ALPHABET: Final = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
"""Kazakh order; Russian is contained in it."""
_PLACES: Final = {letter: chr(0xE000 + place) for place, letter in enumerate(_ALPHABET)}
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})


def say(message: str, language: str, **values: object) -> str:
    """Return the message in the reader's language, its values put in."""
    return translate(message, language, domain=DOMAIN, **values)


def plain(text: str) -> str:
    """Return foreign text on one line, without control and direction characters."""
    shown = (
        " " if unicodedata.category(character) in ("Zl", "Zp", "Cc") else character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(shown).split())


def harmless(text: str) -> str:
    """Return text that plotly shows as it stands."""
    return plain(text).translate(_MARKUP)


def shortened(text: str, limit: int) -> str:
    """Return the text, its end replaced by … where it is longer than the limit."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def full_name(name: str, own: str) -> str:
    """Return a learner's name on one line; the id where there is none."""
    return plain(name) or plain(own)


def row_names(names: tuple[str, ...], ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return names shortened to fit beside rows, with the id where two look the same."""
    short = [shortened(name, NAME_CHARACTERS) for name in names]
    seen = Counter(short)
    return tuple(
        name
        if seen[name] == 1
        else f"{shortened(name, NAME_CHARACTERS - 10)} ({shortened(plain(own), 10)})"
        for name, own in zip(short, ids, strict=True)
    )


def name_key(name: str) -> tuple[str, str]:
    """Return what names are sorted by: the Kazakh alphabet, then other letters, case aside."""
    folded = plain(name).casefold()
    return "".join(_PLACES.get(letter, letter) for letter in folded), name


@lru_cache(maxsize=4096)
def day(at: datetime, language: str) -> str:
    """Return the date as it is written: 24.11.2026, in English 2026-11-24."""
    return at.strftime("%Y-%m-%d" if language == "en" else "%d.%m.%Y")
