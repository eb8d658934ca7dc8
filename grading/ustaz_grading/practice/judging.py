"""Judging a practice answer, and what is kept of it."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ustaz_courses import CodeRun
from ustaz_kernels.errors import KernelsError

from ustaz_grading.practice.issuing import ASSIGNMENT
from ustaz_grading.profiles.mastery import DEVIATION_VARIANCE, LEVEL_VARIANCE, update_mastery
from ustaz_grading.records import Evidence, Mastery

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ustaz_courses import CodeJudgement, CodeRunner, Judgement, Response, Variant

    from ustaz_grading.records import PracticeItem
    from ustaz_grading.store import Store


_LOG: Final = logging.getLogger(__name__)


def judge(
    variant: Variant, response: Response, language: str, runner: CodeRunner
) -> Judgement | CodeJudgement:
    """Return the judgement of a response; a program is run by the runner.

    A machine that cannot hold a program is a fault of ours, and judged as one.
    """
    if variant.kind != "code":
        return variant.check(response, language)
    value = response.get("value") if isinstance(response, Mapping) else response
    program = value if isinstance(value, str) else ""
    job = variant.code_job(program)
    try:
        run = runner([job])[0]
    except KernelsError:
        _LOG.exception("a practice program could not be run")
        tests = len(job.tests)
        run = CodeRun("fault", "", "", (False,) * tests, ("",) * tests)
    return variant.judge_code(run, language)


def keep_evidence(
    store: Store,
    item: PracticeItem,
    skills: Sequence[str],
    *,
    score: float,
    language: str,
    now: datetime,
) -> tuple[bool, list[tuple[Mastery, Mastery]]]:
    """Add the item's one row of evidence and fold it into the masteries.

    Returns
    -------
    tuple
        Whether the row is new, and the masteries of the item's skills before and after.

    Raises
    ------
    StoreError
        The database refuses; repeating the call then adds what is missing and nothing twice.
    """
    before = masteries_of(store, item.course, item.student, skills)
    added = store.add_evidence(
        [
            Evidence(
                course=item.course,
                learner=item.student,
                at=now,
                source="practice",
                assignment=ASSIGNMENT,
                slot=str(item.id),
                template=item.template,
                content_hash=item.content_hash,
                skills=tuple(skills),
                score=score,
                hints_used=item.hints_used,
                language=language,
                duration_s=max(0.0, (now - item.issued_at).total_seconds()),
                key=f"practice/{item.id}",
            )
        ]
    )
    update_mastery(store, item.course)
    after = masteries_of(store, item.course, item.student, skills)
    return added > 0, list(zip(before, after, strict=True))


def masteries_of(store: Store, course: str, student: str, skills: Sequence[str]) -> list[Mastery]:
    """Return the student's mastery of each skill; the class's where they have no answers."""
    found = {mastery.skill: mastery for mastery in store.masteries(course, student)}
    levels = store.skill_levels(course)
    result = []
    for skill in skills:
        level, spread, _ = levels.get(skill, (0.0, math.sqrt(LEVEL_VARIANCE), 0))
        unknown = Mastery(
            course=course,
            learner=student,
            skill=skill,
            mean=level,
            sd=math.hypot(spread, math.sqrt(DEVIATION_VARIANCE)),
            answers=0,
            updated_at=None,
        )
        result.append(found.get(skill, unknown))
    return result
