"""A student practises in a real browser: keyboard, narrow screens, languages, lost connections."""

import re
import time

import pytest
from app_support import kernels_start_as
from browser_support import chromium, complaints
from playwright.sync_api import expect
from practice_support import (
    approve_templates,
    bundled_classroom,
    misconceived_response,
    right_response,
    secrets_of,
)
from ustaz_lab.app_files import page_words
from ustaz_lab.serve import Serving, practice_links

pytestmark = [pytest.mark.ui, pytest.mark.slow]

SKILLS = {
    "number": "rational-arithmetic",
    "expression": "like-terms",
    "set": "quadratic-equations",
    "matrix": "linear-functions",
    "choice": "algebraic-fractions",
    "code": "variables-and-arithmetic",
}
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    root = tmp_path_factory.mktemp("ui") / "room"
    with bundled_classroom(root, code=True) as room:
        approve_templates(room, ("loop-lines",))
    with Serving(root, port=0) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def visit(serving, browser):
    """Open the page as a student; its console must stay silent."""
    links = {s.id: link for s, link in practice_links(serving.classroom, serving.url)}
    opened = []

    def open_page(student="carol", *, viewport=None, prepare=None, motion=None, expected=()):
        context = browser.new_context(viewport=viewport or WIDE, reduced_motion=motion)
        page = context.new_page()
        opened.append((context, complaints(page), ("ERR_", "WebSocket", *expected)))
        if prepare:
            prepare(page)
        page.goto(links[student])
        page.wait_for_selector(".ustaz-practice")
        return page

    yield open_page
    for context, said, foreseen in opened:
        context.close()
        assert [line for line in said if not any(word in line for word in foreseen)] == []


def begin(page, skill="rational-arithmetic"):
    """Begin an exercise of a topic and return its id."""
    before = page.locator(".u-exercise").get_attribute("data-item")
    page.select_option("#ustaz-topic", skill)
    page.locator(".u-topic-row button").click()
    exercise = page.locator(".u-exercise")
    expect(exercise).to_have_attribute("data-item", re.compile(rf"^(?!{before}$)\d+$"))
    return exercise.get_attribute("data-item")


def tab_to(page, text=None, *, css=None, steps=60):
    """Press Tab until the focus is where it is wanted."""
    for _ in range(steps):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "([css]) => { const e = document.activeElement;"
            " return [e.textContent.trim(), css ? e.matches(css) : false] }",
            [css],
        )
        if (text and focused[0] == text) or focused[1]:
            return
    pytest.fail(f"Tab does not lead to {text or css}")


def feedback(page, tone):
    return expect(page.locator(f".u-feedback .u-tone-{tone}")).to_be_visible(timeout=30_000)


