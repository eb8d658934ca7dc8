"""The three languages: translation of messages, numbers as each language writes them."""

from ustaz_courses.language.numbers import format_number, latex_number
from ustaz_courses.language.plural import plural_category
from ustaz_courses.language.translate import LANGUAGES, Language, translate

__all__ = [
    "LANGUAGES",
    "Language",
    "format_number",
    "latex_number",
    "plural_category",
    "translate",
]
