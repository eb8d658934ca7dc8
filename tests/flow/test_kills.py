"""A kill at any moment of a station, then the same again: nothing is lost, nothing is doubled.

Releasing and autograding stand in `test_loop_release`, the whole demonstration in `test_demo`, rows
half added in `tests/grading/test_store.py`.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from grading_support import (
    environment,
    fill,
    make_classroom,
    nbgrader,
    of_kind,
    read_copy,
    right_answer,
    submit,
    write_assignment,
)
from kill_support import killed_at_every_write
from tests_support import write_course
from ustaz_courses import Approvals, approve, load_course, verify
from ustaz_grading.autograde import record_evidence
from ustaz_grading.classroom import Classroom
from ustaz_grading.errors import BusyError
from ustaz_grading.nbgrader.feedback_pages import generate_feedback
from ustaz_grading.nbgrader.release import release
from ustaz_grading.simulation import hand_in
from ustaz_widgets.teacher import class_cohort, write_class_html

if TYPE_CHECKING:
    from ustaz_grading.nbgrader.feedback_pages import FeedbackReport

pytestmark = pytest.mark.slow
PATIENCE_S = 60
"""For a killed run's worker to notice that its caller is gone."""
STUDENTS = 2

INIT = """
from ustaz_lab import cli
def stage(folder):
    assert cli.main(["init", str(folder), "--course", "algebra-7-9"]) == 0
"""
ADOPT = """
from ustaz_lab import cli
def stage(folder):
    assert cli.main(["init", str(folder), "--adopt", "--course", "algebra-7-9"]) == 0
"""
TEACHERS_LINES = 'c = get_config()\nc.CourseDirectory.course_id = "mine"\nc.Execute.timeout = 77\n'


