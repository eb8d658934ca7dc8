"""The workbench in a real JupyterLab: every screen, three languages, keys alone, dark ground."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from browser_support import chromium
from grading_support import add_students, approve_template, write_assignment
from ustaz_grading.classroom import Classroom
from ustaz_grading.nbgrader.release import release
from ustaz_lab.lab import Lab

BROWSER = shutil.which("chromium")
pytestmark = [
    pytest.mark.ui,
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="chromium is not installed"),
]
WAIT_MS = 40_000
WORDS = {
    "kk": {
        "menu": "Файл",
        "plot": "Сынып графигі",
        "sections": ["Тапсырмалар", "Үлгілер"],
        "stage": "берілді",
        "title": "Жұмыс",
        "students": "3 оқушы",
        "approved": "мақұлданған",
        "draft": "мақұлданбаған",
        "verified": "нұсқада тексерілді",
        "more": "Тағы үш нұсқа",
    },
    "ru": {
        "menu": "Файл",
        "plot": "График класса",
        "sections": ["Задания", "Шаблоны"],
        "stage": "выдано",
        "title": "Работа",
        "students": "3 ученика",
        "approved": "одобрен",
        "draft": "не одобрен",
        "verified": "Проверено на",
        "more": "Ещё три варианта",
    },
    "en": {
        "menu": "File",
        "plot": "Class plot",
        "sections": ["Assignments", "Templates"],
        "stage": "released",
        "title": "Work",
        "students": "3 students",
        "approved": "approved",
        "draft": "not approved",
        "verified": "Verified on",
        "more": "Another three variants",
    },
}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    root = tmp_path_factory.mktemp("workbench") / "algebra-7b"
    found = Classroom.create(root, course_id="Алгебра 7Б", courses=["algebra-7-9"])
    add_students(found, 3)
    write_assignment(found, "work", ["percent-discount"])
    approve_template(found, found.template("multiply-binomials"))
    release(found, "work")
    found.close()
    return root


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module", params=sorted(WORDS))
def lab(request, room, tmp_path_factory):
    forget_layout(room)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        with Lab(room, language=request.param, port=9200) as running:
            yield request.param, running.url


@pytest.fixture
def page(lab, browser):
    language, url = lab
    context = browser.new_context(viewport={"width": 1500, "height": 950}, locale=language)
    shown = context.new_page()
    shown.set_default_timeout(WAIT_MS)
    faults = []
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.goto(url)
    # JupyterLab remembers which panel a test before this one left open.
    tab = shown.wait_for_selector(".jp-SideBar .lm-TabBar-tab[data-id='ustaz-panel']")
    if "lm-mod-current" not in tab.get_attribute("class"):
        tab.click()
    shown.wait_for_selector("#ustaz-panel .ustaz-Assignment")
    yield shown
    context.close()
    assert faults == []


@pytest.fixture
def words(lab):
    return WORDS[lab[0]]


def forget_layout(room):
    """Have JupyterLab open as for the first time."""
    shutil.rmtree(room / ".ustaz" / "lab" / "workspaces", ignore_errors=True)


def open_preview(page, template):
    page.fill("#ustaz-panel .ustaz-Search", template)
    page.click("#ustaz-panel .ustaz-Template")
    page.wait_for_selector(".ustaz-Preview:not(.lm-mod-hidden) .ustaz-Variant")


def test_workbench_is_open_and_speaks_the_language(lab, browser, words):
    language, url = lab
    context = browser.new_context(viewport={"width": 1500, "height": 950}, locale=language)
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(url)
    page.wait_for_selector("#ustaz-panel .ustaz-Assignment")
    assert page.locator(".lm-MenuBar-itemLabel", has_text=words["menu"]).count() == 1
    panel = page.locator("#ustaz-panel")
    assert panel.locator("h3").all_inner_texts() == ["Алгебра 7Б", *words["sections"]]
    assert words["students"] in panel.locator(".ustaz-Class-facts").inner_text()
    assignment = panel.locator(".ustaz-Assignment")
    assert assignment.locator(".ustaz-Assignment-title").inner_text() == words["title"]
    assert assignment.locator(".ustaz-Badge").inner_text() == words["stage"]
    context.close()


def test_launcher_has_a_card_that_opens_the_panel(page):
    page.click(".jp-SideBar .lm-TabBar-tab[data-id='filebrowser']")
    page.wait_for_selector("#ustaz-panel", state="hidden")
    card = page.locator(".jp-LauncherCard[title*=',']", has_text="Ustaz")
    card.click()
    page.wait_for_selector("#ustaz-panel", state="visible")


def test_class_plot_opens_in_a_frame_that_can_reach_nothing(page, words):
    page.get_by_role("button", name=words["plot"], exact=True).click()
    frame = page.wait_for_selector(".ustaz-ClassView iframe")
    assert frame.get_attribute("sandbox") == "allow-scripts allow-downloads"
    inside = frame.content_frame()
    inside.wait_for_selector("h1")
    assert inside.inner_text("h1") == "Алгебра 7Б"
    assert inside.evaluate("self.origin") == "null"


def test_preview_shows_three_variants_in_three_languages_with_their_verification(page, words):
    open_preview(page, "percent-discount")
    # The verification comes later and moves what stands below it.
    page.wait_for_selector(".ustaz-Preview:visible .ustaz-Verification.ustaz-mod-good")
    preview = page.locator(".ustaz-Preview:visible")
    assert preview.locator(".ustaz-Variant").count() == 3
    for variant in preview.locator(".ustaz-Variant").all():
        columns = variant.locator(".ustaz-Column")
        assert columns.locator("h4").all_inner_texts() == ["Қазақша", "Русский", "English"]
        prompts = columns.locator(".ustaz-mod-prompt").all_inner_texts()
        numbers = [
            sorted(re.findall(r"\d+", re.sub(r"(?<=\d)\s(?=\d{3})", "", p))) for p in prompts
        ]
        assert numbers[0] == numbers[1] == numbers[2] != []
        boxes = [column.bounding_box() for column in columns.all()]
        assert len({round(box["y"]) for box in boxes}) == 1
        assert boxes[0]["x"] < boxes[1]["x"] < boxes[2]["x"]
    assert words["verified"] in preview.locator(".ustaz-Verification summary").inner_text()
    assert words["approved"] in preview.locator("header").inner_text()


def test_other_variants_can_be_asked_for(page, words):
    open_preview(page, "multiply-binomials")
    prompts = page.locator(".ustaz-Preview:visible .ustaz-mod-prompt")
    before = prompts.all_inner_texts()
    page.get_by_role("button", name=words["more"]).click()
    page.wait_for_function(
        "before => [...document.querySelectorAll('.ustaz-mod-prompt')]"
        ".filter(e => e.offsetParent).map(e => e.innerText).join() !== before",
        arg=",".join(before),
    )
    assert prompts.count() == len(before)


def test_template_that_nobody_approved_is_told_from_the_others(page, words):
    page.fill("#ustaz-panel .ustaz-Search", "factor-squares")
    badge = page.locator("#ustaz-panel .ustaz-Template .ustaz-Badge")
    assert badge.inner_text() == words["draft"]


def test_search_that_finds_nothing_says_what_to_try(page):
    page.fill("#ustaz-panel .ustaz-Search", "жоқ нәрсе")
    page.wait_for_selector("#ustaz-panel .ustaz-Template", state="detached")
    assert len(page.locator("#ustaz-panel [role=status]").inner_text()) > 20


def test_keys_alone_reach_a_preview(page):
    page.focus("#ustaz-panel .ustaz-Search")
    page.keyboard.type("percent-discount")
    page.wait_for_selector("#ustaz-panel .ustaz-Template")
    for _ in range(4):
        page.keyboard.press("Tab")
        if "ustaz-Template" in page.evaluate("document.activeElement.className"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_selector(".ustaz-Preview:visible .ustaz-Variant")


def test_every_control_of_the_panel_has_a_name(page):
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll(
             '#ustaz-panel button, #ustaz-panel input, #ustaz-panel select, #ustaz-panel summary')]
           .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label')))
           .map(e => e.outerHTML)"""
    )
    assert unnamed == []


