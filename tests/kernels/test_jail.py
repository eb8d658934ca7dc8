"""What the jail shows and allows, looked at from inside; as root and as an ordinary user."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import ustaz_kernels
from ustaz_kernels.sandbox import Policy, jail
from ustaz_kernels.sandbox.jail import Bind

NOBODY = 65534
SYSTEM_PYTHON = "/usr/bin/python3"


def inside(code: str, **options: object) -> object:
    """Return what code prints as JSON inside a jail with the filter."""
    with jail.filter_descriptor() as fd:
        inner = {"command": [*jail.interpreter(), "-c", code]}
        words = jail.command(Policy(), inner, filter_fd=fd, **options)
        fds = () if fd is None else (fd,)
        done = subprocess.run(words, pass_fds=fds, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_root_folder_holds_the_system_and_nothing_else():
    shown = set(inside("import os, json; print(json.dumps(os.listdir('/')))"))
    ways = {Path(path).parts[1] for path in (sys.prefix, sys.base_prefix)}
    assert shown - ways <= {
        *("bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc"),
        *("dev", "proc", "tmp", "home", "ustaz"),
    }


def test_environment_is_short_and_ours():
    shown = inside("import os, json; print(json.dumps(dict(os.environ)))")
    assert {*shown} - {"LC_CTYPE"} == {*jail.ENVIRONMENT, "PWD"}


def test_process_is_alone_and_powerless():
    code = """
import os, json
status = dict(l.split(':', 1) for l in open('/proc/self/status').read().splitlines())
pids = [p for p in os.listdir('/proc') if p.isdigit()]
print(json.dumps([len(pids), os.getuid(), status['CapEff'].strip(), status['NoNewPrivs'].strip()]))
"""
    count, uid, capabilities, no_new = inside(code)
    assert count == 2  # bubblewrap's and itself
    assert uid not in (0, os.getuid() or -1)
    assert (int(capabilities, 16), no_new) == (0, "1")


def test_only_private_folders_can_be_written():
    code = """
import os, json
ok = []
for place in ('/', '/usr', '/etc', '/dev', '/ustaz', '/ustaz/guest', '/proc',
              os.path.dirname(os.__file__), '/home', '/tmp', '/dev/shm', os.environ['HOME']):
    try:
        open(place + '/mark', 'w').close()
        ok.append(place)
    except OSError: pass
print(json.dumps(ok))
"""
    assert inside(code) == ["/tmp", "/dev/shm", "/home/student"]  # noqa: S108


def test_own_packages_and_server_settings_are_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    site = tmp_path / "site"
    (site / "ustaz_courses").mkdir(parents=True)
    (site / "ustaz_courses" / "solution.py").write_text("secret")
    (site / "other").mkdir()
    monkeypatch.setattr(jail, "_site_folders", lambda: [str(site)])
    assert str(site / "ustaz_courses") in jail._masked([])
    assert str(site / "other") not in jail._masked([])
    settings = Path(sys.prefix, "etc")
    if settings.is_dir():
        shown = inside(f"import os, json; print(json.dumps(os.listdir({str(settings)!r})))")
        assert shown == []


def test_what_is_bound_is_seen_and_only_writable_where_said(tmp_path: Path):
    for name in ("read", "write"):
        (tmp_path / name).mkdir(mode=0o777)
        (tmp_path / name).chmod(0o777)
    code = """
import json
ok = []
for place in ('/in/read', '/in/write'):
    try:
        open(place + '/mark', 'w').close()
        ok.append(place)
    except OSError: pass
