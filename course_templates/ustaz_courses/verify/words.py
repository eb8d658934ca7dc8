"""Checks of a variant's words: everything filled, and the three languages at one."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ustaz_courses.errors import CoursesError, Phrase

if TYPE_CHECKING:
    from ustaz_courses.template import Template
    from ustaz_courses.variant import Variant, VariantText
    from ustaz_courses.verify.collect import Collector

_MATH = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
_CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
_NUMERAL = re.compile(r"\d+(?:[.,]\d+)?")
_GROUP = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))")
#: LaTeX commands that carry words, which differ between languages.
_LATEX_WORDS = re.compile(r"\\text\s*\{[^}]*\}|\\mathrm\s*\{[^}]*\}")
#: What `signature` returns, in order.
_KINDS = (Phrase("numerals"), Phrase("formulae"), Phrase("code"))
#: A hint may mention the key's number by chance; on nearly every variant it is no chance.
LEAK_SHARE = 0.9


def check_usage(template: Template, found: Collector) -> None:
    """Every parameter and formula is used, and every placeholder names something."""
    found.begin("placeholders")
    used: set[str] = set()
    for step in template.steps:
        used |= step.expression.names
    for formula in template.formulas.values():
        used |= formula.names
    for rule in (template.rule, *(m.rule for m in template.misconceptions)):
        for expression in rule.expressions if rule else ():
            used |= expression.names
    texts = [t for prompt in template.prompts.values() for t in prompt.sections.values()]
    texts += list(template.option_texts.values())
    texts += list(template.exercise.texts()) if template.exercise else []
    shown: set[str] = set()
    for text in texts:
        shown |= text.names()
    inside = " ".join(
        form
        for situation in template.situations
        for word in situation.words.values()
        for forms in word.forms.values()
        for form in forms.values()
    )
    for domain in template.domains:
        if domain.name not in used | shown and not re.search(rf"\b{domain.name}\b", inside):
            found.toml(
                "placeholders",
                ("parameters", domain.name),
                "Parameter {name!r} is used nowhere. Use it or remove it.",
                name=domain.name,
            )
    for name in template.formulas:
        if name not in shown and not re.search(rf"\b{name}\b", inside):
            found.toml(
                "placeholders",
                ("formulas", name),
                "Formula {name!r} is shown nowhere. Show it or remove it.",
                name=name,
            )


def render(template: Template, variant: Variant, found: Collector) -> dict[str, VariantText]:
    """Return the variant's words in every language; a language that fails is left out."""
    found.begin("words")
    texts: dict[str, VariantText] = {}
    for language in template.languages:
        try:
            texts[language] = variant.text(language)
        except CoursesError as error:
            section = _section_of(template, language, str(error.values.get("source", "")))
            found.section("words", language, section, error.message, advice=False, **error.values)
    return texts


def _section_of(template: Template, language: str, source: str) -> str:
    for name, text in template.prompts[language].sections.items():
        if source and source in text.source:
            return name
    return "Prompt"


def check_languages(texts: dict[str, VariantText], found: Collector) -> None:
    """Check that the languages carry the same numerals, formulae and code."""
    found.begin("languages")
    if len(texts) < 2:
        return
    reference = "en" if "en" in texts else next(iter(texts))
    expected = {name: signature(text) for name, text in _sections(texts[reference]).items()}
    for language, text in texts.items():
        if language == reference:
            continue
        for name, body in _sections(text).items():
            met = signature(body)
            for index, kind in enumerate(_KINDS):
                missing = expected[name][index] - met[index]
                extra = met[index] - expected[name][index]
                if missing or extra:
                    found.section(
                        "languages",
                        language,
                        name,
                        "Section {section!r} differs from {reference} in its {kind}: missing "
                        "{missing}, extra {extra}.",
                        section=name,
                        reference=reference,
                        kind=kind,
                        missing=_listing(missing),
                        extra=_listing(extra),
                    )


def signature(text: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return (numerals in running text, formulae, code) of a text, as multisets.

    Examples
    --------
    >>> signature("Buy 2,5 kg at $x{,}1$") == signature("2.5 кг, $x.1$")
    True
    """
    formulae: Counter[str] = Counter()
    code: Counter[str] = Counter()

    def take_code(match: re.Match[str]) -> str:
        code[(match[1] or match[2]).strip()] += 1
        return " "

    def take_math(match: re.Match[str]) -> str:
        latex = _LATEX_WORDS.sub(r"\\text{}", match[1] or match[2])
        formulae["".join(latex.replace("{,}", ".").split())] += 1
        return " "

    rest = _CODE.sub(take_code, text)
    rest = _MATH.sub(take_math, rest)
    numerals = Counter(n.replace(",", ".") for n in _NUMERAL.findall(_GROUP.sub("", rest)))
    return numerals, formulae, code


def _sections(text: VariantText) -> dict[str, str]:
    sections = {"Prompt": text.prompt, "Solution": text.solution}
    sections |= {f"Hint {n}": hint for n, hint in enumerate(text.hints, 1)}
    sections |= {f"Feedback {name}": said for name, said in text.feedback.items()}
    return sections


def _listing(counter: Counter[str]) -> str:
    return ", ".join(sorted(counter.elements())) or "—"


def check_options(texts: dict[str, VariantText], found: Collector) -> None:
    """No two options of a choice read the same."""
    found.begin("options")
    for language, text in texts.items():
        shown = ["".join(option.text.split()) for option in text.options]
        for value, count in Counter(shown).items():
            if count > 1:
                found.toml(
                    "options",
                    ("answer", "options"),
                    "Two options read the same in {language}: {text!r}. Add a constraint.",
                    language=language,
                    text=value,
                )


def leaks(variant: Variant, texts: dict[str, VariantText], answer: str) -> set[str] | None:
    """Return the sections ("Hint 1", …) that show the answer, None where it cannot be told.

    It cannot where the answer is no numeral, or where the prompt happens to show the same one.
    """
    text = texts.get("en")
    if text is None or variant.kind not in ("number", "expression"):
        return None
    given = _plain_numerals(text.prompt)
    wanted = answer.split(" ", maxsplit=1)[0].replace("−", "-").lstrip("-")
    if not _NUMERAL.fullmatch(wanted) or wanted in given:
        return None
    return {f"Hint {n}" for n, hint in enumerate(text.hints, 1) if wanted in _plain_numerals(hint)}


def _plain_numerals(text: str) -> set[str]:
    return set(_NUMERAL.findall(_GROUP.sub("", text.replace("{,}", ".").replace(r"\,", ""))))
