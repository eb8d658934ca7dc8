"""The class's page in a browser, inside a frame of another origin as the workbench shows it."""

from __future__ import annotations

import html
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from class_support import HOSTILE, make_cohort
from ustaz_widgets.teacher import class_figure, class_page
from ustaz_widgets.teacher.cells import Cells
from ustaz_widgets.teacher.page import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Frame, Page
    from ustaz_grading.profiles import Cohort

BROWSER = shutil.which("chromium")
pytestmark = [
    pytest.mark.ui,
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="chromium is not installed"),
]
SANDBOX = "allow-scripts allow-downloads"
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event =>
  violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


class Shown:
    """A class's page in its frame, and everything it asked for or complained about."""

    def __init__(self, page: Page, frame: Frame, asked: list[str], said: list[str]) -> None:
        self.page, self.frame, self.asked, self.said = page, frame, asked, said

    def names(self) -> list[str]:
        """Return the names beside the rows, from the top down."""
        found: list[str] = self.frame.evaluate(
            "document.getElementById('plot').layout.yaxis.ticktext"
        )
        return found

    def text(self, selector: str) -> str:
        return self.frame.locator(selector).inner_text()


@pytest.fixture
def show(browser: Browser) -> Iterator[Any]:
    contexts = []

    def shown(cohort: Cohort, *, width: int = 1280, **options: Any) -> Shown:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.add_init_script(WATCH)
        text = class_page(cohort, **{"language": "en", **options})
        page.set_content(
            f'<iframe sandbox="{SANDBOX}" style="width:100%;height:880px;border:0"'
            f' srcdoc="{html.escape(text, quote=True)}"></iframe>'
        )
        frame = page.frames[1]
        frame.wait_for_selector("body[data-ready]", timeout=60_000)
        return Shown(page, frame, asked, said)

    yield shown
    for context in contexts:
        context.close()


def test_hostile_classes_break_no_policy_ask_for_nothing_and_run_nothing(show):
    cohort = make_cohort(100, 12, hostile=True)
    groups = {own: HOSTILE[number % 3] for number, own in enumerate(cohort.learners)}
    seen = show(cohort, groups=groups, title=HOSTILE[2])
    seen.frame.locator("#search").fill("script")
    seen.frame.locator("#plot .nsewdrag").first.hover(force=True)
    seen.frame.locator("#frame").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        seen.page.keyboard.press(key)
    seen.frame.locator("#group").select_option("1")
    seen.frame.locator("#help").check()
    assert seen.frame.evaluate("window.violations") == []
    assert seen.frame.evaluate("window.harmed") is None
    assert [url for url in seen.asked if not url.startswith(("about:", "data:", "blob:"))] == []
    assert seen.said == []
    assert "unsafe-eval" not in POLICY


def test_names_are_shown_as_they_are_written(show):
    cohort = make_cohort(20, 5, hostile=True)
    seen = show(cohort)
    ticks = seen.frame.locator("#plot .ytick text").all_text_contents()
    assert "&lt;b&gt; &amp; <b>bold</…" in ticks
    assert seen.frame.locator("#plot .ytick b, #plot .ytick a").count() == 0


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_browser_draws_what_the_figure_draws(show, language: str):
    cohort = make_cohort(30, 6, hostile=True)
    seen = show(cohort, language=language)
    drawn = seen.frame.evaluate(
        "document.getElementById('plot').data.map(t => ({name: t.name, x: t.x, y: t.y,"
        " base: t.base, text: t.text, hover: t.hovertext, color: t.marker?.color,"
        " ink: t.textfont?.color}))"
    )
    figure = class_figure(cohort, language=language)
    assert len(drawn) == len(figure.data) - 1
    for found, wanted in zip(drawn, figure.data, strict=False):
        assert found["name"] == wanted.name
        assert found["x"] == pytest.approx(list(wanted.x))
        assert found["y"] == pytest.approx(list(wanted.y))
        if wanted.name == "labels":
            assert found["text"] == list(wanted.text)
            assert found["ink"] == list(wanted.textfont.color)
        else:
            assert found["base"] == pytest.approx(list(wanted.base))
            colour = wanted.marker.color
            assert found["color"] == (colour if isinstance(colour, str) else list(colour))
        if wanted.hovertext is not None:
            assert found["hover"] == list(wanted.hovertext)
    assert seen.names() == list(figure.layout.yaxis.ticktext)


def test_the_table_for_listeners_is_the_same_before_and_after_the_script(show):
    cohort = make_cohort(20)
    seen = show(cohort)
    text = "[...document.querySelectorAll('tr')].map(r => [...r.children].map(c => c.textContent))"
    now = seen.frame.evaluate(text)
    bare = seen.page.context.new_page()
    bare.set_content(class_page(cohort, language="en").replace("<script", "<script type=x hidden "))
    assert bare.evaluate(text) == now
    assert len(now) == 21


def test_search_finds_students_however_their_letters_are_typed(show):
    seen = show(make_cohort(100))
    box = seen.frame.locator("#search")
    box.fill("айгуль")
    assert seen.names()
    assert all(name.startswith("Әбілова Айгүл") for name in seen.names())
    box.fill("нурлан КАСЫМ 13")
    assert len(seen.names()) == 1
    box.fill("s0007")
    assert len(seen.names()) == 1
    box.fill("nobody at all")
    assert "Nobody is found" in seen.text("#nobody")
    assert not seen.frame.locator("#frame").is_visible()
    box.fill("")
    assert seen.text("#range") == "1–30 of 100"


