"""Units as learners of three languages write them; pint knows what converts into what.

Names are looked up one by one in a table and, failing that, among pint's; a learner's text is never
handed to pint's own parser.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ustaz_courses.errors import TemplateError
from ustaz_courses.expression import Value
from ustaz_courses.expression.numbers import exact, settle, symbolic

if TYPE_CHECKING:
    import pint

MAX_UNIT_LENGTH = 40
MAX_POWER = 6

#: pint's name: (English, Russian, Kazakh) labels, then further spellings.
_TABLE: Final[dict[str, tuple[str, str, str, str]]] = {
    "millimeter": ("mm", "мм", "мм", "миллиметр"),
    "centimeter": ("cm", "см", "см", "сантиметр"),
    "decimeter": ("dm", "дм", "дм", "дециметр"),
    "meter": ("m", "м", "м", "метр metre"),
    "kilometer": ("km", "км", "км", "километр kilometre шақырым"),
    "milligram": ("mg", "мг", "мг", "миллиграмм"),
    "gram": ("g", "г", "г", "грамм гр"),
    "kilogram": ("kg", "кг", "кг", "килограмм кило"),
    "quintal": ("q", "ц", "ц", "центнер"),
    "metric_ton": ("t", "т", "т", "тонна tonne"),
    "second": ("s", "с", "с", "sec сек секунд секунда"),
    "minute": ("min", "мин", "мин", "минут минута"),
    "hour": ("h", "ч", "сағ", "час сағат hr"),
    "day": ("days", "сут", "тәулік", "d день күн сутки"),
    "week": ("weeks", "нед", "апта", "неделя"),
    "year": ("years", "г.", "жыл", "год лет"),
    "milliliter": ("mL", "мл", "мл", "ml миллилитр"),
    "liter": ("L", "л", "л", "l литр litre"),
    "hectare": ("ha", "га", "га", "гектар"),
    "are": ("a", "а", "а", "ар сотка"),
    "percent": ("%", "%", "%", "процент пайыз"),
    "degree": ("°", "°", "°", "градус deg"),
    "degree_Celsius": ("°C", "°C", "°C", "°С degC"),
    "kelvin": ("K", "К", "К", "кельвин"),
    "newton": ("N", "Н", "Н", "ньютон"),
    "joule": ("J", "Дж", "Дж", "джоуль"),
    "kilojoule": ("kJ", "кДж", "кДж", ""),
    "watt": ("W", "Вт", "Вт", "ватт"),
    "kilowatt": ("kW", "кВт", "кВт", "киловатт"),
    "pascal": ("Pa", "Па", "Па", "паскаль"),
    "volt": ("V", "В", "В", "вольт"),
    "ampere": ("A", "А", "А", "ампер"),
    "ohm": ("Ω", "Ом", "Ом", "ohm"),
    "hertz": ("Hz", "Гц", "Гц", "герц"),
    "bit": ("bits", "бит", "бит", "bit"),
    "byte": ("B", "Б", "Б", "байт byte"),
    "kibibyte": ("KiB", "КиБ", "КиБ", ""),
    "kilobyte": ("kB", "кБ", "кБ", "KB КБ килобайт"),
    "megabyte": ("MB", "МБ", "МБ", "Мб мегабайт"),
    "tenge": ("tenge", "тг", "тг", "₸ тенге теңге KZT"),
    "tiyn": ("tiyn", "тиын", "тиын", ""),
    "ruble": ("rubles", "руб", "рубль", "₽ RUB"),
    "dollar": ("$", "$", "$", "USD доллар"),
    "euro": ("€", "€", "€", "EUR евро"),
    "piece": ("pcs", "шт", "дана", "piece"),
}
_LABELS = {"en": 0, "ru": 1, "kk": 2}
_SPELLED: Final[dict[str, str]] = {
    spelling: name
    for name, row in _TABLE.items()
    for spelling in (*row[:3], *row[3].split(), name)
    if spelling
}
_FOLDED: Final = {spelling.casefold(): name for spelling, name in reversed(_SPELLED.items())}
_OWN_DEFINITIONS = (
    "tenge = [currency_kzt]",
    "tiyn = 1/100 * tenge",
    "ruble = [currency_rub]",
    "dollar = [currency_usd]",
    "euro = [currency_eur]",
    "piece = [piece]",
)
_FACTOR = re.compile(r"(?P<name>°?[^\W\d]+\.?|[°%₸₽$€])\s*(?:\^|\*\*)?\s*(?P<power>-?\d{1,2})?")
_POWERED = re.compile(r"\b(кв|квадратн\w*|шаршы|sq|куб|кубическ\w*|текше|cubic)\b\.?\s*([^\W\d_]+)")
#: Endings that Russian and Kazakh give a unit's name; the stem is what is looked up.
_ENDINGS = ("ов", "ами", "ах", "ам", "ом", "ы", "и", "а", "е", "у", "s")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of units."""

    factors: tuple[tuple[str, int], ...]
    """(pint's name, power)."""
    source: str
    """As it was written."""


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry[Any]:
    """Return the units' registry, exact in fractions; made once, when a unit is first met."""
    import pint  # noqa: PLC0415 - half a second that templates without units never need

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(non_int_type=Fraction)
    for line in _OWN_DEFINITIONS:
        units.define(line)
    return units


