"""An assignment as its TOML file describes it: title, due date, slots.

A slot is a place that each student's own variant fills. It names a template, a choice of templates,
or a skill from whose approved templates one is chosen; which one a student gets follows from the
course's secret, the assignment, the slot and the student alone.
"""

from __future__ import annotations

import builtins
import hashlib
import hmac
import keyword
import math
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ustaz_courses.language import LANGUAGES

from ustaz_grading.errors import AssignmentError, MissingRecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ustaz_courses import Template

ID_RULE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""Assignments' ids become folder names and notebook names, and nbgrader forbids ``+``."""
SLOT_RULE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""A slot's id is the name of the variable that the student sets."""
KINDS: Final = (
    "number",
    "expression",
    "set",
    "matrix",
    "choice",
    "multiple",
    "order",
    "code",
    "text",
)
POINTS_MAX: Final = 1000

_SLOT_KEYS: Final = frozenset(
    {"id", "template", "templates", "skill", "difficulty", "kinds", "points"}
)
_KEYS: Final = frozenset({"id", "title", "due", "late_penalty_per_day", "slots"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in an assignment that each student's own variant fills."""

    id: str
    """Also the variable in which the student gives the answer."""
    templates: tuple[str, ...] = ()
    """Templates to choose from, as ``id`` or ``course/id``; empty where a skill is named."""
    skill: str = ""
    """Main skill of the templates to choose from."""
    difficulty: tuple[float, float] = (0.0, 1.0)
    """Bounds of the templates' difficulty, for a slot that names a skill."""
    kinds: tuple[str, ...] = ()
    """Kinds to choose from, for a slot that names a skill; empty: all but text."""
    points: float | None = None
    """Points to earn; ``None``: what the template says."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Variants released together."""

    id: str
    title: Mapping[str, str]
    due: datetime | None
    """Aware; ``None``: no due date."""
    late_penalty_per_day: float
    """Share of the earned score that each started day of lateness costs, in [0, 1]."""
    slots: tuple[Slot, ...]

    def slot(self, slot_id: str) -> Slot:
        """Return the slot of this id.

        Raises
        ------
        MissingRecordError
            When there is none.
        """
        for slot in self.slots:
            if slot.id == slot_id:
                return slot
        raise MissingRecordError(
            "Assignment {assignment!r} has no slot {slot!r}; it has {known}.",
            assignment=self.id,
            slot=slot_id,
            known=", ".join(slot.id for slot in self.slots),
        )

    def titled(self, language: str) -> str:
        """Return the title in a language; the id where it has none."""
        return self.title.get(language) or next(iter(self.title.values()), self.id)


def load_assignment(folder: Path, assignment_id: str) -> Assignment:
    """Return the assignment described by ``<folder>/<assignment_id>.toml``.

    Raises
    ------
    AssignmentError
        When the file is missing, is no TOML, or anything in it is wrong; all faults are named.
    """
    if not ID_RULE.fullmatch(assignment_id) or ".." in assignment_id:
        raise AssignmentError(
            "{assignment!r} cannot be an assignment's id; expected up to 64 of A-Z a-z 0-9 _ . -,"
            " a letter or digit first.",
            assignment=assignment_id[:80],
        )
    path = folder / f"{assignment_id}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = sorted(found.stem for found in folder.glob("*.toml"))
        raise AssignmentError(
            "There is no assignment {assignment!r}: {file} is missing. There are: {known}.",
            assignment=assignment_id,
            file=str(path),
            known=", ".join(known) or "none",
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AssignmentError(
            "{file} cannot be read: {reason}. Mend it and repeat.",
            file=str(path),
            reason=str(error),
        ) from error
    return parse_assignment(data, assignment_id, name=str(path))


def parse_assignment(data: Mapping[str, Any], assignment_id: str, *, name: str) -> Assignment:
    """Return the assignment that the tables of a TOML file describe.

    Parameters
    ----------
    data
        The file's tables.
    assignment_id
        What its file is called; ``id`` must say the same, or nothing.
    name
        What messages call the file.

    Raises
    ------
    AssignmentError
        Naming everything that is wrong.
    """
    faults = [
        f"{key!r} is not known here; known are {_listed(_KEYS)}" for key in data.keys() - _KEYS
    ]
    if data.get("id", assignment_id) != assignment_id:
        faults.append(f"id is {data['id']!r}; expected {assignment_id!r}, as the file is called")
    title = data.get("title", {})
    if isinstance(title, str):
        title = dict.fromkeys(LANGUAGES, title)
    if not isinstance(title, dict) or not all(
        key in LANGUAGES and isinstance(value, str) for key, value in title.items()
    ):
        faults.append("title must be a text, or a table of texts by language (kk, ru, en)")
        title = {}
    due = data.get("due")
    if due is not None and (not isinstance(due, datetime) or due.utcoffset() is None):
        faults.append(f"due is {due}; expected a time with its zone: 2026-12-01T23:59:00+05:00")
        due = None
    penalty = data.get("late_penalty_per_day", 0.0)
    if not _is_number(penalty) or not 0 <= penalty <= 1:
        faults.append(f"late_penalty_per_day is {penalty!r}; expected a share between 0 and 1")
        penalty = 0.0
    slots = _slots(data.get("slots"), faults)
    if faults:
        raise AssignmentError(
            "{file} has {count} faults: {listing}.",
            file=name,
            count=len(faults),
            listing="; ".join(faults),
        )
    return Assignment(
        assignment_id, MappingProxyType(dict(title)), due, float(penalty), tuple(slots)
    )


def candidates(
    slot: Slot,
    find: Callable[[str], Template],
    bank: Sequence[Template],
) -> tuple[Template, ...]:
    """Return the templates that may fill a slot, by id.

    Parameters
    ----------
    slot
        The place to fill.
    find
        Gives a template by its reference; raises LookupError for an unknown one.
    bank
        All templates of the classroom's courses.

    Raises
    ------
    AssignmentError
        When no template fits, or text and machine-graded templates are mixed: a slot's cell is
        either Markdown or code in everybody's notebook, because the gradebook holds it once.
    """
    if slot.templates:
        try:
            found = [find(reference) for reference in slot.templates]
        except LookupError as error:
            raise AssignmentError(
                "Slot {slot!r}: {reason}", slot=slot.id, reason=str(error)
            ) from error
    else:
        kinds = slot.kinds or tuple(kind for kind in KINDS if kind != "text")
        low, high = slot.difficulty
        found = [
            template
            for template in bank
            if template.skills[0] == slot.skill
            and template.kind in kinds
            and low <= template.difficulty <= high
        ]
        if not found:
            raise AssignmentError(
                "Slot {slot!r}: no template has the main skill {skill!r}, a difficulty in [{low},"
                " {high}] and a kind of {kinds}. Widen the bounds or name a template.",
                slot=slot.id,
                skill=slot.skill,
                low=low,
                high=high,
                kinds=", ".join(kinds),
            )
    if len({template.kind == "text" for template in found}) > 1:
        raise AssignmentError(
            "Slot {slot!r} mixes templates of kind text with others; put them in slots of their"
            " own.",
            slot=slot.id,
        )
    return tuple(sorted(found, key=lambda template: template.id))


def points_of(slot: Slot, templates: Sequence[Template]) -> float:
    """Return what a slot is worth, in points, the same for every student.

    Raises
    ------
    AssignmentError
        When the slot says nothing and its templates disagree.
    """
    if slot.points is not None:
        return slot.points
    offered = sorted({float(template.points) for template in templates})
    if len(offered) != 1:
        raise AssignmentError(
            "Slot {slot!r}: its templates are worth {points} points; say with points = what the"
            " slot is worth.",
            slot=slot.id,
            points=" or ".join(f"{value:g}" for value in offered),
        )
    return offered[0]


def choose(
    templates: Sequence[Template], secret: bytes, assignment_id: str, slot_id: str, student_id: str
) -> Template:
    """Return the template that a student gets: the same for the same arguments, evenly spread."""
    text = f"choose\0{assignment_id}\0{slot_id}\0{student_id}".encode()
    number = int.from_bytes(hmac.new(secret, text, hashlib.sha256).digest()[:8])
    return templates[number % len(templates)]


def _slots(tables: object, faults: list[str]) -> list[Slot]:
    if not isinstance(tables, list) or not tables:
        faults.append("there is no [[slots]]; expected at least one")
        return []
    slots: list[Slot] = []
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            faults.append(f"slot {number} is no table")
            continue
        slot = _slot(table, number, faults)
        if any(other.id == slot.id for other in slots):
            faults.append(f"slot {slot.id!r} stands twice")
        slots.append(slot)
    return slots


def _slot(table: Mapping[str, Any], number: int, faults: list[str]) -> Slot:
    name = table.get("id", "")
    here = f"slot {name!r}" if name else f"slot {number}"
    faults += [
        f"{here}: {key!r} is not known; known are {_listed(_SLOT_KEYS)}"
        for key in table.keys() - _SLOT_KEYS
    ]
    if not isinstance(name, str) or not SLOT_RULE.fullmatch(name):
        faults.append(f"{here}: id must be a variable's name such as q1 (a-z, 0-9, _; at most 32)")
        name = f"slot{number}"
    elif keyword.iskeyword(name) or hasattr(builtins, name):
        faults.append(f"{here}: {name!r} is a word of Python; choose another id")
    given = [key for key in ("template", "templates", "skill") if key in table]
    if len(given) != 1:
        faults.append(f"{here}: expected exactly one of template, templates, skill")
    templates = table.get("templates", [table["template"]] if "template" in table else [])
    if not isinstance(templates, list) or not all(
        isinstance(reference, str) and reference for reference in templates
    ):
        faults.append(f"{here}: templates must be a list of template ids")
        templates = []
    skill = table.get("skill", "")
    if not isinstance(skill, str):
        faults.append(f"{here}: skill must be a skill's id")
        skill = ""
    points = table.get("points")
    if points is not None and not (_is_number(points) and 0 < points <= POINTS_MAX):
        faults.append(
            f"{here}: points is {points!r}; expected a number above 0, at most {POINTS_MAX}"
        )
        points = None
    kinds = table.get("kinds", [])
    if not isinstance(kinds, list) or not set(map(str, kinds)) <= set(KINDS):
        faults.append(f"{here}: kinds is {kinds!r}; known are {', '.join(KINDS)}")
        kinds = []
    return Slot(
        id=name,
        templates=tuple(templates),
        skill=skill,
        difficulty=_difficulty(table.get("difficulty", [0.0, 1.0]), here, faults),
        kinds=tuple(kinds),
        points=None if points is None else float(points),
    )


def _difficulty(value: object, here: str, faults: list[str]) -> tuple[float, float]:
    if (
        isinstance(value, list)
        and len(value) == 2
        and all(map(_is_number, value))
        and 0 <= value[0] <= value[1] <= 1
    ):
        return float(value[0]), float(value[1])
    faults.append(f"{here}: difficulty is {value!r}; expected [low, high] within 0 and 1")
    return 0.0, 1.0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _listed(keys: frozenset[str]) -> str:
    return ", ".join(sorted(keys))
