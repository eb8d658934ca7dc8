from ustaz_courses.exercise import CodeJob, CodeTest
from ustaz_courses.verify.run import CodeRunner as Runner
from ustaz_grading.coderunner import CodeRunner


def test_programs_of_exercises_run_in_the_sandbox():
    tests = (
        CodeTest("test-1", "assert area(2, 3) == 6", 1.0, hidden=False, message="formula"),
        CodeTest("test-2", "assert area(0, 3) == 0", 2.0, hidden=True, message=None),
    )
    told: list[tuple[int, int]] = []
    runner: Runner = CodeRunner(progress=lambda done, whole: told.append((done, whole)))
    right, wrong, broken = runner(
        [
            CodeJob("def area(a, b): return a * b", tests, ("area",), 5.0),
            CodeJob("def area(a, b): return a + b\nprint(input())", tests, ("area",), 5.0, "x\n"),
            CodeJob("area = 1 / 0", tests, ("area",), 5.0),
        ]
    )
    assert (right.status, right.passed, right.details) == ("ran", (True, True), ("", ""))
    assert (wrong.printed, wrong.passed) == ("x\n", (False, False))
    assert wrong.details == ("area(2, 3) → 5 ≠ 6", "area(0, 3) → 3 ≠ 0")
    assert (broken.status, broken.error) == ("error", "ZeroDivisionError: division by zero, line 1")
    assert told[-1] == (3, 3)
