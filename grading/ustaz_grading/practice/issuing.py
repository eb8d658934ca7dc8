"""Choosing the next template for a student and drawing their variant of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ustaz_courses import instantiate, variant_seed

from ustaz_grading.errors import PracticeError
from ustaz_grading.practice.choose import choose_skill, choose_template, is_mastered
from ustaz_grading.records import PracticeItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ustaz_courses import Template

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.practice.bank import Shelf
    from ustaz_grading.records import Mastery, Student

ASSIGNMENT: Final = "practice"
"""Stands where an assignment's id stands elsewhere."""
REDRAWS_MAX: Final = 8
"""Draws tried so that a student does not get the very numbers they had just before."""


def choose(
    shelves: Sequence[Shelf],
    mastery: Mapping[str, Mastery],
    recent: Sequence[PracticeItem],
    skill: str | None,
) -> Template:
    """Return the template of the next exercise.

    Parameters
    ----------
    shelves
        What can be practised, in the classroom's order of courses.
    mastery
        The student's, by skill.
    recent
        Their last exercises, newest first.
    skill
        What they chose; ``None``: the first course with something ready decides.

    Raises
    ------
    PracticeError
        There is nothing to practise.
    """
    wanted = skill or _ready(shelves, mastery, recent)
    names = [item.template for item in recent]
    for shelf in shelves:
        if wanted in shelf.templates:
            return choose_template(shelf.templates[wanted], mastery.get(wanted), names)
    if skill is None:
        raise PracticeError(
            "There is nothing to practise yet: no exercise is approved. Tell your teacher."
        )
    raise PracticeError(
        "There is nothing to practise in {skill!r}. Choose another topic.", skill=skill
    )


def draw(
    classroom: Classroom,
    student: Student,
    template: Template,
    before: Sequence[PracticeItem],
    now: datetime,
) -> PracticeItem:
    """Return a new variant for the student, not stored yet.

    Parameters
    ----------
    classroom
        Whose secret the seed follows from.
    student
        Whose it becomes.
    template
        What it is drawn from.
    before
        The student's earlier exercises of this template, newest first.
    now
        When it is issued.
    """
    last = before[0].record.get("drawn") if before else None
    situation = _situation(student, template, len(before))
    for turn in range(REDRAWS_MAX):
        seed = variant_seed(
            classroom.secret,
            student=student.id,
            assignment=ASSIGNMENT,
            slot=template.id,
            content_hash=template.content_hash,
            # Redraws take rounds of their own, so that no two exercises share a seed.
            round=len(before) * REDRAWS_MAX + turn,
        )
        variant = instantiate(template, seed, situation=situation)
        if variant.record()["drawn"] != last:
            break
    return PracticeItem(
        student=student.id,
        course=classroom.config.course_id,
        template=template.id,
        content_hash=template.content_hash,
        record=variant.record(),
        issued_at=now,
    )


def _ready(
    shelves: Sequence[Shelf], mastery: Mapping[str, Mastery], recent: Sequence[PracticeItem]
) -> str | None:
    main = {
        template.id: skill
        for shelf in shelves
        for skill, templates in shelf.templates.items()
        for template in templates
    }
    skills = [main[item.template] for item in recent if item.template in main]
    chosen = [
        found
        for shelf in shelves
        if (found := choose_skill(shelf.course.curriculum, shelf.templates, mastery, skills))
    ]
    unmastered = [skill for skill in chosen if not is_mastered(mastery.get(skill))]
    return next(iter(unmastered or chosen), None)


def _situation(student: Student, template: Template, turn: int) -> str | None:
    """Return an approved story that touches one of the student's interests, by turns."""
    interests = set(student.interests)
    fit = [s.id for s in template.situations if interests & set(s.interests)]
    return fit[turn % len(fit)] if fit else None
