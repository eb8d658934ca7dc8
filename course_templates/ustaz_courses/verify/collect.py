"""Findings of many variants folded into few: the same fault on 150 variants is said once."""

from __future__ import annotations

from dataclasses import dataclass, field

from ustaz_courses._toml import Lines
from ustaz_courses.errors import Fault
from ustaz_courses.template import TEMPLATE_FILE, Template
from ustaz_courses.verify.report import Finding


@dataclass
class Collector:
    """Gathers findings about one template."""

    template: Template
    _found: dict[tuple[str, str, int, str], tuple[Fault, int, bool]] = field(default_factory=dict)
    checks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Learn where the keys of template.toml stand."""
        self._lines = Lines(self.template.files[TEMPLATE_FILE])

    def begin(self, check: str) -> None:
        """Say that a check runs, whether it finds anything or not."""
        if check not in self.checks:
            self.checks.append(check)

    def toml(
        self,
        check: str,
        path: tuple[object, ...],
        message: str,
        /,
        *,
        advice: bool = False,
        **values: object,
    ) -> None:
        """Add a finding at a key of template.toml."""
        self.add(check, Fault(TEMPLATE_FILE, self._lines.of(*path), message, values), advice=advice)

    def expression(self, check: str, source: str, message: str, /, **values: object) -> None:
        """Add a finding at an expression of template.toml, or where values are derived."""
        lines = self.template.files[TEMPLATE_FILE].splitlines()
        quoted = (f'"{source}"', f"'{source}'")
        line = next((n for n, text in enumerate(lines, 1) if any(q in text for q in quoted)), 0)
        line = line or self._lines.of("derived")
        self.add(check, Fault(TEMPLATE_FILE, line, message, values))

    def section(
        self,
        check: str,
        language: str,
        section: str,
        message: str,
        /,
        *,
        advice: bool = False,
        **values: object,
    ) -> None:
        """Add a finding at a section of a prompt file."""
        prompt = self.template.prompts[language]
        line = prompt.lines.get(section, 0)
        self.add(check, Fault(prompt.file, line, message, values), advice=advice)

    def add(self, check: str, fault: Fault, *, advice: bool = False) -> None:
        """Add a finding; the first of its kind keeps its values, the others are counted."""
        key = (check, fault.file, fault.line, fault.message)
        kept, count, _ = self._found.get(key, (fault, 0, advice))
        self._found[key] = (kept, count + 1, advice)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, by file and line."""
        found = [
            Finding(check, fault, count, advice)
            for (check, *_), (fault, count, advice) in self._found.items()
        ]
        return tuple(sorted(found, key=lambda f: (f.advice, f.fault.file, f.fault.line)))
