"""What can go wrong in grading, each error named for the fact.

A message is an English msgid with ``{name}`` places; ``str(error)`` fills it, ``error.message`` and
``error.values`` let the edge (command line, HTTP) show it in the reader's language.
"""

from __future__ import annotations

from typing import Any


class GradingError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    message
        English msgid: the value met, the value expected, the next step.
    values
        What fills the message's ``{name}`` places.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class InvalidRecordError(GradingError, ValueError):
    """A record's field holds what it must not hold."""


class StoreError(GradingError, OSError):
    """The store cannot be opened, read or written; nothing of the failed call was kept."""


class MissingRecordError(GradingError, LookupError):
    """The store has no such record."""
