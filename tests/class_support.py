"""Classes for tests of the class's plot, drawn by chance from a seed, some with hostile names."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
from ustaz_grading.profiles import Cohort
from ustaz_grading.records import Answer

HOSTILE = (
    "<script>window.harmed=1</script>",
    '"><img src=x onerror="window.harmed=1">',
    "</script><script>window.harmed=1</script>",
    '<a href="javascript:window.harmed=1">here</a>',
    "{{ 7*7 }} {name} %{x} $x^2$",
    "&lt;b&gt; &amp; <b>bold</b>",
    "Әбдіқадыров Құдайберген-Жолымбетұлы Өтеғали-Шоқанұлы Үмбетбайұлы",
    "line\nbreak\u2028and \u202edirection",
    "",
)
NAMES = ("Ахметов Әли", "Әбілова Айгүл", "Қасым Нұрлан", "Кузнецова Ольга", "Өмір Іңкәр", "Ян Юн")
START = datetime(2026, 9, 1, 8, tzinfo=UTC)


def make_cohort(
    students: int = 12, skills: int = 5, *, seed: int = 1, hostile: bool = False
) -> Cohort:
    """Return a class; its last student and its last skill have no answers."""
    drawn = random.Random(seed)  # noqa: S311 - repeatable
    shape = (students, skills)
    mean, sd = np.full(shape, np.nan), np.full(shape, np.nan)
    answers = np.zeros(shape, dtype=np.int64)
    recent: dict[tuple[str, str], tuple[Answer, ...]] = {}
    learners = tuple(f"s{number:04}" for number in range(students))
    ids = tuple(f"skill-{number}" for number in range(skills))
    for row in range(students - 1):
        ability = drawn.gauss(0.3, 1.5)
        for column in range(skills - 1):
            count = drawn.randrange(0, 40)
            if not count:
                continue
            mean[row, column] = ability - 0.2 * column
            sd[row, column] = (1 / (1 + count)) ** 0.5
            answers[row, column] = count
            recent[learners[row], ids[column]] = tuple(
                Answer(
                    f"Exercise {number}",
                    START + timedelta(days=count - number),
                    drawn.randrange(5) / 4,
                    drawn.randrange(3),
                )
                for number in range(min(count, 10))
            )
    names = [f"{NAMES[row % len(NAMES)]} {row // len(NAMES)}" for row in range(students)]
    titles = [f"Skill {column}: дағды" for column in range(skills)]
    if hostile:
        names[: len(HOSTILE)] = HOSTILE[:students]
        titles[: len(HOSTILE)] = HOSTILE[:skills]
    return Cohort(
        course="algebra",
        learners=learners,
        names=tuple(names),
        skills=ids,
        titles=tuple(titles),
        mean=mean,
        sd=sd,
        answers=answers,
        recent=recent,
    )
