"""Each student's own link and own token, and the lists of them for a teacher to hand out."""

from __future__ import annotations

import csv
import html
import io
import os
from typing import TYPE_CHECKING, Final

from ustaz_courses.language import translate
from ustaz_grading.files import write_text

from ustaz_lab.problems import DOMAIN
from ustaz_lab.tokens import make_token

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.records import Student

LINKS_CSV: Final = "links.csv"
LINKS_PAGE: Final = "links.html"

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would take a name that begins like this for a formula and compute it."""


def practice_links(classroom: Classroom, base_url: str) -> list[tuple[Student, str]]:
    """Return every student of the class list with a link that opens practice as them.

    Parameters
    ----------
    classroom
        Whose students and secret.
    base_url
        Where the app is served, e.g. ``http://127.0.0.1:8866/``.
    """
    course = classroom.config.course_id
    return [
        (
            student,
            f"{base_url.rstrip('/')}/?token="
            + make_token(classroom.secret, course=course, student=student.id, use="link"),
        )
        for student in classroom.roster
    ]


def write_links(classroom: Classroom, base_url: str) -> Path:
    """Write the list as CSV and as a page, readable by its owner alone, and return the CSV's path.

    Parameters
    ----------
    classroom, base_url
        See `practice_links`.
    """
    links = practice_links(classroom, base_url)
    classroom.private.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = classroom.private / LINKS_CSV
    for file, text in (
        (path, _csv(links)),
        (classroom.private / LINKS_PAGE, _page(classroom, links)),
    ):
        write_private(file, text)
    return path


def copy_tokens(classroom: Classroom) -> str:
    """Return as CSV what each student puts into ``USTAZ_TOKEN`` to fetch their own copies.

    Parameters
    ----------
    classroom
        Whose students and secret.
    """
    rows = ((s.id, _name(s), classroom.token(s.id)) for s in classroom.roster)
    return _table(("id", "name", "token"), rows)


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone can read, from its first byte on."""
    old = os.umask(0o077)
    try:
        write_text(file, text)
    finally:
        os.umask(old)
    file.chmod(0o600)


def _csv(links: list[tuple[Student, str]]) -> str:
    rows = ((s.id, s.first_name, s.last_name, link) for s, link in links)
    return _table(("id", "first_name", "last_name", "link"), rows)


def _table(names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(tuple(map(_harmless, row)) for row in rows)
    return buffer.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _page(classroom: Classroom, links: list[tuple[Student, str]]) -> str:
    language = classroom.config.language
    title = translate("Practice: each student's own link", language, domain=DOMAIN)
    warning = translate(
        "Give each student only their own link: whoever has it practises as that student.",
        language,
        domain=DOMAIN,
    )
    rows = "\n".join(
        f"<tr><td>{html.escape(_name(student))}</td><td>{html.escape(student.id)}</td>"
        f'<td><a href="{html.escape(link)}" rel="noreferrer">{html.escape(link)}</a></td></tr>'
        for student, link in links
    )
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<meta name="referrer" content="no-referrer">
<style>body {{ font: 1rem sans-serif; margin: 2rem }} td {{ padding: .4rem .8rem;
border-bottom: 1px solid #ccc; overflow-wrap: anywhere; vertical-align: top }}</style></head>
<body><h1>{html.escape(title)}</h1><p>{html.escape(warning)}</p>
<table>{rows}</table></body></html>
"""


def _name(student: Student) -> str:
    return f"{student.first_name} {student.last_name}".strip() or student.id
