"""The command ``ustaz``: what a teacher or an administrator types in a terminal.

Commands stand in `ustaz_lab.commands`; each imports what it needs when it runs, so that help and
completion come at once. Exit codes: 0 done, 1 something is wrong and the message says what to do,
2 the command was written wrongly, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

from ustaz_lab.commands import arguments
from ustaz_lab.console import Console, language_of_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED: Final = 130
"""As shells report an end by SIGINT."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Parameters
    ----------
    argv
        Words of the command line; ``None``: this process's.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:
        return _version()
    language = _language(words)
    parser = arguments.parser(language)
    options = parser.parse_args(words)
    console = Console(language)
    if getattr(options, "run", None) is None:
        parser.print_help()
        return 0
    try:
        code: int = options.run(options, console)
    except KeyboardInterrupt:
        console.note("Interrupted. What was finished is kept; repeat the command to go on.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe, such as head, has seen enough.
        sys.stdout = None  # nothing may be flushed into it at the end
        return 0
    except Exception as error:
        if not _is_foreseen(error):
            raise
        console.fault(error)
        return 1
    return code


def _language(words: Sequence[str]) -> str:
    """Return the language of messages; needed before the command line is understood."""
    finder = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    finder.add_argument("--language", choices=arguments.LANGUAGES)
    try:
        found, _ = finder.parse_known_args(words)
    except argparse.ArgumentError:
        return language_of_environment()
    return found.language or language_of_environment()


def _is_foreseen(error: Exception) -> bool:
    from ustaz_lab.messages import is_foreseen  # noqa: PLC0415 - see the module

    # A file that cannot be read or written is the machine's matter: its own words name it.
    return is_foreseen(error) or (isinstance(error, OSError) and error.filename is not None)


def _version() -> int:
    from importlib.metadata import version  # noqa: PLC0415 - asked for here alone

    sys.stdout.write(f"ustaz {version('ustaz')}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
