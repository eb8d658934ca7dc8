"""Judged answers: rows are only ever added."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from ustaz_grading.errors import InvalidRecordError
from ustaz_grading.records import Answer, Evidence
from ustaz_grading.store import tables
from ustaz_grading.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Select

CHUNK_ROWS: Final = 10_000
"""Rows sent or fetched at once: bounds memory; larger chunks are no faster."""

_NAMES: Final = tuple(column.name for column in tables.evidence.columns)
_NAMES_ADDED: Final = _NAMES[1:]
_ADDED: Final = attrgetter(*_NAMES_ADDED)


class EvidenceStore(Database):
    """The part of the store that knows evidence."""

    def add_evidence(self, rows: Iterable[Evidence]) -> int:
        """Append the rows whose key is new in their course; return how many were.

        All new rows are kept, or none. Writers take turns, so that rows' ids grow in the order in
        which they become visible.

        Raises
        ------
        InvalidRecordError
            When a row corrects one that its course does not have.
        StoreError
            When the database refuses.
        """
        added = 0
        with self._writing(evidence=True) as connection:
            for chunk in _chunks(rows):
                for row in chunk:
                    if row.corrects is not None:
                        _check_correction(
                            connection.execute(_course_of(row.corrects)).scalar(), row
                        )
                values = [_values(row) for row in chunk]
                added += self._insert_new(connection, tables.evidence, ["course", "key"], values)
        return added

    def evidence(
        self,
        course: str,
        learner: str | None = None,
        since: int = 0,
        *,
        latest: int | None = None,
    ) -> list[Evidence]:
        """Return a course's rows in the order of their ids.

        Parameters
        ----------
        course
            The course's id.
        learner
            Only this learner's; ``None``: all.
        since
            Only rows with an id above this.
        latest
            Only this many of the newest.
        """
        query = _query(course, since)
        if learner is not None:
            query = query.where(tables.evidence.c.learner == learner)
        if latest is not None:
            query = query.order_by(None).order_by(tables.evidence.c.id.desc()).limit(latest)
        with self._reading() as connection:
            found = [_evidence(row) for row in connection.execute(query)]
        return found[::-1] if latest is not None else found

    def evidence_stream(self, course: str, since: int = 0) -> Iterator[Evidence]:
        """Yield a course's rows in the order of their ids, holding only some in memory."""
        with self._reading() as connection:
            streamed = connection.execution_options(yield_per=CHUNK_ROWS)
            for row in streamed.execute(_query(course, since)):
                yield _evidence(row)

    def recent_answers(
        self, course: str, count: int, learner: str | None = None
    ) -> dict[tuple[str, str], tuple[Answer, ...]]:
        """Return by (learner, skill) the last answers that hold, newest first.

        Parameters
        ----------
        course, learner
            Whose; ``None``: everyone's.
        count
            How many for each learner and skill.
        """
        c = tables.evidence.c
        replaced = select(c.corrects).where(c.course == course, c.corrects.is_not(None))
        place = func.row_number().over(partition_by=(c.learner, c.skills), order_by=c.id.desc())
        ranked = select(
            c.id,
            c.learner,
            c.skills,
            tables.asked,
            c.at,
            c.score,
            c.hints_used,
            place.label("place"),
        ).where(c.course == course, c.id.not_in(replaced))
        if learner is not None:
            ranked = ranked.where(c.learner == learner)
        rows = ranked.subquery()
        query = select(rows).where(rows.c.place <= count).order_by(rows.c.id.desc())
        found: dict[tuple[str, str], list[Answer]] = {}
        with self._reading() as connection:
            for _, who, skills, item, at, score, hints_used, _ in connection.execute(query):
                answer = Answer(item, at, score, hints_used)
                for skill in skills:
                    answers = found.setdefault((who, skill), [])
                    if len(answers) < count:
                        answers.append(answer)
        return {key: tuple(answers) for key, answers in found.items()}

    def evidence_count(self, course: str, learners: Collection[str] | None = None) -> int:
        """Return how many rows a course (and, when given, these learners in it) has."""
        table = tables.evidence
        query = select(func.count()).where(table.c.course == course)
        if learners is not None:
            query = query.where(table.c.learner.in_(learners))
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one())

    def evidence_courses(self) -> list[str]:
        """Return the courses that have evidence, by id."""
        table = tables.evidence
        with self._reading() as connection:
            found = connection.execute(select(table.c.course).distinct().order_by(table.c.course))
            return [str(course) for course in found.scalars()]


def _query(course: str, since: int) -> Select[Any]:
    table = tables.evidence
    return select(table).where(table.c.course == course, table.c.id > since).order_by(table.c.id)


def _course_of(number: int) -> Select[Any]:
    return select(tables.evidence.c.course).where(tables.evidence.c.id == number)


def _check_correction(course: str | None, row: Evidence) -> None:
    if course != row.course:
        raise InvalidRecordError(
            "Evidence {key!r} corrects row {number}, which {course!r} does not have; give the id of"
            " a row of this course.",
            key=row.key,
            number=row.corrects,
            course=row.course,
        )


def _chunks(rows: Iterable[Evidence]) -> Iterator[Sequence[Evidence]]:
    chunk: list[Evidence] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _values(row: Evidence) -> dict[str, Any]:
    return dict(zip(_NAMES_ADDED, _ADDED(row), strict=True))


def _evidence(row: Any) -> Evidence:
    return Evidence(**dict(zip(_NAMES, row, strict=True)))
