"""A variant: one student's own exercise, with a key that is right by construction.

A variant is drawn once, from a seed that only the course's secret can make, and then kept by its
record; `restore` builds it again from the record and never draws.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ustaz_courses.answer import AnswerKey, Judgement, Response, check_answer
from ustaz_courses.answerkey import labels_of
from ustaz_courses.errors import TemplateError, UnsatisfiableError
from ustaz_courses.exercise import CodeJob, CodeRun, CodeTest, Exercise, defined_names
from ustaz_courses.expression import Value
from ustaz_courses.language import translate
from ustaz_courses.parameters import Stream, Word, word
from ustaz_courses.prompt import Scope, Text

if TYPE_CHECKING:
    from ustaz_courses.template import Situation, Template

#: Drawings tried before constraints are called unsatisfiable; a template whose constraints accept
#: one drawing in a hundred still fails less than once in 20,000 variants.
MAX_DRAWINGS = 1000


@dataclass(frozen=True, slots=True)
class Option:
    """An option or a line as a learner sees it."""

    label: str
    text: str
    """Markdown; code where the template says so."""


@dataclass(frozen=True, slots=True)
class VariantText:
    """A variant's words in one language, as Markdown with `$…$`."""

    language: str
    title: str
    prompt: str
    hints: tuple[str, ...]
    """First to last."""
    solution: str
    feedback: Mapping[str, str]
    """Misconception to what is said to who holds it."""
    options: tuple[Option, ...]
    starter: str
    """What a code exercise begins with; empty otherwise."""
    messages: Mapping[str, str]
    """Message id to what is said when a test with that message fails."""
    rubric: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TestVerdict:
    """What a learner is told about one test."""

    name: str
    passed: bool
    hidden: bool
    points: float
    message: str
    """Empty where it passed."""


