"""What the machine finds about a template over many variants, kept while the template stays."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ustaz_courses import verify
from ustaz_courses.language import translate
from ustaz_grading.coderunner import CodeRunner as JailedRunner

from ustaz_lab.messages import DOMAIN, fault_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ustaz_courses import CodeRunner, Finding, Report, Template

SEEDS: Final = 60
"""Variants looked at while a teacher waits; an approval looks at 200."""
SEEDS_CODE: Final = 3
"""As above for programs, each of which is run with all its mutants."""
_KEPT: Final = 500

CHECK_NAMES: Final[Mapping[str, str]] = {
    "placeholders": "every parameter and formula is used, every placeholder filled",
    "constraints": "the constraints accept enough drawings",
    "drawing": "variants can be drawn",
    "words": "all texts can be written",
    "languages": "the three languages carry the same numbers, formulae and code",
    "options": "no two options read the same",
    "key": "the right answer scores full, malformed input costs nothing",
    "misconceptions": "each misconception leads to its own wrong answer",
    "hints": "no hint gives the answer away",
    "variety": "variants differ enough and are about as hard",
    "code": "the solution passes, the starter and the mutants fail",
}

_reports: OrderedDict[str, Report] = OrderedDict()
_lock = threading.Lock()


def verification(template: Template, language: str) -> dict[str, Any]:
    """Return what was checked and what was found, in a language."""
    report = _report(template)
    checks = []
    for check in dict.fromkeys((*report.checks, *(f.check for f in report.findings))):
        found = [f for f in report.findings if f.check == check]
        checks.append(
            {
                "title": translate(CHECK_NAMES.get(check, check), language, domain=DOMAIN),
                "ok": all(f.advice for f in found),
                "detail": "\n".join(_said(f, language) for f in found),
            }
        )
    return {"ok": report.ok, "variants": report.seeds, "checks": checks}


def _report(template: Template) -> Report:
    with _lock:
        kept = _reports.get(template.content_hash)
    if kept is not None:
        return kept
    runner = code_runner() if template.kind == "code" else None
    seeds = SEEDS_CODE if template.kind == "code" else SEEDS
    report = verify(template, seeds=seeds, runner=runner)
    with _lock:
        _reports[template.content_hash] = report
        while len(_reports) > _KEPT:
            _reports.popitem(last=False)
    return report


@lru_cache(maxsize=1)
def code_runner() -> CodeRunner:
    """Return what runs programs in the jail; it asks for the jail when it runs one, not before."""
    return JailedRunner()


def _said(finding: Finding, language: str) -> str:
    fault = finding.fault
    place = f"{fault.file}:{fault.line}" if fault.line else fault.file
    return f"{place}: {fault_text(fault, language)}"
