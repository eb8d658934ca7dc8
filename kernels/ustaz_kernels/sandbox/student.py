"""A learner's program in its jail, as the host sees it: run it, pass calls to it, outlive it."""

from __future__ import annotations

import base64
import json
import math
import secrets
import time
from dataclasses import replace

from ustaz_kernels.sandbox.channel import Channel, GoneError, LateError
from ustaz_kernels.sandbox.guests import Guests
from ustaz_kernels.sandbox.policy import Policy
from ustaz_kernels.sandbox.program import ProgramJob

#: Lines of nonsense that a program may write into its channel before it is stopped.
STRAY_MAX = 1000
#: Longest text of an error that is kept, characters.
ERROR_MAX = 500
#: For a process to end a test and go back to waiting.
_TURN_S = 2.0
_NULL = "null"


class EndedError(Exception):
    """The program did not come to its end.

    Parameters
    ----------
    status : str
        "timeout" or "error".
    text : str
        What a learner reads.
    printed : str
        What it printed until then.
    """

    def __init__(self, status: str, text: str, printed: str = "") -> None:
        super().__init__(text)
        self.status, self.text, self.printed = status, text, printed


class Student:
    """The process of one job's program; started anew when it was stopped.

    Parameters
    ----------
    guests : Guests
        Who opens and watches its jails.
    job : ProgramJob
        The program; its tests are not used here, and never sent.
    policy : Policy
        Limits of its jails.
    """

    def __init__(self, guests: Guests, job: ProgramJob, policy: Policy) -> None:
        self._guests = guests
        self._job = job
        tests = len(job.tests) + 2
        self._policy = replace(
            policy,
            wall_s=60.0 + tests * job.timeout_s,
            cpu_s=min(policy.cpu_s, math.ceil(job.timeout_s) + 1),
        )
        self._main: Channel | None = None
        self._afresh: Channel | None = None
        self._answering = False
        self._left = job.timeout_s

    def open(self) -> None:
        """Let the jail start while the caller does something else."""
        self._main = self._open(afresh=False)

    def run(self) -> str:
        """Run the program and return what it printed.

        Raises
        ------
        EndedError
            It raised, ended itself, or took too long.
        JailFaultError
            The jail did not start.
        """
        if self._main is None:
            self.open()
        channel = self._main
        assert channel is not None  # noqa: S101 - just opened
        self._greet(channel)
        deadline = time.monotonic() + self._job.timeout_s
        try:
            token, text = channel.receive(deadline)
            state = json.loads(text)
            error = clean(str(state.get("error", "")), ERROR_MAX)
            printed = clean(str(state["printed"]), self._policy.output_bytes)
        except LateError:
            self._drop()
            raise EndedError("timeout", f"> {self._job.timeout_s:g} s") from None
        except GoneError as gone:
            self._drop()
            raise EndedError("error", str(gone) or "SystemExit") from None
        except (ValueError, RecursionError, AttributeError, KeyError):
            token = error = printed = ""
        if token != "ran":  # noqa: S105 - of a line, not a secret
            self._drop()
            raise EndedError("error", "SystemExit")
        if error:
            raise EndedError("error", error, printed)
        return printed

    def begin(self) -> None:
        """Begin a test: its calls together may take the job's time."""
        self._left = self._job.timeout_s

    def answer(self, kind: str, request: str) -> tuple[str, str]:
        """Return the line for the judge that answers its request.

        Parameters
        ----------
        kind : str
            "ask", a call to the program; or "rerun", the whole program afresh.
        request : str
            JSON, as the judge wrote it.

        Returns
        -------
        tuple of str
            "reply" with the program's own JSON; "late"; or "gone" with why, as JSON.
        """
        if self._left <= 0:
            return "late", _NULL
        try:
            channel = self._channel(kind)
        except EndedError as ended:
            return ("late", _NULL) if ended.status == "timeout" else _gone(ended.text)
        begun = time.monotonic()
        deadline = begun + self._left
        ticket = secrets.token_hex(8)
        try:
            channel.send("ask", {**json.loads(request), "id": ticket}, deadline)
            self._answering = kind == "ask"
            return self._reply(channel, ticket, deadline)
        except LateError:
            self._drop(channel)
            return "late", _NULL
        except GoneError as gone:
            self._drop(channel)
            return _gone(str(gone) or "SystemExit")
        finally:
            self._left -= time.monotonic() - begun

    def end(self) -> None:
        """End a test: the process goes back to where the program had just run."""
        if not self._answering or self._main is None:
            return
        self._answering = False
        deadline = time.monotonic() + _TURN_S
        try:
            self._main.send("ask", {"op": "end"}, deadline)
            for _ in range(STRAY_MAX):
                if self._main.receive(deadline)[0] == "over":
                    return
        except (LateError, GoneError):
            pass
        self._drop()

    def close(self) -> None:
        """End its jails."""
        for channel in (self._main, self._afresh):
            self._drop(channel)

    def _reply(self, channel: Channel, ticket: str, deadline: float) -> tuple[str, str]:
        for _ in range(STRAY_MAX):
            token, text = channel.receive(deadline)
            if token == ticket:
                if channel is self._afresh:
                    channel.receive(deadline)  # its process is over
                return "reply", text
            if token == "over":  # noqa: S105 - of a line, not a secret
                self._answering = False
                return _gone("SystemExit")
        self._drop(channel)
        return _gone("SystemExit")

    def _channel(self, kind: str) -> Channel:
        if kind == "rerun":
            if self._afresh is None:
                self._afresh = self._open(afresh=True)
                self._greet(self._afresh)
            return self._afresh
        if self._main is None:
            self.run()
        assert self._main is not None  # noqa: S101 - run leaves it, or raises
        return self._main

    def _open(self, *, afresh: bool) -> Channel:
        settings = {"afresh": afresh, "output_bytes": self._policy.output_bytes}
        return self._guests.open("student", self._policy, **settings)

    def _greet(self, channel: Channel) -> None:
        self._guests.greet(channel, "program")
        files = {name: base64.b64encode(c).decode("ascii") for name, c in self._job.files.items()}
        job = {"program": self._job.program, "stdin": self._job.stdin, "files": files}
        try:
            channel.send("job", job, time.monotonic() + _TURN_S + self._job.timeout_s)
        except (LateError, GoneError):
            self._drop(channel)
            raise EndedError("error", channel.broken or "SystemExit") from None

    def _drop(self, channel: Channel | None = None) -> None:
        channel = channel or self._main
        if channel is None:
            return
        self._guests.shut(channel)
        if channel is self._main:
            self._main, self._answering = None, False
        if channel is self._afresh:
            self._afresh = None


def clean(text: str, limit: int) -> str:
    """Return at most `limit` characters of a text, all of which can be written anywhere."""
    return text[:limit].encode("utf-8", "replace").decode().replace("\0", "�")


def _gone(text: str) -> tuple[str, str]:
    return "gone", json.dumps(text)
