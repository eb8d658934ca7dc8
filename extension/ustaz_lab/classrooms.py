"""The classrooms that this server serves: found below its root, or named in its configuration.

A request names a classroom by an id that this module made; the id is looked up in what was found
and never becomes a path.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ustaz_grading.classroom import CONFIG_FILE, Classroom
from ustaz_grading.errors import GradingError

from ustaz_lab.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DEPTH: Final = 3
"""Levels below the root that are looked through: a teacher's folders by year and by subject."""
FOLDERS_MAX: Final = 20_000
"""Folders looked at in one search, so that a huge home directory delays no page for long."""
_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "site-packages"})


@dataclass(frozen=True, slots=True)
class Found:
    """A classroom's folder, opened or with the reason why it cannot be."""

    id: str
    """Unique on this server."""
    root: Path
    classroom: Classroom | None
    error: GradingError | None


class Classrooms:
    """Finds classrooms and keeps them open while their files stay as they were.

    Parameters
    ----------
    root
        The server's root folder.
    configured
        Further classroom folders, wherever they lie.
    depth
        Levels below the root that are looked through.

    Notes
    -----
    Safe to use from several threads.
    """

    def __init__(self, root: Path, *, configured: Sequence[Path] = (), depth: int = DEPTH) -> None:
        self.root = root.absolute()
        self.configured = tuple(path.absolute() for path in configured)
        self.depth = depth
        self._lock = threading.Lock()
        self._open: dict[Path, tuple[object, Classroom]] = {}

    def find(self) -> Mapping[str, Found]:
        """Return all classrooms by id, those below the root first, in the folders' order."""
        with self._lock:
            folders = list(dict.fromkeys([*find_folders(self.root, self.depth), *self.configured]))
            opened = [self._opened(folder) for folder in folders]
            for gone in self._open.keys() - set(folders):
                self._open.pop(gone)[1].close()
        names = [room.config.course_id if room else folder.name for folder, room, _ in opened]
        counts = Counter(names)
        found = (
            Found(name if counts[name] == 1 else _longer(name, folder), folder, room, error)
            for name, (folder, room, error) in zip(names, opened, strict=True)
        )
        return {each.id: each for each in found}

    def get(self, classroom_id: str) -> Classroom:
        """Return one classroom, opened.

        Raises
        ------
        Refusal
            There is none of this id.
        GradingError
            Its folder cannot be opened.
        """
        found = self.find().get(classroom_id)
        if found is None:
            raise Refusal(
                404,
                "There is no class {id!r} on this server.",
                "Refresh the list of classes; its folder may have been moved or renamed.",
                id=classroom_id,
            )
        if found.classroom is None:
            assert found.error is not None  # noqa: S101 - one of the two is always set
            raise found.error
        return found.classroom

    def shown(self, folder: Path) -> str:
        """Return a folder as the teacher knows it: relative to the server's root if below it."""
        if folder == self.root:
            return folder.name
        if folder.is_relative_to(self.root):
            return str(folder.relative_to(self.root))
        return str(folder)

    def close(self) -> None:
        """Give all stores' connections back."""
        with self._lock:
            for _, room in self._open.values():
                room.close()
            self._open.clear()

    def _opened(self, folder: Path) -> tuple[Path, Classroom | None, GradingError | None]:
        try:
            stamp = _stamp(folder, self._open.get(folder))
            kept = self._open.get(folder)
            if kept and kept[0] == stamp:
                return folder, kept[1], None
            room = Classroom.open(folder)
        except GradingError as error:
            return folder, None, error
        if kept:
            kept[1].close()
        self._open[folder] = (_stamp(folder, (None, room)), room)
        return folder, room, None


def find_folders(root: Path, depth: int) -> Iterator[Path]:
    """Yield folders that hold an ``ustaz.toml``, at most ``depth`` levels below the root.

    Hidden folders and links are left out, and nothing is looked for inside a classroom.
    """
    for looked_at, (name, children, files) in enumerate(os.walk(root), 1):
        folder = Path(name)
        level = len(folder.relative_to(root).parts)
        if CONFIG_FILE in files:
            children.clear()
            yield folder
        elif level >= depth or looked_at > FOLDERS_MAX:
            children.clear()
        else:
            children[:] = sorted(
                child for child in children if child not in _SKIPPED and not child.startswith(".")
            )


def _longer(name: str, folder: Path) -> str:
    """Return an id for one of several classrooms of the same course id, made from its path."""
    return f"{name}~{hashlib.sha256(os.fsencode(folder)).hexdigest()[:6]}"


def _stamp(folder: Path, kept: tuple[object, Classroom] | None) -> object:
    """Return what changes whenever the configuration or a file of a course does."""
    files = [folder / CONFIG_FILE]
    if kept:
        own = [folder / name for name in kept[1].config.courses]
        files += [path for course in own if course.is_dir() for path in sorted(course.rglob("*"))]
    stamps = []
    for file in files:
        try:
            state = file.stat()
        except OSError:
            # Gone or unreadable: that too is a change against what was there.
            stamps.append((str(file), 0, 0))
        else:
            stamps.append((str(file), state.st_mtime_ns, state.st_size))
    return tuple(stamps)
