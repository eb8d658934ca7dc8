"""Markdown with formulae becomes HTML that is clean and reads as a textbook does."""

import pytest
from ustaz_courses.richtext import to_html, to_mathml

SIGN = '<mo form="prefix">'


@pytest.mark.parametrize("latex", [r"2{,}5", r"10 \cdot 2{,}5", r"2{,}5^2"])
def test_a_decimal_comma_stays_inside_its_number(latex: str) -> None:
    assert "<mn>2,5</mn>" in to_mathml(latex)
    assert latex in to_mathml(latex)  # the alternative text is the source


def test_a_list_keeps_its_commas() -> None:
    assert "<mn>2</mn><mo>&#x0002C;</mo>" in to_mathml("2, 5")


@pytest.mark.parametrize(
    "latex", ["x = -2", "(-3; 4)", r"2 \cdot (-4)", r"a \le -3", "(1; -2)", r"1;\; -2"]
)
def test_a_minus_before_a_number_is_its_sign(latex: str) -> None:
    assert SIGN in to_mathml(latex)


@pytest.mark.parametrize("latex", ["x - 2", "(x + 1) - 2", "|x| - 3", "x_1 - 3", "5! - 3"])
def test_a_minus_between_two_terms_is_subtraction(latex: str) -> None:
    assert SIGN not in to_mathml(latex)


def test_the_sanitiser_keeps_what_a_formula_needs() -> None:
    page = to_html(r"Solve $ x = -2{,}5 $", "en")
    assert 'form="prefix"' in page
    assert "2,5" in page


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
     r"$ \text{<script>alert(1)</script>} $"],
)  # fmt: skip
def test_nothing_hostile_becomes_an_element(hostile: str) -> None:
    page = to_html(hostile, "en")
    assert "<script" not in page
    assert "<img" not in page
    assert "<a" not in page