@pytest.fixture
def dark_page(room, browser, tmp_path, monkeypatch):
    themes = room / ".ustaz" / "lab" / "settings" / "@jupyterlab" / "apputils-extension"
    themes.mkdir(parents=True, exist_ok=True)
    file = themes / "themes.jupyterlab-settings"
    file.write_text(json.dumps({"theme": "JupyterLab Dark"}), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    forget_layout(room)
    with Lab(room, language="en", port=9300) as lab:
        context = browser.new_context(viewport={"width": 1500, "height": 950})
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto(lab.url)
        page.wait_for_selector("body[data-jp-theme-light=false] #ustaz-panel .ustaz-Assignment")
        yield page
        context.close()
    file.unlink()


def test_texts_are_readable_on_a_dark_ground(dark_page):
    open_preview(dark_page, "percent-discount")
    dark_page.wait_for_selector(".ustaz-Preview:visible .ustaz-Verification.ustaz-mod-good")
    faint = dark_page.evaluate(CONTRAST)
    assert faint == []
    dark_page.get_by_role("button", name="Class plot", exact=True).click()
    inside = dark_page.wait_for_selector(".ustaz-ClassView iframe").content_frame()
    inside.wait_for_selector("h1")
    ground = inside.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", ground)[:3])) < 80


CONTRAST = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const found = parse(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const node of document.querySelectorAll('#ustaz-panel *, .ustaz-Preview *')) {
    const own = [...node.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.offsetParent) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(1)} ${node.className} ${node.textContent}`);
  }
  return faint;
}"""
"""Texts whose contrast with the ground is below the 4.5 of WCAG 2 AA."""
