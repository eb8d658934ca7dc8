import pytest
from kernels_support import judged

PROGRAM = """\
total = 0
def f(a, b=2): return a * b
def over(n): return 1 / n
def greet(name): print("Hello,", name)
def bump():
    global total
    total += 1
    return total
def sort(items): items.sort()
def apply(g, x): return g(x)
def loop():
    while True: pass
class Account:
    def __init__(self, balance=0): self.balance = balance
    def deposit(self, amount): self.balance += amount; return self.balance
    def __len__(self): return 7
    def __str__(self): return f"Account {self.balance}"
print("ready")
"""
NAMES = ("f", "over", "greet", "bump", "sort", "apply", "loop", "Account", "missing")


@pytest.mark.parametrize(
    "test",
    [
        "assert f(2, 3) == 6",
        "assert f(2, b=3) == 6 and f(a=1) == 2",
        "assert f([1], 2) == [1, 1] and f((1,), 2) == (1, 1)",
        "assert f(10**5000, 1) == 10**5000",
        "assert f('ab') == 'abab'",
        "assert close(over(3), 1 / 3) and close(over(3), 0.33, places=2)",
        "assert math.isinf(f(float('inf'), 1))",
        "assert printed() == 'ready\\n'",
        "assert printed_by(greet, 'Ann') == 'Hello, Ann\\n'",
        "assert raises('ZeroDivisionError', over, 0) and raises(ArithmeticError, over, 0)",
        "assert value('total') == 0",
        "bump()\nassert bump() == 2",
        "xs = [3, 1]\nsort(xs)\nassert xs == [1, 3]",
        "assert apply(code('lambda x: x + 1'), 4) == 5 and apply(f, 4) == 8",
        "a = Account(5)\nassert a.deposit(3) == 8\nassert a.balance == 8",
        "a = Account(5)\nassert len(a) == 7 and str(a) == 'Account 5' and a == a",
        "assert uses('def') and uses('while') and uses('sort') and not uses('for')",
        "assert 'class Account' in source()",
        "for n in range(3):\n    assert f(n) == 2 * n",
    ],
)
def test_right_program_passes(test: str):
    run = judged(PROGRAM, test, names=NAMES)
    assert (run.status, run.passed, run.details) == ("ran", (True,), ("",))


@pytest.mark.parametrize(
    ("test", "detail"),
    [
        ("assert f(2, 3) == 5", "f(2, 3) → 6 ≠ 5"),
        ("a = 2\nassert f(a, b=a) == 5", "f(2, b=2) → 4 ≠ 5"),
        ("assert abs(f(1) - 1) < 1e-6", "abs(f(1) - 1) → 1 ≥ 1e-06"),
        ("assert f(1) in (3, 4)", "f(1) → 2 ∉ (3, 4)"),
        ("assert f(0)", "f(0) → 0"),
        ("assert f(1) == 2 and f(2) == 2", "f(2) → 4 ≠ 2"),
        ("assert f(1) == 3, 'twice'", "twice"),
        ("assert over(0) == 1", "over(0) → ZeroDivisionError: division by zero, line 3"),
        ("assert missing(1) == 1", "missing(1) → NameError: name 'missing' is not defined"),
        ("assert value('x') == 1", "x → NameError: name 'x' is not defined"),
        ("assert loop() == 1", "loop() → … > 1 s"),
        ("assert close(over(3), 0.3)", "over(3) → 0.3333333333333333 ≠ 0.3"),
        ("assert raises('ValueError', over, 2)", "over(2) → 0.5 ≠ ValueError"),
        ("assert printed_by(greet, 'A') == 'A'", "greet('A') → 'Hello, A\\n' ≠ 'A'"),
        ("assert Account(1) == 1", "Account(1) → <Account> ≠ 1"),
        ("assert Account(1) == Account(1)", "Account(1) == Account(1)"),
        ("assert Account(1)", "Account(1) → TypeError: <Account> ≠ True, False"),
        ("assert len(over(2)) == 1", "over(2) → TypeError: object of type 'float' has no len()"),
        ("assert f('long ', 1000) == ''", "f('long ', 1000) → 'long long"),
    ],
)
def test_failed_assertion_tells_in_signs_what_came(test: str, detail: str):
    run = judged(PROGRAM, test, names=NAMES, timeout_s=1)
    assert run.passed == (False,)
    if detail == "Account(1) == Account(1)":  # only that it fails; its sides look alike
        assert run.details[0].startswith("Account(1) → <Account> ≠ <Account>")
    else:
        assert run.details[0].startswith(detail)
    assert len(run.details[0]) < 500


