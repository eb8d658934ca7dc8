"""One jail: a command for bubblewrap, the process it starts, and what ends it.

Inside there is a read-only system with nothing but what Python needs, a private `/tmp` and home in
memory, no network, no other process, no capability and a short environment. The first code inside,
`guest/enter.py`, sets the limits and becomes the program.

Two modes, because root and an ordinary user have different means. An ordinary user's jail is a user
namespace. Root's jail is not: bubblewrap makes the other namespaces as root, so that an interpreter
in root's home can be bound in, and `enter.py` then becomes a user id that exists nowhere else, new
for every jail. (Inside a user namespace root would stay root towards the kernel, whom the limit on
processes does not bind.) Where a container keeps root from making namespaces, root too takes a user
namespace, and only the watchdog counts its processes.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ustaz_kernels.sandbox import seccomp
from ustaz_kernels.sandbox.policy import Policy

GUEST = "/ustaz"
HOME = "/home/student"
#: User inside an ordinary user's jail.
USER = 1000
#: Root's jails take user ids from here on, above every real one.
FIRST_UID, UIDS = 1_700_000_000, 1 << 26
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": HOME,
    "USER": "student",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # a printed set looks the same in every run
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    # A numeric library starts a thread for each core otherwise, up to the limit on processes.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
_ETC = ("ld.so.cache", "ld.so.conf", "localtime", "alternatives", "fonts")
_MASKED = ("etc",)
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Bind:
    """A file or folder of the host that the jail sees."""

    source: Path
    target: str
    """Absolute path inside."""
    writable: bool = False


class Jail:
    """A running jail.

    Use `start`, then `stop` in every case; or `with Jail.start(...) as jail`.

    Parameters
    ----------
    process : Popen
        bubblewrap's outer process.
    policy : Policy
        The limits that `overstepped` looks after.
    """

    def __init__(self, process: subprocess.Popen[bytes], policy: Policy) -> None:
        self.process = process
        self.policy = policy
        self._born = time.monotonic()

    @classmethod
    def start(
        cls, policy: Policy, guest: str, *, settings: Mapping[str, object] | None = None
    ) -> Jail:
        """Start one of our guest modules in a jail with pipes at its input, output and errors.

        Raises
        ------
        OSError
            bubblewrap cannot be started.
        """
        with filter_descriptor() as fd:
            inner = {"guest": guest, "path": _site_folders(), **(settings or {})}
            process = subprocess.Popen(  # noqa: S603 - a list, no shell, our own words
                command(policy, inner, filter_fd=fd),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={},
                cwd="/",
                pass_fds=() if fd is None else (fd,),
                start_new_session=True,
            )
        return cls(process, policy)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the jail."""
        self.stop()

    def overstepped(self) -> str:
        """Return the limit of the whole tree that is overstepped ("memory", "processes", "time").

        Empty where none is. The caller asks often and stops the jail.
        """
        if time.monotonic() - self._born > self.policy.wall_s:
            return "time"
        return overstepped(self.process.pid, self.policy)

    def kill(self) -> None:
        """Kill every process of the jail; its pipes can still be read."""
        if self.process.poll() is None:
            end_tree(self.process.pid)
            self.process.wait()

    def stop(self) -> None:
        """Kill every process of the jail and close its pipes."""
        self.kill()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def command(
    policy: Policy,
    inner: Mapping[str, object],
    *,
    binds: Sequence[Bind] = (),
    environment: Mapping[str, str] | None = None,
    folder: str = HOME,
    filter_fd: int | None = None,
    uid: int | None = None,
) -> list[str]:
    """Return the command line that starts a jail.

    Parameters
    ----------
    policy : Policy
        The limits.
    inner : mapping
        For `guest/enter.py`: "guest" with "path", or "command", a list.
    binds : sequence of Bind
        What the jail sees beyond system and interpreter.
    environment : mapping or None
        Added to `ENVIRONMENT`.
    folder : str
        Working folder inside.
    filter_fd : int or None
        From which bubblewrap reads the filter of system calls.
    uid : int or None
        The user id of root's jail, a new one unless given.
    """
    uid = new_uid() if uid is None else uid
    words = [bubblewrap() or "bwrap", *_namespaces(as_root=uid is not None)]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for place in ("/dev/shm", "/tmp", HOME):  # noqa: S108 - inside the jail
        words += ["--perms", "0777", "--size", str(2 * policy.file_bytes), "--tmpfs", place]
    words += _system()  # after the private folders: an interpreter may lie in /tmp
    words += ["--perms", "0755", "--dir", GUEST]
    words += ["--ro-bind", str(Path(__file__).parent / "guest"), f"{GUEST}/guest"]
    for bind in binds:
        words += _parents(bind.target)
        words += ["--bind" if bind.writable else "--ro-bind", str(bind.source), bind.target]
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", folder, "--clearenv"]
    for name, value in {**ENVIRONMENT, **(environment or {})}.items():
        words += ["--setenv", name, value]
    if filter_fd is not None:
        words += ["--seccomp", str(filter_fd)]
    settings = {**inner, "root": GUEST, "uid": uid, "limits": _limits(policy)}
    return [*words, "--", *interpreter(), f"{GUEST}/guest/enter.py", json.dumps(settings)]


