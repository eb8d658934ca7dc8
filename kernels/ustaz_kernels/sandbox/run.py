"""Running programs with their tests, each in its own jail, over all cores."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from ustaz_kernels.sandbox.judge import Court
from ustaz_kernels.sandbox.policy import Policy
from ustaz_kernels.sandbox.probe import demand
from ustaz_kernels.sandbox.program import ProgramJob, ProgramRun


def run_programs(
    jobs: Sequence[ProgramJob],
    *,
    policy: Policy | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[ProgramRun]:
    """Return what came of each job, in order.

    Parameters
    ----------
    jobs : sequence of ProgramJob
        Any number.
    policy : Policy or None
        Limits of each jail; the jobs' own times take the place of its times.
    workers : int or None
        Jobs at the same time; as many as there are processors unless given.
    progress : callable or None
        Called with (done, all) after each job, in this thread.

    Raises
    ------
    JailMissingError
        A required layer of the jail is missing; nothing was run.
    """
    policy = policy or Policy()
    demand(policy)
    if not jobs:
        return []
    count = min(workers or len(os.sched_getaffinity(0)), len(jobs))
    courts: queue.SimpleQueue[Court] = queue.SimpleQueue()
    everyone = [Court(policy) for _ in range(count)]
    for court in everyone:
        courts.put(court)

    def one(job: ProgramJob) -> ProgramRun:
        court = courts.get()
        try:
            return court.judge(job)
        finally:
            courts.put(court)

    pool = ThreadPoolExecutor(count, thread_name_prefix="ustaz-jail")
    try:
        futures = [pool.submit(one, job) for job in jobs]
        for done, _ in enumerate(as_completed(futures), 1):
            if progress:
                progress(done, len(jobs))
        return [future.result() for future in futures]
    finally:
        pool.shutdown(cancel_futures=True)
        for court in everyone:
            court.close()
