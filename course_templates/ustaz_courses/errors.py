"""What can go wrong with courses, templates and expressions, each under its own name.

An author's mistake (`CourseFaults`, `TemplateError`), a mistake inside an expression whoever wrote
it (`ExpressionError`), and a refusal to go on without a teacher (`NotApprovedError`) are different
types, because different people must act on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a message that is translated together with it."""

    message: str
    """English text in `str.format` style."""
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in English."""
        return self.message.format(**self.values) if self.values else self.message


class CoursesError(Exception):
    """Base of this package's errors: a message with named values, translatable at the edge.

    Parameters
    ----------
    message : str
        English text in `str.format` style; it is also the key of the translation.
    **values
        What the message names; a `Phrase` or an error among them is translated too.
    """

    def __init__(self, message: str, /, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message.format(**values) if values else message)


class ExpressionError(CoursesError, ValueError):
    """An expression is malformed, too large, or asks for what the language does not have.

    Parameters
    ----------
    column : int or None
        One-based column of the fault, where it is known; the message may name it.
    """

    def __init__(self, message: str, /, *, column: int | None = None, **values: object) -> None:
        super().__init__(message, **values if column is None else {**values, "column": column})
        self.column = column


class EvaluationError(CoursesError, ArithmeticError):
    """A well-formed expression has no value here: division by zero, a root of a negative number."""


class TemplateError(CoursesError, ValueError):
    """A template cannot be used as it is written."""


class UnknownSkillError(CoursesError, KeyError):
    """A skill is named that the curriculum does not have."""

    def __str__(self) -> str:
        """Say the message; KeyError would show it quoted."""
        return str(self.args[0])


class UnsatisfiableError(TemplateError):
    """No drawing of the parameters meets the constraints."""


class NotApprovedError(CoursesError, PermissionError):
    """A template, as it stands now, was approved by no teacher."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a course's files."""

    file: str
    """Path relative to the course's folder."""
    line: int
    """One-based line, 0 where the whole file is meant."""
    message: str
    """English text in `str.format` style."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What the message names."""

    def __str__(self) -> str:
        """Say it as `file:line: text`, as editors and terminals link it."""
        text = self.message.format(**self.values) if self.values else self.message
        return f"{self.file}:{self.line}: {text}" if self.line else f"{self.file}: {text}"


class CourseFaults(CoursesError, ValueError):  # noqa: N818 - it carries many faults, not one error
    """A course cannot be loaded; every fault found is listed, not only the first.

    Parameters
    ----------
    faults : sequence of Fault
        In order of file and line; at least one.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "{count} faults in the course:\n{listing}",
            count=len(self.faults),
            listing="\n".join(map(str, self.faults)),
        )
