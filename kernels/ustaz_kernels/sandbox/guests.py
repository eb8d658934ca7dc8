"""The jails of one court: opened, watched together, closed together."""

from __future__ import annotations

import time

from ustaz_kernels.errors import JailFaultError
from ustaz_kernels.sandbox.channel import WATCH_S, Channel, GoneError, LateError
from ustaz_kernels.sandbox.jail import Jail
from ustaz_kernels.sandbox.policy import MIB, Policy

#: Until a jail answers; a busy machine needs its time.
START_S = 30.0


class Guests:
    """All jails of which one thread takes care."""

    def __init__(self) -> None:
        self._channels: list[Channel] = []
        self._looked = 0.0

    def open(self, guest: str, policy: Policy, **settings: object) -> Channel:
        """Start a guest without waiting for it; it is watched until shut."""
        jail = Jail.start(policy, guest, settings=settings)
        channel = Channel(jail, policy.answer_bytes, self._watch)
        self._channels.append(channel)
        return channel

    def greet(self, channel: Channel, name: str) -> None:
        """Wait until a guest is ready.

        Raises
        ------
        JailFaultError
            It did not start.
        """
        try:
            token, _ = channel.receive(time.monotonic() + START_S)
        except (LateError, GoneError) as error:
            told = self.shut(channel) or str(error) or type(error).__name__
            raise JailFaultError(
                "The jail of the {name} did not start: {reason}. Try again; if it stays so, see "
                "what `probe` finds.",
                name=name,
                reason=told,
            ) from None
        if token != "ready":  # noqa: S105 - of a line, not a secret
            raise JailFaultError(
                "The jail of the {name} began with {token!r}, not with 'ready'.",
                name=name,
                token=token,
            )

    def shut(self, channel: Channel) -> str:
        """End a guest and return the last line of its errors."""
        if channel in self._channels:
            self._channels.remove(channel)
        return channel.close()

    def close(self) -> None:
        """End all guests."""
        for channel in tuple(self._channels):
            self.shut(channel)

    def _watch(self) -> None:
        now = time.monotonic()
        if now - self._looked < 0.8 * WATCH_S:
            return
        self._looked = now
        for channel in self._channels:
            limit = channel.jail.overstepped()
            if limit:
                channel.end(_told(limit, channel.jail.policy))


def _told(limit: str, policy: Policy) -> str:
    """Return an overstepped limit as a learner reads it."""
    if limit == "memory":
        return f"MemoryError: > {policy.memory_bytes // MIB} MiB"
    if limit == "processes":
        return f"BlockingIOError: > {policy.processes} processes"
    return f"TimeoutError: > {policy.wall_s:g} s"
