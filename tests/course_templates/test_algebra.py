"""The bundled course Algebra 7–9: whole, in three languages, and right on what it draws."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from ustaz_courses import (
    Course,
    Template,
    bundled_courses,
    check_course,
    inspect_course,
    load_course,
)
from ustaz_courses.variant import instantiate
from ustaz_courses.verify.run import seed_of

COURSE = bundled_courses()["algebra-7-9"]
LANGUAGES = ("kk", "ru", "en")
#: Skills that a learner is to be led through from easy to hard, and how many steps there are.
LADDERS = {
    "linear-equations": 4,
    "quadratic-equations": 4,
    "percent": 4,
    "factoring": 3,
    "linear-functions": 3,
}
INTERESTS = {
    "sport", "music", "technology", "travel", "money", "nature", "animals", "food", "space",
    "art", "games", "reading", "school", "family",
}  # fmt: skip
FORMULA = re.compile(r"(?s)\$\$?(.+?)\$\$?")
TEMPLATES = sorted(folder.parent.name for folder in COURSE.glob("*/template.toml"))


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(COURSE)


@pytest.fixture
def template(course: Course, request: pytest.FixtureRequest) -> Template:
    return course.templates[request.param]


def test_every_file_of_it_is_sound() -> None:
    _, faults = inspect_course(COURSE)
    assert [str(fault) for fault in faults] == []


def test_it_is_as_large_as_promised(course: Course) -> None:
    assert len(course.curriculum.skills) >= 12
    assert len(course.templates) >= 36


def test_every_skill_leads_some_template(course: Course) -> None:
    leading = Counter(template.skills[0] for template in course.templates.values())
    assert set(course.curriculum.order()) == set(leading)


@pytest.mark.parametrize(("skill", "steps"), LADDERS.items(), ids=LADDERS)
def test_an_important_skill_is_climbed_in_steps(course: Course, skill: str, steps: int) -> None:
    found = sorted({t.difficulty for t in course.templates.values() if t.skills[0] == skill})
    assert len(found) >= steps
    assert found[0] <= 0.3
    assert all(higher - lower <= 0.25 for lower, higher in pairwise(found))


def test_every_kind_but_code_is_practised(course: Course) -> None:
    kinds = Counter(template.kind for template in course.templates.values())
    wanted = {"number", "expression", "set", "matrix", "choice", "multiple", "order", "text"}
    assert set(kinds) == wanted
    assert kinds["text"] >= 2


def test_word_problems_tell_stories_of_many_interests(course: Course) -> None:
    stories = [t for t in course.templates.values() if t.situations]
    assert len(stories) >= 8
    named = {i for t in stories for s in t.situations for i in s.interests}
    assert named <= INTERESTS
    assert {"sport", "music", "technology", "travel", "animals", "food", "space", "art"} <= named
    for template in stories:
        assert len(template.situations) >= 3, template.id
        assert all(situation.interests for situation in template.situations), template.id


@pytest.mark.parametrize("template", TEMPLATES, indirect=True)
def test_a_template_helps_and_recognises(template: Template) -> None:
    assert set(template.languages) == set(LANGUAGES)
    for prompt in template.prompts.values():
        assert len(prompt.hints()) >= 2
        assert "Solution" in prompt.sections
    if template.kind == "text":  # read by a person: a rubric stands where misconceptions would
        assert len(template.answer.rubric or []) >= 2
    else:
        assert len(template.misconceptions) >= 2


@pytest.mark.parametrize("template", TEMPLATES, indirect=True)
def test_formulae_read_as_in_a_textbook(template: Template) -> None:
    ugly = ("+ -", "- -", "+ +", "^{1}", " 1x", " 1y", "(1x", "{1x", "--")
    for number in range(12):
        variant = instantiate(template, seed_of(template, number))
        for language in LANGUAGES:
            text = variant.text(language)
            options = (option.text for option in text.options)
            said = "\n".join((text.prompt, text.solution, *text.hints, *options))
            assert "{{" not in said
            for formula in FORMULA.findall(said):
                assert not [mark for mark in ugly if mark in formula], formula


@pytest.mark.parametrize("template", TEMPLATES, indirect=True)
def test_no_learner_is_addressed_in_the_familiar_form(template: Template) -> None:
    familiar = {"реши", "найди", "вычисли", "ты", "твой", "сен", "сенің", "шеш", "тап"}
    for language in ("kk", "ru"):
        for name, text in template.prompts[language].sections.items():
            words = {word.strip(".,:;?!()«»—").lower() for word in text.source.split()}
            assert not words & familiar, (language, name, words & familiar)


@pytest.mark.slow
def test_the_machine_finds_nothing_to_mend() -> None:
    report = check_course(COURSE, seeds=60)
    assert report.ok, [f"{r.template}: {f}" for r in report.reports for f in r.faults]
