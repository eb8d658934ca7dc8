"""What learners type, read as an expression: the school notation of three languages.

`2x`, `2(x+1)`, `x²`, `x^2`, `3·4`, `12:4`, `−5`, `0,5`, `0,(3)`, `12 500`, `3 1/2`, `2√3` and a
Cyrillic `х` are rewritten into the expression language, which then refuses whatever is left over.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from ustaz_courses.errors import ExpressionError
from ustaz_courses.expression import Expression, parse

#: Characters of an answer; nobody types more by hand, and reading stays instant.
MAX_TYPED = 600

#: Cyrillic letters (Russian and Kazakh) that look like Latin ones.
LOOKALIKES: Final = str.maketrans("АВЕКМНОРСТУХІаеорсухікһ", "ABEKMHOPCTYXIaeopcyxikh")
_FUNCTIONS: Final = {
    "sqrt": "sqrt", "корень": "sqrt", "түбір": "sqrt", "cbrt": "cbrt", "root": "root",
    "abs": "abs", "Abs": "abs", "sin": "sin", "cos": "cos", "tan": "tan", "tg": "tan",
    "log": "log", "ln": "log", "exp": "exp",
}  # fmt: skip
_CONSTANTS: Final = {"pi": "pi", "π": "pi"}
_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("−–—‒﹣－", "-"),
        **dict.fromkeys("×·∙⋅•∗⁎", "*"),
        **dict.fromkeys("÷∶", "/"),
        **dict.fromkeys("\u00a0\u202f\u2009", " "),
        "⁄": "/",
        "√": " sqrt ",
        "∛": " cbrt ",
    }
)
_SUPERSCRIPTS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_PLAIN: Final = str.maketrans(_SUPERSCRIPTS, "0123456789+-")
_RAISED = re.compile(f"[{_SUPERSCRIPTS}]+")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")
_MIXED = re.compile(r"(?<![\w.,)/^*])(\d+) +(\d+) ?/ ?(\d+)(?![\d.,])")
_PERIODIC = re.compile(r"(\d+)[.,](\d*)\((\d{1,12})\)")
_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?(?:[eE][+-]?\d+(?!\w))?|[.,]\d+|\d+\.)"
    r"|(?P<word>[^\W\d_]+(?:_?\d+)?)"
    r"|(?P<sign>\*\*|[-+*/^():;,])"
    r"|(?P<space>\s+)"
)
#: Said where nothing more exact can be.
UNREADABLE: Final = "{text} cannot be read. Check signs and brackets."
Kind = Literal["value", "function", "open", "close", "sign"]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    text: str
    number: bool = False


def read_typed(text: str, *, names: frozenset[str] = frozenset()) -> Expression:
    """Return what a learner typed as an expression.

    Parameters
    ----------
    text : str
        Foreign text.
    names : frozenset of str
        Letters that the exercise has.

    Raises
    ------
    ExpressionError
        It cannot be read; the message is meant for the learner.

    Examples
    --------
    >>> read_typed("2х² − 0,5", names=frozenset("x")).source
    '2*x**(2)-0.5'
    """
    if len(text) > MAX_TYPED:
        raise ExpressionError(
            "The answer has {length} characters; at most {limit} are read.",
            length=len(text),
            limit=MAX_TYPED,
        )
    tokens = _tokens(_rewritten(text), names)
    _check_brackets(tokens)
    source = "".join(_with_products(_with_arguments(tokens)))
    try:
        return parse(source, names=names)
    except ExpressionError:
        raise ExpressionError(UNREADABLE, text=quoted(text)) from None


def shorter(text: str) -> str:
    """Return a learner's text short enough for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else flat[:37] + "…"


def quoted(text: str) -> str:
    """Return a learner's text for a message in Markdown, unable to break out of its code span."""
    return f"`{shorter(text).replace('`', chr(39))}`"


def latin(text: str) -> str:
    """Return a text with Cyrillic look-alikes replaced."""
    return text.translate(LOOKALIKES)


def _rewritten(text: str) -> str:
    text = without_vulgar(text)
    text = _RAISED.sub(lambda m: f"^({m[0].translate(_PLAIN)})", text)
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = _GROUPED.sub(lambda m: m[0].replace(" ", ""), text)
    text = _PERIODIC.sub(_periodic, text)
    return _MIXED.sub(_mixed, text)


def without_vulgar(text: str) -> str:
    """Return a text with ½ as ` 1/2`, so that 3½ becomes a mixed number.

    Examples
    --------
    >>> without_vulgar("3½")
    '3 1/2'
    """
    return text if text.isascii() else "".join(map(_vulgar, text))


