from __future__ import annotations

import itertools
import math
import random
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_support import answer, child, said
from ustaz_grading.profiles import MasteryModel, update_mastery
from ustaz_grading.profiles.evidence import effective, replacements
from ustaz_grading.profiles.mastery import DEVIATION_VARIANCE, prior_difficulty
from ustaz_grading.records import sigmoid
from ustaz_grading.store import Store
from ustaz_grading.store.masteries import FoldPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ustaz_grading.records import Evidence


def folded(store: Store) -> tuple[object, object, object]:
    return (
        store.mastery_rows("algebra"),
        store.skill_levels("algebra"),
        store.item_difficulties("algebra"),
    )


def mean(model: MasteryModel, learner: str = "anna", skill: str = "a") -> float:
    return model.levels[skill].mean + model.deviations[learner, skill].mean


def test_nothing_known_is_even_odds():
    assert MasteryModel().predict("anna", ["a"], "i") == 0.5


def test_author_difficulty_counts_for_a_new_item():
    model = MasteryModel()
    easy, hard = (model.predict("anna", ["a"], "i", difficulty=d) for d in (0.0, 1.0))
    assert easy > 0.5 > hard
    assert prior_difficulty(0.5) == prior_difficulty(None) == 0


def test_right_raises_and_wrong_lowers():
    for score, sign in ((1.0, 1), (0.0, -1)):
        model = MasteryModel()
        model.update("anna", ["a"], "i", score=score)
        assert math.copysign(1, mean(model)) == sign
        assert math.copysign(1, -model.items["i"].mean) == sign


@pytest.mark.parametrize("better", [(1.0, 0.5), (0.5, 0.2), (0.2, 0.0)])
def test_a_better_score_raises_more(better: tuple[float, float]):
    means = []
    for score in better:
        model = MasteryModel()
        model.update("anna", ["a"], "i", score=score)
        means.append(mean(model))
    assert means[0] > means[1]


def test_hints_make_a_success_weigh_less_and_leave_a_failure():
    means = {}
    for score in (1.0, 0.0):
        for hints in (0, 1, 3):
            model = MasteryModel()
            model.update("anna", ["a"], "i", score=score, hints_used=hints)
            means[score, hints] = mean(model)
    assert means[1.0, 0] > means[1.0, 1] > means[1.0, 3] > 0
    assert means[0.0, 0] == means[0.0, 1] == means[0.0, 3] < 0


def test_each_answer_makes_a_new_learner_surer():
    model = MasteryModel()
    before = DEVIATION_VARIANCE
    for number in range(10):
        model.update("anna", ["a"], f"i{number}", score=number % 2)
        assert 0 < model.deviations["anna", "a"].variance < before
        before = model.deviations["anna", "a"].variance


def test_an_answer_with_two_skills_is_one_answer_to_its_item():
    model = MasteryModel()
    model.update("anna", ["a", "b"], "i", score=1)
    assert model.items["i"].answers == 1
    single = MasteryModel()
    single.update("anna", ["a"], "i", score=1)
    assert mean(single) > mean(model) > 0


def test_an_answer_without_skills_moves_nothing():
    model = MasteryModel()
    model.update("anna", [], "i", score=1)
    assert (model.levels, model.deviations, model.items) == ({}, {}, {})


def test_the_class_speaks_for_who_has_not_begun():
    model = MasteryModel()
    for number in range(40):
        model.update(f"s{number % 8}", ["a"], f"i{number % 5}", score=1)
    assert model.predict("newcomer", ["a"], "unseen") > 0.8


scores = st.one_of(st.just(0.0), st.just(1.0), st.floats(0, 1))
answers = st.lists(
    st.tuples(
        st.sampled_from(["anna", "жан", "bek"]),
        st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True),
        st.sampled_from(["i1", "i2", "i3"]),
        scores,
        st.integers(0, 5),
        st.none() | st.integers(0, 30),
    ),
    max_size=25,
)


@given(answers)
def test_beliefs_stay_finite_and_certain_ones_stay_positive(rows: list[tuple]):
    model = MasteryModel()
    for learner, skills, item, score, hints, _ in rows * 3:
        model.update(learner, skills, item, score=score, hints_used=hints)
    beliefs = [*model.levels.values(), *model.deviations.values(), *model.items.values()]
    for belief in beliefs:
        assert math.isfinite(belief.mean)
        assert 0 < belief.variance <= 2.25
    for learner in ("anna", "жан"):
        assert 0 <= model.predict(learner, ["a"], "i1") <= 1


