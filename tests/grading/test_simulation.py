import ast
import random

import pytest
from grading_support import make_classroom, of_kind, write_assignment
from ustaz_grading.assignments.issue import IssuedVariant, issue_variants, plan
from ustaz_grading.simulation import ability, answer

KINDS = ("number", "expression", "set", "matrix", "choice", "multiple", "order")


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> dict[str, IssuedVariant]:
    room = make_classroom(tmp_path_factory.mktemp("simulation") / "room")
    write_assignment(room, "work", [of_kind(room, kind) for kind in KINDS])
    made, _ = issue_variants(room, plan(room, room.assignment("work")), room.roster)
    return dict(made["s00"])


def answers(made: IssuedVariant, level: float, seed: int = 0) -> list[tuple[str | None, str]]:
    dice = random.Random(seed)  # noqa: S311 - no secret
    return [answer(made.variant, "q1", "kk", dice, level) for _ in range(60)]


@pytest.mark.parametrize("slot", [f"q{n}" for n in range(1, len(KINDS) + 1)])
def test_what_is_written_is_python(issued: dict[str, IssuedVariant], slot: str) -> None:
    for source, _ in answers(issued[slot], 0.0):
        assert source is None or ast.parse(source)


def test_the_same_seed_gives_the_same_answers(issued: dict[str, IssuedVariant]) -> None:
    assert answers(issued["q1"], 0.0, 3) == answers(issued["q1"], 0.0, 3)
    assert answers(issued["q1"], 0.0, 3) != answers(issued["q1"], 0.0, 4)


def test_the_able_answer_right_more_often(issued: dict[str, IssuedVariant]) -> None:
    def rights(level: float) -> int:
        return sum(meant == "right" for _, meant in answers(issued["q1"], level))

    assert rights(-3) < rights(0) < rights(3)


def test_blank_answers_write_nothing(issued: dict[str, IssuedVariant]) -> None:
    blank = [source for source, meant in answers(issued["q1"], 0.0) if meant == "blank"]
    assert blank
    assert set(blank) == {None}


def test_abilities_are_spread_about_zero() -> None:
    levels = [ability(f"s{number}", 1) for number in range(400)]
    assert abs(sum(levels) / len(levels)) < 0.2
    assert ability("s1", 1) == ability("s1", 1) != ability("s1", 2)
