"""What of a classroom's courses can be practised: approved templates with a checkable answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ustaz_courses import Approvals, restore, template_from_files

from ustaz_grading.practice.public import CourseView, SkillView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ustaz_courses import Course, Template, Variant

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.records import PracticeItem

LEFT_OUT: Final = frozenset(("text",))
"""Kinds that a person judges: practice could not answer."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One course's practicable templates by main skill, in the curriculum's order."""

    course: Course
    templates: dict[str, tuple[Template, ...]]


class PracticeBank:
    """The approved templates of a classroom, as its log of approvals stands at each call."""

    def __init__(self, classroom: Classroom) -> None:
        self._classroom = classroom
        self._older: dict[str, Template] = {}

    def shelves(self) -> tuple[Shelf, ...]:
        """Return the courses that have something to practise."""
        approvals = Approvals.load(self._classroom.approvals_root)
        found = []
        for course in self._classroom.courses.values():
            templates = {}
            for skill in course.curriculum.order():
                fit = tuple(
                    template
                    for template in course.templates_of(skill)
                    if template.kind not in LEFT_OUT and approvals.is_approved(template)
                )
                if fit:
                    templates[skill] = fit
            if templates:
                found.append(Shelf(course, templates))
        return tuple(found)

    def views(self, language: str) -> tuple[CourseView, ...]:
        """Return the courses and skills that can be practised, titles in a language."""
        return tuple(
            CourseView(
                course=shelf.course.id,
                title=_title(shelf.course.title, language),
                skills=tuple(
                    SkillView(
                        course=shelf.course.id,
                        course_title=_title(shelf.course.title, language),
                        skill=skill,
                        title=_title(shelf.course.curriculum.skill(skill).title, language),
                    )
                    for skill in shelf.templates
                ),
            )
            for shelf in self.shelves()
        )

    def skill_order(self) -> dict[str, int]:
        """Return the place of every skill, course after course, prerequisites first."""
        skills = (
            skill
            for course in self._classroom.courses.values()
            for skill in course.curriculum.order()
        )
        return {skill: place for place, skill in enumerate(dict.fromkeys(skills))}

    def title(self, skill: str, language: str) -> str:
        """Return a skill's title; its id where no course has it any more."""
        for course in self._classroom.courses.values():
            if skill in course.curriculum:
                return _title(course.curriculum.skill(skill).title, language)
        return skill

    def variant(self, item: PracticeItem) -> Variant:
        """Return the variant of a stored item, from the template as it was when issued.

        Raises
        ------
        MissingRecordError
            The store lacks that version of the template.
        """
        return restore(self._template(item.template, item.content_hash), item.record)

    def _template(self, template_id: str, content_hash: str) -> Template:
        for course in self._classroom.courses.values():
            template = course.templates.get(template_id)
            if template is not None and template.content_hash == content_hash:
                return template
        if content_hash not in self._older:
            files = self._classroom.store.template_files(content_hash)
            self._older[content_hash] = template_from_files(files)
        return self._older[content_hash]


def _title(titles: Mapping[str, str], language: str) -> str:
    # Courses name every language they have; English stands in for one they lack.
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")
