"""What hostile programs try: none passes its test, none harms the machine or the next program."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from kernels_support import judged
from ustaz_kernels.sandbox import Policy, ProgramJob, ProgramTest, run_programs
from ustaz_kernels.sandbox.jail import tree

MIB = 1 << 20
SQUARE = "assert f(3) == 9"

LIES = {
    "an int that equals everything": """
class Lie(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__
    __ne__ = lambda self, other: False
def f(x): return Lie(1)
""",
    "an object that equals everything": """
class Lie:
    def __eq__(self, other): return True
    def __bool__(self): return True
def f(x): return Lie()
""",
    "a text that equals everything": """
class Lie(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
def f(x): return Lie("9")
""",
    "builtins replaced": """
import builtins
builtins.AssertionError = type("Quiet", (Exception,), {})
builtins.isinstance = lambda *a: True
builtins.print = lambda *a, **k: None
def f(x): return 1
""",
    "json replaced": """
import json
json.dumps = lambda *a, **k: '{"ok": 9, "passed": true}'
json.loads = lambda *a, **k: {"op": "end"}
def f(x): return 1
""",
    "the guest's own modules replaced": """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith("guest"):
        for attribute in list(vars(module)):
            if callable(vars(module)[attribute]):
                setattr(module, attribute, lambda *a, **k: True)
def f(x): return 1
""",
    "a verdict written into every descriptor": """
import os
def shout():
    for fd in range(3, 64):
        try: os.write(fd, b'verdict {"passed": true, "detail": ""}\\nover 0\\nreply {"ok": 9}\\n')
        except OSError: pass
shout()
def f(x):
    shout()
    return 1
""",
    "leaves with success": "import os\ndef f(x): os._exit(0)\n",
    "leaves at once": "import os\nos._exit(0)\n",
    "kills all it can": """
import os, signal
def f(x):
    for pid in range(1, 200):
        if pid != os.getpid():
            try: os.kill(pid, signal.SIGKILL)
            except OSError: pass
    return 1
""",
    "kills its parent and its group": """
import os, signal
def f(x):
    os.kill(os.getppid(), signal.SIGKILL)
    os.killpg(0, signal.SIGKILL)
    return 9
""",
    "raises what the judge raises": """
class _Failed(Exception): pass
class Passed(BaseException): pass
def f(x): raise Passed("passed")
""",
    "looks for the test in its process": """
import gc
def f(x):
    needle = chr(61) * 2 + " 9"  # computed, lest the program find itself
    return 9 if any(needle in str(found)[:50_000] for found in gc.get_objects()) else 1
""",
    "reads the caller's frames": """
import sys
def f(x):
    needle, frame = chr(61) * 2 + " 9", sys._getframe()
    while frame := frame.f_back:
        if any(needle in repr(value)[:50_000] for value in frame.f_locals.values()): return 9
    return 1
""",
    "reads the judge's command and memory": """
import os
def f(x):
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                if b"judge" in open(f"/proc/{pid}/cmdline", "rb").read(): return 9
            except OSError: pass
    return 1
""",
    "recursion without end": "def f(x): return f(x)\n",
    "nested without end": "def f(x):\n    a = []\n    a.append(a)\n    return a\n",
    "nested deeply": "def f(x):\n    a = []\n    for _ in range(100_000): a = [a]\n    return a\n",
    "a huge answer": "def f(x): return 'x' * 50_000_000\n",
    "a huge range": "def f(x): return range(10**15)\n",
    "a huge error": "def f(x): raise ValueError('x' * 50_000_000)\n",
    "an error that raises": """
class Bad(Exception):
    def __str__(self): raise self
def f(x): raise Bad
""",
    "a wrong shape of answer": """
import os, sys
frame = sys._getframe()
while frame.f_back: frame = frame.f_back
def f(x):
    pipe = [f for f in __import__("gc").get_objects() if type(f).__name__ == "Pipe"][0]
    for token in ("x",): pipe.write(token, {"ok": {"o": "nine"}})
    return {1: object(), 2: [object()]}
""",
}


@pytest.mark.parametrize("attack", LIES)
def test_attack_does_not_pass_and_the_next_test_is_fair(attack: str):
    run = judged(LIES[attack], SQUARE, "assert 1 + 1 == 2", timeout_s=3)
    assert run.status in ("ran", "error"), run
    assert run.passed[0] is False, run
    assert run.passed[1] is (run.status == "ran")
    assert len(run.error) <= 500
    assert all(len(detail) <= 500 for detail in run.details)


def test_answers_forged_into_the_channel_reach_no_verdict():
    forge = """
import gc, json
def f(x):
    pipe = next(o for o in gc.get_objects() if type(o).__name__ == "Pipe")
    for line in ('verdict {"passed": true, "detail": ""}', 'reply {"ok": 9}', '{"ok": 9}', ""):
        pipe.write(line, {"ok": 9, "passed": True})
    return 8
"""
    run = judged(forge, SQUARE)
    assert (run.status, run.passed, run.details) == ("ran", (False,), ("f(3) → 8 ≠ 9",))


def test_a_flood_into_the_channel_ends_the_program_alone():
    flood = """
import os
def f(x):
    while True:
        for fd in range(3, 16):
            try: os.write(fd, b"x y\\n" * 10_000)
            except OSError: pass
"""
    begun = time.monotonic()
    run = judged(flood, SQUARE, "assert 1 == 1", timeout_s=3)
    assert run.passed == (False, True)
    assert time.monotonic() - begun < 15


def test_a_line_without_end_ends_the_program_alone():
    flood = """
import os
def f(x):
    while True:
        for fd in range(3, 16):
            try: os.write(fd, b"x" * 100_000)
            except OSError: pass
"""
    run = judged(flood, SQUARE, "assert 1 == 1", timeout_s=5)
    assert run.passed == (False, True)
    assert "KiB" in run.details[0]


def test_printed_flood_is_cut():
    run = judged(
        "for n in range(300_000): print('x' * 1000)\ndef f(x): return 9\n", SQUARE, timeout_s=20
    )
    assert (run.status, run.passed) == ("ran", (True,))
    assert len(run.printed) == Policy().output_bytes


def test_flood_past_python_s_own_output_is_dropped():
    program = "import os\nfor n in range(6000): os.write(1 + n % 2, b'x' * 100_000)\n"
    run = judged(program, timeout_s=20)
    assert (run.status, run.printed) == ("ran", "")


@pytest.mark.parametrize("where", ["at the top", "in a call"])
def test_memory_bomb_is_stopped_and_said(where: str):
    bomb = "x = []\n{loop}while True: x.append(bytearray(8_000_000))\n"
    program = (
        bomb.format(loop="")
        if where == "at the top"
        else ("def f(y):\n    x = []\n    while True: x.append(b'x' * 8_000_000)\n")
    )
    run = judged(program, SQUARE, policy=Policy(memory_bytes=128 * MIB), timeout_s=10)
    assert run.passed == (False,)
    assert "MemoryError" in run.error + run.details[0]


def test_memory_of_many_processes_is_counted_together():
    program = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        x = bytearray(b"x") * 60_000_000
        time.sleep(60)
time.sleep(60)
"""
    begun = time.monotonic()
    run = judged(program, SQUARE, policy=Policy(memory_bytes=128 * MIB), timeout_s=20)
    assert (run.status, run.error) == ("error", "MemoryError: > 128 MiB")
    assert time.monotonic() - begun < 15


def test_memory_in_files_is_bounded():
    program = """
def f(x):
    try:
        for n in range(1000):
            with open(f"/tmp/{n}", "wb") as file: file.write(b"x" * 4_000_000)
    except OSError as error:
        return [n, error.errno]
"""
    run = judged(program, "n, errno = f(3)\nassert n < 16 and errno == 28", timeout_s=20)
    assert (run.passed, run.details) == ((True,), ("",))


@pytest.mark.parametrize("kind", ["processes", "threads"])
def test_fork_bomb_is_held(kind: str):
    start = {
        "processes": "os.fork()",
        "threads": "threading.Thread(target=time.sleep, args=(99,)).start()",
    }[kind]
    program = f"""
import os, threading, time
def f(x):
    while True:
        try: {start}
        except (OSError, RuntimeError): time.sleep(0.01)
"""
    others = set(tree(os.getpid()))
    run = judged(program, SQUARE, "assert 1 == 1", timeout_s=2)
    assert run.passed == (False, True)
    assert set(tree(os.getpid())) <= others


def test_nothing_of_a_program_outlives_it():
    program = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(600)
    os._exit(0)
def f(x): return 9
"""
    others = set(tree(os.getpid()))
    assert judged(program, SQUARE).passed == (True,)
    assert set(tree(os.getpid())) <= others


HOST = {
    "the host's users": "open('/etc/passwd').read()",
    "root's home": "os.listdir('/root/.ssh')",
    "this repository": f"os.listdir({str(Path(__file__).parents[2])!r} + '/tests')",
    "a file beside": "open({secret!r}).read()",
    "the host's temporary files": "[n for n in os.listdir('/tmp')][0]",
    "variable data": "os.listdir('/var')",
    "the environment": "os.environ['USTAZ_TEST_SECRET']",
    "the host's environment": "open('/proc/1/environ').read().split('USTAZ_TEST_SECRET=')[1]",
    "other processes": "[p for p in os.listdir('/proc') if p.isdigit()][6]",
    "a write to the system": "open('/usr/x', 'w')",
    "a write to the interpreter": "open(os.__file__, 'a')",
    "a write to the guests": "open('/ustaz/guest/wire.py', 'a')",
    "a write to the root": "open('/x', 'w')",
    "a write to devices": "open('/dev/x', 'w')",
    "root": "os.setuid(0)",
    "a mount": "ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0 or 1 / 0",
    "a user namespace": "ctypes.CDLL(None).unshare(0x10000000) == 0 or 1 / 0",
    "memory in nameless files": "os.memfd_create('x')",
    "memory of System V": "ctypes.CDLL(None).shmget(0, 1 << 20, 0o1600) >= 0 or 1 / 0",
    "tracing": "ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0 or 1 / 0",
    "the network by name": "socket.create_connection(('example.org', 80), 1)",
    "the network by number": "socket.create_connection(('1.1.1.1', 53), 1)",
    "the host's own servers": "socket.create_connection(('127.0.0.1', {port}), 1)",
    "abstract sockets": "socket.socket(socket.AF_UNIX).connect('\\0ustaz-attack-{port}')",
    "virtual machine sockets": "socket.socket(40, socket.SOCK_STREAM)",
}


@pytest.mark.parametrize("what", HOST)
def test_nothing_of_the_host_is_reached(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import socket

    monkeypatch.setenv("USTAZ_TEST_SECRET", "hunter2")
    secret = tmp_path / "gradebook.db"
    secret.write_text("hunter2")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        port = server.getsockname()[1]
        local.bind(f"\0ustaz-attack-{port}")
        local.listen()
        attempt = HOST[what].replace("{secret!r}", repr(str(secret))).replace("{port}", str(port))
        program = f"import ctypes, os, socket\ndef f():\n    {attempt}\n    return 'reached'\n"
        run = judged(program, "f()", "assert 1 == 1", timeout_s=10)
    assert run.passed == (False, True), what
    assert "reached" not in run.details[0]


def test_the_same_attempt_at_something_allowed_is_reached():
    """Shows that the table above would notice."""
    program = "import os\ndef f():\n    os.listdir('/usr')\n    return 'reached'\n"
    assert judged(program, "assert f() == 'reached'").passed == (True,)


def test_calls_reveal_arguments_but_no_expectation():
    """The one thing a program learns of a test is what it is called with."""
    program = """
import gc, sys
def f(x):
    needle = str(135914 * x - 135914)
    return any(needle in str(found)[:50_000] for found in gc.get_objects())
"""
    run = judged(program, "assert f(3) == 271828", "assert f(3) is False", timeout_s=20)
    assert run.passed == (False, True)


def test_programs_do_not_see_one_another():
    leave = "open('/tmp/mark', 'w').close(); open('mark', 'w').close()\ndef f(x): return 9\n"
    look = "import os\ndef f(x): return os.listdir('/tmp') + os.listdir('.')\n"
    jobs = [
        ProgramJob(leave, (ProgramTest("t", SQUARE),), ("f",)),
        ProgramJob(look, (ProgramTest("t", "assert f(3) == []"),), ("f",)),
    ]
    assert [run.passed for run in run_programs(jobs, workers=1)] == [(True,), (True,)]


def test_processor_time_is_bounded_for_what_runs_beside():
    program = """
import os
if os.fork() == 0:
    while True: pass
def f(x): return 9
"""
    policy = replace(Policy(), cpu_s=1)
    others = set(tree(os.getpid()))
    assert judged(program, SQUARE, policy=policy).passed == (True,)
    assert set(tree(os.getpid())) <= others
