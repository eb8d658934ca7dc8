"""What can go wrong between a widget and what stands behind it."""

from __future__ import annotations


class WidgetsError(Exception):
    """Base of all errors of this package."""


class ServiceUnreachableError(WidgetsError, ConnectionError):
    """The practice service does not answer; whether the request arrived is not known."""


class ServiceRefusalError(WidgetsError):
    """The practice service answers that something is wrong, in the student's language.

    Parameters
    ----------
    status
        HTTP status code.
    error, next_step
        What is wrong and what to do, ready to be shown as text.
    """

    def __init__(self, status: int, error: str, next_step: str) -> None:
        super().__init__(f"{error} {next_step}".strip())
        self.status = status
        self.error = error
        self.next_step = next_step

    @property
    def signed_out(self) -> bool:
        """Whether the token is no good (any more)."""
        return self.status == 401
