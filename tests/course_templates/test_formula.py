"""Formulae as a textbook writes them: numbers put in, nothing calculated."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from ustaz_courses.errors import ExpressionError, TemplateError
from ustaz_courses.formula import compile_formula

HALF = Fraction(1, 2)


def latex(
    source: str,
    symbols: str = "x",
    language: str = "en",
    decimals: str = "",
    **values: object,
) -> str:
    formula = compile_formula(source, frozenset(values), symbols.split())
    return formula.latex(values, language, decimals=frozenset(decimals))


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ("a*x + b == c", {"a": 1, "b": -3, "c": 4}, "x - 3 = 4"),
        ("a*x + b == c", {"a": -1, "b": 0, "c": -4}, "-x = -4"),
        ("a*x + b == c", {"a": 0, "b": 5, "c": 5}, "5 = 5"),
        ("a*x + b == c", {"a": 0, "b": 0, "c": 0}, "0 = 0"),
        ("x - a == 0", {"a": -4}, "x + 4 = 0"),
        ("a - b*x", {"a": 3, "b": -2}, "3 + 2x"),
        ("a*x**2 + b*x + c", {"a": 2, "b": -1, "c": -7}, "2x^{2} - x - 7"),
        ("(a*x + b)*(c*x - d)", {"a": 1, "b": -2, "c": 3, "d": -4}, "(x - 2)(3x + 4)"),
        ("a*x*(x - b) == 0", {"a": 3, "b": -4}, "3x(x + 4) = 0"),
        ("a - (b*x + c)", {"a": 3, "b": 2, "c": -1}, "3 - (2x - 1)"),
        ("-(x - a)", {"a": 2}, "-(x - 2)"),
        ("(a*x)**2 - b**2", {"a": 3, "b": 11}, "(3x)^{2} - 11^{2}"),
        ("x**n", {"n": 1}, "x"),
        ("-x**2", {}, "-x^{2}"),
        ("(-x)**2", {}, "(-x)^{2}"),
        ("a*x/b", {"a": 1, "b": 2}, r"\frac{x}{2}"),
        ("x/b", {"b": 1}, "x"),
        ("f*x", {"f": Fraction(-2, 3)}, r"-\frac{2}{3}x"),
        ("x*a", {"a": 3}, r"x \cdot 3"),
    ],
)
def test_beside_letters_signs_merge_and_ones_and_zeros_vanish(
    source: str, values: dict[str, object], expected: str
) -> None:
    assert latex(source, **values) == expected


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ("a + b", {"a": 5, "b": 0}, "5 + 0"),
        ("a + b", {"a": -5, "b": -3}, "-5 + (-3)"),
        ("a - b", {"a": 7, "b": -3}, "7 - (-3)"),
        ("-a", {"a": -3}, "-(-3)"),
        ("-a + b", {"a": 0, "b": 2}, "0 + 2"),
        ("a*b", {"a": 1, "b": -1}, r"1 \cdot (-1)"),
        ("b**2 - 4*a*c", {"a": 2, "b": -3, "c": -5}, r"(-3)^{2} - 4 \cdot 2 \cdot (-5)"),
        ("(-b - q)/(2*a)", {"a": 2, "b": -3, "q": 7}, r"\frac{-(-3) - 7}{2 \cdot 2}"),
        ("a/b + c/d", {"a": 1, "b": 2, "c": 3, "d": 4}, r"\frac{1}{2} + \frac{3}{4}"),
        ("a - b/c", {"a": 1, "b": -2, "c": 3}, r"1 - \left(-\frac{2}{3}\right)"),
        ("f**2", {"f": HALF}, r"\left(\frac{1}{2}\right)^{2}"),
        ("a**n", {"a": 2, "n": -3}, "2^{-3}"),
        ("(a + b)*c", {"a": 1, "b": 2, "c": 3}, r"(1 + 2) \cdot 3"),
        ("c*(a + b)", {"a": 1, "b": 2, "c": 3}, "3(1 + 2)"),
        ("sqrt(a)*sqrt(b) + 2*sqrt(a)", {"a": 3, "b": 5}, r"\sqrt{3} \cdot \sqrt{5} + 2\sqrt{3}"),
        ("root(a, 3)", {"a": 8}, r"\sqrt[3]{8}"),
        ("abs(a - b)", {"a": 1, "b": 4}, r"\left|1 - 4\right|"),
        ("a <= b", {"a": 1, "b": 2}, r"1 \le 2"),
        ("a < b != c", {"a": 1, "b": 2, "c": 3}, r"1 < 2 \ne 3"),
        ("factorial(a)/factorial(b)", {"a": 5, "b": 3}, r"\frac{5!}{3!}"),
        ("a if a > b else b", {"a": 1, "b": 3}, "3"),
        ("round(a/3, 2)", {"a": 1}, "0.33"),
        ("a*1000", {"a": 25000}, r"25\,000 \cdot 1000"),
    ],
)
def test_a_calculation_shows_each_number_as_it_was_put_in(
    source: str, values: dict[str, object], expected: str
) -> None:
    assert latex(source, **values) == expected


def test_each_language_writes_its_own_decimals() -> None:
    assert latex("k*x", language="ru", decimals="k", k=HALF) == "0{,}5x"
    assert latex("k*x", language="en", decimals="k", k=HALF) == "0.5x"
    assert latex("k*x", language="kk", k=HALF) == r"\frac{1}{2}x"
    assert latex("x + 0.5", language="kk") == "x + 0{,}5"


def test_letters_may_be_greek_indexed_or_long() -> None:
    assert latex("x1 + x_2*alpha", "x1 x_2 alpha") == r"x_{1} + x_{2}\alpha "
    assert latex("2*pi*r", "r") == r"2\pi r"


def test_an_irrational_number_is_shown() -> None:
    assert latex("a + q", a=1, q=sympy.sqrt(2)) == r"1 + \sqrt{2}"
    assert latex("q*x", q=-sympy.sqrt(2)) == r"-\sqrt{2} \cdot x"


def test_statements_are_joined_in_the_language() -> None:
    assert r"\text{" in latex("x > a or x < b", a=1, b=2)


def test_names_are_those_with_numbers() -> None:
    assert compile_formula("a*x + b", frozenset("abc"), ["x"]).names == {"a", "b"}


@pytest.mark.parametrize("source", ["a*y", "a +", "lambda: a", "a = b", "a.b"])
def test_a_bad_formula_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        compile_formula(source, frozenset("ab"), ["x"])


def test_a_missing_number_is_an_author_s_mistake() -> None:
    formula = compile_formula("a*x", frozenset("a"), ["x"])
    with pytest.raises(TemplateError, match="'a'"):
        formula.latex({}, "en")


numbers = st.integers(-20, 20)


@settings(max_examples=200, deadline=None)
@given(numbers, numbers, numbers, numbers)
def test_what_is_written_says_what_is_meant(a: int, b: int, c: int, x: int) -> None:
    """Read the LaTeX back as arithmetic: signs, brackets and left-out factors keep the value."""
    source = "a*x**2 - b*(x - c)*x + (b - x)**2 - a*b"
    text = latex(source, a=a, b=b, c=c)
    plain = text.replace(r" \cdot ", "*").replace("^{2}", "**2").replace(" ", "")
    for left in "0123456789x)":
        for right in "x(":
            plain = plain.replace(left + right, f"{left}*{right}")
    from ustaz_courses.expression import parse

    wanted = parse(source, names=frozenset("abcx")).evaluate({"a": a, "b": b, "c": c, "x": x})
    assert parse(plain, names=frozenset("x")).evaluate({"x": x}) == wanted, text
