"""Judging several numbers: sets and tuples, and matrices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ustaz_courses.answer.entry import approximate, empty, listed, text_of, without_lead
from ustaz_courses.answer.judgement import FormatError, Judgement, best_of, partly, right, wrong
from ustaz_courses.answer.keys import MatrixKey, SetKey
from ustaz_courses.answer.number import Reading, ask_for_exact, read_value, same
from ustaz_courses.expression import Value, equal
from ustaz_courses.expression.typed import latin

#: Matrices with fewer right cells than this share are wrong: zeros are often right by chance.
MATRIX_SHARE = 0.5

_EMPTY = re.compile(
    r"∅|Ø|ø|\{\s*\}|\[\s*\]|\(\s*\)|EmptySet|set\(\)"
    r"|(?:корней|решений|действительных корней)\s+нет"
    r"|нет(?:\s+(?:корней|решений|действительных корней))?"
    r"|(?:no\s+(?:real\s+)?(?:roots?|solutions?))|none"
    r"|(?:(?:түбірі|түбірлері|шешімі|шешімдері|нақты түбірі)\s+)?жоқ"
    r"|пустое множество|бос жиын|(?:the\s+)?empty set",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\s+(?:и|және|and|или|немесе|or|∪)\s+")
_LABEL = re.compile(r"^\s*([^\W\d_]_?[\d₀-₉]{0,2})\s*(?:=|∈)(?!=)\s*(.*)$", re.DOTALL)
#: The space before a further label: `x=4 y=7`, where no sign separates.
_BEFORE_LABEL = re.compile(r"(?<=[^\s=,;]),?\s+(?=[^\W\d_]_?[\d₀-₉]{0,2}\s*=(?!=))")
_WRAPPED = re.compile(
    r"^(?:FiniteSet|Matrix|Tuple|ImmutableDenseMatrix|set|list|tuple)?\s*(?=[\[({])"
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def check_set(key: SetKey, response: object, language: str) -> Judgement:
    """Return the judgement of a set or a tuple.

    Of a set, each right member counts one share and each wrong one takes a share away; of a tuple,
    each place counts one share, and at least half must be right.

    Raises
    ------
    FormatError
        It cannot be read as numbers.
    """
    judge = _judge_tuple if key.ordered else _judge_set
    readings = read_members(response, language, ordered=key.ordered)
    return best_of(readings, lambda members: judge(key, members, language))


def _judge_set(key: SetKey, members: list[Reading], language: str) -> Judgement:
    wanted: list[Value] = []
    for value in key.values:
        if not any(equal(value, known) for known in wanted):
            wanted.append(value)
    found = _distinct(members)
    hits = sum(any(same(m, w) for m in found) for w in wanted)
    extra = len(found) - hits
    if hits == len(wanted) and extra <= 0:
        return right()
    for reading in found:
        for value in wanted:
            ask_for_exact(reading, value)
    score = max(0.0, (hits - extra) / len(wanted)) if wanted else 0.0
    if not score:
        return wrong("", language)
    if not extra:
        return partly(score, "What you wrote is right, but something is missing.", language)
    return partly(score, "Part of it is right; something does not belong.", language)


def _judge_tuple(key: SetKey, members: list[Reading], language: str) -> Judgement:
    if len(members) != len(key.values):
        return wrong("Check how many numbers are asked for.", language)
    hits = sum(same(m, w) for m, w in zip(members, key.values, strict=True))
    share = hits / len(members) if members else 1.0
    if share == 1:
        return right()
    if share >= 0.5:
        return partly(share, "Part of it is right.", language)
    return wrong("", language)


def read_members(response: object, language: str, *, ordered: bool) -> list[list[Reading]]:
    """Return the ways to read a response as several numbers, the likeliest first; at least one.

    A semicolon, a space after a comma and a word such as `and` always separate. A comma between two
    digits separates in English and is a decimal comma in Kazakh and Russian; the other reading is
    tried too.

    Raises
    ------
    FormatError
        There is none.
    """
    given = listed(response)
    if given is not None:
        return [[_member(each) for each in given]]
    text = text_of(response)
    if _EMPTY.fullmatch(without_lead(text).strip().rstrip(".")):
        return [[]]
    parts_of = [_parts(text, commas=commas, ordered=ordered) for commas in (False, True)]
    if language == "en":
        parts_of.reverse()
    if parts_of[0] == parts_of[1]:
        parts_of.pop()
    readings: list[list[Reading]] = []
    fault: FormatError | None = None
    for parts in parts_of:
        try:
            readings.append([v for part in parts for v in _with_both_signs(part)])
        except FormatError as error:
            fault = fault or error
    if not readings and fault:
        raise fault
    return readings


def _member(value: object) -> Reading:
    if listed(value) is not None or value is None:
        raise FormatError("A number is missing, or a list stands inside a list.")
    return Reading(read_value(without_lead(text_of(value))), None, approximate(value))


def _reading(text: str) -> Reading:
    return Reading(read_value(text), None, approximate(text))


def _parts(text: str, *, commas: bool, ordered: bool) -> list[str]:
    inner = unwrapped_brackets(without_lead(text) if "=" in text[:6] and _one_label(text) else text)
    inner = _BOTH.sub(";", inner)
    if _LABEL.match(inner):
        inner = _BEFORE_LABEL.sub(";", inner)
    if ";" in inner or "\n" in inner:
        parts = re.split(r"[;\n]", inner)
    else:
        parts = re.split(r",", inner) if commas else re.split(r",(?!\d)|(?<!\d),", inner)
    parts = [part.strip() for part in parts]
    if parts and not parts[-1]:
        parts.pop()
    labelled = [_LABEL.match(part) for part in parts]
    if parts and all(labelled):
        # Which letters name the places is the learner's choice; their order is the alphabet's.
        pairs = [(latin(m[1]).lower(), m[2]) for m in labelled if m]
        if ordered and len({label for label, _ in pairs}) == len(pairs):
            pairs.sort()
        return [unwrapped_brackets(value) for _, value in pairs]
    return [m[2] if m else part for m, part in zip(labelled, parts, strict=True)]


def _one_label(text: str) -> bool:
    return text.count("=") == 1


def unwrapped_brackets(text: str) -> str:
    """Return a text without brackets that hold all of it, nor a constructor's name before them."""
    text = text.strip()
    for _ in range(4):
        bare = _WRAPPED.sub("", text, count=1)
        closing = _PAIRS.get(bare[:1])
        if closing is None or not bare.endswith(closing) or not _holds_all(bare):
            break
        text = bare[1:-1].strip()
    return text


