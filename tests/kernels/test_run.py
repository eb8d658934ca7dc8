import threading

import pytest
from kernels_support import judged
from ustaz_kernels.sandbox import ProgramJob, ProgramTest, run_programs
from ustaz_kernels.sandbox.jail import Jail


def job(number: int) -> ProgramJob:
    program = f"def f(x): return x + {number}\n"
    return ProgramJob(program, (ProgramTest("t", f"assert f(1) == {number + 1}"),), ("f",))


def test_runs_come_in_the_order_of_jobs_whoever_ends_first():
    jobs = [job(n) for n in range(6)]
    jobs[0] = ProgramJob("import time\ntime.sleep(0.5)\nprint('slow')\n", (), ())
    runs = run_programs(jobs, workers=3)
    assert runs[0].printed == "slow\n"
    assert [run.passed for run in runs[1:]] == [(True,)] * 5


def test_no_jobs_are_no_runs():
    assert run_programs([]) == []


def test_progress_is_told_in_the_caller_s_thread():
    told: list[tuple[int, int, int]] = []
    here = threading.get_ident()
    run_programs(
        [job(n) for n in range(3)],
        progress=lambda done, whole: told.append((done, whole, threading.get_ident())),
    )
    assert told == [(1, 3, here), (2, 3, here), (3, 3, here)]


def test_jail_that_does_not_start_is_a_fault_and_the_next_job_is_judged(
    monkeypatch: pytest.MonkeyPatch,
):
    start = Jail.start.__func__
    failures = iter([True])

    def failing(cls: type, policy: object, guest: str, **rest: object) -> Jail:
        return start(cls, policy, "no_such_guest" if next(failures, False) else guest, **rest)

    monkeypatch.setattr(Jail, "start", classmethod(failing))
    runs = run_programs([job(1), job(2)], workers=1)
    assert [run.status for run in runs] == ["fault", "ran"]
    assert "no_such_guest" in runs[0].error
    assert runs[0].passed == (False,)
    assert runs[1].passed == (True,)


def test_judge_killed_between_jobs_is_a_fault_and_never_a_zero(monkeypatch: pytest.MonkeyPatch):
    """The judge's jail dies while it thinks; the program is not blamed."""
    monkeypatch.setattr("ustaz_kernels.sandbox.judge.JUDGE_S", 5.0)
    run = judged(
        "def f(x): return 1\n",
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos._exit(1)",
    )
    assert run.status == "fault"
    assert "judge" in run.error


def test_jobs_of_any_size_travel():
    program = "def f(x): return x\n" + "# a long comment\n" * 50_000
    assert judged(program, "assert len(source()) > 800_000", "assert f(1) == 1").passed == (
        True,
        True,
    )
