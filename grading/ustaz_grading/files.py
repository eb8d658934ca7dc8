"""Writing files so that a reader, a full disk or a kill never meets half of one."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ustaz_grading.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write_text(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Put the text at the path, all of it or, with the former content left there, none.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; no temporary file stays behind.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def locked(path: Path, doing: str) -> Iterator[int]:
    """Hold the lock at the path; yield its descriptor, which a child may inherit to share the lock.

    Parameters
    ----------
    path
        Lock file; it stays, only the lock on it comes and goes. The kernel drops the lock when its
        holder dies, however it dies.
    doing
        What is being done, for whoever finds the lock taken.

    Raises
    ------
    BusyError
        When another process holds it; the message says which and since when.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise _busy(descriptor) from None
        note = json.dumps({"pid": os.getpid(), "since": time.strftime("%H:%M:%S"), "doing": doing})
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, note.encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _busy(descriptor: int) -> BusyError:
    try:
        held = json.loads(os.pread(descriptor, 1000, 0))
        by = {"doing": held["doing"], "pid": held["pid"], "since": held["since"]}
    except (ValueError, KeyError, TypeError):
        by = {"doing": "another run", "pid": "?", "since": "?"}
    return BusyError(
        "Another run is under way: {doing} (process {pid}, since {since}). Wait until it is done"
        " and repeat.",
        **by,
    )
