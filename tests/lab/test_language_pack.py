"""JupyterLab offers Kazakh and serves our words in Kazakh and Russian."""

import pytest
from jupyterlab_server.translation_utils import get_language_pack, get_language_packs


def test_kazakh_and_russian_are_offered():
    packs, message = get_language_packs()
    assert message.strip() == ""
    assert packs["kk_KZ"]["nativeName"].startswith("Қазақ")
    assert "ru_RU" in packs


@pytest.mark.parametrize(
    ("locale", "word"), [("kk_KZ", "Сынып графигі"), ("ru_RU", "График класса")]
)
def test_our_words_are_served(locale, word):
    found, message = get_language_pack(locale)
    assert message.strip() == ""
    assert found["ustaz_lab"]["Class plot"] == [word]


def test_kazakh_words_of_jupyterlab_are_ones_that_it_asks_for():
    ours = get_language_pack("kk_KZ")[0]["jupyterlab"]
    known = get_language_pack("ru_RU")[0]["jupyterlab"]
    assert len(ours) > 30
    assert sorted(set(ours) - set(known)) == []
    assert [key for key, texts in ours.items() if key and not all(texts)] == []
    # With an underscore it is served, and then ignored by the browser.
    assert ours[""]["language"] == "kk-KZ"
