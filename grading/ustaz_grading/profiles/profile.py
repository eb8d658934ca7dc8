"""One learner's profile: masteries, what stands out among them, and the evidence behind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ustaz_grading.profiles.evidence import effective

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ustaz_grading.records import Evidence, Mastery
    from ustaz_grading.store import Store

STRENGTH_PROBABILITY: Final = 0.8
"""A skill stands out only when it is this probable that it differs from the learner's own mean."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How far a skill stands out from the learner's other skills, measured against the class."""

    skill: str
    difference: float
    """Logits above (positive) or below the learner's own mean deviation from the class."""
    probability: float
    """That the difference has this sign, in [0.5, 1]."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Where one learner stands, as of the last ``update_mastery``."""

    course: str
    learner: str
    name: str
    masteries: tuple[Mastery, ...]
    """By skill."""
    strengths: tuple[Strength, ...]
    """Skills that stand out upwards, the most certain first."""
    weaknesses: tuple[Strength, ...]
    """Skills that stand out downwards, the most certain first."""
    evidence: tuple[Evidence, ...]
    """Every answer that holds, newest first."""

    def mastery(self, skill: str) -> Mastery | None:
        """Return the mastery of a skill, or ``None`` when it has no answers."""
        return next((found for found in self.masteries if found.skill == skill), None)

    def evidence_of(self, skill: str) -> tuple[Evidence, ...]:
        """Return the answers behind a skill's mastery, newest first."""
        return tuple(row for row in self.evidence if skill in row.skills)


def profile(store: Store, course: str, learner: str) -> Profile:
    """Return a learner's profile; one without answers has empty parts.

    Parameters
    ----------
    store, course, learner
        Whose.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    masteries = store.masteries(course, learner)
    levels = {skill: level for skill, (level, _, _) in store.skill_levels(course).items()}
    found = stand_out(masteries, [levels[mastery.skill] for mastery in masteries])
    rows = effective(store.evidence(course, learner))
    names = {student.id: student.name for student in store.students()}
    return Profile(
        course=course,
        learner=learner,
        name=names.get(learner, learner),
        masteries=tuple(masteries),
        strengths=tuple(part for part in found if part.difference > 0),
        weaknesses=tuple(part for part in found if part.difference < 0),
        evidence=tuple(reversed(rows)),
    )


def stand_out(masteries: Sequence[Mastery], levels: Sequence[float]) -> list[Strength]:
    """Return the skills that stand out from the learner's own mean, the most certain first.

    Each mastery is taken relative to the class's level, so that an easy skill is no strength and a
    hard one no weakness.

    Parameters
    ----------
    masteries
        One learner's.
    levels
        The class's level in each of these skills, logits.
    """
    count = len(masteries)
    if count < 2:
        return []
    deviations = [mastery.mean - level for mastery, level in zip(masteries, levels, strict=True)]
    own = sum(deviations) / count
    variances = [mastery.sd**2 for mastery in masteries]
    found = []
    for mastery, deviation, variance in zip(masteries, deviations, variances, strict=True):
        difference = deviation - own
        # Var(d_s - mean of all d) with independent d.
        spread = variance * (1 - 2 / count) + sum(variances) / count**2
        probability = 0.5 * (1 + math.erf(abs(difference) / math.sqrt(2 * spread)))
        if probability >= STRENGTH_PROBABILITY:
            found.append(Strength(mastery.skill, difference, probability))
    return sorted(found, key=lambda part: -part.probability)