@pytest.mark.parametrize("order", ["name", "mastery", "help", "skill-2"])
def test_orders_are_pythons(show, order: str):
    cohort = make_cohort(70)
    cells = Cells(cohort)
    seen = show(cohort)
    value = f":{order}" if order.startswith("skill") else order
    seen.frame.locator("#order").select_option(value)
    expected = [cells.names[row] for row in cells.order(order)]
    found = seen.names()
    while seen.frame.locator("#later").is_enabled():
        seen.frame.locator("#later").click()
        found += seen.names()
    assert found == expected


def test_only_those_who_surely_need_help_are_left_when_asked(show):
    cohort = make_cohort(70)
    cells = Cells(cohort)
    seen = show(cohort)
    seen.frame.locator("#help").check()
    count = len(cells.helped_rows)
    assert seen.text("#range").endswith(f"of {count}")
    assert seen.names() == [cells.names[row] for row in cells.helped_rows[:30]]


def test_hover_shows_and_a_click_pins_the_answers(show):
    cohort = make_cohort(20)
    cells = Cells(cohort)
    seen = show(cohort)
    row = int(cells.order("name")[0])
    column = next(place for place in range(4) if cohort.answers[row, place])
    x, y = cell_at(seen, column, 0)
    seen.page.mouse.move(x, y)
    hover = seen.frame.locator("#plot .hoverlayer")
    hover.locator("text").first.wait_for()
    assert cells.names[row] in hover.text_content()
    seen.page.mouse.click(x, y)
    seen.frame.locator("#pinned ul").wait_for()
    pinned = seen.text("#pinned")
    assert cells.names[row] in pinned
    answers = cohort.recent[cohort.learners[row], cohort.skills[column]]
    assert seen.frame.locator("#pinned li").count() == len(answers)
    assert f"Answers: {cohort.answers[row, column]}" in pinned
    # It stays when the pointer leaves.
    seen.page.mouse.move(5, 5)
    assert seen.text("#pinned") == pinned


def cell_at(seen: Shown, column: int, row: int) -> tuple[float, float]:
    """Return where a cell's middle is on the page."""
    found: dict[str, float] = seen.frame.evaluate(
        "([x, y]) => { const l = document.getElementById('plot')._fullLayout;"
        " const b = document.getElementById('plot').getBoundingClientRect();"
        " return {x: b.x + l._size.l + l.xaxis.d2p(x), y: b.y + l._size.t + l.yaxis.d2p(y)}; }",
        [column, row],
    )
    box = seen.page.locator("iframe").bounding_box()
    assert box is not None
    return found["x"] + box["x"], found["y"] + box["y"]


def test_keyboard_alone_reaches_everything(show):
    cohort = make_cohort(70)
    cells = Cells(cohort)
    seen = show(cohort)
    reached = []
    seen.frame.locator("#search").focus()
    for _ in range(12):
        reached.append(seen.frame.evaluate("document.activeElement.id"))
        if reached[-1] == "frame":
            break
        seen.page.keyboard.press("Tab")
    assert reached[0] == "search"
    assert {"order", "help", "later", "frame"} <= set(reached)
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        seen.page.keyboard.press(key)
    row = int(cells.order("help")[1])
    assert cells.names[row] in seen.frame.locator("#said").text_content()
    assert cells.titles[1] in seen.text("#pinned")
    seen.page.keyboard.press("PageDown")
    assert seen.text("#range") == "31–60 of 70"
    seen.page.keyboard.press("End")
    seen.page.keyboard.press("End")
    assert cells.titles[3] in seen.frame.locator("#said").text_content()


def test_a_skill_of_the_summary_sorts_the_students(show):
    cohort = make_cohort(300)
    seen = show(cohort)
    bar = seen.frame.locator("#overview .barlayer .point path").first
    bar.click(force=True)
    assert seen.frame.locator("#order").input_value() == ":skill-0"
    cells = Cells(cohort)
    assert seen.names() == [cells.names[row] for row in cells.order("skill-0")[:30]]


def test_groups_narrow_rows_skills_and_summary(show):
    cohort = make_cohort(300)
    groups = {own: f"8{'ABC'[number % 3]}" for number, own in enumerate(cohort.learners)}
    seen = show(cohort, groups=groups)
    seen.frame.locator("#group").select_option(label="8B")
    assert seen.text("#range") == "1–30 of 100"
    summary = seen.frame.evaluate("document.getElementById('overview').layout.yaxis.ticktext[0]")
    known = int((cohort.answers[1::3, 0] > 0).sum())
    assert f"({known})" in summary


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_the_page_never_scrolls_sideways_as_a_whole(show, width: int):
    seen = show(make_cohort(100, 24, hostile=True), width=width)
    assert seen.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_picture_button_gives_a_picture(show):
    seen = show(make_cohort())
    with seen.page.expect_download() as download:
        seen.frame.locator("#plot .modebar-btn").first.click(force=True)
    assert download.value.suggested_filename.endswith(".png")
    assert seen.frame.evaluate("window.violations") == []


def test_a_university_is_usable_within_seconds(show):
    seen = show(replace(make_cohort(30_000, 5), recent={}))
    seen.frame.locator("#search").fill("айгуль")
    assert seen.text("#range") == "1–30 of 5000"
    took = seen.frame.evaluate(
        "() => { const t = performance.now(); const s = document.getElementById('search');"
        " s.value = 'нурлан'; s.dispatchEvent(new Event('input')); return performance.now() - t; }"
    )
    assert took < 5_000
