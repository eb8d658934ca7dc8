"""Approving templates: each is verified first, in as many processes as there are processors."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ustaz_courses import Approvals, approve, verify
from ustaz_grading.progress import Progress, silent

if TYPE_CHECKING:
    from ustaz_courses import CodeRunner, Report, Template
    from ustaz_grading.classroom import Classroom

SEEDS: Final = 200
"""Variants that are looked at before a teacher approves."""

_SET_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of linux/prctl.h."""


@dataclass(frozen=True, slots=True)
class ApprovalReport:
    """What an approval of several templates did."""

    approved: tuple[str, ...]
    """Approved by this run."""
    kept: tuple[str, ...]
    """Approved before, as they stand now."""
    refused: tuple[Report, ...]
    """Verifications that failed."""


def approve_templates(
    classroom: Classroom,
    templates: Sequence[Template],
    by: str,
    *,
    seeds: int = SEEDS,
    runner: CodeRunner | None = None,
    progress: Progress = silent,
    workers: int | None = None,
) -> ApprovalReport:
    """Verify templates that are not approved as they now stand, and approve those that pass.

    Every approval is in the log as soon as its template has passed, so that an interrupted run goes
    on where it stopped.

    Parameters
    ----------
    classroom
        Whose log of approvals.
    templates
        Which.
    by
        The teacher who answers for the content.
    seeds
        Variants drawn of each.
    runner
        Runs programs; without one, templates of kind code cannot pass.
    progress
        Told about templates.
    workers
        Processes; ``None``: as many as there are processors. They are forked, so a process with
        other threads asks for 1.

    Raises
    ------
    TemplateError
        No name is given, or the log is damaged.
    """
    approvals = Approvals.load(classroom.approvals_root)
    kept = tuple(t.id for t in templates if approvals.is_approved(t))
    waiting = [t for t in templates if not approvals.is_approved(t)]
    passed: list[str] = []
    refused: list[Report] = []
    if waiting:
        progress("verify", 0, len(waiting))
    count = min(workers or os.cpu_count() or 1, len(waiting))
    with _reports(waiting, seeds, runner, count) as reports:
        for number, (template, report) in enumerate(zip(waiting, reports, strict=True), 1):
            if report.ok:
                approve(classroom.approvals_root, template, by, report)
                passed.append(template.id)
            else:
                refused.append(report)
            progress("verify", number, len(waiting))
    return ApprovalReport(tuple(passed), kept, tuple(refused))


_Job = tuple[Sequence["Template"], int, "CodeRunner | None"]
_job: _Job = ((), 0, None)
"""What a forked worker verifies: it inherits this, for templates hold views that do not travel."""


def _verified(number: int) -> Report:
    templates, seeds, runner = _job
    template = templates[number]
    return verify(template, seeds=seeds, runner=runner if template.kind == "code" else None)


def _end_with(parent: int) -> None:
    """Have the kernel end this worker when its parent dies, however that dies.

    A worker that lived on would keep the locks that it inherited. Ctrl+C is the parent's matter: it
    ends its workers in order.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:  # Linux
        prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def _reports(
    templates: Sequence[Template], seeds: int, runner: CodeRunner | None, workers: int
) -> Iterator[Iterator[Report]]:
    """Give the verifications as they come, in the templates' order."""
    global _job  # noqa: PLW0603 - see its docstring
    _job = (templates, seeds, runner)
    if workers <= 1:
        yield map(_verified, range(len(templates)))
        return
    with multiprocessing.get_context("fork").Pool(workers, _end_with, (os.getpid(),)) as pool:
        yield pool.imap(_verified, range(len(templates)))
