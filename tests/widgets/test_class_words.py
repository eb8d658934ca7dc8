"""Everything that the class's plot says exists in Kazakh and in Russian."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
import ustaz_widgets.teacher
from ustaz_courses.language.translate import catalogue

FOLDER = Path(ustaz_widgets.teacher.__file__).parent


def messages() -> set[str]:
    """Return the messages that the sources name: to say(), to PictureError, and in tables."""
    found: set[str] = set()
    for file in FOLDER.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        module = import_module(f"ustaz_widgets.teacher.{file.stem}")
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in ("say", "PictureError") or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant):
                found.add(first.value)
            elif isinstance(first, ast.Name) and isinstance(getattr(module, first.id, 0), str):
                found.add(getattr(module, first.id))
        for name in ("STATE_WORDS", "ORDER_WORDS", "_WORDS"):
            found |= set(
                getattr(module, name, {}).values()
                if name in vars(module) and not callable(getattr(module, name))
                else ()
            )
    from ustaz_widgets.teacher import story

    return found | {
        story.INTERVAL,
        story.ANSWERS,
        story.ANSWER,
        story.ANSWER_WITH_HINTS,
        story.LAST,
    }


def test_the_messages_are_found():
    assert {"Mastery, %", "surely needs help", "By name", "Search a student"} <= messages()
    assert len(messages()) > 40


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_message_is_translated(language: str):
    known = catalogue("ustaz_widgets", language)
    assert sorted(messages() - set(known)) == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_translations_name_the_same_values(language: str):
    known = catalogue("ustaz_widgets", language)
    for message in messages():
        assert places(known[message]) == places(message), message


def test_translations_differ_from_english_where_there_are_words():
    for language in ("kk", "ru"):
        known = catalogue("ustaz_widgets", language)
        same = {message for message in messages() if known[message] == message}
        assert same <= {"{date} · {item}: {score}%"}


def places(message: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(message) if name)
