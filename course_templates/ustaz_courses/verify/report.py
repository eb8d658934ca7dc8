"""What a verification found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ustaz_courses.errors import Fault


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, in one place, perhaps on many variants."""

    check: str
    """Id of the check, such as "misconceptions"."""
    fault: Fault
    count: int = 1
    """On how many variants."""
    advice: bool = False
    """Worth a look, but no reason to refuse."""

    def __str__(self) -> str:
        """Say it as an editor links it."""
        times = f" (on {self.count} variants)" if self.count > 1 else ""
        return f"{self.fault}{times}"


@dataclass(frozen=True, slots=True)
class Report:
    """The verification of one template, stored and shown beside *Approve*."""

    template: str
    content_hash: str
    seeds: int
    """Variants drawn."""
    checks: tuple[str, ...]
    """Ids of the checks that ran."""
    findings: tuple[Finding, ...]
    facts: Mapping[str, float] = field(default_factory=dict)
    """Figures worth seeing: distinct variants, acceptance of the constraints, mutants caught, …"""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What must be mended before a teacher may approve."""
        return tuple(f for f in self.findings if not f.advice)

    @property
    def advice(self) -> tuple[Finding, ...]:
        """What is worth a look."""
        return tuple(f for f in self.findings if f.advice)

    @property
    def ok(self) -> bool:
        """Whether a teacher may approve it."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class CourseReport:
    """The verification of a course: what its files lack, and its templates' reports."""

    course: str
    faults: tuple[Fault, ...]
    """What kept files from being loaded."""
    reports: tuple[Report, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing at all must be mended."""
        return not self.faults and all(report.ok for report in self.reports)
