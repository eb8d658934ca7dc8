"""The class's page: one HTML text that needs nothing and reaches nothing.

Plotly, our script and the class's numbers all stand inside it, so that it works from a file, from
the workbench's frame (an origin of its own, no network, no storage) and years later. Foreign text
reaches it in two ways only: escaped into HTML here, or through JSON into ``textContent`` and, made
harmless, into plotly.
"""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Final

from plotly.offline import get_plotlyjs
from ustaz_courses.language import LANGUAGES

from ustaz_widgets.teacher.cells import Cells, State
from ustaz_widgets.teacher.class_plot import ORDER_WORDS, started
from ustaz_widgets.teacher.labels import plain, say
from ustaz_widgets.teacher.palette import SCALE, Theme, theme
from ustaz_widgets.teacher.payload import (
    as_script,
    group_names,
    has_overview,
    payload,
)
from ustaz_widgets.teacher.story import STATE_WORDS
from ustaz_widgets.teacher.table import class_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ustaz_grading.profiles import Cohort

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)
"""Also inside the page, for a copy that is opened from a file."""


def class_page(
    cohort: Cohort,
    *,
    language: str,
    dark: bool = False,
    title: str = "",
    groups: Mapping[str, str] | None = None,
) -> str:
    """Return the class's page as one HTML text.

    Parameters
    ----------
    cohort
        The class; see ``class_cohort``.
    language
        kk, ru or en.
    dark
        For a dark ground.
    title
        Of the page; empty: "The class".
    groups
        Group by learner (modules, parallel classes), for a menu; ``None``: there are none.

    Raises
    ------
    ValueError
        When the language is none of these.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; expected one of {', '.join(LANGUAGES)}")
    cells, colours = Cells(cohort), theme(dark=dark)
    heading = _text(plain(title) or say("The class", language))
    names = group_names(groups or {}, cohort.learners)
    body = _body(cells, names, colours, language) if len(started(cohort)) else (
        f"<p>{_text(say('There are no answers yet.', language))}</p>"
    )  # fmt: skip
    scripts = (
        f'<script type="application/json" id="class-data">'
        f"{as_script(payload(cells, groups or {}, colours, language))}</script>\n"
        f"<script>{get_plotlyjs()}</script>\n"
        f"<script>{_asset('grid.js')}</script>\n<script>{_asset('page.js')}</script>\n"
        if len(started(cohort))
        else ""
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{heading}</title>\n<style>{_variables(colours, dark=dark)}\n{_asset('page.css')}"
        f"</style>\n</head>\n<body>\n<header><h1>{heading}</h1>"
        f"<p>{_text(_summary(cells, language))}</p></header>\n{body}\n{scripts}</body>\n</html>\n"
    )


def _body(cells: Cells, groups: list[str], colours: Theme, language: str) -> str:
    del colours
    many = has_overview(cells, groups)
    t = {name: _text(say(message, language)) for name, message in _WORDS.items()}
    overview = (
        f'<section class="panel" aria-labelledby="o-h"><h2 id="o-h">{t["skills"]}</h2>'
        f'<p class="soft">{t["skills_how"]}</p>'
        f'<div id="overview-frame"><div id="overview" aria-hidden="true"></div></div>'
        f"<details><summary>{t['as_text']}</summary>"
        '<ul id="overview-list"></ul></details></section>'
        if many
        else ""
    )
    return f"""<form id="controls" role="search">
{_group_menu(groups, t) if groups else ""}
<label>{t["search"]}<input type="search" id="search" autocomplete="off" spellcheck="false"></label>
<label>{t["order"]}<select id="order">{
        _orders(cells, many=many, language=language)
    }</select></label>
<label class="tick"><input type="checkbox" id="help">{
        _text(
            say("Only those who surely need help: {count}", language, count=len(cells.helped_rows))
        )
    }</label>
