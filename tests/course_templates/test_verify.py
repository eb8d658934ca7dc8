"""Verification: good templates pass, planted faults are found where they stand."""

import shutil
from pathlib import Path

import pytest
from tests_support import edit
from ustaz_courses import (
    CourseReport,
    bundled_courses,
    check_course,
    load_course,
    load_template,
    verify,
)
from ustaz_grading.coderunner import CodeRunner


def report_of(folder: Path, seeds: int = 60) -> CourseReport:
    return check_course(folder, seeds=seeds)


def test_a_good_template_passes(course_folder: Path) -> None:
    report = report_of(course_folder)
    assert report.ok, [str(f) for r in report.reports for f in r.findings]


TEMPLATE = "two-steps/template.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "check", "line"),
    [
        pytest.param(TEMPLATE, 'constraints = ["b != 0", "c + b != a*(c - b)"]',
                     'constraints = ["b > 100"]', "drawing", 10, id="unsatisfiable"),
        pytest.param(TEMPLATE, '"b != 0", "c + b != a*(c - b)"', '"x > 2"', "misconceptions", 25,
                     id="misconception meets the key"),
        pytest.param(TEMPLATE, '"a*x + b"', '"a*x/(a - 5) + b"', "drawing", 18,
                     id="division by zero on some seeds"),
        pytest.param("two-steps/prompt.ru.md", "{{ equation }}", "{{ equatoin }}", "words", 1,
                     id="placeholder never filled"),
        pytest.param("two-steps/prompt.kk.md", "{{ equation }} $.", "{{ equation }} $, 7.",
                     "languages", 1, id="numeral added in Kazakh"),
        pytest.param("two-steps/prompt.ru.md", "{{ c }} {{ b|signed }}", "{{ c }} + {{ b }}",
                     "languages", 5, id="formula changed in Russian"),
        pytest.param("two-steps/prompt.en.md", "Move {{ b }}", "It is {{ x }}. Move {{ b }}",
                     "hints", 3, id="hint shows the answer"),
        pytest.param(TEMPLATE, "x = { integers = [2, 30] }",
                     "x = { integers = [2, 30] }\nunused = { integers = [1, 2] }",
                     "placeholders", 17, id="parameter used nowhere"),
        pytest.param(TEMPLATE, "a = { integers = [2, 9] }\nb = { integers = [-20, 20] }\n"
                     "x = { integers = [2, 30] }",
                     "a = { integers = [2, 3] }\nb = { integers = [3, 4] }\n"
                     "x = { integers = [2, 3] }",
                     "variety", 13, id="too few variants"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(
    course_folder: Path, file: str, old: str, new: str, check: str, line: int
) -> None:
    edit(course_folder / file, old, new)
    report = report_of(course_folder)
    found = [(f.check, f.fault.line) for r in report.reports for f in r.faults]
    assert (check, line) in found, [str(f) for r in report.reports for f in r.findings]
    assert not report.ok


def test_the_same_fault_on_many_variants_is_said_once(course_folder: Path) -> None:
    edit(course_folder / "two-steps/prompt.kk.md", "{{ equation }} $.", "{{ equation }} $, 7.")
    report = report_of(course_folder)
    found = [f for r in report.reports for f in r.faults if f.check == "languages"]
    assert len(found) == 1
    assert found[0].count == 60


@pytest.mark.parametrize("course_id", ["algebra-7-9", "python-intro"])
def test_bundled_templates_pass_without_advice_of_faults(course_id: str) -> None:
    course = load_course(bundled_courses()[course_id])
    for template in course.templates.values():
        if template.kind != "code":
            report = verify(template, seeds=60)
            assert report.ok, [str(f) for f in report.faults]


def test_bundled_courses_are_as_large_as_promised() -> None:
    sizes = {name: load_course(folder) for name, folder in bundled_courses().items()}
    algebra, python = sizes["algebra-7-9"], sizes["python-intro"]
    assert len(algebra.curriculum.skills) >= 12
    assert len(algebra.templates) >= 36
    assert len(python.curriculum.skills) >= 10
    assert len(python.templates) >= 24
    assert sum(t.kind == "code" for t in python.templates.values()) > 12


def test_bundled_templates_have_hints_and_two_misconceptions() -> None:
    for folder in bundled_courses().values():
        for template in load_course(folder).templates.values():
            if template.kind not in ("code", "text"):
                assert len(template.misconceptions) >= 2, template.id
            assert all(prompt.hints() for prompt in template.prompts.values()), template.id


def test_code_without_a_sandbox_cannot_pass() -> None:
    course = load_course(bundled_courses()["python-intro"])
    template = next(t for t in course.templates.values() if t.kind == "code")
    assert [f.check for f in verify(template, seeds=2).faults] == ["code"]


def test_points_for_an_empty_program_are_found_at_their_test(tmp_path: Path) -> None:
    folder = tmp_path / "shopping-total"
    shutil.copytree(bundled_courses()["python-intro"] / "shopping-total", folder)
    exercise = folder / "exercise.py"
    assert verify(load_template(folder), seeds=1, runner=CodeRunner()).faults == ()
    edit(exercise, 'assert value("total") > 0\nassert value("change") > 0\n', "")
    lines = exercise.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if 'message="computed"' in text)
    (found,) = verify(load_template(folder), seeds=1, runner=CodeRunner()).faults
    assert (found.check, found.fault.file, found.fault.line) == ("code", "exercise.py", line)
    assert "An empty program passes test-4 (points: 1)." in str(found)
