"""How well a learner masters a skill, learned online from every answer.

An answer of learner l to item i with the skills S is a Bernoulli trial with

    logit P = mean over s in S of (level_s + deviation_ls) - difficulty_i

``level_s`` is where the class stands in a skill, ``deviation_ls`` how far the learner is from it,
``difficulty_i`` how much harder the item is than an exercise of reference difficulty (the middle of
the author's scale). Each is a normal distribution; an answer moves all of them once, by one step of
Bayesian logistic regression (an extended Kalman filter with a diagonal covariance; Glickman's
rating system is this with one skill). So an uncertain value moves far, a certain one little, and an
answer with several skills is one answer. Mastery is P at the reference difficulty: the level plus
the deviation, as a probability. A skill without answers starts where the class stands.

- A partial score y in [0, 1] counts as a share y of a success and 1 - y of a failure.
- Each hint makes the success count less (weight 1 / (1 + hints)), the failure not.
- Scores of long assessments scatter less than a coin with that chance would. Each skill's
  dispersion (mean squared residual over P(1 - P), 1 for right-or-wrong answers) is learned too, and
  an answer counts 1 / dispersion times: McCullagh and Nelder's quasi-likelihood.
- A deviation's variance grows a little before each answer: learners change, so that later answers
  weigh more than early ones.

The fold is incremental: rows after the last one folded are added to the stored state, in the order
of their ids, and the result equals a fold of everything from the start (tested). When a correction
has arrived since, the whole course is folded again: an answer changed late also changed the items
and the class's level that every later answer was judged by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ustaz_grading.profiles.evidence import replacements, with_corrections
from ustaz_grading.records import sigmoid
from ustaz_grading.store.masteries import FoldPoint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ustaz_grading.store import Store
    from ustaz_grading.store.masteries import FoldRow, MasteryFold

LEVEL_VARIANCE: Final = 2.25
"""Before any answer: a class's level lies within 5% … 95% success."""
DEVIATION_VARIANCE: Final = 1.0
"""Learners of one class: two thirds within one logit of its level."""
ITEM_VARIANCE: Final = 0.25
"""Items about their authors' difficulty."""
DRIFT_VARIANCE: Final = 0.01
"""Added to a deviation before each answer: about the last twenty answers then weigh most."""
DISPERSION_ANSWERS: Final = 30
"""Answers for which the assumption stands that a score is right or wrong (dispersion 1)."""
DISPERSION_MIN: Final = 0.1
"""No single score counts as more than ten answers."""
DIFFICULTY_SPAN: Final = 4.0
"""Logits between the author's easiest (0) and hardest (1)."""
MODEL: Final = (
    f"online-logistic-1 {LEVEL_VARIANCE} {DEVIATION_VARIANCE} {ITEM_VARIANCE} {DRIFT_VARIANCE}"
    f" {DISPERSION_ANSWERS} {DISPERSION_MIN} {DIFFICULTY_SPAN}"
)
"""Kept beside the state: when it differs, everything is folded again."""

_LOAD_ALL_ABOVE: Final = 2_000
"""New learners beyond which the whole state is read: faster than many queries by name."""


@dataclass(slots=True)
class Belief:
    """A normal distribution over one number, in logits, that answers move."""

    mean: float
    variance: float
    answers: int = 0


@dataclass(slots=True)
class Level(Belief):
    """Where a class stands in a skill."""

    dispersion: float = 1.0
    """How much scores scatter, relative to right-or-wrong answers."""


@dataclass(slots=True)
class Deviation(Belief):
    """A learner's distance from the class's level in a skill."""

    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FoldReport:
    """What an update of masteries did."""

    answers: int
    """Answers folded."""
    from_start: bool
    """Whether everything was folded again."""