def _holds_all(text: str) -> bool:
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0:
            return place == len(text) - 1
    return False


def _with_both_signs(part: str) -> list[Reading]:
    if "±" not in part:
        return [_reading(part)]
    return [_reading(part.replace("±", sign)) for sign in "+-"]


def _distinct(readings: Sequence[Reading]) -> list[Reading]:
    found: list[Reading] = []
    for reading in readings:
        if not any(equal(reading.value, known.value) for known in found):
            found.append(reading)
    return found


def check_matrix(key: MatrixKey, response: object, language: str) -> Judgement:
    """Return the judgement of a matrix: each cell counts one share, half of them must be right.

    Raises
    ------
    FormatError
        It cannot be read as rows of numbers, or has another shape than what is asked for.
    """
    readings = read_matrix(response, language)
    # Of a comma's two meanings only one gives the shape; the other must not excuse wrong numbers.
    fitting = [rows for rows in readings if _shape(rows) == _shape(key.rows)]
    if not fitting:
        raise _misshapen(key, readings[0])
    return best_of(fitting, lambda rows: _judge_matrix(key, rows, language))


def _shape(rows: Sequence[Sequence[object]]) -> tuple[int, ...]:
    """Return how many numbers each row has."""
    return tuple(len(row) for row in rows)


def _misshapen(key: MatrixKey, rows: list[list[Reading]]) -> FormatError:
    if len(set(_shape(rows))) != 1:
        return FormatError("The rows have different lengths. Write as many numbers in each row.")
    return FormatError(
        "Rows: {rows}, numbers in a row: {columns}. Asked for: rows {wanted_rows}, numbers in a "
        "row {wanted_columns}. Write a space between numbers and a semicolon between rows.",
        rows=len(rows),
        columns=len(rows[0]),
        wanted_rows=len(key.rows),
        wanted_columns=len(key.rows[0]),
    )


def _judge_matrix(key: MatrixKey, rows: list[list[Reading]], language: str) -> Judgement:
    pairs = [
        same(met, wanted)
        for row, wanted_row in zip(rows, key.rows, strict=True)
        for met, wanted in zip(row, wanted_row, strict=True)
    ]
    share = sum(pairs) / len(pairs)
    if share == 1:
        return right()
    if share >= MATRIX_SHARE:
        return partly(share, "Part of it is right.", language)
    return wrong("", language)


def read_matrix(response: object, language: str) -> list[list[list[Reading]]]:
    """Return the ways to read a response as rows of numbers; at least one.

    Raises
    ------
    FormatError
        There is none.
    """
    given = listed(response)
    if given is not None:
        rows = [listed(row) for row in given]
        if not rows or None in rows:
            raise FormatError("Write a matrix as rows: [[1, 2], [3, 4]] or 1 2; 3 4.")
        return [[[_member(cell) for cell in row] for row in rows if row is not None]]
    text = unwrapped_brackets(text_of(response))
    lines = _rows(text)
    if not lines:
        raise empty()
    readings: list[list[list[Reading]]] = []
    fault: FormatError | None = None
    for commas in (True, False) if language == "en" else (False, True):
        try:
            readings.append([[_reading(c) for c in _cells(row, commas=commas)] for row in lines])
        except FormatError as error:
            fault = fault or error
    if not readings and fault:
        raise fault
    return readings


def _rows(text: str) -> list[str]:
    if "[" in text or "(" in text:
        for pattern in (r"\[([^\[\]]*)\]", r"(?<![\w√])\(([^()]*)\)"):
            rows = re.findall(pattern, text)
            if rows and not re.sub(pattern, "", text).strip(" ,;\n"):
                return rows
    return [row for row in re.split(r"[;\n]", text) if row.strip()]


def _cells(row: str, *, commas: bool) -> list[str]:
    # A no-break space groups the digits of one number; an ordinary one separates numbers.
    pattern = r" *, *| +" if commas else r" *, +| +, *| +"
    return [cell for cell in re.split(pattern, row.replace("\t", " ").strip()) if cell]
