"""The command line's grammar, its help in three languages."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final, NoReturn

from ustaz_lab.commands import assignment, classroom, course, demo, insight, machine, serving
from ustaz_lab.console import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["LANGUAGES", "parser"]

PROGRAM: Final = "ustaz"
DESCRIPTION: Final = (
    "A teacher's workbench: verified exercise templates, an own variant for every student,"
    " autograding through nbgrader, learner profiles."
)
EPILOG: Final = "Each command has its own help: ustaz COMMAND --help"
WORDS: Final = {
    # The keys are argparse's own.
    "usage: ": "usage: ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "show this help and exit",
    "the following arguments are required: %s": "missing: %s",
    "unrecognized arguments: %s": "unknown: %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r is none of %(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r is no %(type)s",
    "expected one argument": "a value is missing",
    "expected at least one argument": "a value is missing",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "not allowed with argument %s": "cannot stand beside %s",
    "one of the arguments %s is required": "one of these is required: %s",
    "%(prog)s: error: %(message)s\n": "%(prog)s: error: %(message)s\n",
}
"""What argparse says, and what we say instead: shorter, and in our catalogue."""


def parser(language: str) -> argparse.ArgumentParser:
    """Return the parser of the whole command line.

    Parameters
    ----------
    language
        Of help and of complaints: kk, ru or en.
    """
    # argparse looks its words up under this name at every call; its documented way, a compiled
    # gettext catalogue of the domain "messages", would be one more file that can grow stale.
    vars(argparse)["_"] = _words(language)
    kind = type("Parser", (_Parser,), {"language": language})
    whole: argparse.ArgumentParser = kind(prog=PROGRAM, description=DESCRIPTION, epilog=EPILOG)
    whole.add_argument("--version", action="store_true", help="show the version and exit")
    _common(whole, default=None)
    subparsers: Any = whole.add_subparsers(metavar="COMMAND", title="commands", parser_class=kind)
    for module in (classroom, course, assignment, insight, serving, machine, demo):
        module.add(_Commands(subparsers))
    return whole


def _words(language: str) -> Callable[[str], str]:
    return lambda text: _say(WORDS.get(text, text), language)


class _Commands:
    """Adds commands, each with the options that all of them have."""

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers

    def add(self, name: str, summary: str) -> argparse.ArgumentParser:
        """Return the parser of a new command."""
        found: argparse.ArgumentParser = self._subparsers.add_parser(
            name, help=summary, description=summary
        )
        _common(found, default=argparse.SUPPRESS)
        return found

    def group(self, name: str, summary: str) -> _Commands:
        """Return a command that has commands of its own."""
        found = self.add(name, summary)
        found.set_defaults(run=lambda _options, _console: found.error("missing: COMMAND"))
        return _Commands(
            found.add_subparsers(metavar="COMMAND", title="commands", parser_class=type(found))
        )


def _common(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default=default,
        help="language of messages; otherwise the terminal's",
    )
    parser.add_argument(
        "-C",
        "--classroom",
        metavar="DIR",
        default=default,
        help="the classroom's folder; otherwise $USTAZ_CLASSROOM, or the folder here or above with"
        " an ustaz.toml",
    )


class _Parser(argparse.ArgumentParser):
    language = "en"

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _formatter(self.language))
        options.setdefault("allow_abbrev", False)
        super().__init__(**options)

    def error(self, message: str) -> NoReturn:
        """Say what was written wrongly and how it is written."""
        super().error(_say(message, self.language))


def _formatter(language: str) -> type[argparse.HelpFormatter]:
    class Formatter(argparse.HelpFormatter):
        """Translates when help is shown: nothing is imported for it before."""

        def add_text(self, text: str | None) -> None:
            super().add_text(
                _say(text, language) if text and text is not argparse.SUPPRESS else text
            )

        def start_section(self, heading: str | None) -> None:
            super().start_section(_say(heading, language) if heading else heading)

        def add_argument(self, action: argparse.Action) -> None:
            _translate([action], language)
            super().add_argument(action)

    return Formatter


def _translate(actions: Iterable[argparse.Action], language: str) -> None:
    for action in actions:
        if action.help and action.help is not argparse.SUPPRESS:
            action.help = _say(action.help, language)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - it has no public name
            _translate(action._get_subactions(), language)  # noqa: SLF001 - its lines of help


def _say(text: str, language: str) -> str:
    if language == "en":
        return text
    from ustaz_courses.language import translate  # noqa: PLC0415 - takes a moment

    return translate(text, language, domain="ustaz_lab")
