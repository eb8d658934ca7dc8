import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from practice_support import (
    approve_templates,
    bundled_classroom,
    copy_classroom,
    misconceived_response,
    right_response,
    secrets_of,
    small_classroom,
    variant_of,
)
from tests_support import edit
from ustaz_courses.exercise import CodeRun
from ustaz_grading.classroom import Classroom
from ustaz_grading.errors import MissingRecordError, PracticeError
from ustaz_grading.practice import PracticeDesk
from ustaz_kernels.errors import JailMissingError

ALGEBRA = [
    ("rational-arithmetic", "number"),
    ("like-terms", "expression"),
    ("quadratic-equations", "set"),
    ("linear-functions", "matrix"),
    ("algebraic-fractions", "choice"),
]


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    root = tmp_path_factory.mktemp("practice") / "small"
    small_classroom(root).close()
    return root


@pytest.fixture(scope="session")
def bundled(tmp_path_factory):
    root = tmp_path_factory.mktemp("practice") / "bundled"
    bundled_classroom(root, code=True).close()
    return root


@pytest.fixture
def room(small, tmp_path):
    with copy_classroom(small, tmp_path / "room") as found:
        yield found


@pytest.fixture
def algebra(bundled, tmp_path):
    with copy_classroom(bundled, tmp_path / "room") as found:
        yield found


def rows(room: Classroom, student: str = "aliya"):
    return room.store.evidence("class-7a", student)


def test_an_unfinished_exercise_is_given_again(room):
    desk = PracticeDesk(room)
    first = desk.next_item("aliya", language="kk")
    assert desk.next_item("aliya", language="kk").id == first.id
    assert desk.open_item("aliya", language="kk") == first


def test_asking_twice_after_the_same_exercise_gives_one_new_one(room):
    desk = PracticeDesk(room)
    first = desk.next_item("aliya", language="kk")
    second = desk.next_item("aliya", language="kk", after=first.id)
    again = desk.next_item("aliya", language="kk", after=first.id)
    assert second.id != first.id
    assert again.id == second.id


def test_clicks_at_the_same_moment_issue_one_exercise(room):
    desk = PracticeDesk(room)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: desk.next_item("aliya", language="kk").id, range(16)))
    assert len(set(found)) == 1
    assert len(room.store.practice_items("aliya", "class-7a")) == 1


def test_two_students_get_different_numbers(room):
    desk = PracticeDesk(room)
    ids = [desk.next_item(student, language="en").id for student in ("aliya", "boris", "carol")]
    assert len({variant_of(room, item).seed for item in ids}) == 3


