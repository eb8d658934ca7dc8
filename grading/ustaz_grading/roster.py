"""The class list: student ids, and CSV in and out.

Spreadsheets write CSV in three dialects (comma, semicolon, tab; with or without a byte order mark),
so the delimiter is read off the header. A file is taken as a whole or not at all, and every fault
in it is named with its line: a list of thirty with two mistakes is mended in one go.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from ustaz_courses.language import LANGUAGES

from ustaz_grading.errors import GradingError, RosterError
from ustaz_grading.records import Student, check_student_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

COLUMNS: Final = ("id", "first_name", "last_name", "language", "interests")
FILE_BYTES_MAX: Final = 4 << 20
"""Largest class list read, bytes; 30,000 students with long names stay below it."""

_DELIMITERS: Final = (",", ";", "\t")
_INTEREST_SEPARATORS: Final = str.maketrans({";": " ", "|": " ", ",": " ", "/": " "})

__all__ = ["COLUMNS", "check_student_id", "parse_students", "read_students", "write_students"]


def read_students(path: Path) -> tuple[Student, ...]:
    """Return the students of a CSV file.

    Parameters
    ----------
    path
        UTF-8 text with the columns id, first_name, last_name, language, interests; only id must be
        there. Interests are separated by spaces or ``;``.

    Raises
    ------
    RosterError
        When the file cannot be read, or any row is faulty; the message names every one.
    """
    try:
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            raise RosterError(
                "The class list {file} is {size} bytes long; at most {limit} are read. Is it the"
                " right file?",
                file=str(path),
                size=size,
                limit=FILE_BYTES_MAX,
            )
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RosterError(
            "The class list {file} is not UTF-8 text (byte {byte}). Save it as 'CSV UTF-8' and"
            " repeat.",
            file=str(path),
            byte=error.start,
        ) from error
    except OSError as error:
        raise RosterError(
            "The class list {file} cannot be read: {reason}.",
            file=str(path),
            reason=error.strerror or str(error),
        ) from error
    return parse_students(text, name=str(path))


def parse_students(text: str, *, name: str = "class list") -> tuple[Student, ...]:
    """Return the students of a CSV text, in its order.

    Parameters
    ----------
    text
        Header and rows; see `read_students`.
    name
        What messages call the text.

    Raises
    ------
    RosterError
        Naming every faulty line; also when the header lacks ``id`` or an id stands twice.
    """
    if "\0" in text:
        raise RosterError("{name} holds a null byte; it is no CSV text.", name=name)
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\r\n")), delimiter=delimiter)
    names = [column.strip().lower() for column in reader.fieldnames or ()]
    if "id" not in names:
        raise RosterError(
            "{name} has the columns {found}; expected {expected}, of which id must be there.",
            name=name,
            found=", ".join(names) or "none",
            expected=", ".join(COLUMNS),
        )
    reader.fieldnames = names
    students: dict[str, Student] = {}
    faults: list[str] = []
    try:
        for row in reader:
            _take_row(row, reader.line_num, students, faults)
    except csv.Error as error:
        faults.append(f"line {reader.line_num}: {error}")
    if faults:
        raise RosterError(
            "{name} has {count} faulty lines; nothing was taken in:\n{listing}",
            name=name,
            count=len(faults),
            listing="\n".join(faults),
        )
    return tuple(students.values())


def write_students(students: Iterable[Student]) -> str:
    """Return the class list as CSV text that `parse_students` reads back."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for student in students:
        writer.writerow(
            (
                student.id,
                student.first_name,
                student.last_name,
                student.language,
                ";".join(student.interests),
            )
        )
    return buffer.getvalue()


def _take_row(
    row: Mapping[str | None, str | list[str] | None],
    line: int,
    students: dict[str, Student],
    faults: list[str],
) -> None:
    fields = {
        key: (value or "").strip()
        for key, value in row.items()
        if key and not isinstance(value, list)
    }
    if not any(fields.values()):
        return
    language = fields.get("language", "").lower()
    if language and language not in LANGUAGES:
        faults.append(
            f"line {line}: language {language!r} is not one of {', '.join(LANGUAGES)} (or empty)"
        )
        return
    interests = fields.get("interests", "").lower().translate(_INTEREST_SEPARATORS).split()
    try:
        student = Student(
            id=fields.get("id", ""),
            first_name=fields.get("first_name", ""),
            last_name=fields.get("last_name", ""),
            language=language,
            interests=tuple(interests),
        )
    except GradingError as error:
        faults.append(f"line {line}: {error}")
        return
    if student.id in students:
        faults.append(f"line {line}: id {student.id!r} stands twice")
        return
    students[student.id] = student
