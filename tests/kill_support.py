"""Kill a stage, for real, at each thing it writes: one copy of a folder for each moment.

A process loads what the stage needs, and then, for n = 1, 2, 3, …, copies the folder and forks. The
child counts what it opens for writing, makes, renames, links and removes below its copy, and at the
n-th of them sends itself SIGKILL, before it is done. The first child that lives through the stage
ends the row.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from grading_support import environment

if TYPE_CHECKING:
    from pathlib import Path

MOMENTS_MAX = 60
"""A stage of these tests writes less often; more would be a stage that never ends."""

_SCRIPT = """
import json, os, shutil, signal, sys
from pathlib import Path

WRITES = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.truncate"}

def kill_at(count, folder):
    left = [count]
    def look(event, args):
        if event not in WRITES or not isinstance(args[0], (str, os.PathLike)):
            return
        if event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR):
            return
        if os.path.abspath(args[0]).startswith(folder + os.sep):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)

exec(sys.argv[1])
before, copies = Path(sys.argv[2]), Path(sys.argv[3])
for count in range(1, int(sys.argv[4]) + 1):
    folder = copies / f"killed-{count}" / before.name
    shutil.copytree(before, folder, symlinks=True)
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        kill_at(count, str(folder))
        try:
            stage(folder)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([str(folder), status]), flush=True)
    if status != -signal.SIGKILL:
        break
"""


def killed_at_every_write(stage: str, before: Path, copies: Path) -> list[Path]:
    """Return a folder for each moment at which the stage was killed, in order.

    Parameters
    ----------
    stage
        Source that defines ``stage(folder)``; what it imports at its top is loaded once.
    before
        The folder as it is before the stage; it stays untouched.
    copies
        Where to make the copies.
    """
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, stage, str(before), str(copies), str(MOMENTS_MAX)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert rows, done.stderr
    assert rows[-1][1] == 0, done.stderr
    killed = [before.__class__(folder) for folder, status in rows if status == -9]
    assert killed, "the stage writes nothing below its folder"
    return killed
