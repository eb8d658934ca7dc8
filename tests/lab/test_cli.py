"""The command ``ustaz`` as a teacher types it: what it says, in which language, how it ends."""

import csv
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from lab_support import wait_until
from tests_support import edit, write_course
from ustaz_courses import Approvals
from ustaz_grading.classroom import Classroom
from ustaz_lab import cli
from ustaz_lab.console import Console, language_of_environment


@pytest.fixture
def ustaz(tmp_path, monkeypatch, capsys):
    """Run a command in tmp_path and return (exit code, standard output, standard error)."""
    for name in ("LC_ALL", "LC_MESSAGES", "USTAZ_CLASSROOM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*words: str):
        try:
            code = cli.main(words)
        except SystemExit as ended:
            code = ended.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def room(ustaz, tmp_path):
    write_course(tmp_path / "room" / "small")
    code, out, err = ustaz("init", "room", "--course", "small")
    assert (code, err) == (0, ""), out
    (tmp_path / "class.csv").write_text(
        "id,first_name,language,interests\naliya,Әлия,kk,sport\nboris,Борис,ru,\n", encoding="utf-8"
    )
    assert ustaz("students", "add", "class.csv", "-C", "room")[0] == 0
    return tmp_path / "room"


def test_version_comes_at_once():
    found = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ustaz_lab.cli", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"ustaz \d+\.\d+\.\d+\n", found.stdout)
    imported = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines()}
    heavy = {"sympy", "numpy", "plotly", "tornado", "sqlalchemy", "torch", "nbgrader", "pydantic"}
    assert imported & heavy == set()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "write every student's own copy"),
        ("kk", "әр оқушыға арналған көшірмесін"),
        ("ru", "записать каждому ученику"),
    ],
)
def test_help_speaks_the_language(ustaz, language, words):
    code, out, _ = ustaz("--language", language)
    assert code == 0
    assert words in " ".join(out.split())


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LC_ALL": "kk_KZ.UTF-8", "LANG": "ru_RU.UTF-8"}, "kk"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_terminals_language_is_the_messages_language(environment, language):
    assert language_of_environment(environment) == language


@pytest.mark.parametrize(
    "words",
    [
        ("release",),
        ("no-such-command",),
        ("course", "approve", "x"),
        ("course",),
        ("course", "check", "x", "--seeds", "0"),
        ("serve", "--port", "70000"),
        ("--language", "de"),
        ("import",),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("room")
def test_wrong_usage_ends_with_two_and_says_how(ustaz, words):
    code, out, err = ustaz(*words)
    assert code == 2
    assert out == ""
    assert err.strip()


def test_without_a_classroom_the_next_step_is_said(ustaz, tmp_path):
    code, _, err = ustaz("release", "work")
    assert code == 1
    assert str(tmp_path) in err
    assert "ustaz init DIR" in err


def test_a_folder_above_is_found_and_a_variable_names_one(ustaz, room, monkeypatch):
    monkeypatch.chdir(room / "assignments")
    assert "Әлия" in ustaz("students", "list")[1]
    monkeypatch.chdir(room.parent)
    monkeypatch.setenv("USTAZ_CLASSROOM", str(room))
    assert "Борис" in ustaz("students", "list")[1]


def test_every_student_gets_the_token_of_their_own_copies(ustaz, room):
    with Classroom.open(room) as found:
        expected = [["id", "name", "token"]] + [
            [student.id, student.name, found.token(student.id)] for student in found.roster
        ]
    code, out, _ = ustaz("students", "tokens", "-C", "room")
    assert code == 0
    assert list(csv.reader(out.splitlines())) == expected
    assert len({token for *_, token in expected}) == 3
    file = room.parent / "tokens.csv"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o644)
    code, out, _ = ustaz("students", "tokens", "-C", "room", "--out", "tokens.csv")
    assert code == 0
    assert "tokens.csv" in out
    assert "USTAZ_TOKEN" in out
    assert not any(token in out for *_, token in expected[1:])
    assert list(csv.reader(file.read_text(encoding="utf-8").splitlines())) == expected
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in room.parent.iterdir() if "part" in path.name] == []


