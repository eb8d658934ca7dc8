"""Cells of variants, against nbgrader's own checksums and against what must never be shown."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from grading_support import approve_template, make_classroom, of_kind, write_assignment
from ustaz_grading.assignments.issue import IssuedVariant, issue_variants, plan
from ustaz_grading.classroom import Classroom
from ustaz_grading.nbgrader.cells import (
    CellPlan,
    StudentCopy,
    check,
    checksum,
    exact,
    header,
    new_cell,
    plain,
    prompt,
    render,
    source_cells,
    stub,
)
from ustaz_grading.nbgrader.desk import Desk
from ustaz_grading.nbgrader.source import cells_of, source_notebook, write_source

KINDS = ("number", "expression", "set", "matrix", "choice", "multiple", "order", "text")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    room = make_classroom(tmp_path_factory.mktemp("cells") / "room")
    write_assignment(room, "work", [of_kind(room, kind) for kind in KINDS])
    return room


@pytest.fixture(scope="module")
def copies(room: Classroom) -> dict[str, StudentCopy]:
    planned = plan(room, room.assignment("work"))
    issued, _ = issue_variants(room, planned, room.roster)
    cells = cells_of(planned)
    return {
        student: StudentCopy(planned.assignment, cells, made, made["q1"].wanted, "Asia/Almaty")
        for student, made in issued.items()
    }


def everything(copies: dict[str, StudentCopy]) -> list[tuple[StudentCopy, CellPlan]]:
    return [(copy, cell) for copy in copies.values() for cell in copy.cells]


def test_checksums_are_nbgraders(copies: dict[str, StudentCopy]) -> None:
    from nbgrader.utils import compute_checksum

    for copy, planned in everything(copies):
        text = copy.source(planned)
        cell = nbformat.from_dict(new_cell(planned, text))
        assert checksum(planned, text) == compute_checksum(cell), planned


def test_rendered_notebooks_are_valid_for_nbformat_and_nbgrader(
    copies: dict[str, StudentCopy], room: Classroom
) -> None:
    from nbgrader.nbgraderformat import MetadataValidator

    for copy in copies.values():
        notebook = source_notebook(room.assignment("work"), copy.cells, "kk")
        for cell, planned in zip(notebook["cells"], copy.cells, strict=True):
            render(cell, planned, copy, stub_too=True)
        node = nbformat.from_dict(notebook)
        nbformat.validate(node)
        MetadataValidator().validate_nb(node)


def test_source_holds_placeholders_and_no_variant(copies: dict[str, StudentCopy]) -> None:
    cells = next(iter(copies.values())).cells
    texts = [cell["source"] for cell in source_cells(cells)]
    assert all("@{ustaz:" in text for text in texts)
    assert len(set(texts)) == len(texts)


def test_source_is_written_only_when_it_changes(
    tmp_path: Path, room: Classroom, copies: dict[str, StudentCopy]
) -> None:
    cells = next(iter(copies.values())).cells
    path = write_source(tmp_path, room.assignment("work"), cells, "kk")
    before = path.stat().st_mtime_ns
    assert write_source(tmp_path, room.assignment("work"), cells, "kk").stat().st_mtime_ns == before


def test_students_of_three_languages_get_three_languages(copies: dict[str, StudentCopy]) -> None:
    said = [copies[student].source(copies[student].cells[0]) for student in ("s00", "s01", "s02")]
    assert "Ұпай" in said[0]
    assert "Баллы" in said[1]
    assert "Points" in said[2]


def test_checks_hold_only_comments(copies: dict[str, StudentCopy]) -> None:
    for copy, planned in everything(copies):
        if planned.part == "check":
            assert all(line.startswith("#") for line in copy.source(planned).splitlines())


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_stubs_are_python_that_says_nothing(copies: dict[str, StudentCopy], kind: str) -> None:
    slot = f"q{KINDS.index(kind) + 1}"
    for copy in copies.values():
        namespace: dict[str, object] = {}
        exec(stub(copy.issued[slot], slot), namespace)  # noqa: S102 - our own stub
        assert namespace[slot] is ...


def test_options_and_rubric_are_shown(copies: dict[str, StudentCopy]) -> None:
    issued = copies["s02"].issued
    choice = prompt(issued["q5"], 5, 1.0)
    assert "- **A.** " in choice
    assert "- **B.** " in choice
    assert "How it is graded:" in prompt(issued["q8"], 8, 2.0)


def test_tags_are_unguessable_and_differ(copies: dict[str, StudentCopy]) -> None:
    tags = {made.issue.tag for copy in copies.values() for made in copy.issued.values()}
    assert len(tags) == len(copies) * len(KINDS)
    assert all(len(tag) == 32 for tag in tags)


def test_header_says_due_date_in_the_classrooms_zone(room: Classroom) -> None:
    write_assignment(
        room, "due", [of_kind(room, "number")],
        head="due = 2026-12-01T18:59:00Z\nlate_penalty_per_day = 0.1", approved=False,
    )  # fmt: skip
    text = header(room.assignment("due"), "en", "Asia/Almaty", 3.5)
    assert "01.12.2026 23:59 (Asia/Almaty)" in text
    assert "10 %" in text
    assert "3.5" in text


@pytest.mark.parametrize(("points", "shown"), [(2.0, "2"), (2.5, "2.5"), (0.0, "0")])
def test_points_are_shown_as_people_write_them(points: float, shown: str) -> None:
    assert str(exact(points)) == shown


def test_titles_cannot_bring_html() -> None:
    assert plain("<script>\nx") == "&lt;script> x"


def test_a_neighbours_tag_is_foreign_unless_chance_gave_both_the_same(
    room: Classroom, copies: dict[str, StudentCopy]
) -> None:
    mine, other = copies["s00"].issued["q1"].issue, copies["s01"].issued["q1"].issue
    assert mine.record["drawn"] != other.record["drawn"]
    desk = Desk(room, copies["s00"], "s00")
    assert not desk.is_foreign("q1", mine.tag)
    assert desk.is_foreign("q1", other.tag)
    assert not desk.is_foreign("q1", "f" * 32), "a tag that nobody has proves nothing"

    from dataclasses import replace

    twin = replace(mine, id=None, student="s02", round=7, tag="e" * 32)
    room.store.record_issues([twin])
    assert not desk.is_foreign("q1", "e" * 32)


def test_visible_tests_of_programs_are_shown_and_hidden_ones_not(tmp_path: Path) -> None:
    room = make_classroom(tmp_path / "room", courses=["python-intro"], students=1)
    template = room.template(of_kind(room, "code"))
    approve_template(room, template)
    write_assignment(room, "code", [template.id], approved=False)
    issued, _ = issue_variants(room, plan(room, room.assignment("code")), room.roster)
    made: IssuedVariant = issued["s00"]["q1"]
    text = json.dumps([stub(made, "q1"), check(made, 2.0), prompt(made, 1, 2.0)])
    tests = made.variant.code_job("").tests
    assert any(test.hidden for test in tests)
    assert not any(test.source.strip() in text for test in tests if test.hidden)
    room.close()
