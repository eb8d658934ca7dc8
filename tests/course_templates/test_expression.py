"""The expression language: exact, bounded, and deaf to everything that is not on its list."""

from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from ustaz_courses.errors import CoursesError, EvaluationError, ExpressionError
from ustaz_courses.expression import FUNCTIONS, parse
from ustaz_courses.expression.typed import read_typed

NAMES = frozenset("abcxn")
VALUES = {"a": 7, "b": -3, "c": Fraction(1, 2), "x": 4, "n": 5}


def value_of(source: str) -> object:
    return parse(source, names=NAMES).evaluate(VALUES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a + b*x", -5), ("(a + b)/x", 1), ("a/x", Fraction(7, 4)), ("a//x", 1), ("a % x", 3),
        ("-a % x", 1), ("b**3", -27), ("x**-2", Fraction(1, 16)), ("c + c", 1), ("0.1 + 0.2",
         Fraction(3, 10)), ("1e-3*1000", 1), ("a if b > 0 else x", 4), ("1 < x <= 4", True),
        ("1 < x < 4", False), ("not a == 7 or b < 0 and x != 4", False), ("+a - -b", 4),
        ("sqrt(x)", 2), ("sqrt(c*c)", Fraction(1, 2)), ("sqrt(8)", sympy.sqrt(8)),
        ("sqrt(8)*sqrt(2)", 4), ("(1 + sqrt(2))*(1 - sqrt(2))", -1), ("sqrt(3 + 2*sqrt(2))",
         1 + sympy.sqrt(2)), ("root(-27, 3)", -3), ("cbrt(c*c*c)", Fraction(1, 2)), ("4**0.5", 2),
        ("2**(1/2)", sympy.sqrt(2)), ("abs(b)", 3), ("min(a, b, c)", -3), ("max(a, sqrt(50))",
         5 * sympy.sqrt(2)), ("gcd(12, 18, 8)", 2), ("lcm(4, 6)", 12), ("floor(b/2)", -2),
        ("ceil(b/2)", -1), ("floor(sqrt(2)*10)", 14), ("round(2.5)", 3), ("round(-2.5)", -3),
        ("round(1/8, 2)", Fraction(13, 100)), ("round(sqrt(2), 3)", Fraction(1414, 1000)),
        ("factorial(5)", 120), ("binomial(5, 2)", 10), ("sign(b)", -1), ("numerator(6/4)", 3),
        ("denominator(6/4)", 2), ("is_integer(a/2)", False), ("is_integer(sqrt(4))", True),
        ("is_square(49/4)", True), ("is_square(b)", False), ("is_prime(a)", True),
        ("divides(3, 12)", True), ("digit(123, 0)", 3), ("digit_sum(-123)", 6),
        ("digit_count(1000)", 4), ("divisor_count(12)", 6), ("sum(1, 2, c)", Fraction(7, 2)),
        ("mean(1, 2)", Fraction(3, 2)), ("median(9, 1, 4, 2)", 3), ("median(3, sqrt(2), 1)",
         sympy.sqrt(2)), ("mode(1, 2, 2)", 2), ("log(8, 2)", 3), ("log(1/9, 3)", -2),
        ("sin(pi/6)", Fraction(1, 2)), ("cos(pi)", -1), ("exp(0)", 1), ("sqrt(2) < 3/2", True),
        ("sqrt(2)*sqrt(3) == sqrt(6)", True), ("sqrt(2) != 1.41421356", True),
    ],
)  # fmt: skip
def test_value_is_exact(source: str, expected: object) -> None:
    met = value_of(source)
    assert met == expected
    assert type(met) is type(expected) or isinstance(expected, sympy.Expr)


@pytest.mark.parametrize(
    "source",
    [
        "9**9**9**9", "2**100000", "(2**1000)**1000", "factorial(100000)", "binomial(10**9, 3)",
        "1/(a - 7)", "a//0", "a % (x - 4)", "0**0", "0**-1", "sqrt(b)", "b**0.5", "root(a, 0.5)",
        "log(0)", "log(5, 1)", "is_prime(c)", "gcd(c, 2)", "mode(1, 2)", "round(a, 99)",
        "root(2, 10**9)", "digit_sum(1/3)", "tan(pi/2)", "exp(10**9)",
        "lcm(" + "9**600 + 1, " * 9 + "1)",
        "is_prime(2**200 + 1)", "divisor_count(10**30)",
    ],
)  # fmt: skip
def test_no_value_is_said_not_computed(source: str) -> None:
    with pytest.raises(EvaluationError):
        value_of(source)


