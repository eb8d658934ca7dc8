"""A station of the demonstration: what went in, what came out, whether it held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ustaz_grading.classroom import Classroom

    from ustaz_lab.console import Console


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a station came to."""

    given: Mapping[str, Any]
    """What went in."""
    gave: Mapping[str, Any]
    """What came out, as measured."""
    summary: str
    """English msgid whose places ``given`` and ``gave`` fill."""
    ok: bool
    """Whether what came out is what must come out."""
    kept: bool = False
    """Everything was there already, from an earlier run."""


@dataclass(frozen=True, slots=True)
class Station:
    """One step, by name."""

    id: str
    title: str
    """English msgid."""
    work: Callable[[Classroom, Console], Outcome]
    """May raise; whatever it raises is the station's failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A station that was run."""

    id: str
    seconds: float
    outcome: Outcome | None
    """None where it raised."""
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether it held."""
        return self.outcome is not None and self.outcome.ok

    def wire(self) -> dict[str, Any]:
        """Return it as the report's JSON has it."""
        found = self.outcome
        return {
            "name": self.id,
            "in": dict(found.given) if found else {},
            "out": dict(found.gave) if found else {"error": self.error},
            "seconds": round(self.seconds, 3),
            "ok": self.ok,
            "kept": bool(found and found.kept),
        }
