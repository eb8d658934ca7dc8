"""From what a template says about its answer to the key of one variant.

A `KeyRule` belongs to the template and holds expressions; `make` puts a variant's values in and
returns the key that `ustaz_courses.answer` checks against. A misconception has a rule of the same
kind, so that a wrong answer is recognised exactly as the right one is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ustaz_courses.answer import (
    AnswerKey,
    ChoiceKey,
    ExpressionKey,
    MatrixKey,
    MultipleKey,
    NumberKey,
    OrderKey,
    SetKey,
    template_unit,
)
from ustaz_courses.errors import TemplateError
from ustaz_courses.expression import Expression, Value, parse

if TYPE_CHECKING:
    from ustaz_courses._schema import AnswerTable, MisconceptionTable

#: Labels are Latin in every language; a learner's look-alike Cyrillic letter is accepted.
LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Selectable:
    """An option or a line: its id, its place in the key, its text where it is shared."""

    id: str
    right: bool
    text: str | None


@dataclass(frozen=True, slots=True)
class KeyRule:
    """How a variant's key follows from its values and from the order of its options."""

    make: Callable[[Values, Sequence[int]], AnswerKey]
    """(values, order of the options) to the key."""
    expressions: tuple[Expression, ...] = ()


def labels_of(order: Sequence[int], selectables: Sequence[Selectable]) -> dict[str, str]:
    """Return option id to label, options shown in the given order."""
    return {selectables[index].id: LABELS[place] for place, index in enumerate(order)}


def answer_rule(
    kind: str,
    answer: AnswerTable,
    selectables: tuple[Selectable, ...],
    names: frozenset[str],
    symbols: tuple[str, ...],
) -> KeyRule | None:
    """Return the rule of a template's right answer; None for code and text, which have no key.

    Raises
    ------
    TemplateError
        A key of `[answer]` that the kind needs is missing.
    ExpressionError
        An expression is malformed or uses unknown names.
    """
    if kind in ("code", "text"):
        return None
    if kind in ("choice", "multiple", "order"):
        return _selection_rule(kind, selectables, [s.id for s in selectables if s.right])
    return _value_rule(kind, answer, answer, names, symbols)


def misconception_rule(
    kind: str,
    wrong: MisconceptionTable,
    answer: AnswerTable,
    selectables: tuple[Selectable, ...],
    names: frozenset[str],
    symbols: tuple[str, ...],
) -> KeyRule:
    """Return the rule of a misconception's wrong answer.

    Raises
    ------
    TemplateError
        The key that the kind needs is missing, or an option is unknown.
    ExpressionError
        An expression is malformed or uses unknown names.
    """
    if kind in ("choice", "multiple", "order"):
        wanted = {
            "choice": [wrong.option] if wrong.option else None,
            "multiple": wrong.options,
            "order": wrong.order,
        }[kind]
        if wanted is None:
            needed = {"choice": "option", "multiple": "options", "order": "order"}[kind]
            raise TemplateError("Misconception {id!r} lacks {key!r}.", id=wrong.id, key=needed)
        known = {s.id for s in selectables}
        for name in wanted:
            if name not in known:
                raise TemplateError(
                    "Misconception {id!r} names {name!r}; there are: {known}.",
                    id=wrong.id,
                    name=name,
                    known=", ".join(sorted(known)),
                )
        return _selection_rule(kind, selectables, wanted)
    return _value_rule(kind, wrong, answer, names, symbols)


def _selection_rule(
    kind: str, selectables: tuple[Selectable, ...], chosen: Sequence[str]
) -> KeyRule:
    def make(_: Values, order: Sequence[int]) -> AnswerKey:
        label = labels_of(order, selectables)
        shown = tuple(LABELS[: len(order)])
        picked = [label[name] for name in chosen]
        if kind == "choice":
            return ChoiceKey(label=picked[0], labels=shown)
        if kind == "multiple":
            return MultipleKey(labels_right=tuple(sorted(picked)), labels=shown)
        return OrderKey(order=tuple(picked), labels=shown)

    return KeyRule(make)


def _value_rule(
    kind: str,
    table: AnswerTable | MisconceptionTable,
    answer: AnswerTable,
    names: frozenset[str],
    symbols: tuple[str, ...],
) -> KeyRule:
    def read(source: object) -> Expression:
        return parse(str(source), names=names | frozenset(symbols))

    if kind in ("number", "expression"):
        if table.value is None:
            raise TemplateError("An answer of kind {kind!r} needs `value`.", kind=kind)
        expression = read(table.value)
        if kind == "expression":
            return KeyRule(
                lambda values, _: ExpressionKey(
                    expression=expression.to_sympy(values), symbols=symbols, form=answer.form
                ),
                (expression,),
            )
        return _number_rule(expression, answer)
    if kind == "set":
        if table.values is None:
            raise TemplateError("An answer of kind {kind!r} needs `values`.", kind=kind)
        members = tuple(map(read, table.values))
        return KeyRule(
            lambda values, _: SetKey(
                values=tuple(m.evaluate(values) for m in members), ordered=answer.ordered
            ),
            members,
        )
    if not table.rows or len({len(row) for row in table.rows}) != 1 or not table.rows[0]:
        raise TemplateError("An answer of kind {kind!r} needs `rows` of equal length.", kind=kind)
    rows = tuple(tuple(map(read, row)) for row in table.rows)
    return KeyRule(
        lambda values, _: MatrixKey(
            rows=tuple(tuple(cell.evaluate(values) for cell in row) for row in rows)
        ),
        tuple(cell for row in rows for cell in row),
    )


def _number_rule(expression: Expression, answer: AnswerTable) -> KeyRule:
    tolerance = None if answer.tolerance is None else Fraction(str(answer.tolerance))
    relative = (
        None if answer.relative_tolerance is None else Fraction(str(answer.relative_tolerance))
    )

    if answer.unit is not None:
        template_unit(answer.unit)

    def make(values: Values, _: Sequence[int]) -> AnswerKey:
        return NumberKey(
            value=expression.evaluate(values),
            tolerance=tolerance,
            relative_tolerance=relative,
            decimals=answer.decimals,
            unit=answer.unit,
            unit_required=answer.unit_required,
        )

    return KeyRule(make, (expression,))
