"""A template's preview: some of its variants, in all three languages, with all that stands behind.

Everything that a page shows leaves this module as HTML from the courses' sanitiser.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import sympy
from ustaz_courses import Approvals, instantiate, reference_response
from ustaz_courses.answer import ExpressionKey, MatrixKey, shown_expression
from ustaz_courses.language import LANGUAGES
from ustaz_courses.richtext import to_html

from ustaz_lab.bank import said, summary

if TYPE_CHECKING:
    from ustaz_courses import Course, Template, Variant
    from ustaz_courses.answer import AnswerKey
    from ustaz_grading.classroom import Classroom

_DRAWS_PER_VARIANT: Final = 12
"""Tries for a variant unlike those already shown; a template with few drawings then repeats."""


def preview(
    classroom: Classroom,
    course: Course,
    template: Template,
    language: str,
    *,
    seed: int,
    count: int,
) -> dict[str, Any]:
    """Return variants of a template, told apart by ``seed``, in all languages.

    Parameters
    ----------
    classroom
        Whose approvals count.
    course, template
        What is shown.
    language
        Of the template's title and kind.
    seed
        Which drawing; the same one shows the same variants while the template stays as it is.
    count
        How many variants.

    Raises
    ------
    CoursesError
        The template cannot be drawn from.
    """
    approval = Approvals.load(classroom.approvals_root).of(template)
    skill = course.curriculum.skill(template.skills[0])
    return {
        "template": summary(course, template, language, approved=approval is not None),
        "skill_title": said(skill.title, language),
        "version": template.version,
        "approved_by": approval.by if approval else None,
        "seed": seed,
        "variants": [
            {"texts": {each: _view(variant, each) for each in LANGUAGES}}
            for variant in draw(template, seed=seed, count=count)
        ],
    }


def draw(template: Template, *, seed: int, count: int) -> list[Variant]:
    """Return variants that differ from each other wherever the template has that many."""
    shown: dict[str, Variant] = {}
    spare: list[Variant] = []
    for number in range(count * _DRAWS_PER_VARIANT):
        # Not the course's secret: what a preview shows tells nothing of any student's variant.
        text = f"preview {template.content_hash} {seed} {number}"
        variant = instantiate(template, hashlib.sha256(text.encode()).digest())
        if variant.fingerprint() in shown:
            spare.append(variant)
        else:
            shown[variant.fingerprint()] = variant
        if len(shown) == count:
            break
    return [*shown.values(), *spare][:count]


def key_markdown(key: AnswerKey, language: str) -> str:
    """Return an answer as a teacher reads it: formulae typeset, all else as it would be typed."""
    if isinstance(key, ExpressionKey):
        return f"${sympy.latex(shown_expression(key))}$"
    if isinstance(key, MatrixKey):
        rows = r" \\ ".join(" & ".join(map(_latex, row)) for row in key.rows)
        return rf"$\begin{{pmatrix}}{rows}\end{{pmatrix}}$"
    return _literal(reference_response(key, language))


def key_text(variant: Variant, language: str) -> str:
    """Return what is right as plain text, as a learner would type it."""
    if variant.key is None:
        return _key(variant, language)
    return reference_response(variant.key, language)


def _view(variant: Variant, language: str) -> dict[str, Any]:
    text = variant.text(language)
    starter = f"\n\n```python\n{text.starter.strip()}\n```" if text.starter.strip() else ""
    return {
        "prompt": to_html(text.prompt + starter, language),
        "options": [
            {"label": option.label, "html": to_html(option.text, language)}
            for option in text.options
        ],
        "hints": [to_html(hint, language) for hint in text.hints],
        "key": to_html(_key(variant, language), language),
        "solution": to_html(text.solution, language),
        "misconceptions": [
            {
                "id": name,
                "answer": to_html(key_markdown(wrong, language), language),
                "feedback": to_html(text.feedback.get(name, ""), language),
            }
            for name, wrong in variant.misconceptions.items()
        ],
    }


def _key(variant: Variant, language: str) -> str:
    """Return what is right: the answer, a program's reference solution, a text's rubric."""
    if variant.key is not None:
        return key_markdown(variant.key, language)
    if variant.kind == "code":
        return f"```python\n{variant.solution_program().strip()}\n```"
    return "\n".join(f"- {line}" for line in variant.text(language).rubric.values())


def _latex(value: object) -> str:
    return str(sympy.latex(sympy.sympify(value)))


def _literal(text: str) -> str:
    """Return Markdown that shows a text as it is."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-.!|<>$~" else sign for sign in text)
