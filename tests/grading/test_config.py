from pathlib import Path

import pytest
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader
from ustaz_grading.nbgrader.config import (
    BEGIN,
    END,
    RENDER,
    TAKE_ANSWERS,
    configure,
    course_id_of,
    database_url_of,
    folder_of,
    write_config,
)

TEACHERS = """\
c = get_config()
c.CourseDirectory.course_id = "algebra 101"
c.IncludeHeaderFooter.header = "source/header.ipynb"
# a line of the teacher's
c.ClearSolutions.code_stub = {"python": "# дописать"}
"""


def load(folder: Path) -> Config:
    loader = PyFileConfigLoader("nbgrader_config.py", path=str(folder))
    return loader.load_config()


def names(parts: list[object]) -> list[str]:
    return [str(part).rpartition(".")[2] for part in parts]


def test_new_file_names_the_course_and_loads(tmp_path: Path) -> None:
    write_config(tmp_path, course_id="Алгебра 7")
    config = load(tmp_path)
    assert config.CourseDirectory.course_id == "Алгебра 7"
    assert config.Autograde.sanitize_preprocessors[0] == TAKE_ANSWERS


def test_block_follows_overwrite_cells_with_the_rendering(tmp_path: Path) -> None:
    write_config(tmp_path, course_id="x")
    found = load(tmp_path).Autograde.sanitize_preprocessors
    place = names(found).index("OverwriteCells")
    assert found[place + 1] == RENDER


def test_adopted_file_keeps_every_line(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(TEACHERS, encoding="utf-8")
    write_config(tmp_path, course_id="other")
    text = (tmp_path / "nbgrader_config.py").read_text(encoding="utf-8")
    assert text.startswith(TEACHERS)
    assert load(tmp_path).CourseDirectory.course_id == "algebra 101"


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(TEACHERS, encoding="utf-8")
    write_config(tmp_path, course_id="x")
    once = (tmp_path / "nbgrader_config.py").read_bytes()
    write_config(tmp_path, course_id="x")
    assert (tmp_path / "nbgrader_config.py").read_bytes() == once
    assert once.decode().count(BEGIN) == once.decode().count(END) == 1


def test_lines_below_the_block_stay(tmp_path: Path) -> None:
    write_config(tmp_path, course_id="x")
    path = tmp_path / "nbgrader_config.py"
    path.write_text(path.read_text() + "c.Execute.timeout = 7\n")
    write_config(tmp_path, course_id="x")
    assert load(tmp_path).Execute.timeout == 7


def test_own_preprocessors_of_a_course_stay_in_their_places() -> None:
    c = Config()
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "school.Own",
        "nbgrader.preprocessors.OverwriteCells",
    ]
    c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute", "school.Other"]
    configure(c, "/nowhere")
    assert names(c.Autograde.sanitize_preprocessors) == [
        "TakeAnswers",
        "ClearOutput",
        "Own",
        "OverwriteCells",
        "RenderVariants",
    ]
    assert names(c.Autograde.autograde_preprocessors) == ["ExecuteInJail", "Other"]


def test_appended_preprocessors_of_a_course_stay() -> None:
    c = Config()
    c.Autograde.autograde_preprocessors.append("school.Own")
    configure(c, "/nowhere")
    assert names(c.Autograde.autograde_preprocessors)[-1] == "Own"
    assert "SaveAutoGrades" in names(c.Autograde.autograde_preprocessors)


def test_every_class_named_by_the_block_exists(tmp_path: Path) -> None:
    from traitlets.utils.importstring import import_item

    write_config(tmp_path, course_id="x")
    config = load(tmp_path)
    named = [
        *config.Autograde.sanitize_preprocessors,
        *config.Autograde.autograde_preprocessors,
        *config.GenerateFeedback.preprocessors,
        config.GenerateFeedback.exporter_class,
        *config.ExchangeFactory.values(),
    ]
    assert all(isinstance(import_item(name), type) for name in named)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEACHERS, "algebra 101"),
        ('c.NbGrader.course_id = "old"', "old"),
        ('c.CourseDirectory.course_id = "a"\nc.CourseDirectory.course_id = "b"', "b"),
        ("c.CourseDirectory.course_id = compute()", None),
        ("# c.CourseDirectory.course_id = 'no'", None),
        ("this is no Python", None),
        ("", None),
    ],
)
def test_course_id_is_read(tmp_path: Path, text: str, expected: str | None) -> None:
    (tmp_path / "nbgrader_config.py").write_text(text)
    assert course_id_of(tmp_path / "nbgrader_config.py") == expected


def test_reading_the_course_id_runs_nothing(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    (tmp_path / "nbgrader_config.py").write_text(f"open({str(trap)!r}, 'w')\n{TEACHERS}")
    assert course_id_of(tmp_path / "nbgrader_config.py") == "algebra 101"
    assert not trap.exists()


def test_missing_file_has_no_course_id(tmp_path: Path) -> None:
    assert course_id_of(tmp_path / "nbgrader_config.py") is None


def test_folders_and_gradebook_follow_the_configuration(tmp_path: Path) -> None:
    assert folder_of(tmp_path, "submitted") == tmp_path / "submitted"
    assert database_url_of(tmp_path).endswith("/gradebook.db")
    (tmp_path / "nbgrader_config.py").write_text(
        'c.CourseDirectory.submitted_directory = "in"\n'
        'c.CourseDirectory.db_url = "postgresql://host/book"\n'
    )
    assert folder_of(tmp_path, "submitted") == tmp_path / "in"
    assert database_url_of(tmp_path) == "postgresql://host/book"
