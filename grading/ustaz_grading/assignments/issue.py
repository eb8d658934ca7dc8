"""Who gets which variant: chosen once, stored before anything is written, never drawn again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ustaz_courses import Approvals, instantiate, restore, template_from_files, variant_seed
from ustaz_courses.language import LANGUAGES

from ustaz_grading.assignments.assignment import Assignment, candidates, choose, points_of
from ustaz_grading.errors import (
    AssignmentError,
    MissingRecordError,
    NotIssuedError,
    NotReleasableError,
)
from ustaz_grading.progress import Progress, silent
from ustaz_grading.records import Issue, Student

if TYPE_CHECKING:
    from ustaz_courses import Template, Variant

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.store import Store

ChooseSituation = Callable[["Template", Student], str | None]
"""Gives the situation that suits a student, or None to leave it to the seed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An assignment with all that its slots may be filled with, approved throughout."""

    assignment: Assignment
    templates: Mapping[str, tuple[Template, ...]]
    """Slot to its candidates."""
    points: Mapping[str, float]
    """Slot to what it is worth."""

    def is_text(self, slot_id: str) -> bool:
        """Whether a person grades the slot."""
        return self.templates[slot_id][0].kind == "text"


@dataclass(frozen=True, slots=True)
class IssuedVariant:
    """A variant and the record of its issue."""

    issue: Issue
    variant: Variant
    wanted: str
    """The student's language now; the same variant exists in every language."""

    @property
    def language(self) -> str:
        """The student's language where the template has it, else the template's first."""
        return fitting_language(self.variant.template, self.wanted)


class VariantBank:
    """Variants of stored issues, their templates read from the store once each.

    Parameters
    ----------
    store
        Keeps each template as it was when variants of it were issued.
    known
        Templates already loaded, so that they are not parsed again.
    """

    def __init__(self, store: Store, known: Iterable[Template] = ()) -> None:
        self._store = store
        self._templates = {template.content_hash: template for template in known}

    def template(self, content_hash: str) -> Template:
        """Return the template of a content hash, as it was issued.

        Raises
        ------
        MissingRecordError
            When the store never kept it.
        """
        found = self._templates.get(content_hash)
        if found is None:
            files = self._store.template_files(content_hash)
            languages = [code for code in LANGUAGES if f"prompt.{code}.md" in files]
            found = template_from_files(files, languages)
            self._templates[content_hash] = found
        return found

    def issued(self, issue: Issue, language: str = "") -> IssuedVariant:
        """Return the variant of an issue, restored from its record.

        Parameters
        ----------
        issue
            What the store holds.
        language
            The student's language now; empty: the one it was issued in.
        """
        variant = restore(self.template(issue.content_hash), issue.record)
        return IssuedVariant(issue, variant, language or issue.language)


def plan(classroom: Classroom, assignment: Assignment) -> Plan:
    """Return the assignment with its slots' candidates and points.

    Raises
    ------
    AssignmentError
        When a slot cannot be filled.
    NotReleasableError
        When templates that the assignment names are not approved as they now stand, or a skill has
        no approved template; every one is named.
    """
    bank = [
        template for course in classroom.courses.values() for template in course.templates.values()
    ]
    approvals = Approvals.load(classroom.approvals_root)
    found: dict[str, tuple[Template, ...]] = {}
    points: dict[str, float] = {}
    refused: dict[str, None] = {}
    for slot in assignment.slots:
        fitting = candidates(slot, classroom.template, bank)
        approved = tuple(template for template in fitting if approvals.is_approved(template))
        # A skill takes what is approved; a template that is named must be.
        if len(approved) < len(fitting) and (slot.templates or not approved):
            refused |= dict.fromkeys(
                template.id for template in fitting if template not in approved
            )
        found[slot.id] = approved if not slot.templates else fitting
        points[slot.id] = points_of(slot, fitting)
    if refused:
        raise NotReleasableError(
            "Assignment {assignment!r} cannot be released: no teacher has approved {templates} as"
            " they now stand. Look at each and approve it (ustaz course approve), then repeat.",
            assignment=assignment.id,
            templates=", ".join(refused),
        )
    return Plan(assignment, found, points)


