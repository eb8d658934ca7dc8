"""Who got which variant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ustaz_grading.errors import MissingRecordError
from ustaz_grading.records import Issue
from ustaz_grading.store import tables
from ustaz_grading.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLACE = ["course", "assignment", "slot", "student", "round"]


class IssueStore(Database):
    """The part of the store that knows issued variants."""

    def record_issues(self, issues: Iterable[Issue]) -> list[Issue]:
        """Keep the issues and return, in their order, what now holds in each place.

        A place (course, assignment, slot, student, round) is filled once: where it was filled
        before, the earlier issue stays and is returned. All are kept, or none.

        Raises
        ------
        StoreError
            When the database refuses.
        """
        wanted = list(issues)
        if not wanted:
            return []
        rows = [_row(issue) for issue in wanted]
        table = tables.issues
        with self._writing() as connection:
            self._insert_new(connection, table, _PLACE, rows)
            held: dict[tuple[Any, ...], Issue] = {}
            for course, assignment in {(issue.course, issue.assignment) for issue in wanted}:
                query = select(table).where(
                    table.c.course == course, table.c.assignment == assignment
                )
                for row in connection.execute(query).mappings():
                    held[tuple(row[name] for name in _PLACE)] = Issue(**row)
        return [held[tuple(row[name] for name in _PLACE)] for row in rows]

    def issues(
        self, assignment: str, student: str | None = None, *, course: str | None = None
    ) -> list[Issue]:
        """Return an assignment's issues by student, slot and round.

        Parameters
        ----------
        assignment, student, course
            Whose; ``None``: everyone's, of any course in this store.
        """
        table = tables.issues
        query = select(table).where(table.c.assignment == assignment)
        if student is not None:
            query = query.where(table.c.student == student)
        if course is not None:
            query = query.where(table.c.course == course)
        query = query.order_by(table.c.student, table.c.slot, table.c.round)
        with self._reading() as connection:
            return [Issue(**row) for row in connection.execute(query).mappings()]

    def issue(self, number: int) -> Issue:
        """Return the issue with this id.

        Raises
        ------
        MissingRecordError
            When there is none.
        """
        table = tables.issues
        with self._reading() as connection:
            row = connection.execute(select(table).where(table.c.id == number)).mappings().first()
        if row is None:
            raise MissingRecordError("No issue number {number} in this store.", number=number)
        return Issue(**row)

    def issues_by_tag(self, tag: str) -> list[Issue]:
        """Return the issues that carry the tag: usually one, none for a foreign tag."""
        table = tables.issues
        query = select(table).where(table.c.tag == tag).order_by(table.c.id)
        with self._reading() as connection:
            return [Issue(**row) for row in connection.execute(query).mappings()]


def _row(issue: Issue) -> dict[str, Any]:
    names = (column.name for column in tables.issues.columns if column.name != "id")
    row = {name: getattr(issue, name) for name in names}
    row["record"] = dict(issue.record)
    return row
