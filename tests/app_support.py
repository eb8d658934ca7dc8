"""A visitor of the student's app without a browser: cookies, the page's blocks, kernel messages."""

import asyncio
import http.client
import json
import re
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import websockets


@dataclass
class Visitor:
    """One browser's worth of cookies."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def request(self, method, path, *, headers=None, follow=False):
        """Return status, headers and text of one answer."""
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        found = {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        if set_cookie := found.get("set-cookie"):
            name, _, value = set_cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        if follow and answer.status in (302, 303):
            return self.request("GET", found["location"], headers=headers)
        return answer.status, found, text

    def open(self, link):
        """Open a link and return the page."""
        place = urlsplit(link)
        status, _, text = self.request("GET", f"{place.path}?{place.query}", follow=True)
        assert status == 200, text[:400]
        return text

    @property
    def origin(self):
        """The page's own origin."""
        return self.url.rstrip("/")


def block(page: str, name: str):
    """Return a data block of the page."""
    found = re.search(
        rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL
    )
    assert found, f"no {name} in the page"
    return json.loads(found.group(1))


def message(kind: str, content: dict, *, channel: str = "shell") -> str:
    """Return a kernel message as the page's script writes it."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "session": "test",
        "username": "",
        "version": "5.3",
        "date": "2026-09-01T00:00:00Z",
    }
    return json.dumps(
        {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": channel,
            "buffers": [],
        }
    )


class Channels:
    """The websocket of one kernel."""

    def __init__(self, visitor: Visitor, kernel: str, *, origin: str | None = "own") -> None:
        place = urlsplit(visitor.url)
        self._url = f"ws://{place.netloc}/kernels/{kernel}/channels?session_id=test"
        self._origin = visitor.origin if origin == "own" else origin
        self._headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        }

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(
            self._url, origin=self._origin, additional_headers=self._headers, max_size=None
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def send(self, kind: str, content: dict, *, channel: str = "shell") -> None:
        """Send a message."""
        await self._socket.send(message(kind, content, channel=channel))

    async def act(self, model: str, action: dict) -> dict:
        """Send what the page's widget sends, and return the view that answers it."""
        await self.send(
            "comm_msg", {"comm_id": model, "data": {"method": "custom", "content": action}}
        )
        return await self.view()

    async def view(self, timeout_s: float = 60) -> dict:
        """Return the next view that is not busy."""
        async with asyncio.timeout(timeout_s):
            while True:
                found = json.loads(await self._socket.recv())
                data = found["content"].get("data")
                if found["msg_type"] == "comm_msg" and isinstance(data, dict):
                    view = data.get("state", {}).get("view")
                    if view and not view["busy"]:
                        return view

    async def heard(self, seconds: float) -> list[str]:
        """Return the types of all messages that come in a time."""
        kinds = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    kinds.append(json.loads(await self._socket.recv())["msg_type"])
        except TimeoutError:
            return kinds


def children(pid: int, *, deep: bool = True) -> list[int]:
    """Return the process's living descendants, or only those that it started itself."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(folder.name)] = int(fields[1])
    found = [child for child, parent in parents.items() if parent == pid]
    if not deep:
        return found
    return found + [deeper for child in found for deeper in children(child)]


def alive(pid: int) -> bool:
    """Tell whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def environment(pid: int) -> dict[str, str]:
    """Return what a process was started with."""
    text = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    return dict(line.partition("=")[::2] for line in text.split("\0") if line)


def command(pid: int) -> str:
    """Return a process's command line."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


@contextmanager
def kernels_start_as(serving, argv):
    """Have the app's kernels start with another command."""
    (spec,) = Path(f"/proc/{serving.process.pid}/cwd").resolve().rglob("kernel.json")
    before = spec.read_text()
    spec.write_text(json.dumps({**json.loads(before), "argv": argv}))
    try:
        yield
    finally:
        spec.write_text(before)
