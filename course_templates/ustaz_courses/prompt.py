r"""A template's words in one language: sections, and text with placeholders.

A placeholder is written for where it stands: `{{ a }}` is LaTeX between dollar signs, Python in
code, and the language's own way of writing numbers in running text. The place is found once, when
the text is compiled; rendering then only joins strings, which is what makes thousands of variants a
second possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import sympy

from ustaz_courses.errors import Fault, TemplateError
from ustaz_courses.language.numbers import code_number, format_number, latex_number
from ustaz_courses.language.plural import plural_category
from ustaz_courses.parameters import Word

Place = Literal["text", "math", "code"]

_HEADING = re.compile(r"^# +(.+?) *$")
_SECTION = re.compile(
    r"^(Prompt|Solution|Hint [1-9][0-9]?"
    r"|(?:Feedback|Option|Line|Rubric|Message|Text) [A-Za-z0-9_-]+)$"
)
_TOKEN = re.compile(r"```|`|\\\$|\$\$|\$|\{\{(.*?)\}\}", re.DOTALL)
_PLACEHOLDER = re.compile(
    r"^\s*([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?\s*(?:\|\s*(signed|decimal|plural)\s*(?::\s*(\w+))?\s*)?$"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that placeholders of one variant may show."""

    values: Mapping[str, object]
    """Name to int, Fraction, SymPy number, text or Word."""
    decimals: frozenset[str]
    """Names whose fractions are written as decimals."""
    formula: Callable[[str, str], str]
    """(formula's name, language) to LaTeX."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One placeholder."""

    name: str
    form: str | None
    filter: str | None
    argument: str | None
    place: Place
    source: str


@dataclass(frozen=True, slots=True)
class Text:
    """Text with placeholders, compiled for one language."""

    source: str
    parts: tuple[str | Slot, ...]
    language: str

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The placeholders, in order."""
        return tuple(part for part in self.parts if isinstance(part, Slot))

    def names(self) -> frozenset[str]:
        """Return every name that a placeholder mentions, plural's number included."""
        found = {slot.name for slot in self.slots}
        found |= {s.argument for s in self.slots if s.filter == "plural" and s.argument}
        return frozenset(found)

    def render(self, scope: Scope) -> str:
        """Return the text with the values of a variant.

        Raises
        ------
        TemplateError
            A placeholder has no value or form, or stands where its value cannot be written.
        """
        return "".join(
            part if isinstance(part, str) else fill(part, scope, self.language)
            for part in self.parts
        )


def compile_text(source: str, language: str, *, place: Place = "text") -> Text:
    """Return a text ready to be rendered.

    Parameters
    ----------
    source : str
        Markdown, or code where `place` is "code".
    language : str
        Language whose numbers and plural forms it takes.
    place : str
        Where the text as a whole stands; "code" and "math" are not searched for dollar signs.

    Raises
    ------
    TemplateError
        A placeholder is malformed.
    """
    parts: list[str | Slot] = []
    end = 0
    here: Place = place
    closing = ""
    for token in _TOKEN.finditer(source):
        mark = token[0]
        if token[1] is not None:
            parts += [source[end : token.start()], _slot(token[1], here, mark)]
            end = token.end()
        elif place == "text":
            here, closing = _step(here, closing, mark)
    parts.append(source[end:])
    return Text(source, tuple(part for part in parts if part != ""), language)


def _step(here: Place, closing: str, mark: str) -> tuple[Place, str]:
    """Return where the text stands after a mark, and what ends that."""
    if closing:
        return ("text", "") if mark == closing else (here, closing)
    if mark in ("`", "```"):
        return "code", mark
    if mark in ("$", "$$"):
        return "math", mark
    return here, closing


def _slot(inside: str, place: Place, source: str) -> Slot:
    found = _PLACEHOLDER.match(inside)
    if not found:
        raise TemplateError(
            "The placeholder {source} is malformed. Write {{{{ name }}}}, {{{{ name.form }}}}, "
            "{{{{ name|signed }}}}, {{{{ name|decimal:2 }}}} or {{{{ word|plural:n }}}}.",
            source=source,
        )
    name, form, kind, argument = found.groups()
    if kind == "plural" and not argument:
        raise TemplateError(
            "The placeholder {source} lacks its number. Write {{{{ word|plural:n }}}}.",
            source=source,
        )
    if kind == "decimal" and argument and not argument.isdigit():
        raise TemplateError(
            "The placeholder {source} asks for {places!r} decimals; that is no whole number.",
            source=source,
            places=argument,
        )
    return Slot(name, form, kind, argument, place, source)


def fill(slot: Slot, scope: Scope, language: str) -> str:
    """Return what a placeholder shows."""
    try:
        value = scope.values[slot.name]
    except KeyError:
        return scope.formula(slot.name, language)
    if isinstance(value, Word):
        return _word(slot, value, scope, language)
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return _symbolic(slot, value)
    return _number(slot, value, scope, language)


