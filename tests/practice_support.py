"""A classroom to practise in: real courses, real approvals, a real store, one template a kind."""

import shutil
from pathlib import Path

from tests_support import write_course
from ustaz_courses import approve, reference_response, verify
from ustaz_grading.classroom import Classroom
from ustaz_grading.coderunner import CodeRunner
from ustaz_grading.practice.bank import PracticeBank
from ustaz_grading.records import Student

STUDENTS = (
    Student(id="aliya", first_name="Әлия", last_name="Сейітқызы", language="kk"),
    Student(id="boris", first_name="Борис", last_name="Ким", language="ru"),
    Student(id="carol", first_name="Carol", last_name="Lee", language="en"),
)
SEEDS = 60
CODE_SEEDS = 4
"""Few, for the tests' sake: verification itself is tested elsewhere."""
ONE_OF_EACH = (
    "integer-expression",
    "collect-like-terms",
    "quadratic-formula",
    "function-table",
    "fraction-reduce",
    "linear-graph-facts",
    "linear-equation-steps",
)
"""Bundled algebra: number, expression, set, matrix, choice, multiple, order."""
CODE = ("shopping-total",)


def small_classroom(root: Path) -> Classroom:
    """Return a classroom of the small course, approved."""
    write_course(root / "small")
    room = Classroom.create(root, course_id="class-7a", courses=["small"], language="kk")
    room.store.add_students(STUDENTS)
    approve_templates(room, None)
    return room


def bundled_classroom(root: Path, *, code: bool = False) -> Classroom:
    """Return a classroom of the bundled courses with a template of each kind approved."""
    courses = ["algebra-7-9", "python-intro"] if code else ["algebra-7-9"]
    room = Classroom.create(root, course_id="class-7a", courses=courses, language="kk")
    room.store.add_students(STUDENTS)
    approve_templates(room, ONE_OF_EACH + (CODE if code else ()))
    return room


def approve_templates(room: Classroom, names: tuple[str, ...] | None) -> None:
    """Approve the templates named, or all."""
    for course in room.courses.values():
        for template in course.templates.values():
            if names is None or template.id in names:
                seeds = CODE_SEEDS if template.kind == "code" else SEEDS
                report = verify(template, seeds=seeds, runner=CodeRunner())
                approve(room.approvals_root, template, "A teacher", report)


def copy_classroom(made: Path, root: Path) -> Classroom:
    """Return a classroom like one made before, in another folder."""
    shutil.copytree(made, root)
    return Classroom.open(root)


def variant_of(room: Classroom, item_id: str):
    """Return the variant behind an exercise, key and all."""
    return PracticeBank(room).variant(room.store.practice_item(int(item_id)))


def right_response(room: Classroom, item_id: str, language: str = "en"):
    """Return what a student enters who knows."""
    variant = variant_of(room, item_id)
    if variant.kind == "code":
        return variant.solution_program()
    text = reference_response(variant.key, language)
    if variant.kind in ("choice", "multiple", "order"):
        return [label.strip() for label in text.split(",")]
    return text


def misconceived_response(room: Classroom, item_id: str, language: str = "en"):
    """Return what a student enters who holds the first misconception."""
    variant = variant_of(room, item_id)
    return reference_response(next(iter(variant.misconceptions.values())), language)


def secrets_of(room: Classroom, item_id: str) -> list[str]:
    """Return texts that no browser may ever see."""
    item = room.store.practice_item(int(item_id))
    variant = variant_of(room, item_id)
    found = [room.secret.hex(), str(item.record["seed"]), item.content_hash]
    if variant.kind == "code":
        found += [test.source for test in variant.code_job("").tests if test.hidden]
    return found
