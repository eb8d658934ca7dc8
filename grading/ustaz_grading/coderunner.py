"""Programs of exercises, run in the sandbox: courses know no kernels, kernels know no courses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ustaz_courses.exercise import CodeJob, CodeRun
from ustaz_kernels.sandbox import Policy, ProgramJob, ProgramRun, ProgramTest, run_programs


@dataclass(frozen=True, slots=True)
class CodeRunner:
    """Runs programs with their tests, each in jails of its own.

    Satisfies `ustaz_courses.verify.run.CodeRunner`.
    """

    policy: Policy | None = None
    """Limits; the sandbox's own unless given."""
    workers: int | None = None
    """Programs at the same time; as many as there are processors unless given."""
    progress: Callable[[int, int], None] | None = None
    """Called with (done, all) after each program."""

    def __call__(self, jobs: Sequence[CodeJob]) -> list[CodeRun]:
        """Return one run per job, in order.

        Raises
        ------
        JailMissingError
            This machine cannot hold a program; nothing was run.
        """
        runs = run_programs(
            [_program(job) for job in jobs],
            policy=self.policy,
            workers=self.workers,
            progress=self.progress,
        )
        return [_run(run) for run in runs]


def _program(job: CodeJob) -> ProgramJob:
    tests = tuple(
        ProgramTest(test.name, test.source, test.points, test.hidden, test.message)
        for test in job.tests
    )
    return ProgramJob(job.program, tests, job.names, job.timeout_s, job.stdin)


def _run(run: ProgramRun) -> CodeRun:
    return CodeRun(run.status, run.error, run.printed, run.passed, run.details)
