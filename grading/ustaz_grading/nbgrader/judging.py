"""Judging a student's answers on the host, and what the student is told.

A variant's own check judges what the kernel said (`reading`); programs go to the judge, all of one
notebook together. What is told becomes the output of the check's cell: the score as plain text,
which nbgrader takes for partial credit, and the feedback as sanitised HTML, which is what a page
shows.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from ustaz_courses.language import format_number
from ustaz_courses.richtext import to_html

from ustaz_grading.errors import JudgeFaultError
from ustaz_grading.nbgrader.cells import exact, say
from ustaz_grading.nbgrader.reading import Given, response, shown

if TYPE_CHECKING:
    from ustaz_courses import CodeJob, CodeJudgement, CodeRun

    from ustaz_grading.assignments.issue import IssuedVariant

SCORE_DECIMALS: Final = 6
"""Of points; the gradebook keeps binary floats."""
ECHO_CHARACTERS_MAX: Final = 200
"""Of the student's own answer that feedback repeats."""
PROGRAM_CHARACTERS_MAX: Final = 100_000

_HEADINGS: Final[Mapping[str, str]] = {
    "right": "Right.",
    "partly": "Partly right.",
    "wrong": "Not right yet.",
    "format": "The answer could not be read.",
    "blank": "No answer.",
    "foreign": "These are another student's numbers.",
}
_HOW: Final[Mapping[str, str]] = {
    "number": "Expected one number.",
    "expression": "Expected one expression.",
    "set": "Expected a list of numbers.",
    "matrix": "Expected a list of rows of numbers.",
    "choice": "Expected one letter.",
    "multiple": "Expected letters.",
    "order": "Expected letters.",
}


class Runner(Protocol):
    """What runs programs; ``ustaz_grading.coderunner.CodeRunner`` does, in the jail."""

    def __call__(self, jobs: Sequence[CodeJob], /) -> Sequence[CodeRun]:
        """Return one run a job."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A slot's score and what its student is told."""

    share: float
    """Of the slot's points, in [0, 1]."""
    outcome: str
    """right, partly, wrong, format, blank, foreign."""
    html: str
    """Sanitised."""


def judge_value(made: IssuedVariant, given: Given, error: str = "") -> Judged:
    """Return the judgement of an answer that is a value.

    Parameters
    ----------
    made
        The student's variant.
    given
        What their variable held.
    error
        Name of the error that stopped their cell, or empty.

    Raises
    ------
    JudgeFaultError
        When the check itself fails: the fault is ours, and no score may be recorded.
    """
    language = made.language
    if not given.is_answer:
        return _unanswered(made, given, error)
    try:
        judged = made.variant.check(response(given), language)
    except Exception as fault:
        raise JudgeFaultError(
            "The answer in {slot!r} could not be checked ({reason}). This is a fault of Ustaz, not"
            " of the student: no score is recorded.",
            slot=made.issue.slot,
            reason=f"{type(fault).__name__}: {str(fault)[:200]}",
        ) from fault
    return _told(made, judged.score, judged.outcome, judged.message, echo=shown(given))


def judge_programs(programs: Sequence[tuple[IssuedVariant, str]], runner: Runner) -> list[Judged]:
    """Return the judgements of programs, in their order.

    Raises
    ------
    JudgeFaultError
        When the judge could not run one of them.
    """
    if not programs:
        return []
    jobs = [made.variant.code_job(text[:PROGRAM_CHARACTERS_MAX]) for made, text in programs]
    try:
        runs = runner(jobs)
    except Exception as fault:
        raise JudgeFaultError(
            "The judge could not run programs ({reason}). No score is recorded; see what"
            " ustaz sandbox probe says about the jail, and repeat.",
            reason=f"{type(fault).__name__}: {str(fault)[:200]}",
        ) from fault
    judged = []
    for (made, _), run in zip(programs, runs, strict=True):
        found = made.variant.judge_code(run, made.language)
        if found.outcome == "fault":
            raise JudgeFaultError(
                "The judge could not run the program in {slot!r} ({reason}). No score is recorded;"
                " see what ustaz sandbox probe says about the jail, and repeat.",
                slot=made.issue.slot,
                reason=run.error[:200] or "no reason given",
            )
        judged.append(_told(made, found.score, found.outcome, _program_report(found, made)))
    return judged


