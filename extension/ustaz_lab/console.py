"""What the command line writes: results to standard output, progress and faults to standard error.

Messages are English msgids of this package's catalogue. Translating imports the courses' package,
which takes a moment, so it happens when a sentence is written and not before.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final = ("kk", "ru", "en")
DOING: Final[Mapping[str, str]] = {
    "variants": "drawing variants",
    "nbgrader": "nbgrader makes the release version",
    "copies": "writing copies",
    "autograde": "autograding",
    "feedback": "writing feedback",
    "hand in": "handing in",
    "stories": "ranking stories",
    "verify": "verifying templates",
    "practice": "practising",
    "plots": "drawing plots",
}
"""What the stages call what they do."""

_BAR: Final = 24
"""Characters of a progress bar; the rest of a narrow terminal's line is for words."""
_REDRAW_S: Final = 0.1
"""Seconds between two drawings of a bar: more would only flicker."""
_PLAIN_STEPS: Final = 4
"""Lines that a long run writes into a log, besides its first."""


class Console:
    """Standard output and standard error in one language.

    Parameters
    ----------
    language
        kk, ru or en.
    out, err
        Where results and all else go.
    """

    def __init__(
        self, language: str, *, out: IO[str] | None = None, err: IO[str] | None = None
    ) -> None:
        self.language = language
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self._bar = _Bar(self.err, self.word)

    def word(self, message: str, **values: object) -> str:
        """Return a message in this console's language."""
        from ustaz_courses.language import translate  # noqa: PLC0415 - see the module

        return translate(message, self.language, domain="ustaz_lab", **values)

    def say(self, message: str, **values: object) -> None:
        """Write a sentence to standard output."""
        self.line(self.word(message, **values))

    def line(self, text: str = "") -> None:
        """Write a line as it is to standard output."""
        self._bar.end()
        self.out.write(text + "\n")
        self.out.flush()

    def note(self, message: str, **values: object) -> None:
        """Write a sentence to standard error: something worth knowing that is no result."""
        self._bar.end()
        self.err.write(self.word(message, **values) + "\n")
        self.err.flush()

    def fault(self, error: BaseException) -> None:
        """Write what went wrong to standard error."""
        from ustaz_lab.messages import message_of  # noqa: PLC0415 - see the module

        self._bar.end()
        self.err.write(self.word("Error: {text}", text=message_of(error, self.language)) + "\n")
        self.err.flush()

    def progress(self, doing: str, done: int, total: int) -> None:
        """Show how far something is; `ustaz_grading.progress.Progress`."""
        self._bar.show(doing, done, total)


class _Bar:
    """A line that is drawn over on a terminal; a few plain lines anywhere else."""

    def __init__(self, stream: IO[str], word: object) -> None:
        self._stream = stream
        self._word = word
        self._doing = ""
        self._started = self._drawn = 0.0
        self._step = -1
        self._open = False

    def show(self, doing: str, done: int, total: int) -> None:
        """Draw it."""
        now = time.monotonic()
        if doing != self._doing:
            self.end()
            self._doing, self._started, self._step = doing, now, -1
        finished = done >= total
        if self._stream.isatty():
            if finished or now - self._drawn >= _REDRAW_S or not self._open:
                self._draw(done, total, now)
            if finished:
                self.end()
            return
        step = _PLAIN_STEPS if total <= 0 else done * _PLAIN_STEPS // total
        if step > self._step:
            self._step = step
            self._stream.write(f"  {self._name()}: {done}/{total}\n")
            self._stream.flush()

    def end(self) -> None:
        """Leave the line, so that others can be written."""
        if self._open:
            self._stream.write("\n")
            self._stream.flush()
            self._open = False
        self._doing = ""

    def _name(self) -> str:
        assert callable(self._word)  # noqa: S101 - a bound method of the console
        return str(self._word(DOING.get(self._doing, self._doing)))

    def _draw(self, done: int, total: int, now: float) -> None:
        share = 1.0 if total <= 0 else min(1.0, done / total)
        filled = round(share * _BAR)
        bar = "█" * filled + "░" * (_BAR - filled)
        spent = now - self._started
        left = f"  ~{spent / share - spent:.0f} s" if 0.05 < share < 1 and spent > 2 else ""
        line = f"  {self._name()} {bar} {done}/{total}{left}"
        width = shutil.get_terminal_size().columns - 1
        # \x1b[K clears what a longer line left behind.
        self._stream.write(f"\r{line[:width]}\x1b[K")
        self._stream.flush()
        self._open, self._drawn = True, now


def language_of_environment(environment: Mapping[str, str] | None = None) -> str:
    """Return the language that a terminal is set to; English for any that Ustaz does not have.

    Examples
    --------
    >>> language_of_environment({"LANG": "kk_KZ.UTF-8"}), language_of_environment({"LANG": "C"})
    ('kk', 'en')
    """
    found = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = found.get(name, "")
        if value:
            code = value.split("_")[0].split(".")[0].lower()
            return code if code in LANGUAGES else "en"
    return "en"
