"""``ustaz serve`` and ``ustaz lab``: the students' app and the teacher's workbench."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ustaz_lab.commands.room import folder, opened

if TYPE_CHECKING:
    from ustaz_lab.commands.arguments import _Commands
    from ustaz_lab.console import Console

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8866
LAB_PORT: Final = 8888


def add(commands: _Commands) -> None:
    """Add the commands."""
    serve = commands.add("serve", "publish the students' practice app")
    serve.add_argument(
        "--port", type=_port, default=PORT, metavar="N", help="8866 unless told; 0: a free one"
    )
    serve.add_argument(
        "--host",
        default=LOOPBACK,
        metavar="ADDRESS",
        help="127.0.0.1 unless told: only this machine; put a proxy with HTTPS before any other",
    )
    serve.add_argument(
        "--links", metavar="FILE", type=Path, help="write every student's own link into this CSV"
    )
    serve.set_defaults(run=_serve)
    lab = commands.add("lab", "open JupyterLab with the workbench")
    lab.add_argument(
        "--port", type=_port, default=LAB_PORT, metavar="N", help="8888, or the next free one"
    )
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.set_defaults(run=_lab)


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise ValueError(text)
    return value


_port.__name__ = "0…65535"
"""argparse names a type so in its complaint."""


def _serve(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.links import write_links, write_private  # noqa: PLC0415 - imported when they run
    from ustaz_lab.serve import serve  # noqa: PLC0415

    root = folder(options)

    def announce(url: str) -> None:
        with opened(options) as room:
            links = write_links(room, url)
        if options.links:
            write_private(options.links, links.read_text(encoding="utf-8"))
        console.say("The practice app is at {url}", url=url)
        console.say(
            "Every student's own link is in {file}. End with Ctrl+C.",
            file=str(options.links or links),
        )

    serve(root, host=options.host, port=options.port, announce=announce)
    return 0


def _lab(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.lab import Lab  # noqa: PLC0415 - commands import when they run

    with Lab(
        folder(options),
        port=options.port,
        language=options.language or "",
        browser=not options.no_browser,
    ) as lab:
        console.say("JupyterLab with the workbench is at {url}", url=lab.url)
        console.note("End with Ctrl+C.")
        return lab.wait()
