"""What the practice service answers when something is wrong, in words for a student.

A student's mistake is an outcome, never an error; what stands here is a stranger's request, a
request that makes no sense, or a fault of ours, and none of these ever costs an attempt.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from tornado.web import HTTPError
from ustaz_courses.language import translate
from ustaz_grading.errors import MissingRecordError, PracticeError, StoreError

from ustaz_lab.errors import TokenError
from ustaz_lab.problems import DOMAIN, Refusal, message_of

_TELL: Final = "Nothing was counted. Try again; if it stays so, tell your teacher."
_LINK: Final = "Open the link that your teacher gave you."
_BY_STATUS: Final = {
    401: ("You are not signed in.", _LINK),
    404: ("There is nothing at this address.", _LINK),
    405: ("This address takes no such request.", _LINK),
}
_UNEXPECTED: Final = "Something went wrong on our side."
_BUSY: Final = "The class's records cannot be read now."


def status_of(reason: BaseException) -> int:
    """Return the status code for what was raised; 500 for what nobody foresaw."""
    if isinstance(reason, HTTPError):
        return int(reason.status_code)
    if isinstance(reason, TokenError | MissingRecordError):
        return 401
    if isinstance(reason, PracticeError):
        return 404
    return 503 if isinstance(reason, StoreError | SQLAlchemyError) else 500


def problem(reason: BaseException | None, status: int, language: str) -> dict[str, str]:
    """Return the answer: ``{"error": …, "next": …}``, translated.

    Parameters
    ----------
    reason
        What was raised, if anything was.
    status
        The answer's status code.
    language
        kk, ru or en.
    """

    def say(error: str, step: str, **values: object) -> dict[str, str]:
        return {
            "error": translate(error, language, domain=DOMAIN, **values),
            "next": translate(step, language, domain=DOMAIN) if step else "",
        }

    if isinstance(reason, Refusal):
        return say(reason.error, reason.next_step, **reason.values)
    if isinstance(reason, TokenError):
        # These messages end with what to do next.
        return say(reason.message, "", **reason.values)
    if isinstance(reason, PracticeError):
        return {"error": message_of(reason, language), "next": ""}
    if isinstance(reason, MissingRecordError):
        return say("You are not in this class's list.", "Ask your teacher to add you.")
    if status == 503:
        return say(_BUSY, _TELL)
    error, step = _BY_STATUS.get(status, (_UNEXPECTED, _TELL))
    return say(error, step)
