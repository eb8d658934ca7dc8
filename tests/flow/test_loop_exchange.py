"""Release, fetch, submit and collect through nbgrader's exchange, as plain commands."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from grading_support import (
    fill,
    make_classroom,
    nbgrader,
    of_kind,
    read_copy,
    right_answer,
    score_of,
    write_assignment,
)
from ustaz_grading.autograde import autograde
from ustaz_grading.classroom import Classroom
from ustaz_grading.nbgrader.release import release

pytestmark = pytest.mark.slow

STUDENTS_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "school"
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
c.ExchangeFactory.fetch_assignment = "ustaz_grading.nbgrader.exchange.FetchVariant"
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    folder = tmp_path_factory.mktemp("exchange")
    room = make_classroom(folder / "room", students=2)
    with (room.root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.Exchange.root = {str(folder / 'exchange')!r}\n")
    write_assignment(room, "work", [of_kind(room, "number")])
    release(room, "work")
    nbgrader(room.root, "release_assignment", "work")
    return room


def home_of(room: Classroom, student: str) -> Path:
    """Return a student's folder, with the configuration that a hub gives them."""
    home = room.root.parent / f"home-{student}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    text = STUDENTS_CONFIG.format(
        exchange=str(room.root.parent / "exchange"), cache=str(room.root.parent / f"c-{student}")
    )
    (home / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return home


def fetch(home: Path, token: str, *, check: bool = True) -> str:
    done = nbgrader(home, "fetch_assignment", "work", f"--FetchVariant.token={token}", check=check)
    return done.stdout + done.stderr


def test_each_student_fetches_their_own_copy_and_the_same_one_again(room: Classroom) -> None:
    for student in ("s00", "s01"):
        home = home_of(room, student)
        fetch(home, room.token(student))
        fetched = json.loads((home / "work" / "work.ipynb").read_text(encoding="utf-8"))
        assert fetched == read_copy(room, "work", student)
        shutil.rmtree(home / "work")
        fetch(home, room.token(student))
        assert json.loads((home / "work" / "work.ipynb").read_text(encoding="utf-8")) == fetched


@pytest.mark.parametrize("token", ["", "0" * 32, "../work", "."])
def test_without_the_right_token_nothing_is_fetched(room: Classroom, token: str) -> None:
    home = home_of(room, "thief")
    said = fetch(home, token, check=False)
    assert "There is no copy of work for you" in said
    assert not (home / "work").exists()


def test_copies_cannot_be_listed_by_others(room: Classroom) -> None:
    outbound = room.root.parent / "exchange" / "school" / "outbound"
    copies = outbound / ".work.copies"
    assert copies.stat().st_mode & 0o777 == 0o711
    public = (outbound / "work" / "work.ipynb").read_text(encoding="utf-8")
    assert "@{ustaz:q1:prompt}" in public


def test_submission_travels_back_and_is_graded(room: Classroom) -> None:
    home = home_of(room, "s00")
    fetch(home, room.token("s00"))
    path = home / "work" / "work.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    fill(notebook, {"q1": right_answer(room, "work", "s00", "q1")})
    path.write_text(json.dumps(notebook), encoding="utf-8")
    secret = room.root.parent / "secret.txt"
    secret.write_text("the teacher's own")
    (home / "work" / "data.txt").symlink_to(secret)
    nbgrader(home, "submit", "work", "--student=s00")
    # Whoever can write to the exchange can call a submission what they like.
    inbound = room.root.parent / "exchange" / "school" / "inbound"
    forged = next(inbound.iterdir())
    shutil.copytree(forged, inbound / "..+work+2026-10-01 00:00:00 UTC+x")
    shutil.copytree(forged, inbound / "a;b+work+2026-10-01 00:00:00 UTC+x")
    (forged / "linked.txt").symlink_to(secret)
    collected = nbgrader(room.root, "collect", "work")
    submitted = room.root / "submitted"
    assert sorted(child.name for child in submitted.iterdir()) == ["s00"]
    assert not (room.root / "work").exists()
    assert not (submitted / "s00" / "work" / "linked.txt").exists()
    assert "Not collected" in collected.stdout + collected.stderr
    assert autograde(room, "work").students[0].score == 1.0
    assert score_of(room, "work", "s00", "q1") == 1.0


def test_ordinary_assignments_go_nbgraders_way(room: Classroom) -> None:
    source = room.root / "source" / "plain"
    source.mkdir(parents=True)
    plain = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (source / "plain.ipynb").write_text(json.dumps(plain))
    nbgrader(room.root, "generate_assignment", "plain", "--create")
    nbgrader(room.root, "release_assignment", "plain")
    home = home_of(room, "s01")
    nbgrader(home, "fetch_assignment", "plain")
    assert (home / "plain" / "plain.ipynb").is_file()
