"""``ustaz sandbox`` and ``ustaz engine``: what this machine can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ustaz_lab.commands.room import opened

if TYPE_CHECKING:
    import argparse

    from ustaz_lab.commands.arguments import _Commands
    from ustaz_lab.console import Console


def add(commands: _Commands) -> None:
    """Add the commands."""
    sandbox = commands.group("sandbox", "where students' programs run")
    sandbox.add("probe", "try every layer of the jail on this machine").set_defaults(run=_probe)
    engine = commands.group("engine", "the language model")
    engine.add("info", "show which models may be loaded here").set_defaults(run=_info)
    rank = engine.add("rank", "rank which story suits which interest, for the whole class")
    rank.add_argument("--model", metavar="MODEL", default="", help="an id of the list of models")
    rank.set_defaults(run=_rank)


def _probe(_options: argparse.Namespace, console: Console) -> int:
    from ustaz_kernels.sandbox import probe  # noqa: PLC0415 - commands import when they run

    layers = probe()
    for layer in layers:
        mark = "✓" if layer.present else "✗"
        console.line(f"{mark} {layer.name:<12} {layer.reason}")
        if layer.remedy:
            console.line(" " * 15 + console.word("Do this: {remedy}", remedy=layer.remedy))
    if all(layer.present for layer in layers):
        console.say("Every layer holds: students' programs can be run here.")
        return 0
    console.say("A layer is missing: students' programs are not run here, and never graded.")
    return 1


def _info(_options: argparse.Namespace, console: Console) -> int:
    from importlib.util import find_spec  # noqa: PLC0415 - commands import when they run

    from ustaz_kernels.engine import DEFAULT_MODEL, allowed_models  # noqa: PLC0415

    missing = [name for name in ("torch", "transformers", "bitsandbytes") if not find_spec(name)]
    for model in allowed_models().values():
        mark = "*" if model.id == DEFAULT_MODEL else " "
        console.line(f"{mark} {model.id:<16} {model.kind}:{model.place}")
        console.line(f"    {model.licence}  [{' '.join(model.languages)}]  {model.note}".rstrip())
    if missing:
        console.say(
            "Not installed: {names}. Without them everything but the ranking of stories works;"
            " install them with pip install 'ustaz[model]'.",
            names=", ".join(missing),
        )
        return 0
    console.say("The model's libraries are installed.")
    return 0


def _rank(options: argparse.Namespace, console: Console) -> int:
    from ustaz_kernels.engine import DEFAULT_MODEL, open_engine  # noqa: PLC0415 - as above

    from ustaz_lab.workflow import rank_stories  # noqa: PLC0415

    name = options.model or DEFAULT_MODEL
    with opened(options) as room:
        console.note("Loading the model {model} …", model=name)
        report = rank_stories(room, open_engine(name), progress=console.progress)
    console.say(
        "{engine}: templates with stories {templates}, interests {interests}; ranked {ranked},"
        " known before {kept}.",
        engine=report.engine,
        templates=report.templates,
        interests=report.interests,
        ranked=report.ranked,
        kept=report.kept,
    )
    return 0
