"""Running nbgrader in a process of its own.

nbgrader's converters change the working directory of the whole process and take seconds to import,
so neither a server nor a notebook should run them. The child reads one job as JSON from its
standard input and writes events, one JSON object a line, to its standard output. It holds the
caller's lock too and ends itself when the caller does (its standard input then ends), so that a
killed run leaves nobody behind who still writes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Final

from ustaz_grading.errors import NbgraderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

WORKER: Final = "ustaz_grading.nbgrader.worker"
LOG_CHARACTERS_MAX: Final = 20_000
"""How much of the end of a log is kept with an error."""

_RAISED: Final = re.compile(r"^[ ]*(?:\w+\.)*(\w*(?:Error|Exception)): (.+)$", re.MULTILINE)

Event = dict[str, Any]


class Worker:
    """A running child and what it has said.

    Parameters
    ----------
    process, log
        The child, and the file that takes its standard error.
    """

    def __init__(self, process: subprocess.Popen[str], log: IO[str]) -> None:
        self._process = process
        self._log = log

    def events(self) -> Iterator[Event]:
        """Yield what the child reports until it is done.

        Raises
        ------
        NbgraderError
            When the child ended without saying that it was done; its log is kept.
        """
        done = False
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe below
        for line in self._process.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                self._log.write(line)
                continue
            done = done or event.get("event") == "done"
            yield event
        code = self._process.wait()
        if not done or code != 0:
            raise NbgraderError(
                "nbgrader ended with code {code} before it was done. Its log says: {last}",
                code=code,
                last=self.last_line(),
                log=self.log(),
            )

    def log(self) -> str:
        """Return the end of what the child wrote to its log."""
        self._log.flush()
        self._log.seek(0)
        return self._log.read()[-LOG_CHARACTERS_MAX:]

    def last_line(self) -> str:
        """Return what the log says about the end: the last error raised, or its last line."""
        return reason_in(self.log())[1] or "nothing"


def reason_in(log: str) -> tuple[str, str]:
    """Return the name and the message of the last error in a log; else no name and the last line.

    Examples
    --------
    >>> reason_in("school.RollError: no roll")
    ('RollError', 'no roll')
    """
    raised = _RAISED.findall(log)
    if raised:
        name, message = raised[-1]
        return name, message
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return "", lines[-1] if lines else ""


@contextmanager
def worker(root: Path, job: Mapping[str, Any], *, lock: int | None = None) -> Iterator[Worker]:
    """Start a child on a job; end it when the block is left.

    Parameters
    ----------
    root
        The course folder; the child's working directory.
    job
        What to do: ``do`` names a function of the worker, the rest are its arguments.
    lock
        Descriptor of the caller's lock, shared with the child.

    Raises
    ------
    NbgraderError
        When the child cannot be started.
    """
    environment = dict(os.environ)
    # nbgrader starts `alembic` by name when it makes a gradebook; it lies beside this Python.
    beside = os.path.dirname(sys.executable)  # noqa: PTH120 - not resolved: a venv's link leads out
    environment["PATH"] = os.pathsep.join([beside, environment.get("PATH", os.defpath)])
    environment["PYTHONIOENCODING"] = "utf-8"
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module, no text of others
                [sys.executable, "-m", WORKER],
                cwd=root,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                pass_fds=() if lock is None else (lock,),
            )
        except OSError as error:
            raise NbgraderError(
                "nbgrader could not be started: {reason}.", reason=error.strerror or str(error)
            ) from error
        try:
            assert process.stdin is not None  # noqa: S101 - opened as a pipe above
            try:
                # Left open: its end tells the child that the caller is gone.
                process.stdin.write(json.dumps(job) + "\n")
                process.stdin.flush()
            except BrokenPipeError:
                pass  # the child is gone already; events() says why
            yield Worker(process, log)
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()
