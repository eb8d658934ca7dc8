"""Exact expressions in a small, safe language: read once, evaluated thousands of times a second.

`parse` is the only way in. It never hands text to Python's evaluation or to SymPy's: text is
tokenised and bounded, parsed to a tree, every node of which is on a list, and the tree becomes
closures over exact numbers.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy

from ustaz_courses.errors import EvaluationError
from ustaz_courses.expression.evaluate import Run, compiled
from ustaz_courses.expression.functions import FUNCTIONS
from ustaz_courses.expression.numbers import Value, equal, settle
from ustaz_courses.expression.symbols import to_sympy
from ustaz_courses.expression.syntax import read_tree, shown


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression."""

    source: str
    names: frozenset[str]
    """The names with values that it uses."""
    tree: ast.expr = field(repr=False, compare=False)
    """Its checked syntax tree; to be read, never changed."""
    run: Run = field(repr=False, compare=False)
    """Its value for values by name, unsettled; use `evaluate`."""

    def evaluate(self, values: Mapping[str, Any]) -> Value:
        """Return the exact value.

        Parameters
        ----------
        values : mapping of str to int, Fraction or SymPy number
            At least the names that it uses.

        Raises
        ------
        EvaluationError
            There is no value here: division by zero, a root of a negative number, a number beyond
            all bounds, or a name without a value.
        """
        try:
            return settle(self.run(values))
        except EvaluationError as error:
            raise EvaluationError(
                "{reason} It stands in {expression!r}.",
                reason=error,
                expression=shown(self.source),
            ) from None
        except KeyError as error:
            raise EvaluationError(
                "The name {name} of {expression!r} has no value here.",
                name=str(error),
                expression=shown(self.source),
            ) from None
        except (TypeError, AttributeError, ZeroDivisionError, OverflowError, ValueError) as error:
            raise EvaluationError(
                "{expression!r} cannot be calculated: {reason}.",
                expression=shown(self.source),
                reason=error,
            ) from None

    def to_sympy(self, values: Mapping[str, Any]) -> sympy.Expr:
        """Return it as a SymPy expression; names without a value become symbols.

        Raises
        ------
        EvaluationError
            A part has no value, or a power is too large.
        """
        own = {name: values[name] for name in self.names if name in values}
        return to_sympy(self.tree, own, self.names)


def parse(source: str, *, names: frozenset[str]) -> Expression:
    """Return a checked expression.

    Parameters
    ----------
    source : str
        Text of an author or of a stranger.
    names : frozenset of str
        Names that may stand for values.

    Raises
    ------
    ExpressionError
        The text is too large or malformed, or uses what the language does not have.

    Examples
    --------
    >>> parse("(b + c)/a", names=frozenset("abc")).evaluate({"a": 4, "b": 1, "c": 2})
    Fraction(3, 4)
    """
    tree, used = read_tree(source, names)
    return Expression(source, used, tree, compiled(tree, names))


__all__ = ["FUNCTIONS", "Expression", "Value", "equal", "parse"]
