"""A simulated class that hands in notebooks: for the demonstration, for tests, for a dry run.

Every simulated student has an ability; on each slot they answer right, fall for one of the
template's misconceptions, leave it blank, or write something that is no answer. They answer as
real students do: as text, as Python values, as SymPy expressions. What they hand in goes through
the very same stages as a real submission. Nothing here is evidence about anybody.
"""

from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ustaz_courses import reference_response
from ustaz_courses.mutation import mutants

from ustaz_grading.assignments.issue import IssuedVariant, VariantBank, issued_to
from ustaz_grading.files import write_text
from ustaz_grading.nbgrader.config import folder_of
from ustaz_grading.progress import Progress, silent
from ustaz_grading.records import check_student_id

if TYPE_CHECKING:
    from pathlib import Path

    from ustaz_courses import Variant
    from ustaz_courses.answer import AnswerKey

    from ustaz_grading.classroom import Classroom

#: How a student of middling ability does on an exercise of middling difficulty: 73% right.
EASE_LOGITS = 1.0
#: Logits between the easiest exercise and the hardest.
DIFFICULTY_LOGITS = 3.0
BLANK_SHARE = 0.06
GARBAGE_SHARE = 0.03
GARBAGE = "?? help ??"
NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Handed:
    """What one simulated student meant to do, slot by slot."""

    student: str
    answers: Mapping[str, str]
    """Slot to "right", "misconception", "blank", "garbage" or "read by a person"."""
    note: str = ""
    """ "neighbour" or "damaged" for the two who do not hand in honest work of their own."""


