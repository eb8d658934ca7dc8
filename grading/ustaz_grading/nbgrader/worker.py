"""The process in which nbgrader's own commands run; see `ustaz_grading.nbgrader.process`.

Started as ``python -m ustaz_grading.nbgrader.worker`` in a course folder. It loads the course's
``nbgrader_config.py`` exactly as the command ``nbgrader`` does, so that both do the same.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.apps import AutogradeApp, GenerateAssignmentApp, GenerateFeedbackApp
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException

LOG_LINES_MAX: Final = 200
"""Lines of one student's log that are reported; a traceback is about sixty."""

Job = dict[str, Any]


class Lines(logging.Handler):
    """Keeps the log of one student."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record; tracebacks come as many lines in one."""
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self.lines.append(f"{record.levelname}: {text}")
        del self.lines[:-LOG_LINES_MAX]


def main() -> None:
    """Do the job that standard input names."""
    job: Job = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_caller, daemon=True).start()
    JOBS[job.pop("do")](**job)
    tell({"event": "done"})
    # Kernels' and database threads are not waited for: everything is written.
    sys.stdout.flush()
    os._exit(0)


def tell(event: Job) -> None:
    """Report an event to the caller."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def generate(
    assignment: str, due: str | None, students: list[dict[str, str]], staging: str
) -> None:
    """Make the release version in a staging folder; bring the gradebook up to date.

    Parameters
    ----------
    assignment
        Whose source notebook to read.
    due
        ISO time with zone, or None.
    students
        Each with id, first_name, last_name.
    staging
        Folder, relative to the course, that takes the place of ``release``.
    """
    app = _app(GenerateAssignmentApp, assignment)
    app.coursedir.release_directory = staging
    converter = GenerateAssignment(coursedir=app.coursedir, parent=app)
    converter.force = True
    try:
        converter.start()
    except NbGraderException as error:
        raise SystemExit(f"generate_assignment failed: {error}") from None
    tell({"event": "generated"})
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        entry = gradebook.db.query(Assignment).filter(Assignment.name == assignment).one()
        entry.duedate = (
            None
            if due is None
            else datetime.fromisoformat(due).astimezone(UTC).replace(tzinfo=None)
        )
        # In one transaction: nbgrader's own call commits for every student.
        known = {student.id: student for student in gradebook.students}
        for wanted in students:
            student = known.get(wanted["id"])
            if student is None:
                gradebook.db.add(Student(**wanted))
            else:
                student.first_name = wanted["first_name"]
                student.last_name = wanted["last_name"]
        gradebook.db.commit()


def autograde(assignment: str, students: list[str], *, force: list[str]) -> None:
    """Autograde the students' submissions, one after the other; report each.

    Parameters
    ----------
    assignment, students
        Whose.
    force
        Students whose former grading is thrown away first.
    """
    app = _app(AutogradeApp, assignment)
    for student in students:
        with _log_of(app) as log:
            app.coursedir.student_id = student
            converter = Autograde(coursedir=app.coursedir, parent=app)
            converter.force = student in force
            failed = _started(converter)
        tell(
            {
                "event": "student",
                "student": student,
                "failed": failed,
                "skipped": any("Skipping existing assignment" in line for line in log),
                "log": "\n".join(log),
                **_scores(app, assignment, student),
            }
        )


def feedback(assignment: str, students: list[str], *, force: bool) -> None:
    """Generate the students' feedback, one after the other; report each."""
    app = _app(GenerateFeedbackApp, assignment)
    for student in students:
        with _log_of(app) as log:
            app.coursedir.student_id = student
            converter = GenerateFeedback(coursedir=app.coursedir, parent=app)
            converter.force = force
            failed = _started(converter)
        tell({"event": "student", "student": student, "failed": failed, "log": "\n".join(log)})


JOBS: Final[dict[str, Callable[..., None]]] = {
    "generate": generate,
    "autograde": autograde,
    "feedback": feedback,
}


def _app(kind: type[Any], assignment: str) -> Any:
    app = kind()
    app.initialize([], root=str(Path.cwd()))
    app.coursedir.assignment_id = assignment
    return app


def _started(converter: Any) -> bool:
    try:
        converter.start()
    except (NbGraderException, SystemExit):
        return True
    return False


@contextmanager
def _log_of(app: Any) -> Iterator[list[str]]:
    handler = Lines()
    app.log.addHandler(handler)
    try:
        yield handler.lines
    finally:
        app.log.removeHandler(handler)


def _scores(app: Any, assignment: str, student: str) -> Job:
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return {"score": None, "max_score": None, "needs_manual_grade": False}
        penalty = submission.late_submission_penalty or 0.0
        return {
            "score": submission.score - penalty,
            "max_score": submission.max_score,
            "late_penalty": penalty,
            "needs_manual_grade": bool(submission.needs_manual_grade),
        }


def _end_with_caller() -> None:
    # The caller keeps our standard input open for as long as it lives.
    sys.stdin.read()
    os._exit(3)


if __name__ == "__main__":
    main()
