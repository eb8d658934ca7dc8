"""A program with its tests, and what came of running it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ustaz_kernels.errors import PolicyError


@dataclass(frozen=True, slots=True)
class ProgramTest:
    """One test: Python with assertions, in the vocabulary of `kernels/README.md`."""

    name: str
    source: str
    points: float = 1.0
    hidden: bool = False
    message: str | None = None
    """Id of a feedback text; only passed through."""


@dataclass(frozen=True, slots=True)
class ProgramJob:
    """A program and the tests to hold it against.

    Raises
    ------
    PolicyError
        The time is not above 0, or a file's name leads out of the program's folder.
    """

    program: str
    tests: tuple[ProgramTest, ...]
    names: tuple[str, ...]
    """Functions and classes that the tests may call."""
    timeout_s: float = 5.0
    """Wall time for the program, and again for all calls of one test."""
    stdin: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Files in the program's folder, by relative name."""

    def __post_init__(self) -> None:
        """Refuse times and names that cannot be."""
        if not self.timeout_s > 0:
            raise PolicyError(
                "A program may run {timeout} seconds; give more than 0.", timeout=self.timeout_s
            )
        for name in self.files:
            path = PurePosixPath(name)
            if not path.name or path.is_absolute() or ".." in path.parts or "\0" in name:
                raise PolicyError(
                    "The file {name!r} lies outside the program's folder. Give a relative name "
                    "without '..'.",
                    name=name,
                )


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """What came of a job."""

    status: str
    """"ran"; "error", the program raised; "timeout"; or "fault", ours and never the learner's."""
    error: str
    """Such as "NameError: name 'x' is not defined, line 3"; for a fault what failed."""
    printed: str
    passed: tuple[bool, ...]
    """One per test. None passes unless `status` is "ran"."""
    details: tuple[str, ...]
    """One per test: what came instead. It shows expected values: hide it for a hidden test."""
