"""JupyterLab as a child: it ends when whoever started it does, because its standard input ends."""

from __future__ import annotations

import os
import signal
import sys
import threading


def main() -> None:
    """Run JupyterLab with this process's arguments."""
    threading.Thread(target=_watch, name="parent-watch", daemon=True).start()
    from jupyterlab.labapp import (  # type: ignore[import-untyped]  # noqa: PLC0415 - takes seconds
        LabApp,
    )

    LabApp.launch_instance(sys.argv[1:])


def _watch() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
