"""Who approved which template, by content hash.

`approvals.jsonl` is a log: a line is added, none is ever changed. An approval names the hash of the
files, so a template edited afterwards is a draft again; a withdrawal is a line too.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ustaz_courses.errors import NotApprovedError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ustaz_courses.template import Template
    from ustaz_courses.verify import Report

APPROVALS_FILE = "approvals.jsonl"


@dataclass(frozen=True, slots=True)
class Approval:
    """One line of the log."""

    template: str
    content_hash: str
    by: str
    at: str
    """ISO 8601, UTC."""
    action: str
    """"approve" or "withdraw"."""
    seeds: int = 0
    """Variants that the verification had looked at."""


@dataclass(frozen=True, slots=True)
class Approvals:
    """The log of one course folder, read."""

    entries: tuple[Approval, ...]

    @classmethod
    def load(cls, root: Path) -> Approvals:
        """Return the log of a course folder; empty where there is none.

        A last line cut short by a crash is left out; any other damaged line is an error.

        Raises
        ------
        TemplateError
            A line of the log is damaged.
        """
        file = root / APPROVALS_FILE
        if not file.is_file():
            return cls(())
        lines = file.read_text(encoding="utf-8").split("\n")
        entries = []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entries.append(Approval(**json.loads(line)))
            except (ValueError, TypeError):
                if number == len(lines):
                    break
                raise TemplateError(
                    "Line {line} of {file} is damaged. Restore the file from a copy, or remove "
                    "that line and approve its template again.",
                    line=number,
                    file=APPROVALS_FILE,
                ) from None
        return cls(tuple(entries))

    def of(self, template: Template) -> Approval | None:
        """Return the approval in force for a template as it stands now, if any."""
        for entry in reversed(self.entries):
            if entry.template == template.id and entry.content_hash == template.content_hash:
                return entry if entry.action == "approve" else None
        return None

    def is_approved(self, template: Template) -> bool:
        """Tell whether a teacher approved the template as it stands now."""
        return self.of(template) is not None

    def demand(self, templates: Iterable[Template]) -> None:
        """Do nothing if all templates are approved.

        Raises
        ------
        NotApprovedError
            Names every template that is not.
        """
        missing = sorted({t.id for t in templates if not self.is_approved(t)})
        if missing:
            raise NotApprovedError(
                "Not approved as they stand now: {templates}. Look at them and approve them with "
                "`ustaz course approve`.",
                templates=", ".join(missing),
            )


def approve(root: Path, template: Template, by: str, report: Report) -> Approval:
    """Add an approval to the log and return it.

    Parameters
    ----------
    root : Path
        The course folder that the log belongs to.
    template : Template
        What is approved, as it stands now.
    by : str
        The teacher's name; whoever approves answers for the content.
    report : Report
        The verification that the teacher saw.

    Raises
    ------
    TemplateError
        No name is given, the report is of other files, or the verification failed.
    """
    if not by.strip():
        raise TemplateError("An approval names the teacher. Give --by NAME.")
    if report.content_hash != template.content_hash:
        raise TemplateError(
            "Template {template!r} was edited after its verification. Verify it again.",
            template=template.id,
        )
    if not report.ok:
        raise TemplateError(
            "Template {template!r} failed its verification and cannot be approved:\n{faults}",
            template=template.id,
            faults="\n".join(map(str, report.faults)),
        )
    return _append(root, template, by, "approve", report.seeds)


def withdraw(root: Path, template: Template, by: str) -> Approval:
    """Take an approval back; variants already issued stay as they are.

    Raises
    ------
    NotApprovedError
        The template is not approved as it stands now.
    """
    Approvals.load(root).demand([template])
    return _append(root, template, by, "withdraw", 0)


def _append(root: Path, template: Template, by: str, action: str, seeds: int) -> Approval:
    entry = Approval(
        template.id,
        template.content_hash,
        " ".join(by.split()),
        datetime.now(UTC).isoformat(timespec="seconds"),
        action,
        seeds,
    )
    fields = {name: getattr(entry, name) for name in Approval.__slots__}
    line = (json.dumps(fields, ensure_ascii=False) + "\n").encode()
    with (root / APPROVALS_FILE).open("a+b") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        # A crash may have left half a line: it is ended first, so that this line stays whole.
        log.seek(0, os.SEEK_END)
        if log.tell() > 0:
            log.seek(-1, os.SEEK_END)
            if log.read(1) != b"\n":
                _drop_half_line(log)
        log.write(line)
        log.flush()
        os.fsync(log.fileno())
    return entry


def _drop_half_line(log) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a binary file
    log.seek(0)
    whole = log.read()
    log.truncate(whole.rfind(b"\n") + 1)
    log.seek(0, os.SEEK_END)
