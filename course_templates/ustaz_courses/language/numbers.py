"""Numbers as each language writes them, in running text, in LaTeX and in code."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

#: Digits are grouped in threes from five digits on, as Kazakh, Russian and SI style ask.
GROUP_FROM = 10_000
#: A no-break space, so that a number never breaks over a line.
GROUP_SIGN = "\u00a0"
MINUS = "\u2212"


def decimal_places(value: Fraction) -> int | None:
    """Return how many decimals write a fraction exactly, or None where no number of them does.

    Examples
    --------
    >>> decimal_places(Fraction(3, 8)), decimal_places(Fraction(1, 3))
    (3, None)
    """
    denominator = value.denominator
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None


def round_half_away(value: int | Fraction, places: int) -> Fraction:
    """Return the value rounded as schools teach it: halves go away from zero.

    Examples
    --------
    >>> round_half_away(Fraction(-5, 2), 0), round_half_away(Fraction(1, 8), 2)
    (Fraction(-3, 1), Fraction(13, 100))
    """
    scale = 10**places
    scaled = abs(value) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    rounded = Fraction(whole, scale)
    return -rounded if value < 0 else rounded


def decimal_digits(value: int | Fraction, places: int | None = None) -> tuple[str, str]:
    """Return the digits before and after the decimal sign of a non-negative number.

    Parameters
    ----------
    value : int or Fraction
        At least 0.
    places : int or None
        Decimals to round to; None writes it exactly.

    Raises
    ------
    ValueError
        The value has no finite decimal expansion and no places were given.
    """
    exact = Fraction(value)
    if places is None:
        places = decimal_places(exact)
        if places is None:
            raise ValueError(
                f"{value} has no finite decimal expansion: name the places to round to"
            )
    rounded = round_half_away(exact, places)
    digits = str(rounded.numerator * 10**places // rounded.denominator).rjust(places + 1, "0")
    return (digits[:-places], digits[-places:]) if places else (digits, "")


def group(digits: str, sign: str) -> str:
    """Return whole digits grouped in threes, from five digits on."""
    if len(digits) < 5:
        return digits
    head = len(digits) % 3
    parts = [digits[:head]] if head else []
    parts += [digits[i : i + 3] for i in range(head, len(digits), 3)]
    return sign.join(parts)


def format_number(
    value: Fraction | Decimal | float,
    language: str,
    *,
    decimal: bool = False,
    places: int | None = None,
) -> str:
    """Return a number as running text writes it.

    Parameters
    ----------
    value : int, Fraction, Decimal or float
        A float is shown by its shortest decimal form.
    language : str
        "kk" and "ru" take a decimal comma, "en" a point.
    decimal : bool
        Write a fraction as a decimal (exactly, or rounded to `places`) rather than as 3/4.
    places : int or None
        Decimals to round to.

    Examples
    --------
    >>> format_number(Fraction(-7, 2), "kk", decimal=True)
    '−3,5'
    >>> format_number(Fraction(3, 4), "en")
    '3/4'
    >>> format_number(1234567, "ru").replace(chr(160), "_")
    '1_234_567'
    """
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        value, decimal = Fraction(value), True
    sign = MINUS if value < 0 else ""
    magnitude: int | Fraction = -value if value < 0 else value
    if isinstance(magnitude, int) and places is None:
        text = str(magnitude)
        return sign + (group(text, GROUP_SIGN) if magnitude >= GROUP_FROM else text)
    fraction = Fraction(magnitude)
    if places is None and fraction.denominator == 1:
        return sign + group(str(fraction.numerator), GROUP_SIGN)
    if not decimal and places is None:
        return f"{sign}{fraction.numerator}/{fraction.denominator}"
    if places is None and decimal_places(fraction) is None:
        return f"{sign}{fraction.numerator}/{fraction.denominator}"
    whole, tail = decimal_digits(fraction, places)
    comma = "." if language == "en" else ","
    return sign + group(whole, GROUP_SIGN) + (comma + tail if tail else "")


def latex_number(
    value: int | Fraction, language: str, *, decimal: bool = False, places: int | None = None
) -> str:
    r"""Return a number as LaTeX; a comma stands in braces so that no space follows it.

    Examples
    --------
    >>> latex_number(Fraction(-7, 2), "ru", decimal=True)
    '-3{,}5'
    >>> latex_number(Fraction(3, 4), "ru")
    '\\frac{3}{4}'
    """
    sign = "-" if value < 0 else ""
    magnitude: int | Fraction = -value if value < 0 else value
    if isinstance(magnitude, int) and places is None:
        text = str(magnitude)
        return sign + (group(text, r"\,") if magnitude >= GROUP_FROM else text)
    fraction = Fraction(magnitude)
    if places is None and fraction.denominator == 1:
        return sign + group(str(fraction.numerator), r"\,")
    if places is None and (not decimal or decimal_places(fraction) is None):
        return f"{sign}\\frac{{{fraction.numerator}}}{{{fraction.denominator}}}"
    whole, tail = decimal_digits(fraction, places)
    comma = "." if language == "en" else "{,}"
    return sign + group(whole, r"\,") + (comma + tail if tail else "")


def code_number(value: int | Fraction, *, decimal: bool = False) -> str:
    """Return a number as Python source.

    Examples
    --------
    >>> code_number(Fraction(5, 2), decimal=True), code_number(Fraction(1, 3))
    ('2.5', '1/3')
    """
    if isinstance(value, int):
        return str(value)
    if value.denominator == 1:
        return str(value.numerator)
    if decimal and decimal_places(value) is not None:
        whole, tail = decimal_digits(abs(value))
        return f"{'-' if value < 0 else ''}{whole}.{tail}"
    return f"{value.numerator}/{value.denominator}"