@pytest.mark.parametrize(
    ("program", "status", "error"),
    [
        ("x = 1\nprint(y)\n", "error", "NameError: name 'y' is not defined, line 2"),
        (
            "def g():\n    return 1 / 0\n\ng()\n",
            "error",
            "ZeroDivisionError: division by zero, line 2",
        ),
        ("def f(:\n", "error", "SyntaxError: invalid syntax, line 1"),
        ("def f():\n\treturn 1\n        return 2\n", "error", "TabError"),
        (
            "def r(): r()\nr()\n",
            "error",
            "RecursionError: maximum recursion depth exceeded, line 1",
        ),
        ("while True: pass\n", "timeout", "> 1 s"),
        ("import sys; sys.exit('no')\n", "error", "SystemExit: no"),
        ("\0", "error", ""),  # ValueError or SyntaxError, by version
    ],
)
def test_program_that_does_not_end_well_gets_no_points(program: str, status: str, error: str):
    run = judged(program, "assert 1 == 1", timeout_s=1)
    assert (run.status, run.passed) == (status, (False,))
    assert run.error.startswith(error)


def test_text_printed_before_an_error_is_kept():
    assert judged("print('before')\n1/0\n").printed == "before\n"


def test_program_that_leaves_quietly_has_run():
    assert judged("def f(): return 1\nexit()\n", "assert f() == 1").passed == (True,)


def test_input_is_read_and_prompts_are_not_printed():
    program = "a = int(input('a? '))\nb = int(input('b? '))\nprint(a + b)\n"
    run = judged(
        program,
        "assert run_with(5, '7') == '12\\n'",
        "assert run_with('5', '8') == '12\\n'",
        "assert run_with('x', '1') == ''",
        "assert run_with('1') == ''",
        stdin="1\n2\n",
    )
    assert run.printed == "3\n"
    assert run.passed == (True, False, False, False)
    assert run.details == (
        "",
        "5 ↵ 8 ↵ → '13\\n' ≠ '12\\n'",
        "x ↵ 1 ↵ → ValueError: invalid literal for int() with base 10: 'x', line 1",
        "1 ↵ → EOFError: there is no more input, line 2",
    )


def test_program_that_waits_for_input_is_run_by_its_tests():
    program = "print('n?')\nn = int(input())\nprint(n * 2)\n"
    run = judged(program, "assert run_with(4).split() == ['n?', '8']", "assert value('n') == 4")
    assert (run.status, run.error, run.printed) == ("ran", "", "n?\n")
    assert run.passed == (True, False)


def test_program_that_asks_for_more_than_its_input_has_failed():
    run = judged("input()\ninput()\n", "assert 1 == 1", stdin="1\n")
    assert (run.status, run.passed) == ("error", (False,))
    assert run.error == "EOFError: there is no more input, line 2"


def test_every_test_starts_from_the_program_as_it_ran():
    program = "seen = []\ndef f(x): seen.append(x); return len(seen)\n"
    run = judged(program, "assert f(1) == 1", "assert f(1) == 1", "assert value('seen') == []")
    assert run.passed == (True, True, True)


def test_tests_after_a_hung_one_are_run():
    program = "def f(x):\n    while x: pass\n    return 5\n"
    run = judged(program, "assert f(1) == 5", "assert f(0) == 5", timeout_s=0.5)
    assert run.passed == (False, True)


@pytest.mark.parametrize(
    "test",
    ["assert f( == 1", "assert undefined_name == 1", "import no_such_module", "f(lambda: 1)"],
)
def test_broken_test_is_a_fault_and_never_a_zero(test: str):
    run = judged("def f(x=0): return 1\n", test)
    assert run.status == "fault"
    assert "test-1" in run.error


def test_endless_test_is_a_fault(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ustaz_kernels.sandbox.judge.JUDGE_S", 0.5)
    run = judged("def f(): return 1\n", "while True: pass")
    assert run.status == "fault"
    assert "judge" in run.error


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("numpy.float64(0.5)", "0.5"),
        ("numpy.arange(3)", "[0, 1, 2]"),
        ("numpy.array([[True, False]])", "[[True, False]]"),
        ("pandas.Series([1, 2])", "[1, 2]"),
        ("pandas.DataFrame({'a': [1, 2]})", "{'a': [1, 2]}"),
    ],
)
def test_numeric_packages_are_there_and_their_values_plain(expression: str, expected: str):
    package = expression.split(".", maxsplit=1)[0]
    run = judged(
        f"import {package}\ndef f(): return {expression}\n",
        f"assert f() == {expected}",
        timeout_s=30,
    )
    assert (run.error, run.passed, run.details) == ("", (True,), ("",))


def test_files_lie_in_the_program_s_folder():
    program = "def f(name):\n    with open(name) as file: return file.read()\n"
    run = judged(
        program,
        "assert f('data.csv') == 'a,b' and f('more/x.txt') == 'x'",
        files={"data.csv": b"a,b", "more/x.txt": b"x"},
    )
    assert run.passed == (True,)