def evidence_of(rows: list[tuple]) -> list[Evidence]:
    return [
        answer(number, learner=who, skills=tuple(skills), item=item, score=score, hints_used=hints)
        for number, (who, skills, item, score, hints, _) in enumerate(rows)
    ]


@settings(max_examples=40, deadline=None)
@given(answers, st.lists(st.integers(1, 8), max_size=8))
def test_folding_bit_by_bit_equals_folding_from_the_start(rows: list[tuple], cuts: list[int]):
    evidence = evidence_of(rows)
    with Store.open("sqlite://") as bits, Store.open("sqlite://") as whole:
        given_rows = iter(evidence)
        for cut in [*cuts, len(evidence)]:
            bits.add_evidence(itertools.islice(given_rows, cut))
            update_mastery(bits, "algebra")
        whole.add_evidence(evidence)
        update_mastery(whole, "algebra")
        assert bits.evidence_count("algebra") == len(evidence)
        assert folded(bits) == folded(whole)


@settings(max_examples=40, deadline=None)
@given(answers)
def test_corrections_count_as_if_they_had_been_given_first(rows: list[tuple]):
    evidence = evidence_of(rows)
    truth = list(evidence)
    with Store.open("sqlite://") as corrected, Store.open("sqlite://") as right:
        corrected.add_evidence(evidence)
        update_mastery(corrected, "algebra")
        stored = corrected.evidence("algebra")
        last = {number: row.id for number, row in enumerate(stored)}
        for number, (*_, fixes) in enumerate(rows):
            if fixes is None or fixes >= len(stored):
                continue
            change = replace(
                evidence[fixes],
                score=1 - evidence[fixes].score,
                key=f"fix/{number}",
                corrects=last[fixes],
                id=None,
            )
            corrected.add_evidence([change])
            last[fixes] = corrected.evidence("algebra", latest=1)[0].id
            truth[fixes] = replace(truth[fixes], score=change.score)
            update_mastery(corrected, "algebra")
        right.add_evidence(truth)
        update_mastery(right, "algebra")
        assert [row.score for row in effective(corrected.evidence("algebra"))] == [
            row.score for row in truth
        ]
        assert folded(corrected) == folded(right)


def test_a_correction_of_a_correction_holds_in_the_place_of_the_first():
    first, second, third = (
        replace(answer(n), id=n, corrects=corrects) for n, corrects in ((1, None), (2, 1), (3, 2))
    )
    assert replacements([second, third]) == {1: third}
    assert effective([first, second, third]) == [third]


def test_reports_say_what_was_folded(store: Store):
    store.add_evidence([answer(1), answer(2)])
    assert update_mastery(store, "algebra").answers == 2
    assert update_mastery(store, "algebra").answers == 0
    store.add_evidence([answer(3)])
    report = update_mastery(store, "algebra")
    assert (report.answers, report.from_start) == (1, False)
    number = store.evidence("algebra")[0].id
    store.add_evidence([answer(4, corrects=number, score=0.0)])
    report = update_mastery(store, "algebra")
    assert (report.answers, report.from_start) == (3, True)
    assert not update_mastery(store, "algebra").from_start


def test_masteries_say_mean_interval_answers_and_time(store: Store):
    store.add_evidence([answer(n, learner=who) for n, who in enumerate(["anna", "жан", "anna"])])
    update_mastery(store, "algebra")
    anna, zhan = store.masteries("algebra")
    assert (anna.learner, anna.answers, anna.updated_at) == ("anna", 2, answer(2).at)
    assert store.masteries("algebra", "жан") == [zhan]
    low, high = anna.interval
    assert 0 < low < anna.probability < high < 1
    # Two right answers of one's own say more than one, and no less than the other's one.
    assert anna.probability > zhan.probability
    assert anna.sd < zhan.sd


def test_state_of_another_model_is_folded_again(memory: Store):
    memory.add_evidence([answer(1)])
    update_mastery(memory, "algebra")
    before = folded(memory)
    with memory.folding("algebra") as fold:
        point = fold.point()
        assert point is not None
        fold.keep(FoldPoint(point.last_evidence, "older"), masteries=[], items=[], skill_levels=[])
    assert update_mastery(memory, "algebra").from_start
    assert folded(memory) == before


