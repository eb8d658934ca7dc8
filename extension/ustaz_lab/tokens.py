"""Tokens of the student's app: who may speak for which student of which course, and until when.

There are two uses. A ``link`` is what a teacher hands out; it lasts a term and opens nothing but an
exchange for a ``practice`` token, which lasts a day and is all that the app's kernel holds.

A token is ``<claims>.<signature>``, both base64url without padding. The claims are JSON, readable
by anyone who holds the token and holding no secret; the signature is HMAC-SHA256 under a key
derived from the course's secret and the use, so that only the course's own service makes and
accepts it, and only for that use. There is one algorithm and no field to choose another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, Final, Literal

from ustaz_lab.errors import TokenError

Use = Literal["link", "practice"]

LIFETIME_S: Final[dict[Use, int]] = {"link": 120 * 24 * 3600, "practice": 12 * 3600}
"""Seconds: a link serves a term; practice goes on for a school day with its evening."""
TOKEN_CHARACTERS_MAX: Final = 1024
"""Longer than any token made here (64-letter ids in base64), far shorter than a header."""

_PURPOSE: Final[dict[Use, bytes]] = {
    "link": b"ustaz practice link 1",
    "practice": b"ustaz practice token 1",
}
"""Keep these keys apart from each other and from all else that follows from the course's secret."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a genuine, unexpired token says."""

    course: str
    student: str
    expires_at: int
    """Unix time, seconds."""


def make_token(
    secret: bytes,
    *,
    course: str,
    student: str,
    use: Use = "practice",
    lifetime_s: float | None = None,
    now: float | None = None,
) -> str:
    """Return a token of one student of one course, for one use.

    Parameters
    ----------
    secret
        The course's secret.
    course, student
        Whose token it is.
    use
        What it is for.
    lifetime_s
        Seconds until it expires; ``None``: as long as its use has it.
    now
        Unix time; ``None``: the clock's.
    """
    moment = time.time() if now is None else now
    lifetime = LIFETIME_S[use] if lifetime_s is None else lifetime_s
    claims = {"course": course, "student": student, "exp": int(moment + lifetime)}
    body = _encode(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{body}.{_encode(_sign(secret, use, body))}"


def read_token(
    secret: bytes, token: str, *, course: str, use: Use = "practice", now: float | None = None
) -> Pass:
    """Return what a token says, once its signature, use, course and time are seen to be right.

    Raises
    ------
    TokenError
        The token is malformed, forged, expired, or of another course or use.
    """
    body, _, signature = token.partition(".")
    if len(token) > TOKEN_CHARACTERS_MAX or not token.isascii() or not body or not signature:
        raise TokenError("This is no token of Ustaz. Open the link that your teacher gave you.")
    # The signature is compared as bytes before anything of the claims is read.
    if not hmac.compare_digest(_encode(_sign(secret, use, body)).encode(), signature.encode()):
        raise TokenError("This link is not valid here. Open the link that your teacher gave you.")
    claims = _claims(body)
    if claims.course != course:
        raise TokenError("This link belongs to another course. Open the link of this course.")
    if claims.expires_at <= (time.time() if now is None else now):
        raise TokenError("This link has expired. Ask your teacher for a new one.")
    return claims


def _claims(body: str) -> Pass:
    try:
        # Foreign only in form: the signature has shown that we wrote it.
        data: Any = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return Pass(str(data["course"]), str(data["student"]), int(data["exp"]))
    except (ValueError, KeyError, TypeError) as error:
        raise TokenError(
            "This is no token of Ustaz. Open the link that your teacher gave you."
        ) from error


def _sign(secret: bytes, use: Use, body: str) -> bytes:
    key = hmac.new(secret, _PURPOSE[use], hashlib.sha256).digest()
    return hmac.new(key, body.encode(), hashlib.sha256).digest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