print(json.dumps(ok))
"""
    binds = [
        Bind(tmp_path / "read", "/in/read"),
        Bind(tmp_path / "write", "/in/write", writable=True),
    ]
    assert inside(code, binds=binds) == ["/in/write"]


def test_interpreter_that_lies_in_a_temporary_folder_is_not_hidden():
    words = jail.command(Policy(), {"command": ["true"]})
    assert words.index("/tmp") < words.index(str(Path(sys.base_prefix).resolve()))  # noqa: S108


def test_stopping_a_jail_ends_everything_in_it():
    started = jail.Jail.start(Policy(), "judge")
    with started:
        deadline = time.monotonic() + 20
        while len(jail.tree(started.process.pid)) < 2:
            assert time.monotonic() < deadline
        below = jail.tree(started.process.pid)
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in below):
        assert time.monotonic() < deadline


def test_life_of_a_jail_is_bounded():
    with jail.Jail.start(Policy(wall_s=0.01), "judge") as started:
        time.sleep(0.02)
        assert started.overstepped() == "time"


def test_every_jail_of_root_has_a_user_of_its_own():
    if not jail.drops_root():
        pytest.skip("not root, or root may not make namespaces here")
    assert len({jail.new_uid() for _ in range(100)}) == 100
    assert min(jail.new_uid() for _ in range(100)) > NOBODY


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv") or not Path(SYSTEM_PYTHON).exists(),
    reason="needs root, setpriv and a system Python to become an ordinary user",
)
def test_ordinary_user_s_jail_holds_too(tmp_path_factory: pytest.TempPathFactory):
    """Judge an honest and several hostile programs as user nobody, in user namespaces."""
    place = Path(tmp_path_factory.mktemp("nobody"))
    shutil.copytree(Path(ustaz_kernels.__file__).parent, place / "ustaz_kernels")
    (place / "ordinary.py").write_text(ORDINARY)
    for path in (place, *place.parents):
        if path.is_relative_to("/tmp") and path != Path("/tmp"):  # noqa: S108
            path.chmod(0o755)
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(place)}
    words = [*become, SYSTEM_PYTHON, "-W", "error", str(place / "ordinary.py")]
    done = subprocess.run(
        words, env=environment, cwd="/", capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert results["mode"] == "user namespace"
    assert results["layers"] == ["namespaces", "network", "limits", "seccomp"]
    assert results["right"] == ["ran", [True]]
    for attack in ("wrong", "lie", "passwd", "network", "write", "kill"):
        assert results[attack] == ["ran", [False]], attack
    for bomb in ("forks", "memory"):
        assert results[bomb][1] == [False], bomb
    assert results["left over"] == 0


ORDINARY = """
import json, os
from ustaz_kernels.sandbox import Policy, ProgramJob, ProgramTest, jail, probe, run_programs

PROGRAMS = {
    "right": "def f(x): return x * x",
    "wrong": "def f(x): return x",
    "lie": "class L(int):\\n    __eq__ = lambda s, o: True\\n    __hash__ = int.__hash__\\n"
           "def f(x): return L(1)",
    "passwd": "def f(x): return 9 if open('/etc/passwd').read() else 9",
    "network": "import socket\\ndef f(x):\\n    socket.create_connection(('1.1.1.1', 53), 1)\\n"
               "    return 9",
    "write": "def f(x):\\n    for p in ('/', '/dev/', '/usr/', '/etc/', '/ustaz/'):\\n"
             "        try: open(p + 'm', 'w'); return 9\\n        except OSError: pass",
    "kill": f"import os\\ndef f(x):\\n    os.kill({os.getpid()}, 9)\\n    return 9",
    "forks": "import os, time\\nwhile True:\\n    try: os.fork()\\n"
             "    except OSError: time.sleep(0.01)",
    "memory": "x = []\\nwhile True: x.append(b'x' * 8_000_000)",
}
test = ProgramTest("t", "assert f(3) == 9")
jobs = [ProgramJob(program, (test,), ("f",), 2.0) for program in PROGRAMS.values()]
runs = run_programs(jobs, policy=Policy(memory_bytes=128 << 20))
found = {name: [run.status, run.passed] for name, run in zip(PROGRAMS, runs)}
found["mode"] = "root" if jail.drops_root() else "user namespace"
found["layers"] = [layer.name for layer in probe() if layer.present]
found["left over"] = len(jail.tree(os.getpid()))
print(json.dumps(found))
"""
