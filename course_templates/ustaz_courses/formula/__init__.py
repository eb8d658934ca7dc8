r"""A formula as a textbook writes it: the variant's numbers put in, nothing calculated.

`a*x + b == c` with a = 1, b = -3, c = 4 reads `x - 3 = 4`. Two habits of textbooks decide:

- Where a sum holds letters, a number's own sign becomes the sign of its term: `a*x + b` with b = -3
  gives `2x - 3`, `x - root` with root = -4 gives `x + 4`; terms that are 0 vanish, factors 1 too.
- Where a sum holds numbers only it is a calculation, and shows each number as it was put in:
  `c - b` with b = -3 gives `7 - (-3)`.

The shape is compiled once into closures; writing one formula then joins a few strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ustaz_courses.errors import EvaluationError, TemplateError
from ustaz_courses.expression import parse
from ustaz_courses.formula.layout import Layout
from ustaz_courses.formula.pieces import Place, Write, signed


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a template, ready to be written for any variant."""

    source: str
    names: frozenset[str]
    """Names with values that it uses; symbols are not among them."""
    write: Write = field(repr=False, compare=False)

    def latex(
        self,
        values: Mapping[str, Any],
        language: str,
        *,
        decimals: frozenset[str] = frozenset(),
    ) -> str:
        """Return the formula as LaTeX.

        Parameters
        ----------
        values : mapping of str to number
            At least the names that it uses.
        language : str
            Decides the decimal sign.
        decimals : frozenset of str
            Names whose fractions are written as decimals.

        Raises
        ------
        TemplateError
            A name has no number.
        """
        try:
            return signed(self.write(Place(values, language, decimals)))
        except KeyError as error:
            raise TemplateError(
                "The name {name} of the formula {formula!r} has no value here.",
                name=str(error),
                formula=self.source,
            ) from None
        except EvaluationError as error:
            raise TemplateError(
                "The formula {formula!r} cannot be written: {reason}",
                formula=self.source,
                reason=error,
            ) from None


def compile_formula(source: str, names: frozenset[str], symbols: Sequence[str]) -> Formula:
    """Return a formula ready to be written.

    Parameters
    ----------
    source : str
        Text in the expression language, comparisons allowed.
    names : frozenset of str
        Names that have numbers in every variant.
    symbols : sequence of str
        Letters that stay letters.

    Raises
    ------
    ExpressionError
        The text is malformed or uses unknown names.

    Examples
    --------
    >>> formula = compile_formula("a*x + b == c", frozenset("abc"), ["x"])
    >>> formula.latex({"a": 1, "b": -3, "c": 4}, "en")
    'x - 3 = 4'
    """
    letters = frozenset(symbols) - names
    expression = parse(source, names=names | letters)
    return Formula(source, expression.names - letters, Layout(letters).write(expression.tree))


__all__ = ["Formula", "compile_formula"]