@lru_cache(maxsize=2048)
def read_unit(text: str) -> Unit | None:
    """Return the unit that a text names, None where it names none.

    Examples
    --------
    >>> read_unit("км/сағ").factors
    (('kilometer', 1), ('hour', -1))
    """
    if not 0 < len(text) <= MAX_UNIT_LENGTH:
        return None
    plain = unicodedata.normalize("NFKC", text.replace("·", "*")).replace("−", "-")
    plain = _POWERED.sub(_powered, plain)
    factors: list[tuple[str, int]] = []
    for place, part in enumerate(plain.strip().strip("()").split("/")):
        for piece in part.replace("**", "^").split("*"):
            found = _FACTOR.fullmatch(piece.strip())
            name = _name_of(found["name"]) if found else None
            power = int(found["power"] or 1) if found else 0
            if name is None or not 0 < abs(power) <= MAX_POWER:
                return None
            factors.append((name, -power if place else power))
    return Unit(tuple(factors), text)


def _powered(match: re.Match[str]) -> str:
    """Return `кв. м` as м^2."""
    return f"{match[2]}^{3 if match[1].startswith(('куб', 'текше', 'cubic')) else 2}"


def template_unit(text: str) -> Unit:
    """Return the unit that a template names.

    Raises
    ------
    TemplateError
        Nobody knows it.
    """
    unit = read_unit(text)
    if unit is None:
        raise TemplateError(
            "The unit {unit!r} is not known. Write one such as km/h, m^2, kg or tenge.", unit=text
        )
    return unit


def _name_of(word: str) -> str | None:
    stems = [word.rstrip("."), *(word[: -len(e)] for e in _ENDINGS if word.endswith(e))]
    for table, fold in ((_SPELLED, str), (_FOLDED, str.casefold)):
        for stem in (word, *(s for s in stems if s)):
            name = table.get(fold(stem))
            whole = stem in (word, word.rstrip("."))
            # One letter means different things in capitals and without; so do short stems.
            if name and len(stem) >= (1 if table is _SPELLED and whole else 2 if whole else 3):
                return name
    return word if word.isascii() and len(word) > 1 and word in registry() else None


def unit_label(unit: str | None, language: str) -> str:
    """Return a template's unit as a language writes it.

    Examples
    --------
    >>> unit_label("km/h", "kk"), unit_label("m**2", "ru")
    ('км/сағ', 'м²')
    """
    if unit is None:
        return ""
    read = read_unit(unit)
    if read is None:
        return unit
    above = [_factor(n, p, language) for n, p in read.factors if p > 0]
    below = [_factor(n, -p, language) for n, p in read.factors if p < 0]
    return "·".join(above or ["1"]) + "".join(f"/{each}" for each in below)


def _factor(name: str, power: int, language: str) -> str:
    row = _TABLE.get(name)
    label = row[_LABELS.get(language, 0)] if row else name
    return label + (
        "" if power == 1 else str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    )


def convert(value: Value, unit: Unit, wanted: str) -> Value | None:
    """Return a value in the wanted unit, None where the unit measures something else."""
    target = template_unit(wanted)
    if unit.factors == target.factors:
        return value
    scale = _scale(unit.factors, target.factors)
    if scale is None:
        return None
    factor, offset = scale
    if exact(value):
        return settle(Fraction(value) * factor + offset)
    return settle(symbolic(value) * symbolic(factor) + symbolic(offset))


@lru_cache(maxsize=1024)
def _scale(
    unit: tuple[tuple[str, int], ...], target: tuple[tuple[str, int], ...]
) -> tuple[Fraction, Fraction] | None:
    """Return (factor, offset) from one unit to another: an offset has the temperature alone."""
    import pint  # noqa: PLC0415 - as in registry

    try:
        zero, one = (_converted(Fraction(n), unit, target) for n in (0, 1))
    except pint.DimensionalityError:
        return None
    except pint.OffsetUnitCalculusError:
        return None
    return one - zero, zero


def _converted(
    value: Fraction, unit: tuple[tuple[str, int], ...], target: tuple[tuple[str, int], ...]
) -> Fraction:
    units = registry()
    made = units.Quantity(value, units.UnitsContainer(_merged(unit)))
    return Fraction(made.to(units.UnitsContainer(_merged(target))).magnitude)


def _merged(factors: tuple[tuple[str, int], ...]) -> dict[str, int]:
    powers: dict[str, int] = {}
    for name, power in factors:
        powers[name] = powers.get(name, 0) + power
    return powers