def test_the_next_exercise_never_repeats_the_numbers_just_had(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    for _ in range(12):
        following = desk.next_item("aliya", language="en", after=item.id)
        assert variant_of(room, following.id).drawn != variant_of(room, item.id).drawn
        item = following


def test_a_right_answer_solves_and_counts_and_moves_mastery(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    outcome = desk.answer("aliya", item.id, right_response(room, item.id), language="en")
    assert (outcome.outcome, outcome.score, outcome.counted) == ("right", 1.0, True)
    assert outcome.item.finished
    assert outcome.item.solution
    move = outcome.moves[0]
    assert move.after.estimate > move.before.estimate
    assert move.after.high - move.after.low < move.before.high - move.before.low
    row = rows(room)[0]
    assert (row.score, row.source, row.language, row.hints_used) == (1.0, "practice", "en", 0)
    assert row.skills == ("linear-equations", "arithmetic")


def test_only_the_first_judged_answer_is_evidence(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    first = desk.answer("aliya", item.id, "100000", language="en")
    second = desk.answer("aliya", item.id, right_response(room, item.id), language="en")
    assert (first.outcome, first.counted) == ("wrong", True)
    assert (second.outcome, second.counted, second.moves) == ("right", False, ())
    assert second.item.finished
    assert [row.score for row in rows(room)] == [0.0]


def test_a_misconception_gets_its_own_feedback(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    outcome = desk.answer("aliya", item.id, misconceived_response(room, item.id), language="en")
    assert outcome.outcome == "wrong"
    assert "Check the sign" in outcome.html


@pytest.mark.parametrize("text", ["", "abc", "9**9**9**9", "__import__('os')", "1" * 19_000, "\0"])
def test_what_is_no_number_costs_nothing(room, text):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    outcome = desk.answer("aliya", item.id, text, language="en")
    assert outcome.outcome == "format"
    assert outcome.html
    assert (outcome.item.attempts, outcome.counted, rows(room)) == (0, False, [])


def test_an_answer_sent_again_counts_once(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    for _ in range(3):
        outcome = desk.answer("aliya", item.id, "100000", language="en", attempt=1)
        assert outcome.outcome == "wrong"
        assert outcome.item.attempts == 1
    assert len(rows(room)) == 1


def test_an_answer_can_be_judged_again_in_another_language(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    wrong = misconceived_response(room, item.id)
    desk.answer("aliya", item.id, wrong, language="en", attempt=1)
    outcome = desk.answer("aliya", item.id, wrong, language="ru", attempt=1)
    assert "Проверь знак" in outcome.html
    assert (outcome.item.attempts, outcome.counted) == (1, False)


def test_giving_up_before_any_answer_counts_as_wrong(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    assert item.solution == ""
    for _ in range(2):
        outcome = desk.solution("aliya", item.id, language="en")
        assert outcome.item.solution
        assert outcome.item.finished
    assert [row.score for row in rows(room)] == [0.0]


def test_giving_up_after_an_answer_counts_nothing_more(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    desk.answer("aliya", item.id, "100000", language="en")
    assert not desk.solution("aliya", item.id, language="en").counted
    assert len(rows(room)) == 1


def test_nothing_counts_after_the_solution_was_seen(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    desk.solution("aliya", item.id, language="en")
    outcome = desk.answer("aliya", item.id, right_response(room, item.id), language="en")
    assert not outcome.counted
    assert [row.score for row in rows(room)] == [0.0]


def test_hints_come_one_by_one_and_are_kept_in_the_evidence(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    assert (item.hints, item.hints_left) == ((), 1)
    for _ in range(2):
        hinted = desk.hint("aliya", item.id, language="en", shown=0)
        assert (len(hinted.hints), hinted.hints_left) == (1, 0)
    desk.answer("aliya", item.id, right_response(room, item.id), language="en")
    assert rows(room)[0].hints_used == 1


def test_another_students_exercise_is_as_unknown_as_none(room):
    desk = PracticeDesk(room)
    item = desk.next_item("aliya", language="en")
    for other in (item.id, "999999", "0", "-1", "1e3", "..", "٣", "9" * 40):
        with pytest.raises(PracticeError, match="no exercise"):
            desk.answer("boris", other, "1", language="en")


def test_an_unknown_student_gets_nothing(room):
    with pytest.raises(MissingRecordError):
        PracticeDesk(room).next_item("nobody", language="en")


def test_a_template_edited_after_its_approval_is_not_issued(room):
    edit(room.root / "small" / "two-steps" / "prompt.en.md", "Solve", "Please solve")
    with Classroom.open(room.root) as changed, pytest.raises(PracticeError, match="no exercise is"):
        PracticeDesk(changed).next_item("aliya", language="en")


def test_an_issued_exercise_outlives_an_edit_of_its_template(room):
    item = PracticeDesk(room).next_item("aliya", language="en")
    right = right_response(room, item.id)
    edit(room.root / "small" / "two-steps" / "prompt.en.md", "Solve", "Please solve")
    with Classroom.open(room.root) as changed:
        desk = PracticeDesk(changed)
        assert desk.item("aliya", item.id, language="en").prompt == item.prompt
        assert desk.answer("aliya", item.id, right, language="en").outcome == "right"


def test_a_topic_without_exercises_is_refused(room):
    with pytest.raises(PracticeError, match="geometry"):
        PracticeDesk(room).next_item("aliya", skill="geometry", language="en")


@pytest.mark.parametrize(("skill", "kind"), ALGEBRA)
def test_every_kind_can_be_practised_in_every_language(algebra, skill, kind):
    desk = PracticeDesk(algebra)
    item = desk.next_item("aliya", skill=skill, language="kk")
    assert item.kind == kind
    prompts = {desk.item("aliya", item.id, language=word).prompt for word in ("kk", "ru", "en")}
    assert len(prompts) == 3
    right = right_response(algebra, item.id, "ru")
    assert desk.answer("aliya", item.id, right, language="ru").outcome == "right"


def test_nothing_that_leaves_the_desk_gives_a_secret_away(algebra):
    desk = PracticeDesk(algebra)
    for view in desk.courses("en"):
        for skill in view.skills:
            item = desk.next_item("aliya", skill=skill.skill, language="en")
            seen = [asdict(item), asdict(desk.hint("aliya", item.id, language="en"))]
            if item.kind != "code":
                seen.append(asdict(desk.answer("aliya", item.id, "?", language="en")))
            text = json.dumps(seen, ensure_ascii=False)
            for secret in secrets_of(algebra, item.id):
                assert secret not in text
            assert not any(shown["solution"] for shown in seen if "solution" in shown)
            desk.solution("aliya", item.id, language="en")


def test_a_program_is_judged_by_its_tests(algebra):
    desk = PracticeDesk(algebra)
    item = desk.next_item("carol", skill="variables-and-arithmetic", language="en")
    assert item.kind == "code"
    half = desk.answer("carol", item.id, item.starter, language="en")
    assert half.outcome in ("wrong", "partly")
    assert half.tests
    right = right_response(algebra, item.id)
    outcome = desk.answer("carol", item.id, right, language="en")
    assert outcome.outcome == "right", outcome.html
    assert all(test.passed for test in outcome.tests)


def test_a_fault_of_the_runner_costs_nothing_and_is_noted(algebra):
    def broken(jobs):
        return [
            CodeRun(
                "fault",
                "the machine is gone",
                "",
                (False,) * len(job.tests),
                ("",) * len(job.tests),
            )
            for job in jobs
        ]

    desk = PracticeDesk(algebra, runner=broken)
    item = desk.next_item("carol", skill="variables-and-arithmetic", language="en")
    outcome = desk.answer("carol", item.id, item.starter, language="en")
    assert (outcome.outcome, outcome.counted, outcome.item.attempts) == ("fault", False, 0)
    assert "machine" not in outcome.html
    assert rows(algebra, "carol") == []
    assert len(algebra.store.faults("class-7a")) == 1


def test_a_machine_without_a_jail_is_a_fault_and_no_wrong_answer(algebra):
    def missing(_jobs):
        raise JailMissingError("no user namespaces here")

    desk = PracticeDesk(algebra, runner=missing)
    item = desk.next_item("carol", skill="variables-and-arithmetic", language="en")
    outcome = desk.answer("carol", item.id, item.starter, language="en")
    assert (outcome.outcome, outcome.counted) == ("fault", False)
    assert len(algebra.store.faults("class-7a")) == 1


def test_approving_more_makes_it_practicable_at_once(algebra):
    desk = PracticeDesk(algebra)
    before = {skill.skill for view in desk.courses("en") for skill in view.skills}
    approve_templates(algebra, ("sqrt-sum",))
    after = {skill.skill for view in desk.courses("en") for skill in view.skills}
    assert after - before == {"square-roots"}
