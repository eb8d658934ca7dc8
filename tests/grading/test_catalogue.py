import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import ustaz_grading
from babel.messages.pofile import read_po
from ustaz_grading import errors

PACKAGE = Path(next(iter(ustaz_grading.__path__)))
TABLES = {"_HOW", "_HEADINGS"}
"""Names of module-level dictionaries whose values are messages."""
ERRORS = {name for name in vars(errors) if name.endswith("Error")}
PLACE = re.compile(r"\{(\w*)(?:![rsa])?(?::[^}]*)?\}")


def messages() -> dict[str, str]:
    """Return every message that is raised, said or kept in a table, with its file."""
    found: dict[str, str] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        name = str(file.relative_to(PACKAGE))
        for node in ast.walk(tree):
            for text in said(node):
                found.setdefault(text, name)
    return found


def said(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.AnnAssign | ast.Assign):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
        named = {target.id for target in targets if isinstance(target, ast.Name)}
        if named & TABLES and isinstance(node.value, ast.Dict):
            yield from filter(None, map(constant, node.value.values))
        return
    if not isinstance(node, ast.Call):
        return
    called = (
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    )
    place = {"say": 1, "translate": 0, "note": 1}.get(called, 0 if called in ERRORS else None)
    if place is not None and len(node.args) > place:
        text = constant(node.args[place])
        if text:
            yield text


def constant(node: ast.AST | None) -> str:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text else ""  # type: ignore[union-attr]  # just checked


def places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def catalogue(language: str) -> dict[str, str]:
    file = PACKAGE / "locale" / language / "LC_MESSAGES" / "ustaz_grading.po"
    with file.open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream, locale=language) if m.id}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_message_is_translated(language: str) -> None:
    known = catalogue(language)
    missing = [f"{file}: {text}" for text, file in messages().items() if not known.get(text)]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_translations_fill_the_same_places(language: str) -> None:
    wrong = [text for text, told in catalogue(language).items() if places(text) != places(told)]
    assert not wrong


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_translation_has_lost_its_message(language: str) -> None:
    stale = catalogue(language).keys() - messages().keys()
    assert not stale


def test_both_catalogues_hold_the_same_messages() -> None:
    assert catalogue("kk").keys() == catalogue("ru").keys()