def test_a_whole_exercise_with_the_keyboard_alone(serving, visit):
    page = visit()
    tab_to(page, css="#ustaz-topic")
    # Typing chooses in a list: no mouse, no arrow acrobatics.
    page.keyboard.type("Arithmetic with rational numbers")
    tab_to(page, css=".u-topic-row button")
    page.keyboard.press("Enter")
    exercise = page.locator(".u-exercise")
    expect(exercise).to_be_visible()
    item = exercise.get_attribute("data-item")
    expect(page.locator(".u-exercise h2")).to_be_focused()
    tab_to(page, css=".u-input")
    page.keyboard.type("one half?")
    page.keyboard.press("Enter")
    feedback(page, "format")
    expect(page.locator(".u-input")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(misconceived_response(serving.classroom, item))
    page.keyboard.press("Enter")
    feedback(page, "wrong")
    tab_to(page, "Hint")
    page.keyboard.press("Enter")
    expect(page.locator(".u-hints li")).to_have_count(1)
    tab_to(page, "Check")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type(right_response(serving.classroom, item))
    page.keyboard.press("Enter")
    feedback(page, "right")
    expect(page.locator(".u-solution")).to_be_visible()
    expect(page.get_by_role("button", name="Next exercise")).to_be_focused()
    expect(page.locator(".u-mastery-change").first).to_have_text(re.compile(r"from \d+% to \d+%"))
    page.keyboard.press("Enter")
    expect(exercise).not_to_have_attribute("data-item", item)
    expect(page.locator(".u-exercise h2")).to_be_focused()


def test_lines_are_put_in_order_with_the_keyboard_alone(serving, visit):
    page = visit("boris")
    item = begin(page, "linear-equations")
    for _ in range(6):
        if page.locator(".u-order").count():
            break
        page.locator(".u-topic-row button").click()
        expect(page.locator(".u-exercise")).not_to_have_attribute("data-item", item)
        item = page.locator(".u-exercise").get_attribute("data-item")
    order = right_response(serving.classroom, item)
    for label in order:
        row = f'.u-order ul li[data-label="{label}"] button'
        page.locator(row).focus()
        page.keyboard.press("Enter")
    assert page.locator(".u-order ol li").evaluate_all("l => l.map(e => e.dataset.label)") == order
    # Down and up again: the focus stays with the line.
    first = page.locator(f'.u-order ol li[data-label="{order[0]}"]')
    first.locator('[data-move="down"]').focus()
    page.keyboard.press("Space")
    expect(first.locator('[data-move="down"]')).to_be_focused()
    first.locator('[data-move="up"]').focus()
    page.keyboard.press("Space")
    tab_to(page, css=".u-actions .u-primary")
    page.keyboard.press("Enter")
    feedback(page, "right")


def test_lines_of_a_program_keep_their_indentation(visit):
    page = visit("carol")
    lines = page.locator(".u-order .u-line-code code")
    begin(page, "for-loops-and-range")
    for _ in range(12):
        if lines.count():
            break
        begin(page, "for-loops-and-range")
    # Where a letter stands beside its line's edge, in widths of a letter.
    found = lines.evaluate_all(
        """codes => codes.map(code => {
            const text = code.firstChild, first = text.data.search(/\\S/);
            const range = document.createRange();
            range.setStart(text, first); range.setEnd(text, first + 1);
            const letter = range.getBoundingClientRect();
            const edge = code.closest('.u-line-code').getBoundingClientRect();
            return [first, (letter.left - edge.left) / letter.width];
        })"""
    )
    assert {spaces for spaces, _ in found} == {0, 4, 8}
    start = min(place for _, place in found)
    for spaces, place in found:
        assert place - start == pytest.approx(spaces, abs=0.3)


def test_what_is_no_number_is_answered_in_kazakh_on_a_kazakh_page(visit):
    page = visit("aliya")
    begin(page)
    page.locator(".u-input").fill("abc")
    page.keyboard.press("Enter")
    feedback(page, "format")
    said = page.locator(".u-feedback .u-tone-format").inner_text()
    assert re.search("[әіңғүұқөһ]", said), said
    assert not re.search("[A-Za-z]{3,}", said.replace("abc", "")), said


def test_a_program_is_written_run_and_mended_with_the_keyboard_alone(serving, visit):
    page = visit("aliya")
    item = begin(page, SKILLS["code"])
    area = page.locator("textarea.u-code")
    area.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    assert area.input_value().endswith("\n    x")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(area).not_to_be_focused()
    area.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1/0")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".u-results .u-failed").first).to_be_visible(timeout=60_000)
    area.fill(right_response(serving.classroom, item))
    area.focus()
    page.keyboard.press("Control+Enter")
    feedback(page, "right")
    expect(page.locator(".u-results .u-failed")).to_have_count(0)


@pytest.mark.parametrize(("kind", "skill"), SKILLS.items())
def test_nothing_is_wider_than_a_narrow_screen(visit, kind, skill):
    page = visit("aliya", viewport=NARROW)
    begin(page, skill)
    page.locator(".u-actions .u-secondary").first.click()
    expect(page.locator(".u-hints li")).to_have_count(1)
    for language in ("Қазақша", "Русский", "English"):
        page.get_by_role("button", name=language).click()
        expect(page.get_by_role("button", name=language)).to_have_attribute("aria-pressed", "true")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], (kind, language, width)
    page.get_by_role("button", name="Show the solution").click()
    if page.get_by_role("button", name="Yes, show it").is_visible():
        page.get_by_role("button", name="Yes, show it").click()
    expect(page.locator(".u-solution")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_language_changes_and_the_exercise_stays(visit):
    page = visit("carol")
    item = begin(page)
    page.locator(".u-input").fill("17")
    found = {}
    for language, code in (("Қазақша", "kk"), ("Русский", "ru"), ("English", "en")):
        page.get_by_role("button", name=language).click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        expect(page.locator(".u-input")).to_have_value("17")
        assert page.locator(".u-exercise").get_attribute("data-item") == item
        found[code] = page.locator(".u-prompt").inner_text()
        page.wait_for_function("document.activeElement.getAttribute('aria-pressed') === 'true'")
    assert len(set(found.values())) == 3
    assert len({tuple(re.findall(r"\d+", text)) for text in found.values()}) == 1


def test_loading_again_keeps_the_exercise_the_hints_and_the_draft(visit):
    page = visit("carol")
    item = begin(page)
    page.get_by_role("button", name="Hint", exact=True).click()
    expect(page.locator(".u-hints li")).to_have_count(1)
    page.locator(".u-input").fill("half an ans")
    page.reload()
    expect(page.locator(".u-exercise")).to_have_attribute("data-item", item)
    expect(page.locator(".u-input")).to_have_value("half an ans")
    expect(page.locator(".u-hints li")).to_have_count(1)
    assert "token" not in page.url


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=window.pwned=1>",
        "</script><script>window.pwned=1</script>",
        "$\\href{javascript:window.pwned=1}{x}$",
        "[x](javascript:window.pwned=1)",
        "{{ 7*7 }} {% x %}",
    ],
)
def test_a_hostile_answer_is_nothing_but_text(visit, hostile):
    page = visit("carol")
    begin(page)
    page.locator(".u-input").fill(hostile)
    page.locator(".u-input").press("Enter")
    feedback(page, "format")
    assert page.evaluate("window.pwned") is None
    assert page.locator(".u-feedback").locator("img, script, a, iframe").count() == 0
    assert "49" not in page.locator(".u-feedback").inner_text()