class MasteryModel:
    """The running state; ``update`` takes answers one by one, in their order.

    Examples
    --------
    >>> model = MasteryModel()
    >>> before = model.predict("aigul", ["fractions"], "q1")
    >>> model.update("aigul", ["fractions"], "q1", score=1.0)
    >>> before, model.predict("aigul", ["fractions"], "q1") > before
    (0.5, True)
    """

    def __init__(self) -> None:
        self.levels: dict[str, Level] = {}
        self.deviations: dict[tuple[str, str], Deviation] = {}
        self.items: dict[str, Belief] = {}

    def predict(
        self, learner: str, skills: Sequence[str], item: str, *, difficulty: float | None = None
    ) -> float:
        """Return the probability in [0, 1] that the learner solves the item.

        Parameters
        ----------
        learner, skills, item
            Whose answer to what; unknown ones count with what is believed beforehand.
        difficulty
            The author's, in [0, 1]; ``None``: the middle.
        """
        found = self.items.get(item)
        logit = -(prior_difficulty(difficulty) if found is None else found.mean)
        for skill in skills:
            level = self.levels.get(skill)
            deviation = self.deviations.get((learner, skill))
            part = (level.mean if level else 0.0) + (deviation.mean if deviation else 0.0)
            logit += part / len(skills)
        return sigmoid(logit)

    def update(
        self,
        learner: str,
        skills: Sequence[str],
        item: str,
        *,
        score: float,
        hints_used: int = 0,
        difficulty: float | None = None,
        at: datetime | None = None,
    ) -> None:
        """Move the beliefs by one answer; an answer without a skill moves none.

        Parameters
        ----------
        learner, skills, item
            Whose answer to what.
        score
            Share of the points, in [0, 1].
        hints_used
            How many hints the learner took.
        difficulty
            The author's, in [0, 1], used when the item is new.
        at
            When the answer was given.
        """
        if not skills:
            return
        asked = self.items.get(item)
        if asked is None:
            asked = self.items[item] = Belief(prior_difficulty(difficulty), ITEM_VARIANCE)
        share = 1 / len(skills)
        logit, spread = -asked.mean, asked.variance
        dispersion = 0.0
        moved: list[tuple[Level, Deviation]] = []
        for skill in skills:
            level, deviation = self._beliefs(learner, skill)
            # A learner's knowledge may have changed since the answer before.
            deviation.variance = min(deviation.variance + DRIFT_VARIANCE, DEVIATION_VARIANCE)
            deviation.updated_at = at
            logit += share * (level.mean + deviation.mean)
            spread += share * share * (level.variance + deviation.variance)
            dispersion += share * level.dispersion
            moved.append((level, deviation))
        p = sigmoid(logit)
        success = score / (1 + hints_used)
        weight = 1 / max(dispersion, DISPERSION_MIN)
        slope = weight * (success * (1 - p) - (1 - score) * p)
        curvature = weight * (success + 1 - score) * p * (1 - p)
        shrink = 1 / (1 + curvature * spread)
        step, cut = slope * shrink, curvature * shrink
        scatter = (score - p) ** 2 / max(p * (1 - p), 1e-6)
        _move(asked, -1.0, step, cut)
        for level, deviation in moved:
            _move(level, share, step, cut)
            _move(deviation, share, step, cut)
            level.dispersion += (scatter - level.dispersion) / (DISPERSION_ANSWERS + level.answers)

    def _beliefs(self, learner: str, skill: str) -> tuple[Level, Deviation]:
        level = self.levels.get(skill)
        if level is None:
            level = self.levels[skill] = Level(0.0, LEVEL_VARIANCE)
        deviation = self.deviations.get((learner, skill))
        if deviation is None:
            deviation = self.deviations[learner, skill] = Deviation(0.0, DEVIATION_VARIANCE)
        return level, deviation


def _move(belief: Belief, share: float, step: float, cut: float) -> None:
    belief.mean += belief.variance * share * step
    belief.variance -= (belief.variance * share) ** 2 * cut
    belief.answers += 1


def prior_difficulty(difficulty: float | None) -> float:
    """Return the author's difficulty in [0, 1] as logits; the middle, or none, is 0."""
    return 0.0 if difficulty is None else DIFFICULTY_SPAN * (difficulty - 0.5)


def update_mastery(store: Store, course: str) -> FoldReport:
    """Fold the evidence that is new since the last call into the stored masteries.

    Parameters
    ----------
    store
        Where evidence and masteries are.
    course
        The course's id.

    Returns
    -------
    FoldReport
        How many answers were folded, and whether from the start.

    Raises
    ------
    StoreError
        When the database refuses; the masteries then stay as they were.
    """
    with store.folding(course) as fold:
        point = fold.point()
        corrections = fold.corrections()
        if point is None or _is_stale(point, corrections):
            fold.forget()
            stale, model, since = True, MasteryModel(), 0
        else:
            stale, since = False, point.last_evidence
            model = _loaded(fold, since)
        answers, last = _fold(fold, model, since, corrections if stale else ())
        if last > since or stale:
            _keep(fold, model, FoldPoint(last, MODEL))
    return FoldReport(answers, stale)


def _is_stale(point: FoldPoint, corrections: Sequence[FoldRow]) -> bool:
    corrected = any(row.id > point.last_evidence for row in corrections)
    return corrected or point.model != MODEL


def _loaded(fold: MasteryFold, since: int) -> MasteryModel:
    learners, asked = fold.names_since(since)
    everyone = len(learners) > _LOAD_ALL_ABOVE
    model = MasteryModel()
    model.levels = {skill: Level(*rest) for skill, *rest in fold.skill_levels()}
    model.deviations = {
        (learner, skill): Deviation(*rest)
        for learner, skill, *rest in fold.masteries(None if everyone else learners)
    }
    model.items = {item: Belief(*rest) for item, *rest in fold.items(asked)}
    return model


def _fold(
    fold: MasteryFold, model: MasteryModel, since: int, corrections: Sequence[FoldRow]
) -> tuple[int, int]:
    difficulties = fold.difficulties()
    answers = 0
    last = max([since, *(row.id for row in corrections)])
    for row in with_corrections(fold.evidence(since), replacements(corrections)):
        model.update(
            row.learner,
            row.skills,
            row.asked,
            score=row.score,
            hints_used=row.hints_used,
            difficulty=difficulties.get(row.content_hash),
            at=row.at,
        )
        answers += 1
        last = max(last, row.id)
    return answers, last


def _keep(fold: MasteryFold, model: MasteryModel, point: FoldPoint) -> None:
    fold.keep(
        point,
        masteries=[
            {
                "learner": learner,
                "skill": skill,
                "deviation": belief.mean,
                "variance": belief.variance,
                "answers": belief.answers,
                "updated_at": belief.updated_at,
            }
            for (learner, skill), belief in model.deviations.items()
        ],
        items=[
            {
                "item": item,
                "difficulty": belief.mean,
                "variance": belief.variance,
                "answers": belief.answers,
            }
            for item, belief in model.items.items()
        ],
        skill_levels=[
            {
                "skill": skill,
                "level": belief.mean,
                "dispersion": belief.dispersion,
                "variance": belief.variance,
                "answers": belief.answers,
            }
            for skill, belief in model.levels.items()
        ],
    )