def test_tokens_for_a_folder_that_is_not_there_are_written_nowhere(ustaz, room):
    code, out, err = ustaz("students", "tokens", "-C", "room", "--out", "gone/tokens.csv")
    assert code == 1
    assert out == ""
    assert "gone" in err
    assert not (room.parent / "gone").exists()


def test_init_twice_changes_nothing(ustaz, room):
    before = {path: path.read_bytes() for path in room.rglob("*") if path.is_file()}
    code, out, _ = ustaz("init", "room", "--course", "algebra-7-9")
    assert code == 0
    assert "nothing was changed" in out
    assert {path: path.read_bytes() for path in room.rglob("*") if path.is_file()} == before


def test_unknown_course_makes_no_folder(ustaz, tmp_path):
    code, _, err = ustaz("init", "new", "--course", "astrology", "--language", "ru")
    assert code == 1
    assert "astrology" in err
    assert "algebra-7-9" in err
    assert err.startswith("Ошибка: ")
    assert not (tmp_path / "new").exists()


def test_faulty_class_list_is_told_by_line_and_nothing_is_taken_in(ustaz, room):
    (room.parent / "bad.csv").write_text("id\n../etc\nok\nok\n", encoding="utf-8")
    code, _, err = ustaz("students", "add", "bad.csv", "-C", "room")
    assert code == 1
    assert "line 2" in err
    assert "line 4" in err
    assert len(ustaz("students", "list", "-C", "room")[1].splitlines()) == 2


@pytest.mark.usefixtures("room")
def test_missing_file_is_named_without_a_traceback(ustaz):
    code, _, err = ustaz("import", "nowhere.csv", "-C", "room")
    assert code == 1
    assert "nowhere.csv" in err
    assert "Traceback" not in err


def test_check_of_a_sound_course_says_so(ustaz, tmp_path):
    write_course(tmp_path / "course")
    code, out, _ = ustaz("course", "check", "course", "--seeds", "40")
    assert code == 0
    assert "templates 1, variants of each 40; faults 0" in out


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("two-steps/template.toml", 'kind = "number"', 'kind = "riddle"', "template.toml:3:"),
        ("two-steps/template.toml", '"arithmetic"]', '"alchemy"]', "template.toml:4:"),
        ("two-steps/template.toml", "version = 1", "version = = 1", "template.toml:2:"),
        ("two-steps/prompt.ru.md", "$ {{ equation }} $", "", "prompt.ru.md"),
        ("course.toml", "[[skills]]", '[[skills]]\nrequires = ["linear-equations"]', "course.toml"),
    ],
)
def test_check_names_file_and_line_of_a_fault(ustaz, tmp_path, file, old, new, fault):
    write_course(tmp_path / "course")
    path = tmp_path / "course" / file
    if file == "course.toml":
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    else:
        edit(path, old, new)
    code, out, err = ustaz("course", "check", "course", "--seeds", "20")
    assert code == 1
    assert any(line.startswith("course/") and fault in line for line in out.splitlines()), out
    assert "Traceback" not in err


def test_approval_is_by_name_after_verification_and_can_be_withdrawn(ustaz, room):
    code, out, _ = ustaz(
        "course", "approve", "two-steps", "--by", "Гүлнар", "--seeds", "40", "-C", "room"
    )
    assert code == 0
    assert "Approved 1" in out
    found = Classroom.open(room)
    template = found.template("two-steps")
    assert Approvals.load(room).of(template).by == "Гүлнар"
    assert "approved before 1" in ustaz("course", "approve", "--all", "--by", "X", "-C", "room")[1]
    assert ustaz("course", "withdraw", "small/two-steps", "--by", "Гүлнар", "-C", "room")[0] == 0
    assert not Approvals.load(room).is_approved(template)
    found.close()


def test_failed_verification_approves_nothing(ustaz, room):
    edit(room / "small" / "two-steps" / "template.toml", 'value = "lost_sign"', 'value = "x"')
    code, out, _ = ustaz("course", "approve", "--all", "--by", "X", "--seeds", "20", "-C", "room")
    assert code == 1
    assert "template.toml:" in out
    assert not (room / "approvals.jsonl").exists()


