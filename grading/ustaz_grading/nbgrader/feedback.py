"""Feedback pages in the student's language.

`SpeakLanguage` stands behind nbgrader's ``GetGrades``. For a notebook of variants it makes the
page's parts: prompts as HTML with MathML (no script, no font from elsewhere), answers and outputs
as escaped text, scores, the judgement's feedback, the teacher's comment. The template lays them
out. Any other notebook gets nbgrader's own page.
"""

from __future__ import annotations

import copy
import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import nbgrader
from nbconvert.exporters import HTMLExporter
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config
from ustaz_courses.language import format_number
from ustaz_courses.richtext import to_html

from ustaz_grading.nbgrader.cells import exact, say
from ustaz_grading.nbgrader.gradebook import cell_scores
from ustaz_grading.nbgrader.preprocessors import desk_of, grade_id

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ustaz_grading.nbgrader.cells import CellPlan
    from ustaz_grading.nbgrader.desk import Desk

TEMPLATES: Final = Path(__file__).parent / "templates"
NO_RESPONSE: Final = "No response."
"""nbgrader's own comment on an unchanged cell."""
_NBGRADER: Final = Path(next(iter(nbgrader.__path__)))


@dataclass(frozen=True, slots=True)
class PagePart:
    """One cell on the page."""

    part: str
    """header, prompt, answer, check, own."""
    html: str
    """Sanitised or escaped."""
    name: str = ""
    """The exercise's name, for a graded cell."""
    score: str = ""
    comment: str = ""
    """HTML."""


class SpeakLanguage(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader ships no types
    """Makes the parts of a feedback page in the student's language."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook as it is; the page's parts stand in the resources."""
        found = desk_of(resources)
        resources["ustaz"] = None if found is None else page(nb, found, resources["nbgrader"])
        return nb, resources


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, with our template where there are variants."""

    def __init__(self, config: Any = None, **kwargs: Any) -> None:
        # GenerateFeedback configures nbgrader's own template for every exporter of HTML.
        theirs = str(_NBGRADER / "server_extensions" / "formgrader" / "templates")
        mine = copy.deepcopy(config) if config is not None else Config()
        html_paths = list(mine.HTMLExporter.get("extra_template_paths", []))
        mine.FeedbackExporter.template_name = "ustaz_feedback"
        mine.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES), theirs]
        mine.FeedbackExporter.extra_template_paths = [*html_paths, theirs]
        super().__init__(config=mine, **kwargs)  # type: ignore[no-untyped-call]  # nbconvert has no types


def page(nb: NotebookNode, found: Desk, totals: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template lays out.

    Parameters
    ----------
    nb
        The autograded notebook with nbgrader's scores and comments.
    found
        Whose it is.
    totals
        ``score``, ``max_score`` and ``late_penalty`` of the notebook.
    """
    language = found.copy.language
    waiting = {
        score.cell
        for score in cell_scores(found.classroom.root, found.assignment.id)
        if score.student == found.student and score.score is None
    }
    return {
        "language": language,
        "title": found.assignment.titled(language),
        "total": _of(totals["score"], totals["max_score"], language),
        "late": _points(totals["late_penalty"], language) if totals["late_penalty"] else "",
        "words": {
            "score": say(language, "Points"),
            "late": say(language, "Taken off for handing in late"),
            "answer": say(language, "Your answer"),
            "own": say(language, "Your own cell"),
            "comment": say(language, "Your teacher's comment"),
        },
        "parts": [_part(cell, found, waiting) for cell in nb.cells],
    }


def _part(cell: NotebookNode, found: Desk, waiting: set[str]) -> PagePart:
    language = found.copy.language
    planned = found.cells.get(grade_id(cell))
    if planned is None:
        return PagePart("own", _written(cell, language), comment="")
    name = score = ""
    if planned.is_graded:
        place = [slot.id for slot in found.assignment.slots].index(planned.slot) + 1
        name = say(language, "Exercise {number}", number=place)
        known = cell.metadata.nbgrader
        score = (
            say(language, "not graded yet")
            if planned.grade_id in waiting
            else _of(known.get("score") or 0.0, planned.points, language)
        )
    return PagePart(
        planned.part,
        _body(cell, planned, language),
        name,
        score,
        _comment(cell.metadata.nbgrader.get("comment"), language),
    )


def _body(cell: NotebookNode, planned: CellPlan, language: str) -> str:
    if planned.part == "answer":
        return _written(cell, language)
    if planned.part == "check":
        found = [output.get("data", {}).get("text/html", "") for output in cell.outputs]
        return "".join(found)
    source = cell.source
    if planned.part == "header":
        source = source.partition("\n")[2]  # the page has its own title
    return to_html(source, language)


def _written(cell: NotebookNode, language: str) -> str:
    """Return what a student wrote, and what came of it, as text that does nothing."""
    if cell.cell_type != "code":
        return to_html(cell.source.replace("&lt;", "<"), language)
    parts = [f"<pre><code>{html.escape(cell.source)}</code></pre>"]
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(f"<pre>{html.escape(output.text)}</pre>")
        elif output.output_type == "error":
            said = f"{output.get('ename', '')}: {output.get('evalue', '')}"
            parts.append(f"<pre>{html.escape(said)}</pre>")
        else:
            data = output.get("data", {})
            picture = next((kind for kind in ("image/png", "image/jpeg") if kind in data), "")
            if picture:
                encoded = html.escape("".join(data[picture].split()), quote=True)
                parts.append(f'<img alt="" src="data:{picture};base64,{encoded}">')
            elif "text/plain" in data:
                parts.append(f"<pre>{html.escape(data['text/plain'])}</pre>")
    return "".join(parts)


def _comment(comment: str | None, language: str) -> str:
    if not comment:
        return ""
    if comment == NO_RESPONSE:
        return html.escape(say(language, "No answer."))
    return to_html(comment, language)


def _of(score: float, most: float, language: str) -> str:
    return f"{_points(score, language)} / {_points(most, language)}"


def _points(value: float, language: str) -> str:
    return format_number(exact(round(float(value), 2)), language)
