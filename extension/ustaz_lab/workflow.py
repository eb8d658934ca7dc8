"""The stages of a course in their order, one function each.

The command line, the demonstration and whatever else drives the loop call these; each returns a
frozen report. A stage that another package already gives as one call (release, autograde, feedback)
is not wrapped twice: it is called here with what only the top knows, such as which language model
ranks the stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ustaz_courses import bundled_courses
from ustaz_grading.classroom import Classroom
from ustaz_grading.progress import Progress, silent
from ustaz_grading.roster import read_students

from ustaz_lab.approval import SEEDS, ApprovalReport, approve_templates
from ustaz_lab.errors import UnknownCourseError

if TYPE_CHECKING:
    from ustaz_courses import Course, Template
    from ustaz_grading.assignments.issue import ChooseSituation
    from ustaz_grading.autograde import AutogradeReport
    from ustaz_grading.nbgrader.feedback_pages import FeedbackReport
    from ustaz_grading.nbgrader.release import ReleaseReport
    from ustaz_grading.situations import Ranker, RankReport


__all__ = [
    "SEEDS",
    "ApprovalReport",
    "EnrolmentReport",
    "EvidenceReport",
    "approve_templates",
    "autograde_assignment",
    "course_of",
    "enrol",
    "rank_stories",
    "record",
    "release_assignment",
    "set_up",
    "templates_of",
    "write_feedback",
]


@dataclass(frozen=True, slots=True)
class EnrolmentReport:
    """What taking in a class list did."""

    read: int
    """Students in the file."""
    new: int
    students: int
    """On the class list now."""


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """What the gradebook told the profiles."""

    assignments: tuple[str, ...]
    added: int
    """Rows of evidence that were new."""
    answers: int
    """Rows of the course in all."""


def set_up(
    root: Path, *, courses: Sequence[str] = (), language: str = "kk", adopt: bool = False
) -> Classroom:
    """Return the classroom of a folder, made one if it is none.

    Parameters
    ----------
    root
        Folder to make or to take.
    courses
        Ids of bundled courses, or folders relative to ``root``.
    language
        For students who have none of their own.
    adopt
        The folder holds a course of nbgrader already, which stays as it is.

    Raises
    ------
    UnknownCourseError
        A course is neither bundled nor a folder of the classroom.
    ClassroomError
        The folder cannot be used.
    """
    known = bundled_courses()
    for name in courses:
        if name not in known and not (root / name / "course.toml").is_file():
            raise UnknownCourseError(
                "There is no course {name!r}: neither bundled ({known}) nor a folder with a"
                " course.toml in {root}.",
                name=name,
                known=", ".join(known),
                root=str(root),
            )
    if adopt:
        return Classroom.adopt(root, courses=courses, language=language)
    return Classroom.create(root, courses=courses, language=language)


def enrol(classroom: Classroom, file: Path) -> EnrolmentReport:
    """Take a class list in; who is on it already is brought up to date.

    Raises
    ------
    RosterError
        The file cannot be read or a row is faulty; nothing was taken in.
    """
    students = read_students(file)
    before = {student.id for student in classroom.roster}
    classroom.store.add_students(students)
    new = len({student.id for student in students} - before)
    return EnrolmentReport(len(students), new, len(before) + new)


def release_assignment(
    classroom: Classroom,
    assignment: str,
    *,
    engine: Ranker | None = None,
    progress: Progress = silent,
) -> ReleaseReport:
    """Write every student's own copy.

    Parameters
    ----------
    classroom, assignment
        What is released.
    engine
        Ranks which approved story suits a student's interests; ``None``: the teacher's labels and
        the student's seed decide.
    progress
        Told about variants and copies.

    Raises
    ------
    GradingError, CoursesError
        See `ustaz_grading.nbgrader.release.release`.
    """
    from ustaz_grading.nbgrader.release import release  # noqa: PLC0415 - each stage brings its own
    from ustaz_grading.situations import chooser  # noqa: PLC0415

    choose: ChooseSituation | None = chooser(classroom, engine) if engine else None
    return release(classroom, assignment, choose_situation=choose, progress=progress)


def rank_stories(
    classroom: Classroom, engine: Ranker, *, progress: Progress = silent
) -> RankReport:
    """Rank every template's stories for every interest of the class, what is known left out.

    Raises
    ------
    EngineError, StoreError
        The engine failed, or the store refuses.
    """
    from ustaz_grading.situations import rank_all  # noqa: PLC0415 - each stage brings its own

    return rank_all(
        classroom.store,
        classroom.config.course_id,
        engine,
        [t for course in classroom.courses.values() for t in course.templates.values()],
        {interest for student in classroom.roster for interest in student.interests},
        progress=progress,
    )


def autograde_assignment(
    classroom: Classroom,
    assignment: str,
    *,
    students: Sequence[str] | None = None,
    force: bool = False,
    progress: Progress = silent,
) -> AutogradeReport:
    """Grade what was handed in and add the evidence of it.

    Raises
    ------
    GradingError
        See `ustaz_grading.autograde.autograde`.
    """
    from ustaz_grading.autograde import autograde  # noqa: PLC0415 - each stage brings its own

    return autograde(classroom, assignment, students=students, force=force, progress=progress)


def write_feedback(
    classroom: Classroom,
    assignment: str,
    *,
    students: Sequence[str] | None = None,
    force: bool = False,
    progress: Progress = silent,
) -> FeedbackReport:
    """Write the feedback pages of everybody whose submission is graded.

    Raises
    ------
    GradingError
        See `ustaz_grading.nbgrader.feedback_pages.generate_feedback`.
    """
    from ustaz_grading.nbgrader.feedback_pages import generate_feedback  # noqa: PLC0415

    return generate_feedback(
        classroom, assignment, students=students, force=force, progress=progress
    )


def record(classroom: Classroom, assignments: Sequence[str] | None = None) -> EvidenceReport:
    """Add what the gradebook knows, after plain nbgrader commands or a person's grading.

    Parameters
    ----------
    classroom
        Whose gradebook.
    assignments
        Which; ``None``: every assignment of variants.

    Raises
    ------
    GradingError
        The gradebook or the store cannot be read.
    """
    from ustaz_grading.assignments.evidence import record_evidence  # noqa: PLC0415

    names = classroom.assignment_ids() if assignments is None else tuple(assignments)
    for name in names:
        # So that a name that does not exist is told, and adds nothing in silence.
        classroom.assignment(name)
    added = sum(record_evidence(classroom, name) for name in names)
    course = classroom.config.course_id
    return EvidenceReport(names, added, classroom.store.evidence_count(course))


def templates_of(
    classroom: Classroom, references: Sequence[str], courses: Sequence[str] = ()
) -> list[Template]:
    """Return templates by reference; all of some courses, or of the classroom, where none is given.

    Raises
    ------
    MissingRecordError
        A reference names none, or more than one.
    UnknownCourseError
        A course is not the classroom's.
    """
    if references:
        return list({t.id: t for t in map(classroom.template, references)}.values())
    return [
        template
        for name in courses or classroom.courses
        for template in course_of(classroom, name).templates.values()
    ]


def course_of(classroom: Classroom, course_id: str) -> Course:
    """Return a course of the classroom.

    Raises
    ------
    UnknownCourseError
        The classroom has none of this id.
    """
    found = classroom.courses.get(course_id)
    if found is None:
        raise UnknownCourseError(
            "The classroom has no course {name!r}; it has {known}. Add it to courses in"
            " ustaz.toml.",
            name=course_id,
            known=", ".join(classroom.courses) or "–",
        )
    return found
