"""Messages in three languages from gettext catalogues, one per package.

The English text is the key. Catalogues are PO files inside each package
(`<package>/locale/<language>/LC_MESSAGES/<package>.po`) and are read directly, so that a translator
edits one text file and no compiled copy can grow stale.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Literal, get_args

from babel.messages.pofile import read_po

from ustaz_courses.errors import CoursesError, Phrase

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def translate(
    message: str, language: str, /, *, domain: str = "ustaz_courses", **values: object
) -> str:
    """Return the message in a language, its values put in.

    Parameters
    ----------
    message : str
        English text, `str.format` style where there are values.
    language : str
        "kk", "ru" or "en"; any other gives English.
    domain : str
        Import name of the package whose catalogue holds the message.
    **values
        What the message names.

    Returns
    -------
    str
        Translated text; the English one where the catalogue lacks it.

    Examples
    --------
    >>> translate("{count} attempts", "en", count=2)
    '2 attempts'
    """
    text = message if language == "en" else catalogue(domain, language).get(message, message)
    if not values:
        return text
    return text.format(**{n: _said(v, language, domain) for n, v in values.items()})


def _said(value: object, language: str, domain: str) -> object:
    """Return a value for a message; one that is a message itself, in its language."""
    if isinstance(value, Phrase | CoursesError):
        return translate(value.message, language, domain=domain, **value.values)
    return value


@lru_cache(maxsize=32)
def catalogue(domain: str, language: str) -> dict[str, str]:
    """Return a package's messages as {English: translated}, empty where it has none."""
    if language not in LANGUAGES or language == "en":
        return {}
    file = resources.files(domain) / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    if not file.is_file():
        return {}
    with file.open("rb") as stream:
        entries = read_po(stream, locale=language)
    return {
        entry.id: entry.string
        for entry in entries
        if isinstance(entry.id, str) and isinstance(entry.string, str) and entry.id and entry.string
    }
