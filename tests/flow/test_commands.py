"""A week on the command line: approve, release, autograde, feedback, evidence, profile."""

import json
import os
import signal
import stat
import subprocess
import sys

import pytest
from lab_support import wait_until
from tests_support import write_course
from ustaz_grading.classroom import Classroom
from ustaz_grading.simulation import hand_in

pytestmark = pytest.mark.slow
ASSIGNMENT = """\
title = { kk = "Жұмыс", ru = "Работа", en = "Work" }
[[slots]]
id = "q1"
template = "two-steps"
[[slots]]
id = "q2"
template = "two-steps"
points = 3
"""


def ustaz(folder, *words: str, language="en", code=0):
    """Run a command as a process of its own; return what it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "ustaz_lab.cli", *words],
        cwd=folder,
        env={**os.environ, "LANG": f"{language}.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    root = tmp_path_factory.mktemp("week") / "class-7a"
    write_course(root / "small")
    ustaz(root.parent, "init", "class-7a", "--course", "small")
    (root / "class.csv").write_text(
        "id,first_name,language\naliya,Әлия,kk\nboris,Борис,ru\ncarol,Carol,en\n", encoding="utf-8"
    )
    (root / "assignments" / "work.toml").write_text(ASSIGNMENT, encoding="utf-8")
    ustaz(root, "students", "add", "class.csv")
    ustaz(root, "course", "approve", "--all", "--by", "A teacher", "--seeds", "20")
    return root


def test_week(room):
    out = ustaz(room, "release", "work", language="ru")
    assert "work выдано: учеников 3, мест 2, баллов 5; новых вариантов 6, прежних 0" in out
    again = ustaz(room, "release", "work")
    assert "new variants 0, kept 6" in again

    found = Classroom.open(room)
    hand_in(found, "work", ["aliya", "boris"], seed=3, damaged=["boris"])
    found.close()
    out = ustaz(room, "autograde", "work", code=1)
    assert "boris: not graded." in out
    assert "graded 1, graded before 0, not graded 1; answers for the profiles 2" in out
    out = ustaz(room, "autograde", "work", "--student", "aliya", language="kk")
    assert "бұрын тексерілген 1" in out

    out = ustaz(room, "feedback", "work")
    assert "feedback for 1 students" in out
    page = room / "feedback" / "aliya" / "work" / "work.html"
    assert page.is_file()
    assert "new" not in ustaz(room, "evidence", "work").partition(":")[0]
    assert "Теңдеулер" in ustaz(room, "profile", "aliya", language="kk")
    assert "There are no answers yet." in ustaz(room, "profile", "carol")
    assert json.loads((room / "approvals.jsonl").read_text(encoding="utf-8"))["by"] == "A teacher"


def test_evidence_after_a_plain_nbgrader_command_is_told_once(room):
    assert "New answers for the profiles: 0" in ustaz(room, "evidence")
    assert "no assignment 'nothing'" in capture(room, "evidence", "nothing")


def capture(folder, *words: str):
    """Return what a command that fails writes to standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "ustaz_lab.cli", *words],
        cwd=folder,
        env={**os.environ, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 1
    return done.stderr


def test_practice_app_is_served_and_links_are_private(room, tmp_path):
    links = tmp_path / "links.csv"
    process = subprocess.Popen(
        [sys.executable, "-m", "ustaz_lab.cli", "serve", "--port", "0", "--links", str(links)],
        cwd=room,
        env={**os.environ, "LANG": "ru_RU.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: links.is_file() or process.poll() is not None, 120)
        assert stat.S_IMODE(links.stat().st_mode) == 0o600
        assert links.read_text(encoding="utf-8").count("?token=") == 3
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, err
    assert "Приложение для занятий: http://127.0.0.1:" in out
    assert str(links) in out


def test_course_of_nbgrader_is_adopted_and_its_files_stay(tmp_path):
    environment = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "quickstart", "course101"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
        timeout=300,
    )
    course = tmp_path / "course101"
    notebooks = {path: path.read_bytes() for path in (course / "source").rglob("*.ipynb")}
    assert notebooks
    ustaz(tmp_path, "init", "course101", "--adopt", "--course", "algebra-7-9")
    assert {path: path.read_bytes() for path in notebooks} == notebooks
    config = (course / "nbgrader_config.py").read_text(encoding="utf-8")
    assert 'c.CourseDirectory.course_id = "course101"' in config
    assert "ustaz" in config
    assert "holds no nbgrader course" in capture(tmp_path, "init", "empty", "--adopt")
