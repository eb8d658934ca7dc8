"""The code of a template of kind "code": what the student starts from, a solution, the tests."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ustaz_courses.errors import Fault, TemplateError
from ustaz_courses.prompt import Text, compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXERCISE_FILE = "exercise.py"


@dataclass(frozen=True, slots=True)
class CodeTest:
    """One test cell; independent of every other."""

    name: str
    source: str
    points: float
    hidden: bool
    message: str | None
    """Id of the section `# Message <id>`, shown when the test fails."""


@dataclass(frozen=True, slots=True)
class CodeJob:
    """A student's program with the tests to run against it."""

    program: str
    tests: tuple[CodeTest, ...]
    names: tuple[str, ...]
    """Functions that the tests may call."""
    timeout_s: float
    """Wall time for the program, and again for each test."""
    stdin: str = ""


@dataclass(frozen=True, slots=True)
class CodeRun:
    """What came of a job."""

    status: str
    """"ran", "error" (the program raised), "timeout", or "fault" (ours, never the student's)."""
    error: str
    printed: str
    passed: tuple[bool, ...]
    """One per test."""
    details: tuple[str, ...]
    """One per test: what came instead, readable by a learner; empty where it passed."""


@dataclass(frozen=True, slots=True)
class TestText:
    """A test cell with placeholders."""

    name: str
    source: Text
    points: float
    hidden: bool
    message: str | None


@dataclass(frozen=True, slots=True)
class Exercise:
    """The cells of `exercise.py`."""

    starter: Text
    solution: Text
    tests: tuple[TestText, ...]
    lines: Mapping[str, int]
    """Cell ("starter", "solution", test name) to its line."""

    def texts(self) -> tuple[Text, ...]:
        """Return every text with placeholders."""
        return (self.starter, self.solution, *(test.source for test in self.tests))


def read_exercise(source: str) -> tuple[Exercise | None, list[Fault]]:
    """Return the cells of `exercise.py` (jupytext percent form) and what is wrong with it."""
    faults: list[Fault] = []
    found: dict[str, Text] = {}
    lines: dict[str, int] = {}
    tests: list[TestText] = []
    for line, tags, metadata, body in _cells(source):
        try:
            text = compile_text(body, "en", place="code")
            if "test" in tags:
                name = f"test-{len(tests) + 1}"
                lines[name] = line
                tests.append(_test(name, text, tags, metadata))
            elif tags & {"starter", "solution"}:
                name = next(iter(tags & {"starter", "solution"}))
                if name in found:
                    faults.append(
                        Fault(
                            EXERCISE_FILE,
                            line,
                            "There are two cells tagged {tag!r}.",
                            {"tag": name},
                        )
                    )
                found[name], lines[name] = text, line
            elif body.strip():
                faults.append(
                    Fault(
                        EXERCISE_FILE,
                        line,
                        "This cell has no tag. Tag it starter, solution, or test with visible or "
                        "hidden.",
                    )
                )
        except TemplateError as error:
            faults.append(Fault(EXERCISE_FILE, line, error.message, error.values))
    faults += [
        Fault(EXERCISE_FILE, 0, "There is no cell tagged {tag!r}. Add it.", {"tag": tag})
        for tag in ("starter", "solution")
        if tag not in found
    ]
    if not tests:
        faults.append(
            Fault(EXERCISE_FILE, 0, "There is no cell tagged {tag!r}. Add it.", {"tag": "test"})
        )
    if faults:
        return None, faults
    return Exercise(found["starter"], found["solution"], tuple(tests), lines), []


def defined_names(program: str) -> tuple[str, ...]:
    """Return the functions and classes that a program defines at its top level.

    Raises
    ------
    SyntaxError
        The program is not Python.
    """
    return tuple(
        node.name
        for node in ast.parse(program).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    )


def _test(name: str, text: Text, tags: set[str], metadata: Mapping[str, object]) -> TestText:
    if not tags & {"visible", "hidden"}:
        raise TemplateError("A test cell is tagged neither visible nor hidden. Add one of the two.")
    points = metadata.get("points", 1)
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        raise TemplateError("A test has {points!r} points; points are above 0.", points=points)
    message = metadata.get("message")
    return TestText(
        name, text, float(points), "hidden" in tags, None if message is None else str(message)
    )


def _cells(source: str) -> list[tuple[int, set[str], Mapping[str, object], str]]:
    # jupytext draws in nbformat, which takes most of a second to import.
    import jupytext  # noqa: PLC0415

    notebook = jupytext.reads(source, fmt="py:percent")
    starts: Sequence[int] = [
        number for number, line in enumerate(source.splitlines(), 1) if line.startswith("# %%")
    ]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    offset = len(starts) - len(cells)
    return [
        (
            starts[index + offset] if 0 <= index + offset < len(starts) else 1,
            set(cell.metadata.get("tags", ())),
            dict(cell.metadata),
            textwrap.dedent(cell.source),
        )
        for index, cell in enumerate(cells)
    ]
