"""From a stored variant to what its student may see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ustaz_courses.richtext import to_html

from ustaz_grading.practice.public import (
    MasteryView,
    PublicItem,
    PublicOption,
    PublicTest,
    TestOutcome,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ustaz_courses import TestVerdict, Variant

    from ustaz_grading.records import Mastery, PracticeItem

FINISHED = frozenset(("solved", "skipped"))


def public_item(
    item: PracticeItem, variant: Variant, language: str, *, skill_title: str
) -> PublicItem:
    """Return the exercise as its student may see it now.

    Parameters
    ----------
    item
        As stored.
    variant
        Restored from the item's record.
    language
        kk, ru or en.
    skill_title
        Title of the main skill in that language.
    """
    text = variant.text(language)
    answer = variant.template.answer
    finished = item.state in FINISHED
    shown = min(item.hints_used, len(text.hints))
    code_lines = bool(answer.code)
    return PublicItem(
        id=str(item.id),
        kind=variant.kind,
        language=language,
        title=text.title,
        skill=variant.skills[0],
        skill_title=skill_title,
        points=variant.points,
        prompt=to_html(text.prompt, language),
        unit_required=bool(answer.unit_required),
        ordered=bool(answer.ordered),
        options=tuple(
            PublicOption(label=option.label, html=_option_html(option.text, language, code_lines))
            for option in text.options
        ),
        code_lines=code_lines,
        starter=text.starter,
        tests=_visible_tests(variant),
        attempts=item.attempts,
        hints=tuple(to_html(hint, language) for hint in text.hints[:shown]),
        hints_left=len(text.hints) - shown,
        solution=_solution_html(variant, text.solution, language) if finished else "",
        finished=finished,
    )


def public_tests(verdicts: Iterable[TestVerdict], language: str) -> tuple[TestOutcome, ...]:
    """Return what the student is told about each test."""
    return tuple(
        TestOutcome(
            name=verdict.name,
            passed=verdict.passed,
            hidden=verdict.hidden,
            html=to_html(verdict.message, language) if verdict.message else "",
        )
        for verdict in verdicts
    )


def mastery_view(mastery: Mastery, title: str) -> MasteryView:
    """Return a stored mastery as its learner sees it."""
    low, high = mastery.interval
    return MasteryView(
        course=mastery.course,
        skill=mastery.skill,
        title=title,
        estimate=mastery.probability,
        low=low,
        high=high,
        answers=mastery.answers,
    )


def _option_html(text: str, language: str, code: bool) -> str:  # noqa: FBT001 - private
    # A line of a program keeps its indentation only as a block of code.
    return to_html(f"```\n{text}\n```" if code else text, language)


def _visible_tests(variant: Variant) -> tuple[PublicTest, ...]:
    if variant.kind != "code":
        return ()
    job = variant.code_job("")
    return tuple(
        PublicTest(name=test.name, source=test.source) for test in job.tests if not test.hidden
    )


def _solution_html(variant: Variant, solution: str, language: str) -> str:
    if variant.kind == "code" and "```" not in solution:
        solution = f"{solution}\n\n```python\n{variant.solution_program()}\n```"
    return to_html(solution, language)
