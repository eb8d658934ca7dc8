"""``ustaz init`` and ``ustaz students``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ustaz_lab.commands.room import opened

if TYPE_CHECKING:
    import argparse

    from ustaz_lab.commands.arguments import _Commands
    from ustaz_lab.console import Console


def add(commands: _Commands) -> None:
    """Add the commands."""
    init = commands.add("init", "make a folder a classroom")
    init.add_argument("dir", metavar="DIR", type=Path, help="the folder; made where there is none")
    init.add_argument(
        "--course",
        action="append",
        default=[],
        metavar="ID",
        help="a course to teach: a bundled one, or a folder in DIR; may be repeated",
    )
    init.add_argument(
        "--adopt",
        action="store_true",
        help="the folder holds a course of nbgrader already, which stays as it is",
    )
    init.set_defaults(run=_init)
    students = commands.group("students", "the class list")
    adding = students.add("add", "take in a class list")
    adding.add_argument(
        "file",
        metavar="FILE.csv",
        type=Path,
        help="columns id, first_name, last_name, language (kk, ru, en), interests; only id is"
        " needed",
    )
    adding.set_defaults(run=_add)
    students.add("list", "show the class list").set_defaults(run=_list)
    tokens = students.add("tokens", "show what each student needs to fetch their own copies")
    tokens.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        help="write them into this CSV, which only you can read; otherwise they are shown",
    )
    tokens.set_defaults(run=_tokens)


def _init(options: argparse.Namespace, console: Console) -> int:
    from ustaz_grading.classroom import CONFIG_FILE  # noqa: PLC0415 - commands import when they run

    from ustaz_lab.workflow import set_up  # noqa: PLC0415

    existed = (options.dir / CONFIG_FILE).is_file()
    room = set_up(
        options.dir,
        courses=options.course,
        language=options.language or "kk",
        adopt=options.adopt,
    )
    if existed:
        console.say("{folder} is a classroom already; nothing was changed.", folder=str(room.root))
        return 0
    console.say("The classroom {folder} is ready.", folder=str(room.root))
    if not options.course:
        console.say("No course is taught in it yet: add some to courses in ustaz.toml.")
    console.say("Next: cd {folder}, then ustaz students add FILE.csv", folder=str(room.root))
    return 0


def _add(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.workflow import enrol  # noqa: PLC0415 - commands import when they run

    with opened(options) as room:
        report = enrol(room, options.file)
    console.say(
        "Read: {read}, new: {new}. Students in the class: {students}.",
        read=report.read,
        new=report.new,
        students=report.students,
    )
    return 0


def _list(options: argparse.Namespace, console: Console) -> int:
    with opened(options) as room:
        students = room.roster
        width = max((len(student.id) for student in students), default=0)
        for student in students:
            interests = ", ".join(student.interests)
            console.line(
                f"{student.id:<{width}}  {room.language_of(student)}  {student.name}"
                + (f"  ({interests})" if interests else "")
            )
    if not students:
        console.say("The class list is empty. Add students: ustaz students add FILE.csv")
    return 0


def _tokens(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.links import copy_tokens, write_private  # noqa: PLC0415 - as above

    with opened(options) as room:
        table = copy_tokens(room)
        students = len(room.roster)
    if not students:
        console.say("The class list is empty. Add students: ustaz students add FILE.csv")
        return 0
    if options.out is None:
        # Alone on standard output: it can be passed on.
        console.line(table.rstrip("\n"))
        return 0
    write_private(options.out, table)
    console.say("Every student's own token is in {file}.", file=str(options.out))
    console.say(
        "Give each student only their own token: whoever has it can fetch that student's copies."
        " The student sets it as USTAZ_TOKEN."
    )
    return 0
