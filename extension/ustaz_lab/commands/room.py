"""Finding the classroom that a command is about."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ustaz_lab.errors import NoClassroomError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ustaz_grading.classroom import Classroom

VARIABLE: Final = "USTAZ_CLASSROOM"


def folder(options: argparse.Namespace) -> Path:
    """Return the classroom's folder: named, or the nearest one from here upwards.

    Raises
    ------
    NoClassroomError
        There is none.
    """
    named = options.classroom or os.environ.get(VARIABLE)
    if named:
        return Path(named)
    here = Path.cwd()
    for place in (here, *here.parents):
        if (place / "ustaz.toml").is_file():
            return place
    raise NoClassroomError(
        "There is no classroom in {folder} or above it. Go to one, name it with --classroom DIR, or"
        " make one with ustaz init DIR.",
        folder=str(here),
    )


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Classroom]:
    """Give the classroom, and close its store afterwards.

    Raises
    ------
    NoClassroomError, ClassroomError
        There is none, or it cannot be opened.
    """
    from ustaz_grading.classroom import Classroom  # noqa: PLC0415 - commands import when they run

    room = Classroom.open(folder(options))
    try:
        yield room
    finally:
        room.close()
