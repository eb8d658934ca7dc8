"""What is right: one frozen key per kind of answer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

import sympy

from ustaz_courses.expression import Value

Form = Literal["any", "expanded", "factored"]


@dataclass(frozen=True, slots=True)
class NumberKey:
    """One number."""

    value: Value
    tolerance: Fraction | None = None
    """Largest distance accepted; None asks for the number itself."""
    relative_tolerance: Fraction | None = None
    """Largest distance accepted, as a share of the value."""
    decimals: int | None = None
    """Decimals asked for: what rounds to the same is accepted."""
    unit: str | None = None
    """As `unit_label` and the learner's units know it, such as "km/h"."""
    unit_required: bool = False


@dataclass(frozen=True, slots=True)
class ExpressionKey:
    """An algebraic expression, up to equivalence."""

    expression: sympy.Expr
    symbols: tuple[str, ...]
    form: Form = "any"
    """What shape is asked for beside the value."""


@dataclass(frozen=True, slots=True)
class SetKey:
    """Several numbers, in any order unless they are ordered."""

    values: tuple[Value, ...]
    ordered: bool = False
    """Whether it is a tuple, such as the solution (x; y) of a system."""


@dataclass(frozen=True, slots=True)
class MatrixKey:
    """Rows of equal length."""

    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class ChoiceKey:
    """One label."""

    label: str
    labels: tuple[str, ...]
    """All that are shown."""


@dataclass(frozen=True, slots=True)
class MultipleKey:
    """Several labels, in any order."""

    labels_right: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderKey:
    """Labels in order; those left out are distractors."""

    order: tuple[str, ...]
    labels: tuple[str, ...]


AnswerKey: TypeAlias = (
    NumberKey | ExpressionKey | SetKey | MatrixKey | ChoiceKey | MultipleKey | OrderKey
)
