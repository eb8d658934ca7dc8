"""The Open University Learning Analytics Dataset as evidence.

Modules are courses of their own kind: within a module, each type of assessment (TMA: marked by a
tutor, CMA: marked by a computer, Exam) is a skill such as "AAA TMA", each assessment an item. A
learner is a registration (student and presentation) as in the dataset's ``studentInfo``: 32,593.

Kuzilek, Hlosta, Zdrahal: Open University Learning Analytics dataset, Scientific Data 4, 170171
(2017), CC BY 4.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ustaz_grading.errors import ImportFileError
from ustaz_grading.profiles.imports import ImportReport, read_table, score_of
from ustaz_grading.records import Evidence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ustaz_grading.store import Store

ATTRIBUTION: Final = (
    "Data: Kuzilek J., Hlosta M., Zdrahal Z., Open University Learning Analytics dataset,"
    " Scientific Data 4, 170171 (2017), CC BY 4.0."
)
"""Shown wherever the data is."""

_START: Final[Mapping[str, tuple[int, int]]] = {"B": (2, 1), "J": (10, 1)}
"""Month and day on which a presentation starts: B in February, J in October."""


@dataclass(frozen=True, slots=True)
class OuladImport:
    """What the dataset's files gave."""

    learners: tuple[str, ...]
    """Every registration, ``MODULE-PRESENTATION-STUDENT``, those without a score too."""
    report: ImportReport


@dataclass(frozen=True, slots=True)
class _Assessment:
    module: str
    presentation: str
    kind: str
    start: datetime


def import_oulad(store: Store, course: str, folder: Path) -> OuladImport:
    """Add the dataset's scores to a course's evidence, in the order of their submission.

    Parameters
    ----------
    store, course
        Where to.
    folder
        Holds ``assessments.csv``, ``studentAssessment.csv`` and ``studentInfo.csv``.

    Raises
    ------
    ImportFileError
        When a file is missing, unreadable or lacks a column; nothing is added.
    StoreError
        When the database refuses; nothing is added.
    """
    assessments = _assessments(folder / "assessments.csv")
    learners = _learners(folder / "studentInfo.csv")
    report = ImportReport()
    rows = _rows(folder / "studentAssessment.csv", course, assessments, report)
    rows.sort(key=lambda row: row.at)
    report.added = store.add_evidence(rows)
    return OuladImport(learners, report)


def module_of(learner: str) -> str:
    """Return the module of a learner's registration."""
    return learner.split("-", 1)[0]


def _assessments(file: Path) -> dict[str, _Assessment]:
    names = ("id_assessment", "code_module", "code_presentation", "assessment_type")
    found = {}
    for line, (number, module, presentation, kind) in read_table(
        file, {name: (name,) for name in names}
    ):
        start = _START.get(presentation[4:5])
        if start is None or not presentation[:4].isdigit():
            raise ImportFileError(
                "{file}, line {line}: presentation {value!r}, expected a year and B or J, such as"
                " 2013J.",
                file=str(file),
                line=line,
                value=presentation,
            )
        found[number] = _Assessment(
            module, presentation, kind, datetime(int(presentation[:4]), *start, tzinfo=UTC)
        )
    return found


def _learners(file: Path) -> tuple[str, ...]:
    names = ("code_module", "code_presentation", "id_student")
    rows = read_table(file, {name: (name,) for name in names})
    return tuple(dict.fromkeys("-".join(fields) for _, fields in rows))


def _rows(
    file: Path, course: str, assessments: Mapping[str, _Assessment], report: ImportReport
) -> list[Evidence]:
    names = ("id_assessment", "id_student", "date_submitted", "score")
    rows = []
    for line, (number, student, day_text, score_text) in read_table(
        file, {name: (name,) for name in names}
    ):
        report.rows += 1
        assessment = assessments.get(number)
        score = _share(score_text)
        if assessment is None:
            report.note(line, "assessment {value!r} is not in assessments.csv", value=number)
        elif not student:
            report.note(line, "the learner is empty")
        elif score is None:
            report.note(line, "score {value!r}, expected 0 … 100", value=score_text)
        elif not _is_whole(day_text):
            report.note(line, "date_submitted {value!r}, expected whole days", value=day_text)
        else:
            rows.append(
                Evidence(
                    course=course,
                    learner=f"{assessment.module}-{assessment.presentation}-{student}",
                    at=assessment.start + timedelta(days=int(day_text)),
                    source="import",
                    item=number,
                    skills=(f"{assessment.module} {assessment.kind}",),
                    score=score,
                    key=f"oulad:{number}:{student}",
                )
            )
    return rows


def _share(text: str) -> float | None:
    try:
        return score_of(str(float(text) / 100))
    except ValueError:
        return None


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) < 6