HOSTILE = {
    "import": "__import__('os').system('true')",
    "import without quotes": "__import__(a)",
    "attribute": "a.__class__",
    "attribute of a number": "(1).__class__",
    "lambda": "lambda: 1",
    "lambda in a call": "max(lambda: 1, 2)",
    "unknown function": "eval(a)",
    "called twice": "sqrt(a)(b)",
    "called number": "1(2)",
    "function without brackets": "sqrt + 1",
    "keyword argument": "round(a, places=2)",
    "starred": "max(*a)",
    "walrus": "(y := 5)",
    "assignment": "a = 5",
    "text": "'a' * 9",
    "f-string": 'f"{a}"',
    "list": "[a, b]",
    "set": "{a, b}",
    "comprehension": "sum(a for a in b)",
    "subscript": "a[0]",
    "tuple": "a, b",
    "ellipsis": "...",
    "imaginary": "3j",
    "hexadecimal": "0xff",
    "underscored": "1_000",
    "await": "await a",
    "yield": "(yield a)",
    "none": "None",
    "is": "a is b",
    "in": "a in b",
    "bitwise": "a & b",
    "matrix product": "a @ b",
    "caret": "a^2",
    "statement": "a; b",
    "comment": "a # b",
    "backslash": "a \\\n + b",
    "null byte": "a\0 + b",
    "Cyrillic letter": "а + 1",
    "fullwidth letter": "ａ + 1",
    "superscript": "a²",
    "10,000 brackets": "(" * 10_000 + "a" + ")" * 10_000,
    "60 brackets": "(" * 60 + "a" + ")" * 60,
    "3,000 minus signs": "-" * 3_000 + "a",
    "700 minus signs": "-" * 700 + "a",
    "300 not": "not " * 300 + "a",
    "power tower": "**".join(["a"] * 300),
    "conditional tower": "a if b else " * 190 + "a",
    "1 MB": "a + " * 250_000 + "a",
    "long number": "9" * 3_000,
    "large exponent": "1e999999",
    "unclosed": "(a + b",
    "closed too often": "a + b)",
    "two names": "a b",
    "number before name": "2a",
    "empty": "",
    "blank": " \n ",
    "unknown name": "a + y",
    "no argument": "sqrt()",
    "too many arguments": "sqrt(a, b)",
    "truth in arithmetic": "(a > b) + 1",
    "true in arithmetic": "True + 1",
    "surrogate": "a + \ud800",
}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_foreign_text_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source, names=NAMES)
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize(
    ("source", "column", "said"),
    [
        ("a + y", 5, "'y'"),
        ("a + b.c", 6, "Names have no parts"),
        ("a*(b + lambda)", 8, "'lambda'"),
        ("a^2", 2, r"\*\*"),
        ("2 + 3a", 5, "multiplication as"),
        ("a + б", 5, "only look like one"),
    ],
)
def test_a_refusal_names_the_column_and_what_to_do(source: str, column: int, said: str) -> None:
    with pytest.raises(ExpressionError, match=said) as caught:
        parse(source, names=NAMES)
    assert caught.value.column == column
    assert str(column) in str(caught.value)


def test_names_are_those_used_and_constants_give_way_to_names() -> None:
    assert parse("a*x + pi", names=NAMES).names == {"a", "x"}
    own = parse("e + 1", names=frozenset("e"))
    assert own.names == {"e"}
    assert own.evaluate({"e": 2}) == 3


def test_a_missing_value_is_said_by_name() -> None:
    with pytest.raises(EvaluationError, match="'b'"):
        parse("a + b", names=NAMES).evaluate({"a": 1})


def test_a_text_is_no_number() -> None:
    with pytest.raises(EvaluationError):
        parse("a*1000", names=NAMES).evaluate({"a": "text"})
    assert parse("a == b", names=NAMES).evaluate({"a": "text", "b": "text"}) is True


def test_letters_stay_letters() -> None:
    x = sympy.Symbol("x")
    expression = parse("a*x**2 + sqrt(c)*x - abs(b)", names=NAMES)
    built = expression.to_sympy({"a": 2, "b": -3, "c": 4})
    assert sympy.expand(built - (2 * x**2 + 2 * x - 3)) == 0


@pytest.mark.parametrize("source", ["x**1000000", "x**sqrt(2)", "gcd(x, 2)", "x < 1", "a/(x - x)"])
def test_what_no_letter_can_do_is_refused(source: str) -> None:
    expression = parse(source, names=NAMES)
    with pytest.raises(EvaluationError):
        expression.to_sympy({"a": 1})


