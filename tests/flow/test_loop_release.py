"""Releases that are refused, cut off, repeated, or run out of disk: nothing is ever lost."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from grading_support import (
    add_students,
    environment,
    fill,
    make_classroom,
    of_kind,
    read_copy,
    right_answer,
    submit,
    write_assignment,
)
from tests_support import edit, write_course
from ustaz_grading.autograde import autograde
from ustaz_grading.classroom import Classroom
from ustaz_grading.errors import (
    AssignmentError,
    BusyError,
    GradingError,
    NotReleasableError,
    RosterError,
)
from ustaz_grading.files import locked
from ustaz_grading.nbgrader.release import LOCK_FILE, release

pytestmark = pytest.mark.slow
STUDENTS = 4
PATIENCE_S = 60
"""For a killed run's worker to notice that its caller is gone."""

CUT_OFF = """
import os, sys
from ustaz_grading.autograde import autograde
from ustaz_grading.classroom import Classroom
from ustaz_grading.nbgrader.release import release

def stop(doing, done, total):
    if (doing, done) == (sys.argv[3], int(sys.argv[4])):
        os.kill(os.getpid(), 9)

{"release": release, "autograde": autograde}[sys.argv[1]](
    Classroom.open(sys.argv[2]), "work", progress=stop
)
"""


@pytest.fixture
def room(tmp_path: Path) -> Classroom:
    room = make_classroom(tmp_path / "room", students=STUDENTS)
    write_assignment(room, "work", [of_kind(room, "number"), of_kind(room, "choice")])
    return room


def patiently(action: Callable[[], Any]) -> Any:
    """Return what an action gives once a killed run's lock is free."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return action()
        except BusyError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def take_and_give_back(room: Classroom) -> None:
    """Find out whether the worker of a killed release is gone; it held the lock too."""
    with locked(room.private / LOCK_FILE, "nothing"):
        pass


def cut_off(room: Classroom, what: str, doing: str, done: int) -> None:
    """Run a stage in a process that kills itself at the moment named."""
    patiently(lambda: take_and_give_back(room))
    ended = subprocess.run(
        [sys.executable, "-c", CUT_OFF, what, str(room.root), doing, str(done)],
        env=environment(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def copies(room: Classroom) -> dict[str, bytes]:
    """Return every student's copy, by student."""
    return {
        student.id: (room.copy_folder(student.id, "work") / "work.ipynb").read_bytes()
        for student in room.roster
        if room.copy_folder(student.id, "work").is_dir()
    }


def records(room: Classroom) -> dict[tuple[str, str], object]:
    return {(i.student, i.slot): i.record for i in room.store.issues("work", course="school")}


@pytest.mark.parametrize(
    ("doing", "done"),
    [("variants", 1), ("variants", STUDENTS), ("nbgrader", 0), ("nbgrader", 1), ("copies", 1),
     ("copies", STUDENTS)],
)  # fmt: skip
def test_a_release_killed_at_any_moment_is_finished_by_a_repeat(
    room: Classroom, doing: str, done: int
) -> None:
    cut_off(room, "release", doing, done)
    drawn = records(room)
    report = patiently(lambda: release(room, "work"))
    assert report.students == STUDENTS
    assert len(copies(room)) == STUDENTS
    assert drawn.items() <= records(room).items()
    assert len(room.store.issues("work")) == 2 * STUDENTS


def test_a_repeat_after_a_kill_leaves_released_copies_as_they_were(room: Classroom) -> None:
    release(room, "work")
    before = copies(room)
    for doing, done in (("nbgrader", 0), ("copies", 2)):
        cut_off(room, "release", doing, done)
        assert copies(room) == before
    patiently(lambda: release(room, "work"))
    assert copies(room) == before


def test_an_autograding_killed_in_the_middle_is_finished_by_a_repeat(room: Classroom) -> None:
    release(room, "work")
    for student in room.roster:
        answers = {slot: right_answer(room, "work", student.id, slot) for slot in ("q1", "q2")}
        submit(room, "work", student.id, fill(read_copy(room, "work", student.id), answers))
    cut_off(room, "autograde", "autograde", 2)
    report = patiently(lambda: autograde(room, "work"))
    assert not report.failed
    assert [grade.score for grade in report.students] == [report.students[0].max_score] * STUDENTS
    rows = room.store.evidence("school")
    assert len(rows) == 2 * STUDENTS
    assert {row.score for row in rows} == {1.0}


