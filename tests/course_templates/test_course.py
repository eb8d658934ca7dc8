"""A course's files: what loads, and what is said, with file and line, about what does not."""

from pathlib import Path

import pytest
from tests_support import edit
from ustaz_courses import CourseFaults, bundled_courses, load_course


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(CourseFaults) as caught:
        load_course(folder)
    return [str(fault) for fault in caught.value.faults]


def test_a_whole_course_loads(course_folder: Path) -> None:
    course = load_course(course_folder)
    assert course.curriculum.order() == ("arithmetic", "linear-equations")
    assert course.template("two-steps").skills == ("linear-equations", "arithmetic")
    assert [t.id for t in course.templates_of("linear-equations")] == ["two-steps"]


@pytest.mark.parametrize("course_id", ["algebra-7-9", "python-intro"])
def test_bundled_courses_load(course_id: str) -> None:
    assert load_course(bundled_courses()[course_id]).templates


TEMPLATE = "two-steps/template.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(TEMPLATE, "points = 2", "points = = 2",
                     TEMPLATE + ":6: This is not valid TOML", id="bad TOML"),
        pytest.param(TEMPLATE, '["linear-equations", "arithmetic"]', '["geometry"]',
                     TEMPLATE + ":4: Skill 'geometry' is unknown", id="unknown skill"),
        pytest.param("course.toml", 'id = "arithmetic"\n',
                     'id = "arithmetic"\nrequires = ["linear-equations"]\n',
                     "Prerequisites form a circle: ", id="circular prerequisites"),
        pytest.param("course.toml", 'requires = ["arithmetic"]', 'requires = ["counting"]',
                     "course.toml:10: Skill 'linear-equations' requires 'counting'",
                     id="unknown prerequisite"),
        pytest.param(TEMPLATE, "minutes = 3\n", "minutes = 3\nminuets = 4\n",
                     TEMPLATE + ":8: minuets is not known here", id="unknown key"),
        pytest.param(TEMPLATE, 'kind = "number"\n', "",
                     "kind is missing", id="missing key"),
        pytest.param(TEMPLATE, 'value = "x"', 'value = "y"', TEMPLATE + ":2", id="unknown name"),
        pytest.param(TEMPLATE, '"a*x + b"', "\"__import__('os').system('true')\"",
                     TEMPLATE + ":18", id="hostile expression"),
        pytest.param(TEMPLATE, "integers = [2, 9]", "integers = [9, 2]",
                     TEMPLATE + ":14: Parameter 'a' has the range", id="range turned round"),
        pytest.param(TEMPLATE, "integers = [2, 9]", "integers = [2, 900000000]",
                     TEMPLATE + ":14: Parameter 'a' has", id="endless range"),
        pytest.param("two-steps/prompt.ru.md", "# Hint 1", "# Help",
                     "two-steps/prompt.ru.md:3: The heading 'Help' is not known",
                     id="unknown heading"),
        pytest.param("two-steps/prompt.kk.md", "{{ equation }}", "{{ equation|latex }}",
                     "two-steps/prompt.kk.md:2: The placeholder {{ equation|latex }} is malformed",
                     id="malformed placeholder"),
        pytest.param("two-steps/prompt.kk.md", "# Feedback lost-sign", "# Feedback found-sign",
                     "two-steps/prompt.kk.md: The section # Feedback lost-sign is missing",
                     id="feedback missing"),
        pytest.param(TEMPLATE, 'ru = "Уравнение", ', "",
                     TEMPLATE + ":8: The title lacks ru", id="title lacks a language"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_line(
    course_folder: Path, file: str, old: str, new: str, expected: str
) -> None:
    edit(course_folder / file, old, new)
    faults = faults_of(course_folder)
    assert any(expected in fault for fault in faults), faults


def test_a_missing_language_is_named(course_folder: Path) -> None:
    (course_folder / "two-steps/prompt.kk.md").unlink()
    assert faults_of(course_folder) == [
        "two-steps/prompt.kk.md: The language kk is missing: there is no prompt.kk.md. Add it."
    ]


def test_all_faults_are_said_at_once(course_folder: Path) -> None:
    edit(course_folder / TEMPLATE, '"(c + b)/a"', '"(c + b"')
    edit(course_folder / "two-steps/prompt.ru.md", "# Solution", "# Answer")
    (course_folder / "two-steps/prompt.en.md").unlink()
    faults = faults_of(course_folder)
    assert {fault.split(":")[0] for fault in faults} == {
        TEMPLATE, "two-steps/prompt.ru.md", "two-steps/prompt.en.md",
    }  # fmt: skip


def test_a_file_that_is_no_text_is_named(course_folder: Path) -> None:
    (course_folder / "two-steps/prompt.en.md").write_bytes(b"# Prompt\n\xff\xfe")
    assert "not UTF-8" in faults_of(course_folder)[0]


def test_a_folder_without_a_course_says_so(tmp_path: Path) -> None:
    assert "course.toml is missing" in faults_of(tmp_path)[0]