def test_a_lost_connection_is_told_and_mended_by_itself(visit):
    sockets = []

    def prepare(page):
        def join(socket):
            server = socket.connect_to_server()
            sockets.append((socket, server))

        page.route_web_socket(re.compile(".*/channels.*"), join)

    page = visit("carol", prepare=prepare)
    begin(page)
    page.locator(".u-input").fill("5x")
    sockets[-1][1].close()
    sockets[-1][0].close()
    expect(page.locator("#ustaz-notice")).to_contain_text("connection is lost")
    expect(page.locator("#ustaz-notice")).to_be_hidden(timeout=15_000)
    expect(page.locator(".u-input")).to_have_value("5x")
    assert len(sockets) >= 2
    page.locator(".u-input").press("Enter")
    expect(page.locator(".u-feedback .u-note")).to_be_visible()


def test_a_page_whose_kernel_has_gone_goes_on_by_one_press(visit):
    page = visit("carol", expected=("404",))
    item = begin(page)
    page.locator(".u-input").fill("12")
    page.evaluate(
        "fetch('/kernels/' + JSON.parse(document.getElementById('ustaz-kernel').textContent)"
        " + '/leave', {method: 'POST'})"
    )
    button = page.locator("#ustaz-notice button")
    expect(button).to_be_visible(timeout=20_000)
    button.click()
    expect(page.locator(".u-exercise")).to_have_attribute("data-item", item)
    expect(page.locator(".u-input")).to_have_value("12")


