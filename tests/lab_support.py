"""A real Jupyter server with the workbench's server part, in a process of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

TOKEN = "let-me-in"  # noqa: S105 - of a server that lives for a test
START_S = 60


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self):
        return json.loads(self.text)


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int

    def get(
        self, *segments: str, token: str | None = TOKEN, method: str = "GET", **query: object
    ) -> Answer:
        """Ask below the API's root; segments are escaped."""
        path = "/ustaz/api/" + "/".join(quote(segment, safe="") for segment in segments)
        return self.raw(f"{path}?{urlencode(query)}", token=token, method=method)

    def raw(self, path: str, *, token: str | None = TOKEN, method: str = "GET") -> Answer:
        """Ask for a path as it is written."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Authorization": f"token {token}"} if token else {}
        try:
            connection.request(method, path, headers=headers)
            found = connection.getresponse()
            return Answer(found.status, dict(found.getheaders()), found.read().decode())
        finally:
            connection.close()


@contextmanager
def jupyter_server(root: Path, home: Path) -> Iterator[Server]:
    """Run ``jupyter server`` with the folder as its root."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_TOKEN": TOKEN,
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    arguments = [
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.allow_root=True",
        "--ServerApp.open_browser=False",
    ]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *arguments],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            wait_until(lambda: listens(port) or process.poll() is not None, START_S)
            assert process.poll() is None, (home / "server.log").read_text()
            yield Server(port)
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as found:
        found.settimeout(1)
        return found.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
