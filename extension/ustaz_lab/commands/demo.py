"""``ustaz demo``: the whole loop with a class of thirty, and then everything served."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ustaz_lab.commands.arguments import _Commands
    from ustaz_lab.console import Console


def add(commands: _Commands) -> None:
    """Add the command."""
    demo = commands.add("demo", "run the whole loop for a simulated class of thirty, then serve it")
    demo.add_argument("--once", action="store_true", help="do not serve")
    demo.add_argument(
        "--dir",
        type=Path,
        metavar="DIR",
        help="the demonstration's folder; otherwise build/demo in Ustaz's own sources, else demo",
    )
    demo.set_defaults(run=_demo)


def _demo(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.demo import default_folder, run, serve_demo  # noqa: PLC0415 - imported when run

    folder = options.dir or default_folder(Path.cwd())
    if not run(folder, console):
        return 1
    return 0 if options.once else serve_demo(folder, console)
