"""Judging labels: one, several, or in order."""

from __future__ import annotations

import re

from ustaz_courses.answer.entry import listed, text_of, without_lead
from ustaz_courses.answer.judgement import FormatError, Judgement, partly, right, wrong
from ustaz_courses.answer.keys import ChoiceKey, MultipleKey, OrderKey
from ustaz_courses.expression.typed import latin, quoted

#: An order that keeps less than this share is wrong: two lines in order are often chance.
ORDER_SHARE = 0.5

_BETWEEN = re.compile(r"[\s,;.)(\[\]{}>→\-–—'\"]+|(?:\b(?:и|және|and)\b)", re.IGNORECASE)


def check_choice(key: ChoiceKey, response: object, language: str) -> Judgement:
    """Return the judgement of one label.

    Raises
    ------
    FormatError
        It is not one of the labels.
    """
    labels = read_labels(response, key.labels)
    if len(labels) != 1:
        raise FormatError("Choose exactly one of {labels}.", labels=", ".join(key.labels))
    return right() if labels[0] == key.label else wrong("", language)


def check_multiple(key: MultipleKey, response: object, language: str) -> Judgement:
    """Return the judgement of several labels: a right one adds a share, a wrong one takes one.

    Raises
    ------
    FormatError
        There is something else than labels.
    """
    chosen, wanted = set(read_labels(response, key.labels)), set(key.labels_right)
    if chosen == wanted:
        return right()
    score = (len(chosen & wanted) - len(chosen - wanted)) / len(wanted)
    if score <= 0:
        return wrong("", language)
    if chosen < wanted:
        return partly(score, "What you chose is right, but something is missing.", language)
    return partly(score, "Part of it is right; something does not belong.", language)


def check_order(key: OrderKey, response: object, language: str) -> Judgement:
    """Return the judgement of labels in order.

    The score is the length of the longest common subsequence with the key, as a share of the longer
    of the two: what must neither be moved, nor added, nor left out. Below half it is wrong.

    Raises
    ------
    FormatError
        There is something else than labels, or one stands twice.
    """
    labels = read_labels(response, key.labels)
    if len(set(labels)) != len(labels):
        raise FormatError("A line stands twice. Write each letter once.")
    if tuple(labels) == key.order:
        return right()
    share = _common(labels, key.order) / max(len(labels), len(key.order))
    if share <= ORDER_SHARE:
        return wrong("", language)
    return partly(share, "Much of the order is right, but not all of it.", language)


def read_labels(response: object, labels: tuple[str, ...]) -> list[str]:
    """Return the labels of a response: a list, `A, C`, `A C` or `AC`, Cyrillic look-alikes too.

    Raises
    ------
    FormatError
        There is something else than labels.
    """
    given = listed(response)
    texts = [text_of(response)] if given is None else [text_of(each) for each in given]
    found: list[str] = []
    for text in texts:
        for word in _BETWEEN.split(without_lead(text)):
            if word:
                found += _labels_in(word, labels)
    if not found:
        raise FormatError("Nothing is chosen. Choose from {labels}.", labels=", ".join(labels))
    return found


def _labels_in(word: str, labels: tuple[str, ...]) -> list[str]:
    plain = latin(word.upper())
    if plain in labels:
        return [plain]
    if len(plain) > len(labels) or any(sign not in labels for sign in plain):
        raise FormatError(
            "{value} is none of the letters {labels}.",
            value=quoted(word),
            labels=", ".join(labels),
        )
    return list(plain)


def _common(one: list[str], other: tuple[str, ...]) -> int:
    """Return the length of the longest common subsequence."""
    before = [0] * (len(other) + 1)
    for label in one:
        row = [0]
        for place, wanted in enumerate(other):
            row.append(before[place] + 1 if label == wanted else max(before[place + 1], row[-1]))
        before = row
    return before[-1]
