"""The student's page against a plain Voila page that shows the same widget: seconds and bytes.

Both are served side by side on this machine and opened by turns by the same browser, each time by a
fresh visitor (nothing cached) and then again (cached). The plain page is Voila as it comes,
with its own template and front end, running the same widget against the same practice service.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

import nbformat
from browser_support import chromium
from practice_support import small_classroom
from ustaz_lab.serve import Serving, practice_links
from ustaz_lab.tokens import make_token
from ustaz_widgets.student.app import TOKEN_VARIABLE, URL_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROUNDS = 4
SETTLE_S = 6.0
"""Between visits, so that neither page's clearing up slows the other."""
CELL = """\
import os
from ustaz_widgets.student.client import PracticeClient
from ustaz_widgets.student.practice import Practice

Practice(PracticeClient(os.environ["{url}"], os.environ["{token}"]))
"""


def measure() -> dict[str, float]:
    """Return how many times slower and heavier the plain page is (medians, fresh visitors)."""
    with tempfile.TemporaryDirectory(prefix="ustaz-bench-") as name:
        room = small_classroom(Path(name) / "room")
        room.close()
        with (
            Serving(Path(name) / "room", port=0) as ours,
            _plain_voila(Path(name), ours) as plain,
            chromium() as browser,
        ):
            link = practice_links(ours.classroom, ours.url)[0][1]
            found: dict[str, list[tuple[float, int, int]]] = {"ours": [], "plain": [], "again": []}
            for _ in range(ROUNDS):
                first, again = _visits(browser, link, ours.url)
                found["ours"].append(first)
                found["again"].append(again)
                found["plain"].append(_visits(browser, plain, plain)[0])
    seconds = {page: statistics.median(visit[0] for visit in found[page]) for page in found}
    size = {page: statistics.median(visit[1] for visit in found[page]) for page in found}
    requests = {page: statistics.median(visit[2] for visit in found[page]) for page in found}
    return {
        "app_usable_ratio": round(seconds["plain"] / seconds["ours"], 2),
        "app_bytes_ratio": round(size["plain"] / size["ours"], 1),
        "app_usable_s": round(seconds["ours"], 2),
        "app_usable_again_s": round(seconds["again"], 2),
        "app_usable_plain_s": round(seconds["plain"], 2),
        "app_first_kb": round(size["ours"] / 1000, 1),
        "app_again_kb": round(size["again"] / 1000, 1),
        "app_plain_kb": round(size["plain"] / 1000, 1),
        "app_requests": requests["ours"],
        "app_requests_plain": requests["plain"],
    }


def _visits(
    browser: Browser, first: str, again: str
) -> tuple[tuple[float, int, int], tuple[float, int, int]]:
    """Return a fresh visit and a second one by the same browser: seconds, bytes, requests."""
    context = browser.new_context()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    total = {"bytes": 0, "requests": 0}

    def arrived(event: dict[str, float]) -> None:
        total["bytes"] += int(event["encodedDataLength"])
        total["requests"] += 1

    def heard(event: dict[str, dict[str, str]]) -> None:
        total["bytes"] += len(event["response"]["payloadData"].encode())

    wire.on("Network.loadingFinished", arrived)
    wire.on("Network.webSocketFrameReceived", heard)
    visits = []
    for address in (first, again):
        time.sleep(SETTLE_S)
        total.update(bytes=0, requests=0)
        start = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".u-topic-row button:visible", timeout=90_000)
        seconds = time.perf_counter() - start
        page.wait_for_load_state("networkidle")
        visits.append((seconds, total["bytes"], total["requests"]))
    context.close()
    return visits[0], visits[1]


@contextmanager
def _plain_voila(folder: Path, ours: Serving) -> Iterator[str]:
    """Serve the widget with Voila as it comes, and give its address."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(CELL.format(url=URL_VARIABLE, token=TOKEN_VARIABLE))],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}
        },
    )
    path = folder / "plain.ipynb"
    nbformat.write(notebook, path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = make_token(
        ours.classroom.secret, course=ours.classroom.config.course_id, student="aliya"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "voila", str(path), f"--port={port}", "--no-browser"],
        env={**os.environ, URL_VARIABLE: ours.service_url, TOKEN_VARIABLE: token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield f"http://localhost:{port}/"
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("localhost", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("plain Voila did not start")


if __name__ == "__main__":
    for key, value in measure().items():
        sys.stdout.write(f"{key}: {value}\n")
