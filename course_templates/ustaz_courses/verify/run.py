"""Running all checks over many drawn variants."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import sympy

from ustaz_courses.answer import check_answer
from ustaz_courses.course import inspect_course
from ustaz_courses.errors import CoursesError, Fault, UnsatisfiableError
from ustaz_courses.exercise import CodeJob, CodeRun
from ustaz_courses.reference import reference_response
from ustaz_courses.variant import Variant, derive, instantiate
from ustaz_courses.verify.code import check_code
from ustaz_courses.verify.collect import Collector
from ustaz_courses.verify.report import CourseReport, Report
from ustaz_courses.verify.words import (
    LEAK_SHARE,
    check_languages,
    check_options,
    check_usage,
    leaks,
    render,
)

if TYPE_CHECKING:
    from ustaz_courses.template import Template

#: Variants drawn unless told otherwise.
SEEDS = 200
#: Constraints that accept less than this share of drawings make drawing slow and variants alike.
ACCEPTANCE_MIN = 0.02
#: Distinct variants wanted among the drawn ones, where the template draws anything at all.
DISTINCT_MIN = 30
#: Bits by which sizes of numbers may differ between variants (5th against 95th percentile).
SPREAD_BITS = 16.0
#: What no kind takes for an answer.
MALFORMED = "@@ ?? @@"


class CodeRunner(Protocol):
    """Runs programs with tests, jailed; handed in, because courses know no kernels."""

    def __call__(self, jobs: Sequence[CodeJob]) -> Sequence[CodeRun]:
        """Return one run per job, in order."""


def seed_of(template: Template, number: int) -> bytes:
    """Return the seed of the n-th variant that a verification draws."""
    return hashlib.sha256(f"verify {template.content_hash} {number}".encode()).digest()


def verify(template: Template, *, seeds: int = SEEDS, runner: CodeRunner | None = None) -> Report:
    """Return what the machine finds about a template.

    Parameters
    ----------
    template : Template
        As loaded.
    seeds : int
        Variants to draw, at least 1.
    runner : CodeRunner or None
        Runs the programs of code exercises. Without one a template of kind code cannot pass: its
        report says so.

    Returns
    -------
    Report
        Findings by file and line; `ok` says whether a teacher may approve.
    """
    found = Collector(template)
    check_usage(template, found)
    acceptance = _acceptance(template, seeds, found)
    variants = _draw(template, seeds, found)
    leaked: Counter[str] = Counter()
    told = 0
    for variant in variants:
        texts = render(template, variant, found)
        check_languages(texts, found)
        check_options(texts, found)
        if variant.key is not None:
            _check_key(variant, found)
            shown = leaks(variant, texts, reference_response(variant.key, "en"))
            told += shown is not None
            leaked.update(shown or ())
    _say_leaks(template, leaked, told, found)
    facts = {"variants": len(variants), "acceptance": acceptance}
    if variants:
        facts |= _check_variety(template, variants, found)
    if template.kind == "code" and variants:
        if runner is None:
            found.toml("code", ("kind",), "Programs were not run: no sandbox was given.")
        else:
            facts |= check_code(template, variants, runner, found)
    return Report(
        template.id, template.content_hash, seeds, tuple(found.checks), found.findings(), facts
    )


def check_course(
    folder: Path,
    *,
    seeds: int = SEEDS,
    runner: CodeRunner | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> CourseReport:
    """Return what is wrong with a course: its files, and each template's variants.

    Parameters
    ----------
    folder : Path
        The course's folder.
    seeds : int
        Variants drawn of each template.
    runner : CodeRunner or None
        As in `verify`.
    progress : callable or None
        Called with (done, all, template's id).
    """
    course, faults = inspect_course(folder)
    if course is None:
        return CourseReport(folder.name, tuple(faults), ())
    reports = []
    for number, template in enumerate(course.templates.values()):
        if progress:
            progress(number, len(course.templates), template.id)
        reports.append(verify(template, seeds=seeds, runner=runner))
    practised = {skill for t in course.templates.values() for skill in t.skills}
    unused = [
        Fault("course.toml", 0, "Skill {skill!r} has no template. Write one.", {"skill": skill})
        for skill in course.curriculum.order()
        if skill not in practised and not faults
    ]
    return CourseReport(course.id, (*faults, *unused), tuple(reports))


def _acceptance(template: Template, seeds: int, found: Collector) -> float:
    """Return the share of drawings that the constraints accept."""
    found.begin("constraints")
    if not any(step.derives is None for step in template.steps):
        return 1.0
    from ustaz_courses.parameters import Stream  # noqa: PLC0415

    stream = Stream(seed_of(template, -1))
    accepted = 0
    for _ in range(seeds):
        drawn = {d.name: stream.below(len(d.values)) for d in template.domains}
        try:
            accepted += derive(template, drawn) is not None
        except CoursesError:
            accepted += 1  # said with its variant
    share = accepted / seeds
    if 0 < share < ACCEPTANCE_MIN:
        found.toml(
            "constraints",
            ("constraints",),
            "The constraints accept only {share:.1%} of drawings. Narrow the parameters to "
            "what is meant.",
            share=share,
            advice=True,
        )
    return share


def _draw(template: Template, seeds: int, found: Collector) -> list[Variant]:
    found.begin("drawing")
    variants = []
    for number in range(seeds):
        try:
            variants.append(instantiate(template, seed_of(template, number)))
        except UnsatisfiableError as error:
            found.toml("drawing", ("constraints",), error.message, advice=False, **error.values)
            break
        except CoursesError as error:
            source = str(error.values.get("expression", ""))
            found.expression("drawing", source, error.message, **error.values)
    return variants


def _check_key(variant: Variant, found: Collector) -> None:
    """Check that the key scores full in every language, and that bad input costs nothing."""
    found.begin("key")
    key = variant.key
    assert key is not None  # noqa: S101 - the caller looked
    if not _finite(key):
        found.toml(
            "key",
            ("answer",),
            "The answer {answer} is no finite number.",
            answer=reference_response(key, "en"),
        )
        return
    for language in variant.template.languages:
        response = reference_response(key, language)
        judged = check_answer(key, response, language)
        if judged.outcome != "right" or judged.score != 1:
            found.toml(
                "key",
                ("answer",),
                "The right answer {response!r} is judged {outcome!r} in {language}: {reason}",
                response=response,
                outcome=judged.outcome,
                language=language,
                reason=judged.message,
            )
        for bad in ("", MALFORMED):
            if check_answer(key, bad, language).outcome != "format":
                found.toml(
                    "key",
                    ("answer",),
                    "The entry {entry!r} is judged an answer; it should get a format message.",
                    entry=bad,
                )
    found.begin("misconceptions")
    for index, (name, wrong) in enumerate(variant.misconceptions.items()):
        response = reference_response(wrong, "en")
        if check_answer(key, response, "en").outcome == "right":
            found.toml(
                "misconceptions",
                ("misconceptions", index),
                "Misconception {name!r} leads to the right answer {response!r}. Add a constraint.",
                name=name,
                response=response,
            )
            continue
        judged = variant.check(response, "en")
        if judged.outcome == "format":
            found.toml(
                "misconceptions",
                ("misconceptions", index),
                "Misconception {name!r} leads to {response!r}, which is no answer of this "
                "kind: {reason}",
                name=name,
                response=response,
                reason=judged.message,
            )
        elif judged.misconception != name:
            found.toml(
                "misconceptions",
                ("misconceptions", index),
                "Misconception {name!r} leads to the same answer {response!r} as "
                "{other!r}. Add a constraint, or merge them.",
                name=name,
                response=response,
                other=judged.misconception,
            )


def _finite(key: object) -> bool:
    value = getattr(key, "value", None)
    if isinstance(value, sympy.Expr):
        return bool(value.is_finite) and bool(value.is_real)
    return value is None or isinstance(value, int | Fraction)


def _say_leaks(template: Template, leaked: Counter[str], count: int, found: Collector) -> None:
    found.begin("hints")
    for section, times in leaked.items():
        if times >= LEAK_SHARE * count:
            for language in template.languages:
                found.section(
                    "hints",
                    language,
                    section,
                    "{section} shows the answer. Let it point the way only.",
                    section=section,
                )


def _check_variety(
    template: Template, variants: list[Variant], found: Collector
) -> dict[str, float]:
    found.begin("variety")
    distinct = len({v.fingerprint() for v in variants})
    wanted = min(DISTINCT_MIN, len(variants))
    if distinct < wanted:
        found.toml(
            "variety",
            ("parameters",) if template.domains else ("kind",),
            "Only {distinct} distinct variants among {count}. Widen the parameters, so that "
            "neighbours differ.",
            distinct=distinct,
            count=len(variants),
            advice=template.kind in ("code", "text", "order", "multiple", "choice"),
        )
    sizes = sorted(_size(v) for v in variants)
    spread = sizes[int(0.95 * (len(sizes) - 1))] - sizes[int(0.05 * (len(sizes) - 1))]
    if spread > SPREAD_BITS:
        found.toml(
            "variety",
            ("parameters",),
            "Some variants have much larger numbers than others ({spread:.0f} bits apart). "
            "Narrow the parameters, so that all are about as hard.",
            spread=spread,
            advice=True,
        )
    return {"distinct": distinct, "spread_bits": spread}


def _size(variant: Variant) -> float:
    """Return the bits of all numbers of a variant: a rough measure of the work in it."""
    bits = 0
    for value in variant.values.values():
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            exact = Fraction(value)
            bits += exact.numerator.bit_length() + exact.denominator.bit_length() - 1
    return float(bits)
