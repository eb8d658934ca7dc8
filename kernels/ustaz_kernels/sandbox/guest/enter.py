"""The first code inside the jail: give up the rest of root, take on the limits, then run.

Called as `python enter.py SETTINGS`, where the settings are JSON. It holds only the standard
library and nothing secret: a learner's program can read it.
"""

from __future__ import annotations

import json
import os
import resource
import sys


def enter(settings: dict[str, object]) -> None:
    """Drop to the jail's own user where told, and set the limits of this process."""
    uid = settings.get("uid")
    if isinstance(uid, int):
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    limits = settings["limits"]
    assert isinstance(limits, dict)  # noqa: S101 - written by our own host
    for name, limit in limits.items():
        number = getattr(resource, "RLIMIT_" + name)
        hard = resource.getrlimit(number)[1]
        wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(number, (wanted, wanted))


def main() -> None:
    """Enter the jail and become what is to run."""
    settings = json.loads(sys.argv[1])
    enter(settings)
    if command := settings.get("command"):
        os.execvp(command[0], command)  # noqa: S606 - this is the jail's whole purpose
    sys.path[:0] = [settings["root"]]
    sys.path += settings["path"]
    __import__(f"guest.{settings['guest']}", fromlist=["main"]).main(settings)


if __name__ == "__main__":
    main()
