"""The practice desk: issues variants to a student, judges answers, gives hints, keeps evidence.

Knows nothing of HTTP. Every call may be repeated: a second click, or a request sent again after a
lost reply, changes nothing more. The first judged answer of an exercise is its evidence (one
answer, one row); giving up before any answer counts as a wrong one; an answer in a wrong format
counts as nothing, and so does a fault of ours.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from ustaz_courses import CodeJudgement
from ustaz_courses.richtext import to_html

from ustaz_grading.errors import MissingRecordError, PracticeError
from ustaz_grading.practice.bank import PracticeBank
from ustaz_grading.practice.issuing import ASSIGNMENT, choose, draw
from ustaz_grading.practice.judging import judge, keep_evidence, masteries_of
from ustaz_grading.practice.public import MasteryMove, MasteryView, Outcome
from ustaz_grading.practice.show import FINISHED, mastery_view, public_item, public_tests
from ustaz_grading.records import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from ustaz_courses import CodeRunner, Response, Variant

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.practice.public import CourseView, OutcomeKind, PublicItem
    from ustaz_grading.records import Mastery, PracticeItem, Student

RECENT_ITEMS: Final = 40
"""Exercises looked back on when the next one is chosen."""

_ITEM_DIGITS_MAX: Final = 18
"""Ids of the store are 64-bit numbers."""


def _now() -> datetime:
    return datetime.now(UTC)


class PracticeDesk:
    """What a classroom's students practise with. Safe to use from several threads.

    Parameters
    ----------
    classroom
        Whose courses, approvals, secret and store.
    runner
        Runs programs of exercises of kind ``code``; ``None``: the jailed runner of
        `ustaz_grading.coderunner`.
    clock
        Gives the time as an aware instant.
    """

    def __init__(
        self,
        classroom: Classroom,
        *,
        runner: CodeRunner | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._classroom = classroom
        self._store = classroom.store
        self._bank = PracticeBank(classroom)
        self._runner = runner
        self._clock = clock
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @property
    def course_id(self) -> str:
        """The classroom's course."""
        return self._classroom.config.course_id

    def student(self, student: str) -> Student:
        """Return a student of the class list.

        Raises
        ------
        MissingRecordError
            Nobody has this id.
        """
        return self._classroom.student(student)

    def language_of(self, student: str) -> str:
        """Return the language that a student begins with."""
        return self._classroom.language_of(self.student(student))

    def courses(self, language: str) -> tuple[CourseView, ...]:
        """Return the courses with the skills that can be practised."""
        return self._bank.views(language)

    def mastery(self, student: str, *, language: str | None = None) -> list[MasteryView]:
        """Return where a student stands, in the courses' order; only skills with answers."""
        words = language or self.language_of(student)
        order = self._bank.skill_order()
        found = [m for m in self._store.masteries(self.course_id, student) if m.answers]
        found.sort(key=lambda m: order.get(m.skill, len(order)))
        return [self._mastery_view(m, words) for m in found]

    def standing(self, student: str, skill: str, *, language: str) -> MasteryView:
        """Return where a student stands in one skill; without answers, what is assumed."""
        found = masteries_of(self._store, self.course_id, student, [skill])
        return self._mastery_view(found[0], language)

    def open_item(self, student: str, *, language: str) -> PublicItem | None:
        """Return the student's latest exercise if it is not finished."""
        latest = self._items(student, 1)
        if not latest or latest[0].state in FINISHED:
            return None
        return self._public(latest[0], language)

    def item(self, student: str, item_id: str, *, language: str) -> PublicItem:
        """Return an exercise of the student's, in the language asked for.

        Raises
        ------
        PracticeError
            The student has no such exercise.
        """
        return self._public(self._own(student, item_id), language)

    def next_item(
        self, student: str, *, skill: str | None = None, language: str, after: str | None = None
    ) -> PublicItem:
        """Return the next exercise: the unfinished one, or a new variant of an approved template.

        Parameters
        ----------
        student
            Who practises.
        skill
            What to practise; ``None``: chosen by where the student stands.
        language
            kk, ru or en.
        after
            Id of the exercise that the student is done with or leaves; ``None``: none. Asking again
            with the same ``after`` gives the exercise that was issued then.

        Raises
        ------
        PracticeError
            The skill has nothing to practise.
        """
        with self._locks[student]:
            recent = self._items(student, RECENT_ITEMS)
            if recent and str(recent[0].id) != after and recent[0].state not in FINISHED:
                main = self._bank.variant(recent[0]).skills[0]
                if skill is None or skill == main:
                    return self._public(recent[0], language)
            masteries = {m.skill: m for m in self._store.masteries(self.course_id, student)}
            template = choose(self._bank.shelves(), masteries, recent, skill)
            earlier = self._store.practice_items(student, self.course_id)
            item = draw(
                self._classroom,
                self.student(student),
                template,
                [item for item in earlier if item.template == template.id],
                self._clock(),
            )
            # First, so that an issued variant can always be restored.
            self._store.save_template_version(template)
            return self._public(self._store.save_practice_item(item), language)

    def answer(
        self,
        student: str,
        item_id: str,
        response: Response,
        *,
        language: str,
        attempt: int | None = None,
    ) -> Outcome:
        """Judge a response, keep the first judged one as evidence, and return what came of it.

        Parameters
        ----------
        student, item_id
            Whose answer to which exercise.
        response
            As `ustaz_courses.Variant.check` takes it; for code the program.
        language
            Language of what the student is told.
        attempt
            Which attempt this is, from 1; a number that was judged already marks a repeated
            request, which is judged again and not counted. ``None``: a new attempt.

        Raises
        ------
        PracticeError
            The student has no such exercise.
        """
        with self._locks[student]:
            item = self._own(student, item_id)
            variant = self._bank.variant(item)
            judged = judge(variant, response, language, self._code_runner)
            if judged.outcome == "fault":
                self._note_fault(item)
            repeated = attempt is not None and attempt <= item.attempts
            counts = judged.outcome not in ("format", "fault") and not repeated
            counted = False
            moves: tuple[MasteryMove, ...] = ()
            if counts and item.state not in FINISHED:
                # Evidence first: cut off between the two, a repeated request mends the rest.
                if item.attempts == 0:
                    counted, moves = self._count(item, variant, judged.score, language)
                item = self._store.save_practice_item(
                    replace(
                        item,
                        attempts=item.attempts + 1,
                        state="solved" if judged.outcome == "right" else "answered",
                        answered_at=item.answered_at or self._clock(),
                    )
                )
            return Outcome(
                item=self._public(item, language),
                outcome=cast("OutcomeKind", judged.outcome),
                score=judged.score,
                html=to_html(judged.message, language) if judged.message else "",
                tests=public_tests(judged.tests, language)
                if isinstance(judged, CodeJudgement)
                else (),
                counted=counted,
                moves=moves,
            )

    def hint(
        self, student: str, item_id: str, *, language: str, shown: int | None = None
    ) -> PublicItem:
        """Return the exercise with one more hint.

        Parameters
        ----------
        student, item_id
            Whose exercise.
        language
            kk, ru or en.
        shown
            How many hints the student already sees; fewer than were taken marks a repeated
            request. ``None``: a new one.

        Raises
        ------
        PracticeError
            The student has no such exercise.
        """
        with self._locks[student]:
            item = self._own(student, item_id)
            total = len(self._bank.variant(item).text(language).hints)
            new = shown is None or shown >= item.hints_used
            if new and item.state not in FINISHED and item.hints_used < total:
                item = self._store.save_practice_item(replace(item, hints_used=item.hints_used + 1))
            return self._public(item, language)

    def solution(self, student: str, item_id: str, *, language: str) -> Outcome:
        """Give the exercise up and return it with its worked solution.

        Giving up before any answer counts as a wrong answer; after one, nothing more is counted.

        Raises
        ------
        PracticeError
            The student has no such exercise.
        """
        with self._locks[student]:
            item = self._own(student, item_id)
            counted = False
            moves: tuple[MasteryMove, ...] = ()
            if item.state not in FINISHED:
                if item.attempts == 0:
                    counted, moves = self._count(item, self._bank.variant(item), 0.0, language)
                item = self._store.save_practice_item(
                    replace(item, state="skipped", answered_at=item.answered_at or self._clock())
                )
            solved = item.state == "solved"
            return Outcome(
                item=self._public(item, language),
                outcome="right" if solved else "wrong",
                score=1.0 if solved else 0.0,
                html="",
                tests=(),
                counted=counted,
                moves=moves,
            )

    def _items(self, student: str, latest: int) -> list[PracticeItem]:
        return self._store.practice_items(student, self.course_id, latest=latest)

    def _own(self, student: str, item_id: str) -> PracticeItem:
        """Return the item if it is this student's; another's is as unknown as none."""
        if item_id.isascii() and item_id.isdigit() and len(item_id) <= _ITEM_DIGITS_MAX:
            try:
                item = self._store.practice_item(int(item_id))
            except MissingRecordError:
                item = None
            if item is not None and (item.student, item.course) == (student, self.course_id):
                return item
        raise PracticeError(
            "There is no exercise {item!r} of yours. Start a new one.", item=item_id[:40]
        )

    def _public(self, item: PracticeItem, language: str) -> PublicItem:
        variant = self._bank.variant(item)
        title = self._bank.title(variant.skills[0], language)
        return public_item(item, variant, language, skill_title=title)

    def _mastery_view(self, mastery: Mastery, language: str) -> MasteryView:
        return mastery_view(mastery, self._bank.title(mastery.skill, language))

    def _count(
        self, item: PracticeItem, variant: Variant, score: float, language: str
    ) -> tuple[bool, tuple[MasteryMove, ...]]:
        counted, moved = keep_evidence(
            self._store, item, variant.skills, score=score, language=language, now=self._clock()
        )
        return counted, tuple(
            MasteryMove(
                before=self._mastery_view(before, language),
                after=self._mastery_view(after, language),
            )
            for before, after in moved
        )

    def _note_fault(self, item: PracticeItem) -> None:
        self._store.add_fault(
            Fault(
                at=self._clock(),
                course=self.course_id,
                assignment=ASSIGNMENT,
                student=item.student,
                stage="practice",
                message=f"The program of exercise {item.id} ({item.template}) could not be run.",
            )
        )

    @property
    def _code_runner(self) -> CodeRunner:
        if self._runner is None:
            from ustaz_grading.coderunner import CodeRunner as Jailed  # noqa: PLC0415 - the sandbox is loaded by who needs it

            self._runner = Jailed()
        return self._runner
