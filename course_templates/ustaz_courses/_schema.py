"""The shape of `course.toml` and `template.toml`, checked as the files come in."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from ustaz_courses._toml import Strict

Kind = Literal[
    "number", "expression", "set", "matrix", "choice", "multiple", "order", "code", "text"
]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$", max_length=64)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z]\w*$", max_length=32)]
LanguageCode = Annotated[str, Field(pattern=r"^(kk|ru|en)$")]
Titles = dict[LanguageCode, StrictStr]
Source = Annotated[StrictStr | StrictInt | Decimal, Field()]
Row = dict[LanguageCode, StrictStr | dict[str, StrictStr]]


class SkillTable(Strict):
    """One `[[skills]]` table."""

    id: Id
    requires: list[Id] = []
    standard: list[StrictStr] = []
    title: Titles


class CourseTable(Strict):
    """`course.toml`."""

    id: Id
    version: StrictStr
    languages: list[Literal["kk", "ru", "en"]]
    title: Titles
    description: Titles = {}
    skills: list[SkillTable]


class ParameterTable(Strict):
    """One entry of `[parameters]`; exactly one domain."""

    integers: list[StrictInt] | None = None
    decimals: list[StrictInt | Decimal] | None = None
    rationals: list[StrictInt] | None = None
    denominators: list[StrictInt] | None = None
    choices: list[StrictInt | Decimal | StrictStr] | None = None
    texts: list[StrictStr] | None = None
    words: list[Row] | None = None
    exclude: list[StrictInt | Decimal] = []
    step: StrictInt | Decimal | None = None


class OptionTable(Strict):
    """One `[[answer.options]]` table."""

    id: Key
    correct: StrictBool = False
    text: StrictStr | None = None


class LineTable(Strict):
    """One `[[answer.lines]]` table."""

    id: Key
    text: StrictStr | None = None
    distractor: StrictBool = False


class RubricTable(Strict):
    """One `[[answer.rubric]]` table."""

    id: Key
    points: StrictInt | Decimal


class AnswerTable(Strict):
    """`[answer]`; which keys belong to which kind is checked by `ustaz_courses.answerkey`."""

    value: Source | None = None
    tolerance: Source | None = None
    relative_tolerance: Source | None = None
    decimals: Annotated[int, Field(ge=0, le=12)] | None = None
    unit: StrictStr | None = None
    unit_required: StrictBool = False
    form: Literal["any", "expanded", "factored"] = "any"
    values: list[Source] | None = None
    ordered: StrictBool = False
    rows: list[list[Source]] | None = None
    options: list[OptionTable] | None = None
    lines: list[LineTable] | None = None
    code: StrictBool = False
    rubric: list[RubricTable] | None = None
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 2.0


class MisconceptionTable(Strict):
    """One `[[misconceptions]]` table."""

    id: Key
    value: Source | None = None
    values: list[Source] | None = None
    rows: list[list[Source]] | None = None
    option: Key | None = None
    options: list[Key] | None = None
    order: list[Key] | None = None


class SituationTable(Strict):
    """One `[[situations]]` table."""

    id: Key
    interests: list[StrictStr] = []
    words: dict[str, Row]


class ProvenanceTable(Strict):
    """`[provenance]`: who or what wrote the template."""

    maker: Literal["human", "model", "blueprint"]
    author: StrictStr = ""
    model: StrictStr = ""
    prompt: StrictStr = ""
    seed: StrictInt | None = None
    note: StrictStr = ""


class TemplateTable(Strict):
    """`template.toml`."""

    id: Id
    version: Annotated[int, Field(ge=1)] = 1
    kind: Kind
    skills: Annotated[list[Id], Field(min_length=1)]
    difficulty: Annotated[Decimal | StrictInt, Field(ge=0, le=1)]
    points: Annotated[Decimal | StrictInt, Field(gt=0, le=1000)] = 1
    minutes: Annotated[Decimal | StrictInt, Field(gt=0, le=600)] = 3
    title: Titles
    symbols: list[Name] = []
    constraints: list[StrictStr] = []
    provenance: ProvenanceTable
    parameters: dict[Name, ParameterTable] = {}
    derived: dict[Name, Source] = {}
    formulas: dict[Name, StrictStr] = {}
    answer: AnswerTable = AnswerTable()
    misconceptions: list[MisconceptionTable] = []
    situations: list[SituationTable] = []
