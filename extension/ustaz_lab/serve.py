"""Serving the student's app: the practice service here, the page in a process of its own.

The service stays in this process, on a port of loopback that only the app's kernels need to
know; it alone opens the classroom. The page's process (`ustaz_lab.app_server`) is given a
listening socket, the service's address and a private folder: no secret, no store, no course. It
ends when this process does, however that ends, because its standard input does.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from tornado.httpserver import HTTPServer
from ustaz_grading.classroom import Classroom

from ustaz_lab.app_files import page_files, remove_app, write_app
from ustaz_lab.app_server import READY
from ustaz_lab.errors import ServeError
from ustaz_lab.links import practice_links, write_links
from ustaz_lab.service import ROOT, practice_application
from ustaz_lab.service_requests import BODY_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType

    from ustaz_courses import CodeRunner

PORT: Final = 8866
LOG_FILE: Final = "app.log"
IDLE_S: Final = 1800
"""Seconds after which a page that nobody uses gives its kernel back; loading again goes on."""
START_S: Final = 120.0
"""Seconds that the page's process may take to start, on a slow machine."""
STOP_S: Final = 20.0
"""Seconds that it may take to stop its kernels."""
LISTENING: Final = 128
"""Connections that wait while a class opens the page at once."""

_KEPT: Final = ("PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")


class Serving:
    """The student's app while it is served; a context manager.

    Parameters
    ----------
    classroom_root
        The classroom's folder.
    host, port
        Where the page is served; port 0 takes a free one.
    base_url
        Path under which a reverse proxy hands the app on; begins and ends with ``/``.
    spare_kernels
        Kernels that wait for a visitor, some 80 MB each.
    idle_s
        Seconds after which an unused page gives its kernel back.
    runner
        Runs programs; ``None``: the jailed runner.

    Raises
    ------
    ServeError
        The port is taken, or the page's process does not start.
    ClassroomError
        The folder is no classroom.
    """

    def __init__(
        self,
        classroom_root: Path | str,
        *,
        host: str = "127.0.0.1",
        port: int = PORT,
        base_url: str = "/",
        spare_kernels: int = 1,
        idle_s: int = IDLE_S,
        runner: CodeRunner | None = None,
    ) -> None:
        self.classroom = Classroom.open(classroom_root)
        self._host, self._port, self._base_url = host, port, base_url
        self._spare_kernels, self._idle_s, self._runner = spare_kernels, idle_s, runner
        self._steps: list[Callable[[], object]] = []
        self.process: subprocess.Popen[str] | None = None
        self.service_url = ""
        self.url = ""
        """Where the page is, once it is served."""

    def __enter__(self) -> Self:
        self._steps.append(self.classroom.close)
        try:
            page_files()
            listening = _listen(self._host, self._port)
            self._steps.append(listening.close)
            self._start_service()
            self._start_page(listening)
        except BaseException:
            self.close()
            raise
        port = listening.getsockname()[1]
        shown = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{shown}:{port}{self._base_url}"
        # The page's process has its own copy of the socket.
        listening.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything that was started, the newest first; what is stopped already stays so."""
        while self._steps:
            self._steps.pop()()

    def _start_service(self) -> None:
        service = practice_application(self.classroom, runner=self._runner)
        sockets = [_listen("127.0.0.1", 0)]
        loop = asyncio.new_event_loop()
        ready = threading.Event()

        async def run() -> None:
            # Twice: an answer that is somewhat too long is told so; what is more is cut off.
            server = HTTPServer(service, max_body_size=2 * BODY_BYTES_MAX)
            server.add_sockets(sockets)
            ready.set()
            await stop.wait()
            server.stop()
            await server.close_all_connections()

        stop = asyncio.Event()
        thread = threading.Thread(
            target=lambda: loop.run_until_complete(run()), name="practice-service", daemon=True
        )

        def end() -> None:
            loop.call_soon_threadsafe(stop.set)
            thread.join(STOP_S)
            service.settings["ustaz_workers"].shutdown(wait=True, cancel_futures=True)
            if not thread.is_alive():
                loop.close()

        thread.start()
        self._steps.append(end)
        ready.wait(START_S)
        self.service_url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}{ROOT}"

    def _start_page(self, listening: socket.socket) -> None:
        folder = Path(tempfile.mkdtemp(prefix="ustaz-app-"))
        self._steps.append(lambda: remove_app(folder))
        write_app(folder)
        log = _private_log(self.classroom.private / LOG_FILE)
        self._steps.append(lambda: os.close(log))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ustaz_lab.app_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            cwd=folder,
            env=_page_environment(folder),
            pass_fds=(listening.fileno(),),
            # Ctrl+C in a terminal reaches this process alone, which then ends the other in order.
            start_new_session=True,
        )
        self._steps.append(self._stop_page)
        self._tell(folder, listening)
        if not self._is_ready():
            raise ServeError(
                "The page's process did not start. Its log is {file}; the last lines are:\n{lines}",
                file=str(self.classroom.private / LOG_FILE),
                lines=_last_lines(self.classroom.private / LOG_FILE),
            )

    def _tell(self, folder: Path, listening: socket.socket) -> None:
        process = self.process
        assert process is not None  # noqa: S101 - just started
        assert process.stdin is not None  # noqa: S101 - piped
        port = listening.getsockname()[1]
        told = {
            "folder": str(folder),
            "socket": listening.fileno(),
            "host": self._host,
            "port": port,
            "base_url": self._base_url,
            "service": self.service_url,
            # Browsers share cookies among the ports of a host: two courses must not mix.
            "cookie": f"ustaz-practice-{port}",
            "spare_kernels": self._spare_kernels,
            "idle_s": self._idle_s,
        }
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()

    def _is_ready(self) -> bool:
        process = self.process
        assert process is not None  # noqa: S101 - just started
        assert process.stdout is not None  # noqa: S101 - piped
        late = threading.Timer(START_S, process.kill)
        late.start()
        try:
            # Ends with an empty line when the process does.
            return process.stdout.readline().strip() == READY
        finally:
            late.cancel()

    def _stop_page(self) -> None:
        process = self.process
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    # It is gone and left something unread.
                    continue
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def serve(
    classroom_root: Path | str,
    *,
    host: str = "127.0.0.1",
    port: int = PORT,
    base_url: str = "/",
    spare_kernels: int = 1,
    idle_s: int = IDLE_S,
    announce: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Serve a classroom's practice app until SIGINT or SIGTERM.

    Parameters
    ----------
    classroom_root, host, port, base_url, spare_kernels, idle_s
        See `Serving`.
    announce
        Called with the page's address once it can be opened; ``None`` prints it.
    stop
        Ends serving when set; for callers outside the main thread, where no signal arrives.

    Raises
    ------
    ServeError
        The port is taken, the page's process does not start, or it ended by itself.
    ClassroomError
        The folder is no classroom.
    """
    ended = stop or threading.Event()
    serving = Serving(
        classroom_root,
        host=host,
        port=port,
        base_url=base_url,
        spare_kernels=spare_kernels,
        idle_s=idle_s,
    )
    with _Signals(ended), serving:
        if announce is not None:
            announce(serving.url)
        else:
            sys.stdout.write(f"{serving.url}\n")
            sys.stdout.flush()
        process = serving.process
        assert process is not None  # noqa: S101 - it is served

        def watch() -> None:
            process.wait()
            ended.set()

        threading.Thread(target=watch, name="page-watch", daemon=True).start()
        ended.wait()
        if process.poll() is not None:
            file = serving.classroom.private / LOG_FILE
            raise ServeError(
                "The page's process ended by itself (status {status}). Its log is {file}; the last"
                " lines are:\n{lines}",
                status=process.returncode,
                file=str(file),
                lines=_last_lines(file),
            )


