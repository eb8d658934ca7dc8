"""Which skill and which template come next in practice; pure, so that a teacher can be told why.

Ready to learn: in the curriculum's order, the first skill that is not mastered while everything
before it is (going by the curriculum's order beat "lowest mastery first" in simulation). When all
is mastered, the lowest mastery is repeated. After a run of one skill another ready one gets a turn.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ustaz_courses import Curriculum, Template

    from ustaz_grading.records import Mastery

MASTERED: Final = 0.75
"""Probability of success from which what builds on a skill may begin."""
ANSWERS_MIN: Final = 3
"""Answers before a skill may count as mastered; one lucky answer is none."""
RUN_LENGTH: Final = 4
"""Exercises of one skill in a row before another ready skill gets a turn."""


def is_mastered(mastery: Mastery | None) -> bool:
    """Tell whether what builds on the skill may begin."""
    return (
        mastery is not None and mastery.answers >= ANSWERS_MIN and mastery.probability >= MASTERED
    )


def choose_skill(
    curriculum: Curriculum,
    practicable: Collection[str],
    mastery: Mapping[str, Mastery],
    recent: Sequence[str],
) -> str | None:
    """Return the id of the skill to practise next, or ``None`` where there is none to practise.

    Parameters
    ----------
    curriculum
        The course's.
    practicable
        Ids of the skills that have exercises.
    mastery
        By skill id; a skill not named has no answers yet.
    recent
        Main skills of the student's last exercises, newest first.
    """
    order = [skill for skill in curriculum.order() if skill in practicable]
    waiting = [skill for skill in order if not is_mastered(mastery.get(skill))]
    if not order:
        return None
    if not waiting:
        return min(order, key=lambda skill: (skill in recent[:1], mastery[skill].probability))
    # Prerequisites without exercises cannot be shown to be mastered, so they hold nobody back.
    ready = [skill for skill in waiting if curriculum.requires_all(skill).isdisjoint(waiting)]
    run = recent[:RUN_LENGTH]
    if len(ready) > 1 and len(run) == RUN_LENGTH and set(run) == {ready[0]}:
        return ready[1]
    return ready[0]


def choose_template(
    templates: Sequence[Template], mastery: Mastery | None, recent: Sequence[str]
) -> Template:
    """Return the template to draw from: the one least practised lately, then of fitting difficulty.

    Parameters
    ----------
    templates
        Of one skill, at least one.
    mastery
        The student's in that skill; ``None`` before the first answer.
    recent
        Ids of the templates of the student's last exercises, newest first.
    """
    times = Counter(recent)
    last = recent[0] if recent else ""
    # A beginner begins with the easiest; who is sure of a skill gets its harder exercises.
    wanted = 0.0 if mastery is None else mastery.probability

    def rank(template: Template) -> tuple[bool, int, float, str]:
        distance = abs(template.difficulty - wanted)
        return template.id == last, times[template.id], distance, template.id

    return min(templates, key=rank)
