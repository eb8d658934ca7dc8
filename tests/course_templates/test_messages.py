"""Messages: everything that a student or a teacher reads exists in Kazakh and Russian."""

import ast
import string
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from ustaz_courses.errors import EvaluationError, Phrase
from ustaz_courses.expression.typed import UNREADABLE
from ustaz_courses.language import translate

PACKAGE = Path(str(resources.files("ustaz_courses")))
#: Callables that take a message, and at which place.
TAKERS = {
    "translate": 0, "FormatError": 0, "wrong": 0, "partly": 1, "ShapeFault": 0, "Phrase": 0,
    "ExpressionError": 0, "EvaluationError": 0, "TemplateError": 0, "UnknownSkillError": 0,
    "UnsatisfiableError": 0, "NotApprovedError": 0, "CoursesError": 0, "Fault": 2,
    "_say": (0, 3), "toml": 2, "section": 3, "expression": 2,
}  # fmt: skip
#: Tables whose values are messages.
TABLES = {"_MESSAGES", "_ADVICE", "UNREADABLE", "WORDS"}


def messages() -> dict[str, str]:
    """Return every message of the package's sources, and where it stands."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "library" not in path.relative_to(PACKAGE).parts:
            for text in _messages_of(ast.parse(path.read_text(encoding="utf-8"))):
                found[text] = str(path.relative_to(PACKAGE))
    return found


def _messages_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            places = TAKERS.get(name, ())
            for place in places if isinstance(places, tuple) else (places,):
                yield from _text(node.args[place] if place < len(node.args) else None)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(t, ast.Name) and t.id in TABLES for t in targets):
                yield from _text(node.value)
                if isinstance(node.value, ast.Dict):
                    for value in node.value.values:
                        yield from _text(value)


def _text(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _text(node.body)
        yield from _text(node.orelse)


def catalogue(language: str) -> dict[str, str]:
    file = PACKAGE / "locale" / language / "LC_MESSAGES" / "ustaz_courses.po"
    with file.open("rb") as stream:
        return {
            str(entry.id): str(entry.string)
            for entry in read_po(stream, locale=language)
            if entry.id
        }


def fields(text: str) -> set[tuple[str, str, str]]:
    return {(n, s or "", c or "") for _, n, s, c in string.Formatter().parse(text) if n is not None}


ALL = messages()


def test_messages_are_found() -> None:
    assert len(ALL) > 120
    assert UNREADABLE in ALL
    assert "The answer is empty. Write one." in ALL


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_message_is_translated_with_the_same_placeholders(language: str) -> None:
    known = catalogue(language)
    missing = [f"{ALL[text]}: {text}" for text in ALL if not known.get(text)]
    assert not missing, "\n".join(missing)
    for text in ALL:
        wanted, met = {f[0] for f in fields(text)}, {f[0] for f in fields(known[text])}
        assert met == wanted, known[text]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_translation_is_left_over_or_left_in_english(language: str) -> None:
    known = catalogue(language)
    assert not set(known) - set(ALL)
    assert [text for text, said in known.items() if said == text] == []


def test_a_message_inside_a_message_is_translated_too() -> None:
    inner = EvaluationError("The value {value} is no number.", value="x")
    outer = EvaluationError("{reason} It stands in {expression!r}.", reason=inner, expression="x+1")
    said = translate(outer.message, "ru", **outer.values)
    assert "is no number" not in said
    assert "x" in said
    assert str(outer) == "The value x is no number. It stands in 'x+1'."
    assert str(Phrase("Write and.")) == "Write and."


def test_a_value_may_be_called_language() -> None:
    assert "ru" in translate("The title lacks {language}. Add it.", "kk", language="ru")
