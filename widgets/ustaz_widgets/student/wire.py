"""What the practice service answers, as it comes over the wire.

These mirror the public values of `ustaz_grading.practice.public`; they are written out here so that
the app's kernel loads neither the store nor the courses.
"""

from __future__ import annotations

from typing import Literal, TypedDict

OutcomeKind = Literal["right", "partly", "wrong", "format", "fault"]


class Option(TypedDict):
    """An option of a choice, or a line to be put in order; sanitised HTML."""

    label: str
    html: str


class VisibleTest(TypedDict):
    """A test that a student may read."""

    name: str
    source: str


class Item(TypedDict):
    """An exercise with all that the student has been shown of it so far."""

    id: str
    kind: str
    language: str
    title: str
    skill: str
    skill_title: str
    points: float
    prompt: str
    unit_required: bool
    ordered: bool
    options: list[Option]
    code_lines: bool
    starter: str
    tests: list[VisibleTest]
    attempts: int
    hints: list[str]
    hints_left: int
    solution: str
    finished: bool


class TestOutcome(TypedDict):
    """What a student is told about one test of their program."""

    name: str
    passed: bool
    hidden: bool
    html: str


class Mastery(TypedDict):
    """Where a student stands in one skill; probabilities in [0, 1]."""

    course: str
    skill: str
    title: str
    estimate: float
    low: float
    high: float
    answers: int


class Move(TypedDict):
    """How one answer moved the mastery of a skill."""

    before: Mastery
    after: Mastery


class Outcome(TypedDict):
    """A judged answer."""

    item: Item
    outcome: OutcomeKind
    score: float
    html: str
    tests: list[TestOutcome]
    counted: bool
    moves: list[Move]


class Skill(TypedDict):
    """A skill that can be practised."""

    course: str
    course_title: str
    skill: str
    title: str


class Course(TypedDict):
    """A course with its skills that can be practised."""

    course: str
    title: str
    skills: list[Skill]


class Person(TypedDict):
    """Who practises."""

    id: str
    name: str


class Session(TypedDict):
    """What a page needs to begin."""

    student: Person
    language: str
    item: Item | None
    courses: list[Course]
    mastery: list[Mastery]
