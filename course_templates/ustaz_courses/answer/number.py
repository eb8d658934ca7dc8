"""Judging one number: any language's notation, units, rounding, exact roots."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from ustaz_courses.answer.entry import approximate, text_of, without_lead
from ustaz_courses.answer.judgement import FormatError, Judgement, best_of, right, wrong
from ustaz_courses.answer.keys import NumberKey
from ustaz_courses.answer.units import Unit, convert, read_unit, unit_label
from ustaz_courses.errors import EvaluationError, ExpressionError
from ustaz_courses.expression import Value, equal
from ustaz_courses.expression.numbers import divide, exact, less, symbolic
from ustaz_courses.expression.typed import UNREADABLE, quoted, read_typed, without_vulgar
from ustaz_courses.language.numbers import round_half_away

#: A binary float carries about 16 digits; what a calculation in it loses stays below this share.
FLOAT_SHARE = Fraction(1, 10**9)
#: How near a decimal must be to an irrational key for the learner to be asked for the exact value.
NEAR_SHARE = Fraction(1, 100)

#: Superscript digits count as word characters, but begin no unit.
_WORD = re.compile(r"[^\W\d_⁰¹²³⁴-⁹]+|[%°₸$€]")
_NUMBER_WORDS = frozenset({"sqrt", "cbrt", "root", "abs", "pi", "π", "корень", "түбір"})
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
#: A noun after a number ("12 страниц") says nothing that the key does not know.
_NOUN = re.compile(r"[^\W\d_]{2,}(?:[ -][^\W\d_]+){0,3}\.?")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a number."""

    value: Value
    unit: Unit | None
    approximate: bool = False


def check_number(key: NumberKey, response: object, language: str) -> Judgement:
    """Return the judgement of a number; of several readings the best one counts.

    Raises
    ------
    FormatError
        It cannot be read as a number.
    """
    readings = read_numbers(response, language, key.unit)
    return best_of(readings, lambda reading: _judge(key, reading, language))


def read_numbers(response: object, language: str, unit: str | None) -> list[Reading]:
    """Return the ways to read a response as a number, the likeliest first; at least one.

    Raises
    ------
    FormatError
        There is none.
    """
    text = without_vulgar(without_lead(text_of(response)))
    number, tail = _split(text)
    texts = [number]
    if language == "en" and _THOUSANDS.search(number):
        texts.insert(0, _THOUSANDS.sub(lambda m: m[0].replace(",", ""), number))
    values = [read_value(each) for each in texts]
    rough = approximate(response) or approximate(number)
    if tail in ("%", "percent", "процент", "пайыз") and unit is None:
        return [Reading(v, None, rough) for v in (*values, *(divide(v, 100) for v in values))]
    met = _unit(tail, unit)
    return [Reading(value, met, rough) for value in values]


def read_value(text: str) -> Value:
    """Return the exact value of a number as learners write it.

    Raises
    ------
    FormatError
        It is no number.
    """
    if not text.strip():
        raise FormatError("The number is missing. Write one, such as 3.5 or 3/4.")
    try:
        value = read_typed(text.strip().rstrip(".")).evaluate({})
    except ExpressionError as error:
        if error.message != UNREADABLE:
            raise FormatError(error.message, **error.values) from error
        raise FormatError(
            "{value} cannot be read as a number. Write one, such as −5, 3.5, 3/4 or √2.",
            value=quoted(text),
        ) from error
    except EvaluationError as error:
        raise FormatError(
            "{value} has no value, or one that is too large. Check for a division by zero and for "
            "a root of a negative number.",
            value=quoted(text),
        ) from error
    if isinstance(value, bool):
        raise FormatError("{value} is no number.", value=quoted(text))
    return value


def _split(text: str) -> tuple[str, str]:
    """Return the number and what follows it: a unit or a noun."""
    for match in _WORD.finditer(text):
        word, start = match[0], match.start()
        if word.lower() in _NUMBER_WORDS:
            continue
        if word in ("e", "E") and re.match(r"[+-]?\d", text[match.end() :]) and start:
            continue
        return text[:start].strip(), text[start:].strip()
    return text, ""


def _unit(tail: str, wanted: str | None) -> Unit | None:
    if not tail:
        return None
    met = read_unit(tail)
    if met is not None:
        return met if wanted is not None else None
    if wanted is None and _NOUN.fullmatch(tail):
        return None
    if wanted is None:
        raise FormatError(
            "After the number stands {tail}, which cannot be read. Write the number alone.",
            tail=quoted(tail),
        )
    raise FormatError("The unit {tail} is not known. Check how it is written.", tail=quoted(tail))


def _judge(key: NumberKey, reading: Reading, language: str) -> Judgement:
    if key.unit is not None:
        if reading.unit is None:
            if key.unit_required:
                raise FormatError(
                    "The unit is missing. Write it after the number, such as {unit}.",
                    unit=unit_label(key.unit, language),
                )
        else:
            converted = convert(reading.value, reading.unit, key.unit)
            if converted is None:
                return wrong(
                    "The unit {met} measures something else than what is asked for.",
                    language,
                    met=quoted(reading.unit.source),
                )
            reading = replace(reading, value=converted)
    if _meets(key, reading):
        return right()
    _ask_for_exact(key, reading)
    return wrong("", language)


def _meets(key: NumberKey, reading: Reading) -> bool:
    value, target = reading.value, key.value
    distance = _magnitude(_difference(value, target))
    if key.tolerance is not None and not less(key.tolerance, distance):
        return True
    if key.relative_tolerance is not None:
        allowed = symbolic(key.relative_tolerance) * symbolic(_magnitude(target))
        if not less(allowed, distance):
            return True
    if key.decimals is not None:
        return _rounded(value, key.decimals) == _rounded(target, key.decimals)
    if key.tolerance is not None or key.relative_tolerance is not None:
        return False
    return same(reading, target)


def same(reading: Reading, target: Value) -> bool:
    """Return whether a reading is a value: exactly, or for a float as nearly as it can be."""
    if reading.approximate:
        distance = _magnitude(_difference(reading.value, target))
        return not less(symbolic(_magnitude(target)) * symbolic(FLOAT_SHARE), distance)
    return equal(reading.value, target)


def _ask_for_exact(key: NumberKey, reading: Reading) -> None:
    loose = key.tolerance is not None or key.relative_tolerance is not None
    if not loose and key.decimals is None:
        ask_for_exact(reading, key.value)


def ask_for_exact(reading: Reading, target: Value) -> None:
    """Ask for the exact value where a decimal comes near an irrational one: it is not wrong yet.

    Raises
    ------
    FormatError
        It does.
    """
    if exact(target) or not exact(reading.value):
        return
    near = symbolic(_magnitude(target)) * symbolic(NEAR_SHARE)
    if not less(near, _magnitude(_difference(reading.value, target))):
        raise FormatError("Give the exact value, such as 2√3, not a rounded one.")


def _difference(left: Value, right_: Value) -> Value:
    if exact(left) and exact(right_):
        return left - right_
    return symbolic(left) - symbolic(right_)


def _magnitude(value: Value) -> Value:
    return -value if less(value, 0) else value


def _rounded(value: Value, places: int) -> Fraction:
    if exact(value):
        assert isinstance(value, int | Fraction)  # noqa: S101 - what exact says
        return round_half_away(value, places)
    digits = symbolic(value).evalf(places + 40)
    return round_half_away(Fraction(str(digits)), places)
