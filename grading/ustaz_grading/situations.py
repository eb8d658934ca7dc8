"""Which of a template's approved stories suits a student's interest, ranked by a language model.

The model writes nothing: it says how likely it is that a story "is for pupils who are interested
in" something, against how likely that is of other interests. A small model is fit for that, and
what it gets wrong costs a student a less fitting story, never a wrong exercise. A teacher's own
labels come first: only among the stories that carry the interest, or among all where none does, the
ranking chooses. A ranking is kept under the template's content and the engine's name, and asked for
once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from ustaz_courses import instantiate

from ustaz_grading.progress import Progress, silent
from ustaz_grading.records import SituationRank, Student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ustaz_courses import Template
    from ustaz_courses.template import Situation

    from ustaz_grading.classroom import Classroom
    from ustaz_grading.store import Store

LANGUAGE: Final = "en"
"""The language that the stories are read in: a small model knows it best."""
CONTRAST: Final[Mapping[str, str]] = {
    "sport": "sports",
    "music": "music",
    "technology": "computers",
    "travel": "travel",
    "money": "money",
    "animals": "animals",
    "nature": "nature",
    "food": "food",
    "games": "games",
    "art": "art",
    "space": "space",
}
"""Interests by their keys, in words that the model knows; each is measured against all of them."""
INTEREST_CHARACTERS_MAX: Final = 40
"""An interest is a word or two; class lists are foreign text."""

_SEED: Final = b"the same numbers in every story"


class Ranker(Protocol):
    """What is needed of an engine; `ustaz_kernels.engine.Engine` has it."""

    @property
    def name(self) -> str:
        """Names the model and how it runs."""

    def likelihood(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return mean log-probabilities of the continuations."""


@dataclass(frozen=True, slots=True)
class RankReport:
    """What a run over a class's templates and interests did."""

    engine: str
    templates: int
    """Templates with stories to choose from."""
    interests: int
    ranked: int
    """Rankings made now; the others were kept from before."""
    kept: int


def rank_situations(
    engine: Ranker, template: Template, interests: Sequence[str]
) -> dict[str, list[tuple[str, float]]]:
    """Return, for each interest, a template's situations with their scores, the best first.

    Parameters
    ----------
    engine : Ranker
        Gives likelihoods; asked once, because every story is then read once for all interests.
    template : Template
        With situations.
    interests : sequence of str
        Keys of `CONTRAST`, or any words.

    Returns
    -------
    dict
        Score: log-probability of the interest after the story, less its mean over the interests of
        `CONTRAST`; positive where the story suits it better than an average interest.

    Raises
    ------
    EngineError
        The engine failed.
    """
    words = list(dict.fromkeys([*map(_word, interests), *CONTRAST.values()]))
    pairs = [
        (context, f" {word}")
        for context in (_context(template, situation) for situation in template.situations)
        for word in words
    ]
    scores = engine.likelihood(pairs)
    rows = {
        situation.id: dict(zip(words, scores[place : place + len(words)], strict=True))
        for situation, place in zip(
            template.situations, range(0, len(scores), len(words)), strict=True
        )
    }
    usual = {
        name: sum(row[w] for w in CONTRAST.values()) / len(CONTRAST) for name, row in rows.items()
    }
    return {
        interest: sorted(
            ((name, row[_word(interest)] - usual[name]) for name, row in rows.items()),
            key=lambda pair: (-pair[1], pair[0]),
        )
        for interest in interests
    }


def rank_all(
    store: Store,
    course: str,
    engine: Ranker,
    templates: Iterable[Template],
    interests: Iterable[str],
    *,
    progress: Progress = silent,
) -> RankReport:
    """Rank every template's situations for every interest, what is known already left out.

    A template's rankings are stored when they are made, so that an interrupted run goes on where
    it stopped.

    Raises
    ------
    EngineError
        The engine failed.
    StoreError
        The database refuses.
    """
    wanted = sorted({clean for name in interests if (clean := clean_interest(name))})
    choosable = [template for template in templates if len(template.situations) > 1]
    ranked = kept = 0
    for number, template in enumerate(choosable):
        progress("stories", number, len(choosable))
        missing = [
            interest
            for interest in wanted
            if _kept(store, course, template, interest, engine.name) is None
        ]
        kept += len(wanted) - len(missing)
        found = rank_situations(engine, template, missing) if missing else {}
        for interest, ranking in found.items():
            store.save_situation_rank(
                SituationRank(
                    course=course,
                    template=template.id,
                    content_hash=template.content_hash,
                    interest=interest,
                    engine=engine.name,
                    ranking=tuple(ranking),
                )
            )
        ranked += len(found)
    progress("stories", len(choosable), len(choosable))
    return RankReport(engine.name, len(choosable), len(wanted), ranked, kept)


def chooser(classroom: Classroom, engine: Ranker) -> Callable[[Template, Student], str | None]:
    """Return what chooses a student's story: their first interest that any story suits decides.

    Parameters
    ----------
    classroom : Classroom
        Whose store keeps the rankings; one that is missing is made when it is asked for.
    engine : Ranker
        Ranks.
    """
    store, course = classroom.store, classroom.config.course_id

    def choose(template: Template, student: Student) -> str | None:
        if len(template.situations) < 2:
            return None
        for name in student.interests:
            interest = clean_interest(name)
            if not interest:
                continue
            found = _kept(store, course, template, interest, engine.name)
            if found is None:
                rank_all(store, course, engine, [template], [interest])
                found = _kept(store, course, template, interest, engine.name)
            if found and (chosen := pick(template, interest, found)):
                return chosen
        return None

    return choose


def pick(template: Template, interest: str, ranking: Iterable[tuple[str, float]]) -> str | None:
    """Return the best ranked story among those labelled with the interest, else among all.

    None where no story is labelled and none scores above an average interest.
    """
    labelled = {s.id for s in template.situations if interest in s.interests}
    for situation, score in ranking:
        if situation in labelled or (not labelled and score > 0):
            return situation
    return None


def clean_interest(name: str) -> str:
    """Return an interest as it is ranked under; empty where it is no word.

    Examples
    --------
    >>> clean_interest(" Sport "), clean_interest("x" * 50), clean_interest("<b>")
    ('sport', '', '')
    """
    text = " ".join(name.split()).lower()
    plain = all(letter.isalpha() or letter in " -" for letter in text)
    return text if plain and len(text) <= INTEREST_CHARACTERS_MAX else ""


def _kept(
    store: Store, course: str, template: Template, interest: str, engine: str
) -> tuple[tuple[str, float], ...] | None:
    rank = store.situation_rank(course, template.id, template.content_hash, interest, engine)
    return None if rank is None else rank.ranking


def _word(interest: str) -> str:
    return CONTRAST.get(interest, interest)


def _context(template: Template, situation: Situation) -> str:
    language = LANGUAGE if LANGUAGE in template.languages else template.languages[0]
    variant = instantiate(template, _SEED, situation=situation.id)
    story = " ".join(variant.prompt(language).split())
    return f"{story} This story is for pupils who are interested in"
