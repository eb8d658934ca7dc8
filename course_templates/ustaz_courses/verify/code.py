"""Checks of code exercises, run in the sandbox that the caller hands in."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ustaz_courses.errors import CoursesError, Fault
from ustaz_courses.exercise import EXERCISE_FILE, CodeJob, CodeRun
from ustaz_courses.mutation import mutants

if TYPE_CHECKING:
    from ustaz_courses.template import Template
    from ustaz_courses.variant import Variant
    from ustaz_courses.verify.collect import Collector
    from ustaz_courses.verify.run import CodeRunner

#: Variants of a code exercise that are run; each costs a dozen programs.
CODE_VARIANTS = 3
#: Mutants may happen to be right programs; below this share the tests are too weak.
CAUGHT_SHARE = 0.7


def check_code(
    template: Template, variants: Sequence[Variant], runner: CodeRunner, found: Collector
) -> dict[str, float]:
    """Solution passes, starter fails, an empty program earns nothing, mutants are caught.

    Returns
    -------
    dict
        Mutants, mutants caught, variants run; nothing where the tests cannot be made.
    """
    found.begin("code")
    chosen = list({v.fingerprint(): v for v in variants}.values())[:CODE_VARIANTS]
    jobs: list[CodeJob] = []
    roles: list[tuple[str, int]] = []
    for number, variant in enumerate(chosen):
        for role, program in _programs(variant, found):
            try:
                jobs.append(variant.code_job(program))
            except (CoursesError, SyntaxError) as error:
                _say(
                    found, "solution", template, "The tests cannot be made: {reason}.", reason=error
                )
                return {}
            roles.append((role, number))
    runs = runner(jobs)
    caught = total = 0
    for (role, _), job, run in zip(roles, jobs, runs, strict=True):
        if run.status == "fault":
            _say(
                found,
                "solution",
                template,
                "The sandbox failed: {reason}. Nothing is known.",
                reason=run.error,
            )
        elif role == "solution":
            _check_solution(template, job, run, found)
        elif role == "empty":
            _check_empty(template, job, run, found)
        elif role == "starter":
            _check_starter(template, run, found)
        else:
            total += 1
            caught += not (run.status == "ran" and all(run.passed))
    share = caught / total if total else 1.0
    if share < CAUGHT_SHARE:
        _say(
            found,
            "solution",
            template,
            "The tests notice only {caught} of {total} small faults put into the solution. Add "
            "tests of bounds and special cases.",
            caught=caught,
            total=total,
        )
    return {"mutants": total, "mutants_caught": caught, "code_variants": len(chosen)}


def _programs(variant: Variant, found: Collector) -> list[tuple[str, str]]:
    solution = variant.solution_program()
    try:
        ast.parse(solution)
    except SyntaxError as error:
        _say(
            found,
            "solution",
            variant.template,
            "The solution is not Python: {reason}.",
            reason=error,
        )
        return []
    starters = {variant.text(language).starter for language in variant.template.languages}
    programs = [("solution", solution), ("empty", "")]
    programs += [("starter", starter) for starter in sorted(starters)]
    return programs + [("mutant", text) for text in mutants(solution)]


def _check_solution(template: Template, job: CodeJob, run: CodeRun, found: Collector) -> None:
    if run.status != "ran":
        _say(
            found,
            "solution",
            template,
            "The solution does not run: {status}, {error}.",
            status=run.status,
            error=run.error,
        )
        return
    for test, passed, detail in zip(job.tests, run.passed, run.details, strict=True):
        if not passed:
            _say(
                found,
                test.name,
                template,
                "The solution fails {test}: {detail}.",
                test=test.name,
                detail=detail or "—",
            )


def _check_starter(template: Template, run: CodeRun, found: Collector) -> None:
    if run.status == "ran" and all(run.passed):
        _say(found, "starter", template, "The starter passes all tests already.")


def _check_empty(template: Template, job: CodeJob, run: CodeRun, found: Collector) -> None:
    for test, passed in zip(job.tests, run.passed, strict=False):
        if passed:
            _say(
                found,
                test.name,
                template,
                "An empty program passes {test} (points: {points:g}). Let the test also ask for "
                "something that only a solution does.",
                points=test.points,
                test=test.name,
            )


def _say(found: Collector, cell: str, template: Template, message: str, **values: object) -> None:
    line = template.exercise.lines.get(cell, 0) if template.exercise else 0
    found.add("code", Fault(EXERCISE_FILE, line, message, values))
