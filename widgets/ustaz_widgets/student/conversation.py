"""A student's conversation with the practice service: what was asked, and where it stands now.

Each action makes a new frozen `State`; nothing is judged and no mastery computed here. Stale
requests (a second click, a page that shows an exercise already left) are told apart by what the
browser says it had seen, and change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ustaz_widgets.errors import ServiceRefusalError, ServiceUnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ustaz_widgets.student.actions import Action
    from ustaz_widgets.student.wire import Course, Item, Mastery, Outcome, Session

Phase = Literal["start", "exercise", "closed"]


class Service(Protocol):
    """What is asked of the practice service; see `ustaz_widgets.student.client`."""

    def session(self, language: str | None = None) -> Session:
        """Return what a page needs to begin."""

    def item(self, item: str, language: str) -> Item:
        """Return an exercise."""

    def next_item(self, language: str, *, skill: str | None, after: str | None) -> Item:
        """Return the next exercise."""

    def answer(
        self, item: str, response: str | Sequence[str], language: str, *, attempt: int
    ) -> Outcome:
        """Return what came of a response."""

    def hint(self, item: str, language: str, *, shown: int) -> Item:
        """Return the exercise with one more hint."""

    def solution(self, item: str, language: str) -> Outcome:
        """Give the exercise up."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong that is no outcome of an answer; plain text, in the student's language."""

    kind: Literal["refused", "unreachable", "too-long"]
    error: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where the conversation stands."""

    language: str
    phase: Phase = "start"
    student: str = ""
    courses: tuple[Course, ...] = ()
    mastery: tuple[Mastery, ...] = ()
    skill: str = ""
    """The topic chosen; empty: any."""
    item: Item | None = None
    outcome: Outcome | None = None
    """Of the last answer to this exercise."""
    given: str | tuple[str, ...] | None = None
    """What that answer was; ``None``: none, the exercise was given up."""
    before: Mapping[str, float] = field(default_factory=dict)
    """Estimates from which this exercise moved, by skill."""
    problem: Problem | None = None
    said: int = 0
    """Grows with everything that is said, so that the same words can be said again."""


class Conversation:
    """One student's practice, from opening the page to leaving it.

    Parameters
    ----------
    service
        Speaks for the student.
    language
        Of what is said until the service has told the student's own.
    """

    def __init__(self, service: Service, *, language: str = "kk") -> None:
        self._service = service
        self.state = State(language=language)

    def begin(self) -> None:
        """Take up where the student left off."""

        def work() -> None:
            session = self._service.session()
            item = session["item"]
            self.state = replace(
                self.state,
                language=session["language"],
                phase="exercise" if item else "start",
                student=session["student"]["name"],
                courses=tuple(session["courses"]),
                mastery=tuple(session["mastery"]),
                item=item,
            )

        self._try(work)
        if self.state.problem:
            # Without a session there is nothing to act on.
            self.state = replace(self.state, phase="closed")

    def act(self, action: Action) -> None:
        """Do what the student asks; what is stale or makes no sense now is left undone."""
        state = self.state
        if action.do == "language":
            self._try(lambda: self._speak(action.language))
        elif state.phase == "closed" or action.do == "refresh":
            return
        elif action.do == "next":
            self._try(lambda: self._next(action))
        elif state.item is not None and action.item == state.item["id"]:
            steps = {"check": self._check, "hint": self._hint, "solution": self._solution}
            item = state.item
            self._try(lambda: steps[action.do](action, item))

    def refuse_long(self) -> None:
        """Say that an answer is longer than any answer may be."""
        self._say(problem=Problem("too-long"))

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except ServiceRefusalError as error:
            self._say(problem=Problem("refused", error.error, error.next_step))
            if error.signed_out:
                self.state = replace(self.state, phase="closed", item=None, outcome=None)
        except ServiceUnreachableError:
            self._say(problem=Problem("unreachable"))

    def _say(self, **changes: object) -> None:
        news: dict[str, Any] = {"problem": None, "said": self.state.said + 1, **changes}
        self.state = replace(self.state, **news)

    def _next(self, action: Action) -> None:
        item = self._service.next_item(
            self.state.language, skill=action.skill or None, after=action.item or None
        )
        self._say(
            phase="exercise", skill=action.skill, item=item, outcome=None, given=None, before={}
        )

    def _check(self, action: Action, item: Item) -> None:
        outcome = self._service.answer(
            item["id"], action.response, self.state.language, attempt=action.attempt + 1
        )
        self._take(outcome, action.response)

    def _solution(self, _action: Action, item: Item) -> None:
        self._take(self._service.solution(item["id"], self.state.language), None)

    def _take(self, outcome: Outcome, given: str | tuple[str, ...] | None) -> None:
        before, mastery = self.state.before, self.state.mastery
        if outcome["moves"]:
            before = {
                move["after"]["skill"]: move["before"]["estimate"] for move in outcome["moves"]
            }
            mastery = _moved(mastery, outcome)
        self._say(
            item=outcome["item"], outcome=outcome, given=given, before=before, mastery=mastery
        )

    def _hint(self, action: Action, item: Item) -> None:
        found = self._service.hint(item["id"], self.state.language, shown=action.shown)
        # What was said of the last answer stays in sight beside the hint.
        self.state = replace(self.state, item=found, problem=None)

    def _speak(self, language: str) -> None:
        """Say everything again in another language; the exercise and its numbers stay."""
        self.state = replace(self.state, language=language)
        session = self._service.session(language)
        item, outcome = self.state.item, self.state.outcome
        if item is not None:
            item = self._service.item(item["id"], language)
            if outcome is not None:
                outcome = self._again(outcome, item)
        self.state = replace(
            self.state,
            phase="exercise" if item else "start",
            student=session["student"]["name"],
            courses=tuple(session["courses"]),
            mastery=tuple(session["mastery"]),
            item=item,
            outcome=outcome,
            problem=None,
        )

    def _again(self, outcome: Outcome, item: Item) -> Outcome:
        """Return the outcome in the language of the item; nothing is counted twice."""
        if self.state.given is None:
            return {**outcome, "item": item}
        # The number of an attempt already judged marks it as a repetition.
        return self._service.answer(
            item["id"], self.state.given, item["language"], attempt=item["attempts"]
        )


def _moved(mastery: Sequence[Mastery], outcome: Outcome) -> tuple[Mastery, ...]:
    after = {move["after"]["skill"]: move["after"] for move in outcome["moves"]}
    known = {bar["skill"] for bar in mastery}
    new = [bar for skill, bar in after.items() if skill not in known]
    # New skills first: there the eye finds what has just begun.
    return (*new, *(after.get(bar["skill"], bar) for bar in mastery))
