"""Everything that this package says exists in Kazakh and Russian, and nothing stale is kept."""

import ast
import string
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

PACKAGE = Path(str(resources.files("ustaz_lab")))
FIRST = {"say", "note", "word", "translate", "_say"}
"""Calls whose first argument is a message."""
SECOND = {"add", "group", "Station"}
"""Calls whose second argument is one."""
NAMED = {"summary", "title", "error", "next_step"}
"""Arguments that are messages wherever they stand; help is one on the command line alone."""
ERRORS = {
    "LabError",
    "TokenError",
    "ServeError",
    "NoClassroomError",
    "UnknownCourseError",
    "OutputError",
    "DemoError",
}
CONSTANTS = {
    "DOING",
    "WORDS",
    "DESCRIPTION",
    "EPILOG",
    "KIND_NAMES",
    "CHECK_NAMES",
    "_UNEXPECTED",
    "_LOG",
    "_MEND",
    "_BY_STATUS",
    "_STATUS",
    "_TELL",
    "_LINK",
    "_BUSY",
    "_RANKED",
}
OURS = ("ustaz_lab",)


def texts(node: ast.AST | None) -> set[str]:
    """Return the texts of an expression: a literal, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    if isinstance(node, ast.Dict):
        return set().union(*map(texts, node.values))
    if isinstance(node, ast.Tuple):
        return set().union(*map(texts, node.elts))
    return set()


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def asked_in(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = called(node)
            # A module of another package's words names its catalogue.
            domain = next((k.value for k in node.keywords if k.arg == "domain"), None)
            if isinstance(domain, ast.Constant) and domain.value not in OURS:
                continue
            if (name in FIRST or name in ERRORS) and node.args:
                found |= texts(node.args[0])
            if name in SECOND and len(node.args) > 1:
                found |= texts(node.args[1])
            if name == "Refusal":
                found |= texts(node.args[1]) | texts(node.args[2])
            if name == "error" and node.args:
                found |= texts(node.args[0])
            named = NAMED | ({"help"} if name == "add_argument" else set())
            found |= set().union(*(texts(k.value) for k in node.keywords if k.arg in named), set())
        elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in CONSTANTS:
            found |= texts(node.value)
    return {text for text in found if any(letter.isalpha() for letter in text)}


def asked() -> set[str]:
    found: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        found |= asked_in(ast.parse(file.read_text(encoding="utf-8")))
    # Names and addresses, no words.
    return {text for text in found if text not in {"{notebook}", "{folder}"}}


def catalogue(language: str) -> dict[str, str]:
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "ustaz_lab.po"
    with path.open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream, locale=language) if m.id}


def places(text: str) -> set[str]:
    if "%(" in text or "%s" in text:
        return {word for word in text.replace("(", " ").replace(")", " ").split() if "%" in word}
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_messages_are_found_at_all():
    assert len(asked()) > 150


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_catalogue_has_every_message(language):
    known = catalogue(language)
    assert sorted(text for text in asked() if not known.get(text)) == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_translation_keeps_the_places_of_values(language):
    known = catalogue(language)
    wrong = {text: said for text, said in known.items() if places(text) != places(said)}
    assert wrong == {}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_catalogue_keeps_nothing_stale(language):
    written = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
    assert sorted(set(catalogue(language)) - written) == []
