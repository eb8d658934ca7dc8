"""Running the stations one after the other, and the report of it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ustaz_courses import bundled_courses
from ustaz_grading.classroom import CONFIG_FILE, Classroom
from ustaz_grading.files import locked, write_text

from ustaz_lab.demo.station import Passage
from ustaz_lab.demo.stations import STATIONS
from ustaz_lab.errors import DemoError
from ustaz_lab.messages import is_foreseen, message_of
from ustaz_lab.workflow import set_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ustaz_lab.console import Console
    from ustaz_lab.demo.station import Station

MARK: Final = "demonstration"
"""Inside ``.ustaz``: the folder may be filled by a demonstration."""
LANGUAGE: Final = "kk"


def default_folder(here: Path) -> Path:
    """Return where the demonstration lives: ``build/demo`` in Ustaz's sources, else ``demo``."""
    project = here / "pyproject.toml"
    own = project.is_file() and re.search(
        r'^name = "ustaz"$', project.read_text(encoding="utf-8", errors="replace"), re.MULTILINE
    )
    return here / "build" / "demo" if own else here / "demo"


def report_file(folder: Path) -> Path:
    """Return where the report is written: beside the folder, ``demo.json`` for ``demo``."""
    return folder.with_name(f"{folder.name}.json")


def run(folder: Path, console: Console, stations: Sequence[Station] = STATIONS) -> bool:
    """Run every station, tell how it went, write the report; return whether all of them held.

    What an earlier run finished is kept, so that a repeat after an interruption goes on where it
    stopped. After a station that failed the rest is not run.

    Parameters
    ----------
    folder
        The demonstration's classroom; made where there is none.
    console
        Is told about every station.
    stations
        Which; tests run some.

    Raises
    ------
    DemoError
        The folder holds something else.
    BusyError
        Another demonstration is at work in it.
    """
    folder = folder.absolute()
    _claim(folder)
    started = time.monotonic()
    passages: list[Passage] = []
    with locked(folder / ".ustaz" / "demo.lock", "demonstration"):
        room = set_up(folder, courses=tuple(bundled_courses()), language=LANGUAGE)
        try:
            for number, station in enumerate(stations, 1):
                console.line(f"[{number}/{len(stations)}] {console.word(station.title)}")
                passages.append(_pass(station, room, console))
                _tell(passages[-1], console)
                _write(folder, passages, len(stations), time.monotonic() - started)
                if not passages[-1].ok:
                    break
        finally:
            room.close()
    held = len(passages) == len(stations) and all(passage.ok for passage in passages)
    console.say(
        "Every station held: {count} in {seconds} s. Report: {file}"
        if held
        else "A station failed after {count} in {seconds} s. Report: {file}",
        count=len(passages),
        seconds=f"{time.monotonic() - started:.1f}",
        file=str(report_file(folder)),
    )
    return held


def _claim(folder: Path) -> None:
    """Mark the folder as the demonstration's, unless it is somebody's own."""
    mark = folder / ".ustaz" / MARK
    if not mark.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise DemoError(
                "The folder {folder} is not empty and holds no demonstration. Name another with"
                " --dir.",
                folder=str(folder),
            )
        mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_text(mark, "")
    if (folder / CONFIG_FILE).is_file():
        # Raises where the file was spoilt, before anything is done.
        Classroom.open(folder).close()


def _pass(station: Station, room: Classroom, console: Console) -> Passage:
    started = time.monotonic()
    try:
        outcome = station.work(room, console)
    except Exception as error:
        if not (is_foreseen(error) or isinstance(error, OSError)):
            raise
        reason = message_of(error, console.language)
        return Passage(
            id=station.id, seconds=time.monotonic() - started, outcome=None, error=reason
        )
    return Passage(id=station.id, seconds=time.monotonic() - started, outcome=outcome)


def _tell(passage: Passage, console: Console) -> None:
    mark = "✓" if passage.ok else "✗"
    if passage.outcome is None:
        console.line(f"  {mark} {passage.error}")
        return
    values = {**passage.outcome.given, **passage.outcome.gave}
    text = console.word(passage.outcome.summary, **values)
    kept = f" ({console.word('kept from before')})" if passage.outcome.kept else ""
    console.line(f"  {mark} {text}{kept}  [{passage.seconds:.1f} s]")


def _write(folder: Path, passages: Sequence[Passage], count: int, seconds: float) -> None:
    report: dict[str, Any] = {
        "folder": str(folder),
        "stations": [passage.wire() for passage in passages],
        "seconds": round(seconds, 3),
        "ok": len(passages) == count and all(passage.ok for passage in passages),
    }
    text = json.dumps(report, ensure_ascii=False, indent=1, default=str) + "\n"
    write_text(report_file(folder), text)