def hand_in(
    classroom: Classroom,
    assignment_id: str,
    students: Sequence[str],
    *,
    seed: int = 0,
    copies_from: Mapping[str, str] | None = None,
    damaged: Sequence[str] = (),
    progress: Progress = silent,
) -> list[Handed]:
    """Write a submission for every student named and return what they meant to do.

    Parameters
    ----------
    classroom : Classroom
        Where the assignment was released.
    assignment_id : str
        The assignment.
    students : sequence of str
        Who hands in.
    seed : int
        Of abilities and answers; the same seed gives the same class.
    copies_from : mapping of str to str, or None
        Students who hand in another's notebook whole.
    damaged : sequence of str
        Students whose file is cut short.
    progress : callable
        Told about every student.
    """
    copies_from = copies_from or {}
    bank = VariantBank(classroom.store)
    handed: dict[str, Handed] = {}
    own = [s for s in students if s not in copies_from]
    for number, student in enumerate([*own, *copies_from]):
        progress("hand in", number, len(students))
        target = classroom.root / "submitted" / student / assignment_id / f"{assignment_id}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        if student in copies_from:
            source = copies_from[student]
            original = target.parents[2] / source / assignment_id / target.name
            write_text(target, original.read_text(encoding="utf-8"))
            handed[student] = Handed(student, handed[source].answers, "neighbour")
            continue
        issued = issued_to(bank, classroom, assignment_id, student)
        text, answers = _filled(classroom.copy_folder(student, assignment_id), assignment_id,
                                issued, random.Random(f"{seed} {student} {assignment_id}"),  # noqa: S311 - no secret
                                ability(student, seed))  # fmt: skip
        note = ""
        if student in damaged:
            text, note = text[: len(text) // 2], "damaged"
        write_text(target, text)
        handed[student] = Handed(student, answers, note)
    progress("hand in", len(students), len(students))
    return [handed[student] for student in students]


def ability(student: str, seed: int) -> float:
    """Return a simulated student's ability in logits, normal with mean 0 and deviation 1."""
    return random.Random(f"{seed} {student} ability").gauss(0.0, 1.0)  # noqa: S311 - no secret


def _filled(
    folder: Path,
    assignment_id: str,
    issued: Mapping[str, IssuedVariant],
    dice: random.Random,
    level: float,
) -> tuple[str, dict[str, str]]:
    notebook: dict[str, Any] = json.loads(
        (folder / f"{assignment_id}.ipynb").read_text(encoding="utf-8")
    )
    answers: dict[str, str] = {}
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("ustaz", {})
        if mark.get("part") != "answer":
            continue
        slot = mark["slot"]
        source, answers[slot] = answer(issued[slot].variant, slot, issued[slot].language, dice,
                                       level)  # fmt: skip
        if source is not None:
            cell["source"] = source
    return json.dumps(notebook, ensure_ascii=False, indent=1), answers


def answer(
    variant: Variant, slot: str, language: str, dice: random.Random, level: float
) -> tuple[str | None, str]:
    """Return what a student writes into a slot's cell (None: nothing) and what they meant."""
    if variant.kind == "text":
        return f"{slot}: " + variant.prompt(language)[:40].replace("$", ""), "read by a person"
    luck = dice.random()
    if luck < BLANK_SHARE:
        return None, "blank"
    chance = 1 / (
        1 + math.exp(-(level + EASE_LOGITS + DIFFICULTY_LOGITS * (0.5 - variant.difficulty)))
    )
    knows = dice.random() < chance
    if variant.kind == "code":
        return _program(variant, dice, knows=knows)
    if luck < BLANK_SHARE + GARBAGE_SHARE:
        return f"{slot} = {GARBAGE!r}", "garbage"
    assert variant.key is not None  # noqa: S101 - code and text are done
    if knows or not variant.misconceptions:
        return _written(variant, slot, _typed(variant.key, language), dice), "right"
    name = dice.choice(sorted(variant.misconceptions))
    wrong = _typed(variant.misconceptions[name], language)
    return f"{slot} = {wrong!r}", "misconception"


def _typed(key: AnswerKey, language: str) -> str:
    """Return an answer in the characters that a keyboard has."""
    return reference_response(key, language).replace(NO_BREAK_SPACE, " ").replace("\u2212", "-")


def _written(variant: Variant, slot: str, response: str, dice: random.Random) -> str:
    """Return the right answer as text, as a Python value or as a SymPy expression."""
    if variant.kind == "expression" and dice.random() < 0.5:
        names = variant.template.symbols
        expression = response.replace("^", "**")
        listed = ", ".join(names)
        return (
            f'from sympy import sqrt, symbols\n{listed} = symbols("{" ".join(names)}")\n'
            f"{slot} = {expression}"
        )
    if variant.kind in ("number", "set") and dice.random() < 0.5:
        value = getattr(variant.key, "value", None)
        if isinstance(value, int):
            return f"{slot} = {value}"
        members = getattr(variant.key, "values", None)
        if members is not None and all(isinstance(member, int) for member in members):
            return f"{slot} = {list(members)!r}"
    return f"{slot} = {response!r}"


def _program(variant: Variant, dice: random.Random, *, knows: bool) -> tuple[str, str]:
    solution = variant.solution_program()
    if knows:
        return solution, "right"
    return dice.choice(mutants(solution) or [solution]), "misconception"


def hand_in_plain(
    classroom: Classroom, assignment_id: str, students: Mapping[str, str]
) -> list[Path]:
    """Write submissions of an ordinary nbgrader assignment; return their folders.

    Parameters
    ----------
    classroom, assignment_id
        Where the assignment was generated; its source holds the teacher's solutions.
    students
        Student to what they hand in: "right" (the teacher's solutions), "wrong" (the first
        solution cell of each notebook right, the others no answer) or "untouched".
    """
    source = folder_of(classroom.root, "source") / assignment_id
    released = folder_of(classroom.root, "release") / assignment_id
    folders = []
    for student, manner in students.items():
        target = folder_of(classroom.root, "submitted") / check_student_id(student) / assignment_id
        for path in sorted(released.rglob("*")):
            if not path.is_file():
                continue
            place = target / path.relative_to(released)
            place.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix != ".ipynb":
                shutil.copyfile(path, place)
                continue
            notebook = json.loads(path.read_text(encoding="utf-8"))
            solved = json.loads((source / path.relative_to(released)).read_text(encoding="utf-8"))
            _solve(notebook, solved, manner)
            write_text(place, json.dumps(notebook, ensure_ascii=False, indent=1))
        folders.append(target)
    return folders


def _solve(notebook: dict[str, Any], solved: Mapping[str, Any], manner: str) -> None:
    """Fill the solution cells of a released notebook from the teacher's."""
    solutions = {_grade_id(cell): cell["source"] for cell in solved["cells"] if _grade_id(cell)}
    cells = [cell for cell in notebook["cells"] if _is_solution(cell)]
    for number, cell in enumerate(cells):
        if manner == "untouched":
            continue
        if manner == "right" or number == 0:
            cell["source"] = solutions[_grade_id(cell)]
        else:
            cell["source"] = "raise NotImplementedError" if cell["cell_type"] == "code" else "?"


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _is_solution(cell: Mapping[str, Any]) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))
