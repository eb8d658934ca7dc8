"""Checking what learners answer against keys: exact, in three languages' notation, never fooled.

A learner's text is read by `ustaz_courses.expression.typed` and evaluated exactly; what cannot be
read is judged "format" and costs nothing.
"""

from ustaz_courses.answer.algebra import shown_expression
from ustaz_courses.answer.check import check_answer
from ustaz_courses.answer.judgement import Judgement, Outcome, Response
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
from ustaz_courses.answer.units import template_unit, unit_label

__all__ = [
    "AnswerKey",
    "ChoiceKey",
    "ExpressionKey",
    "Judgement",
    "MatrixKey",
    "MultipleKey",
    "NumberKey",
    "OrderKey",
    "Outcome",
    "Response",
    "SetKey",
    "check_answer",
    "shown_expression",
    "template_unit",
    "unit_label",
]
