"""The state of the mastery model, as numbers; what they mean is said in ``profiles.mastery``."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import delete, select

from ustaz_grading.records import Mastery
from ustaz_grading.store import tables
from ustaz_grading.store.database import Database
from ustaz_grading.store.evidence import CHUNK_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

_PARAMETERS_MAX: Final = 500
"""Names asked for in one query; SQLite takes 32,766, PostgreSQL plans long lists slowly."""


class FoldRow(NamedTuple):
    """What the mastery model reads of one row of evidence."""

    id: int
    learner: str
    at: datetime
    asked: str
    content_hash: str
    skills: tuple[str, ...]
    score: float
    hints_used: int
    corrects: int | None


@dataclass(frozen=True, slots=True)
class FoldPoint:
    """How far a course's evidence has been folded into masteries."""

    last_evidence: int
    """Id of the last row that is in."""
    model: str
    """Which model, with which constants, folded it."""


class MasteryFold:
    """One course's model state inside one transaction that nobody else may write beside."""

    def __init__(self, store: MasteryStore, connection: Connection, course: str) -> None:
        self._store = store
        self._connection = connection
        self.course = course

    def point(self) -> FoldPoint | None:
        """Return how far the fold came, or ``None`` when nothing is folded."""
        table = tables.mastery_state
        query = select(table.c.last_evidence, table.c.model).where(table.c.course == self.course)
        row = self._connection.execute(query).first()
        return None if row is None else FoldPoint(*row)

    def forget(self) -> None:
        """Remove the course's model state; its evidence stays."""
        for table in (tables.mastery, tables.items, tables.skill_levels, tables.mastery_state):
            self._connection.execute(delete(table).where(table.c.course == self.course))

    def evidence(self, since: int) -> Iterator[FoldRow]:
        """Yield what the model reads of the rows after ``since``, by id, few in memory at once."""
        query = _fold_rows().where(tables.evidence.c.course == self.course)
        query = query.where(tables.evidence.c.id > since).order_by(tables.evidence.c.id)
        streamed = self._connection.execute(query, execution_options={"yield_per": CHUNK_ROWS})
        return (FoldRow(*row) for row in streamed)

    def corrections(self) -> list[FoldRow]:
        """Return the rows that correct others, by id."""
        query = _fold_rows().where(
            tables.evidence.c.course == self.course, tables.evidence.c.corrects.is_not(None)
        )
        return [
            FoldRow(*row) for row in self._connection.execute(query.order_by(tables.evidence.c.id))
        ]

    def names_since(self, since: int) -> tuple[list[str], list[str]]:
        """Return the learners, and the items, of the rows after ``since``."""
        c = tables.evidence.c
        new = (c.course == self.course) & (c.id > since)
        learners = self._connection.execute(select(c.learner).where(new).distinct()).scalars()
        asked = self._connection.execute(select(tables.asked).where(new).distinct()).scalars()
        return list(learners), list(asked)

    def difficulties(self) -> dict[str, float]:
        """Return authors' difficulties in [0, 1] by content hash."""
        c = tables.template_versions.c
        rows = self._connection.execute(select(c.content_hash, c.difficulty))
        return {str(content_hash): float(difficulty) for content_hash, difficulty in rows}

    def masteries(self, learners: Iterable[str] | None) -> list[tuple[Any, ...]]:
        """Return (learner, skill, deviation, variance, answers, updated_at) of these learners.

        ``None`` means everyone's.
        """
        c = tables.mastery.c
        query = select(c.learner, c.skill, c.deviation, c.variance, c.answers, c.updated_at)
        query = query.where(c.course == self.course)
        if learners is None:
            return [tuple(row) for row in self._connection.execute(query)]
        return self._asked(query, c.learner, learners)

    def items(self, items: Iterable[str]) -> list[tuple[Any, ...]]:
        """Return (item, difficulty, variance, answers) of these items."""
        c = tables.items.c
        query = select(c.item, c.difficulty, c.variance, c.answers)
        return self._asked(query.where(c.course == self.course), c.item, items)

    def skill_levels(self) -> list[tuple[Any, ...]]:
        """Return (skill, level, variance, answers, dispersion) of all skills."""
        c = tables.skill_levels.c
        query = select(c.skill, c.level, c.variance, c.answers, c.dispersion)
        query = query.where(c.course == self.course)
        return [tuple(row) for row in self._connection.execute(query)]

    def keep(
        self,
        point: FoldPoint,
        *,
        masteries: list[dict[str, Any]],
        items: list[dict[str, Any]],
        skill_levels: list[dict[str, Any]],
    ) -> None:
        """Write the changed state and how far the fold came."""
        for table, key, rows in (
            (tables.mastery, ["course", "learner", "skill"], masteries),
            (tables.items, ["course", "item"], items),
            (tables.skill_levels, ["course", "skill"], skill_levels),
        ):
            owned = [{"course": self.course, **row} for row in rows]
            self._store._upsert(self._connection, table, key, owned)  # noqa: SLF001 - one room
        state = {
            "course": self.course,
            "last_evidence": point.last_evidence,
            "model": point.model,
        }
        self._store._upsert(  # noqa: SLF001
            self._connection, tables.mastery_state, ["course"], [state]
        )

    def _asked(self, query: Any, column: Any, names: Iterable[str]) -> list[tuple[Any, ...]]:
        asked = sorted(set(names))
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(asked), _PARAMETERS_MAX):
            part = query.where(column.in_(asked[start : start + _PARAMETERS_MAX]))
            found.extend(tuple(row) for row in self._connection.execute(part))
        return found


