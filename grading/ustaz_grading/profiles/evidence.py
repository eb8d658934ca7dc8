"""Evidence with its corrections folded in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ustaz_grading.records import Evidence

RECENT_ANSWERS: Final = 3
"""Answers shown for a learner and skill: as many as fit a hover box."""


class Correctable(Protocol):
    """A row that may correct another."""

    @property
    def id(self) -> int | None:
        """The row's number."""

    @property
    def corrects(self) -> int | None:
        """The number of the row it replaces."""


Row = TypeVar("Row", bound=Correctable)


def replacements(corrections: Iterable[Row]) -> dict[int, Row]:
    """Return, by the id of each row that was first given, the correction that holds now.

    Parameters
    ----------
    corrections
        Rows with ``corrects``, by id. A correction may correct a correction; the newest holds.
    """
    first: dict[int, int] = {}
    holds: dict[int, Row] = {}
    for row in corrections:
        if row.corrects is None or row.id is None:
            continue
        root = first.get(row.corrects, row.corrects)
        first[row.id] = root
        holds[root] = row
    return holds


def with_corrections(rows: Iterable[Row], holds: dict[int, Row]) -> Iterator[Row]:
    """Yield the rows that hold now, each correction in the place of what it replaces."""
    for row in rows:
        if row.corrects is None:
            yield row if row.id is None else holds.get(row.id, row)


def effective(rows: Iterable[Evidence]) -> list[Evidence]:
    """Return a course's rows that hold now, each correction in the place of what it replaces."""
    kept = list(rows)
    return list(with_corrections(kept, replacements(kept)))
