"""Pages of the student's app arrive whole, whatever happens while they are made."""

import http.client
import os
import re
import signal
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from app_support import Visitor, block, children, command, kernels_start_as
from practice_support import bundled_classroom, copy_classroom
from ustaz_lab.app_files import page_words
from ustaz_lab.serve import Serving, practice_links

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
BEFORE_THE_KERNEL = b'<main id="ustaz-app"></main>'
ONCE = 4
"""Pages loaded at the same time."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("page") / "made"
    bundled_classroom(root).close()
    return root


@pytest.fixture(scope="module")
def serving(made, tmp_path_factory):
    """Serve without spare kernels: each page waits for its own."""
    root = tmp_path_factory.mktemp("page") / "room"
    copy_classroom(made, root).close()
    with Serving(root, port=0, spare_kernels=0) as found:
        yield found


def signed_in(serving):
    """Return a visitor who has a cookie and no page yet."""
    visitor = Visitor(serving.url)
    place = urlsplit(practice_links(serving.classroom, serving.url)[0][1])
    assert visitor.request("GET", f"/?{place.query}")[0] == 303
    return visitor


def kernels_of(serving):
    return [pid for pid in children(serving.process.pid) if "ipykernel" in command(pid)]


def wait_until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this did not come about in time"
        time.sleep(0.02)


@contextmanager
def arriving(visitor):
    """Give an answer whose first part has come and whose kernel has not."""
    place = urlsplit(visitor.url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=90)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    connection.request("GET", "/", headers={"Cookie": cookies})
    answer = connection.getresponse()
    came = b""
    while BEFORE_THE_KERNEL not in came:
        part = answer.read1()
        assert part, came
        came += part
    try:
        yield answer, came
    finally:
        connection.close()


def closed_in_order(came: bytes) -> str:
    text = came.decode()
    assert text.rstrip().endswith("</body>\n</html>")
    assert "ustaz-view" not in text  # by this the page's script knows that it failed
    return text


def test_a_page_is_whole_when_the_server_stops_meanwhile(made, tmp_path):
    copy_classroom(made, tmp_path / "room").close()
    with Serving(tmp_path / "room", port=0, spare_kernels=0) as serving:
        with arriving(signed_in(serving)) as (answer, came):
            serving.process.send_signal(signal.SIGTERM)
            closed_in_order(came + answer.read())
        assert serving.process.wait(30) == 0


def test_a_page_is_whole_when_its_kernel_dies_meanwhile(serving):
    with arriving(signed_in(serving)) as (answer, came):
        wait_until(lambda: kernels_of(serving))
        for pid in kernels_of(serving):
            os.kill(pid, signal.SIGKILL)
        closed_in_order(came + answer.read())
    wait_until(lambda: not kernels_of(serving))


def test_a_page_is_whole_when_its_kernel_ends_at_once(serving):
    visitor = signed_in(serving)
    with kernels_start_as(serving, ["/bin/false"]):
        status, _, text = visitor.request("GET", "/")
    assert status == 200
    closed_in_order(text.encode())
    # And loading again helps, as the page says.
    _, _, text = visitor.request("GET", "/")
    assert block(text, "ustaz-view")


def test_a_page_without_a_kernel_says_so_in_three_languages(serving):
    visitor = signed_in(serving)
    with kernels_start_as(serving, ["/nonexistent/python"]):
        status, headers, text = visitor.request("GET", "/")
    assert status == 500
    assert int(headers["content-length"]) == len(text.encode())
    for words in page_words().values():
        assert words["failed"] in text
    assert "Traceback" not in text


def test_a_reader_who_leaves_leaves_no_kernel(serving):
    wait_until(lambda: len(kernels_of(serving)) <= 1)
    before = set(kernels_of(serving))
    with arriving(signed_in(serving)):
        wait_until(lambda: set(kernels_of(serving)) - before)
    wait_until(lambda: set(kernels_of(serving)) <= before)


def test_pages_loaded_at_once_are_whole_and_have_kernels_of_their_own(serving):
    visitor = signed_in(serving)
    found = []
    with ExitStack() as stack:
        answers = [stack.enter_context(arriving(visitor)) for _ in range(ONCE)]
        for answer, came in answers:
            text = (came + answer.read()).decode()
            assert re.search(r"</html>\s*$", text)
            found.append((block(text, "ustaz-kernel"), block(text, "ustaz-view")))
    assert len(set(found)) == ONCE
