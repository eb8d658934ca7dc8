"""The tables as the newest migration leaves them; a test holds the two together."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    case,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Dialect

HEAD: Final = "0001"
"""The newest migration. Equal to Alembic's head (tested); known here so that opening a store which
is up to date does not import Alembic (0.3 s)."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC as the database wants it."""
        if value is None:
            return None
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored instant, aware and in UTC."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


class Names(TypeDecorator[tuple[str, ...]]):
    """A short tuple of names as JSON text. The same few tuples come again and again: remembered."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        """Return the JSON text."""
        del dialect
        return None if value is None else _names_to_json(tuple(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Return the names."""
        del dialect
        return None if value is None else _names_from_json(value)


@lru_cache(maxsize=4096)
def _names_to_json(names: tuple[str, ...]) -> str:
    return json.dumps(names, ensure_ascii=False)


@lru_cache(maxsize=4096)
def _names_from_json(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


# SQLite numbers rows by itself only in a column that is exactly INTEGER.
RowId = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

students = Table(
    "students",
    metadata,
    Column("id", Text, primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("interests", Names, nullable=False),
)

template_versions = Table(
    "template_versions",
    metadata,
    Column("content_hash", Text, primary_key=True),
    Column("template", Text, nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("files", JSON, nullable=False),
    Index("template_versions_by_template", "template"),
)

issues = Table(
    "issues",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("course", Text, nullable=False),
    Column("assignment", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("template", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("record", JSON, nullable=False),
    Column("tag", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("issued_at", Instant, nullable=False),
    UniqueConstraint("course", "assignment", "slot", "student", "round", name="issues_once"),
    Index("issues_by_tag", "tag"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("course", Text, nullable=False),
    Column("learner", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("assignment", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("skills", Names, nullable=False),
    Column("score", Float, nullable=False),
    Column("hints_used", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("duration_s", Float),
    Column("key", Text, nullable=False),
    Column("corrects", RowId, ForeignKey("evidence.id")),
    UniqueConstraint("course", "key", name="evidence_once"),
    Index("evidence_by_learner", "course", "learner", "id"),
    Index("evidence_by_course", "course", "id"),
    # Corrections are few and asked for at every fold.
    Index(
        "evidence_corrections",
        "course",
        "corrects",
        sqlite_where=text("corrects IS NOT NULL"),
        postgresql_where=text("corrects IS NOT NULL"),
    ),
)

asked: Final = case((evidence.c.item != "", evidence.c.item), else_=evidence.c.template).label(
    "asked"
)
"""What was asked: the item, or the template where no item is named."""

mastery = Table(
    "mastery",
    metadata,
    Column("course", Text, primary_key=True),
    Column("learner", Text, primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("deviation", Float, nullable=False),
    Column("variance", Float, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("course", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("difficulty", Float, nullable=False),
    Column("variance", Float, nullable=False),
    Column("answers", Integer, nullable=False),
)

skill_levels = Table(
    "skill_levels",
    metadata,
    Column("course", Text, primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("level", Float, nullable=False),
    Column("dispersion", Float, nullable=False),
    Column("variance", Float, nullable=False),
    Column("answers", Integer, nullable=False),
)

mastery_state = Table(
    "mastery_state",
    metadata,
    Column("course", Text, primary_key=True),
    Column("last_evidence", RowId, nullable=False),
    Column("model", Text, nullable=False),
)

practice_items = Table(
    "practice_items",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("student", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("record", JSON, nullable=False),
    Column("hints_used", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Index("practice_items_by_student", "course", "student", "id"),
)

situation_ranks = Table(
    "situation_ranks",
    metadata,
    Column("course", Text, primary_key=True),
    Column("template", Text, primary_key=True),
    Column("content_hash", Text, primary_key=True),
    Column("interest", Text, primary_key=True),
    Column("engine", Text, primary_key=True),
    Column("ranking", JSON, nullable=False),
)

faults = Table(
    "faults",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("course", Text, nullable=False),
    Column("assignment", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("log", Text, nullable=False),
    Index("faults_by_course", "course", "assignment"),
)
