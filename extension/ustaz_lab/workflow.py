"""The stages of a course in their order, one function each.

The command line, the demonstration and whatever else drives the loop call these; each returns a
frozen report. A stage that another package already gives as one call (release, autograde, feedback)
is not wrapped twice: it is called here with what only the top knows, such as which language model
ranks the stories.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ustaz_courses import Approvals, approve, bundled_courses, verify
from ustaz_grading.classroom import Classroom
from ustaz_grading.progress import Progress, silent
from ustaz_grading.roster import read_students

from ustaz_lab.errors import UnknownCourseError

if TYPE_CHECKING:
    from ustaz_courses import CodeRunner, Course, Report, Template
    from ustaz_grading.assignments.issue import ChooseSituation
    from ustaz_grading.autograde import AutogradeReport
    from ustaz_grading.nbgrader.feedback_pages import FeedbackReport
    from ustaz_grading.nbgrader.release import ReleaseReport
    from ustaz_grading.situations import Ranker, RankReport

SEEDS: Final = 200
"""Variants that are looked at before a teacher approves."""

_SET_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of linux/prctl.h."""


@dataclass(frozen=True, slots=True)
class EnrolmentReport:
    """What taking in a class list did."""

    read: int
    """Students in the file."""
    new: int
    students: int
    """On the class list now."""


@dataclass(frozen=True, slots=True)
class ApprovalReport:
    """What an approval of several templates did."""

    approved: tuple[str, ...]
    """Approved by this run."""
    kept: tuple[str, ...]
    """Approved before, as they stand now."""
    refused: tuple[Report, ...]
    """Verifications that failed."""


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


def verify_templates(
    templates: Sequence[Template],
    *,
    seeds: int = SEEDS,
    runner: CodeRunner | None = None,
    progress: Progress = silent,
    workers: int | None = None,
) -> list[Report]:
    """Return the verification of every template, in their order.

    Parameters
    ----------
    templates
        What is verified.
    seeds
        Variants drawn of each.
    runner
        Runs programs; without one, templates of kind code cannot pass.
    progress
        Told about templates.
    workers
        Processes; ``None``: as many as there are processors. They are forked, so a process with
        other threads asks for 1.
    """
    count = min(workers or os.cpu_count() or 1, len(templates))
    done: list[Report] = []
    progress("verify", 0, len(templates))
    with _reports(templates, seeds, runner, count) as reports:
        for number, report in enumerate(reports, 1):
            done.append(report)
            progress("verify", number, len(templates))
    return done


def approve_templates(
    classroom: Classroom,
    templates: Sequence[Template],
    by: str,
    *,
    seeds: int = SEEDS,
    runner: CodeRunner | None = None,
    progress: Progress = silent,
    workers: int | None = None,
) -> ApprovalReport:
    """Verify templates that are not approved as they now stand, and approve those that pass.

    Every approval is in the log as soon as its template has passed, so that an interrupted run goes
    on where it stopped.

    Parameters
    ----------
    classroom
        Whose log of approvals.
    templates, seeds, runner, progress, workers
        See `verify_templates`.
    by
        The teacher who answers for the content.

    Raises
    ------
    TemplateError
        No name is given, or the log is damaged.
    """
    approvals = Approvals.load(classroom.approvals_root)
    kept = tuple(t.id for t in templates if approvals.is_approved(t))
    waiting = [t for t in templates if not approvals.is_approved(t)]
    passed: list[str] = []
    refused: list[Report] = []
    if waiting:
        progress("verify", 0, len(waiting))
    count = min(workers or os.cpu_count() or 1, len(waiting))
    with _reports(waiting, seeds, runner, count) as reports:
        for number, (template, report) in enumerate(zip(waiting, reports, strict=True), 1):
            if report.ok:
                approve(classroom.approvals_root, template, by, report)
                passed.append(template.id)
            else:
                refused.append(report)
            progress("verify", number, len(waiting))
    return ApprovalReport(tuple(passed), kept, tuple(refused))


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


_Job = tuple[Sequence["Template"], int, "CodeRunner | None"]
_job: _Job = ((), 0, None)
"""What a forked worker verifies: it inherits this, for templates hold views that do not travel."""


def _verified(number: int) -> Report:
    templates, seeds, runner = _job
    template = templates[number]
    return verify(template, seeds=seeds, runner=runner if template.kind == "code" else None)


def _end_with(parent: int) -> None:
    """Have the kernel end this worker when its parent dies, however that dies.

    A worker that lived on would keep the locks that it inherited.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:  # Linux
        prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def _reports(
    templates: Sequence[Template], seeds: int, runner: CodeRunner | None, workers: int
) -> Iterator[Iterator[Report]]:
    """Give the verifications as they come, in the templates' order."""
    global _job  # noqa: PLW0603 - see its docstring
    _job = (templates, seeds, runner)
    if workers <= 1:
        yield map(_verified, range(len(templates)))
        return
    with multiprocessing.get_context("fork").Pool(workers, _end_with, (os.getpid(),)) as pool:
        yield pool.imap(_verified, range(len(templates)))
