"""The student's app as it is served: Voila, kernels, the service, processes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websockets
from app_support import Channels, Visitor, alive, block, children, command, environment
from practice_support import bundled_classroom, copy_classroom, right_response, secrets_of
from ustaz_grading.errors import ClassroomError
from ustaz_lab.app_files import page_data, page_files
from ustaz_lab.errors import ServeError
from ustaz_lab.serve import Serving, practice_links

pytestmark = pytest.mark.slow
PLANTED = "planted-in-the-servers-environment"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("app") / "made"
    bundled_classroom(root, code=True).close()
    return root


@pytest.fixture(scope="module")
def serving(made, tmp_path_factory):
    root = tmp_path_factory.mktemp("app") / "room"
    copy_classroom(made, root).close()
    os.environ["JPY_API_TOKEN"] = PLANTED
    try:
        with Serving(root, port=0) as found:
            yield found
    finally:
        del os.environ["JPY_API_TOKEN"]


@pytest.fixture
def links(serving):
    return {s.id: link for s, link in practice_links(serving.classroom, serving.url)}


@pytest.fixture
def visitor(serving):
    return Visitor(serving.url)


def opened(serving, link):
    """Return a visitor with the ids of their kernel and widget."""
    visitor = Visitor(serving.url)
    page = visitor.open(link)
    return visitor, block(page, "ustaz-kernel"), block(page, "ustaz-view")


@pytest.fixture(scope="module")
def page(serving):
    """Open a page that many tests look at; its visitor, kernel and widget."""
    found = {s.id: link for s, link in practice_links(serving.classroom, serving.url)}
    return opened(serving, found["aliya"])


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this did not come about in time"
        time.sleep(0.05)


def kernels_of(serving):
    return [pid for pid in children(serving.process.pid) if "ipykernel" in command(pid)]


def test_a_stranger_is_told_what_to_do_and_gets_no_kernel(serving, visitor):
    before = len(kernels_of(serving))
    for path in ("/", "/?token=", "/?token=nonsense", "/?token=a.b"):
        status, _, text = visitor.request("GET", path)
        assert status == 401
        for words in ("Open the link", "Откройте ссылку", "сілтемені ашыңыз"):
            assert words in text
        assert "ustaz-kernel" not in text
    assert len(kernels_of(serving)) <= max(before, 1)


def test_a_links_token_leaves_the_address_at_once(visitor, links):
    place = urlsplit(links["aliya"])
    status, headers, _ = visitor.request("GET", f"/?{place.query}")
    assert (status, headers["location"]) == (303, "/")
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    # What the browser keeps is no link: it cannot be exchanged again.
    kept = next(iter(visitor.cookies.values()))
    assert kept not in links["aliya"]
    assert Visitor(visitor.url).request("GET", f"/?token={kept}")[0] == 401


def test_the_page_may_run_no_script_but_its_own(visitor):
    _, headers, _ = visitor.request("GET", "/")
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "DENY"


def test_a_student_practises_through_a_real_kernel(serving, links):
    visitor, kernel, model = opened(serving, links["carol"])

    async def talk():
        async with Channels(visitor, kernel) as channels:
            start = await channels.act(model, {"do": "refresh"})
            assert (start["language"], start["student"]) == ("en", "Carol Lee")
            shown = await channels.act(
                model, {"do": "next", "skill": "rational-arithmetic", "item": ""}
            )
            item = shown["item"]["id"]
            answer = right_response(serving.classroom, item)
            return await channels.act(
                model, {"do": "check", "item": item, "response": answer, "attempt": 0}
            )

    shown = asyncio.run(talk())
    assert shown["feedback"]["tone"] == "right"
    assert shown["mastery"]
    rows = serving.classroom.store.evidence("class-7a", "carol")
    assert [row.score for row in rows] == [1.0]


def test_a_program_is_run_in_the_jail_and_its_hidden_tests_stay_hidden(serving, links):
    visitor, kernel, model = opened(serving, links["boris"])

    async def talk():
        async with Channels(visitor, kernel) as channels:
            skill = "variables-and-arithmetic"
            shown = await channels.act(model, {"do": "next", "skill": skill, "item": ""})
            item = shown["item"]["id"]
            right = right_response(serving.classroom, item)
            check = {"do": "check", "item": item, "attempt": 0}
            wrong = await channels.act(model, {**check, "response": "raise SystemExit"})
            done = await channels.act(model, {**check, "response": right, "attempt": 1})
            return item, [shown, wrong], done

    item, before, done = asyncio.run(talk())
    assert before[1]["feedback"]["tone"] in ("wrong", "partly")
    assert done["feedback"]["tone"] == "right", done["feedback"]
    assert all(test["passed"] for test in done["feedback"]["tests"])
    for secret in secrets_of(serving.classroom, item):
        assert secret not in str(before)
        assert secret not in str(done["feedback"])


FORBIDDEN = [
    ("execute_request", {"code": "print(6*7)", "silent": False, "user_expressions": {}}),
    ("shutdown_request", {"restart": False}),
    ("complete_request", {"code": "import os; os.", "cursor_pos": 14}),
    ("inspect_request", {"code": "os", "cursor_pos": 1, "detail_level": 0}),
    ("history_request", {"hist_access_type": "tail", "n": 9, "raw": True, "output": False}),
    ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {}}),
    ("input_reply", {"value": "1"}),
]


@pytest.mark.parametrize("channel", ["shell", "control", "stdin"])
def test_a_browser_can_run_no_code_and_open_nothing(page, channel):
    visitor, kernel, model = page

    async def talk():
        async with Channels(visitor, kernel) as channels:
            await channels.act(model, {"do": "refresh"})
            for kind, content in FORBIDDEN:
                await channels.send(kind, content, channel=channel)
            kinds = await channels.heard(1.5)
            return kinds, await channels.act(model, {"do": "refresh"})

    kinds, shown = asyncio.run(talk())
    assert not [kind for kind in kinds if kind.endswith("_reply")]
    assert not set(kinds) & {"execute_result", "stream", "error", "comm_open"}
    assert shown["student"] == "Әлия Сейітқызы"


def test_damaged_messages_do_not_end_the_connection(page):
    visitor, kernel, model = page

    async def talk():
        async with Channels(visitor, kernel) as channels:
            for text in ("", "{", "[]", "null", '{"channel": "shell"}', "x" * 10_000, "[" * 9_999):
                await channels._socket.send(text)
            await channels._socket.send(b"\x00\x01")
            for data in (None, [], {"method": []}, {"method": "update", "state": {"view": {}}}):
                await channels.send("comm_msg", {"comm_id": model, "data": data})
            await channels.send("comm_msg", {"comm_id": "none-such", "data": {}})
            return await channels.act(model, {"do": "refresh"})

    assert asyncio.run(talk())["student"] == "Әлия Сейітқызы"


def test_another_students_kernel_is_out_of_reach(serving, links):
    owner, kernel, _ = opened(serving, links["aliya"])
    other, _, _ = opened(serving, links["boris"])
    own = {"Origin": other.origin}
    assert other.request("GET", f"/kernels/{kernel}")[0] == 404
    assert other.request("POST", f"/kernels/{kernel}/leave", headers=own)[0] == 404
    assert Visitor(serving.url).request("GET", f"/kernels/{kernel}")[0] == 401
    assert Visitor(serving.url).request("POST", f"/kernels/{kernel}/leave", headers=own)[0] == 401

    async def connect(visitor, origin="own"):
        async with Channels(visitor, kernel, origin=origin):
            return "connected"

    for visitor, origin in (
        (other, "own"),
        (Visitor(serving.url), "own"),
        (owner, "http://evil.example"),
    ):
        with pytest.raises(websockets.InvalidStatus):
            asyncio.run(connect(visitor, origin))
    assert owner.request("GET", f"/kernels/{kernel}")[0] == 204


def test_closing_the_page_ends_its_kernel_and_no_other_site_can(serving, links):
    visitor, kernel, _ = opened(serving, links["aliya"])
    leave = f"/kernels/{kernel}/leave"
    assert visitor.request("POST", leave)[0] == 403
    assert visitor.request("POST", leave, headers={"Origin": "http://evil.example"})[0] == 403
    assert visitor.request("GET", f"/kernels/{kernel}")[0] == 204
    assert visitor.request("POST", leave, headers={"Origin": visitor.origin})[0] == 204
    wait_until(lambda: visitor.request("GET", f"/kernels/{kernel}")[0] == 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/kernels"),
        ("GET", "/api/kernels/{kernel}"),
        ("DELETE", "/api/kernels/{kernel}"),
        ("GET", "/api/kernels/{kernel}/channels"),
        ("POST", "/voila/api/shutdown/{kernel}"),
        ("GET", "/voila/files/practice.ipynb"),
        ("GET", "/voila/static/voila.js"),
        ("GET", "/voila/query/{kernel}"),
        ("GET", "/voila/execution/{kernel}"),
        ("GET", "/login"),
        ("GET", "/practice.ipynb"),
        ("GET", "/files/0000000000000000/page.js"),
        ("GET", "/files/../../etc/passwd"),
        ("GET", "/../.ustaz/secret"),
    ],
)
def test_there_is_nothing_at_any_other_address(page, method, path):
    visitor, kernel, _ = page
    status, _, text = visitor.request(method, path.format(kernel=kernel))
    assert (status, text) == (404, "")
    assert visitor.request("GET", f"/kernels/{kernel}")[0] == 204


def test_kernels_and_page_process_have_no_secret_in_their_environment(serving, page):
    visitor, _, _ = page
    token = next(iter(visitor.cookies.values()))
    found = kernels_of(serving)
    assert found
    for pid in [serving.process.pid, *found]:
        values = environment(pid)
        assert "JPY_API_TOKEN" not in values
        everything = "\n".join(f"{name}={value}" for name, value in values.items())
        for secret in (PLANTED, token, serving.classroom.secret.hex(), str(serving.classroom.root)):
            assert secret not in everything, (pid, secret)
        assert values["HOME"] != os.environ.get("HOME")


def test_the_page_process_keeps_no_file_of_the_classroom_open(serving):
    for pid in [serving.process.pid, *kernels_of(serving)]:
        files = [name.readlink() for name in Path(f"/proc/{pid}/fd").iterdir()]
        inside = [file for file in files if file.is_relative_to(serving.classroom.root)]
        assert [file for file in inside if file.name != "app.log"] == []


def test_files_of_the_page_are_kept_by_browsers_and_compressed(serving):
    address = page_data("/", page_files())["files"]["practice.js"]
    plain = Visitor(serving.url).request("GET", address)
    assert "immutable" in plain[1]["cache-control"]
    place = urlsplit(serving.url)
    with socket.create_connection((place.hostname, place.port)) as line:
        line.sendall(f"GET {address} HTTP/1.0\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        raw = b""
        while part := line.recv(65536):
            raw += part
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"Content-Encoding: gzip" in head
    assert len(body) < len(plain[2]) / 2


def test_a_port_in_use_is_told_so_and_leaves_nothing_behind(made):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        # Another test's server may start a spare kernel meanwhile: only own children tell.
        before = children(os.getpid(), deep=False)
        with pytest.raises(ServeError, match=f"Port {port} .* is in use"), Serving(made, port=port):
            pytest.fail("it served on a port in use")
    assert set(children(os.getpid(), deep=False)) <= set(before)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_an_impossible_port_is_told_so(made, port):
    with pytest.raises(ServeError, match="cannot be served on"), Serving(made, port=port):
        pytest.fail("it served on an impossible port")


def test_a_folder_that_is_no_classroom_is_told_so(tmp_path):
    with pytest.raises(ClassroomError, match="no classroom"):
        Serving(tmp_path, port=0)


def test_an_unused_page_gives_its_kernel_back(made, tmp_path):
    copy_classroom(made, tmp_path / "room").close()
    with Serving(tmp_path / "room", port=0, idle_s=6, spare_kernels=0) as serving:
        link = practice_links(serving.classroom, serving.url)[0][1]
        visitor, kernel, _ = opened(serving, link)
        wait_until(lambda: visitor.request("GET", f"/kernels/{kernel}")[0] == 404, 60)
        wait_until(lambda: not kernels_of(serving))
        # And the page goes on with a new kernel.
        assert block(visitor.request("GET", "/")[2], "ustaz-kernel") != kernel


START = "from ustaz_lab.serve import serve; import sys; serve(sys.argv[1], port=0)"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_all_its_children_however_it_is_ended(made, tmp_path, how):
    copy_classroom(made, tmp_path / "room").close()
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(tmp_path / "room")], stdout=subprocess.PIPE, text=True
    )
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        wait_until(lambda: any("ipykernel" in command(pid) for pid in children(process.pid)))
        family = children(process.pid)
        process.send_signal(how)
        status = process.wait(30)
        assert status == (-how if how == signal.SIGKILL else 0)
        wait_until(lambda: not any(alive(pid) for pid in family))
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
