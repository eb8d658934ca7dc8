"""The demonstration: killed, repeated, finished, repeated again; and what must not be touched."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lab_support import listens, wait_until
from ustaz_grading.classroom import Classroom
from ustaz_lab.console import Console
from ustaz_lab.demo import default_folder, run
from ustaz_lab.demo.known import ASSIGNMENT
from ustaz_lab.demo.stations import STATIONS
from ustaz_lab.errors import DemoError

SLOW_S = 540
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


def start(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "ustaz_lab.cli", "demo", "--once", "--dir", str(folder)],
            stdout=stream,
            stderr=stream,
            env={**os.environ, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )


def kill_when(folder: Path, log: Path, condition) -> None:
    """Start the demonstration and kill it, without warning, as soon as the condition holds."""
    process = start(folder, log)
    try:
        wait_until(lambda: condition() or process.poll() is not None, SLOW_S)
        assert process.poll() is None, log.read_text()
    finally:
        # Its group is not killed: what it started must end by itself.
        process.send_signal(signal.SIGKILL)
        process.wait()


def status_of(address: str) -> int:
    found = urlsplit(address)
    connection = HTTPConnection(found.hostname, found.port, timeout=60)
    cookies: list[str] = []
    path = f"{found.path}?{found.query}"
    for _ in range(5):  # links send one on, a token becoming a cookie
        connection.request("GET", path, headers={"Cookie": "; ".join(cookies)})
        answer = connection.getresponse()
        answer.read()
        cookies += [c.partition(";")[0] for c in answer.headers.get_all("Set-Cookie", [])]
        if answer.status not in {301, 302, 303, 307}:
            break
        path = answer.headers["Location"]
    connection.close()
    return answer.status


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else 0


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Kill a demonstration in three stations, then let it finish."""
    root = tmp_path_factory.mktemp("demonstration")
    folder, log = root / "demo", root / "log"
    kill_when(folder, log, lambda: lines(folder / "approvals.jsonl") >= 5)
    approved = lines(folder / "approvals.jsonl")
    kill_when(folder, log, lambda: len(list((folder / "submitted").glob("*/*/*.ipynb"))) >= 40)
    kill_when(folder, log, lambda: len(list((folder / "autograded").glob("*/*/*.ipynb"))) >= 3)
    issued = issues(folder)
    process = start(folder, log)
    assert process.wait(SLOW_S) == 0, log.read_text()
    return folder, log, approved, issued


def issues(folder: Path) -> dict[tuple[str, str], str]:
    room = Classroom.open(folder)
    found = room.store.issues(ASSIGNMENT, course=room.config.course_id)
    room.close()
    return {(issue.student, issue.slot): json.dumps(dict(issue.record)) for issue in found}


def report(folder: Path) -> dict:
    found: dict = json.loads((folder.parent / "demo.json").read_text(encoding="utf-8"))
    return found


def test_every_station_holds_after_three_kills(demo):
    folder, _, approved, _ = demo
    found = report(folder)
    assert found["ok"] is True
    assert [station["name"] for station in found["stations"]] == [s.id for s in STATIONS]
    for station in found["stations"]:
        assert station["ok"] is True
        assert station["in"]
        assert station["out"]
        assert station["seconds"] >= 0
    stations = {station["name"]: station for station in found["stations"]}
    assert stations["approval"]["out"]["approved_before"] >= approved
    assert stations["autograde"]["out"]["points_for_copied_variants"] == 0
    assert stations["autograde"]["out"]["not_graded"] == "igor.h"
    assert stations["profiles"]["out"]["profiles"] >= 29
    assert stations["release"]["out"]["distinct_variants"] > 200


def test_a_repeat_gives_everyone_the_same_variants(demo):
    folder, _, _, issued = demo
    assert len(issued) == 300
    assert issues(folder) == issued


def test_a_second_call_is_quick_and_does_nothing_again(demo):
    folder, log, _, _ = demo
    gradebook = (folder / "gradebook.db").read_bytes()
    started = time.monotonic()
    assert start(folder, log).wait(SLOW_S) == 0
    seconds = time.monotonic() - started
    found = report(folder)
    kept = [station["name"] for station in found["stations"] if station["kept"]]
    assert len(kept) == len(STATIONS) - 1  # profiles are always read anew
    assert (folder / "gradebook.db").read_bytes() == gradebook
    assert seconds < 60


def test_both_servers_are_announced_answer_and_end_together(demo):
    folder, _, _, _ = demo
    out = folder.parent / "served"
    with out.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "ustaz_lab.cli", "demo", "--dir", str(folder)],
            stdout=stream,
            stderr=stream,
            env={
                **os.environ,
                "LANG": "C.UTF-8",
                "JUPYTER_RUNTIME_DIR": str(folder.parent / "run"),
            },
        )
    try:
        wait_until(lambda: "links.csv" in out.read_text() or process.poll() is not None, SLOW_S)
        found = re.findall(r"http://127\.0\.0\.1:\d+/\S*", out.read_text())
        assert len(found) == 5, out.read_text()  # JupyterLab, the app, three students' links
        lab, app, *links = found
        assert "token=" in lab
        assert all("token=" in link for link in links)
        for address in (lab, *links):
            assert status_of(address) == 200, out.read_text()
        # The app is nobody's without a link.
        assert status_of(app) == 401
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
    for address in (lab, app):
        port = int(re.search(r":(\d+)/", address)[1])
        assert not listens(port)


def test_plots_stand_in_three_languages(demo):
    plots = demo[0] / "plots"
    for language in ("kk", "ru", "en"):
        page = (plots / f"class.{language}.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page
        assert (plots / f"class.{language}.png").read_bytes().startswith(b"\x89PNG")


def test_somebody_elses_folder_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all my work", encoding="utf-8")
    with pytest.raises(DemoError, match="mine"):
        run(tmp_path / "mine", Console("en"))
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_inside_the_sources_it_is_built_in_build(tmp_path):
    assert default_folder(tmp_path) == tmp_path / "demo"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "ustaz"\n', encoding="utf-8")
    assert default_folder(tmp_path) == tmp_path / "build" / "demo"
