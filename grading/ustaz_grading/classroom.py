"""A teacher's course folder: an nbgrader course root with an ``ustaz.toml``.

What Ustaz keeps for itself lies under ``.ustaz/`` (mode 0700): the course's secret, from which
every seed, tag and token follows; the store, unless a URL names another; each student's copies
under names that nobody can guess; locks. All the rest is nbgrader's ordinary layout.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from ustaz_courses import bundled_courses, load_course
from ustaz_courses.language import LANGUAGES

from ustaz_grading.assignments.assignment import ID_RULE, Assignment, load_assignment
from ustaz_grading.errors import ClassroomError, MissingRecordError
from ustaz_grading.files import write_text
from ustaz_grading.records import check_student_id
from ustaz_grading.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ustaz_courses import Course, Template

    from ustaz_grading.records import Student

CONFIG_FILE: Final = "ustaz.toml"
APPROVALS_FILE: Final = "approvals.jsonl"
SECRET_BYTES: Final = 32
"""As long as the HMAC's digest; more would add nothing."""

_TOKEN_CHARACTERS: Final = 32
"""128 bits in hexadecimal: not to be guessed, and short enough for a folder's name."""
_COURSE_ID: Final = re.compile(r"[\w][\w .@-]{0,63}")


@dataclass(frozen=True, slots=True)
class ClassroomConfig:
    """What ``ustaz.toml`` says."""

    course_id: str
    """nbgrader's course id."""
    courses: tuple[str, ...] = ()
    """Ids of bundled courses, or folders relative to the classroom."""
    language: str = "kk"
    """For students who have none of their own."""
    database: str = ""
    """SQLAlchemy URL of the store; empty: SQLite in ``.ustaz/store.db``."""
    timezone: str = "Asia/Almaty"
    """In which due dates are shown."""


