"""JupyterLab for one classroom, with the workbench open.

It runs in a process of its own that ends when this one does. Its token is made here and handed over
through the environment, where no list of processes shows it.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from jupyter_core.paths import jupyter_runtime_dir
from ustaz_grading.classroom import Classroom
from ustaz_grading.files import write_text

from ustaz_lab.errors import ServeError

if TYPE_CHECKING:
    from types import TracebackType

LOG_FILE: Final = "lab.log"
WORKSPACE: Final = "ustaz"
START_S: Final = 120.0
STOP_S: Final = 20.0
LOCALES: Final = {"kk": "kk_KZ", "ru": "ru_RU", "en": "en"}
"""JupyterLab's names of our languages."""

_POLL_S: Final = 0.1
_LAYOUT: Final[dict[str, Any]] = {
    "layout-restorer:data": {
        "main": {"dock": None},
        "left": {
            "collapsed": False,
            "visible": True,
            "current": "ustaz-panel",
            "widgets": ["filebrowser", "running-sessions", "@jupyterlab/toc:plugin", "ustaz-panel"],
        },
        "right": {"collapsed": True, "visible": True, "widgets": []},
        "relativeSizes": [0.28, 0.72, 0],
    }
}
"""The side panel open: what JupyterLab itself would have stored for it."""


class Lab:
    """JupyterLab while it runs; a context manager.

    Parameters
    ----------
    root
        The classroom's folder; JupyterLab's root.
    port
        Tried first; the next free one is taken where it is in use.
    language
        kk, ru or en: JupyterLab in this language, with settings of its own under ``.ustaz``, so
        that the teacher's stay as they are; empty: with the teacher's settings.
    browser
        Whether a browser is opened.

    Raises
    ------
    ServeError
        JupyterLab does not start.
    ClassroomError
        The folder is no classroom.
    """

    def __init__(
        self, root: Path | str, *, port: int = 8888, language: str = "", browser: bool = False
    ) -> None:
        self.root = Path(root).absolute()
        self.url = ""
        """Where the workbench is, token included, once it is served."""
        self._port, self._language, self._browser = port, language, browser
        self._token = secrets.token_hex(24)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        Classroom.open(self.root).close()
        private = self.root / ".ustaz"
        own = private / "lab"
        (own / "workspaces").mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write_workspace(own / "workspaces")
        environment = {**os.environ, "JUPYTER_TOKEN": self._token}
        environment["JUPYTERLAB_WORKSPACES_DIR"] = str(own / "workspaces")
        # nbgrader's pages start alembic by name.
        beside = str(Path(sys.executable).parent)
        environment["PATH"] = os.pathsep.join([beside, environment.get("PATH", os.defpath)])
        if self._language:
            self._write_settings(own / "settings")
            environment["JUPYTERLAB_SETTINGS_DIR"] = str(own / "settings")
        log = os.open(private / LOG_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "ustaz_lab.lab_process", *self._arguments()],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.root,
                env=environment,
                # Ctrl+C in a terminal reaches this process alone, which ends the other in order.
                start_new_session=True,
            )
        finally:
            os.close(log)
        try:
            self.url = self._ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def exit_code(self) -> int | None:
        """None while JupyterLab runs."""
        return self._process.poll() if self._process else None

    def wait(self) -> int:
        """Wait until JupyterLab ends; return its exit code."""
        assert self._process is not None  # noqa: S101 - entered
        try:
            return self._process.wait()
        except KeyboardInterrupt:
            return 0

    def close(self) -> None:
        """End JupyterLab and its kernels; what has ended stays so."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()  # this is how it is told to end
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _arguments(self) -> list[str]:
        found = [
            f"--ServerApp.root_dir={self.root}",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self._port}",
            f"--LabApp.default_url=/lab/workspaces/{WORKSPACE}",
            f"--ServerApp.open_browser={self._browser}",
        ]
        if os.geteuid() == 0:
            found.append("--ServerApp.allow_root=True")
        return found

    def _ready(self) -> str:
        """Return the address once the server writes that it listens."""
        assert self._process is not None  # noqa: S101 - just started
        note = Path(jupyter_runtime_dir()) / f"jpserver-{self._process.pid}.json"
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                url: str = json.loads(note.read_text(encoding="utf-8"))["url"]
            except (OSError, ValueError, KeyError):
                time.sleep(_POLL_S)
            else:
                return f"{url}lab/workspaces/{WORKSPACE}?token={self._token}"
        log = self.root / ".ustaz" / LOG_FILE
        raise ServeError(
            "JupyterLab did not start. Its log is {file}; the last lines are:\n{lines}",
            file=str(log),
            lines="\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]),
        )

    def _write_workspace(self, folder: Path) -> None:
        """Write the layout for the first time; afterwards it is the teacher's own."""
        from jupyterlab_server.workspaces_handler import (  # noqa: PLC0415 - half a second
            WorkspacesManager,
        )

        if not any(folder.glob(f"{WORKSPACE}-*")):
            text = json.dumps({"data": _LAYOUT, "metadata": {"id": WORKSPACE}})
            WorkspacesManager(str(folder)).save(WORKSPACE, text)

    def _write_settings(self, folder: Path) -> None:
        settings: dict[str, dict[str, Any]] = {
            "translation-extension/plugin": {"locale": LOCALES[self._language]},
            # A demonstration asks for nothing from anywhere.
            "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        }
        for name, values in settings.items():
            path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            old = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
            write_text(path, json.dumps(old | values))
