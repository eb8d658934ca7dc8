"""The bundled course Introduction to Python: complete, verified in the sandbox, helpful."""

import pytest
from ustaz_courses import bundled_courses, check_course, instantiate, load_course
from ustaz_courses.reference import reference_response
from ustaz_courses.verify.run import seed_of
from ustaz_grading.coderunner import CodeRunner

FOLDER = bundled_courses()["python-intro"]
COURSE = load_course(FOLDER)
TEMPLATES = list(COURSE.templates.values())
CODE = [t for t in TEMPLATES if t.kind == "code"]
KEYED = [t for t in TEMPLATES if t.kind != "code"]


def drawn(template, number=0):
    return instantiate(template, seed_of(template, number))


def test_course_has_a_whole_curriculum_and_mostly_programs():
    practised = {skill for t in TEMPLATES for skill in t.skills}
    assert len(COURSE.curriculum.order()) >= 10
    assert practised == set(COURSE.curriculum.order())
    assert len(TEMPLATES) >= 24
    assert len(CODE) >= 18
    assert len(CODE) > len(KEYED) >= 6
    assert {t.kind for t in KEYED} == {"number", "choice", "multiple", "order", "set"}


def test_every_skill_names_its_place_in_the_standard():
    order = COURSE.curriculum.order()
    assert all(COURSE.curriculum.skill(skill).standard for skill in order)
    assert sum(bool(COURSE.curriculum.skill(skill).requires) for skill in order) >= 10


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)
def test_every_template_helps_in_three_languages(template):
    assert set(template.languages) == {"kk", "ru", "en"}
    for language in template.languages:
        text = drawn(template).text(language)
        assert len(text.hints) >= 2
        assert len(text.solution) > 80
        assert "{{" not in text.prompt + text.solution + "".join(text.hints)


@pytest.mark.parametrize("template", KEYED, ids=lambda t: t.id)
def test_every_misconception_is_answered_with_its_own_feedback(template):
    assert len(template.misconceptions) >= 2
    variant = drawn(template)
    for name, wrong in variant.misconceptions.items():
        for language in template.languages:
            judged = variant.check(reference_response(wrong, language), language)
            assert judged.misconception == name
            assert judged.score < 1
            assert judged.message == variant.text(language).feedback[name]


@pytest.mark.parametrize("template", CODE, ids=lambda t: t.id)
def test_every_test_cell_has_a_message_and_some_are_hidden(template):
    tests = template.exercise.tests
    assert {t.hidden for t in tests} == {True, False}
    for language in template.languages:
        messages = drawn(template).text(language).messages
        assert all(t.message in messages for t in tests)


@pytest.mark.parametrize("template", CODE, ids=lambda t: t.id)
def test_starter_speaks_the_students_language(template):
    starters = {drawn(template).text(language).starter for language in template.languages}
    assert len(starters) == 3
    for starter in starters:
        compile(starter, "starter", "exec")


@pytest.mark.slow
def test_course_passes_verification_in_the_sandbox():
    report = check_course(FOLDER, seeds=100, runner=CodeRunner())
    assert report.faults == ()
    assert [str(f) for r in report.reports for f in r.findings if not f.advice] == []
    assert report.ok
    assert len(report.reports) == len(TEMPLATES)


@pytest.mark.slow
def test_judged_solution_is_right_and_starter_is_told_where_to_look():
    template = COURSE.template("electricity-bill")
    variant = drawn(template)
    runs = CodeRunner()(
        [
            variant.code_job(variant.solution_program()),
            variant.code_job(variant.text("kk").starter),
        ]
    )
    solved, started = (variant.judge_code(run, "kk") for run in runs)
    assert (solved.outcome, solved.score) == ("right", 1.0)
    assert started.score < 1
    said = {v.message.split("\n")[0] for v in started.tests if not v.passed}
    assert said <= set(variant.text("kk").messages.values())
    assert said


OTHER_WAYS = {
    "seat-labels": """
rows = int(input("rows? "))
seat = {{ first }}
while rows > 0:
    for _ in range({{ seats }}):
        print(seat, end=" ")
        seat += {{ step }}
    print()
    rows -= 1
""",
    "judges-score": """
def score(marks):
    kept = sorted(marks)[1:-1]
    return sum(kept) * {{ factor }} - {{ penalty }} if kept else 0
""",
    "pack-boxes": """
n = int(input())
print(*divmod(n, {{ size }}), sep=chr(10))
""",
    "frosty-days": """
def days_off(temps):
    return [{{ first }} + i for i, t in enumerate(temps) if t <= {{ limit }}]
""",
    "promo-code": """
import re

def is_code(text):
    pattern = "[A-Z]" * {{ n }} + re.escape("{{ sign }}") + "[0-9]" * {{ d }}
    return bool(re.fullmatch(pattern, text))
""",
}


@pytest.mark.slow
def test_programs_written_another_way_are_right():
    variants = [drawn(COURSE.template(name)) for name in OTHER_WAYS]
    jobs = []
    for variant, source in zip(variants, OTHER_WAYS.values(), strict=True):
        for name, value in variant.values.items():
            source = source.replace("{{ " + name + " }}", str(value))  # noqa: PLW2901
        assert "{{" not in source
        jobs.append(variant.code_job(source))
    judged = [v.judge_code(r, "en") for v, r in zip(variants, CodeRunner()(jobs), strict=True)]
    assert {n: j.score for n, j in zip(OTHER_WAYS, judged, strict=True)} == dict.fromkeys(
        OTHER_WAYS, 1.0
    )
