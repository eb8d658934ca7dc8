"""Running one small program in the sandbox, for tests."""

from ustaz_kernels.sandbox import Policy, ProgramJob, ProgramRun, ProgramTest, run_programs


def judged(
    program: str,
    *tests: str,
    names: tuple[str, ...] = ("f",),
    timeout_s: float = 5.0,
    stdin: str = "",
    files: dict[str, bytes] | None = None,
    policy: Policy | None = None,
) -> ProgramRun:
    """Return what came of a program and its tests."""
    cells = tuple(ProgramTest(f"test-{n}", source) for n, source in enumerate(tests, 1))
    job = ProgramJob(program, cells, names, timeout_s, stdin, files or {})
    (run,) = run_programs([job], policy=policy, workers=1)
    return run
