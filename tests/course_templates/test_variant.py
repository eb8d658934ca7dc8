"""Variants: reproducible, own, right by construction, restored from their record."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_support import PROMPTS, TEMPLATE, edit
from ustaz_courses import (
    TemplateError,
    UnsatisfiableError,
    instantiate,
    load_template,
    reference_response,
    restore,
    template_from_files,
    variant_seed,
)
from ustaz_courses.parameters import Stream

FILES = {"template.toml": TEMPLATE, **{f"prompt.{code}.md": t for code, t in PROMPTS.items()}}
SMALL = template_from_files(FILES)
SECRET = b"a secret of this test's own."


def seed(student: str, slot: str = "q1", round_: int = 0) -> bytes:
    return variant_seed(
        SECRET, student=student, assignment="ps1", slot=slot,
        content_hash=SMALL.content_hash, round=round_,
    )  # fmt: skip


def test_same_seed_gives_same_variant() -> None:
    first, second = instantiate(SMALL, seed("aigul")), instantiate(SMALL, seed("aigul"))
    assert first.record() == second.record()
    assert first.text("kk") == second.text("kk")


def test_seed_tells_students_slots_and_rounds_apart() -> None:
    seeds = {seed("a"), seed("b"), seed("a", "q2"), seed("a", round_=1), seed("a" + "ps1")}
    assert len(seeds) == 5


def test_parts_of_a_seed_never_run_together() -> None:
    one = variant_seed(SECRET, student="ab", assignment="c", slot="", content_hash="")
    other = variant_seed(SECRET, student="a", assignment="bc", slot="", content_hash="")
    assert one != other


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(min_size=1, max_size=64))
def test_every_seed_gives_a_right_key_and_telling_wrong_answers(raw: bytes) -> None:
    variant = instantiate(SMALL, raw)
    values = variant.values
    assert values["a"] * values["x"] + values["b"] == values["c"]
    assert variant.key is not None
    for language in ("kk", "ru", "en"):
        assert variant.check(reference_response(variant.key, language), language).score == 1
    for name, wrong in variant.misconceptions.items():
        judged = variant.check(reference_response(wrong, "ru"), "ru")
        assert (judged.outcome, judged.misconception) == ("wrong", name)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(min_size=1, max_size=64))
def test_a_record_survives_json_and_restores_the_variant(raw: bytes) -> None:
    variant = instantiate(SMALL, raw)
    again = restore(SMALL, json.loads(json.dumps(variant.record())))
    assert again.text("ru") == variant.text("ru")
    assert again.key == variant.key


def test_a_record_of_another_template_is_refused() -> None:
    record = instantiate(SMALL, b"x").record()
    other = template_from_files(
        {**FILES, "template.toml": TEMPLATE.replace("a = { integers = [2, 9] }\n",
         "a = { integers = [2, 9] }\nd = { integers = [1, 2] }\n")}
    )  # fmt: skip
    with pytest.raises(TemplateError, match="does not belong"):
        restore(other, record)


def test_any_edit_changes_the_content_hash(course_folder: Path) -> None:
    folder = course_folder / "two-steps"
    before = load_template(folder).content_hash
    edit(folder / "prompt.kk.md", "Теңдеуді", "Мына теңдеуді")
    assert load_template(folder).content_hash != before


def test_line_ends_do_not_change_the_content_hash() -> None:
    windows = {name: text.replace("\n", "\r\n") for name, text in FILES.items()}
    assert template_from_files(windows).content_hash == SMALL.content_hash


def test_unsatisfiable_constraints_are_said(course_folder: Path) -> None:
    edit(course_folder / "two-steps/template.toml", '"b != 0"', '"b > 100"')
    template = load_template(course_folder / "two-steps")
    with pytest.raises(UnsatisfiableError, match=r"two-steps.*Loosen"):
        instantiate(template, b"any")


def test_numbers_are_written_as_each_language_writes_them() -> None:
    files = {
        **FILES,
        "template.toml": TEMPLATE.replace("x = { integers = [2, 30] }", "x = { choices = [2.5] }"),
    }
    variant = instantiate(template_from_files(files), b"x")
    assert "t = 2{,}5" in variant.text("kk").solution
    assert "t = 2.5" in variant.text("en").solution


@given(st.binary(max_size=40), st.integers(min_value=1, max_value=5000))
def test_a_draw_is_below_its_bound(raw: bytes, bound: int) -> None:
    stream = Stream(raw)
    assert all(0 <= stream.below(bound) < bound for _ in range(50))


def test_draws_are_even() -> None:
    stream = Stream(b"even")
    counts = [0] * 6
    for _ in range(6000):
        counts[stream.below(6)] += 1
    # 1000 expected each; five standard deviations are 144.
    assert all(abs(count - 1000) < 150 for count in counts)


MATRIX_TEMPLATE = """\
id = "row"
version = 1
kind = "matrix"
skills = ["arithmetic"]
difficulty = 0.4
points = 1
minutes = 3
title = { kk = "Кесте", ru = "Таблица", en = "Table" }
[provenance]
maker = "human"
[parameters]
a = { integers = [2, 9] }
[answer]
rows = [["a", "2*a"]]
[[misconceptions]]
id = "column"
rows = [["a"], ["2*a"]]
"""


def test_a_foreseen_wrong_shape_gets_its_feedback_and_any_other_a_format_message() -> None:
    prompt = "# Prompt\n{{ a }}\n# Hint 1\n?\n# Solution\n{{ a }}\n# Feedback column\nA row.\n"
    files = {f"prompt.{code}.md": prompt for code in ("kk", "ru", "en")}
    template = template_from_files({**files, "template.toml": MATRIX_TEMPLATE})
    variant = instantiate(template, b"any")
    a = variant.values["a"]
    foreseen = variant.check(f"{a}; {2 * a}", "en")
    assert (foreseen.outcome, foreseen.misconception, foreseen.message) == (
        "wrong", "column", "A row.",
    )  # fmt: skip
    assert variant.check(f"{a}; {3 * a}", "en").outcome == "format"
