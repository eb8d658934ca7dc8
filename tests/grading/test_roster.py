from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ustaz_grading.errors import GradingError, RosterError
from ustaz_grading.records import Student
from ustaz_grading.roster import parse_students, read_students, write_students

LIST = "id,first_name,last_name,language,interests\naigul,Айгүл,Сейт,kk,sport;music\nboris,,,ru,\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_dialects_of_spreadsheets_are_read(tmp_path: Path, delimiter: str, mark: str) -> None:
    text = LIST.replace("sport;music", "sport music").replace(",", delimiter)
    (tmp_path / "class.csv").write_text(mark + text, encoding="utf-8")
    first, second = read_students(tmp_path / "class.csv")
    assert (first.name, first.language, first.interests) == ("Сейт Айгүл", "kk", ("sport", "music"))
    assert second.name == "boris"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("../x,,,,", "starts with a dot"),
        ("a/b,,,,", "holds '/'"),
        ("a\\b,,,,", "only letters"),
        (",Anna,,,", "empty"),
        ("anna,,,de,", "language 'de'"),
        ("aigul,,,,", "stands twice"),
        ("x" * 65 + ",,,,", "65 characters"),
    ],
)
def test_each_faulty_line_is_named_with_its_number(row: str, said: str) -> None:
    with pytest.raises(RosterError, match="line 4") as error:
        parse_students(LIST + row)
    assert said in str(error.value)


def test_all_faulty_lines_are_named_at_once() -> None:
    with pytest.raises(RosterError, match="2 faulty lines"):
        parse_students(LIST + "../x,,,,\nanna,,,de,\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name\nAnna\n", "of which id must be there"),
        (b"", "of which id must be there"),
        (b"id\n\xff\xfe\n", "not UTF-8"),
        (b"id\na\0b\n", "null byte"),
        (b"id\n" + b"x" * (5 << 20), "at most"),
    ],
)
def test_files_that_are_no_class_list_are_told(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "class.csv").write_bytes(content)
    with pytest.raises(RosterError, match=said):
        read_students(tmp_path / "class.csv")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        read_students(tmp_path / "none.csv")


IDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
NAMES = st.text(
    st.characters(categories=["L", "Zs"], exclude_characters="\u2028"), max_size=10
).map(str.strip)


@given(st.lists(st.tuples(IDS, NAMES, NAMES, st.sampled_from(["", "kk", "ru", "en"])), max_size=8))
def test_a_written_class_list_is_read_back(rows: list[tuple[str, str, str, str]]) -> None:
    students: dict[str, Student] = {}
    for name, first, last, language in rows:
        try:
            student = Student(id=name, first_name=first, last_name=last, language=language)
        except GradingError:
            continue  # NFC may make an id too long
        students[student.id] = student
    assert parse_students(write_students(students.values())) == tuple(students.values())