def test_interrupted_approval_keeps_what_was_finished_and_shows_no_traceback(ustaz, tmp_path):
    assert ustaz("init", "algebra", "--course", "algebra-7-9")[0] == 0
    log = tmp_path / "algebra" / "approvals.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "ustaz_lab.cli", "course", "approve", "--all", "--by", "X"],
        cwd=tmp_path / "algebra",
        env={**os.environ, "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: log.is_file() or process.poll() is not None, 120)
    # As a terminal does it: everybody in the foreground gets the signal.
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "repeat the command to go on" in err
    assert log.read_text(encoding="utf-8").endswith("\n")


def test_unapproved_assignment_is_not_released(ustaz, room):
    (room / "assignments" / "work.toml").write_text(
        'title = "Work"\n[[slots]]\nid = "q1"\ntemplate = "two-steps"\n', encoding="utf-8"
    )
    code, _, err = ustaz("release", "work", "-C", "room")
    assert code == 1
    assert "two-steps" in err
    assert not (room / "release").exists()


def test_preview_shows_every_language_outside_of_a_classroom(ustaz):
    code, out, _ = ustaz("course", "preview", "algebra-7-9/percent-discount", "--count", "1")
    assert code == 0
    assert [word for word in ("теңге", "тенге", "tenge") if word in out] == [
        "теңге",
        "тенге",
        "tenge",
    ]


def test_answers_are_imported_once_and_shown_in_plot_and_profile(ustaz, room):
    (room.parent / "answers.csv").write_text(
        "learner,item,skill,score\naliya,two-steps,arithmetic,1\naliya,two-steps,arithmetic,2\n",
        encoding="utf-8",
    )
    code, out, _ = ustaz("import", "answers.csv", "-C", "room")
    assert code == 1
    assert "line 3" in out
    assert "new 1, known before 0, faulty 1" in out
    assert "new 0, known before 1" in ustaz("import", "answers.csv", "-C", "room")[1]
    code, out, _ = ustaz("profile", "aliya", "-C", "room", "--language", "kk")
    assert code == 0
    assert "Арифметика" in out
    assert "100%" in out
    assert ustaz("plot", "class.html", "-C", "room", "--language", "ru")[0] == 0
    page = (room.parent / "class.html").read_text(encoding="utf-8")
    assert '<html lang="ru">' in page
    code, _, err = ustaz("plot", "class.gif", "-C", "room")
    assert code == 1
    assert "class.gif" in err


@pytest.mark.usefixtures("room")
def test_unknown_student_is_told_with_the_next_step(ustaz):
    code, _, err = ustaz("profile", "nobody", "-C", "room")
    assert code == 1
    assert "nobody" in err
    assert "ustaz students add" in err


@pytest.mark.usefixtures("room")
def test_unwritable_folder_is_named(ustaz):
    code, _, err = ustaz("plot", "/proc/class.html", "-C", "room")
    assert code == 1
    assert "/proc/" in err
    assert "Traceback" not in err


def test_progress_is_plain_lines_where_there_is_no_terminal(capsys):
    console = Console("ru")
    for done in range(101):
        console.progress("copies", done, 100)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "  копии: 0/100"
    assert lines[-1] == "  копии: 100/100"
    assert len(lines) == 5


def test_progress_is_one_line_drawn_over_on_a_terminal():
    ours, terminal = os.openpty()
    with os.fdopen(terminal, "w", encoding="utf-8") as stream:
        console = Console("en", err=stream)
        console.progress("copies", 0, 2)
        console.progress("copies", 2, 2)
        written = os.read(ours, 10_000).decode()
    os.close(ours)
    assert written.count("\n") == 1
    assert "2/2" in written.strip().split("\r")[-1]


def test_reader_that_has_seen_enough_is_no_fault():
    script = f"{sys.executable} -m ustaz_lab.cli course list algebra-7-9 | head -1"
    found = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"},
        cwd=Path(__file__).parent,
    )
    assert "Traceback" not in found.stderr
    assert found.stdout.strip()


def test_commands_of_the_binder_image_are_commands_of_ours(ustaz, tmp_path):
    script = (Path(__file__).parents[2] / "binder" / "postBuild").read_text(encoding="utf-8")
    ours = [line.split()[1:] for line in script.splitlines() if line.startswith("ustaz ")]
    assert ours
    for words in ours:
        code, out, err = ustaz(*words)
        assert code == 0, out + err
    assert (tmp_path / "demo" / "ustaz.toml").is_file()
