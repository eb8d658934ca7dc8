import json
import subprocess
import sys
from pathlib import Path

import pytest
from grading_support import make_classroom, of_kind, write_assignment
from ustaz_grading.errors import SubmissionError
from ustaz_grading.nbgrader.gradebook import book_states, cell_scores, slot_points
from ustaz_grading.nbgrader.process import reason_in
from ustaz_grading.nbgrader.states import assignment_states
from ustaz_grading.nbgrader.submissions import check_notebooks, handed_in

NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_a_course_without_a_gradebook_has_nothing(tmp_path: Path) -> None:
    assert slot_points(tmp_path, "work") == {}
    assert cell_scores(tmp_path, "work") == []
    assert book_states(tmp_path) == {}
    assert not (tmp_path / "gradebook.db").exists()


def test_drafts_and_faulty_files_are_listed(tmp_path: Path) -> None:
    room = make_classroom(tmp_path / "room")
    write_assignment(room, "good", [of_kind(room, "number")], approved=False)
    (room.root / "assignments" / "bad.toml").write_text("slots = 3")
    (room.root / "source" / "plain").mkdir()
    bad, good, plain = assignment_states(room)
    assert (bad.id, bad.stage, bad.kind) == ("bad", "draft", "variants")
    assert "faults" in bad.problem
    assert (good.title("kk"), good.problem, good.students) == ("Жұмыс", "", 3)
    assert (plain.id, plain.kind, plain.title("ru")) == ("plain", "plain", "plain")
    room.close()


def test_states_are_told_without_importing_nbgrader(tmp_path: Path) -> None:
    make_classroom(tmp_path / "room").close()
    code = (
        "import sys; from ustaz_grading.classroom import Classroom\n"
        "from ustaz_grading.nbgrader.states import assignment_states\n"
        "import ustaz_grading.autograde, ustaz_grading.nbgrader.release\n"
        "assignment_states(Classroom.open(sys.argv[1]))\n"
        "sys.exit('nbgrader' in sys.modules or 'jupyter_client' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "room")], check=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no whole JSON"),
        (b'{"cells": [', "no whole JSON"),
        (b"\xff\xfe", "no UTF-8"),
        (b"[" * 200_000, "no whole JSON"),
        (b"[]", "no list of cells"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 3, "cells": []}', "nbformat is 3"),
        (b'{"nbformat": 4, "cells": [7]}', "a cell has no metadata"),
    ],
)
def test_each_damage_is_named_and_the_file_kept(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "work.ipynb").write_bytes(content)
    with pytest.raises(SubmissionError, match="no readable notebook") as error:
        check_notebooks(tmp_path, "work")
    assert said in str(error.value)
    assert (tmp_path / "work.ipynb").read_bytes() == content


def test_a_notebook_of_another_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "work (1).ipynb").write_text(json.dumps(NOTEBOOK))
    with pytest.raises(SubmissionError, match=r"work \(1\).ipynb"):
        check_notebooks(tmp_path, "work")
    check_notebooks(tmp_path)


def test_a_link_is_no_notebook(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text(json.dumps(NOTEBOOK))
    (tmp_path / "work.ipynb").symlink_to(tmp_path / "real.json")
    with pytest.raises(SubmissionError, match="a link"):
        check_notebooks(tmp_path, "work")


def test_only_folders_are_submissions(tmp_path: Path) -> None:
    (tmp_path / "submitted" / "Айгүл" / "work").mkdir(parents=True)
    (tmp_path / "submitted" / "notes").write_text("")
    assert handed_in(tmp_path, "work") == {"Айгүл"}


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("a.b.SomeError: it broke\nERROR: giving up", ("SomeError", "it broke")),
        ("one\ntwo\n\n", ("", "two")),
        ("", ("", "")),
    ],
)
def test_the_reason_is_read_off_a_log(log: str, expected: tuple[str, str]) -> None:
    assert reason_in(log) == expected
