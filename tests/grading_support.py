"""Classrooms for tests: a real course folder with approved templates of a bundled course."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ustaz_courses import approve, verify
from ustaz_grading.classroom import Classroom
from ustaz_grading.records import Student

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ustaz_courses import Template

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
    approve(room.root, template, "A teacher", verify(template, seeds=SEEDS))


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
