from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from class_support import HOSTILE, make_cohort
from plotly.offline import get_plotlyjs
from ustaz_widgets.teacher import class_page
from ustaz_widgets.teacher.cells import Cells
from ustaz_widgets.teacher.page import POLICY
from ustaz_widgets.teacher.payload import PAGE_ROWS, as_script


class Reader(HTMLParser):
    """Elements with their attributes, the table's cells, and the scripts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.rows: list[list[str]] = []
        self.options: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "script":
            self.scripts.append("")
        if tag == "option":
            self.options.append("")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside in ("td", "th"):
            self.rows[-1][-1] += data
        elif self._inside == "option":
            self.options[-1] += data


def test_the_page_names_nothing_outside_itself():
    page = class_page(make_cohort(), language="en", title="8B")
    for tag, attributes in Reader(page).elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base"), tag
        assert not {"src", "href", "action", "srcset"} & set(attributes), attributes
        assert not [name for name in attributes if name.startswith("on")]
    ours = page.replace(get_plotlyjs(), "")
    assert "http://" not in ours
    assert "https://" not in ours
    assert len(ours) < 300_000


def test_the_page_carries_its_own_policy():
    page = class_page(make_cohort(), language="en")
    metas = [attributes for tag, attributes in Reader(page).elements if tag == "meta"]
    assert {"http-equiv": "Content-Security-Policy", "content": POLICY} in metas
    assert "unsafe-eval" not in POLICY


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_hostile_names_make_no_elements_and_end_no_script(language: str):
    cohort = make_cohort(20, 12, hostile=True)
    groups = dict(zip(cohort.learners, HOSTILE, strict=False))
    read = Reader(class_page(cohort, language=language, title=HOSTILE[0], groups=groups))
    tags = {tag for tag, _ in read.elements}
    assert tags <= {
        *("html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "form"),
        *("label", "input", "select", "option", "section", "div", "details", "summary", "ul", "li"),
        *("span", "button", "aside", "table", "thead", "tbody", "tr", "th", "td", "script"),
    }
    assert len(read.scripts) == 4
    carried = json.loads(read.scripts[0])
    assert carried["names"][0] == HOSTILE[0]
    assert HOSTILE[0] in [row[0] for row in read.rows]
    assert HOSTILE[1] in read.options


def test_no_text_can_leave_the_script_element():
    hostile = ["</script>", "<!--", "\u2028", "]]>"]
    text = as_script(hostile)
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == hostile


def test_the_table_says_what_the_cells_show():
    cohort = make_cohort(20)
    cells = Cells(cohort)
    head, *rows = Reader(class_page(cohort, language="en")).rows
    assert head == ["Student", *cells.titles[:4]]
    assert [row[0] for row in rows] == [cells.names[row] for row in cells.order("name")]
    for row, texts in zip(cells.order("name"), rows, strict=True):
        for column, text in enumerate(texts[1:]):
            if cohort.answers[row, column]:
                percent, low, high = (
                    array[row, column] for array in (cells.percent, cells.low, cells.high)
                )
                assert text.startswith(f"{percent}% (90% sure: {low}–{high}%) — ")
                assert text.endswith(f"Answers: {cohort.answers[row, column]}")
            else:
                assert text == "no answers yet"


def test_a_large_class_starts_with_who_needs_help_and_a_summary():
    cohort = make_cohort(400)
    cells = Cells(cohort)
    page = class_page(cohort, language="en")
    read = Reader(page)
    assert 'id="overview"' in page
    assert [row[0] for row in read.rows[1:]] == [
        cells.names[row] for row in cells.order("help")[:PAGE_ROWS]
    ]
    assert 'id="overview"' not in class_page(make_cohort(30), language="en")


def test_groups_have_a_menu_and_summaries_of_their_own():
    cohort = make_cohort(20)
    groups = {own: "8A" if number < 5 else "8B" for number, own in enumerate(cohort.learners)}
    del groups[cohort.learners[7]]
    read = Reader(class_page(cohort, language="en", groups=groups))
    assert read.options[:3] == ["Everyone", "8A", "8B"]
    carried = json.loads(read.scripts[0])
    assert carried["groupOf"][:8] == [1, 1, 1, 1, 1, 2, 2, 0]
    assert len(carried["overviews"]) == len(carried["columns"]) == 3


def test_skills_that_nobody_began_are_named_not_drawn():
    page = class_page(make_cohort(20), language="en")
    assert "Skills without answers yet: Skill 4: дағды" in page
    assert len(json.loads(Reader(page).scripts[0])["skills"]) == 4


def test_a_class_without_answers_has_a_page_without_scripts():
    page = class_page(make_cohort(1), language="kk", title="8Б")
    assert "Жауаптар әлі жоқ." in page
    assert "<script" not in page


def test_the_language_is_the_pages():
    for language, word in (("kk", "Оқушыны іздеу"), ("ru", "Найти ученика"), ("en", "Search a")):
        page = class_page(make_cohort(), language=language)
        assert f'<html lang="{language}">' in page
        assert word in page
    with pytest.raises(ValueError, match="language is ''"):
        class_page(make_cohort(), language="")


def test_every_control_has_a_name():
    page = class_page(make_cohort(400), language="en", groups={"s0001": "a", "s0002": "b"})
    for name in ("search", "order", "group", "help"):
        assert re.search(rf"<label[^>]*>[^<]*<(?:input|select)[^>]*id=\"{name}\"", page), name
    assert 'role="application" aria-label="Plot of the class' in page