def issue_variants(
    classroom: Classroom,
    planned: Plan,
    students: Sequence[Student],
    *,
    choose_situation: ChooseSituation | None = None,
    progress: Progress = silent,
) -> tuple[dict[str, dict[str, IssuedVariant]], int]:
    """Return every student's variants by slot, and how many were issued just now.

    Parameters
    ----------
    classroom, planned
        What is issued.
    students
        Who gets one; whoever already has one in a slot keeps it.
    choose_situation
        Asked for templates that have situations.
    progress
        Told about students.

    Returns
    -------
    tuple
        Student id to slot id to variant; number of new issues. All are in the store.

    Raises
    ------
    AssignmentError
        When a slot that students already have changed between text and machine-graded.
    """
    assignment = planned.assignment
    course = classroom.config.course_id
    store = classroom.store
    known = [template for fitting in planned.templates.values() for template in fitting]
    bank = VariantBank(store, known)
    latest = _latest(store.issues(assignment.id, course=course))
    fresh: dict[tuple[str, str], IssuedVariant] = {}
    now = datetime.now(UTC)
    for number, student in enumerate(students):
        for slot in assignment.slots:
            if (student.id, slot.id) not in latest:
                fresh[student.id, slot.id] = _issue(
                    classroom, planned, slot.id, student, choose_situation, now
                )
        progress("variants", number + 1, len(students))
    used = {made.variant.template.content_hash: made.variant.template for made in fresh.values()}
    for template in used.values():
        store.save_template_version(template)
    kept = store.record_issues(made.issue for made in fresh.values())
    for made, issue in zip(list(fresh.values()), kept, strict=True):
        # Another process may have been first; what is stored holds.
        latest[issue.student, issue.slot] = issue
        same = issue.tag == made.issue.tag and issue.record == made.issue.record
        if not same:
            del fresh[issue.student, issue.slot]
    issued = {
        student.id: {
            slot.id: fresh.get((student.id, slot.id))
            or bank.issued(latest[student.id, slot.id], classroom.language_of(student))
            for slot in assignment.slots
        }
        for student in students
    }
    _check_text(planned, issued)
    return issued, len(fresh)


def issued_to(
    bank: VariantBank, classroom: Classroom, assignment_id: str, student_id: str
) -> dict[str, IssuedVariant]:
    """Return a student's variants of an assignment by slot, the latest round of each.

    Raises
    ------
    NotIssuedError
        When the student has none.
    """
    found = classroom.store.issues(assignment_id, student_id, course=classroom.config.course_id)
    latest = _latest(found)
    if not latest:
        raise NotIssuedError(
            "Student {student!r} was never given variants of {assignment!r}. If they belong to this"
            " course, add them (ustaz students add FILE) and release the assignment again.",
            student=student_id,
            assignment=assignment_id,
        )
    try:
        language = classroom.language_of(classroom.student(student_id))
    except MissingRecordError:
        language = ""  # off the class list since; what was issued still counts
    return {slot: bank.issued(issue, language) for (_, slot), issue in latest.items()}


def fitting_language(template: Template, wanted: str) -> str:
    """Return the wanted language where the template has it, else its first."""
    return wanted if wanted in template.prompts else next(iter(template.prompts))


def _issue(
    classroom: Classroom,
    planned: Plan,
    slot: str,
    student: Student,
    choose_situation: ChooseSituation | None,
    now: datetime,
) -> IssuedVariant:
    assignment = planned.assignment.id
    template = choose(planned.templates[slot], classroom.secret, assignment, slot, student.id)
    seed = variant_seed(
        classroom.secret,
        student=student.id,
        assignment=assignment,
        slot=slot,
        content_hash=template.content_hash,
    )
    situation = None
    if choose_situation is not None and template.situations:
        situation = choose_situation(template, student)
    variant = instantiate(template, seed, situation=situation)
    issue = Issue(
        course=classroom.config.course_id,
        assignment=assignment,
        slot=slot,
        student=student.id,
        template=template.id,
        content_hash=template.content_hash,
        record=variant.record(),
        tag=classroom.mark("tag", assignment, slot, student.id, "0", template.content_hash),
        language=classroom.language_of(student),
        issued_at=now,
    )
    return IssuedVariant(issue, variant, issue.language)


def _latest(issues: Iterable[Issue]) -> dict[tuple[str, str], Issue]:
    found: dict[tuple[str, str], Issue] = {}
    for issue in issues:
        held = found.get((issue.student, issue.slot))
        if held is None or issue.round > held.round:
            found[issue.student, issue.slot] = issue
    return found


def _check_text(planned: Plan, issued: Mapping[str, Mapping[str, IssuedVariant]]) -> None:
    for slots in issued.values():
        for slot, made in slots.items():
            if (made.variant.kind == "text") != planned.is_text(slot):
                raise AssignmentError(
                    "Slot {slot!r} of {assignment!r} was released with a template of kind {kind!r}"
                    " and cannot change between text and others now. Give the new slot a new id.",
                    slot=slot,
                    assignment=planned.assignment.id,
                    kind=made.variant.kind,
                )
