"""TOML text checked against a schema, every fault with its line.

tomllib gives no positions, so a light scan of the text finds the line on which a key stands; it is
used for messages only, never to read values.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ustaz_courses.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_\-."' ]+?)\s*=""")
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")

#: pydantic's error types to our own words; anything else is said in pydantic's.
_MESSAGES = {
    "missing": "{path} is missing. Add it.",
    "extra_forbidden": "{path} is not known here. Remove it or mend its name.",
}


class Strict(BaseModel):
    """A table whose keys are all known and whose values are never converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


Model = TypeVar("Model", bound=BaseModel)


def read(text: str, file: str, model: type[Model]) -> Model | list[Fault]:
    """Return the checked table of a TOML text, or the list of its faults.

    Parameters
    ----------
    text : str
        TOML; decimals are read exactly.
    file : str
        Name for the faults.
    model : type
        A pydantic model.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _POSITION.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        reason = _POSITION.sub("", str(error)).strip()
        return [Fault(file, line, "This is not valid TOML: {reason}.", {"reason": reason})]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = Lines(text)
        return [_fault(lines, file, dict(detail)) for detail in error.errors()]


def _fault(lines: Lines, file: str, detail: dict[str, object]) -> Fault:
    location = detail["loc"]
    assert isinstance(location, tuple)  # noqa: S101 - pydantic's own promise, for the type checker
    path = ".".join(str(part) for part in location)
    line = lines.of(*location)
    kind = str(detail["type"])
    if kind in _MESSAGES:
        return Fault(file, line, _MESSAGES[kind], {"path": path})
    met = repr(detail.get("input"))
    return Fault(
        file,
        line,
        "{path}: {reason}, met {met}.",
        {"path": path, "reason": detail["msg"], "met": met[:80]},
    )


class Lines:
    """Where keys stand in a TOML text.

    Parameters
    ----------
    text : str
        TOML source.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        counts: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                name = _parts(header[2])
                table = name
                if header[1] == "[[":
                    index = counts.get(name, 0)
                    counts[name] = index + 1
                    table = (*name, str(index))
                elif name[:-1] and name[:-1] in counts:
                    # a sub-table of the latest element of an array of tables
                    table = (*name[:-1], str(counts[name[:-1]] - 1), name[-1])
                self._lines.setdefault(table, number)
                self._lines.setdefault(name, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, *_parts(key[1])), number)

    def of(self, *path: object) -> int:
        """Return the line of the longest known beginning of a key path, 1 where none is known."""
        parts = tuple(str(part) for part in path)
        for length in range(len(parts), 0, -1):
            if parts[:length] in self._lines:
                return self._lines[parts[:length]]
        return 1


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def first_line(lines: Sequence[str], needle: str) -> int:
    """Return the one-based line that holds a text, 1 where none does."""
    return next((n for n, line in enumerate(lines, 1) if needle in line), 1)
