"""The cells of an assignment's notebook: which there are, and what they say to one student.

The source notebook, and with it the gradebook, holds the template once: its locked cells carry
placeholders such as ``@{ustaz:q1:prompt}``. What a student sees is put in when their copy is
written, and again when it is graded. The functions work on plain JSON and on nbformat's nodes
alike.

One slot has two or three cells: the prompt (locked), the answer (a solution cell), and, unless a
person grades it, the check (a locked test cell that carries the slot's points).
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

from ustaz_courses.language import format_number, translate

if TYPE_CHECKING:
    from ustaz_courses import Variant

    from ustaz_grading.assignments.assignment import Assignment
    from ustaz_grading.assignments.issue import IssuedVariant

Cell = MutableMapping[str, Any]
Part = Literal["header", "prompt", "answer", "check"]

HEADER_ID: Final = "ustaz-header"
DOMAIN: Final = "ustaz_grading"
JUDGE_WORDS: Final = frozenset(
    {"value", "printed", "printed_by", "run_with", "raises", "source", "uses"}
)
"""Helpers that exist in the judge only; a test with one cannot run in the student's copy."""

_HOW: Final[Mapping[str, str]] = {
    "number": 'Write a number in place of the dots, such as 3.5, "3,5" or "3/4".',
    "unit": 'Write a number with its unit in place of the dots, such as "12.5 {unit}".',
    "expression": 'Write an expression in place of the dots, such as "2*x + 3".',
    "set": "Write all solutions in place of the dots, such as [1, 2]; if there are none, [].",
    "ordered": "Write the numbers in their order in place of the dots, such as (1, 2).",
    "matrix": "Write the rows in place of the dots, such as [[1, 2], [3, 4]].",
    "choice": 'Write the letter of your choice in place of the dots, such as "A".',
    "multiple": 'Write the letters of all right options in place of the dots, such as "A, C".',
    "order": 'Write the letters in the right order in place of the dots, such as "B A C".',
    "code": "Write your program here.",
}


@dataclass(frozen=True, slots=True)
class CellPlan:
    """One cell that nbgrader knows."""

    grade_id: str
    part: Part
    slot: str
    """Empty for the header."""
    text: bool
    """Whether a person grades the slot."""
    points: float = 0.0

    @property
    def cell_type(self) -> str:
        """``code`` or ``markdown``."""
        if self.part in ("header", "prompt") or (self.part == "answer" and self.text):
            return "markdown"
        return "code"

    @property
    def is_graded(self) -> bool:
        """Whether the cell carries the slot's points."""
        return self.part == "check" or (self.part == "answer" and self.text)

    @property
    def is_solution(self) -> bool:
        """Whether the student writes in it."""
        return self.part == "answer"

    @property
    def placeholder(self) -> str:
        """What stands in the cell of the source notebook."""
        return f"@{{ustaz:{self.slot or 'header'}:{self.part}}}"

    def metadata(self) -> dict[str, Any]:
        """Return the cell's nbgrader metadata, without a checksum."""
        found: dict[str, Any] = {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "grade": self.is_graded,
            "solution": self.is_solution,
            "locked": not self.is_solution,
            "task": False,
            "cell_type": self.cell_type,
        }
        if self.is_graded:
            found["points"] = self.points
        return found


@dataclass(frozen=True, slots=True)
class StudentCopy:
    """What one student's copy of an assignment says."""

    assignment: Assignment
    cells: tuple[CellPlan, ...]
    issued: Mapping[str, IssuedVariant]
    language: str
    timezone: str

    def source(self, cell: CellPlan) -> str:
        """Return the text of a cell as this student gets it; a stub for an answer."""
        if cell.part == "header":
            return header(self.assignment, self.language, self.timezone, self.total)
        made = self.issued[cell.slot]
        if cell.part == "prompt":
            number = [slot.id for slot in self.assignment.slots].index(cell.slot) + 1
            return prompt(made, number, self._points(cell.slot))
        if cell.part == "answer":
            return stub(made, cell.slot)
        return check(made, cell.points)

    @property
    def total(self) -> float:
        """Points that can be earned."""
        return sum(cell.points for cell in self.cells if cell.is_graded)

    def tag(self, cell: CellPlan) -> dict[str, str]:
        """Return the cell's metadata of ours: whose variant it holds, by an unguessable mark."""
        if not cell.slot:
            return {"part": cell.part}
        return {"slot": cell.slot, "part": cell.part, "tag": self.issued[cell.slot].issue.tag}

    def _points(self, slot: str) -> float:
        return next(cell.points for cell in self.cells if cell.slot == slot and cell.is_graded)


