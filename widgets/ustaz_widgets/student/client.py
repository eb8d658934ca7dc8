"""The app's only connection: HTTP to the practice service, with a token of one student.

Every call can be repeated without changing more than the first did (`after`, `attempt` and
`shown` say what the caller had seen), so a lost connection is tried again once. A slow answer
is not: the service may still be running the student's program.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, Final, cast

from ustaz_widgets.errors import ServiceRefusalError, ServiceUnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ustaz_widgets.student.wire import Item, Outcome, Session

TIMEOUT_S: Final = 90.0
"""A program's time, once for itself and once for each test, on a busy server."""
RETRY_AFTER_S: Final = 0.4
"""A service that restarts is back by then more often than not."""
ANSWER_BYTES_MAX: Final = 4 << 20

_BAD_GATEWAY: Final = 502


class PracticeClient:
    """Speaks for one student.

    Parameters
    ----------
    url
        Where the service's routes begin, e.g. ``http://127.0.0.1:8867/ustaz/practice``.
    token
        The student's practice token.
    language
        Of a refusal where a call names no language of its own.
    timeout_s
        Seconds that one answer may take.
    """

    def __init__(
        self, url: str, token: str, *, language: str = "kk", timeout_s: float = TIMEOUT_S
    ) -> None:
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"The service's address is {url!r}; expected http://… or https://….")
        self._url = url.rstrip("/")
        self._token = token
        self._language = language
        self._timeout_s = timeout_s
        # No proxy: the service is on this machine, and the token is for nobody else.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def session(self, language: str | None = None) -> Session:
        """Return what a page needs to begin; in the student's own language unless told."""
        query = {"lang": language} if language else {}
        return cast("Session", self._call("session", query))

    def item(self, item: str, language: str) -> Item:
        """Return an exercise in a language."""
        path = f"items/{urllib.parse.quote(item, safe='')}"
        return cast("Item", self._call(path, {"lang": language})["item"])

    def next_item(self, language: str, *, skill: str | None, after: str | None) -> Item:
        """Return the next exercise; ``after`` names the one that is left."""
        body = {"skill": skill, "after": after}
        return cast("Item", self._call("next", {"lang": language}, body)["item"])

    def answer(
        self, item: str, response: str | Sequence[str], language: str, *, attempt: int
    ) -> Outcome:
        """Return what came of a response; ``attempt`` counts from 1."""
        given = response if isinstance(response, str) else list(response)
        body = {"item": item, "response": given, "attempt": attempt}
        return cast("Outcome", self._call("answer", {"lang": language}, body)["outcome"])

    def hint(self, item: str, language: str, *, shown: int) -> Item:
        """Return the exercise with one hint more than the caller has seen."""
        body = {"item": item, "shown": shown}
        return cast("Item", self._call("hint", {"lang": language}, body)["item"])

    def solution(self, item: str, language: str) -> Outcome:
        """Give the exercise up and return it with its worked solution."""
        body = {"item": item, "do": "give-up"}
        return cast("Outcome", self._call("solution", {"lang": language}, body)["outcome"])

    def _call(
        self, path: str, query: Mapping[str, str], body: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        """Return the service's answer; POST where there is a body.

        Raises
        ------
        ServiceRefusalError
            It says that something is wrong.
        ServiceUnreachableError
            It does not answer.
        """
        try:
            return self._once(path, query, body)
        except ServiceUnreachableError as error:
            if isinstance(error.__cause__, TimeoutError):
                raise
        time.sleep(RETRY_AFTER_S)
        return self._once(path, query, body)

    def _once(
        self, path: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> dict[str, Any]:
        address = f"{self._url}/{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            address,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Accept-Language": query.get("lang", self._language),
            },
        )
        try:
            with self._opener.open(request, timeout=self._timeout_s) as answer:
                found: dict[str, Any] = json.loads(answer.read(ANSWER_BYTES_MAX))
                return found
        except urllib.error.HTTPError as error:
            raise _refusal(error) from error
        except urllib.error.URLError as error:
            cause = error.reason if isinstance(error.reason, Exception) else error
            raise ServiceUnreachableError(str(error.reason)) from cause
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ServiceUnreachableError(str(error)) from error


def _refusal(error: urllib.error.HTTPError) -> ServiceRefusalError | ServiceUnreachableError:
    with error:
        try:
            said = json.loads(error.read(ANSWER_BYTES_MAX))
            return ServiceRefusalError(error.code, str(said["error"]), str(said["next"]))
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            # Not our service's words: something else stands at its address.
            return ServiceUnreachableError(f"status {error.code or _BAD_GATEWAY}")