def bubblewrap() -> str | None:
    """Return the path of bubblewrap, or None where it is not installed."""
    return shutil.which("bwrap")


def interpreter() -> list[str]:
    """Return the words that start this Python without its site packages."""
    return [os.path.realpath(sys.executable), "-S", "-s", "-P"]


@functools.lru_cache(maxsize=1)
def drops_root() -> bool:
    """Return whether the jail is made by root and then left to a user id of its own."""
    found = bubblewrap()
    if os.geteuid() != 0 or found is None:
        return False
    words = [found, *_namespaces(as_root=True), "--ro-bind", "/", "/", "--proc", "/proc"]
    words += ["--", "/bin/true"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0  # noqa: S603


def new_uid() -> int | None:
    """Return a user id for one jail, or None where jails are user namespaces."""
    return FIRST_UID + secrets.randbelow(UIDS) if drops_root() else None


@contextlib.contextmanager
def filter_descriptor() -> Iterator[int | None]:
    """Give the descriptor of the system-call filter, None where this machine cannot make one."""
    if seccomp.available():
        yield None
        return
    fd = seccomp.descriptor()
    try:
        yield fd
    finally:
        os.close(fd)


def tree(pid: int) -> list[int]:
    """Return the process ids below a process, nearest first."""
    found, level = [], [pid]
    while level:
        level = [child for parent in level for child in _children(parent)]
        found += level
    return found


def first_inside(pid: int) -> int | None:
    """Return the id of a jail's own program, given bubblewrap's outer process."""
    for first in _children(pid):
        for program in _children(first):
            return program
    return None


def overstepped(pid: int, policy: Policy) -> str:
    """Return which limit the tree below bubblewrap's process oversteps, or an empty text."""
    pages = threads = 0
    for below in tree(pid):
        with contextlib.suppress(OSError, ValueError, IndexError):
            stat = Path(f"/proc/{below}/stat").read_text("utf-8").rpartition(")")[2].split()
            threads += int(stat[17])
            pages += int(stat[21])
    if pages * _PAGE > policy.memory_bytes:
        return "memory"
    # bubblewrap's own process inside counts too.
    return "processes" if threads > policy.processes + 1 else ""


def end_tree(pid: int) -> None:
    """Kill a jail: the first process of its namespace takes all others with it."""
    for below in (*_children(pid), pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(below, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - asked twenty times a second
            with contextlib.suppress(OSError):
                text = Path(f"/proc/{pid}/task/{task}/children").read_text("ascii")
                found += map(int, text.split())
    return found


def _namespaces(*, as_root: bool) -> list[str]:
    words = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--hostname", "jail", "--die-with-parent", "--new-session"]
    words += ["--cap-drop", "ALL"]
    if as_root:
        return [*words, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*words, "--unshare-user", "--uid", str(USER), "--gid", str(USER)]


@functools.lru_cache(maxsize=1)
def _system() -> tuple[str, ...]:
    """Return the words for what of the host is visible: system, interpreter, its packages."""
    words = ["--ro-bind", "/usr", "/usr"]
    for place in _SYSTEM:
        path = Path(place)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), place]
        elif path.is_dir():
            words += ["--ro-bind", place, place]
    words += ["--perms", "0755", "--dir", "/etc"]
    for name in _ETC:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    prefixes = list(
        dict.fromkeys([os.path.realpath(sys.base_prefix), os.path.realpath(sys.prefix)])
    )
    for prefix in prefixes:
        if not prefix.startswith("/usr"):
            words += [*_parents(prefix), "--ro-bind", prefix, prefix]
    for masked in _masked(prefixes):
        words += ["--perms", "0555", "--size", str(_PAGE), "--tmpfs", masked]
        words += ["--remount-ro", masked]
    return tuple(words)


def _parents(path: str) -> list[str]:
    """Return words for the folders above a path: bubblewrap's own may be closed to others."""
    above = [str(parent) for parent in reversed(Path(path).parents)][1:]
    return [word for parent in above for word in ("--perms", "0755", "--dir", parent)]


def _masked(prefixes: Sequence[str]) -> list[str]:
    """Return folders inside the interpreter that are none of a program's business.

    Settings of servers, and Ustaz's own packages with their courses and solutions.
    """
    places = [Path(prefix, name) for prefix in prefixes for name in _MASKED if prefix != "/usr"]
    places += [found for site in _site_folders() for found in Path(site).glob("ustaz_*")]
    return [str(place) for place in places if place.is_dir() and not place.is_symlink()]


@functools.lru_cache(maxsize=1)
def _site_folders() -> list[str]:
    paths = sysconfig.get_paths()
    own = [paths["purelib"], paths["platlib"]]
    debian = [path for path in sys.path if path.endswith("dist-packages")]
    return [path for path in dict.fromkeys([*own, *debian]) if Path(path).is_dir()]


def _limits(policy: Policy) -> dict[str, int]:
    return {
        "AS": policy.address_factor * policy.memory_bytes,
        "CPU": policy.cpu_s,
        "NPROC": policy.processes,
        "NOFILE": policy.open_files,
        "FSIZE": policy.file_bytes,
        "CORE": 0,
    }
