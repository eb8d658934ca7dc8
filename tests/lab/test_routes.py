"""The workbench's server part on a real Jupyter server: what it tells, and whom it refuses."""

import re
from datetime import UTC, datetime

import pytest
from lab_support import jupyter_server
from practice_support import small_classroom
from ustaz_grading.classroom import Classroom
from ustaz_grading.records import Evidence, Student
from ustaz_lab import classplot
from ustaz_widgets.teacher.page import POLICY

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
TEMPLATE = ("courses", "class-7a", "templates", "small", "two-steps")
ROUTES = [
    ("courses",),
    ("courses", "class-7a", "assignments"),
    ("courses", "class-7a", "class.html"),
    ("courses", "class-7a", "templates"),
    (*TEMPLATE, "preview"),
    (*TEMPLATE, "verification"),
    ("courses", "no-such-class", "assignments"),
    ("no-such-route",),
]


def answer_of(learner):
    return Evidence(
        course="class-7a",
        learner=learner,
        at=datetime(2026, 9, 1, tzinfo=UTC),
        source="import",
        item=HOSTILE,
        skills=("arithmetic",),
        score=1.0,
        key="1",
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("server")
    work = root / "work"
    room = small_classroom(work / "year" / "small-class")
    room.store.add_students([Student(id="mallory", first_name=HOSTILE, language="en")])
    room.store.add_evidence([answer_of("mallory")])
    plain = room.root / "source" / "warm-up"
    plain.mkdir(parents=True)
    (room.root / "assignments" / "broken.toml").write_text("title = [", encoding="utf-8")
    room.close()
    Classroom.create(work / "empty", course_id="Сынып 8Б").close()
    spoilt = work / "spoilt"
    spoilt.mkdir()
    (spoilt / "ustaz.toml").write_text("course_id = 3", encoding="utf-8")
    with jupyter_server(work, root / "home") as found:
        yield found


@pytest.mark.parametrize("segments", ROUTES, ids="/".join)
@pytest.mark.parametrize("token", [None, "wrong"])
def test_stranger_is_refused(server, segments, token):
    answer = server.get(*segments, token=token)
    assert answer.status == 403
    assert "small" not in answer.text
    assert "mallory" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(server, method):
    assert server.get("courses", method=method).status in {403, 405}


def test_all_classrooms_are_listed_and_a_spoilt_one_says_why(server):
    found = {each["title"]: each for each in server.get("courses", lang="ru").json["courses"]}
    assert found.keys() == {"class-7a", "Сынып 8Б", "spoilt"}
    assert found["class-7a"]["students"] == 4
    assert found["class-7a"]["folder"] == "year/small-class"
    assert found["class-7a"]["problem"] is None
    problem = found["spoilt"]["problem"]
    assert "course_id" in problem["error"]
    assert problem["next"] == "Исправьте и обновите."


def test_assignments_tell_their_state_and_a_broken_one_hides_no_other(server):
    answer = server.get("courses", "class-7a", "assignments", lang="en").json
    found = {each["id"]: each for each in answer["assignments"]}
    assert found["warm-up"]["stage"] == "draft"
    assert found["warm-up"]["students"] == 4
    assert "broken.toml" in found["broken"]["faults"][0]


def test_templates_stand_under_their_skills(server):
    answer = server.get("courses", "class-7a", "templates", lang="kk").json
    assert [skill["id"] for skill in answer["skills"]] == ["arithmetic", "linear-equations"]
    (template,) = answer["templates"]
    assert (template["id"], template["skill"]) == ("two-steps", "linear-equations")
    assert template["approved"] is True
    assert template["kind"] == "сан"


def test_preview_shows_variants_in_three_languages_with_the_same_numbers(server):
    answer = server.get(*TEMPLATE, "preview", seed=5, count=3, lang="en").json
    assert len(answer["variants"]) == 3
    assert answer["approved_by"]
    keys = set()
    for variant in answer["variants"]:
        numbers = {
            language: sorted(re.findall(r"\d+", re.sub(r"<[^>]*>", " ", text["prompt"])))
            for language, text in variant["texts"].items()
        }
        assert numbers.keys() == {"kk", "ru", "en"}
        assert numbers["kk"] == numbers["ru"] == numbers["en"] != []
        keys.add(variant["texts"]["en"]["key"])
    assert len(keys) > 1
    again = server.get(*TEMPLATE, "preview", seed=5, count=3, lang="en").json
    assert again == answer


def test_verification_names_its_checks_in_the_readers_language(server):
    answer = server.get(*TEMPLATE, "verification", lang="ru").json
    assert answer["ok"] is True
    assert answer["variants"] >= 50
    titles = [check["title"] for check in answer["checks"]]
    assert "варианты составляются" in titles


@pytest.mark.parametrize(
    ("segments", "query", "status"),
    [
        (("courses", "no-such-class", "assignments"), {}, 404),
        (("courses", "..", "assignments"), {}, 404),
        (("courses", "../year/small-class", "assignments"), {}, 404),
        (("courses", "class-7a", "templates", "small", "../two-steps", "preview"), {}, 404),
        (("courses", "class-7a", "templates", "nothing", "two-steps", "preview"), {}, 404),
        ((*TEMPLATE, "preview"), {"seed": "-1"}, 400),
        ((*TEMPLATE, "preview"), {"seed": "٣"}, 400),
        ((*TEMPLATE, "preview"), {"count": "1000000"}, 400),
        (("courses", "spoilt", "assignments"), {}, 422),
        (("no-such-route",), {}, 404),
    ],
)
@pytest.mark.parametrize("language", ["kk", "en"])
def test_wrong_request_is_answered_with_a_sentence_and_a_next_step(
    server, segments, query, status, language
):
    answer = server.get(*segments, lang=language, **query)
    assert answer.status == status
    assert answer.json["error"]
    assert answer.json["next"]
    assert "Traceback" not in answer.text


def test_unknown_language_is_answered_in_english(server):
    answer = server.get("no-such-route", lang="<script>")
    assert answer.json["error"] == "There is nothing at this address."


def test_class_plot_can_reach_nothing_and_a_name_stays_a_name(server):
    answer = server.get("courses", "class-7a", "class.html", lang="kk", theme="dark")
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts allow-downloads" in policy
    assert "default-src 'none'" in policy
    assert "<img src=x" not in answer.text
    assert "<script>alert(2)" not in answer.text
    assert "mallory" in answer.text


def test_the_page_and_the_server_have_the_same_policy():
    assert classplot.POLICY == POLICY
