"""The exchange, where each student gets only their own copy.

What everybody can read, ``outbound/<assignment>``, holds the template for an assignment of
variants: nbgrader compares file names with it. The copies lie beside it in a folder that can be
entered but not listed, each under its student's token, which nobody can guess. A student's fetch
needs their token: from ``c.FetchVariant.token``, or the variable ``USTAZ_TOKEN``, or, for a teacher
trying it out, from the classroom itself. Ordinary assignments go nbgrader's way unchanged.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Final

from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeFetchAssignment,
    ExchangeReleaseAssignment,
)
from nbgrader.utils import get_username
from traitlets import Unicode

from ustaz_grading.classroom import CONFIG_FILE, Classroom
from ustaz_grading.errors import GradingError
from ustaz_grading.nbgrader.source import is_variant_assignment
from ustaz_grading.records import check_student_id

TOKEN_VARIABLE: Final = "USTAZ_TOKEN"  # noqa: S105 - a name, no secret
COPIES: Final = ".{assignment}.copies"
_FILE_MODE: Final = 0o644
_FOLDER_MODE: Final = 0o755
_ENTER_ONLY: Final = 0o711


class ReleaseVariants(ExchangeReleaseAssignment):  # type: ignore[misc]  # nbgrader ships no types
    """Puts every student's own copy into the exchange beside the template."""

    def copy_files(self) -> None:
        """Copy the release; for an assignment of variants, everybody's copy first."""
        root, name = Path(self.coursedir.root), str(self.coursedir.assignment_id)
        if not (root / CONFIG_FILE).is_file() or not is_variant_assignment(root, name):
            super().copy_files()
            return
        if Path(self.dest_path).is_dir() and not self.force:
            super().copy_files()  # which refuses, and says how to overwrite
            return
        room = Classroom.open(root)
        waiting = Path(self.outbound_path) / (COPIES.format(assignment=name) + ".part")
        shutil.rmtree(waiting, ignore_errors=True)
        waiting.mkdir(mode=0o700)
        count = 0
        for student in room.roster:
            own = room.copy_folder(student.id, name)
            if own.is_dir():
                target = waiting / room.token(student.id)
                self.do_copy(str(own), str(target))
                self.set_perms(str(target), _FILE_MODE, _FOLDER_MODE)
                count += 1
        if count == 0:
            self.fail(
                f"No student has a copy of {name} yet. Run `ustaz release {name}` first, then"
                f" repeat."
            )
        waiting.chmod(_ENTER_ONLY)
        place = Path(self.outbound_path) / COPIES.format(assignment=name)
        shutil.rmtree(place, ignore_errors=True)
        waiting.rename(place)
        super().copy_files()
        self.log.info("Released %d students' own copies of %s", count, name)


class FetchVariant(ExchangeFetchAssignment):  # type: ignore[misc]  # nbgrader ships no types
    """Fetches the student's own copy; the same one each time."""

    token = Unicode(
        "", help="The student's token, which names their copies; see `ustaz students tokens`."
    ).tag(config=True)

    def init_src(self) -> None:
        """Find the student's own copy, or the release of an ordinary assignment."""
        super().init_src()
        name = str(self.coursedir.assignment_id)
        copies = Path(self.outbound_path) / COPIES.format(assignment=name)
        if not copies.is_dir():
            return
        token = self.token or os.environ.get(TOKEN_VARIABLE, "") or self._known_token()
        own = copies / token
        if not token or os.sep in token or token.startswith(".") or not own.is_dir():
            self.fail(
                f"There is no copy of {name} for you: "
                + ("your token is not known here" if token else "your token is missing")
                + f". Ask your teacher, and set {TOKEN_VARIABLE} or c.FetchVariant.token."
            )
        self.src_path = str(own)

    def _known_token(self) -> str:
        """Return the token of the student named, where this is the classroom itself."""
        root = Path(self.coursedir.root)
        if not (root / CONFIG_FILE).is_file():
            return ""
        student = str(self.coursedir.student_id)
        try:
            room = Classroom.open(root)
            return room.token(get_username() if student == "*" else student)
        except GradingError:
            return ""


class CollectSafely(ExchangeCollect):  # type: ignore[misc]  # nbgrader ships no types
    """Collects submissions whose student's name can be a folder's, and follows no links in them.

    A submission arrives whole or not at all: nbgrader leaves alone what it finds collected, and so
    half of one, left by a kill, would stay for ever.
    """

    def init_src(self) -> None:
        """Find submissions; leave out those whose name would lead out of the folder."""
        super().init_src()
        kept: list[Any] = []
        for record in list(getattr(self, "src_records", [])):
            fault = self._fault_of(str(record["username"]))
            if fault:
                self.log.error("Not collected: %s: %s", record["filename"], fault)
            else:
                kept.append(record)
        self.src_records = kept

    def _fault_of(self, student: str) -> str:
        """Return why a submission cannot be this student's; ordinary courses may have any names."""
        if student in ("", ".", "..") or os.sep in student:
            return "its name leads out of the folder"
        if is_variant_assignment(Path(self.coursedir.root), str(self.coursedir.assignment_id)):
            try:
                check_student_id(student)
            except GradingError as error:
                return str(error)
        return ""

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission, and put it into its place as a whole."""
        place = Path(dest)
        waiting = place.with_name(f".{place.name}.part")
        shutil.rmtree(waiting, ignore_errors=True)
        self._copy_without_links(src, str(waiting), log)
        waiting.rename(place)

    def _copy_without_links(self, src: str, dest: str, log: Any) -> None:
        """Leave out links, which could name any file of the teacher's."""
        with_links = [
            path
            for folder, folders, files in os.walk(src)
            for name in (*folders, *files)
            if (path := Path(folder) / name).is_symlink()
        ]
        if not with_links:
            super().do_copy(src, dest, log)
            return
        names = ", ".join(sorted(path.name for path in with_links)[:10])
        self.log.warning("Left out of %s: links are not collected: %s", src, names)
        links = {str(path) for path in with_links}
        shutil.copytree(
            src,
            dest,
            ignore=lambda folder, found: {
                name for name in found if str(Path(folder) / name) in links
            },
        )
