"""What a practising student may see, as frozen values: no key, no hidden test, no seed.

Everything that leaves the practice desk is one of these. Texts for the page are sanitised HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OutcomeKind = Literal["right", "partly", "wrong", "format", "fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicOption:
    """An option of a choice, or a line to be put in order."""

    label: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTest:
    """A test that a student may read."""

    name: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicItem:
    """An exercise with all that the student has been shown of it so far."""

    id: str
    kind: str
    """``number expression set matrix choice multiple order code``."""
    language: str
    title: str
    skill: str
    skill_title: str
    points: float
    prompt: str
    """HTML."""
    unit_required: bool
    ordered: bool
    """For a set: the order of the values counts."""
    options: tuple[PublicOption, ...]
    code_lines: bool
    """The lines to order are program text."""
    starter: str
    tests: tuple[PublicTest, ...]
    """The visible ones."""
    attempts: int
    """Judged attempts so far; an answer in a wrong format is none."""
    hints: tuple[str, ...]
    """HTML of the hints taken, first to last."""
    hints_left: int
    solution: str
    """HTML; empty until the exercise is finished."""
    finished: bool
    """Solved, or given up: nothing counts any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOutcome:
    """What a student is told about one test of their program."""

    name: str
    passed: bool
    hidden: bool
    html: str
    """What was expected, without giving a hidden test away; empty where it passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MasteryView:
    """Where a student stands in one skill."""

    course: str
    skill: str
    title: str
    estimate: float
    """Probability, in [0, 1], of solving an exercise of reference difficulty."""
    low: float
    high: float
    """Bounds that hold it with 90% probability."""
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MasteryMove:
    """How one answer moved the mastery of a skill."""

    before: MasteryView
    after: MasteryView


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A judged answer."""

    item: PublicItem
    """The exercise as it stands now, its solution included where it is solved."""
    outcome: OutcomeKind
    score: float
    """In [0, 1]."""
    html: str
    """What the student is told."""
    tests: tuple[TestOutcome, ...]
    counted: bool
    """Whether this answer became evidence; the first judged answer of an exercise does."""
    moves: tuple[MasteryMove, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillView:
    """A skill that can be practised."""

    course: str
    course_title: str
    skill: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """A course with its skills that can be practised."""

    course: str
    title: str
    skills: tuple[SkillView, ...]
