import stat
from pathlib import Path

import pytest
from ustaz_grading.classroom import Classroom
from ustaz_grading.errors import ClassroomError, GradingError, MissingRecordError


def test_creating_twice_changes_nothing(tmp_path: Path) -> None:
    first = Classroom.create(tmp_path / "room", course_id="Алгебра 7", courses=["algebra-7-9"])
    secret = first.secret
    files = {path: path.read_bytes() for path in first.root.rglob("*") if path.is_file()}
    again = Classroom.create(tmp_path / "room", course_id="other")
    assert again.config == first.config
    assert again.secret == secret
    assert {path: path.read_bytes() for path in files} == files


def test_a_written_classroom_is_read_back(tmp_path: Path) -> None:
    made = Classroom.create(
        tmp_path, course_id='say "hi"'.replace('"', ""), language="ru", timezone="Europe/Moscow"
    )
    assert Classroom.open(tmp_path).config == made.config


def test_what_is_private_is_closed_to_others(tmp_path: Path) -> None:
    room = Classroom.create(tmp_path, course_id="x")
    assert stat.S_IMODE(room.private.stat().st_mode) == 0o700
    assert stat.S_IMODE((room.private / "secret").stat().st_mode) == 0o600


def test_a_damaged_secret_is_not_replaced(tmp_path: Path) -> None:
    room = Classroom.create(tmp_path, course_id="x")
    (room.private / "secret").write_bytes(b"short")
    with pytest.raises(ClassroomError, match="backup"):
        _ = Classroom.open(tmp_path).secret


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('course_id = ""', "course_id"),
        ('course_id = "../x"', "course_id"),
        ('course_id = "x"\nlanguage = "de"', "language"),
        ('course_id = "x"\ntimezone = "Mars"', "timezone"),
        ('course_id = "x"\ntimezone = "../../etc/passwd"', "timezone"),
        ('course_id = "x"\ncourses = "algebra"', "courses"),
        ('course_id = "x"\ndatabase = 7', "database"),
        ('course_id = "x"\nlangauge = "kk"', "langauge"),
        ("course_id = ", "cannot be read"),
    ],
)
def test_each_fault_of_ustaz_toml_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "ustaz.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ClassroomError, match=said):
        Classroom.open(tmp_path)


def test_a_folder_that_is_none_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ClassroomError, match="ustaz init"):
        Classroom.open(tmp_path)
    with pytest.raises(ClassroomError, match="quickstart"):
        Classroom.adopt(tmp_path)


def test_an_unknown_course_names_the_bundled_ones(tmp_path: Path) -> None:
    room = Classroom.create(tmp_path, course_id="x", courses=["chemistry"])
    with pytest.raises(ClassroomError, match="algebra-7-9"):
        _ = room.courses


def test_an_unknown_template_says_where_it_looked(tmp_path: Path) -> None:
    room = Classroom.create(tmp_path, course_id="x", courses=["algebra-7-9"])
    with pytest.raises(MissingRecordError, match="algebra-7-9"):
        room.template("no-such")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".x", "x" * 65, "a\0b", "a+b", "a b"])
def test_no_path_is_made_of_a_students_name(tmp_path: Path, name: str) -> None:
    room = Classroom.create(tmp_path, course_id="x")
    with pytest.raises(GradingError):
        room.copy_folder(name, "work")


def test_tokens_differ_by_student_and_by_course(tmp_path: Path) -> None:
    one = Classroom.create(tmp_path / "one", course_id="x")
    other = Classroom.create(tmp_path / "other", course_id="x")
    assert len({one.token("a"), one.token("b"), other.token("a")}) == 3
    assert one.token("a") == Classroom.open(one.root).token("a")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ClassroomError, match="cannot be made"):
        Classroom.create(tmp_path / "file" / "room", course_id="x")
