"""What an HTTP answer says when something is wrong: one sentence, and what to do next.

The one place that knows which error becomes which status code.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from tornado.web import HTTPError
from ustaz_courses.errors import CourseFaults, CoursesError
from ustaz_courses.language import translate
from ustaz_grading.errors import (
    AssignmentError,
    BusyError,
    ClassroomError,
    GradingError,
    MissingRecordError,
    StoreError,
)
from ustaz_kernels.errors import JailMissingError, KernelsError

from ustaz_lab.messages import DOMAIN, is_foreseen
from ustaz_lab.messages import message_of as said

__all__ = ["DOMAIN", "Refusal", "message_of", "problem", "status_of"]

_UNEXPECTED: Final = "Something went wrong on the server."
_LOG: Final = "Refresh. If it stays so, ask whoever runs the server to look at its log."
_MEND: Final = "Mend it, then refresh."
_BY_STATUS: Final = {
    400: ("The request cannot be understood.", _LOG),
    401: ("You are not signed in.", "Open JupyterLab again from its own address and sign in."),
    403: (
        "You may not do this here.",
        "Sign in, or ask whoever runs the server for access.",
    ),
    404: ("There is nothing at this address.", "Refresh the page."),
    405: ("This address takes no such request.", "Refresh the page."),
}
_STATUS: Final[tuple[tuple[type[Exception], int, str], ...]] = (
    (CourseFaults, 422, "Mend the files named here, then refresh."),
    (MissingRecordError, 404, "Refresh the list."),
    (BusyError, 409, "Wait until it has ended, then refresh."),
    (StoreError, 503, "Refresh in a moment."),
    (SQLAlchemyError, 503, "Refresh in a moment."),
    (AssignmentError, 422, _MEND),
    (ClassroomError, 422, _MEND),
    (CoursesError, 422, _MEND),
    (GradingError, 422, _MEND),
    (JailMissingError, 503, "Everything but programs works without it."),
    (KernelsError, 503, "Refresh in a moment."),
)


class Refusal(HTTPError):  # noqa: N818 - it is an answer, and reads as one where it is raised
    """A request that is answered with a sentence and a next step.

    Parameters
    ----------
    status : int
        HTTP status code.
    error, next_step : str
        English msgids, `str.format` style.
    **values
        What `error` names.
    """

    def __init__(self, status: int, error: str, next_step: str, **values: object) -> None:
        super().__init__(status)
        self.error = error
        self.next_step = next_step
        self.values = values


def problem(reason: BaseException | None, status: int, language: str) -> dict[str, str]:
    """Return what the answer says: ``{"error": …, "next": …}``, translated.

    Parameters
    ----------
    reason
        What was raised, if anything was.
    status
        The answer's status code.
    language
        "kk", "ru" or "en".
    """
    if isinstance(reason, Refusal):
        error = translate(reason.error, language, domain=DOMAIN, **reason.values)
        return {"error": error, "next": translate(reason.next_step, language, domain=DOMAIN)}
    for kind, _, step in _STATUS:
        if isinstance(reason, kind):
            return {
                "error": message_of(reason, language),
                "next": translate(step, language, domain=DOMAIN),
            }
    error, step = _BY_STATUS.get(status, (_UNEXPECTED, _LOG))
    return {
        "error": translate(error, language, domain=DOMAIN),
        "next": translate(step, language, domain=DOMAIN),
    }


def status_of(reason: BaseException) -> int:
    """Return the status code for an error; 500 for one that nobody foresaw."""
    if isinstance(reason, HTTPError):
        return int(reason.status_code)
    return next((status for kind, status, _ in _STATUS if isinstance(reason, kind)), 500)


def message_of(reason: BaseException, language: str) -> str:
    """Return an error's message in a language, from the catalogue of the package that raised it."""
    if is_foreseen(reason):
        return said(reason, language)
    # A database's own words would tell a teacher nothing, and may hold its address.
    return translate("The class's records cannot be read now.", language, domain=DOMAIN)