def test_a_second_release_at_once_is_told_which_is_under_way(room: Classroom) -> None:
    with (
        locked(room.private / LOCK_FILE, "release of other"),
        pytest.raises(BusyError, match="release of other"),
    ):
        release(room, "work")
    assert copies(room) == {}


def test_two_releases_in_two_processes_give_the_same_variants(room: Classroom) -> None:
    command = [sys.executable, "-c", CUT_OFF, "release", str(room.root), "never", "0"]
    both = [subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=120)[1].decode() for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes[0] == 0
    assert codes[1] == 0 or "BusyError" in "".join(said)
    assert len(copies(room)) == STUDENTS
    assert len(room.store.issues("work")) == 2 * STUDENTS


def test_new_students_get_theirs_and_others_keep_theirs(room: Classroom) -> None:
    release(room, "work")
    before = copies(room)
    add_students(room, 2, first=STUDENTS)
    report = release(room, "work")
    assert (report.issued, report.kept) == (4, 2 * STUDENTS)
    after = copies(room)
    assert {student: after[student] for student in before} == before
    assert len(after) == STUDENTS + 2


def test_unapproved_templates_are_refused_by_name(room: Classroom) -> None:
    wanted = [of_kind(room, "set"), of_kind(room, "matrix")]
    write_assignment(room, "work", wanted, approved=False)
    with pytest.raises(NotReleasableError) as refused:
        release(room, "work")
    assert all(name in str(refused.value) for name in wanted)
    assert not (room.root / "release").exists()
    assert room.store.issues("work") == []


def test_an_edited_template_is_a_draft_again_and_copies_stay(tmp_path: Path) -> None:
    write_course(tmp_path / "room" / "small")
    room = make_classroom(tmp_path / "room", courses=["small"])
    write_assignment(room, "work", ["two-steps"])
    release(room, "work")
    before = copies(room)
    edit(room.root / "small" / "two-steps" / "prompt.en.md", "Solve the", "Please solve the")
    with pytest.raises(NotReleasableError, match="two-steps"):
        release(Classroom.open(room.root), "work")
    assert copies(room) == before


def test_an_empty_class_is_told_what_to_do(tmp_path: Path) -> None:
    room = make_classroom(tmp_path / "room", students=0)
    write_assignment(room, "work", [of_kind(room, "number")])
    with pytest.raises(RosterError, match="Add students first"):
        release(room, "work")


@pytest.mark.parametrize("name", ["absent", "../work", "", "a" * 200, "naïve"])
def test_an_assignment_that_cannot_be_is_refused(room: Classroom, name: str) -> None:
    with pytest.raises(AssignmentError):
        release(room, name)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of its own, of 12 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "ustaz-test", str(disk)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root with the right to mount")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("left_bytes", [0, 40_000, 150_000, 400_000])
def test_a_full_disk_leaves_the_former_release_and_is_told(
    small_disk: Path, left_bytes: int
) -> None:
    room = make_classroom(small_disk / "room", students=STUDENTS)
    write_assignment(room, "work", [of_kind(room, "number"), of_kind(room, "choice")])
    release(room, "work")
    before = copies(room)
    add_students(room, 40, first=STUDENTS)
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk)
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - left_bytes)))
    with pytest.raises(GradingError, match=r"(full|No space|disk|untouched|kept)"):
        release(room, "work")
    assert {student: copies(room)[student] for student in before} == before
    ballast.unlink()
    room.close()
    assert release(Classroom.open(room.root), "work").students == STUDENTS + 40
    assert {student: copies(room)[student] for student in before} == before
    room.close()


def test_a_limit_on_the_size_of_files_is_told_too(room: Classroom) -> None:
    """Where no disk can be mounted, a limit on files stands for one that is full."""
    release(room, "work")
    before = copies(room)
    room.close()
    ended = subprocess.run(
        [sys.executable, "-c", CUT_OFF, "release", str(room.root), "never", "0"],
        env=environment(),
        capture_output=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000)),
    )
    assert ended.returncode == 1
    assert b"Error: " in ended.stderr
    assert copies(room) == before
    assert release(room, "work").issued == 0
