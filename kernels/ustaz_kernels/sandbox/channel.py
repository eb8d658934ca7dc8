"""Lines to and from a jailed guest, bounded in length and in time.

A line is a token, a blank and JSON. What a learner's process writes is passed on or dropped, never
interpreted beyond its token, except for the small JSON that tells how its program ran.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import time
from collections.abc import Callable

from ustaz_kernels.sandbox.jail import Jail

#: How often the limits on whole trees are looked after, seconds.
WATCH_S = 0.05
_BLOCK = 1 << 16
_ERRORS_MAX = 4096


class LateError(Exception):
    """No whole line came in time."""


class GoneError(Exception):
    """The guest is no more; the text is the limit it broke, or empty."""


class Channel:
    """A guest's standard input and output.

    Parameters
    ----------
    jail : Jail
        Its pipes are used from now on by this channel alone.
    line_bytes : int
        Longest line accepted; a longer one ends the jail.
    watch : callable
        Called about every `WATCH_S` while waiting.
    """

    def __init__(self, jail: Jail, line_bytes: int, watch: Callable[[], None]) -> None:
        self.jail = jail
        self.line_bytes = line_bytes
        self.broken = ""
        """The limit that the guest overstepped, or empty."""
        self._watch = watch
        self._pending = bytearray()
        assert jail.process.stdin is not None  # noqa: S101 - started with pipes
        assert jail.process.stdout is not None  # noqa: S101
        self._sink, self._source = jail.process.stdin.fileno(), jail.process.stdout.fileno()
        os.set_blocking(self._sink, False)
        os.set_blocking(self._source, False)

    def send(self, token: str, message: object, deadline: float) -> None:
        """Write a line: a token and a message, made JSON.

        Raises
        ------
        LateError, GoneError
            It could not be written in time, or at all.
        """
        self.relay(token, json.dumps(message), deadline)

    def relay(self, token: str, text: str, deadline: float) -> None:
        """Write a line whose JSON is already text.

        Raises
        ------
        LateError, GoneError
            It could not be written in time, or at all.
        """
        data = memoryview(f"{token} {text}\n".encode())
        while data:
            self._wait(self._sink, selectors.EVENT_WRITE, deadline)
            try:
                data = data[os.write(self._sink, data[:_BLOCK]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise GoneError(self.broken) from None

    def receive(self, deadline: float) -> tuple[str, str]:
        """Return the token and the JSON text of the next line.

        Raises
        ------
        LateError, GoneError
            No line came in time, or none will come.
        """
        while (end := self._pending.find(b"\n")) < 0:
            if len(self._pending) > self.line_bytes:
                self.end(f"> {self.line_bytes // 1024} KiB")
                raise GoneError(self.broken)
            self._wait(self._source, selectors.EVENT_READ, deadline)
            try:
                block = os.read(self._source, _BLOCK)
            except BlockingIOError:
                continue
            except OSError:
                block = b""
            if not block:
                raise GoneError(self.broken)
            self._pending += block
        line = self._pending[:end].decode("utf-8", "replace")
        del self._pending[: end + 1]
        token, _, text = line.partition(" ")
        return token, text

    def end(self, broken: str = "") -> None:
        """Kill the guest, for a limit that it overstepped or without blame."""
        self.broken = self.broken or broken
        self.jail.kill()

    def close(self) -> str:
        """End the guest and return the last line of its errors."""
        self.jail.kill()
        errors = b""
        if self.jail.process.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                errors = os.read(self.jail.process.stderr.fileno(), _ERRORS_MAX)
        self.jail.stop()
        return (errors.decode("utf-8", "replace").strip().splitlines() or [""])[-1]

    def _wait(self, fd: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(fd, event)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise LateError
                if ready.select(min(left, WATCH_S)):
                    return
                self._watch()
