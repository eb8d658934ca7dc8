"""Evidence from tables of answers: one CSV row, one answer.

The file is read once, row by row, so that its length bounds no memory. A bad row is named with its
line and left out; the good rows are kept. Importing a file again adds nothing: a row's key is made
of its content, and of how often the same content stood above it (logs without times repeat rows).
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ustaz_grading.errors import ImportFileError
from ustaz_grading.records import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ustaz_grading.store import Store

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "learner": ("learner", "user_id", "student", "id_student"),
    "item": ("item", "item_id", "problem_id"),
    "skill": ("skill", "skill_id", "skills"),
    "score": ("score", "correct"),
    "time": ("time", "timestamp", "at"),
}
"""Names of each column; ``time`` may be missing, the order of rows is then time."""
FAULTS_KEPT: Final = 100
"""Bad rows described one by one; further ones are counted."""
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Day zero of answers that have only an order."""

_SKILL_SEPARATORS: Final = (";", "~~", "|")


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that could not be taken in."""

    line: int
    message: str
    """English msgid with ``{name}`` places."""
    values: Mapping[str, object]

    def __str__(self) -> str:
        return f"line {self.line}: " + self.message.format(**self.values)


@dataclass(slots=True)
class ImportReport:
    """What became of a file's rows; ``rows == added + known + bad``."""

    rows: int = 0
    added: int = 0
    bad: int = 0
    faults: list[RowFault] = field(default_factory=list)
    """The first ``FAULTS_KEPT`` bad rows."""

    @property
    def known(self) -> int:
        """Rows that the store already had."""
        return self.rows - self.bad - self.added

    def note(self, line: int, message: str, **values: object) -> None:
        """Count a bad row, and describe it while there are few."""
        self.bad += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(RowFault(line, message, values))


def import_answers(store: Store, course: str, file: Path) -> ImportReport:
    """Add a CSV file's answers to a course's evidence.

    Parameters
    ----------
    store, course
        Where to.
    file
        UTF-8, comma or tab separated, with a header: learner, item, skill, score (0 … 1; or
        correct), time (ISO 8601 or seconds; optional), or the names in ``COLUMNS``. Several skills
        of one answer are separated by ``;``.

    Returns
    -------
    ImportReport
        Counts, and the bad rows with their lines.

    Raises
    ------
    ImportFileError
        When the file cannot be read or a column is missing; nothing is added.
    StoreError
        When the database refuses; nothing is added.
    """
    report = ImportReport()
    report.added = store.add_evidence(_answers(file, course, report))
    return report


def read_table(file: Path, columns: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, fields in the order of ``columns``) of a CSV file; a missing field is empty.

    Parameters
    ----------
    file
        UTF-8 with a header.
    columns
        Names under which each wanted column may stand; ``time`` alone may be missing.

    Raises
    ------
    ImportFileError
        When the file cannot be read, is not UTF-8, or lacks a column.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            header_line = stream.readline()
            stream.seek(0)
            reader = csv.reader(stream, delimiter="\t" if "\t" in header_line else ",")
            header = [name.strip().lower() for name in next(reader, [])]
            places = [_place(file, header, name, columns[name]) for name in columns]
            for fields in reader:
                if any("\0" in field for field in fields):
                    # PostgreSQL keeps none, and text has none: a workbook, or UTF-16.
                    raise ImportFileError(
                        "{file}, line {line}, holds a null byte; it is no text. Save it as CSV"
                        " UTF-8.",
                        file=str(file),
                        line=reader.line_num,
                    )
                if fields:
                    yield (
                        reader.line_num,
                        [
                            fields[place].strip() if 0 <= place < len(fields) else ""
                            for place in places
                        ],
                    )
    except UnicodeDecodeError as error:
        raise ImportFileError(
            "{file} is not UTF-8 text (byte {byte}); save it as CSV UTF-8.",
            file=str(file),
            byte=error.start,
        ) from error
    except csv.Error as error:
        raise ImportFileError(
            "{file} is no CSV table: {reason}.", file=str(file), reason=str(error)
        ) from error
    except OSError as error:
        raise ImportFileError(
            "{file} cannot be read: {reason}.",
            file=str(file),
            reason=error.strerror or str(error),
        ) from error


def score_of(text: str) -> float | None:
    """Return a share of the points in [0, 1], or ``None`` when the text is none."""
    try:
        score = float(text)
    except ValueError:
        return None
    return score if math.isfinite(score) and 0 <= score <= 1 else None


def _answers(file: Path, course: str, report: ImportReport) -> Iterator[Evidence]:
    seen: Counter[bytes] = Counter()
    for line, fields in read_table(file, COLUMNS):
        report.rows += 1
        learner, item, skill, score_text, time_text = fields
        score = score_of(score_text)
        skills = _skills(skill)
        at = _instant(time_text, report.rows)
        if not learner:
            report.note(line, "the learner is empty")
        elif not skills:
            report.note(line, "the skill is empty")
        elif score is None:
            report.note(line, "score {value!r}, expected 0 … 1", value=score_text)
        elif at is None:
            report.note(
                line, "time {value!r}, expected ISO 8601 or seconds since 1970", value=time_text
            )
        else:
            content = hashlib.blake2b("\0".join(fields).encode(), digest_size=12).digest()
            seen[content] += 1
            yield Evidence(
                course=course,
                learner=learner,
                at=at,
                source="import",
                item=item,
                skills=skills,
                score=score,
                key=f"csv:{content.hex()}:{seen[content]}",
            )


def _place(file: Path, header: list[str], name: str, known: Sequence[str]) -> int:
    for candidate in known:
        if candidate in header:
            return header.index(candidate)
    if name == "time":
        return -1
    raise ImportFileError(
        "{file} has no column {name}; its header is {header}. Name it {known}.",
        file=str(file),
        name=name,
        header=", ".join(header) or "empty",
        known=" / ".join(known),
    )


def _skills(text: str) -> tuple[str, ...]:
    for separator in _SKILL_SEPARATORS:
        if separator in text:
            return tuple(part.strip() for part in text.split(separator) if part.strip())
    return (text,) if text else ()


def _instant(text: str, row: int) -> datetime | None:
    if text in ("", "0"):
        return EPOCH + timedelta(seconds=row)
    try:
        seconds = float(text)
    except ValueError:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return None
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