class MasteryStore(Database):
    """The part of the store that knows masteries."""

    @contextmanager
    def folding(self, course: str) -> Iterator[MasteryFold]:
        """Yield the course's model state, to be changed as a whole or not at all.

        Writers of evidence and other folds wait meanwhile.

        Raises
        ------
        StoreError
            When the database refuses.
        """
        with self._writing(evidence=True) as connection:
            yield MasteryFold(self, connection, course)

    def masteries(self, course: str, learner: str | None = None) -> list[Mastery]:
        """Return the masteries as of the last fold, by learner and skill.

        A mastery's mean is the class's level in the skill plus the learner's deviation from it.
        """
        return [
            Mastery(
                course=course,
                learner=row[0],
                skill=row[1],
                mean=row[2],
                sd=row[3],
                answers=row[4],
                updated_at=row[5],
            )
            for row in self.mastery_rows(course, learner)
        ]

    def mastery_rows(
        self, course: str, learner: str | None = None
    ) -> list[tuple[str, str, float, float, int, datetime]]:
        """Return (learner, skill, mean, sd, answers, updated_at); see ``masteries``."""
        m, s = tables.mastery.c, tables.skill_levels.c
        query = (
            select(
                m.learner,
                m.skill,
                (m.deviation + s.level).label("mean"),
                (m.variance + s.variance).label("variance"),
                m.answers,
                m.updated_at,
            )
            .join_from(
                tables.mastery,
                tables.skill_levels,
                (m.course == s.course) & (m.skill == s.skill),
            )
            .where(m.course == course)
            .order_by(m.learner, m.skill)
        )
        if learner is not None:
            query = query.where(m.learner == learner)
        with self._reading() as connection:
            return [
                (who, skill, mean, math.sqrt(variance), answers, at)
                for who, skill, mean, variance, answers, at in connection.execute(query)
            ]

    def skill_levels(self, course: str) -> dict[str, tuple[float, float, int]]:
        """Return by skill the class's level (logit), its standard deviation, and the answers."""
        c = tables.skill_levels.c
        query = select(c.skill, c.level, c.variance, c.answers).where(c.course == course)
        with self._reading() as connection:
            return {
                skill: (level, math.sqrt(variance), answers)
                for skill, level, variance, answers in connection.execute(query)
            }

    def item_difficulties(self, course: str) -> dict[str, tuple[float, float, int]]:
        """Return by item its difficulty (logit), its standard deviation, and the answers."""
        c = tables.items.c
        query = select(c.item, c.difficulty, c.variance, c.answers).where(c.course == course)
        with self._reading() as connection:
            return {
                item: (difficulty, math.sqrt(variance), answers)
                for item, difficulty, variance, answers in connection.execute(query)
            }


def _fold_rows() -> Select[Any]:
    c = tables.evidence.c
    return select(
        c.id,
        c.learner,
        c.at,
        tables.asked,
        c.content_hash,
        c.skills,
        c.score,
        c.hints_used,
        c.corrects,
    )