def plan_cells(
    assignment: Assignment, points: Mapping[str, float], texts: Mapping[str, bool]
) -> tuple[CellPlan, ...]:
    """Return the notebook's cells in their order.

    Parameters
    ----------
    assignment
        Gives the slots.
    points
        Slot to its points.
    texts
        Slot to whether a person grades it.
    """
    cells = [CellPlan(HEADER_ID, "header", "", text=False)]
    for slot in assignment.slots:
        text, worth = texts[slot.id], points[slot.id]
        cells.append(CellPlan(f"{slot.id}-prompt", "prompt", slot.id, text))
        cells.append(CellPlan(slot.id, "answer", slot.id, text, worth if text else 0.0))
        if not text:
            cells.append(CellPlan(f"{slot.id}-check", "check", slot.id, text, worth))
    return tuple(cells)


def header(assignment: Assignment, language: str, timezone: str, total: float) -> str:
    """Return the first cell: title, due date, what is worth what, what is kept."""
    lines = [f"# {plain(assignment.titled(language))}", ""]
    if assignment.due is not None:
        moment = assignment.due.astimezone(ZoneInfo(timezone))
        lines.append(
            say(language, "**Due:** {due} ({zone})", due=f"{moment:%d.%m.%Y %H:%M}", zone=timezone)
        )
        if assignment.late_penalty_per_day:
            share = format_number(round(assignment.late_penalty_per_day * 100, 1), language)
            lines.append(
                say(
                    language,
                    "Each started day of delay costs {percent} % of your points.",
                    percent=share,
                )
            )
        lines.append("")
    lines += [
        say(language, "**Points:** {points}", points=format_number(exact(total), language)),
        "",
        say(
            language,
            "These exercises were drawn for you alone; a neighbour has other numbers. Write each"
            " answer in the cell under its exercise, save, and hand the notebook in.",
        ),
        "",
        say(
            language,
            "Kept about you: your answers, your points for each exercise and the language. Your"
            " teacher sees them, and so do you.",
        ),
    ]
    return "\n".join(lines)


def prompt(made: IssuedVariant, number: int, points: float) -> str:
    """Return an exercise as Markdown: heading, prompt, options or rubric."""
    language = made.language
    text = made.variant.text(language)
    worth = say(language, "{points} points", points=format_number(exact(points), language))
    heading = say(language, "Exercise {number}", number=number)
    parts = [f"### {heading} · {worth}", text.prompt.strip()]
    if text.options:
        parts.append("\n".join(_option(option.label, option.text) for option in text.options))
    if text.rubric:
        parts.append(
            say(language, "How it is graded:")
            + "\n\n"
            + "\n".join(f"- {line.strip()}" for line in text.rubric.values())
        )
    return "\n\n".join(parts)


def stub(made: IssuedVariant, slot: str) -> str:
    """Return what the answer's cell holds before the student writes in it."""
    variant, language = made.variant, made.language
    if variant.kind == "text":
        return say(language, "*Write your answer here.*")
    values = {"unit": _unit(variant)} if _how(variant) == "unit" else {}
    how = "# " + say(language, _HOW[_how(variant)], **values)
    if variant.kind == "code":
        return f"{how}\n{variant.text(language).starter.rstrip()}\n"
    return f"{how}\n{slot} = ..."


def check(made: IssuedVariant, points: float) -> str:
    """Return the check's cell: never a key, never a hidden test."""
    language = made.language
    worth = format_number(exact(points), language)
    lines = [
        "# "
        + say(
            language,
            "The answer above is checked here: {points} points. Leave this cell as it is.",
            points=worth,
        )
    ]
    if made.variant.kind == "code":
        shown = [test.strip() for test in made.variant.visible_tests() if _runs_anywhere(test)]
        if shown:
            lines.append(
                "# "
                + say(language, "Run it to try your program; more tests run when it is graded.")
            )
            lines += shown
    return "\n".join(lines)


