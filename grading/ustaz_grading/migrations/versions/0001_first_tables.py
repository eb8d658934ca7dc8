"""The first tables.

Written out, not derived from ``store.tables``: a migration says what stood at its time, for good.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the store here."""
    _people()
    _issues()
    _evidence()
    _masteries()
    _practice()


def _people() -> None:
    op.create_table(
        "students",
        _text("id", primary_key=True),
        _text("first_name"),
        _text("last_name"),
        _text("language"),
        _text("interests"),
    )
    op.create_table(
        "template_versions",
        _text("content_hash", primary_key=True),
        _text("template"),
        _number("difficulty"),
        _json("files"),
    )
    op.create_index("template_versions_by_template", "template_versions", ["template"])


def _issues() -> None:
    op.create_table(
        "issues",
        _row_id(),
        _text("course"),
        _text("assignment"),
        _text("slot"),
        _text("student"),
        _count("round"),
        _text("template"),
        _text("content_hash"),
        _json("record"),
        _text("tag"),
        _text("language"),
        _instant("issued_at"),
        sa.UniqueConstraint("course", "assignment", "slot", "student", "round", name="issues_once"),
    )
    op.create_index("issues_by_tag", "issues", ["tag"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        _row_id(),
        _text("course"),
        _text("learner"),
        _instant("at"),
        _text("source"),
        _text("assignment"),
        _text("slot"),
        _text("template"),
        _text("item"),
        _text("content_hash"),
        _text("skills"),
        _number("score"),
        _count("hints_used"),
        _text("language"),
        sa.Column("duration_s", sa.Float()),
        _text("key"),
        sa.Column("corrects", _big(), sa.ForeignKey("evidence.id")),
        sa.UniqueConstraint("course", "key", name="evidence_once"),
    )
    op.create_index("evidence_by_learner", "evidence", ["course", "learner", "id"])
    op.create_index("evidence_by_course", "evidence", ["course", "id"])
    op.create_index(
        "evidence_corrections",
        "evidence",
        ["course", "corrects"],
        sqlite_where=sa.text("corrects IS NOT NULL"),
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )


def _masteries() -> None:
    op.create_table(
        "mastery",
        _text("course", primary_key=True),
        _text("learner", primary_key=True),
        _text("skill", primary_key=True),
        _number("deviation"),
        _number("variance"),
        _count("answers"),
        _instant("updated_at"),
    )
    op.create_table(
        "items",
        _text("course", primary_key=True),
        _text("item", primary_key=True),
        _number("difficulty"),
        _number("variance"),
        _count("answers"),
    )
    op.create_table(
        "skill_levels",
        _text("course", primary_key=True),
        _text("skill", primary_key=True),
        _number("level"),
        _number("dispersion"),
        _number("variance"),
        _count("answers"),
    )
    op.create_table(
        "mastery_state",
        _text("course", primary_key=True),
        sa.Column("last_evidence", _big(), nullable=False),
        _text("model"),
    )


def _practice() -> None:
    op.create_table(
        "practice_items",
        _row_id(),
        _text("student"),
        _text("course"),
        _text("template"),
        _text("content_hash"),
        _json("record"),
        _count("hints_used"),
        _count("attempts"),
        _text("state"),
        _instant("issued_at"),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
    )
    op.create_index("practice_items_by_student", "practice_items", ["course", "student", "id"])
    op.create_table(
        "situation_ranks",
        _text("course", primary_key=True),
        _text("template", primary_key=True),
        _text("content_hash", primary_key=True),
        _text("interest", primary_key=True),
        _text("engine", primary_key=True),
        _json("ranking"),
    )
    op.create_table(
        "faults",
        _row_id(),
        _instant("at"),
        _text("course"),
        _text("assignment"),
        _text("student"),
        _text("stage"),
        _text("message"),
        _text("log"),
    )
    op.create_index("faults_by_course", "faults", ["course", "assignment"])


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _row_id() -> sa.Column[int]:
    return sa.Column("id", _big(), primary_key=True, autoincrement=True)


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), primary_key=primary_key, nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
