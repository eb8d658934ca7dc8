"""A Jupyter kernel in the jail: for notebooks that someone runs, or nbgrader executes.

The kernel talks over sockets in a folder of its own (ipc), for it has no network. This provisioner
sets the transport, so that whoever starts the kernelspec `ustaz-jail` needs no configuration.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Float, Integer, Unicode

from ustaz_kernels.errors import JailFaultError
from ustaz_kernels.sandbox import jail
from ustaz_kernels.sandbox.jail import Bind
from ustaz_kernels.sandbox.policy import MIB, Policy
from ustaz_kernels.sandbox.probe import demand

#: The kernel's address of a UNIX socket holds 108 bytes, the last of them zero.
SOCKET_PATH_MAX = 107
#: Files that may lie in the folder of the sockets: five sockets, the connection file, and room.
SOCKET_FILES_MAX = 32
_WATCH_S = 0.1
#: What nbgrader tells a notebook it runs; nothing secret.
_PASSED_ON = ("LANG", "TZ", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING")
_NOT_DATA = (".ipynb", ".db", ".sqlite", ".py", ".toml")


class JailProvisioner(LocalProvisioner):
    """Starts a kernel in a jail, and keeps it to its limits.

    Every trait can be set in a kernelspec's `metadata.kernel_provisioner.config` or in Jupyter's
    configuration (`c.JailProvisioner.memory_bytes = ...`), nbgrader's included.
    """

    memory_bytes = Integer(1024 * MIB, config=True, help="Resident memory of the kernel's tree.")
    processes = Integer(64, config=True, help="Processes and threads at the same time.")
    cpu_s = Integer(600, config=True, help="Processor time of each process, seconds.")
    wall_s = Float(4 * 3600.0, config=True, help="Life of the kernel, seconds.")
    file_bytes = Integer(64 * MIB, config=True, help="Size of each file written.")
    output_bytes = Integer(MIB, config=True, help="Output of one cell, characters.")
    with_files = Bool(
        default_value=False,
        config=True,
        help="Show the working folder's data files, read-only: no notebooks, programs, databases, "
        "hidden files or links.",
    )
    with_programs = Bool(
        default_value=False,
        config=True,
        help="With `with_files`: Python modules too, where whoever starts the kernel has seen to "
        "it that none of them is secret.",
    )
    require = Unicode(
        "namespaces,network,limits", config=True, help="Layers without which nothing is run."
    )

    _sockets: Path | None = None
    _uid: int | None = None
    _command: functools.partial[list[str]]

    def policy(self) -> Policy:
        """Return the limits that the traits say."""
        return Policy(
            wall_s=self.wall_s,
            cpu_s=self.cpu_s,
            memory_bytes=self.memory_bytes,
            # IPython, out of memory, hangs where it should say so: let the watchdog end it first.
            address_factor=8,
            processes=self.processes,
            open_files=512,
            file_bytes=self.file_bytes,
            output_bytes=self.output_bytes,
            minimum=tuple(filter(None, self.require.split(","))),
        )

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare sockets, folder and command.

        Raises
        ------
        JailMissingError
            A required layer of the jail is missing; the kernel is not started.
        JailFaultError
            The path of the sockets is too long.
        """
        policy = self.policy()
        await asyncio.get_running_loop().run_in_executor(None, demand, policy)
        sockets = self._socket_folder()
        manager: Any = self.parent  # its traits are set, whatever manager it is
        manager.transport, manager.ip, manager.cache_ports = "ipc", str(sockets / "k"), False
        manager.connection_file = str(sockets / "kernel.json")
        kwargs = await super().pre_launch(**kwargs)
        if self._uid is not None:
            os.chown(manager.connection_file, self._uid, self._uid)
        asked = kwargs.get("env") or {}
        environment = {
            **{name: asked[name] for name in _PASSED_ON if name in asked},
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "IPYTHONDIR": "/tmp/ipython",  # noqa: S108 - inside the jail
            "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",  # noqa: S108
            "USTAZ_OUTPUT_BYTES": str(policy.output_bytes),
        }
        binds = [Bind(sockets, str(sockets), writable=True)]
        if self.with_files and kwargs.get("cwd"):
            binds += data_files(Path(kwargs["cwd"]), programs=self.with_programs)
        self._command = functools.partial(
            jail.command,
            policy,
            {"command": kwargs["cmd"]},
            binds=binds,
            environment=environment,
            uid=self._uid,
        )
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:  # noqa: ARG002 - jailed instead
        """Start the kernel; a watchdog looks after its limits from now on."""
        policy = self.policy()
        nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        with jail.filter_descriptor() as fd:
            info = await super().launch_kernel(
                self._command(filter_fd=fd),
                env={},
                cwd="/",
                pass_fds=() if fd is None else (fd,),
                independent=True,  # it has no parent to poll
                **nowhere,
            )
        threading.Thread(target=self._watch, args=(self.process, policy), daemon=True).start()
        return info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel itself; what ends it ends the whole jail.

        bubblewrap would die of an interrupt, so it goes to the process inside.
        """
        if not self.process:
            return
        if signum in (signal.SIGKILL, signal.SIGTERM):
            jail.end_tree(self.process.pid)
            return
        inside = jail.first_inside(self.process.pid)
        if inside is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(inside, signum)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - jupyter_client's
        """Remove the sockets, unless the kernel starts again."""
        await super().cleanup(restart=restart)
        if self._sockets and not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None

    def _socket_folder(self) -> Path:
        """Return the sockets' folder: short, and belonging to the user inside the jail."""
        if self._sockets is None:
            place = os.environ.get("XDG_RUNTIME_DIR", "")
            base = place if os.access(place, os.W_OK) else tempfile.gettempdir()
            self._sockets = Path(tempfile.mkdtemp(prefix="uz-", dir=base)).resolve()
            if len(os.fsencode(self._sockets / "k-00000")) > SOCKET_PATH_MAX:
                path, self._sockets = self._sockets, None
                path.rmdir()
                raise JailFaultError(
                    "The folder {folder!r} is too long a path for a kernel's sockets; {limit} "
                    "bytes is the most. Set TMPDIR to a shorter one.",
                    folder=str(path),
                    limit=SOCKET_PATH_MAX,
                )
            self._uid = jail.new_uid()
            # Also for a process that ends without shutting its kernels down.
            weakref.finalize(self, shutil.rmtree, self._sockets, ignore_errors=True)
        if self._uid is not None:
            os.chown(self._sockets, self._uid, self._uid)
        return self._sockets

    def _watch(self, process: subprocess.Popen[bytes], policy: Policy) -> None:
        born, sockets = time.monotonic(), self._sockets
        while process.poll() is None:
            limit = jail.overstepped(process.pid, policy)
            if time.monotonic() - born > policy.wall_s:
                limit = "time"
            if sockets is not None and _crowded(sockets):
                limit = "socket folder"
            if limit:
                self.log.warning("ustaz-jail: ended a kernel that overstepped its limit: %s", limit)
                jail.end_tree(process.pid)
                return
            time.sleep(_WATCH_S)


def data_files(folder: Path, *, programs: bool = False) -> list[Bind]:
    """Return what of a folder a notebook may read: plain files and folders of data."""
    return [
        Bind(path.absolute(), f"{jail.HOME}/{path.name}")
        for path in sorted(folder.iterdir())
        if not path.is_symlink()
        and (path.is_file() or path.is_dir())
        and not path.name.startswith(".")
        and (path.suffix not in _NOT_DATA or (programs and path.suffix == ".py"))
    ]


def _crowded(folder: Path) -> bool:
    """Return whether a kernel stores data where only sockets belong: that is the host's disk."""
    try:
        with os.scandir(folder) as entries:
            sizes = [entry.stat(follow_symlinks=False).st_size for entry in entries]
    except OSError:
        return False
    return len(sizes) > SOCKET_FILES_MAX or sum(sizes) > MIB
