"""What follows the demonstration: JupyterLab with the workbench, and the students' app."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ustaz_grading.classroom import Classroom

from ustaz_lab.demo.practice import STUDENTS
from ustaz_lab.lab import Lab
from ustaz_lab.links import practice_links, write_links
from ustaz_lab.serve import Serving

if TYPE_CHECKING:
    from pathlib import Path

    from ustaz_lab.console import Console


def serve_demo(
    folder: Path,
    console: Console,
    *,
    lab_port: int = 8888,
    app_port: int = 8866,
    stop: threading.Event | None = None,
) -> int:
    """Serve both on loopback until Ctrl+C; return the exit code.

    Parameters
    ----------
    folder
        The demonstration's classroom.
    console
        Is told both addresses.
    lab_port, app_port
        The next free port is taken where one is in use; app_port 0: a free one.
    stop
        Ends serving when set.

    Raises
    ------
    ServeError
        One of them does not start.
    """
    ended = stop or threading.Event()
    with ExitStack() as stack:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                before = signal.signal(number, lambda *_: ended.set())
                stack.callback(signal.signal, number, before)
        console.note("Starting JupyterLab and the practice app …")
        app = stack.enter_context(Serving(folder, port=app_port))
        lab = stack.enter_context(
            Lab(folder, port=lab_port, language=console.language, browser=False)
        )
        with_links = Classroom.open(folder)
        stack.callback(with_links.close)
        links = write_links(with_links, app.url)
        console.line()
        console.say("JupyterLab with the workbench is at {url}", url=lab.url)
        console.say("The practice app is at {url}", url=app.url)
        for student, link in practice_links(with_links, app.url):
            if student.id in STUDENTS:
                console.line(f"  {student.name}: {link}")
        console.say("Every student's own link is in {file}. End with Ctrl+C.", file=str(links))
        while not ended.wait(1.0):
            if lab.exit_code is not None or (app.process and app.process.poll() is not None):
                console.note("A server ended by itself; its log is in {folder}.",
                             folder=str(folder / ".ustaz"))  # fmt: skip
                return 1
    return 0