def foreign(made: IssuedVariant) -> Judged:
    """Return the judgement of a cell that came from another student's notebook."""
    return _told(
        made,
        0.0,
        "foreign",
        say(
            made.language,
            "This cell came from another student's notebook, whose exercise is not yours. It earns"
            " no points; answer the exercise above.",
        ),
        solution=False,
    )


def blank(made: IssuedVariant) -> Judged:
    """Return the judgement of an untouched cell."""
    return _told(made, 0.0, "blank", "")


def check_output(judged: Judged, points: float) -> dict[str, Any]:
    """Return the output of a check's cell: the score for nbgrader, the feedback for people."""
    score = min(points, round(judged.share * points, SCORE_DECIMALS))
    return {
        "output_type": "execute_result",
        "execution_count": None,
        "metadata": {},
        "data": {"text/plain": repr(float(score)), "text/html": judged.html},
    }


def _unanswered(made: IssuedVariant, given: Given, error: str) -> Judged:
    language = made.language
    if error:
        message = say(
            language,
            "Your cell stopped with an error ({error}) before it gave {slot} a value.",
            error=error[:80],
            slot=made.issue.slot,
        )
        return _told(made, 0.0, "format", message)
    if given.type == "blank":
        return blank(made)
    if given.type == "missing":
        message = say(language, "There is no value of the name {slot}.", slot=made.issue.slot)
        return _told(made, 0.0, "blank", message)
    message = say(language, _HOW[made.variant.kind])
    if given.type == "other" and given.text != "long":
        message += " " + say(language, "Found: {type}.", type=f"`{_code(given.text)}`")
    return _told(made, 0.0, "format", message)


def _told(
    made: IssuedVariant,
    share: float,
    outcome: str,
    message: str,
    *,
    echo: str = "",
    solution: bool = True,
) -> Judged:
    """Return the judgement with its page: heading, score, message, the worked solution."""
    language = made.language
    share = min(1.0, max(0.0, float(share)))
    parts = [f"**{say(language, _HEADINGS[outcome])}**"]
    if echo and outcome != "right":
        shown = echo if len(echo) <= ECHO_CHARACTERS_MAX else echo[:ECHO_CHARACTERS_MAX] + "…"
        parts.append(say(language, "Your answer: {answer}", answer=f"`{_code(shown)}`"))
    if message:
        parts.append(message)
    page = to_html("\n\n".join(parts), language)
    if solution:
        label = html.escape(say(language, "Worked solution"))
        worked = to_html(_solution(made), language)
        page += f"<details><summary>{label}</summary>{worked}</details>"
    return Judged(share, outcome, page)


def _solution(made: IssuedVariant) -> str:
    text = made.variant.text(made.language).solution.strip()
    if made.variant.kind == "code":
        text += f"\n\n```python\n{made.variant.solution_program().strip()}\n```"
    return text


def _program_report(judged: CodeJudgement, made: IssuedVariant) -> str:
    lines = [judged.message]
    for test in judged.tests:
        mark = "✓" if test.passed else "✗"
        name = say(made.language, "hidden test") if test.hidden else test.name
        worth = format_number(exact(test.points), made.language)
        lines.append(f"- {mark} {name} ({worth})" + _indented(test.message))
    return "\n\n".join([lines[0], "\n".join(lines[1:])])


def _indented(message: str) -> str:
    return "".join(f"\n  {line}" for line in ["", *message.splitlines()]) if message else ""


def _code(text: str) -> str:
    """Return a text that a span of Markdown code shows as it is."""
    return " ".join(text.replace("`", "'").split()) or " "
