"""A course: its curriculum and its bank of templates, read from one folder of text files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ustaz_courses._schema import CourseTable
from ustaz_courses._toml import Lines, read
from ustaz_courses.errors import CourseFaults, CoursesError, Fault, TemplateError
from ustaz_courses.skill import Curriculum, Skill
from ustaz_courses.template import TEMPLATE_FILE, Template, read_files, template_from_files

COURSE_FILE = "course.toml"


@dataclass(frozen=True, slots=True)
class Course:
    """What is taught, and the bank of templates that it is practised with."""

    id: str
    version: str
    languages: tuple[str, ...]
    title: Mapping[str, str]
    description: Mapping[str, str]
    curriculum: Curriculum
    templates: Mapping[str, Template]
    """By id, in the folders' order."""
    folder: Path

    def template(self, template_id: str) -> Template:
        """Return a template by its id.

        Raises
        ------
        TemplateError
            The course has none of this id.
        """
        try:
            return self.templates[template_id]
        except KeyError:
            raise TemplateError(
                "Course {course!r} has no template {template!r}. See `ustaz course list {course}`.",
                course=self.id,
                template=template_id,
            ) from None

    def templates_of(self, skill_id: str) -> tuple[Template, ...]:
        """Return the templates whose main skill it is, easiest first."""
        self.curriculum.skill(skill_id)
        found = [t for t in self.templates.values() if t.skills[0] == skill_id]
        return tuple(sorted(found, key=lambda t: (t.difficulty, t.id)))


def bundled_courses() -> dict[str, Path]:
    """Return the courses that ship with Ustaz: id to folder."""
    library = Path(str(resources.files("ustaz_courses"))) / "library"
    return {
        folder.name: folder
        for folder in sorted(library.iterdir())
        if (folder / COURSE_FILE).is_file()
    }


def load_course(folder: Path, *, progress: Callable[[str], None] | None = None) -> Course:
    """Return the course of a folder.

    Parameters
    ----------
    folder : Path
        Holds `course.toml` and one folder per template.
    progress : callable or None
        Called with each template's id as it is read.

    Raises
    ------
    CourseFaults
        Everything that is wrong with its files, by file and line.
    """
    course, faults = inspect_course(folder, progress=progress)
    if course is None or faults:
        raise CourseFaults(faults)
    return course


def inspect_course(
    folder: Path, *, progress: Callable[[str], None] | None = None
) -> tuple[Course | None, list[Fault]]:
    """Return what could be loaded of a course, and all faults; no course without a curriculum.

    A template with faults is left out of the bank, so that the others can still be verified.
    """
    file = folder / COURSE_FILE
    if not file.is_file():
        return None, [
            Fault(
                COURSE_FILE,
                0,
                "There is no course in {folder}: course.toml is missing.",
                {"folder": str(folder)},
            )
        ]
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return None, [
            Fault(
                COURSE_FILE,
                1,
                "The file is not UTF-8 text (byte {byte}). Save it as UTF-8.",
                {"byte": error.start},
            )
        ]
    table = read(text, COURSE_FILE, CourseTable)
    if isinstance(table, list):
        return None, table
    curriculum, faults = _curriculum(table, Lines(text))
    if curriculum is None:
        return None, faults
    templates: dict[str, Template] = {}
    for child in sorted(path.parent for path in folder.glob(f"*/{TEMPLATE_FILE}")):
        if progress:
            progress(child.name)
        template, found = _template(child, table, curriculum)
        faults += found
        if template is not None:
            templates[template.id] = template
    course = Course(
        id=table.id,
        version=table.version,
        languages=tuple(table.languages),
        title=dict(table.title),
        description=dict(table.description),
        curriculum=curriculum,
        templates=templates,
        folder=folder,
    )
    return course, faults


def _curriculum(table: CourseTable, lines: Lines) -> tuple[Curriculum | None, list[Fault]]:
    faults = [
        Fault(
            COURSE_FILE,
            lines.of("skills", index, "title"),
            "The title of skill {skill!r} lacks {language}. Add it.",
            {"skill": skill.id, "language": language},
        )
        for index, skill in enumerate(table.skills)
        for language in table.languages
        if language not in skill.title
    ] + [
        Fault(
            COURSE_FILE,
            lines.of("title"),
            "The title lacks {language}. Add it.",
            {"language": language},
        )
        for language in table.languages
        if language not in table.title
    ]
    skills = tuple(
        Skill(s.id, dict(s.title), tuple(s.requires), tuple(s.standard)) for s in table.skills
    )
    try:
        return Curriculum(skills), faults
    except CoursesError as error:
        named = error.values.get("skill") or str(error.values.get("circle", "")).split(" → ")[0]
        index = next((i for i, s in enumerate(table.skills) if s.id == named), 0)
        line = lines.of("skills", index, "requires" if "requires" in error.message else "id")
        return None, [*faults, Fault(COURSE_FILE, line, error.message, error.values)]


def _template(
    folder: Path, table: CourseTable, curriculum: Curriculum
) -> tuple[Template | None, list[Fault]]:
    try:
        files = read_files(folder)
        template = template_from_files(files, table.languages)
    except CourseFaults as error:
        return None, [
            Fault(f"{folder.name}/{f.file}", f.line, f.message, f.values) for f in error.faults
        ]
    lines = Lines(files[TEMPLATE_FILE])
    name = f"{folder.name}/{TEMPLATE_FILE}"
    faults = [
        Fault(
            name,
            lines.of("skills"),
            "Skill {skill!r} is unknown; course.toml has: {known}.",
            {"skill": skill, "known": ", ".join(curriculum.order())},
        )
        for skill in template.skills
        if skill not in curriculum
    ]
    if template.id != folder.name:
        faults.append(
            Fault(
                name,
                lines.of("id"),
                "The id {id!r} differs from the folder's name {folder!r}.",
                {"id": template.id, "folder": folder.name},
            )
        )
    return (None if faults else template), faults