</form>
{overview}
<section id="students" class="panel" aria-labelledby="s-h"><h2 id="s-h">{t["students"]}</h2>
{_key(t, language)}
<div class="pager"><button type="button" id="earlier">{t["earlier"]}</button>
<span id="range" role="status"></span><button type="button" id="later">{t["later"]}</button></div>
<p id="keys" class="soft">{t["keys"]}</p>
<div class="split">
<div><p id="nobody" hidden>{t["nobody"]}</p>
<div id="frame" tabindex="0" role="application" aria-label="{t["plot"]}" aria-describedby="keys"
><div id="plot" aria-hidden="true"></div></div></div>
<aside class="panel" aria-labelledby="a-h"><h2 id="a-h" style="margin-top:0">{t["answers"]}</h2>
<div id="pinned" aria-live="polite"><p class="soft">{t["pin"]}</p></div></aside>
</div>
<p id="said" class="unseen" role="status"></p>
<details><summary>{t["as_table"]}</summary><div class="wide">{
        class_table(cells, order=_first_order(many=many), language=language)
    }</div></details>
</section>
{_unstarted(cells, language)}"""


_WORDS: Final = {
    "skills": "Skills",
    "skills_how": "Left: how many students stand where. Right: the spread of their mastery. A click"
    " on a skill sorts the students by it.",
    "as_text": "The same as text",
    "as_table": "The same as a table",
    "search": "Search a student",
    "order": "Sort",
    "group": "Group",
    "everyone": "Everyone",
    "students": "Students",
    "earlier": "Previous",
    "later": "Next",
    "keys": "A click on a cell opens its answers. By keyboard: Tab to the plot, arrows, Enter.",
    "nobody": "Nobody is found. Empty the search, or choose another group.",
    "plot": "Plot of the class: students and skills",
    "answers": "Answers",
    "pin": "Choose a cell to see the answers behind it.",
    "number": "number and colour: mastery, %",
    "line": "line: where the mastery lies, 90% sure; short means sure",
}
"""English msgids."""


def _text(text: str) -> str:
    return escape(text, quote=True)


def _asset(name: str) -> str:
    return (resources.files(__package__) / "assets" / name).read_text(encoding="utf-8")


def _variables(colours: Theme, *, dark: bool) -> str:
    steps = ",".join(colour for _, colour in SCALE)
    return (
        f":root{{--scheme:{'dark' if dark else 'light'};--ground:{colours.ground};"
        f"--panel:{colours.panel};--text:{colours.text};--soft:{colours.soft};--line:{colours.line};"
        f"--empty:{colours.empty};--hatch:{colours.hatch};--accent:{colours.accent};--steps:{steps}}}"
    )


def _summary(cells: Cells, language: str) -> str:
    return say(
        "Students: {students}. Answers: {answers}. Surely need help: {helped}.",
        language,
        students=len(cells.cohort.learners),
        answers=int(cells.cohort.answers.sum()),
        helped=len(cells.helped_rows),
    )


def _group_menu(groups: list[str], t: Mapping[str, str]) -> str:
    options = "".join(
        f'<option value="{place + 1}">{_text(plain(name))}</option>'
        for place, name in enumerate(groups)
    )
    return (
        f'<label>{t["group"]}<select id="group"><option value="0">{t["everyone"]}</option>'
        f"{options}</select></label>"
    )


def _first_order(*, many: bool) -> str:
    return "help" if many else "name"


def _orders(cells: Cells, *, many: bool, language: str) -> str:
    chosen = _first_order(many=many)
    options = [
        f'<option value="{key}"{" selected" if key == chosen else ""}>'
        f"{_text(say(message, language))}</option>"
        for key, message in ORDER_WORDS.items()
    ]
    for column in started(cells.cohort):
        skill, title = cells.cohort.skills[int(column)], cells.titles[int(column)]
        options.append(f'<option value=":{_text(skill)}">{_text(title)}</option>')
    return "".join(options)


def _key(t: Mapping[str, str], language: str) -> str:
    def word(state: State) -> str:
        return _text(say(STATE_WORDS[state], language))

    return (
        f'<ul class="key"><li>0<span class="scale"></span>100 {t["number"]}</li>'
        f'<li><span class="line"></span>{t["line"]}</li><li>▼ {word(State.HELP)}</li>'
        f"<li>≈ {word(State.UNSURE)}</li><li>✓ {word(State.SECURE)}</li>"
        f'<li><span class="hatch"></span>{word(State.EMPTY)}</li></ul>'
    )


def _unstarted(cells: Cells, language: str) -> str:
    begun = set(started(cells.cohort).tolist())
    waiting = [title for column, title in enumerate(cells.titles) if column not in begun]
    if not waiting:
        return ""
    listing = say("Skills without answers yet: {skills}", language, skills="; ".join(waiting))
    return f'<p class="soft" style="margin-top:1rem">{_text(listing)}</p>'
