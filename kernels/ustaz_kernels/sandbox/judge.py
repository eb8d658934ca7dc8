"""The host between a learner's program and its judge.

Two jails for each job: in one the program, in the other the tests. This process stands between
them, passes lines on and looks after time and size. Neither side's word is evaluated here; only the
judge's verdict counts, and the program never speaks to it but by answering calls.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace

from ustaz_kernels.errors import JailFaultError
from ustaz_kernels.sandbox.channel import Channel, GoneError, LateError
from ustaz_kernels.sandbox.guests import Guests
from ustaz_kernels.sandbox.policy import Policy
from ustaz_kernels.sandbox.program import ProgramJob, ProgramRun, ProgramTest
from ustaz_kernels.sandbox.student import ERROR_MAX, EndedError, Student, clean

#: What a judge may think between two calls, seconds.
JUDGE_S = 10.0


class Court:
    """Judges one job after the other; its judge's jail stays, every program's is new.

    Parameters
    ----------
    policy : Policy
        Limits of each jail.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._guests = Guests()
        self._judge: Channel | None = None

    def judge(self, job: ProgramJob) -> ProgramRun:
        """Return what came of a job; a failure of ours is a run of status "fault"."""
        student = Student(self._guests, job, self.policy)
        try:
            student.open()
            judge = self._ready()
            printed = student.run()
            verdicts = self._verdicts(judge, student, job, printed)
        except EndedError as ended:
            return _without_verdicts(job, ended.status, ended.text, ended.printed)
        except (JailFaultError, OSError) as fault:
            self.close()
            return _without_verdicts(job, "fault", str(fault))
        finally:
            student.close()
        passed = tuple(passed for passed, _ in verdicts)
        return ProgramRun("ran", "", printed, passed, tuple(detail for _, detail in verdicts))

    def close(self) -> None:
        """End all jails."""
        self._guests.close()
        self._judge = None

    def _ready(self) -> Channel:
        if self._judge is None:
            judge = self._guests.open("judge", replace(self.policy, wall_s=math.inf))
            self._guests.greet(judge, "judge")
            self._judge = judge
        return self._judge

    def _verdicts(
        self, judge: Channel, student: Student, job: ProgramJob, printed: str
    ) -> list[tuple[bool, str]]:
        described = {
            "program": job.program,
            "printed": printed,
            "names": job.names,
            "timeout_s": job.timeout_s,
        }
        try:
            judge.send("job", described, time.monotonic() + JUDGE_S)
            verdicts = [_verdict(judge, student, test) for test in job.tests]
            judge.send("end", None, time.monotonic() + JUDGE_S)
            token, _ = judge.receive(time.monotonic() + JUDGE_S)
        except (LateError, GoneError) as error:
            raise JailFaultError(
                "The judge stopped before its verdict: {reason}.",
                reason=str(error) or f"{type(error).__name__}, {JUDGE_S:g} s",
            ) from None
        if token != "over":  # noqa: S105 - of a line, not a secret
            raise JailFaultError("The judge said {token!r}, not 'over'.", token=token)
        return verdicts


def _verdict(judge: Channel, student: Student, test: ProgramTest) -> tuple[bool, str]:
    """Return whether a test passes, and what came instead."""
    judge.send("test", {"source": test.source}, time.monotonic() + JUDGE_S)
    student.begin()
    while True:
        token, text = judge.receive(time.monotonic() + JUDGE_S)
        if token not in ("ask", "rerun"):
            break
        judge.relay(*student.answer(token, text), time.monotonic() + JUDGE_S)
    student.end()
    verdict = json.loads(text) if token == "verdict" else {"fault": token}  # noqa: S105
    if "fault" in verdict:
        raise JailFaultError(
            "The test {name!r} cannot be run: {reason}. Its author must mend it.",
            name=test.name,
            reason=verdict["fault"],
        )
    return verdict["passed"] is True, clean(str(verdict["detail"]), ERROR_MAX)


def _without_verdicts(job: ProgramJob, status: str, error: str, printed: str = "") -> ProgramRun:
    count = len(job.tests)
    return ProgramRun(status, error, printed, (False,) * count, ("",) * count)
