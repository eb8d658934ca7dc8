"""Says from inside a jail what holds there."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import socket

_PERSONALITY_ASK = 0xFFFFFFFF


def main(settings: dict[str, object]) -> None:
    """Print as JSON: the network's interfaces, whether limits and filter hold."""
    limits = settings["limits"]
    assert isinstance(limits, dict)  # noqa: S101 - written by our own host
    held = all(
        resource.getrlimit(getattr(resource, "RLIMIT_" + n))[1] <= v for n, v in limits.items()
    )
    ctypes.set_errno(0)
    libc = ctypes.CDLL(None, use_errno=True)
    filtered = libc.personality(_PERSONALITY_ASK) == -1  # harmless where it is allowed
    seen = {
        "interfaces": [name for _, name in socket.if_nameindex()],
        "limited": held and os.getuid() != 0,
        "filtered": filtered,
    }
    print(json.dumps(seen))  # noqa: T201 - this is its answer
