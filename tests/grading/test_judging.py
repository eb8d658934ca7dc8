"""What a student is told, and that a fault of ours is never a score."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from grading_support import approve_template, make_classroom, of_kind, write_assignment
from nbformat import from_dict
from nbgrader.utils import determine_grade
from ustaz_courses import CodeJob, CodeRun, reference_response
from ustaz_grading.assignments.issue import IssuedVariant, issue_variants, plan
from ustaz_grading.coderunner import CodeRunner
from ustaz_grading.errors import JudgeFaultError
from ustaz_grading.nbgrader.judging import (
    Judged,
    blank,
    check_output,
    foreign,
    judge_programs,
    judge_value,
)
from ustaz_grading.nbgrader.reading import MISSING, UNREADABLE, Given

KINDS = ("number", "expression", "set", "matrix", "choice", "multiple", "order")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, IssuedVariant]:
    """Return a variant of each kind for a student who reads English."""
    room = make_classroom(
        tmp_path_factory.mktemp("judging") / "room", courses=["algebra-7-9", "python-intro"]
    )
    code = room.template(of_kind(room, "code"))
    approve_template(room, code)
    write_assignment(room, "work", [of_kind(room, kind) for kind in KINDS])
    file = room.root / "assignments" / "work.toml"
    file.write_text(file.read_text() + f'[[slots]]\nid = "code"\ntemplate = "{code.id}"\n')
    issued, _ = issue_variants(room, plan(room, room.assignment("work")), room.roster)
    return {variant.variant.kind: variant for variant in issued["s02"].values()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_answer_is_right(made: dict[str, IssuedVariant], kind: str) -> None:
    key = made[kind].variant.key
    assert key is not None
    judged = judge_value(made[kind], Given("text", reference_response(key, "en")))
    assert (judged.share, judged.outcome) == (1.0, "right")
    assert "Right." in judged.html


@pytest.mark.parametrize("kind", KINDS)
def test_misconceptions_are_told_with_their_own_feedback(
    made: dict[str, IssuedVariant], kind: str
) -> None:
    for wrong in made[kind].variant.misconceptions.values():
        judged = judge_value(made[kind], Given("text", reference_response(wrong, "en")))
        assert judged.share < 1
        assert "Your answer:" in judged.html
        assert "Worked solution" in judged.html


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (MISSING, "blank"),
        (Given("blank"), "blank"),
        (UNREADABLE, "format"),
        (Given("other", "dict"), "format"),
        (Given("other", "long"), "format"),
        (Given("text", ""), "format"),
        (Given("text", "?? help ??"), "format"),
        (Given("list", members=(Given("other", "dict"),)), "format"),
    ],
)
def test_what_is_no_answer_earns_nothing_and_says_so(
    made: dict[str, IssuedVariant], given: Given, outcome: str
) -> None:
    judged = judge_value(made["number"], given)
    assert (judged.share, judged.outcome) == (0.0, outcome)


def test_an_error_in_the_cell_is_named(made: dict[str, IssuedVariant]) -> None:
    judged = judge_value(made["number"], MISSING, "ZeroDivisionError")
    assert "ZeroDivisionError" in judged.html


ATTACKS = [
    "<script>alert(1)</script>",
    "`<b>`",
    "![x](javascript:alert(1))",
    "$\\href{x}{y}$",
    "\0",
]


@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize("kind", ["number", "expression", "set", "choice"])
def test_a_students_text_is_shown_as_text(
    made: dict[str, IssuedVariant], kind: str, text: str
) -> None:
    judged = judge_value(made[kind], Given("text", text))
    for active in ("<script", "<b>", "<img", "href=", "\0"):
        assert active not in judged.html


@pytest.mark.parametrize("text", ATTACKS)
def test_the_name_of_a_students_type_is_shown_as_text(
    made: dict[str, IssuedVariant], text: str
) -> None:
    judged = judge_value(made["number"], Given("other", text))
    assert "<script" not in judged.html
    assert "<img" not in judged.html


def test_a_check_that_fails_is_a_fault_and_no_zero(
    made: dict[str, IssuedVariant], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(made["number"].variant), "check", broken)
    with pytest.raises(JudgeFaultError, match="fault of Ustaz"):
        judge_value(made["number"], Given("text", "3"))


def cell_with(judged: Judged, points: float) -> object:
    return from_dict(
        {
            "cell_type": "code",
            "source": "",
            "metadata": {"nbgrader": {"grade": True, "points": points, "solution": False}},
            "outputs": [check_output(judged, points)],
        }
    )


@pytest.mark.parametrize("share", [0.0, 1 / 3, 0.5, 2 / 3, 0.999999999, 1.0])
@pytest.mark.parametrize("points", [0.5, 1.0, 3.0, 7.0])
def test_nbgrader_reads_the_partial_score(share: float, points: float) -> None:
    score, most = determine_grade(cell_with(Judged(share, "partly", "<p></p>"), points))
    assert most == points
    assert score == pytest.approx(share * points, abs=1e-6)
    assert score <= most


def test_blank_and_foreign_earn_nothing(made: dict[str, IssuedVariant]) -> None:
    assert blank(made["number"]).share == 0
    assert foreign(made["number"]).share == 0
    assert "Worked solution" not in foreign(made["number"]).html


def test_programs_are_judged_together_in_their_order(made: dict[str, IssuedVariant]) -> None:
    right = made["code"].variant.solution_program()
    judged = judge_programs([(made["code"], right), (made["code"], "1/0")], CodeRunner())
    assert [one.share for one in judged] == [1.0, 0.0]
    assert "ZeroDivisionError" in judged[1].html


def test_no_programs_start_no_judge() -> None:
    def never(_: Sequence[CodeJob]) -> Sequence[CodeRun]:
        raise AssertionError

    assert judge_programs([], never) == []


@pytest.mark.parametrize("failure", [CodeRun("fault", "no jail", "", (), ()), OSError("no jail")])
def test_a_judge_that_fails_is_a_fault_and_no_zero(
    made: dict[str, IssuedVariant], failure: CodeRun | OSError
) -> None:
    def runner(_: Sequence[CodeJob]) -> Sequence[CodeRun]:
        if isinstance(failure, OSError):
            raise failure
        return [failure]

    with pytest.raises(JudgeFaultError, match="no jail"):
        judge_programs([(made["code"], "x = 1")], runner)
