"""Some simulated students practise at the real practice desk, as they would in the app."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Final

from ustaz_courses import reference_response
from ustaz_grading.simulation import ability

from ustaz_lab.demo.station import Outcome

if TYPE_CHECKING:
    from ustaz_courses import Response, Variant
    from ustaz_grading.classroom import Classroom
    from ustaz_grading.practice import PracticeDesk
    from ustaz_grading.practice.public import PublicItem

    from ustaz_lab.console import Console

STUDENTS: Final = ("aigerim.s", "damir.g", "leyla.d")
"""One of each language."""
EXERCISES: Final = 6
"""Exercises that each does."""
SEED: Final = 11


def practise(room: Classroom, console: Console) -> Outcome:
    """Ask for exercises, take hints, answer, and see mastery move."""
    from ustaz_grading.practice import PracticeDesk  # noqa: PLC0415 - each station brings its own

    course = room.config.course_id
    answered = {s: _answered(room, s) for s in STUDENTS}
    kept = all(count >= EXERCISES for count in answered.values())
    desk = PracticeDesk(room)
    said: dict[str, int] = {}
    moves = 0
    for number, student in enumerate(() if kept else STUDENTS):
        console.progress("practice", number, len(STUDENTS))
        dice = random.Random(f"{SEED} {student}")  # noqa: S311 - no secret
        after = None
        while _answered(room, student) < EXERCISES:
            item = desk.next_item(student, language=desk.language_of(student), after=after)
            outcome, moved = _work(room, desk, student, item, dice)
            said[outcome] = said.get(outcome, 0) + 1
            moves += moved
            after = item.id
    counted = len([e for s in STUDENTS for e in room.store.evidence(course, s)
                   if e.source == "practice"])  # fmt: skip
    return Outcome(
        given={"students": list(STUDENTS), "exercises_each": EXERCISES},
        gave={"counted": counted, "outcomes": said, "mastery_moves": moves},
        summary="{counted} answers counted, masteries moved {mastery_moves} times",
        ok=counted >= EXERCISES * len(STUDENTS) and "fault" not in said,
        kept=kept,
    )


def _answered(room: Classroom, student: str) -> int:
    items = room.store.practice_items(student, room.config.course_id)
    return sum(item.state != "open" for item in items)


def _work(
    room: Classroom, desk: PracticeDesk, student: str, item: PublicItem, dice: random.Random
) -> tuple[str, int]:
    """Do one exercise to its end; return what the first answer came to and how masteries moved."""
    from ustaz_grading.practice.bank import PracticeBank  # noqa: PLC0415 - as above

    # Only a simulation may look behind the desk.
    variant = PracticeBank(room).variant(room.store.practice_item(int(item.id)))
    language = item.language
    chance = 1 / (1 + math.exp(-(ability(student, SEED) + 1 + 3 * (0.5 - variant.difficulty))))
    if dice.random() < 0.25 and item.hints_left:
        desk.hint(student, item.id, language=language)
    response = _right(variant, language) if dice.random() < chance else _wrong(variant, language)
    outcome = desk.answer(student, item.id, response, language=language)
    if not outcome.item.finished:
        desk.solution(student, item.id, language=language)
    return outcome.outcome, len(outcome.moves)


def _right(variant: Variant, language: str) -> Response:
    if variant.key is None:
        return variant.solution_program()
    return reference_response(variant.key, language)


def _wrong(variant: Variant, language: str) -> Response:
    """Return what a misconception leads to; for a program the untouched starter."""
    for key in variant.misconceptions.values():
        return reference_response(key, language)
    if variant.key is None:
        return variant.text(language).starter or "pass"
    return "0"
