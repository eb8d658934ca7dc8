from __future__ import annotations

import asyncio
import shutil
import struct
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from class_support import START, make_cohort
from ustaz_grading.classroom import Classroom
from ustaz_grading.profiles import update_mastery
from ustaz_grading.records import Evidence, Student
from ustaz_widgets.teacher import (
    class_cohort,
    class_page,
    class_profile,
    write_class_html,
    write_class_png,
)
from ustaz_widgets.teacher.errors import PictureError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

needs_browser = pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")


def test_the_page_is_written_as_a_whole(tmp_path: Path):
    cohort = make_cohort()
    file = write_class_html(cohort, tmp_path / "class.html", language="kk", title="8Б")
    assert file.read_text(encoding="utf-8") == class_page(cohort, language="kk", title="8Б")
    assert [path.name for path in tmp_path.iterdir()] == ["class.html"]


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    (tmp_path / "class.html").mkdir()
    with pytest.raises(OSError, match=r"class\.html"):
        write_class_html(make_cohort(), tmp_path / "class.html", language="kk")
    assert [path.name for path in tmp_path.iterdir()] == ["class.html"]


@needs_browser
@pytest.mark.ui
@pytest.mark.slow
@pytest.mark.parametrize("students", [20, 400])
def test_a_picture_is_drawn_by_the_browser(tmp_path: Path, students: int):
    file = write_class_png(
        make_cohort(students, hostile=True), tmp_path / "class.png", language="kk", width=1000
    )
    head = file.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    assert width == 2000
    assert height > 500
    assert [path.name for path in tmp_path.iterdir()] == ["class.png"]


@needs_browser
@pytest.mark.ui
@pytest.mark.slow
def test_a_picture_is_drawn_inside_a_running_loop_too(tmp_path: Path):
    async def inside() -> Path:
        return write_class_png(make_cohort(), tmp_path / "class.png", language="en")

    assert asyncio.run(inside()).stat().st_size > 10_000


def test_without_a_browser_the_next_step_is_told_and_the_old_picture_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "class.png").write_bytes(b"old")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    with pytest.raises(PictureError, match="apt install chromium"):
        write_class_png(make_cohort(), tmp_path / "class.png", language="en")
    assert (tmp_path / "class.png").read_bytes() == b"old"


@pytest.mark.slow
def test_a_browser_that_gives_up_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    false = shutil.which("false")
    assert false is not None
    monkeypatch.setenv("BROWSER_PATH", false)
    with pytest.raises(PictureError, match=f"{false} drew no picture"):
        write_class_png(make_cohort(), tmp_path / "class.png", language="en")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    with Classroom.create(tmp_path / "room", course_id="8b", courses=["algebra-7-9"]) as opened:
        store, course = opened.store, opened.courses["algebra-7-9"]
        skills = course.curriculum.order()
        template = next(iter(course.templates.values()))
        store.add_students(
            [Student(id="aigul", first_name="Айгүл"), Student(id="silent", first_name="Ұлан")]
        )
        store.add_evidence(
            Evidence(
                course="8b",
                learner=who,
                at=START.replace(hour=20) + timedelta(minutes=number),
                source="practice",
                template=template.id,
                skills=(skill,),
                score=1.0,
                key=f"{number}",
            )
            for number, (who, skill) in enumerate(
                [("aigul", skills[1]), ("aigul", skills[0]), ("gone", skills[0]), ("aigul", "own")]
            )
        )
        update_mastery(store, "8b")
        yield opened


def test_a_classrooms_cohort_is_its_class_list_in_curriculum_order(room: Classroom):
    course = room.courses["algebra-7-9"]
    found = class_cohort(room, "kk")
    assert found.learners == ("aigul", "silent")
    assert found.names == ("Айгүл", "Ұлан")
    assert found.skills == (*course.curriculum.order(), "own")
    first = course.curriculum.skill(found.skills[0])
    assert found.titles[0] == first.title["kk"]
    assert found.titles[-1] == "own"
    assert found.answers[0].tolist() == [1, 1, *([0] * (len(found.skills) - 3)), 1]


def test_answers_are_shown_with_the_templates_title_and_the_classrooms_day(room: Classroom):
    template = next(iter(room.courses["algebra-7-9"].templates.values()))
    found = class_cohort(room, "ru")
    (answer,) = found.recent["aigul", found.skills[1]]
    assert answer.item == template.title["ru"]
    # Eight in the evening in UTC is the next day in Almaty.
    assert answer.at.date() == START.date() + timedelta(days=1)


def test_a_notebooks_plot_speaks_the_classrooms_language(room: Classroom):
    shown = class_profile(room)
    assert shown.language == "kk"
    assert "8b" in shown.page
    assert class_profile(room, language="en").figure.layout.height > 100
