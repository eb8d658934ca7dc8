"""What the practice service takes: JSON objects of a known shape and size, and nothing else."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ustaz_lab.problems import Refusal

BODY_BYTES_MAX: Final = 96 * 1024
"""The longest program in letters of three bytes each, with room for the rest."""
TEXT_CHARACTERS_MAX: Final = 20_000
"""A response as text: some 500 lines of a program."""
LABELS_MAX: Final = 60
"""Chosen options or ordered lines; no template has as many."""
COUNT_MAX: Final = 100_000

ItemId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]
SkillId = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,100}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=16)]
Count = Annotated[int, Field(ge=0, le=COUNT_MAX)]


class Body(BaseModel):
    """Base of all bodies: no unknown names, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NextBody(Body):
    """Asks for an exercise."""

    skill: SkillId | None = None
    """``None``: chosen by where the student stands."""
    after: ItemId | None = None
    """The exercise that the student leaves."""


class AnswerBody(Body):
    """Hands a response in."""

    item: ItemId
    response: (
        Annotated[str, StringConstraints(max_length=TEXT_CHARACTERS_MAX)]
        | Annotated[list[Label], Field(max_length=LABELS_MAX)]
    )
    attempt: Count | None = None
    """A number that was judged already marks a repeated request."""


class HintBody(Body):
    """Asks for one more hint."""

    item: ItemId
    shown: Count | None = None
    """Hints that the student already sees."""


class SolutionBody(Body):
    """Gives an exercise up."""

    item: ItemId
    do: Literal["give-up"]
    """Said in full, so that no half-written request gives anything up."""


AnyBody = TypeVar("AnyBody", bound=Body)


def read_body(kind: type[AnyBody], data: bytes) -> AnyBody:
    """Return a request's body.

    Raises
    ------
    Refusal
        It is too long, no JSON object, or not of this shape; the message names the place.
    """
    if len(data) > BODY_BYTES_MAX:
        raise Refusal(
            413,
            "The request is {size} bytes long; at most {limit} are taken.",
            "Shorten your answer and send it again.",
            size=len(data),
            limit=BODY_BYTES_MAX,
        )
    try:
        return kind.model_validate_json(data or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise Refusal(
            400,
            "The request cannot be understood at {place!r}: {reason}.",
            "Reload the page. If it stays so, tell your teacher.",
            place=".".join(map(str, first["loc"]))[:80] or "body",
            reason=first["msg"][:200],
        ) from error
