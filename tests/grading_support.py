"""Classrooms for tests: a real course folder with approved templates of a bundled course."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ustaz_courses import approve, reference_response, verify
from ustaz_grading.assignments.issue import VariantBank, issued_to
from ustaz_grading.classroom import Classroom
from ustaz_grading.coderunner import CodeRunner
from ustaz_grading.nbgrader.gradebook import cell_scores
from ustaz_grading.records import Student

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ustaz_courses import Template
    from ustaz_grading.assignments.issue import IssuedVariant

SEEDS = 5
"""Variants looked at before a test's teacher approves; templates have tests of their own."""
LANGUAGES = ("kk", "ru", "en")


def make_classroom(
    root: Path, *, courses: Sequence[str] = ("algebra-7-9",), students: int = 3
) -> Classroom:
    """Return a new classroom with students s00, s01, … of all three languages."""
    room = Classroom.create(root, course_id="school", courses=courses)
    add_students(room, students)
    return room


def add_students(room: Classroom, count: int, first: int = 0) -> None:
    """Add students to the class list."""
    room.store.add_students(
        Student(id=f"s{number:02}", first_name=f"N{number}", language=LANGUAGES[number % 3])
        for number in range(first, first + count)
    )


def write_assignment(
    room: Classroom,
    name: str,
    templates: Iterable[str],
    *,
    head: str = "",
    approved: bool = True,
) -> None:
    """Write an assignment with a slot q1, q2, … for each template, all approved unless told."""
    lines = [f'title = {{ kk = "Жұмыс", ru = "Работа", en = "Work" }}\n{head}\n']
    for number, template in enumerate(templates, 1):
        lines.append(f'[[slots]]\nid = "q{number}"\ntemplate = "{template}"\n')
        if approved:
            approve_template(room, room.template(template))
    (room.root / "assignments").mkdir(exist_ok=True)
    (room.root / "assignments" / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")


def approve_template(room: Classroom, template: Template) -> None:
    """Approve a template as a teacher does: verified first."""
    report = verify(template, seeds=SEEDS, runner=CodeRunner())
    approve(room.root, template, "A teacher", report)


def of_kind(room: Classroom, kind: str, number: int = 0) -> str:
    """Return the id of one of the course's templates of a kind."""
    found = [
        template.id
        for course in room.courses.values()
        for template in course.templates.values()
        if template.kind == kind
    ]
    return found[number]


def environment() -> dict[str, str]:
    """Return the environment in which ``nbgrader`` and ``alembic`` are found by name."""
    beside = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])}


def nbgrader(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a plain nbgrader command in a folder, as a teacher does in a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if check and done.returncode:
        raise AssertionError(f"nbgrader {' '.join(arguments)}:\n{done.stdout}{done.stderr}"[-6000:])
    return done


def read_copy(room: Classroom, assignment: str, student: str) -> dict[str, Any]:
    """Return a student's own copy as JSON."""
    path = room.copy_folder(student, assignment) / f"{assignment}.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def fill(notebook: dict[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the notebook with the slots' answer cells holding these sources."""
    for slot, source in answers.items():
        cell_of(notebook, slot)["source"] = source
    return notebook


def cell_of(notebook: Mapping[str, Any], grade_id: str) -> dict[str, Any]:
    """Return the cell of this grade id."""
    cell: dict[str, Any] = next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
    return cell


def submit(
    room: Classroom,
    assignment: str,
    student: str,
    notebook: Mapping[str, Any],
    *,
    at: str = "",
) -> Path:
    """Write a submission as ``nbgrader collect`` leaves it; return its notebook's path."""
    folder = room.root / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{assignment}.ipynb"
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    if at:
        (folder / "timestamp.txt").write_text(at, encoding="utf-8")
    return path


def score_of(room: Classroom, assignment: str, student: str, slot: str) -> float | None:
    """Return a slot's share of its points, as the gradebook has it."""
    for score in cell_scores(room.root, assignment):
        if (score.student, score.slot) == (student, slot):
            return None if score.score is None else score.score / score.max_score
    raise AssertionError(f"the gradebook has no {slot} of {student}")


def right_answer(room: Classroom, assignment: str, student: str, slot: str) -> str:
    """Return source that sets the slot to the right answer, typed as text."""
    made = issued_to(VariantBank(room.store), room, assignment, student)[slot]
    if made.variant.kind == "code":
        return made.variant.solution_program()
    assert made.variant.key is not None
    return f"{slot} = {reference_response(made.variant.key, made.language)!r}"


def as_text(made: IssuedVariant, slot: str) -> str:
    """Return source that gives the right answer as a learner types it."""
    assert made.variant.key is not None
    return f"{slot} = {reference_response(made.variant.key, made.language)!r}"


def as_python(made: IssuedVariant, slot: str) -> str:
    """Return source that gives the right answer as plain Python numbers, lists and letters."""
    key: Any = made.variant.key
    kind = made.variant.kind
    if kind == "number" and not key.unit_required:
        return f"{slot} = {number_source(key.value)}"
    if kind == "set":
        return f"{slot} = [{', '.join(map(number_source, key.values))}]"
    if kind == "matrix":
        rows = [f"[{', '.join(map(number_source, row))}]" for row in key.rows]
        return f"{slot} = [{', '.join(rows)}]"
    if kind in ("multiple", "order"):
        letters = reference_response(key, "en").replace(" ", "").split(",")
        return f"{slot} = {letters!r}"
    return as_text(made, slot)


def as_fractions(made: IssuedVariant, slot: str) -> str:
    """Return source that gives the right answer with Fraction, tuples and small letters."""
    key: Any = made.variant.key
    kind = made.variant.kind
    head = "from fractions import Fraction\n"
    if kind == "number" and not key.unit_required:
        return f"{head}{slot} = Fraction('{key.value}')"
    if kind == "set":
        members = "".join(f"Fraction('{value}'), " for value in key.values)
        return f"{head}{slot} = ({members})"
    if kind == "matrix":
        rows = [tuple(map(str, row)) for row in key.rows]
        return f"{slot} = {rows!r}"
    if kind == "choice":
        return f"{slot} = {key.label.lower()!r}"
    return as_text(made, slot)


def as_sympy(made: IssuedVariant, slot: str) -> str:
    """Return source that gives the right answer as SymPy objects."""
    key: Any = made.variant.key
    kind = made.variant.kind
    head = "from sympy import *\n"
    if kind == "number" and not key.unit_required:
        return f"{head}{slot} = Rational('{key.value}')"
    if kind == "expression":
        names = made.variant.template.symbols
        symbols = "".join(f"{name} = Symbol({name!r})\n" for name in names)
        return f"{head}{symbols}{slot} = {key.expression}"
    if kind == "set" and not key.ordered:
        return f"{head}{slot} = FiniteSet({', '.join(f'Rational({str(v)!r})' for v in key.values)})"
    if kind == "matrix":
        return f"{head}{slot} = Matrix({[list(map(str, row)) for row in key.rows]!r})"
    return as_text(made, slot)


def number_source(value: object) -> str:
    """Return a number as Python source; a fraction as the division that a student would write."""
    return f"({value})"
