"""A template: everything that its variants have in common, read from one folder of text files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ustaz_courses import parameters as domains
from ustaz_courses._schema import ParameterTable, TemplateTable
from ustaz_courses._toml import Lines, read
from ustaz_courses.answerkey import (
    LABELS,
    KeyRule,
    Selectable,
    answer_rule,
    misconception_rule,
)
from ustaz_courses.errors import CourseFaults, CoursesError, Fault, TemplateError
from ustaz_courses.exercise import EXERCISE_FILE, Exercise, read_exercise
from ustaz_courses.expression import Expression, parse
from ustaz_courses.formula import Formula, compile_formula
from ustaz_courses.language import LANGUAGES
from ustaz_courses.parameters import Domain, Word
from ustaz_courses.prompt import Prompt, Text, compile_text, read_prompt

if TYPE_CHECKING:
    from ustaz_courses._schema import AnswerTable, LineTable, OptionTable

TEMPLATE_FILE = "template.toml"
#: Names that a template may not give to its own values.
RESERVED = frozenset({"text"})


@dataclass(frozen=True, slots=True)
class Situation:
    """A story that a teacher approved for a word problem."""

    id: str
    interests: tuple[str, ...]
    words: Mapping[str, Word]


@dataclass(frozen=True, slots=True)
class Misconception:
    """A wrong way of thinking and the answer that betrays it."""

    id: str
    rule: KeyRule


@dataclass(frozen=True, slots=True)
class Step:
    """One step of drawing: derive a value, or hold a constraint."""

    expression: Expression
    derives: str | None
    """Name of the derived value; None for a constraint."""


@dataclass(frozen=True, slots=True)
class Template:
    """A parametrised exercise."""

    id: str
    version: int
    kind: str
    skills: tuple[str, ...]
    """Main skill first."""
    difficulty: float
    """0 easy … 1 hard, for the course's age."""
    points: float
    minutes: float
    """Time that a learner is expected to need."""
    title: Mapping[str, str]
    provenance: Mapping[str, object]
    domains: tuple[Domain, ...]
    symbols: tuple[str, ...]
    steps: tuple[Step, ...]
    """Derived values and constraints, each as early as its names allow."""
    decimals: frozenset[str]
    """Names whose fractions are written as decimals."""
    formulas: Mapping[str, Formula]
    answer: AnswerTable
    rule: KeyRule | None
    """None for kinds code and text."""
    selectables: tuple[Selectable, ...]
    """Options of a choice, lines of an order."""
    misconceptions: tuple[Misconception, ...]
    situations: tuple[Situation, ...]
    prompts: Mapping[str, Prompt]
    option_texts: Mapping[tuple[str, str], Text]
    """(language, option or line) to its text."""
    exercise: Exercise | None
    files: Mapping[str, str]
    """File name to text: what the content hash is of."""
    content_hash: str
    """SHA-256 of the files, hexadecimal."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it exists in."""
        return tuple(self.prompts)

    def space(self) -> int:
        """Return how many drawings there are before constraints, situations not counted."""
        count = 1
        for domain in self.domains:
            count *= len(domain.values)
        return count

    def situation(self, situation_id: str) -> Situation:
        """Return a situation by its id.

        Raises
        ------
        TemplateError
            There is none of this id.
        """
        for situation in self.situations:
            if situation.id == situation_id:
                return situation
        raise TemplateError(
            "Template {template!r} has no situation {situation!r}; it has: {known}.",
            template=self.id,
            situation=situation_id,
            known=", ".join(s.id for s in self.situations) or "—",
        )


def load_template(folder: Path, languages: Sequence[str] = LANGUAGES) -> Template:
    """Return the template of a folder.

    Raises
    ------
    CourseFaults
        Everything that is wrong with it, by file and line.
    """
    return template_from_files(read_files(folder), languages)


