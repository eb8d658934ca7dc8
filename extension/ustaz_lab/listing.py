"""The classrooms of a server and how far each assignment has come, as the side panel lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ustaz_courses.errors import CoursesError
from ustaz_courses.language import translate
from ustaz_grading.errors import GradingError
from ustaz_grading.nbgrader.states import assignment_states

from ustaz_lab.messages import DOMAIN
from ustaz_lab.problems import problem, status_of

if TYPE_CHECKING:
    from ustaz_grading.classroom import Classroom
    from ustaz_grading.nbgrader.states import AssignmentState

    from ustaz_lab.classrooms import Classrooms, Found


def courses(classrooms: Classrooms, language: str) -> dict[str, Any]:
    """Return all classrooms; one that cannot be opened says why and hides no other."""
    return {"courses": [_course(classrooms, each, language) for each in classrooms.find().values()]}


def assignments(classroom: Classroom, language: str) -> dict[str, Any]:
    """Return a classroom's assignments, of variants and ordinary ones, by id.

    Raises
    ------
    GradingError
        The gradebook or the store cannot be read.
    """
    return {"assignments": [_assignment(s, language) for s in assignment_states(classroom)]}


def _course(classrooms: Classrooms, found: Found, language: str) -> dict[str, Any]:
    error: Exception | None = found.error
    students = 0
    if found.classroom is not None:
        try:
            students = len(found.classroom.roster)
        except (GradingError, CoursesError) as reason:
            error = reason
    title = found.classroom.config.course_id if found.classroom else found.root.name
    return {
        "id": found.id,
        "title": title,
        "folder": classrooms.shown(found.root),
        "students": students,
        "problem": problem(error, status_of(error), language) if error else None,
    }


def _assignment(state: AssignmentState, language: str) -> dict[str, Any]:
    return {
        "id": state.id,
        "title": state.title(language),
        "due": state.due.isoformat() if state.due else None,
        "stage": state.stage,
        "students": state.students,
        "released": state.released,
        "collected": state.collected,
        "autograded": state.autograded,
        "to_grade": state.to_grade,
        "faults": _faults(state, language),
    }


def _faults(state: AssignmentState, language: str) -> list[str]:
    """Return what a teacher must look at; none of it is a score."""
    found = [state.problem] if state.problem else []
    if state.damaged:
        found.append(
            translate(
                "Damaged files handed in: {count}. Ask for them again; nothing was scored.",
                language,
                domain=DOMAIN,
                count=state.damaged,
            )
        )
    if state.faults:
        found.append(
            translate(
                "Submissions that could not be graded through no fault of the students: {count}."
                " Autograde again; if it stays so, see the log.",
                language,
                domain=DOMAIN,
                count=state.faults,
            )
        )
    return found