def test_courses_do_not_touch_each_other(store: Store):
    store.add_evidence([answer(1), answer(1, course="python", score=0.0)])
    update_mastery(store, "algebra")
    before = folded(store)
    update_mastery(store, "python")
    assert folded(store) == before
    assert store.masteries("python")[0].mean < 0


def test_a_fold_that_fails_leaves_the_masteries_as_they_were(store: Store):
    store.add_evidence([answer(1)])
    update_mastery(store, "algebra")
    before = folded(store)
    with pytest.raises(RuntimeError, match="stopped"), store.folding("algebra") as fold:  # noqa: PT012 - the body is what is stopped
        fold.forget()
        raise RuntimeError("stopped")
    assert folded(store) == before


KILLED = """
import sys
from ustaz_grading.store import Store
from ustaz_grading.store.masteries import FoldPoint

with Store.open(sys.argv[1]).folding("algebra") as fold:
    fold.forget()
    fold.keep(FoldPoint(999, "half"), masteries=[], items=[], skill_levels=[])
    print("half", flush=True)
    sys.stdin.readline()
"""


def test_a_kill_in_the_middle_of_a_fold_is_mended_by_the_repeat(store: Store, store_url: str):
    store.add_evidence([answer(n) for n in range(5)])
    update_mastery(store, "algebra")
    before = folded(store)
    store.add_evidence([answer(n, score=0.0) for n in range(5, 9)])
    with child(KILLED, store_url) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.kill()
    assert folded(store) == before
    assert update_mastery(store, "algebra").answers == 4
    with Store.open("sqlite://") as fresh:
        fresh.add_evidence([answer(n, score=float(n < 5)) for n in range(9)])
        update_mastery(fresh, "algebra")
        assert folded(fresh) == folded(store)


def test_folds_at_once_count_every_answer_once(store: Store, store_url: str):
    code = (
        "import sys; from ustaz_grading.store import Store\n"
        "from ustaz_grading.profiles import update_mastery\n"
        "print(update_mastery(Store.open(sys.argv[1]), 'algebra').answers)"
    )
    store.add_evidence([answer(n, learner=f"s{n % 7}") for n in range(300)])
    counts = [int(said(process)) for process in [child(code, store_url) for _ in range(3)]]
    assert sorted(counts) == [0, 0, 300]
    assert store.skill_levels("algebra")["equations"][2] == 300


def test_folding_while_answers_arrive_loses_none(store: Store):
    def write() -> None:
        for number in range(40):
            store.add_evidence([answer(number)])

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        update_mastery(store, "algebra")
    update_mastery(store, "algebra")
    assert store.masteries("algebra")[0].answers == 40


def simulated(learners: int, each: int, seed: int) -> tuple[list[float], MasteryModel]:
    """Return true abilities (logits at reference difficulty) and what the model made of answers."""
    drawn = random.Random(seed)  # noqa: S311 - a simulation, repeatable
    level, spread = drawn.gauss(0.4, 0.5), 0.9
    truth = [level + drawn.gauss(0, spread) for _ in range(learners)]
    difficulty = [drawn.gauss(0, 0.5) for _ in range(25)]
    model = MasteryModel()
    order = [learner for learner in range(learners) for _ in range(each)]
    drawn.shuffle(order)
    for learner in order:
        item = drawn.randrange(len(difficulty))
        right = drawn.random() < sigmoid(truth[learner] - difficulty[item])
        model.update(f"s{learner}", ["a"], f"i{item}", score=float(right))
    return truth, model


def intervals_that_hold(truth: Sequence[float], model: MasteryModel) -> int:
    level = model.levels["a"]
    held = 0
    for learner, ability in enumerate(truth):
        deviation = model.deviations[f"s{learner}", "a"]
        sd = math.sqrt(level.variance + deviation.variance)
        held += abs(level.mean + deviation.mean - ability) <= 1.645 * sd
    return held


def test_true_abilities_are_recovered():
    truth, model = simulated(200, 60, seed=1)
    estimates = [mean(model, f"s{learner}") for learner in range(200)]
    assert correlation(truth, estimates) > 0.88


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    held = [
        intervals_that_hold(*simulated(60, each, seed=seed))
        for seed, each in enumerate([5, 10, 20, 40, 5, 10, 20, 40])
    ]
    # 90% of 480; the diagonal approximation may cost some, it must not lie grossly.
    assert 0.82 <= sum(held) / 480 <= 0.97


def correlation(a: Sequence[float], b: Sequence[float]) -> float:
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    covariance = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    variances = sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)
    return covariance / math.sqrt(variances)