@dataclass(frozen=True, slots=True)
class CodeJudgement:
    """A judged program."""

    score: float
    """0 … 1: points of the tests that passed."""
    outcome: str
    """"right", "partly", "wrong", or "fault" (ours: no score may be recorded)."""
    message: str
    tests: tuple[TestVerdict, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One drawing of a template."""

    template: Template
    seed: str
    """Hexadecimal."""
    drawn: Mapping[str, int]
    """Parameter to the index of its value in the template's domain."""
    situation: Situation | None
    order: tuple[int, ...]
    """Order in which options are shown, as indices into the template's."""
    values: Mapping[str, object]
    """Every name's value, derived ones and words included."""
    key: AnswerKey | None
    """None for kinds code and text."""
    misconceptions: Mapping[str, AnswerKey]
    """Misconception to the wrong answer that betrays it."""

    @property
    def template_id(self) -> str:
        """The template's id."""
        return self.template.id

    @property
    def content_hash(self) -> str:
        """The hash of the template's files."""
        return self.template.content_hash

    @property
    def kind(self) -> str:
        """The kind of answer."""
        return self.template.kind

    @property
    def points(self) -> float:
        """The template's own points; an assignment may give others."""
        return self.template.points

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills practised, main one first."""
        return self.template.skills

    @property
    def difficulty(self) -> float:
        """0 easy … 1 hard."""
        return self.template.difficulty

    @property
    def parameters(self) -> dict[str, str]:
        """Parameter to its value, as exact text."""
        return {
            name: value.forms["en"]["base"] if isinstance(value, Word) else str(value)
            for name in self.drawn
            if (value := self.values[name]) is not None
        }

    def fingerprint(self) -> str:
        """Return what tells variants of a template apart: the same for the same drawing."""
        parts = [f"{name}={index}" for name, index in sorted(self.drawn.items())]
        parts.append(self.situation.id if self.situation else "")
        return "|".join(parts)

    def record(self) -> dict[str, object]:
        """Return what is stored when the variant is issued; JSON-able, read by `restore`."""
        return {
            "seed": self.seed,
            "drawn": dict(self.drawn),
            "parameters": self.parameters,
            "situation": self.situation.id if self.situation else None,
            "order": list(self.order),
        }

    def prompt(self, language: str) -> str:
        """Return the prompt alone, which is all that most pages need."""
        return self.template.prompts[language].sections["Prompt"].render(self._scope(language))

    def text(self, language: str) -> VariantText:
        """Return all words in a language.

        Raises
        ------
        TemplateError
            A placeholder cannot be filled.
        """
        template = self.template
        prompt = template.prompts[language]
        scope = self._scope(language)

        def render(sections: Mapping[str, Text]) -> dict[str, str]:
            return {name: text.render(scope) for name, text in sections.items()}

        return VariantText(
            language=language,
            title=template.title[language],
            prompt=prompt.sections["Prompt"].render(scope),
            hints=tuple(hint.render(scope) for hint in prompt.hints()),
            solution=prompt.sections["Solution"].render(scope),
            feedback=render(prompt.group("Feedback")),
            options=self._options(language, scope),
            starter=template.exercise.starter.render(scope) if template.exercise else "",
            messages=render(prompt.group("Message")),
            rubric=render(prompt.group("Rubric")),
        )

    def check(self, response: Response, language: str) -> Judgement:
        """Return the judgement of a response, with a misconception's feedback where one fits.

        Raises
        ------
        TemplateError
            The kind has no key: code is run, text is read by a person.
        """
        if self.key is None:
            raise TemplateError(
                "A variant of kind {kind!r} has no key to check against.", kind=self.kind
            )
        judged = check_answer(self.key, response, language)
        if judged.outcome == "right":
            return judged
        for name, wrong in self.misconceptions.items():
            if check_answer(wrong, response, language).outcome == "right":
                feedback = self.template.prompts[language].sections[f"Feedback {name}"]
                # A wrong answer that a template foresees is an answer, whatever its shape.
                outcome = "wrong" if judged.outcome == "format" else judged.outcome
                return Judgement(
                    judged.score, outcome, feedback.render(self._scope(language)), name
                )
        return judged

    def solution_program(self) -> str:
        """Return the reference solution of a code exercise."""
        return self._exercise().solution.render(self._scope("en"))

    def code_job(self, program: str, *, stdin: str = "") -> CodeJob:
        """Return a program with this variant's tests, ready for a runner.

        Raises
        ------
        TemplateError
            The kind is not code.
        """
        exercise, scope = self._exercise(), self._scope("en")
        return CodeJob(
            program=program,
            tests=tuple(
                CodeTest(t.name, t.source.render(scope), t.points, t.hidden, t.message)
                for t in exercise.tests
            ),
            names=defined_names(exercise.solution.render(scope)),
            timeout_s=float(self.template.answer.timeout_s),
            stdin=stdin,
        )

    def visible_tests(self) -> tuple[str, ...]:
        """Return the sources of the tests that a student may see."""
        scope = self._scope("en")
        return tuple(t.source.render(scope) for t in self._exercise().tests if not t.hidden)

    def judge_code(self, run: CodeRun, language: str) -> CodeJudgement:
        """Return the judgement of a program that a runner ran."""
        exercise, scope = self._exercise(), self._scope(language)
        if run.status == "fault":
            return CodeJudgement(
                0.0, "fault",
                translate("Your program could not be run: the fault is ours and costs you nothing. "
                          "Your teacher is told.", language), (),
            )  # fmt: skip
        messages = self.template.prompts[language].group("Message")
        verdicts = []
        for index, test in enumerate(exercise.tests):
            passed = index < len(run.passed) and run.passed[index]
            said = ""
            if not passed:
                said = messages[test.message].render(scope) if test.message in messages else ""
                detail = run.details[index] if index < len(run.details) else ""
                if detail and not test.hidden:
                    said = f"{said}\n\n`{detail.replace('`', chr(39))}`" if said else f"`{detail}`"
            verdicts.append(TestVerdict(test.name, passed, test.hidden, test.points, said))
        total = sum(v.points for v in verdicts)
        score = sum(v.points for v in verdicts if v.passed) / total
        if run.status == "timeout":
            message = translate(
                "Your program did not end in time. Look for a loop that never ends.", language
            )
        elif run.status == "error":
            message = translate(
                "Your program stopped with an error: {error}", language, error=run.error
            )
        else:
            message = translate(
                "{passed} of {count} tests passed.",
                language,
                passed=sum(v.passed for v in verdicts),
                count=len(verdicts),
            )
        outcome = "right" if score == 1 else "partly" if score > 0 else "wrong"
        return CodeJudgement(score, outcome, message, tuple(verdicts))

    def _exercise(self) -> Exercise:
        if self.template.exercise is None:
            raise TemplateError("A variant of kind {kind!r} holds no program.", kind=self.kind)
        return self.template.exercise

    def _options(self, language: str, scope: Scope) -> tuple[Option, ...]:
        labels = labels_of(self.order, self.template.selectables)
        return tuple(
            Option(labels[item.id], self.template.option_texts[language, item.id].render(scope))
            for item in (self.template.selectables[index] for index in self.order)
        )

    def _scope(self, language: str) -> Scope:
        template = self.template
        texts = template.prompts[language].group("Text") if template.exercise else {}
        values = self.values
        if texts:
            row = {name: text.source for name, text in texts.items()}
            values = {**values, "text": Word({language: row, "en": row})}
        return Scope(values, template.decimals, self._formula)

    def _formula(self, name: str, language: str) -> str:
        try:
            formula = self.template.formulas[name]
        except KeyError:
            raise TemplateError(
                "The placeholder {{{{ {name} }}}} is filled by nothing: it is no parameter, "
                "derived value, formula or word of the template.",
                name=name,
            ) from None
        return formula.latex(self.values, language, decimals=self.template.decimals)


def variant_seed(
    secret: bytes,
    *,
    student: str,
    assignment: str,
    slot: str,
    content_hash: str,
    round: int = 0,  # noqa: A002 - the design's own word
) -> bytes:
    """Return the seed of a student's variant.

    Parameters
    ----------
    secret : bytes
        The course's secret, at least 16 bytes.
    student, assignment, slot : str
        Who gets it, and where it stands.
    content_hash : str
        The template's content hash.
    round : int
        0 for the first, 1 for the next one of the same slot, and so on.

    Returns
    -------
    bytes
        32 bytes, HMAC-SHA256.
    """
    parts = [student, assignment, slot, content_hash, str(round)]
    # Lengths stand before the parts, so that no two lists of parts read the same.
    message = b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)
    return hmac.new(secret, message, hashlib.sha256).digest()


def instantiate(template: Template, seed: bytes, *, situation: str | None = None) -> Variant:
    """Return the variant of a seed.

    Parameters
    ----------
    template : Template
        What is drawn from.
    seed : bytes
        From `variant_seed`.
    situation : str or None
        Id of the story to use; None draws one where the template has any.

    Raises
    ------
    UnsatisfiableError
        No drawing meets the constraints.
    EvaluationError
        A derived value does not exist for a drawing that the constraints accept.
    TemplateError
        The situation is unknown.
    """
    stream = Stream(seed)
    for _ in range(MAX_DRAWINGS):
        drawn = {d.name: stream.below(len(d.values)) for d in template.domains}
        values = derive(template, drawn)
        if values is not None:
            break
    else:
        raise UnsatisfiableError(
            "No drawing of template {template!r} met its constraints in {tries} tries. Loosen the "
            "constraints or widen the parameters.",
            template=template.id,
            tries=MAX_DRAWINGS,
        )
    chosen = None
    if template.situations:
        chosen = (
            template.situations[stream.below(len(template.situations))]
            if situation is None
            else template.situation(situation)
        )
    order = _order(template, stream)
    return _variant(template, seed.hex(), drawn, chosen, order, values)


def restore(template: Template, record: Mapping[str, object]) -> Variant:
    """Return the variant of a stored record; nothing is drawn again.

    Raises
    ------
    TemplateError
        The record is not one of this template.
    """
    drawn, order, situation = record.get("drawn"), record.get("order"), record.get("situation")
    fits = (
        isinstance(drawn, Mapping)
        and isinstance(order, Sequence)
        and set(drawn) == {d.name for d in template.domains}
        and sorted(order) == list(range(len(template.selectables)))
        and all(0 <= int(drawn[d.name]) < len(d.values) for d in template.domains)
    )
    if not fits:
        raise TemplateError(
            "The stored variant does not belong to template {template!r} ({hash}). Restore that "
            "version of the template.",
            template=template.id,
            hash=template.content_hash[:12],
        )
    assert isinstance(drawn, Mapping)  # noqa: S101 - just checked, for the type checker
    assert isinstance(order, Sequence)  # noqa: S101 - as above
    indices = {str(name): int(index) for name, index in drawn.items()}
    values = derive(template, indices)
    if values is None:
        raise TemplateError(
            "The stored variant breaks the constraints of template {template!r}. Restore the "
            "version that it was drawn from.",
            template=template.id,
        )
    chosen = None if situation is None else template.situation(str(situation))
    return _variant(
        template, str(record.get("seed", "")), indices, chosen, tuple(map(int, order)), values
    )


def derive(template: Template, drawn: Mapping[str, int]) -> dict[str, Value | Word] | None:
    """Return every name's value for a drawing, or None where a constraint refuses it."""
    values: dict[str, Value | Word] = {d.name: d.values[drawn[d.name]] for d in template.domains}
    for step in template.steps:
        result = step.expression.evaluate(values)
        if step.derives is None:
            if not result:
                return None
        else:
            values[step.derives] = (
                result.numerator
                if isinstance(result, Fraction) and result.denominator == 1
                else result
            )
    return values


def _order(template: Template, stream: Stream) -> tuple[int, ...]:
    count = len(template.selectables)
    order = stream.shuffled(count)
    if template.kind == "order":
        # Shown already sorted, an order would be no exercise.
        right = [i for i in order if template.selectables[i].right]
        if right == sorted(right):
            order = order[::-1]
    return order


def _variant(
    template: Template,
    seed: str,
    drawn: Mapping[str, int],
    situation: Situation | None,
    order: tuple[int, ...],
    values: dict[str, Value | Word],
) -> Variant:
    key = template.rule.make(values, order) if template.rule else None
    wrong = {m.id: m.rule.make(values, order) for m in template.misconceptions}
    shown: dict[str, object] = dict(values)
    if situation is not None:
        shown.update(situation.words)
    return Variant(template, seed, drawn, situation, order, shown, key, wrong)


__all__ = [
    "CodeJudgement",
    "Option",
    "TestVerdict",
    "Variant",
    "VariantText",
    "derive",
    "instantiate",
    "restore",
    "variant_seed",
    "word",
]
