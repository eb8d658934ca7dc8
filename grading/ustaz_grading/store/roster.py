"""Students and the versions of templates that they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from ustaz_grading.errors import MissingRecordError
from ustaz_grading.records import Student, TemplateVersion
from ustaz_grading.store import tables
from ustaz_grading.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class KeptTemplate(Protocol):
    """What the store needs of a template; ``ustaz_courses.Template`` has it."""

    @property
    def id(self) -> str:
        """The template's id."""

    @property
    def content_hash(self) -> str:
        """Names exactly this text of the template."""

    @property
    def difficulty(self) -> float:
        """The author's, 0 easy … 1 hard."""

    @property
    def files(self) -> Mapping[str, str]:
        """Texts by path inside the template's folder."""


class RosterStore(Database):
    """The part of the store that knows students and templates' versions."""

    def add_students(self, students: Iterable[Student]) -> int:
        """Add students, or bring known ones up to date; return how many there were.

        Raises
        ------
        StoreError
            When the database refuses; then none was added.
        """
        rows = [
            {
                "id": student.id,
                "first_name": student.first_name,
                "last_name": student.last_name,
                "language": student.language,
                "interests": student.interests,
            }
            for student in students
        ]
        with self._writing() as connection:
            self._upsert(connection, tables.students, ["id"], rows)
        return len(rows)

    def students(self) -> list[Student]:
        """Return everyone on the class list, by id."""
        with self._reading() as connection:
            found = connection.execute(select(tables.students).order_by(tables.students.c.id))
            return [Student(**row) for row in found.mappings()]

    def student(self, student: str) -> Student:
        """Return one student.

        Raises
        ------
        MissingRecordError
            When nobody has this id.
        """
        table = tables.students
        with self._reading() as connection:
            row = connection.execute(select(table).where(table.c.id == student)).mappings().first()
        if row is None:
            raise MissingRecordError(
                "No student {student!r} on the class list; add them with ustaz students add FILE.",
                student=student,
            )
        return Student(**row)

    def save_template_version(self, template: KeptTemplate) -> None:
        """Keep the template's text under its content hash; a known hash changes nothing."""
        row = {
            "content_hash": template.content_hash,
            "template": template.id,
            "difficulty": float(template.difficulty),
            "files": dict(template.files),
        }
        with self._writing() as connection:
            self._insert_new(connection, tables.template_versions, ["content_hash"], [row])

    def template_version(self, content_hash: str) -> TemplateVersion:
        """Return the template's text as it was under this hash.

        Raises
        ------
        MissingRecordError
            When no such version was ever kept.
        """
        table = tables.template_versions
        query = select(table).where(table.c.content_hash == content_hash)
        with self._reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise MissingRecordError(
                "No template version {content_hash!r} in this store; it is kept when a variant of"
                " it is issued.",
                content_hash=content_hash,
            )
        return TemplateVersion(**row)

    def template_files(self, content_hash: str) -> Mapping[str, str]:
        """Return the files of a kept version; see ``template_version``."""
        return self.template_version(content_hash).files