def read_files(folder: Path) -> dict[str, str]:
    """Return the texts of a template's folder by file name.

    Raises
    ------
    CourseFaults
        A file is no UTF-8 text.
    """
    files: dict[str, str] = {}
    names = [TEMPLATE_FILE, EXERCISE_FILE, *(f"prompt.{code}.md" for code in LANGUAGES)]
    for name in names:
        path = folder / name
        if path.is_file():
            try:
                files[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                raise CourseFaults(
                    [
                        Fault(
                            name,
                            1,
                            "The file is not UTF-8 text (byte {byte}). Save it as UTF-8.",
                            {"byte": error.start},
                        )
                    ]
                ) from None
    return files


def content_hash(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of a template's files, names and texts alike."""
    digest = hashlib.sha256()
    for name in sorted(files):
        body = files[name].replace("\r\n", "\n").encode()
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()


def template_from_files(files: Mapping[str, str], languages: Sequence[str] = LANGUAGES) -> Template:
    """Return the template of texts by file name, as they stand in a folder or in the store.

    Raises
    ------
    CourseFaults
        Everything that is wrong with it, by file and line.
    """
    if TEMPLATE_FILE not in files:
        raise CourseFaults([Fault(TEMPLATE_FILE, 0, "The file is missing. Add it.")])
    table = read(files[TEMPLATE_FILE], TEMPLATE_FILE, TemplateTable)
    if isinstance(table, list):
        raise CourseFaults(table)
    return _Builder(table, dict(files), tuple(languages)).build()


class _Builder:
    """Collects all faults of one template before giving up on it."""

    def __init__(
        self, table: TemplateTable, files: dict[str, str], languages: tuple[str, ...]
    ) -> None:
        self.table = table
        self.files = files
        self.languages = languages
        self.lines = Lines(files[TEMPLATE_FILE])
        self.faults: list[Fault] = []

    def build(self) -> Template:
        table = self.table
        self._titles()
        drawn = self._domains()
        situations = self._situations()
        symbols = tuple(table.symbols)
        steps, decimals, names = self._steps(drawn)
        formulas = self._formulas(names, symbols)
        selectables = self._selectables()
        rule = self._answer(selectables, names, symbols)
        misconceptions = self._misconceptions(selectables, names, symbols)
        prompts = self._prompts()
        exercise = self._exercise()
        option_texts = self._option_texts(selectables, prompts)
        self._sections(prompts, exercise)
        if self.faults:
            raise CourseFaults(sorted(self.faults, key=lambda f: (f.file, f.line)))
        return Template(
            id=table.id,
            version=table.version,
            kind=table.kind,
            skills=tuple(table.skills),
            difficulty=float(table.difficulty),
            points=float(table.points),
            minutes=float(table.minutes),
            title=dict(table.title),
            provenance=table.provenance.model_dump(exclude_defaults=True),
            domains=drawn,
            symbols=symbols,
            steps=steps,
            decimals=decimals,
            formulas=formulas,
            answer=table.answer,
            rule=rule,
            selectables=selectables,
            misconceptions=misconceptions,
            situations=situations,
            prompts=prompts,
            option_texts=option_texts,
            exercise=exercise,
            files=self.files,
            content_hash=content_hash(self.files),
        )

    def _fault(self, error: CoursesError, *path: object) -> None:
        self.faults.append(Fault(TEMPLATE_FILE, self.lines.of(*path), error.message, error.values))

    def _say(self, message: str, *path: object, **values: object) -> None:
        self.faults.append(Fault(TEMPLATE_FILE, self.lines.of(*path), message, values))

    def _titles(self) -> None:
        for language in self.languages:
            if language not in self.table.title:
                self._say("The title lacks {language}. Add it.", "title", language=language)

    def _domains(self) -> tuple[Domain, ...]:
        found = []
        for name, entry in self.table.parameters.items():
            if name in RESERVED or name in self.table.symbols:
                self._say(
                    "The name {name!r} is taken. Choose another.", "parameters", name, name=name
                )
            try:
                found.append(_domain(name, entry))
            except CoursesError as error:
                self._fault(error, "parameters", name)
        for domain in found:
            for value in domain.values:
                if isinstance(value, Word):
                    self._word(value, "parameters", domain.name)
        return tuple(found)

    def _word(self, word: Word, *path: object) -> None:
        for language in self.languages:
            if language not in word.forms:
                self._say(
                    "A word of {name!r} lacks {language}. Add it.",
                    *path,
                    name=path[-1],
                    language=language,
                )

    def _situations(self) -> tuple[Situation, ...]:
        found: list[Situation] = []
        wanted = set(self.table.situations[0].words) if self.table.situations else set()
        for index, entry in enumerate(self.table.situations):
            words = {name: domains.word(row) for name, row in entry.words.items()}
            if set(words) != wanted:
                self._say(
                    "Situation {id!r} has the words {met}; the first one has {wanted}. All have "
                    "the same.",
                    "situations",
                    index,
                    id=entry.id,
                    met=", ".join(sorted(words)),
                    wanted=", ".join(sorted(wanted)),
                )
            for name, word in words.items():
                self._word(word, "situations", index, "words", name)
            if entry.id in {s.id for s in found}:
                self._say("Situation {id!r} is listed twice.", "situations", index, id=entry.id)
            found.append(Situation(entry.id, tuple(entry.interests), words))
        return tuple(found)

    def _steps(
        self, drawn: tuple[Domain, ...]
    ) -> tuple[tuple[Step, ...], frozenset[str], frozenset[str]]:
        """Return the steps of drawing, the names written as decimals, all names with values."""
        known = {d.name for d in drawn if not isinstance(d.values[0], Word)}
        decimals = {d.name for d in drawn if d.decimal}
        waiting = self._constraints(known | set(self.table.derived))
        steps = _ready(waiting, known)
        for name, source in self.table.derived.items():
            if name in known or name in RESERVED or name in self.table.symbols:
                self._say("The name {name!r} is taken. Choose another.", "derived", name, name=name)
                continue
            try:
                expression = parse(str(source), names=frozenset(known))
            except CoursesError as error:
                self._fault(error, "derived", name)
                known.add(name)
                continue
            steps.append(Step(expression, name))
            known.add(name)
            if expression.names & decimals:
                decimals.add(name)
            steps += _ready(waiting, known)
        return tuple(steps), frozenset(decimals), frozenset(known)

    def _constraints(self, names: set[str]) -> list[Step]:
        found = []
        for source in self.table.constraints:
            try:
                found.append(Step(parse(source, names=frozenset(names)), None))
            except CoursesError as error:
                self._fault(error, "constraints")
        return found

    def _formulas(self, names: frozenset[str], symbols: tuple[str, ...]) -> dict[str, Formula]:
        found = {}
        for name, source in self.table.formulas.items():
            if name in names or name in RESERVED:
                self._say(
                    "The name {name!r} is taken. Choose another.", "formulas", name, name=name
                )
            try:
                found[name] = compile_formula(source, names, symbols)
            except CoursesError as error:
                self._fault(error, "formulas", name)
        return found

    def _selectables(self) -> tuple[Selectable, ...]:
        answer, kind = self.table.answer, self.table.kind
        if kind in ("choice", "multiple"):
            entries = answer.options or []
            found = tuple(Selectable(o.id, o.correct, o.text) for o in entries)
            right = sum(s.right for s in found)
            if len(found) < 2 or right == 0 or (kind == "choice" and right != 1):
                self._say(
                    "A {kind} needs at least two options, of them {wanted} correct; met {met} "
                    "options, {right} correct.",
                    "answer",
                    kind=kind,
                    wanted="1" if kind == "choice" else "≥ 1",
                    met=len(found),
                    right=right,
                )
        elif kind == "order":
            found = tuple(Selectable(n.id, not n.distractor, n.text) for n in answer.lines or [])
            if sum(s.right for s in found) < 2:
                self._say("An order needs at least two lines that are no distractors.", "answer")
        else:
            return ()
        if len({s.id for s in found}) != len(found):
            self._say("Two options have the same id. Give each its own.", "answer")
        if len(found) > len(LABELS):
            self._say(
                "There are {count} options; at most {limit} are shown.",
                "answer",
                count=len(found),
                limit=len(LABELS),
            )
        return found

    def _answer(
        self, selectables: tuple[Selectable, ...], names: frozenset[str], symbols: tuple[str, ...]
    ) -> KeyRule | None:
        if self.faults and self.table.kind in ("choice", "multiple", "order"):
            return None
        try:
            return answer_rule(self.table.kind, self.table.answer, selectables, names, symbols)
        except CoursesError as error:
            self._fault(error, "answer")
        except ValueError as error:
            self._say("The tolerance is no number: {reason}.", "answer", reason=error)
        return None

    def _misconceptions(
        self, selectables: tuple[Selectable, ...], names: frozenset[str], symbols: tuple[str, ...]
    ) -> tuple[Misconception, ...]:
        found = []
        for index, entry in enumerate(self.table.misconceptions):
            try:
                rule = misconception_rule(
                    self.table.kind, entry, self.table.answer, selectables, names, symbols
                )
                found.append(Misconception(entry.id, rule))
            except CoursesError as error:
                self._fault(error, "misconceptions", index)
        return tuple(found)

    def _prompts(self) -> dict[str, Prompt]:
        found = {}
        for language in self.languages:
            file = f"prompt.{language}.md"
            if file not in self.files:
                self.faults.append(
                    Fault(
                        file,
                        0,
                        "The language {language} is missing: there is no {file}. Add it.",
                        {"language": language, "file": file},
                    )
                )
                continue
            found[language], faults = read_prompt(self.files[file], language, file)
            self.faults += faults
        return found

    def _exercise(self) -> Exercise | None:
        if self.table.kind != "code":
            if EXERCISE_FILE in self.files:
                self._say(
                    "{file} belongs to the kind code only; this is {kind}.",
                    "kind",
                    file=EXERCISE_FILE,
                    kind=self.table.kind,
                )
            return None
        if EXERCISE_FILE not in self.files:
            self.faults.append(Fault(EXERCISE_FILE, 0, "The file is missing. Add it."))
            return None
        exercise, faults = read_exercise(self.files[EXERCISE_FILE])
        self.faults += faults
        return exercise

    def _option_texts(
        self, selectables: tuple[Selectable, ...], prompts: Mapping[str, Prompt]
    ) -> dict[tuple[str, str], Text]:
        section = "Line" if self.table.kind == "order" else "Option"
        place = "code" if self.table.answer.code else "text"
        found = {}
        for item in selectables:
            for language, prompt in prompts.items():
                if item.text is not None:
                    try:
                        found[language, item.id] = compile_text(
                            item.text, language, place="code" if place == "code" else "text"
                        )
                    except CoursesError as error:
                        self._fault(error, "answer")
                elif (text := prompt.group(section).get(item.id)) is not None:
                    found[language, item.id] = text
                else:
                    self._missing(prompt, f"{section} {item.id}")
        return found

    def _sections(self, prompts: Mapping[str, Prompt], exercise: Exercise | None) -> None:
        """Say which sections are missing and which belong to nothing."""
        messages = {t.message for t in exercise.tests if t.message} if exercise else set()
        section = {"order": "Line"}.get(self.table.kind, "Option")
        shared = {s.id for s in self._own_texts()}
        wanted = {
            "Prompt", "Hint 1", "Solution",
            *(f"Feedback {m.id}" for m in self.table.misconceptions),
            *(f"Message {name}" for name in messages),
            *(f"Rubric {r.id}" for r in self.table.answer.rubric or []),
        }  # fmt: skip
        for prompt in prompts.values():
            for name in sorted(wanted - set(prompt.sections)):
                self._missing(prompt, name)
            for name in prompt.sections:
                kind, _, item = name.partition(" ")
                known = (
                    name in wanted
                    or kind in ("Hint", "Text")
                    or (kind == section and item in shared)
                )
                if not known:
                    self.faults.append(
                        Fault(
                            prompt.file,
                            prompt.lines[name],
                            "The section {name!r} belongs to nothing in template.toml. Remove it "
                            "or mend its id.",
                            {"name": name},
                        )
                    )

    def _own_texts(self) -> list[OptionTable | LineTable]:
        answer = self.table.answer
        return [*(answer.options or []), *(answer.lines or [])]

    def _missing(self, prompt: Prompt, name: str) -> None:
        self.faults.append(
            Fault(prompt.file, 0, "The section # {name} is missing. Add it.", {"name": name})
        )


def _ready(waiting: list[Step], known: set[str]) -> list[Step]:
    """Take from the waiting constraints those whose names all have values."""
    ready = [step for step in waiting if step.expression.names <= known]
    waiting[:] = [step for step in waiting if step not in ready]
    return ready


def _domain(name: str, entry: ParameterTable) -> Domain:
    given = [
        key
        for key in ("integers", "decimals", "rationals", "choices", "texts", "words")
        if getattr(entry, key) is not None
    ]
    if len(given) != 1:
        raise TemplateError(
            "Parameter {name!r} has {count} domains ({given}); it takes exactly one.",
            name=name,
            count=len(given),
            given=", ".join(given) or "—",
        )
    if entry.integers is not None:
        step = 1 if entry.step is None else entry.step
        return domains.integers(
            name, entry.integers, step=int(step), exclude=[int(v) for v in entry.exclude]
        )
    if entry.decimals is not None:
        if entry.step is None:
            raise TemplateError("Parameter {name!r} has decimals but no step.", name=name)
        return domains.decimals(name, entry.decimals, entry.step, entry.exclude)
    if entry.rationals is not None:
        return domains.rationals(name, entry.rationals, entry.denominators or [2, 9])
    if entry.choices is not None:
        return domains.choices(name, entry.choices)
    if entry.texts is not None:
        return domains.texts(name, entry.texts)
    return domains.words(name, entry.words or [])