def _number(slot: Slot, value: int | Fraction, scope: Scope, language: str) -> str:
    decimal = slot.filter == "decimal" or slot.name in scope.decimals
    places = int(slot.argument) if slot.filter == "decimal" and slot.argument else None
    sign = ""
    if slot.filter == "signed":
        minus = "-" if slot.place != "text" else "−"
        sign = f"{minus} " if value < 0 else "+ "
        value = -value if value < 0 else value
    if slot.place == "math":
        return sign + latex_number(value, language, decimal=decimal, places=places)
    if slot.place == "code":
        return sign + code_number(value, decimal=decimal)
    return sign + format_number(value, language, decimal=decimal, places=places)


def _word(slot: Slot, value: Word, scope: Scope, language: str) -> str:
    forms = value.forms.get(language)
    if not forms:
        raise TemplateError(
            "{source} has no word in {language}. Add it to the parameter's table.",
            source=slot.source,
            language=language,
        )
    form = slot.form or "base"
    if slot.filter == "plural":
        number = scope.values.get(slot.argument or "")
        if not isinstance(number, int | Fraction):
            raise TemplateError(
                "{source} counts by {number!r}, which is no number of this template.",
                source=slot.source,
                number=slot.argument,
            )
        # Kazakh keeps the singular after a numeral, so a word without plural forms is complete.
        form = plural_category(number, language)
        if form not in forms and language == "kk":
            form = "base"
    if form not in forms:
        raise TemplateError(
            "{source} asks for the form {form!r} in {language}; there are: {known}.",
            source=slot.source,
            form=form,
            language=language,
            known=", ".join(forms),
        )
    text = forms[form]
    if "{{" not in text:
        return text
    # A situation's sentence may hold the variant's numbers; words inside words end there.
    numbers = {n: v for n, v in scope.values.items() if not isinstance(v, Word)}
    return _nested(text, language).render(Scope(numbers, scope.decimals, scope.formula))


_NESTED: dict[tuple[str, str], Text] = {}


def _nested(text: str, language: str) -> Text:
    compiled = _NESTED.get((text, language))
    if compiled is None:
        compiled = _NESTED[text, language] = compile_text(text, language)
    return compiled


def _symbolic(slot: Slot, value: object) -> str:
    return str(sympy.latex(value)) if slot.place == "math" else str(value)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template's sections in one language."""

    language: str
    file: str
    sections: Mapping[str, Text]
    lines: Mapping[str, int]
    """Section to the one-based line of its heading."""

    def hints(self) -> tuple[Text, ...]:
        """Return the hints, first to last."""
        found: list[Text] = []
        while (name := f"Hint {len(found) + 1}") in self.sections:
            found.append(self.sections[name])
        return tuple(found)

    def group(self, kind: str) -> dict[str, Text]:
        """Return the sections `# <kind> <id>` by id."""
        start = kind + " "
        return {n[len(start) :]: t for n, t in self.sections.items() if n.startswith(start)}


def read_prompt(source: str, language: str, file: str) -> tuple[Prompt, list[Fault]]:
    """Return the sections of a prompt file and what is wrong with it."""
    faults: list[Fault] = []
    sections: dict[str, Text] = {}
    lines: dict[str, int] = {}
    for name, start, body in _split(source):
        if name == "":
            if body.strip():
                faults.append(
                    Fault(file, 1, "Text stands before the first heading. Begin with # Prompt.")
                )
            continue
        if not _SECTION.match(name):
            faults.append(
                Fault(
                    file,
                    start,
                    "The heading {name!r} is not known. Headings are Prompt, Hint 1, Solution, "
                    "Feedback id, Option id, Line id, Rubric id, Message id, Text id.",
                    {"name": name},
                )
            )
            continue
        if name in sections:
            faults.append(Fault(file, start, "The section {name!r} stands twice.", {"name": name}))
            continue
        if not body.strip():
            faults.append(Fault(file, start, "The section {name!r} is empty.", {"name": name}))
        try:
            place: Place = "code" if name.startswith("Text ") else "text"
            sections[name] = compile_text(body.strip(), language, place=place)
            lines[name] = start
        except TemplateError as error:
            at = start + 1 + body[: max(body.find(str(error.values.get("source"))), 0)].count("\n")
            faults.append(Fault(file, at, error.message, error.values))
    return Prompt(language, file, sections, lines), faults


def _split(source: str) -> list[tuple[str, int, str]]:
    """Return (heading, its line, body); fenced code may hold lines that look like headings."""
    found: list[tuple[str, int, list[str]]] = [("", 1, [])]
    fenced = False
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line)
        if heading:
            found.append((heading[1], number, []))
        else:
            found[-1][2].append(line)
    return [(name, start, "\n".join(body)) for name, start, body in found]