def render(cell: Cell, planned: CellPlan, copy: StudentCopy, *, stub_too: bool) -> None:
    """Make a cell this student's: locked text, metadata, checksum.

    Parameters
    ----------
    cell
        Changed in place.
    planned, copy
        What it becomes.
    stub_too
        Whether an answer's cell is set to its stub; otherwise what the student wrote stays.
    """
    text = copy.source(planned)
    metadata = cell["metadata"]
    metadata["nbgrader"] = planned.metadata()
    metadata["ustaz"] = copy.tag(planned)
    metadata["deletable"] = False
    if not planned.is_solution:
        metadata["editable"] = False
    if stub_too or not planned.is_solution:
        cell["source"] = text
    metadata["nbgrader"]["checksum"] = checksum(planned, text)


def checksum(planned: CellPlan, source: str) -> str:
    """Return nbgrader's checksum of a cell (its ``compute_checksum``; a test compares)."""
    digest = hashlib.md5(usedforsecurity=False)
    digest.update(source.encode())
    digest.update(planned.cell_type.encode())
    for flag in (planned.is_graded, planned.is_solution, not planned.is_solution):
        digest.update(str(flag).encode())
    digest.update(planned.grade_id.encode())
    if planned.is_graded:
        digest.update(str(float(planned.points)).encode())
    return digest.hexdigest()


def new_cell(planned: CellPlan, source: str) -> dict[str, Any]:
    """Return a cell as JSON, with an id that is the same in every copy."""
    cell: dict[str, Any] = {
        "cell_type": planned.cell_type,
        "id": planned.grade_id,
        "metadata": {"nbgrader": planned.metadata()},
        "source": source,
    }
    if planned.cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def plain(text: str) -> str:
    """Return a text that no Markdown reader takes for HTML."""
    return text.replace("<", "&lt;").replace("\n", " ")


def copy_metadata(assignment: Assignment, language: str) -> dict[str, Any]:
    """Return the metadata of a notebook of variants."""
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "ustaz": {"assignment": assignment.id, "language": language},
    }


def _option(label: str, text: str) -> str:
    body = text.strip("\n")
    if "\n" in body:
        body = "\n\n" + "\n".join(f"  {line}" for line in body.splitlines())
    return f"- **{label}.** {body}"


def _how(variant: Variant) -> str:
    if variant.kind == "number" and getattr(variant.key, "unit_required", False):
        return "unit"
    if variant.kind == "set" and getattr(variant.key, "ordered", False):
        return "ordered"
    return variant.kind


def _unit(variant: Variant) -> str:
    return str(getattr(variant.key, "unit", "") or "")


def _runs_anywhere(test: str) -> bool:
    try:
        tree = ast.parse(test)
    except SyntaxError:
        return False
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return not used & JUDGE_WORDS


def say(language: str, message: str, **values: object) -> str:
    """Return one of this package's messages in a language."""
    return translate(message, language, domain=DOMAIN, **values)


def exact(points: float) -> int | float:
    """Return points as people write them: whole ones without a decimal sign."""
    return int(points) if float(points).is_integer() else points


def source_cells(planned: Sequence[CellPlan]) -> list[dict[str, Any]]:
    """Return the source notebook's cells: placeholders only."""
    return [new_cell(cell, source_text(cell)) for cell in planned]


def source_text(cell: CellPlan) -> str:
    """Return what a cell of the source notebook holds."""
    if cell.is_solution and cell.cell_type == "code":
        return f"# {cell.placeholder}\n### BEGIN SOLUTION\n### END SOLUTION"
    if cell.is_solution:
        return f"{cell.placeholder}\n\n=== BEGIN SOLUTION ===\n\n=== END SOLUTION ==="
    if cell.cell_type == "code":
        return f"# {cell.placeholder}"
    return cell.placeholder
