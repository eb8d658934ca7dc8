"""What can go wrong at the edge, each error named for the fact.

A message is an English msgid with ``{name}`` places; ``str(error)`` fills it, ``error.message`` and
``error.values`` let the command line or a page show it in the reader's language.
"""

from __future__ import annotations

from typing import Any


class LabError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    message
        English msgid: the value met, the value expected, the next step.
    values
        What fills the message's ``{name}`` places.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message = message
        self.values = values


class TokenError(LabError, PermissionError):
    """A token is malformed, forged, expired, or of another course or use."""


class ServeError(LabError, OSError):
    """The student's app cannot be served; nothing of it is left running."""


class NoClassroomError(LabError, LookupError):
    """No classroom was named, and none lies here or above."""


class UnknownCourseError(LabError, LookupError):
    """A course is named that is neither bundled, nor the classroom's, nor a folder."""


class OutputError(LabError, ValueError):
    """What was asked for cannot be written under that name."""


class DemoError(LabError, RuntimeError):
    """The demonstration cannot go on as it was asked to."""