def _vulgar(sign: str) -> str:
    kind, *parts = unicodedata.decomposition(sign).split() or [""]
    if kind != "<fraction>":
        return sign
    return " " + "".join(chr(int(part, 16)) for part in parts).replace("⁄", "/")


def _periodic(match: re.Match[str]) -> str:
    whole, start, period = match[1], match[2], match[3]
    if len(whole) + len(start) > 30:
        return match[0]
    scale = 10 ** len(start)
    value = Fraction(int(whole + start), scale)
    value += Fraction(int(period), scale * (10 ** len(period) - 1))
    return f"({value.numerator}/{value.denominator})"


def _mixed(match: re.Match[str]) -> str:
    whole, above, below = match[1], match[2], match[3]
    if max(map(len, (whole, above, below))) > 12 or int(above) >= int(below):
        return match[0]
    return f"({whole}+{above}/{below})"


def _tokens(text: str, names: frozenset[str]) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise ExpressionError(
                "The sign {sign} has no meaning here. Remove it.", sign=quoted(text[position])
            )
        position = match.end()
        if match["number"]:
            found.append(_Token("value", _plain_number(match["number"]), number=True))
        elif match["word"]:
            found += _word(match["word"], names)
        elif match["sign"]:
            found.append(_sign(match["sign"]))
    return found


def _plain_number(word: str) -> str:
    mantissa, mark, exponent = word.replace(",", ".").lower().partition("e")
    mantissa = mantissa.lstrip("0").rstrip(".") if mantissa.strip("0.") else "0"
    return ("0" + mantissa if mantissa.startswith(".") else mantissa) + mark + exponent


def _sign(sign: str) -> _Token:
    kind: Kind = {"(": "open", ")": "close"}.get(sign, "sign")  # type: ignore[assignment]  # words of Kind
    return _Token(kind, {"^": "**", ":": "/", ";": ","}.get(sign, sign))


def _word(word: str, names: frozenset[str]) -> list[_Token]:
    """Return a run of letters as names and functions: `xy` is x·y where both are known."""
    for known in (word, latin(word), word.replace("_", ""), latin(word).replace("_", "")):
        if known in names:
            return [_Token("value", known)]
    letters = word.rstrip("0123456789").rstrip("_")
    digits = word[len(letters) :]
    found = _letters(letters, names)
    if digits.startswith("_") or (digits and found[-1].kind != "function"):
        raise ExpressionError(
            "{word} is not clear. Write a power as x^2 and a product as 2x.", word=quoted(word)
        )
    return found + ([_Token("value", _plain_number(digits), number=True)] if digits else [])


def _letters(letters: str, names: frozenset[str]) -> list[_Token]:
    known = {**_FUNCTIONS, **_CONSTANTS}
    if letters in known:
        kind: Kind = "function" if letters in _FUNCTIONS else "value"
        return [_Token(kind, known[letters])]
    found: list[_Token] = []
    rest = letters
    while rest:
        end = next(
            (n for n in range(len(rest), 0, -1) if latin(rest[:n]) in names or rest[:n] == "π"), 0
        )
        if not end:
            raise ExpressionError(
                "The letter {letter} does not occur in this exercise.", letter=quoted(rest)
            )
        found.append(_Token("value", "pi" if rest[:end] == "π" else latin(rest[:end])))
        rest = rest[end:]
    return found


def _check_brackets(tokens: list[_Token]) -> None:
    depth = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth < 0:
            break
    if depth:
        raise ExpressionError("The brackets do not match. Check that each one is closed.")


def _with_arguments(tokens: list[_Token]) -> list[_Token]:
    """Give a root without brackets the next number or letter as its argument."""
    found: list[_Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.kind == "function" and (after is None or after.kind != "open"):
            if after is None or after.kind != "value" or token.text not in ("sqrt", "cbrt"):
                raise ExpressionError(
                    "Write what {name} is taken of in brackets, as in {name}(2).", name=token.text
                )
            found += [token, _Token("open", "("), after, _Token("close", ")")]
            index += 2
            continue
        found.append(token)
        index += 1
    return found


def _with_products(tokens: list[_Token]) -> list[str]:
    """Return the words of the expression, a product sign put in wherever schools leave it out."""
    found: list[str] = []
    before: _Token | None = None
    for token in tokens:
        follows = before is not None and before.kind in ("value", "close")
        if before and follows and token.kind in ("value", "function", "open"):
            if token.number and before.kind == "value":
                raise ExpressionError(
                    "Between {first} and {second} a sign is missing.",
                    first=quoted(before.text),
                    second=quoted(token.text),
                )
            found.append("*")
        found.append(token.text)
        before = token
    return found
