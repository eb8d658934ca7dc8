"""The conversation with a service that really listens."""

import re

import pytest
from practice_support import (
    bundled_classroom,
    copy_classroom,
    misconceived_response,
    right_response,
)
from service_support import running_service
from ustaz_lab.tokens import make_token
from ustaz_widgets.errors import ServiceRefusalError, ServiceUnreachableError
from ustaz_widgets.student.actions import Action
from ustaz_widgets.student.client import PracticeClient
from ustaz_widgets.student.conversation import Conversation
from ustaz_widgets.student.messages import FIELD_TYPES, view_of
from ustaz_widgets.student.practice import Practice

COURSE = "class-7a"
SKILLS = {
    "number": "rational-arithmetic",
    "expression": "like-terms",
    "set": "quadratic-equations",
    "matrix": "linear-functions",
    "choice": "algebraic-fractions",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("talk") / "made"
    bundled_classroom(root).close()
    return root


@pytest.fixture
def room(made, tmp_path):
    with copy_classroom(made, tmp_path / "room") as found:
        yield found


@pytest.fixture
def service(room):
    with running_service(room) as url:
        yield url


@pytest.fixture
def client(room, service):
    return PracticeClient(service, make_token(room.secret, course=COURSE, student="carol"))


@pytest.fixture
def talk(client):
    found = Conversation(client)
    found.begin()
    return found


def ask(talk, skill="rational-arithmetic"):
    item = talk.state.item["id"] if talk.state.item else ""
    talk.act(Action(do="next", skill=skill, item=item))
    return talk.state.item


def view(talk):
    return view_of(talk.state, busy=False, serial=1)


def check(talk, response, attempt=None):
    item = talk.state.item
    seen = item["attempts"] if attempt is None else attempt
    talk.act(Action(do="check", item=item["id"], response=response, attempt=seen))


def test_it_begins_in_the_students_own_language_without_an_exercise(talk):
    shown = view(talk)
    assert (shown["language"], shown["phase"], shown["student"]) == ("en", "start", "Carol Lee")
    assert shown["item"] is None
    assert {skill["id"] for skill in shown["skills"]} >= set(SKILLS.values())
    assert [choice["name"] for choice in shown["languages"]] == ["Қазақша", "Русский", "English"]


@pytest.mark.parametrize(("kind", "skill"), SKILLS.items())
def test_each_kind_gets_its_field(talk, kind, skill):
    ask(talk, skill)
    shown = view(talk)
    assert talk.state.item["kind"] == kind
    assert shown["item"]["field"]["type"] == FIELD_TYPES[kind]
    assert shown["item"]["field"]["label"]


def test_a_right_answer_shows_the_solution_and_how_mastery_moved(room, talk):
    item = ask(talk)
    check(talk, right_response(room, item["id"]))
    shown = view(talk)
    assert (shown["feedback"]["tone"], shown["finished"]) == ("right", True)
    assert shown["solution"]
    bar = shown["mastery"][0]
    assert bar["low"] <= bar["estimate"] <= bar["high"]
    assert re.fullmatch(r"from \d+% to \d+%", bar["change"])


def test_a_misconception_is_answered_with_its_own_words(room, talk):
    item = ask(talk)
    check(talk, misconceived_response(room, item["id"]))
    shown = view(talk)
    assert shown["feedback"]["tone"] == "wrong"
    assert len(shown["feedback"]["html"]) > 20
    assert (shown["solution"], shown["finished"]) == ("", False)


def test_what_cannot_be_read_costs_nothing(talk):
    ask(talk)
    check(talk, "@@@")
    shown = view(talk)
    assert shown["feedback"]["tone"] == "format"
    assert (shown["item"]["attempts"], shown["mastery"]) == (0, [])


def test_a_second_click_takes_one_hint_only(talk):
    item = ask(talk)
    for _ in range(2):
        talk.act(Action(do="hint", item=item["id"], shown=0))
    assert len(view(talk)["hints"]) == 1


def test_a_second_click_on_next_gives_one_exercise(talk):
    item = ask(talk)
    for _ in range(2):
        talk.act(Action(do="next", skill="rational-arithmetic", item=item["id"]))
    following = talk.state.item["id"]
    assert following != item["id"]
    talk.act(Action(do="next", skill="rational-arithmetic", item=item["id"]))
    assert talk.state.item["id"] == following


def test_a_page_that_shows_an_older_exercise_changes_nothing(talk):
    old = ask(talk)["id"]
    new = ask(talk)["id"]
    before = talk.state
    talk.act(Action(do="check", item=old, response="1"))
    talk.act(Action(do="solution", item=old))
    talk.act(Action(do="hint", item=old))
    assert talk.state == before
    assert talk.state.item["id"] == new


def test_the_language_changes_everything_but_the_exercise(room, talk):
    item = ask(talk)
    check(talk, misconceived_response(room, item["id"]))
    numbers, english = digits(talk), view(talk)
    for language in ("kk", "ru"):
        talk.act(Action(do="language", language=language))
        shown = view(talk)
        assert (shown["language"], shown["item"]["id"]) == (language, item["id"])
        assert digits(talk) == numbers
        assert shown["item"]["title"] != english["item"]["title"]
        assert shown["feedback"]["html"] != english["feedback"]["html"]
        assert shown["feedback"]["tone"] == "wrong"
        assert shown["mastery"][0]["change"]
    assert talk.state.item["attempts"] == 1
    assert len(room.store.evidence(COURSE, "carol")) == 1


def digits(talk):
    text = re.sub(r"<[^>]*>", " ", talk.state.item["prompt"])
    return re.findall(r"\d+", text)


def test_the_language_changes_before_and_after_an_exercise(talk):
    talk.act(Action(do="language", language="kk"))
    assert view(talk)["phase"] == "start"
    item = ask(talk)
    talk.act(Action(do="solution", item=item["id"]))
    talk.act(Action(do="language", language="ru"))
    shown = view(talk)
    assert (shown["finished"], shown["feedback"]["tone"]) == (True, "solution")
    assert shown["item"]["id"] == item["id"]


def test_opening_again_goes_on_with_the_exercise(client, talk):
    item = ask(talk)
    talk.act(Action(do="hint", item=item["id"], shown=0))
    again = Conversation(client)
    again.begin()
    assert again.state.item["id"] == item["id"]
    assert len(view_of(again.state, busy=False, serial=1)["hints"]) == 1


@pytest.mark.parametrize(
    ("language", "said"), [("kk", "Мұғалім"), ("ru", "учител"), ("en", "your teacher")]
)
def test_a_token_that_ran_out_closes_the_page_in_its_language(room, service, language, said):
    token = make_token(room.secret, course=COURSE, student="carol", lifetime_s=-1)
    talk = Conversation(PracticeClient(service, token, language=language), language=language)
    talk.begin()
    shown = view(talk)
    assert (shown["phase"], shown["item"]) == ("closed", None)
    assert said in shown["feedback"]["title"]


def test_a_student_taken_off_the_list_is_signed_out(room, service):
    token = make_token(room.secret, course=COURSE, student="dana")
    client = PracticeClient(service, token)
    with pytest.raises(ServiceRefusalError) as caught:
        client.session("en")
    assert caught.value.signed_out


def test_a_service_that_is_away_is_no_wrong_answer(room):
    with running_service(room) as url:
        client = PracticeClient(url, make_token(room.secret, course=COURSE, student="carol"))
        talk = Conversation(client)
        talk.begin()
        ask(talk)
    check(talk, "5")
    shown = view(talk)
    assert shown["feedback"]["tone"] == "problem"
    assert "Nothing is lost" in shown["feedback"]["title"]
    assert (shown["phase"], shown["item"]["attempts"]) == ("exercise", 0)
    with pytest.raises(ServiceUnreachableError):
        client.session()
    assert room.store.evidence(COURSE, "carol") == []


@pytest.mark.parametrize("url", ["ftp://example.org", "file:///etc/passwd", "127.0.0.1"])
def test_the_client_speaks_http_alone(url):
    with pytest.raises(ValueError, match="expected http"):
        PracticeClient(url, "token")


def comm(widget, data):
    widget._handle_msg({"content": {"data": data}, "buffers": []})


def test_the_widget_believes_nothing_that_a_browser_sends_as_state(client):
    widget = Practice(client)
    before = widget.view
    comm(widget, {"method": "update", "state": {"view": {"finished": True}}, "buffer_paths": []})
    comm(widget, {"method": "update", "state": {"_esm": "alert(1)"}, "buffer_paths": []})
    assert widget.view == before
    assert "alert" not in widget._esm
    widget.close()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"method": 1},
        {"method": "custom"},
        {"method": "custom", "content": None},
        {"method": "custom", "content": [[[]]]},
        {"method": "custom", "content": {"do": "eval"}},
        {"method": "custom", "content": {"do": "check", "item": "1", "response": {}}},
        {"method": "__init__", "content": {}},
        {"method": "update"},
        {"method": "update", "state": 7},
    ],
)
def test_no_message_breaks_the_widget(client, data):
    widget = Practice(client)
    comm(widget, data)
    comm(widget, {"method": "custom", "content": {"do": "next", "skill": "", "item": ""}})
    assert widget.view["phase"] == "exercise"
    widget.close()


def test_a_huge_answer_is_told_so_and_not_sent(client, room):
    widget = Practice(client)
    comm(widget, {"method": "custom", "content": {"do": "next", "skill": "", "item": ""}})
    item = widget.view["item"]["id"]
    content = {"do": "check", "item": item, "response": "7" * 30_000, "attempt": 0}
    comm(widget, {"method": "custom", "content": content})
    assert widget.view["feedback"]["tone"] == "problem"
    assert "20000" in widget.view["feedback"]["title"]
    assert room.store.practice_item(int(item)).attempts == 0
    widget.close()


def test_every_message_is_answered_by_a_new_view(client):
    widget = Practice(client)
    serials = [widget.view["serial"]]
    for content in ({"do": "refresh"}, {"do": "nonsense"}, {"do": "language", "language": "kk"}):
        comm(widget, {"method": "custom", "content": content})
        serials.append(widget.view["serial"])
    assert serials == sorted(set(serials))
    assert widget.view["language"] == "kk"
    widget.close()
