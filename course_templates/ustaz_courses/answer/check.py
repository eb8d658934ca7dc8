"""The one door: a key and a response to a judgement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ustaz_courses.answer.algebra import check_expression
from ustaz_courses.answer.judgement import FormatError, Judgement, Response
from ustaz_courses.answer.keys import (
    AnswerKey,
    ChoiceKey,
    ExpressionKey,
    MatrixKey,
    MultipleKey,
    NumberKey,
    OrderKey,
    SetKey,
)
from ustaz_courses.answer.members import check_matrix, check_set
from ustaz_courses.answer.number import check_number
from ustaz_courses.answer.selection import check_choice, check_multiple, check_order

_CHECKS: Final[dict[type, Callable[[Any, object, str], Judgement]]] = {
    NumberKey: check_number,
    ExpressionKey: check_expression,
    SetKey: check_set,
    MatrixKey: check_matrix,
    ChoiceKey: check_choice,
    MultipleKey: check_multiple,
    OrderKey: check_order,
}


def check_answer(key: AnswerKey, response: Response, language: str) -> Judgement:
    """Return the judgement of a response; whatever a stranger sends, it never raises.

    Parameters
    ----------
    key : AnswerKey
        A variant's key, or the wrong answer of a misconception.
    response : Response
        Text, a number, a list of them, or {"value": …, "unit": …}.
    language : str
        Language of what the learner is told; it also decides what a comma means.

    Returns
    -------
    Judgement
        Outcome "format", with a message, where the response cannot be read.
    """
    try:
        return _CHECKS[type(key)](key, response, language)
    except FormatError as error:
        return error.judgement(language)
