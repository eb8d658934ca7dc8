"""A classroom's cohort: class list, skills in curriculum order, titles, the last answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from ustaz_grading.profiles import cohort

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.profiles import Cohort
    from ustaz_grading.records import Answer

RECENT: Final = 10
"""Answers loaded for each student and skill: a pinned list that is read without scrolling."""


def class_cohort(classroom: Classroom, language: str) -> Cohort:
    """Return where a classroom's students stand, as of the last ``update_mastery``.

    Everyone on the class list has a row, those without answers too; whoever is not on it has none.
    Skills stand in the order of the classroom's courses and their curricula; skills that only the
    evidence knows (imports) follow by id. Dates are in the classroom's time zone.

    Parameters
    ----------
    classroom
        Whose.
    language
        kk, ru or en, for titles.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    store, course = classroom.store, classroom.config.course_id
    titles: dict[str, str] = {}
    items: dict[str, str] = {}
    for bank in classroom.courses.values():
        for skill in bank.curriculum.order():
            titles.setdefault(skill, _title(bank.curriculum.skill(skill).title, language, skill))
        for template in bank.templates.values():
            items.setdefault(template.id, _title(template.title, language, template.id))
    known = sorted(set(store.skill_levels(course)) - set(titles))
    found = cohort(
        store,
        course,
        learners=[student.id for student in classroom.roster],
        skills=[*titles, *known],
        titles=titles,
        recent=RECENT,
    )
    zone = ZoneInfo(classroom.config.timezone)
    recent: dict[tuple[str, str], tuple[Answer, ...]] = {
        key: tuple(
            replace(answer, item=items.get(answer.item, answer.item), at=answer.at.astimezone(zone))
            for answer in answers
        )
        for key, answers in found.recent.items()
    }
    return replace(found, recent=recent)


def _title(titles: Mapping[str, str], language: str, otherwise: str) -> str:
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), otherwise)