def test_a_double_click_asks_once(serving, visit):
    page = visit("boris")
    begin(page)
    before = len(serving.classroom.store.practice_items("boris", "class-7a"))
    page.locator(".u-topic-row button").dblclick()
    time.sleep(0.2)
    expect(page.locator(".ustaz-practice")).to_have_attribute("aria-busy", "false")
    assert len(serving.classroom.store.practice_items("boris", "class-7a")) == before + 1


def test_nothing_that_reaches_the_browser_gives_a_secret_away(serving, visit):
    texts = []

    def hear(frame):
        texts.append(frame)

    def listen(page):
        page.on("websocket", lambda socket: socket.on("framereceived", hear))
        page.on("response", lambda answer: texts.append(answer.text()) if answer.ok else None)

    page = visit("aliya", prepare=listen)
    items = []
    for kind, skill in SKILLS.items():
        items.append(begin(page, skill))
        if kind in ("number", "expression", "set"):
            page.locator(".u-input").fill("100500")
            page.locator(".u-input").press("Enter")
            expect(page.locator(".u-feedback .u-note")).to_be_visible()
        if kind == "code":
            page.locator("textarea.u-code").press("Control+Enter")
            expect(page.locator(".u-results li").first).to_be_visible(timeout=60_000)
    everything = "\n".join(map(str, texts))
    assert len(everything) > 20_000
    room = serving.classroom
    for item in items:
        for secret in secrets_of(room, item):
            assert secret not in everything
    links = practice_links(room, serving.url)
    assert not any(link.partition("token=")[2] in everything for _, link in links)


def test_controls_have_names_and_roles(visit):
    page = visit("carol")
    expect(page.get_by_role("heading", name="Practice", level=1)).to_be_visible()
    expect(page.get_by_role("group", name="Language")).to_be_visible()
    expect(page.get_by_role("combobox", name="Topic")).to_be_visible()
    begin(page)
    expect(page.get_by_role("textbox", name="Your answer")).to_be_visible()
    expect(page.get_by_role("button", name="Check")).to_be_visible()
    expect(page.get_by_role("region", name="Where you stand")).to_be_visible()
    begin(page, SKILLS["choice"])
    expect(page.get_by_role("group", name="Choose one answer")).to_be_visible()
    assert page.get_by_role("radio").count() >= 3
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, input, select, textarea')]"
        ".filter(e => !(e.textContent.trim() || e.labels?.length || e.ariaLabel)).length"
    )
    assert unnamed == 0


def test_nothing_moves_for_who_wants_no_motion(visit):
    page = visit("carol", motion="reduce")
    item = begin(page)
    page.locator(".u-input").fill("1")
    page.locator(".u-input").press("Enter")
    expect(page.locator(".u-mark").first).to_be_attached()
    assert item
    durations = page.locator(".u-mark, .u-band").evaluate_all(
        "list => list.map(e => getComputedStyle(e).transitionDuration)"
    )
    assert set(durations) == {"0s"}


def test_a_page_whose_kernel_does_not_start_says_so_and_starts_when_loaded_again(browser, tmp_path):
    bundled_classroom(tmp_path / "room").close()
    with Serving(tmp_path / "room", port=0, spare_kernels=0) as serving:
        page = browser.new_context().new_page()
        with kernels_start_as(serving, ["/bin/false"]):
            page.goto(practice_links(serving.classroom, serving.url)[0][1])
            notice = page.locator("#ustaz-notice")
            expect(notice).to_be_visible()
            words = page_words()["kk"]
            # What the connection says of the kernel that is gone does not cover it up.
            page.wait_for_load_state("networkidle")
            expect(notice.locator("p")).to_have_text(words["failed"])
            expect(page.locator("#ustaz-loading")).to_have_count(0)
        page.get_by_role("button", name=words["reload"]).click()
        expect(page.locator(".ustaz-practice")).to_be_visible(timeout=60_000)
        page.context.close()
