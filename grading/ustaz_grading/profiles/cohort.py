"""A class's masteries as arrays: one value that plots, summaries and choices read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from ustaz_grading.profiles.evidence import RECENT_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from ustaz_grading.records import Answer
    from ustaz_grading.store import Store

T = TypeVar("T", bound=np.generic)

INTERVAL_Z: Final = 1.645
"""Standard deviations on either side of the mean that hold 90% of a normal distribution."""
HELP_BELOW: Final = 0.6
"""Mastery that is surely (whole interval) below this asks for the teacher: at 60% success practice
still teaches, below it most learners only fail."""
SECURE_ABOVE: Final = 0.8
"""Mastery that is surely above this needs no more practice now."""


@dataclass(frozen=True, kw_only=True)  # no slots: arrays derived once are kept in __dict__
class Cohort:
    """n learners × k skills. Arrays are read only; rows follow ``learners``, columns ``skills``."""

    course: str
    learners: tuple[str, ...]
    names: tuple[str, ...]
    """What a class list shows for each learner: foreign text, escaped wherever it is shown."""
    skills: tuple[str, ...]
    titles: tuple[str, ...]
    """The skills' titles in the reader's language; the ids where none are known."""
    mean: NDArray[np.float64]
    """(n, k) logits; NaN without answers."""
    sd: NDArray[np.float64]
    """(n, k) standard deviations of ``mean``; NaN without answers."""
    answers: NDArray[np.int64]
    """(n, k) answers behind each mastery."""
    recent: Mapping[tuple[str, str], tuple[Answer, ...]] = field(default_factory=dict, repr=False)
    """The last answers by (learner, skill), newest first."""

    @cached_property
    def mastery(self) -> NDArray[np.float64]:
        """(n, k) probabilities in [0, 1]; NaN without answers."""
        return _frozen(_sigmoid(self.mean))

    @cached_property
    def low(self) -> NDArray[np.float64]:
        """(n, k) lower bounds of the 90% intervals, in [0, 1]."""
        return _frozen(_sigmoid(self.mean - INTERVAL_Z * self.sd))

    @cached_property
    def high(self) -> NDArray[np.float64]:
        """(n, k) upper bounds of the 90% intervals, in [0, 1]."""
        return _frozen(_sigmoid(self.mean + INTERVAL_Z * self.sd))

    @cached_property
    def overall(self) -> NDArray[np.float64]:
        """(n,) mean mastery over the skills that have answers; NaN where none has."""
        known = self.answers > 0
        count = known.sum(axis=1)
        total = np.where(known, self.mastery, 0.0).sum(axis=1)
        return _frozen(np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0))

    @cached_property
    def weak_skills(self) -> NDArray[np.int64]:
        """(n,) skills that the learner surely masters below ``HELP_BELOW``."""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.high < HELP_BELOW).sum(axis=1), dtype=np.int64)

    def needing_help(self) -> NDArray[np.int64]:
        """Return rows of learners who surely need help, most weak skills and lowest mean first."""
        rows = np.flatnonzero(self.weak_skills > 0)
        order = np.lexsort((self.overall[rows], -self.weak_skills[rows]))
        return np.asarray(rows[order], dtype=np.int64)

    def quantiles(self, shares: Sequence[float]) -> NDArray[np.float64]:
        """Return (len(shares), k) quantiles of mastery among those with answers.

        Parameters
        ----------
        shares
            In [0, 1]. A skill without answers gives NaN.
        """
        found = np.full((len(shares), len(self.skills)), np.nan)
        for column in range(len(self.skills)):
            known = self.mastery[self.answers[:, column] > 0, column]
            if known.size:
                found[:, column] = np.quantile(known, shares)
        return found

    def take(
        self, rows: Sequence[int] | NDArray[np.int64], columns: Sequence[int] | None = None
    ) -> Cohort:
        """Return the cohort of these rows (and columns), in this order."""
        chosen = np.asarray(rows, dtype=np.int64)
        skills = np.arange(len(self.skills)) if columns is None else np.asarray(columns, dtype=int)
        grid = np.ix_(chosen, skills)
        return Cohort(
            course=self.course,
            learners=tuple(self.learners[row] for row in chosen),
            names=tuple(self.names[row] for row in chosen),
            skills=tuple(self.skills[column] for column in skills),
            titles=tuple(self.titles[column] for column in skills),
            mean=_frozen(self.mean[grid]),
            sd=_frozen(self.sd[grid]),
            answers=_frozen(self.answers[grid]),
            recent=self.recent,
        )


def cohort(
    store: Store,
    course: str,
    *,
    learners: Collection[str] | None = None,
    skills: Sequence[str] | None = None,
    titles: Mapping[str, str] | None = None,
    recent: int = RECENT_ANSWERS,
) -> Cohort:
    """Return the class as its evidence stood at the last ``update_mastery``.

    Parameters
    ----------
    store, course
        Which class.
    learners
        Only these, also when they have no answers; ``None``: all who have answers. Pass the class
        list's ids to see those who have not begun.
    skills
        Only these, in this order; ``None``: all that have answers, by id.
    titles
        Titles by skill id in the reader's language.
    recent
        How many last answers to load for each learner and skill; 0: none.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    rows = store.mastery_rows(course)
    if learners is not None:
        wanted = frozenset(learners)
        rows = [row for row in rows if row[0] in wanted]
    who = sorted({row[0] for row in rows} if learners is None else set(learners))
    what = sorted({row[1] for row in rows}) if skills is None else list(skills)
    row_of = {learner: row for row, learner in enumerate(who)}
    column_of = {skill: column for column, skill in enumerate(what)}
    shape = (len(who), len(what))
    mean, sd = np.full(shape, np.nan), np.full(shape, np.nan)
    answers = np.zeros(shape, dtype=np.int64)
    for learner, skill, value, spread, count, _ in rows:
        column = column_of.get(skill)
        if column is not None:
            place = row_of[learner], column
            mean[place], sd[place], answers[place] = value, spread, count
    known = {student.id: student.name for student in store.students()}
    shown = titles or {}
    return Cohort(
        course=course,
        learners=tuple(who),
        names=tuple(known.get(learner, learner) for learner in who),
        skills=tuple(what),
        titles=tuple(shown.get(skill, skill) for skill in what),
        mean=_frozen(mean),
        sd=_frozen(sd),
        answers=_frozen(answers),
        recent=store.recent_answers(course, recent) if recent else {},
    )


def _sigmoid(logit: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-logit))


def _frozen(array: NDArray[T]) -> NDArray[T]:
    array.setflags(write=False)
    return array