class Classroom:
    """One course with its students, templates and assignments.

    Parameters
    ----------
    root
        The course folder, absolute.
    config
        What its ``ustaz.toml`` says.

    Notes
    -----
    Made by `create`, `open` or `adopt`. Secret, store and templates are read when first asked for.
    """

    def __init__(self, root: Path, config: ClassroomConfig) -> None:
        self.root = root
        self.config = config

    @classmethod
    def create(
        cls,
        root: Path | str,
        *,
        course_id: str = "",
        courses: Sequence[str] = (),
        language: str = "kk",
        timezone: str = "Asia/Almaty",
        database: str = "",
    ) -> Self:
        """Return the classroom of a folder, made one if it is none; repeating it changes nothing.

        Parameters
        ----------
        root
            Folder to make or to take.
        course_id
            nbgrader's course id; empty: the folder's name.
        courses
            Ids of bundled courses, or folders relative to ``root``.
        language, timezone, database
            See `ClassroomConfig`.

        Raises
        ------
        ClassroomError
            When a value is not usable, or the folder cannot be written.
        """
        folder = Path(root).absolute()
        if (folder / CONFIG_FILE).exists():
            return cls.open(folder)
        config = _checked_config(
            {
                "course_id": course_id or folder.name,
                "courses": list(courses),
                "language": language,
                "timezone": timezone,
                "database": database,
            },
            folder / CONFIG_FILE,
        )
        from ustaz_grading.nbgrader.config import write_config  # noqa: PLC0415 - it knows classrooms

        try:
            for name in ("source", "assignments", ".ustaz"):
                (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / ".ustaz").chmod(0o700)
            room = cls(folder, config)
            _ = room.secret
            write_config(folder, course_id=config.course_id)
            # Last: a folder with this file is complete.
            write_text(folder / CONFIG_FILE, _config_text(config))
        except OSError as error:
            raise ClassroomError(
                "The classroom {root} cannot be made: {reason}.",
                root=str(folder),
                reason=error.strerror or str(error),
            ) from error
        return room

    @classmethod
    def adopt(
        cls,
        root: Path | str,
        *,
        courses: Sequence[str] = (),
        language: str = "kk",
        timezone: str = "Asia/Almaty",
    ) -> Self:
        """Return the classroom of an existing nbgrader course, its files left as they are.

        Parameters
        ----------
        root
            A course folder such as ``nbgrader quickstart`` makes; its ``nbgrader_config.py`` gets
            one marked block of ours at the end and keeps every other line.
        courses, language, timezone
            See `ClassroomConfig`.

        Raises
        ------
        ClassroomError
            When the folder holds no nbgrader course.
        """
        folder = Path(root).absolute()
        config_file = folder / "nbgrader_config.py"
        if not config_file.is_file() and not (folder / "source").is_dir():
            raise ClassroomError(
                "{root} holds no nbgrader course: expected nbgrader_config.py or source/ in it."
                " Make one with nbgrader quickstart, or a new classroom with ustaz init.",
                root=str(folder),
            )
        from ustaz_grading.nbgrader.config import course_id_of  # noqa: PLC0415 - it knows classrooms

        return cls.create(
            folder,
            course_id=course_id_of(config_file) or folder.name,
            courses=courses,
            language=language,
            timezone=timezone,
        )

    @classmethod
    def open(cls, root: Path | str) -> Self:
        """Return the classroom of a folder.

        Raises
        ------
        ClassroomError
            When the folder has no ``ustaz.toml``, or it is faulty.
        """
        folder = Path(root).absolute()
        path = folder / CONFIG_FILE
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ClassroomError(
                "{root} is no classroom: it has no ustaz.toml. Make one with ustaz init.",
                root=str(folder),
            ) from error
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ClassroomError(
                "{file} cannot be read: {reason}. Mend it and repeat.",
                file=str(path),
                reason=str(error),
            ) from error
        return cls(folder, _checked_config(data, path))

    @property
    def private(self) -> Path:
        """The folder of what Ustaz keeps for itself."""
        return self.root / ".ustaz"

    @cached_property
    def secret(self) -> bytes:
        """32 random bytes, made at the first use and never shown."""
        path = self.private / "secret"
        if not path.exists():
            self.private.mkdir(parents=True, exist_ok=True)
            temporary = self.private / f".secret.{os.getpid()}"
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(secrets.token_bytes(SECRET_BYTES))
                stream.flush()
                os.fsync(stream.fileno())
            try:
                # A link, not a rename: of two processes the first one's secret stays.
                os.link(temporary, path)
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        secret = path.read_bytes()
        if len(secret) != SECRET_BYTES:
            raise ClassroomError(
                "The course's secret {file} has {size} bytes; expected {expected}. Restore it from"
                " a backup: issued variants cannot be told apart without it.",
                file=str(path),
                size=len(secret),
                expected=SECRET_BYTES,
            )
        return secret

    @cached_property
    def store(self) -> Store:
        """Students, issues, evidence; opened at the first use."""
        return Store.open(self.config.database or f"sqlite:///{self.private / 'store.db'}")

    @cached_property
    def courses(self) -> Mapping[str, Course]:
        """The bank: every course of ``ustaz.toml`` by its id, in its order."""
        bundled = bundled_courses()
        found: dict[str, Course] = {}
        for name in self.config.courses:
            folder = bundled.get(name, self.root / name)
            if not (folder / "course.toml").is_file():
                raise ClassroomError(
                    "ustaz.toml names the course {name!r}, which is neither bundled ({known}) nor a"
                    " folder with a course.toml.",
                    name=name,
                    known=", ".join(bundled) or "none",
                )
            course = load_course(folder)
            found[course.id] = course
        return found

    @property
    def approvals_root(self) -> Path:
        """Where approvals of this classroom's teachers are kept (``approvals.jsonl``)."""
        return self.root

    @property
    def roster(self) -> list[Student]:
        """The class list, by id."""
        return self.store.students()

    def student(self, student_id: str) -> Student:
        """Return one student of the class list.

        Raises
        ------
        MissingRecordError
            When nobody has this id; the message says how to add them.
        """
        return self.store.student(student_id)

    def language_of(self, student: Student) -> str:
        """Return kk, ru or en: the student's own, else the classroom's."""
        return student.language or self.config.language

    def template(self, reference: str) -> Template:
        """Return a template by ``id`` or ``course/id``.

        Raises
        ------
        MissingRecordError
            When no course of the bank has it, or several have and the reference does not say which.
        """
        course_id, _, name = reference.rpartition("/")
        found = [
            course.templates[name]
            for course in self.courses.values()
            if name in course.templates and course_id in ("", course.id)
        ]
        if len(found) != 1:
            raise MissingRecordError(
                "Template {template!r} is in {count} of the courses {courses}; expected exactly"
                " one. Write it as course/template where several have it.",
                template=reference,
                count=len(found),
                courses=", ".join(self.courses) or "none",
            )
        return found[0]

    def assignment_ids(self) -> tuple[str, ...]:
        """Return the ids of the assignments of variants, sorted."""
        folder = self.root / "assignments"
        return tuple(sorted(path.stem for path in folder.glob("*.toml")))

    def assignment(self, assignment_id: str) -> Assignment:
        """Return an assignment of variants.

        Raises
        ------
        AssignmentError
            When its file is missing or faulty.
        """
        return load_assignment(self.root / "assignments", assignment_id)

    def mark(self, *parts: str) -> str:
        """Return an unguessable mark of the parts; the same parts give the same in this course."""
        text = "\0".join(parts).encode()
        return hmac.new(self.secret, text, hashlib.sha256).hexdigest()[:_TOKEN_CHARACTERS]

    def token(self, student_id: str) -> str:
        """Return the token under whose name a student's own copies are kept and fetched."""
        return self.mark("copies", check_student_id(student_id))

    def copy_folder(self, student_id: str, assignment_id: str) -> Path:
        """Return where a student's own copy of an assignment is written."""
        return self.private / "variants" / self.token(student_id) / assignment_id

    def close(self) -> None:
        """Give the store's connections back, if it was opened."""
        store = self.__dict__.pop("store", None)
        if store is not None:
            store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _checked_config(data: Mapping[str, Any], path: Path) -> ClassroomConfig:
    faults: list[str] = []
    known = ClassroomConfig.__dataclass_fields__
    faults += [f"{key!r} is not known; known are {', '.join(known)}" for key in data.keys() - known]
    course_id = data.get("course_id", "")
    if not isinstance(course_id, str) or not _COURSE_ID.fullmatch(course_id) or ".." in course_id:
        faults.append(
            f"course_id is {course_id!r}; expected up to 64 letters, digits, spaces and _ . @ -"
        )
    courses = data.get("courses", [])
    if not isinstance(courses, list) or not all(isinstance(name, str) for name in courses):
        faults.append(f"courses is {courses!r}; expected a list of ids or folders")
    language = data.get("language", "kk")
    if language not in LANGUAGES:
        faults.append(f"language is {language!r}; expected one of {', '.join(LANGUAGES)}")
    timezone = data.get("timezone", "Asia/Almaty")
    try:
        zoneinfo.ZoneInfo(timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        faults.append(f"timezone is {timezone!r}; expected a name such as Asia/Almaty")
    if not isinstance(data.get("database", ""), str):
        faults.append("database must be a text: an SQLAlchemy URL, or empty")
    if faults:
        raise ClassroomError(
            "{file} has {count} faults: {listing}.",
            file=str(path),
            count=len(faults),
            listing="; ".join(faults),
        )
    return ClassroomConfig(
        course_id=course_id,
        courses=tuple(courses),
        language=language,
        database=data.get("database", ""),
        timezone=timezone,
    )


def _config_text(config: ClassroomConfig) -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    courses = ", ".join(map(quoted, config.courses))
    return (
        f"course_id = {quoted(config.course_id)}\n"
        f"courses = [{courses}]  # ids of bundled courses, or folders beside this file\n"
        f"language = {quoted(config.language)}  # for students who have none of their own\n"
        f"database = {quoted(config.database)}  # SQLAlchemy URL; empty: .ustaz/store.db\n"
        f"timezone = {quoted(config.timezone)}\n"
    )


__all__ = ["CONFIG_FILE", "ID_RULE", "Classroom", "ClassroomConfig"]
