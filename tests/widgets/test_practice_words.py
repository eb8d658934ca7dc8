"""The student's page speaks three languages, completely."""

import re
from importlib import resources

import pytest
from babel.messages.pofile import read_po
from ustaz_courses.language.translate import catalogue
from ustaz_widgets.student import messages
from ustaz_widgets.student.words import FIELD_WORDS, HELP, OUTCOME_TITLES, PAGE, STRINGS

PLACE = re.compile(r"\{(\w+)[^}]*\}")
MESSAGES = re.compile(r'_say\(\s*"([^"]+)"')


def asked_for() -> set[str]:
    """Return every English text that the page can show."""
    source = resources.files("ustaz_widgets.student").joinpath("messages.py").read_text("utf-8")
    found = set(MESSAGES.findall(source)) | {"Hidden test {place}", "Test {place}"}
    for table in (STRINGS, FIELD_WORDS, HELP, OUTCOME_TITLES, PAGE):
        found |= set(table.values())
    return found - {""}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_text_is_translated(language):
    assert asked_for() - catalogue("ustaz_widgets", language).keys() == set()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_translation_has_its_places_and_is_asked_for(language):
    package = resources.files("ustaz_widgets") / "locale" / language / "LC_MESSAGES"
    with (package / "ustaz_widgets.po").open("rb") as stream:
        entries = [entry for entry in read_po(stream, locale=language) if entry.id]
    for entry in entries:
        assert not entry.fuzzy, entry.id
        if isinstance(entry.id, str):
            assert set(PLACE.findall(entry.id)) == set(PLACE.findall(entry.string)), entry.id


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_translation_is_english(language):
    words = catalogue("ustaz_widgets", language)
    same = [text for text in asked_for() if words.get(text) == text]
    assert same == []


def test_every_kind_of_exercise_has_its_words():
    assert messages.FIELD_TYPES.keys() == FIELD_WORDS.keys()
    assert messages.FIELD_TYPES.keys() <= HELP.keys()