class _Signals:
    """Turns SIGINT and SIGTERM into an event, where signals arrive at all."""

    def __init__(self, ended: threading.Event) -> None:
        self._ended = ended
        self._before: dict[int, object] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._end)

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]  # it came from there

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ended.set()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setblocking(False)
    try:
        listening.bind((host, port))
        listening.listen(LISTENING)
    except (OSError, OverflowError) as error:
        listening.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise ServeError(
                "Port {port} of {host} is in use. End what uses it, or choose another port.",
                port=port,
                host=host,
            ) from error
        raise ServeError(
            "{host}:{port} cannot be served on: {reason}. Choose another host or port.",
            port=port,
            host=host,
            reason=getattr(error, "strerror", None) or str(error),
        ) from error
    return listening


def _page_environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("LC_")
    }
    return {
        **kept,
        "HOME": str(folder / "home"),
        "JUPYTER_PATH": str(folder / "share"),
        "JUPYTER_CONFIG_DIR": str(folder / "home"),
        "JUPYTER_RUNTIME_DIR": str(folder / "home"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_NO_CONFIG": "1",
        "OMP_NUM_THREADS": "1",
    }


def _private_log(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


def _last_lines(path: Path, count: int = 8) -> str:
    def lines() -> Iterator[str]:
        try:
            yield from path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
        except OSError as error:
            yield str(error)

    return "\n".join(lines())


__all__ = ["PORT", "Serving", "practice_links", "serve", "write_links"]
