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


class ClassroomError(GradingError, ValueError):
    """A course folder is no classroom, or its ``ustaz.toml`` cannot be used as it is written."""


class RosterError(GradingError, ValueError):
    """A class list cannot be taken in; nothing of it was."""


class AssignmentError(GradingError, ValueError):
    """An assignment's file is missing, malformed, or names what does not exist."""


class NotReleasableError(GradingError, PermissionError):
    """An assignment names templates that no teacher has approved as they now stand."""


class NotIssuedError(GradingError, LookupError):
    """A student was never given a variant of this assignment."""


class BusyError(GradingError, RuntimeError):
    """Another run of the same kind is under way in this course folder."""


class ReleaseError(GradingError, OSError):
    """A release could not be finished; what was released before is untouched."""


class NbgraderError(GradingError, RuntimeError):
    """nbgrader gave up; its log is kept.

    Parameters
    ----------
    log
        What nbgrader wrote, newest last.
    """

    def __init__(self, message: str, *, log: str = "", **values: Any) -> None:
        super().__init__(message, **values)
        self.log = log


class ImportFileError(GradingError, ValueError):
    """A file of answers cannot be taken in; nothing of it was."""


class PracticeError(GradingError, LookupError):
    """A student asked for an exercise or a topic that there is none of."""


class JudgeFaultError(GradingError, RuntimeError):
    """An answer could not be judged, and the fault is ours: no score may be recorded."""


class SubmissionError(GradingError, ValueError):
    """What a student handed in cannot be graded as it is; it is kept."""
