"""From where a conversation stands to what the page shows, every word in the student's language.

Pair of ``widgets/js/practice/types.ts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypedDict

from ustaz_courses.language import LANGUAGES, translate

from ustaz_widgets.student.actions import TEXT_CHARACTERS_MAX
from ustaz_widgets.student.words import FIELD_WORDS, HELP, OUTCOME_TITLES, STRINGS

if TYPE_CHECKING:
    from ustaz_widgets.student.conversation import Phase, State
    from ustaz_widgets.student.wire import Item, Mastery, Option, TestOutcome, VisibleTest

DOMAIN: Final = "ustaz_widgets"

Tone = Literal["right", "partly", "wrong", "format", "solution", "problem", "info"]
FieldType = Literal["line", "lines", "one", "many", "order", "code"]

LANGUAGE_NAMES: Final = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""Each in itself: who looks for a language reads only that one."""
FIELD_TYPES: Final[dict[str, FieldType]] = {
    "number": "line",
    "expression": "line",
    "set": "line",
    "matrix": "lines",
    "choice": "one",
    "multiple": "many",
    "order": "order",
    "code": "code",
}
CHANGE_MIN: Final = 0.005
"""Less than half a percentage point does not show."""


class LanguageChoice(TypedDict):
    """A language to choose."""

    code: str
    name: str


class SkillChoice(TypedDict):
    """A topic to choose."""

    id: str
    title: str
    course: str


class FieldView(TypedDict):
    """Where the answer is entered."""

    type: FieldType
    label: str
    help: str
    options: list[Option]
    code: bool
    starter: str
    tests: list[VisibleTest]


class ItemView(TypedDict):
    """The exercise."""

    id: str
    title: str
    skill: str
    prompt: str
    attempts: int
    field: FieldView


class TestView(TypedDict):
    """A test's result; the message is sanitised HTML."""

    name: str
    passed: bool
    html: str


class FeedbackView(TypedDict):
    """What is said of the last answer; ``html`` is sanitised."""

    tone: Tone
    title: str
    html: str
    tests: list[TestView]
    number: int


class BarView(TypedDict):
    """A bar of mastery; percentages."""

    skill: str
    title: str
    estimate: int
    low: int
    high: int
    text: str
    change: str


class View(TypedDict):
    """All that the page shows."""

    serial: int
    language: str
    languages: list[LanguageChoice]
    strings: dict[str, str]
    phase: Phase
    student: str
    skills: list[SkillChoice]
    skill: str
    item: ItemView | None
    feedback: FeedbackView | None
    hints: list[str]
    hintsLeft: int
    solution: str
    finished: bool
    mastery: list[BarView]
    busy: bool


def view_of(state: State, *, busy: bool, serial: int) -> View:
    """Return what the page shows.

    Parameters
    ----------
    state
        Where the conversation stands.
    busy
        Whether an answer is on its way.
    serial
        Grows with each view of one page.
    """
    item, language = state.item, state.language
    return {
        "serial": serial,
        "language": language,
        "languages": [{"code": code, "name": LANGUAGE_NAMES[code]} for code in LANGUAGES],
        "strings": {name: _say(text, language) for name, text in STRINGS.items()},
        "phase": state.phase,
        "student": state.student,
        "skills": [
            {"id": skill["skill"], "title": skill["title"], "course": skill["course_title"]}
            for course in state.courses
            for skill in course["skills"]
        ],
        "skill": state.skill,
        "item": _item(item, language) if item else None,
        "feedback": _feedback(state),
        "hints": item["hints"] if item else [],
        "hintsLeft": item["hints_left"] if item else 0,
        "solution": item["solution"] if item else "",
        "finished": bool(item and item["finished"]),
        "mastery": [_bar(bar, state.before.get(bar["skill"]), language) for bar in state.mastery],
        "busy": busy,
    }


def _say(text: str, language: str, **values: object) -> str:
    return translate(text, language, domain=DOMAIN, **values)


def _item(item: Item, language: str) -> ItemView:
    kind = item["kind"]
    label, helps = FIELD_WORDS[kind], [HELP[kind]]
    if item["unit_required"]:
        helps.append(HELP["unit"])
    if kind == "set" and item["ordered"]:
        helps = [HELP["ordered set"]]
    return {
        "id": item["id"],
        "title": item["title"],
        "skill": item["skill_title"],
        "prompt": item["prompt"],
        "attempts": item["attempts"],
        "field": {
            "type": FIELD_TYPES[kind],
            "label": _say(label, language),
            "help": " ".join(_say(text, language) for text in helps),
            "options": item["options"],
            "code": item["code_lines"],
            "starter": item["starter"],
            "tests": item["tests"],
        },
    }


def _feedback(state: State) -> FeedbackView | None:
    language, outcome, problem = state.language, state.outcome, state.problem
    if problem is not None:
        title, more = problem.error, problem.next_step
        if problem.kind == "unreachable":
            title = _say("The practice service does not answer.", language)
            more = _say("Nothing is lost. Try again in a moment.", language)
        elif problem.kind == "too-long":
            title = _say(
                "Your answer is too long: at most {limit} characters are read.",
                language,
                limit=TEXT_CHARACTERS_MAX,
            )
        return _note("problem", f"{title} {more}".strip(), state.said)
    if outcome is None:
        return None
    if state.given is None:
        return _note("solution", _say(OUTCOME_TITLES["given-up"], language), state.said)
    kind = outcome["outcome"]
    tone: Tone = "problem" if kind == "fault" else kind
    note = _note(tone, _say(OUTCOME_TITLES[kind], language), state.said)
    return {
        **note,
        "html": outcome["html"],
        "tests": [_test(test, index, language) for index, test in enumerate(outcome["tests"], 1)],
    }


def _note(tone: Tone, title: str, number: int) -> FeedbackView:
    return {"tone": tone, "title": title, "html": "", "tests": [], "number": number}


def _test(test: TestOutcome, place: int, language: str) -> TestView:
    text = "Hidden test {place}" if test["hidden"] else "Test {place}"
    return {
        "name": _say(text, language, place=place),
        "passed": test["passed"],
        "html": test["html"],
    }


def _bar(bar: Mastery, before: float | None, language: str) -> BarView:
    estimate, low, high = _percent(bar["estimate"]), _percent(bar["low"]), _percent(bar["high"])
    change = ""
    if before is not None and abs(bar["estimate"] - before) >= CHANGE_MIN:
        change = _say(
            "from {before}% to {after}%", language, before=_percent(before), after=estimate
        )
    text = _say(
        "{estimate}%, most likely between {low}% and {high}%; answers: {answers}",
        language,
        estimate=estimate,
        low=low,
        high=high,
        answers=bar["answers"],
    )
    return {
        "skill": bar["skill"],
        "title": bar["title"],
        "estimate": estimate,
        "low": low,
        "high": high,
        "text": text,
        "change": change,
    }


def _percent(probability: float) -> int:
    return round(100 * probability)
