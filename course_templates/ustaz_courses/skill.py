"""Skills and the curriculum: what is learnt, and what must be learnt before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from ustaz_courses.errors import TemplateError, UnknownSkillError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Skill:
    """One thing that can be learnt, practised and shown."""

    id: str
    title: Mapping[str, str]
    """Language code to title."""
    requires: tuple[str, ...] = ()
    """Ids of the skills that come before it."""
    standard: tuple[str, ...] = ()
    """Codes of the sections of a state programme that it belongs to."""


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Skills with their prerequisites; a graph without circles.

    Parameters
    ----------
    skills : tuple of Skill
        In the author's order, ids unique.

    Raises
    ------
    UnknownSkillError
        A prerequisite is no skill of the curriculum.
    TemplateError
        An id occurs twice, or prerequisites form a circle.
    """

    skills: tuple[Skill, ...]
    _by_id: dict[str, Skill] = field(init=False, repr=False, compare=False)
    _order: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the graph and fix a teaching order."""
        by_id: dict[str, Skill] = {}
        for skill in self.skills:
            if skill.id in by_id:
                raise TemplateError(
                    "Skill {skill!r} is listed twice. Give one of the two another id.",
                    skill=skill.id,
                )
            by_id[skill.id] = skill
        for skill in self.skills:
            for required in skill.requires:
                if required not in by_id:
                    raise UnknownSkillError(
                        "Skill {skill!r} requires {required!r}, which the course does not have. "
                        "Add that skill to course.toml or mend the name.",
                        skill=skill.id,
                        required=required,
                    )
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_order", _teaching_order(self.skills))

    def skill(self, skill_id: str) -> Skill:
        """Return the skill of an id.

        Raises
        ------
        UnknownSkillError
            The curriculum has no such skill.
        """
        try:
            return self._by_id[skill_id]
        except KeyError:
            raise UnknownSkillError(
                "There is no skill {skill!r}; the course has: {known}.",
                skill=skill_id,
                known=", ".join(self._by_id),
            ) from None

    def __contains__(self, skill_id: object) -> bool:
        """Tell whether the curriculum has a skill of this id."""
        return skill_id in self._by_id

    def order(self) -> tuple[str, ...]:
        """Return all ids, prerequisites first, otherwise in the author's order."""
        return self._order

    def requires_all(self, skill_id: str) -> frozenset[str]:
        """Return the ids of everything that comes before a skill, directly or not."""
        found: set[str] = set()
        waiting = list(self.skill(skill_id).requires)
        while waiting:
            required = waiting.pop()
            if required not in found:
                found.add(required)
                waiting.extend(self.skill(required).requires)
        return frozenset(found)


def _teaching_order(skills: Iterable[Skill]) -> tuple[str, ...]:
    position = {skill.id: index for index, skill in enumerate(skills)}
    sorter = TopologicalSorter({skill.id: skill.requires for skill in skills})
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise TemplateError(
            "Prerequisites form a circle: {circle}. Remove one of these requirements.",
            circle=circle,
        ) from None
    order: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready.extend(sorter.get_ready())
        ready.sort(key=position.__getitem__, reverse=True)
        chosen = ready.pop()
        order.append(chosen)
        sorter.done(chosen)
    return tuple(order)
