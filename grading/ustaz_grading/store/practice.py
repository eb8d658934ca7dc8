"""Practice outside of assignments, engines' rankings of situations, and our own faults."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from ustaz_grading.errors import MissingRecordError
from ustaz_grading.records import Fault, PracticeItem, SituationRank
from ustaz_grading.store import tables
from ustaz_grading.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping

_RANK_KEY = ["course", "template", "content_hash", "interest", "engine"]


class PracticeStore(Database):
    """The part of the store that knows practice, rankings and faults."""

    def save_practice_item(self, item: PracticeItem) -> PracticeItem:
        """Keep a new item (``id`` is ``None``) or a known one's new state; return it with its id.

        Raises
        ------
        MissingRecordError
            When the item has an id that the store does not know.
        """
        table = tables.practice_items
        values = _columns(item, tables.practice_items.columns.keys())
        values["record"] = dict(item.record)
        with self._writing() as connection:
            if item.id is None:
                added = connection.execute(insert(table).values(values).returning(table.c.id))
                return replace(item, id=int(added.scalar_one()))
            changed = connection.execute(update(table).where(table.c.id == item.id).values(values))
            if changed.rowcount != 1:
                raise _no_item(item.id)
        return item

    def practice_item(self, number: int) -> PracticeItem:
        """Return the item with this id.

        Raises
        ------
        MissingRecordError
            When there is none.
        """
        table = tables.practice_items
        with self._reading() as connection:
            row = connection.execute(select(table).where(table.c.id == number)).mappings().first()
        if row is None:
            raise _no_item(number)
        return PracticeItem(**row)

    def practice_items(
        self, student: str, course: str, *, state: str | None = None, latest: int | None = None
    ) -> list[PracticeItem]:
        """Return a student's items of a course, newest first.

        Parameters
        ----------
        student, course
            Whose.
        state
            Only items in this state.
        latest
            At most this many.
        """
        table = tables.practice_items
        query = select(table).where(table.c.student == student, table.c.course == course)
        if state is not None:
            query = query.where(table.c.state == state)
        query = query.order_by(table.c.id.desc()).limit(latest)
        with self._reading() as connection:
            return [PracticeItem(**row) for row in connection.execute(query).mappings()]

    def save_situation_rank(self, rank: SituationRank) -> None:
        """Keep an engine's ranking; a newer one of the same engine takes its place."""
        row = _columns(rank, tables.situation_ranks.columns.keys())
        row["ranking"] = [list(pair) for pair in rank.ranking]
        with self._writing() as connection:
            self._upsert(connection, tables.situation_ranks, _RANK_KEY, [row])

    def situation_rank(
        self, course: str, template: str, content_hash: str, interest: str, engine: str
    ) -> SituationRank | None:
        """Return the kept ranking, or ``None`` when the engine was not asked yet."""
        table = tables.situation_ranks
        wanted = dict(
            zip(_RANK_KEY, (course, template, content_hash, interest, engine), strict=True)
        )
        query = select(table).filter_by(**wanted)
        with self._reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _rank(row)

    def add_fault(self, fault: Fault) -> Fault:
        """Note a failure of ours; return it with its id."""
        values = _columns(fault, tables.faults.columns.keys())
        with self._writing() as connection:
            added = connection.execute(
                insert(tables.faults).values(values).returning(tables.faults.c.id)
            )
            return replace(fault, id=int(added.scalar_one()))

    def faults(
        self, course: str, *, assignment: str | None = None, student: str | None = None
    ) -> list[Fault]:
        """Return a course's faults, newest first; only those of the assignment or student given."""
        table = tables.faults
        query = select(table).where(table.c.course == course)
        if assignment is not None:
            query = query.where(table.c.assignment == assignment)
        if student is not None:
            query = query.where(table.c.student == student)
        with self._reading() as connection:
            found = connection.execute(query.order_by(table.c.id.desc())).mappings()
            return [Fault(**row) for row in found]


def _columns(record: object, names: list[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names if name != "id"}


def _rank(row: Mapping[Any, Any]) -> SituationRank:
    pairs = tuple((str(name), float(score)) for name, score in row["ranking"])
    return SituationRank(**{**row, "ranking": pairs})


def _no_item(number: int) -> MissingRecordError:
    return MissingRecordError("No practice item number {number} in this store.", number=number)
