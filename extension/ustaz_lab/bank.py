"""A classroom's templates by skill, as the side panel lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ustaz_courses import Approvals
from ustaz_courses.language import translate

from ustaz_lab.messages import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ustaz_courses import Course, Template
    from ustaz_grading.classroom import Classroom

KIND_NAMES: Final[Mapping[str, str]] = {
    "number": "number",
    "expression": "expression",
    "set": "set of values",
    "matrix": "matrix",
    "choice": "one of several",
    "multiple": "several of several",
    "order": "lines in order",
    "code": "program",
    "text": "free text",
}


def bank(classroom: Classroom, language: str) -> dict[str, Any]:
    """Return skills in the curriculum's order and all templates.

    Parameters
    ----------
    classroom
        Whose courses are listed.
    language
        Of titles and kinds.

    Raises
    ------
    CourseFaults, GradingError
        A course cannot be loaded.
    """
    skills, templates = [], []
    for course in classroom.courses.values():
        approvals = Approvals.load(classroom.approvals_root)
        for skill_id in course.curriculum.order():
            title = course.curriculum.skill(skill_id).title
            skills.append({"course": course.id, "id": skill_id, "title": said(title, language)})
            templates += [
                summary(course, template, language, approved=approvals.is_approved(template))
                for template in course.templates_of(skill_id)
            ]
    return {"skills": skills, "templates": templates, "problems": []}


def summary(course: Course, template: Template, language: str, *, approved: bool) -> dict[str, Any]:
    """Return what a list says about a template."""
    return {
        "course": course.id,
        "id": template.id,
        "title": said(template.title, language),
        "kind": translate(KIND_NAMES[template.kind], language, domain=DOMAIN),
        "skill": template.skills[0],
        "difficulty": template.difficulty,
        "points": template.points,
        "minutes": template.minutes,
        "approved": approved,
    }


def said(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language, or in the first that it has."""
    return texts.get(language) or next(iter(texts.values()), "")
