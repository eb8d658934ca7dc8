"""Every fixed text of the practice page, in English; the catalogues hold the other languages."""

from __future__ import annotations

from typing import Final

STRINGS: Final[dict[str, str]] = {
    "title": "Practice",
    "language": "Language",
    "intro": "Choose a topic, or let Ustaz choose what fits you now.",
    "topic": "Topic",
    "anyTopic": "What fits me now",
    "begin": "Start",
    "another": "Another exercise",
    "check": "Check",
    "checking": "Checking…",
    "running": "Running the tests…",
    "emptyTitle": "Enter an answer first. Nothing was counted.",
    "hint": "Hint",
    "nextHint": "Another hint",
    "hints": "Hints",
    "showSolution": "Show the solution",
    "solution": "Solution",
    "confirmSolution": "Show it and finish the exercise? Without an answer it counts as wrong.",
    "confirmYes": "Yes, show it",
    "confirmNo": "No, go on",
    "next": "Next exercise",
    "passed": "passed:",
    "failed": "not passed:",
    "visibleTests": "What the tests check",
    "orderRest": "Lines to use",
    "orderAnswer": "Your order",
    "orderEmpty": "No line yet. Add lines from the list above.",
    "up": "Move up: {line}",
    "down": "Move down: {line}",
    "add": "Add: {line}",
    "remove": "Take out: {line}",
    "linePlace": "Line {place} of {count}",
    "lineRemoved": "Taken out",
    "mastery": "Where you stand",
    "masteryHelp": "The mark is the best guess, the band is what your answers so far allow.",
    "masteryEmpty": "After your first answer you see here how well you know a topic.",
}

FIELD_WORDS: Final[dict[str, str]] = {
    "number": "Your answer",
    "expression": "Your answer",
    "set": "Your answer",
    "matrix": "Your answer",
    "choice": "Choose one answer",
    "multiple": "Choose all that are right",
    "order": "Put the lines in order",
    "code": "Your program",
}
"""Labels of the fields, by kind of exercise."""

HELP: Final[dict[str, str]] = {
    "number": "A number, for example 12, −3.5 or 2/3.",
    "unit": "Write the unit as well.",
    "expression": "An expression, for example 2x^2 − 3x + 1. Write powers with ^.",
    "set": "All values, with a semicolon between them, for example −2; 5. If there is none: ∅.",
    "ordered set": "The values in order, in brackets, for example (2; 5).",
    "matrix": "One row a line, numbers with spaces between them.",
    "choice": "",
    "multiple": "",
    "order": "Add lines with + and move them with ↑ and ↓. Not every line has to be used.",
    "code": "Tab indents. To leave the field by keyboard, press Escape, then Tab."
    " Ctrl+Enter checks.",
}
"""How an answer is entered."""

OUTCOME_TITLES: Final[dict[str, str]] = {
    "right": "Right!",
    "partly": "Partly right.",
    "wrong": "Not right yet.",
    "format": "This cannot be read as an answer. It costs you nothing: write it again.",
    "fault": "Something went wrong on our side. It costs you nothing.",
    "given-up": "Here is how it is done.",
}
"""What is said first of an outcome."""

PAGE: Final[dict[str, str]] = {
    "title": "Practice",
    "loading": "Practice is loading…",
    "failed": "The page could not be started. Nothing is lost: load it again.",
    "offline": "The connection is lost. Trying again…",
    "gone": "This page was left open for long and has been closed. Nothing is lost: go on.",
    "goOn": "Go on",
    "reload": "Load again",
    "script": "This page needs JavaScript. Switch it on and load the page again.",
    "signIn": "Open the link that your teacher gave you.",
    "signInMore": "This page opens only with a link of your own. It may also have expired: then"
    " ask your teacher for a new one.",
    "serviceDown": "Practice cannot be reached now. Nothing is lost: try again in a moment.",
}
"""Texts of the page around the widget, which has to speak before the widget is there."""
