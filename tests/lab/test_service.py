import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from practice_support import (
    copy_classroom,
    misconceived_response,
    right_response,
    secrets_of,
    small_classroom,
)
from service_support import running_service
from ustaz_lab.service_requests import BODY_BYTES_MAX
from ustaz_lab.tokens import make_token

COURSE = "class-7a"
ROUTES = [
    ("GET", "who", None),
    ("GET", "session", None),
    ("GET", "courses", None),
    ("GET", "mastery", None),
    ("GET", "items/1", None),
    ("POST", "next", {}),
    ("POST", "answer", {"item": "1", "response": "1"}),
    ("POST", "hint", {"item": "1"}),
    ("POST", "solution", {"item": "1", "do": "give-up"}),
    ("POST", "exchange", {}),
    ("GET", "no-such-route", None),
    ("GET", "", None),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    root = tmp_path_factory.mktemp("service") / "small"
    small_classroom(root).close()
    return root


@pytest.fixture
def room(small, tmp_path):
    with copy_classroom(small, tmp_path / "room") as found:
        yield found


@pytest.fixture
def service(room):
    with running_service(room) as url:
        yield url


@pytest.fixture
def token(room):
    return make_token(room.secret, course=COURSE, student="aliya")


def ask(url, method, path, body=None, *, token="", raw=None, lang="en", headers=None):
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname, place.port, timeout=30)
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    connection.request(
        method, f"{place.path}/{path}?lang={lang}", body=data, headers={**sent, **(headers or {})}
    )
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, json.loads(text) if text else None


def strangers(room):
    other = b"x" * 32
    good = make_token(room.secret, course=COURSE, student="aliya")
    body, _, signature = good.partition(".")
    return {
        "none": "",
        "nonsense": "abc",
        "no signature": body,
        "cut": f"{body}.{signature[:-1]}",
        "other claims": f"{body[:-2]}AA.{signature}",
        "forged": make_token(other, course=COURSE, student="aliya"),
        "expired": make_token(room.secret, course=COURSE, student="aliya", lifetime_s=-1),
        "other course": make_token(room.secret, course="class-8b", student="aliya"),
        "no student": make_token(room.secret, course=COURSE, student="nobody"),
        "long": "a" * 5000,
        "not ascii": "ж.ж".encode().decode("latin-1"),
    }


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_every_route_refuses_a_stranger(room, service, method, path, body):
    for why, stranger in strangers(room).items():
        status, said = ask(service, method, path, body, token=stranger)
        assert status == 401, why
        assert set(said) == {"error", "next"}, why


@pytest.mark.parametrize(("method", "path", "body"), [r for r in ROUTES if r[1] != "exchange"])
def test_a_link_opens_nothing_but_the_exchange(room, service, method, path, body):
    link = make_token(room.secret, course=COURSE, student="aliya", use="link")
    assert ask(service, method, path, body, token=link)[0] == 401


def test_a_link_is_exchanged_for_a_practice_token_and_no_other_way_round(room, service, token):
    link = make_token(room.secret, course=COURSE, student="boris", use="link")
    status, said = ask(service, "POST", "exchange", {}, token=link)
    assert status == 200
    assert ask(service, "GET", "who", token=said["token"])[1] == {"student": "boris"}
    assert ask(service, "POST", "exchange", {}, token=token)[0] == 401


def test_a_stranger_is_told_what_to_do_in_three_languages(service):
    told = {lang: ask(service, "GET", "who", lang=lang)[1] for lang in ("kk", "ru", "en", "xx")}
    assert told["en"]["next"] == "Open the link that your teacher gave you."
    assert told["xx"] == told["en"]
    assert len({said["error"] for said in told.values()}) == 3


def test_a_whole_exercise_over_http(room, service, token):
    session = ask(service, "GET", "session", token=token, lang="")[1]
    assert session["student"] == {"id": "aliya", "name": "Әлия Сейітқызы"}
    assert (session["language"], session["item"], session["mastery"]) == ("kk", None, [])
    item = ask(service, "POST", "next", {}, token=token)[1]["item"]
    assert ask(service, "GET", f"items/{item['id']}", token=token)[1]["item"] == item
    hinted = ask(service, "POST", "hint", {"item": item["id"], "shown": 0}, token=token)[1]["item"]
    assert len(hinted["hints"]) == 1
    wrong = misconceived_response(room, item["id"])
    body = {"item": item["id"], "response": wrong, "attempt": 1}
    outcome = ask(service, "POST", "answer", body, token=token)[1]["outcome"]
    assert (outcome["outcome"], outcome["counted"]) == ("wrong", True)
    assert ask(service, "GET", "mastery", token=token)[1]["mastery"][0]["answers"] == 1
    body = {"item": item["id"], "response": right_response(room, item["id"]), "attempt": 2}
    outcome = ask(service, "POST", "answer", body, token=token)[1]["outcome"]
    assert outcome["outcome"] == "right"
    assert outcome["item"]["solution"]
    again = ask(service, "POST", "next", {"after": item["id"]}, token=token)[1]["item"]
    given_up = {"item": again["id"], "do": "give-up"}
    assert ask(service, "POST", "solution", given_up, token=token)[1]["outcome"]["item"]["finished"]