def test_a_killed_init_is_finished_by_a_repeat(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    for folder in killed_at_every_write(INIT, tmp_path / "room", tmp_path / "copies"):
        secret = folder / ".ustaz" / "secret"
        before = secret.read_bytes() if secret.exists() else None
        room = Classroom.create(folder, course_id="room", courses=["algebra-7-9"])
        assert before in (None, room.secret)
        assert len(room.secret) == 32
        assert room.courses
        assert room.roster == []
        assert Classroom.open(folder).config == room.config
        room.close()


def test_a_killed_adoption_keeps_the_teachers_own_lines(tmp_path: Path) -> None:
    course = tmp_path / "mine"
    (course / "source" / "ps1").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(TEACHERS_LINES, encoding="utf-8")
    for folder in killed_at_every_write(ADOPT, course, tmp_path / "copies"):
        config = folder / "nbgrader_config.py"
        assert config.read_text(encoding="utf-8").startswith(TEACHERS_LINES)
        room = Classroom.adopt(folder, courses=["algebra-7-9"])
        assert room.config.course_id == "mine"
        text = config.read_text(encoding="utf-8")
        assert text.startswith(TEACHERS_LINES)
        assert text.count("# >>> ustaz >>>") == 1


APPROVE = """
from pathlib import Path
from ustaz_courses import approve, load_course, verify
def stage(folder):
    template = load_course(folder).template("two-steps")
    approve(folder, template, "Second", verify(template, seeds=5))
"""


def test_a_killed_approval_keeps_the_log_and_is_finished_by_a_repeat(tmp_path: Path) -> None:
    course = write_course(tmp_path / "small")
    template = load_course(course).template("two-steps")
    report = verify(template, seeds=5)
    approve(course, template, "First", report)
    for folder in killed_at_every_write(APPROVE, course, tmp_path / "copies"):
        assert Approvals.load(folder).of(template).by == "First"
        approve(folder, template, "Second", report)
        assert Approvals.load(folder).of(template).by == "Second"


def test_half_a_line_of_the_approvals_log_costs_that_line_alone(tmp_path: Path) -> None:
    """A machine that loses its power may leave any part of the line that was being written."""
    course = write_course(tmp_path / "small")
    template = load_course(course).template("two-steps")
    report = verify(template, seeds=5)
    approve(course, template, "First", report)
    log = course / "approvals.jsonl"
    first = log.read_bytes()
    approve(course, template, "Екінші", report)
    whole = log.read_bytes()
    for length in range(len(first), len(whole)):
        log.write_bytes(whole[:length])
        approve(course, template, "Third", report)
        assert Approvals.load(course).of(template).by == "Third"
        names = [json.loads(line)["by"] for line in log.read_text(encoding="utf-8").splitlines()]
        assert names == ["First", "Third"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a classroom that has released an assignment."""
    root = tmp_path_factory.mktemp("kills") / "room"
    room = make_classroom(root, students=STUDENTS)
    write_assignment(room, "work", [of_kind(room, "number"), of_kind(room, "choice")])
    release(room, "work")
    room.close()
    return root


HAND_IN = """
from ustaz_grading.classroom import Classroom
from ustaz_grading.simulation import hand_in
def stage(folder):
    hand_in(Classroom.open(folder), "work", ["s00", "s01"], seed=3)
"""


def notebooks(folder: Path) -> dict[str, bytes]:
    found = sorted((folder / "submitted").rglob("*.ipynb"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_a_killed_handing_in_is_finished_by_a_repeat(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "whole")
    room = Classroom.open(tmp_path / "whole")
    hand_in(room, "work", ["s00", "s01"], seed=3)
    room.close()
    whole = notebooks(tmp_path / "whole")
    assert len(whole) == STUDENTS
    for folder in killed_at_every_write(HAND_IN, made, tmp_path / "copies"):
        assert notebooks(folder).items() <= whole.items()
        room = Classroom.open(folder)
        hand_in(room, "work", ["s00", "s01"], seed=3)
        room.close()
        assert notebooks(folder) == whole


COLLECT = """
from nbgrader.apps import CollectApp
def stage(folder):
    app = CollectApp()
    app.initialize(["work"], root=str(folder))
    app.start()
"""


def test_a_killed_collection_leaves_no_half_submission_behind(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "room")
    with (tmp_path / "room" / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"c.Exchange.root = {str(tmp_path / 'exchange')!r}\n")
    for student in ("s00", "s01"):
        name = f"{student}+work+2026-10-01 06:00:00 UTC+random"
        inbound = tmp_path / "exchange" / "school" / "inbound" / name
        inbound.mkdir(parents=True)
        for file in ("work.ipynb", "data.txt", "timestamp.txt"):
            text = "2026-10-01 06:00:00 UTC" if file == "timestamp.txt" else f"{student} {file}"
            (inbound / file).write_text(text, encoding="utf-8")
    whole = {
        f"{student}/work/{file}": f"{student} {file}"
        for student in ("s00", "s01")
        for file in ("work.ipynb", "data.txt")
    }
    killed = killed_at_every_write(COLLECT, tmp_path / "room", tmp_path / "copies")
    assert len(killed) > 6, "so many files and folders there are to be copied"
    # A start of nbgrader takes seconds: the repeat is tried where a copy was under way.
    torn = [folder for folder in killed if list((folder / "submitted").rglob(".work.part"))]
    assert torn
    for folder in torn[:: max(1, len(torn) // 3)]:
        for path in (folder / "submitted").glob("*/work"):
            assert len(list(path.iterdir())) == 3, "a submission is there as a whole"
        nbgrader(folder, "collect", "work")
        submitted = folder / "submitted"
        assert {name: (submitted / name).read_text(encoding="utf-8") for name in whole} == whole
        assert not list(submitted.rglob(".*"))


@pytest.fixture(scope="module")
def graded(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a classroom in which nbgrader graded, and nobody has read the gradebook yet."""
    root = tmp_path_factory.mktemp("graded") / "room"
    shutil.copytree(made, root)
    room = Classroom.open(root)
    for student in room.roster:
        answers = {slot: right_answer(room, "work", student.id, slot) for slot in ("q1", "q2")}
        submit(room, "work", student.id, fill(read_copy(room, "work", student.id), answers))
    room.close()
    nbgrader(root, "autograde", "work")
    return root


FEEDBACK = """
import os, signal, sys
from ustaz_grading.classroom import Classroom
from ustaz_grading.nbgrader.feedback_pages import generate_feedback

def stop(doing, done, total):
    if done == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

generate_feedback(Classroom.open(sys.argv[1]), "work", progress=stop)
"""


def patiently(room: Classroom) -> FeedbackReport:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return generate_feedback(room, "work")
        except BusyError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("done", [0, 1])
def test_killed_feedback_is_finished_by_a_repeat(graded: Path, tmp_path: Path, done: int) -> None:
    shutil.copytree(graded, tmp_path / "room")
    ended = subprocess.run(
        [sys.executable, "-c", FEEDBACK, str(tmp_path / "room"), str(done)],
        env=environment(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    room = Classroom.open(tmp_path / "room")
    report = patiently(room)
    room.close()
    assert not report.failed
    assert len(report.pages) == STUDENTS
    for page in report.pages:
        (file,) = page.files
        assert file.read_text(encoding="utf-8").rstrip().endswith("</html>")


RECORD = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from ustaz_grading.autograde import record_evidence
from ustaz_grading.classroom import Classroom

left = [int(sys.argv[2])]

def count(*_):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)

room = Classroom.open(sys.argv[1])
room.store.students()
if sys.argv[3] == "commit":
    event.listen(Engine, "commit", count)
else:
    event.listen(Engine, "before_cursor_execute", count)
record_evidence(room, "work")
"""


def profile(room: Classroom) -> tuple[object, ...]:
    rows = [(r.learner, r.slot, r.score, r.corrects) for r in room.store.evidence("school")]
    held = [(m.learner, m.skill, m.mean, m.sd, m.answers) for m in room.store.masteries("school")]
    return sorted(rows), held


@pytest.mark.parametrize("moment", ["commit", "statement"])
def test_a_killed_fold_is_finished_by_a_repeat(graded: Path, tmp_path: Path, moment: str) -> None:
    shutil.copytree(graded, tmp_path / "whole")
    room = Classroom.open(tmp_path / "whole")
    assert record_evidence(room, "work") == 2 * STUDENTS
    whole = profile(room)
    room.close()
    assert whole[1]
    # Every commit; of the statements every fourth, for a start takes a second.
    for count in range(1, 100, 1 if moment == "commit" else 4):
        root = tmp_path / f"killed-{count}"
        shutil.copytree(graded, root)
        ended = subprocess.run(
            [sys.executable, "-c", RECORD, str(root), str(count), moment],
            env=environment(),
            capture_output=True,
            check=False,
            timeout=120,
        )
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
        room = Classroom.open(root)
        record_evidence(room, "work")
        assert profile(room) == whole
        room.close()
    assert count > 1
    assert ended.returncode == 0


PLOT = """
from ustaz_lab import cli
def stage(folder):
    assert cli.main(["plot", str(folder / "class.html"), "-C", str(folder)]) == 0
"""


def test_a_killed_plot_leaves_the_former_page_or_the_new_one(graded: Path, tmp_path: Path) -> None:
    shutil.copytree(graded, tmp_path / "room")
    room = Classroom.open(tmp_path / "room")
    record_evidence(room, "work")
    (room.root / "class.html").write_text("the former page", encoding="utf-8")
    room.close()
    for folder in killed_at_every_write(PLOT, tmp_path / "room", tmp_path / "copies"):
        page = folder / "class.html"
        assert page.read_text(encoding="utf-8") == "the former page"
        room = Classroom.open(folder)
        write_class_html(class_cohort(room, language="kk"), page, language="kk")
        room.close()
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
