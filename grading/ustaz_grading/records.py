"""What the store keeps, as frozen values.

Every record is built by keyword. ``id`` is the store's number of the row and is ``None`` until it
is stored. Instants are aware datetimes; the store keeps them in UTC.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from ustaz_grading.errors import InvalidRecordError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ID_CHARACTERS_MAX: Final = 64
"""Longest student id: it becomes a folder's name, which many file systems bound by 255 bytes."""

_ID_EXTRA: Final = frozenset("_.-@")
_MASTERY_Z: Final = 1.645
"""Standard deviations on either side of the mean that hold 90% of a normal distribution."""

Source = Literal["notebook", "practice", "import"]
PracticeState = Literal["open", "answered", "solved", "skipped"]
_SOURCES: Final = frozenset(("notebook", "practice", "import"))
_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


def check_student_id(text: str) -> str:
    """Return the id in NFC, fit for a folder's name on every system.

    Parameters
    ----------
    text
        Letters and digits of any script and ``_ . - @``; no dot first, no ``..``; at most 64
        characters.

    Raises
    ------
    InvalidRecordError
        When a rule is broken; the message names the id and the rule.
    """
    name = unicodedata.normalize("NFC", text)
    if not name:
        raise InvalidRecordError("A student id is empty; give each student an id.")
    if len(name) > ID_CHARACTERS_MAX:
        raise InvalidRecordError(
            "Student id {id!r} has {length} characters; at most {limit} are allowed.",
            id=name[:ID_CHARACTERS_MAX] + "…",
            length=len(name),
            limit=ID_CHARACTERS_MAX,
        )
    if name.startswith(".") or ".." in name:
        raise InvalidRecordError(
            "Student id {id!r} starts with a dot or holds '..'; ids become folder names.", id=name
        )
    for character in name:
        letter = unicodedata.category(character)[0] in "LMN"
        if not letter and character not in _ID_EXTRA:
            raise InvalidRecordError(
                "Student id {id!r} holds {character!r}; only letters, digits and _ . - @ may stand"
                " in an id.",
                id=name,
                character=character,
            )
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """Someone on the class list."""

    id: str
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    """kk, ru or en; empty: the classroom's."""
    interests: tuple[str, ...] = ()
    """Keys of interests such as ``sport``."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", check_student_id(self.id))
        object.__setattr__(self, "interests", tuple(self.interests))

    @property
    def name(self) -> str:
        """Last and first name as a class list shows them; the id where there is no name."""
        return f"{self.last_name} {self.first_name}".strip() or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Which variant a student was given in a slot of an assignment."""

    id: int | None = None
    course: str
    assignment: str
    slot: str
    student: str
    round: int = 0
    """0 for the first variant of the slot, 1 for the next after a teacher gave a fresh one, …"""
    template: str
    content_hash: str
    record: Mapping[str, Any]
    """``Variant.record()``: seed, parameters, situation, order of options."""
    tag: str = ""
    """Short mark that the student's cells carry to show whose variant they hold."""
    language: str = ""
    issued_at: datetime

    def __post_init__(self) -> None:
        _check_instant("issued_at", self.issued_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One judged answer of one learner. Rows are only ever added."""

    id: int | None = None
    course: str
    learner: str
    at: datetime
    source: Source
    assignment: str = ""
    slot: str = ""
    template: str = ""
    item: str = ""
    """What was asked, for the item's difficulty; empty: the template."""
    content_hash: str = ""
    skills: tuple[str, ...]
    """All skills of the answer, the main one first; an answer with several is still one answer."""
    score: float
    """Share of the points, in [0, 1]."""
    hints_used: int = 0
    language: str = ""
    duration_s: float | None = None
    key: str
    """Names this answer within its course; adding the same key again changes nothing."""
    corrects: int | None = None
    """Id of the row that this one replaces."""

    def __post_init__(self) -> None:
        _check_instant("at", self.at)
        if self.source not in _SOURCES:
            raise InvalidRecordError(
                "Evidence {key!r} has the source {source!r}; expected notebook, practice or"
                " import.",
                key=self.key,
                source=self.source,
            )
        if not (math.isfinite(self.score) and 0 <= self.score <= 1):
            raise InvalidRecordError(
                "Evidence {key!r} has the score {score}; expected a share of the points between 0"
                " and 1.",
                key=self.key,
                score=self.score,
            )
        if self.hints_used < 0:
            raise InvalidRecordError(
                "Evidence {key!r} has {hints} hints used; expected 0 or more.",
                key=self.key,
                hints=self.hints_used,
            )
        if not self.key or not self.learner or not self.course:
            raise InvalidRecordError(
                "Evidence needs a course, a learner and a key; got {course!r}, {learner!r},"
                " {key!r}.",
                course=self.course,
                learner=self.learner,
                key=self.key,
            )
        object.__setattr__(self, "skills", tuple(dict.fromkeys(self.skills)))

    @property
    def asked(self) -> str:
        """What was asked: the item, or the template where no item is named."""
        return self.item or self.template


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is shown behind a mastery."""

    item: str
    at: datetime
    score: float
    """In [0, 1]."""
    hints_used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastery:
    """How sure we are that a learner solves an exercise of reference difficulty in a skill."""

    course: str
    learner: str
    skill: str
    mean: float
    """Logit of the probability of success."""
    sd: float
    """Standard deviation of ``mean``, logits."""
    answers: int
    updated_at: datetime | None

    @property
    def probability(self) -> float:
        """Mastery in [0, 1]."""
        return sigmoid(self.mean)

    @property
    def interval(self) -> tuple[float, float]:
        """Bounds in [0, 1] that hold the mastery with 90% probability."""
        reach = _MASTERY_Z * self.sd
        return sigmoid(self.mean - reach), sigmoid(self.mean + reach)


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeItem:
    """One variant that a student practises with outside of assignments."""

    id: int | None = None
    student: str
    course: str
    template: str
    content_hash: str
    record: Mapping[str, Any]
    hints_used: int = 0
    attempts: int = 0
    state: PracticeState = "open"
    issued_at: datetime
    answered_at: datetime | None = None

    def __post_init__(self) -> None:
        _check_instant("issued_at", self.issued_at)
        if self.answered_at is not None:
            _check_instant("answered_at", self.answered_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationRank:
    """How an engine ordered a template's situations for an interest."""

    course: str
    template: str
    content_hash: str
    interest: str
    engine: str
    """The engine's name, so that another engine's ranking is not taken for this one's."""
    ranking: tuple[tuple[str, float], ...]
    """(situation id, score), best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A failure of ours, never a learner's: it leaves no score behind."""

    id: int | None = None
    at: datetime
    course: str
    assignment: str = ""
    student: str = ""
    stage: str
    message: str
    log: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateVersion:
    """A template's text as it was when variants of it were issued."""

    content_hash: str
    template: str
    difficulty: float
    """The author's, 0 easy … 1 hard."""
    files: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


def _check_instant(name: str, value: datetime) -> None:
    if value.tzinfo is None or value.utcoffset() is None:
        raise InvalidRecordError(
            "{name} is {value}, which has no time zone; give an aware time such as"
            " datetime.now(timezone.utc).",
            name=name,
            value=value.isoformat(),
        )


def sigmoid(logit: float) -> float:
    """Return the probability in [0, 1] of a logit."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1 + odds)
