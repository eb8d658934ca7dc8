"""What can go wrong where programs run, each error named for the fact.

A message is an English msgid with ``{name}`` places: ``str(error)`` fills it, and ``error.message``
with ``error.values`` lets the edge show it in the reader's language. None of these is ever a
learner's mistake: what a learner's program does wrong is a result, not an exception.
"""

from __future__ import annotations


class KernelsError(Exception):
    """Base of this package's errors.

    Parameters
    ----------
    message : str
        English msgid: the value met, the value expected, the next step.
    **values
        What fills the message's ``{name}`` places.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message = message
        self.values = values


class PolicyError(KernelsError, ValueError):
    """A policy or a job asks for what cannot be: a limit of zero, a file outside the folder."""


class JailMissingError(KernelsError, RuntimeError):
    """A layer of the jail that the policy requires is not there, so nothing is run."""


class JailFaultError(KernelsError, OSError):
    """The jail or the judge failed; nothing is known about the program."""
