"""A private PostgreSQL server for a test run: a socket in a folder of its own, no network."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

START_TIMEOUT_S = 60


def binaries() -> Path | None:
    """Return the newest folder that holds initdb and postgres, or None."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True
    )
    return next((path for path in folders if (path / "postgres").exists()), None)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Yield the socket's folder of a running server, whose superuser ustaz is trusted."""
    # Socket paths are bounded by 107 bytes, and pytest's folders are private to root.
    home = Path(tempfile.mkdtemp(prefix="uz", dir="/tmp"))
    who = _ordinary_user()
    if who:
        os.chown(home, who["user"], who["group"])
    data = home / "d"
    process: subprocess.Popen[bytes] | None = None
    try:
        subprocess.run(
            [folder / "initdb", "-D", data, "-U", "ustaz", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=home, **who,
        )  # fmt: skip
        process = subprocess.Popen(
            [folder / "postgres", "-D", data, "-k", home, "-c", "listen_addresses=",
             "-c", "fsync=off", "-c", "max_connections=60"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home, **who,
        )  # fmt: skip
        deadline = time.monotonic() + START_TIMEOUT_S
        while subprocess.run(
            [folder / "pg_isready", "-q", "-h", home, "-U", "ustaz"], check=False
        ).returncode:
            assert process.poll() is None, "the PostgreSQL server ended at once"
            assert time.monotonic() < deadline, "the PostgreSQL server does not answer"
            time.sleep(0.05)
        yield str(home)
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(30)
        shutil.rmtree(home)


def _ordinary_user() -> dict[str, Any]:
    """Return what makes a child no root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise AssertionError("root, but neither postgres nor nobody to run a server as")