def test_every_function_works_on_some_numbers_and_is_known() -> None:
    for name, function in FUNCTIONS.items():
        args = ", ".join(["8", "2", "1"][: function.least])
        assert value_of(f"{name}({args})") is not None, name


def test_the_reference_names_every_function() -> None:
    readme = Path(__file__).parents[2] / "course_templates" / "README.md"
    text = readme.read_text(encoding="utf-8")
    assert [name for name in FUNCTIONS if f"`{name}`" not in text and f"`{name}(" not in text] == []


ALPHABET = "0123456789abx+-*/%()<>=!.,_'\"[]{}:;^ \n\0лx²√"
numbers = st.integers(min_value=-50, max_value=50)


def sources(depth: int = 3) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["a", "b", "c", "x", "2", "0.5", "7"])
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(
                lambda t: f"({t[0]} {t[1]} {t[2]})"
            ),
            inner.map(lambda s: f"(-{s})"),
        ),
        max_leaves=2**depth,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(sources(), numbers, numbers, st.fractions(min_value=-9, max_value=9), numbers)
def test_closures_and_sympy_agree(source: str, a: int, b: int, c: Fraction, x: int) -> None:
    expression = parse(source, names=NAMES)
    values = {"a": a, "b": b, "c": c, "x": x}
    try:
        met = expression.evaluate(values)
    except EvaluationError:
        return
    wanted = sympy.Rational(met.numerator, met.denominator)
    assert expression.to_sympy(values) == wanted
    symbols = {
        sympy.Symbol(n): sympy.Rational(v.numerator, v.denominator) for n, v in values.items()
    }
    built = expression.to_sympy({}).subs(symbols)
    assert built.has(sympy.nan, sympy.zoo) or built == wanted


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | st.text(ALPHABET, max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (lambda: parse(text, names=NAMES), lambda: read_typed(text, names=NAMES)):
        try:
            read().evaluate(VALUES)
        except CoursesError:
            continue


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("2x", "2*x"), ("2(x+1)", "2*(x+1)"), ("x(x+1)", "x*(x+1)"), ("(x+1)(x-2)", "(x+1)*(x-2)"),
        ("x²", "x**(2)"), ("x⁻¹⁰", "x**(-10)"), ("x^2", "x**2"), ("x**2", "x**2"),
        ("3·4", "3*4"), ("3×4", "3*4"), ("12:4", "12/4"), ("12÷4", "12/4"), ("−5", "-5"),
        ("х", "x"), ("2ах", "2*a*x"), ("ab", "a*b"), ("0,5", "0.5"), (",5", "0.5"),
        ("12 500", "12500"), ("1 234 567,5", "1234567.5"), ("12\u00a0500", "12500"),
        ("3 1/2", "(3+1/2)"), ("-3 1/2", "-(3+1/2)"), ("3½", "(3+1/2)"), ("½", "1/2"),
        ("0,(3)", "(1/3)"), ("0,1(6)", "(1/6)"), ("2√3", "2*sqrt(3)"), ("√x", "sqrt(x)"),
        ("√(x+1)", "sqrt(x+1)"), ("∛8", "cbrt(8)"), ("2sqrt(3)", "2*sqrt(3)"),
        ("sqrt 3", "sqrt(3)"),
        ("2π", "2*pi"), ("x:2", "x/2"), ("007", "7"), ("tg(x)", "tan(x)"),
        ("root(8; 3)", "root(8,3)"),
        ("(x+1)2", "(x+1)*2"), ("1,5e3", "1.5e3"),
    ],
)  # fmt: skip
def test_school_notation_is_read(typed: str, source: str) -> None:
    assert read_typed(typed, names=NAMES).source == source


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3 4", "sign is missing"), ("x2", "not clear"), ("x 2", "sign is missing"),
        ("y+1", "does not occur"), ("(x+1", "brackets do not match"), ("x)(", "brackets do not"),
        ("sin x", "in brackets"), ("x=5", "no meaning"), ("x" * 601, "at most 600"),
        ("__import__('os')", "no meaning"), ("x.real", "no meaning"), ("lambda", "does not occur"),
        ("5 7/3", "sign is missing"), ("+", "cannot be read"), ("x^", "cannot be read"),
        ("(" * 200 + "x" + ")" * 200, "cannot be read"), ("|x|", "no meaning"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(typed: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        read_typed(typed, names=NAMES)