def test_one_students_token_opens_nothing_of_anothers(room, service, token):
    other = make_token(room.secret, course=COURSE, student="boris")
    item = ask(service, "POST", "next", {}, token=token)[1]["item"]["id"]
    for method, path, body in (
        ("GET", f"items/{item}", None),
        ("POST", "answer", {"item": item, "response": "1"}),
        ("POST", "hint", {"item": item}),
        ("POST", "solution", {"item": item, "do": "give-up"}),
    ):
        status, said = ask(service, method, path, body, token=other)
        assert status == 404
        assert said["error"]
    assert room.store.practice_item(int(item)).attempts == 0


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"item": 1, "response": "1"}',
    b'{"item": "1"}',
    b'{"item": "1", "response": {"value": "1"}}',
    b'{"item": "1", "response": [1]}',
    b'{"item": "1", "response": "1", "attempt": "1"}',
    b'{"item": "1", "response": "1", "attempt": -1}',
    b'{"item": "1", "response": "1", "attempt": true}',
    b'{"item": "1", "response": "1", "score": 1}',
    b'{"item": "../1", "response": "1"}',
    b'{"item": "1", "response": "\\ud800"}',
    b'{"item": "1", "response": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    json.dumps({"item": "1", "response": "x" * 20_001}).encode(),
    json.dumps({"item": "1", "response": ["A"] * 61}).encode(),
]


@pytest.mark.parametrize("raw", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_malformed_body_is_told_so_and_changes_nothing(room, service, token, raw):
    item = ask(service, "POST", "next", {}, token=token)[1]["item"]["id"]
    status, said = ask(service, "POST", "answer", raw=raw, token=token)
    assert status == 400
    assert said["error"]
    assert said["next"]
    assert room.store.practice_item(int(item)).attempts == 0


def test_a_body_too_long_is_refused(service, token):
    raw = b'{"item": "1", "response": "' + b"x" * BODY_BYTES_MAX + b'"}'
    status, said = ask(service, "POST", "answer", raw=raw, token=token)
    assert status == 413
    assert str(BODY_BYTES_MAX) in said["error"]


@pytest.mark.parametrize(("method", "path"), [("POST", "who"), ("GET", "next"), ("PUT", "answer")])
def test_a_wrong_method_is_told_so(service, token, method, path):
    status, said = ask(service, method, path, {} if method != "GET" else None, token=token)
    assert status == 405
    assert said["error"]


def test_a_fault_of_ours_is_no_wrong_answer_and_tells_no_inner_words(room, service, token):
    item = ask(service, "POST", "next", {}, token=token)[1]["item"]["id"]
    room.store.close()
    (room.private / "store.db").rename(room.private / "moved.db")
    (room.private / "store.db").write_bytes(b"no database at all, but some bytes of another kind")
    status, said = ask(service, "POST", "answer", {"item": item, "response": "1"}, token=token)
    assert status in (500, 503)
    assert "Nothing was counted" in said["next"]
    assert "database" not in json.dumps(said)
    assert "sqlite" not in json.dumps(said).lower()


def test_no_answer_of_the_service_holds_a_secret(room, service, token):
    texts = []
    after = None
    for _ in range(4):
        item = ask(service, "POST", "next", {"after": after}, token=token)[1]["item"]
        after = item["id"]
        texts.append(item)
        body = {"item": after, "response": "100000", "attempt": 1}
        texts.append(ask(service, "POST", "answer", body, token=token)[1])
        texts.append(ask(service, "POST", "hint", {"item": after}, token=token)[1])
    texts += [ask(service, "GET", path, token=token)[1] for path in ("session", "courses", "who")]
    everything = json.dumps(texts, ensure_ascii=False)
    for item in room.store.practice_items("aliya", COURSE):
        for secret in secrets_of(room, str(item.id)):
            assert secret not in everything


def test_many_students_at_once_are_all_answered(room, service):
    tokens = [
        make_token(room.secret, course=COURSE, student=student)
        for student in ("aliya", "boris", "carol")
    ] * 8
    with ThreadPoolExecutor(24) as pool:
        found = list(pool.map(lambda one: ask(service, "POST", "next", {}, token=one)[0], tokens))
    assert found == [200] * 24
