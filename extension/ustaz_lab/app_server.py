"""The student's app as a process of its own: Voila, standalone, with a slim page and few addresses.

Started by `ustaz_lab.serve`, which hands it a listening socket, says on standard input where things
are, and is told "ready" on standard output. When standard input ends, so does this process with
all its kernels: no app outlives whoever served it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from typing import Any, Final

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila

from ustaz_lab.app_files import NOTEBOOK, TEMPLATE, page_data, page_files
from ustaz_lab.app_handlers import (
    HEADERS,
    MESSAGE_BYTES_MAX,
    AliveHandler,
    ChannelsHandler,
    FileHandler,
    LeaveHandler,
    LinkIdentity,
    NothingHandler,
    PageHandler,
    hand_token,
)
from ustaz_lab.app_kernels import AppKernels, OwnKernels
from ustaz_lab.app_page import OpenPages

READY: Final = "ready"
ALLOWED_MESSAGES: Final = ["comm_msg"]
"""What a browser may send to a kernel: words to the widget, and no code."""
BODY_BYTES_MAX: Final = 4096
"""No address of this server takes a body."""
WATCH_S: Final = 30
"""Seconds between looks for kernels that nobody uses any more."""
PING_MS: Final = 25_000
"""Milliseconds between signs of life; many networks cut what is silent for a minute."""

_KERNEL: Final = r"(?P<kernel_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"


class AppServer(Voila):  # type: ignore[misc]  # Voila is untyped
    """Voila with the addresses of `ustaz_lab.app_handlers` and no others."""

    name = "ustaz-app"
    told: dict[str, Any]
    pages: OpenPages

    def init_settings(self) -> dict[str, Any]:
        """Return Voila's settings with what the handlers need."""
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = ALLOWED_MESSAGES
        settings |= {
            "ustaz_page": self.told["page"],
            "ustaz_pages": self.pages,
            "headers": HEADERS,
            "websocket_max_message_size": MESSAGE_BYTES_MAX,
            "ws_ping_interval": PING_MS,
            "ws_ping_timeout": PING_MS,
            "websocket_compression_options": {},
            "default_handler_class": NothingHandler,
            "log_function": lambda _handler: None,
        }
        return settings

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Return the app's addresses; Voila's own are left out."""
        base = self.base_url
        page = {
            "notebook_path": os.path.relpath(self.notebook_path, self.root_dir),
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            (rf"{base}kernels/{_KERNEL}/channels", ChannelsHandler),
            (rf"{base}kernels/{_KERNEL}/leave", LeaveHandler),
            (rf"{base}kernels/{_KERNEL}", AliveHandler),
            (rf"{base}files/([0-9a-f]+)/([a-z.]+)", FileHandler, {"files": self.told["files"]}),
            (rf"{base}()", PageHandler, page),
            (r".*", NothingHandler),
        ]

    def listen(self) -> None:
        """Serve on the socket handed in, until standard input ends."""
        self.server = server = HTTPServer(self.app, max_body_size=BODY_BYTES_MAX, xheaders=False)
        server.add_sockets([socket.socket(fileno=self.told["socket"])])
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.kernel_manager.refill)
        self.ioloop.add_callback(_say_ready)
        threading.Thread(target=self._watch_input, daemon=True).start()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info("Stopping")
        finally:
            server.stop()
            self.stop()

    def _handle_signal_stop(self, sig: int, frame: object) -> None:
        del sig, frame
        self.ioloop.add_callback_from_signal(self._end)

    def _watch_input(self) -> None:
        sys.stdin.read()
        self.ioloop.add_callback(self._end)

    async def _end(self) -> None:
        """End the pages in order, stop the kernels while their loop still runs, then the loop."""
        self.server.stop()
        await self.pages.close()
        await self.kernel_manager.shutdown_all(now=True)
        self.ioloop.stop()


def configuration(told: dict[str, Any]) -> Config:
    """Return Voila's configuration.

    Parameters
    ----------
    told
        What `ustaz_lab.serve` said.
    """
    folder = told["folder"]
    config = Config()
    config.Voila.update(
        open_browser=False,
        ip=told["host"],
        port=told["port"],
        base_url=told["base_url"],
        root_dir=f"{folder}/app",
        config_file_paths=[],
        connection_dir_root=f"{folder}",
        authorizer_class=OwnKernels,
        identity_provider_class=LinkIdentity,
        log_level="WARN",
    )
    config.VoilaConfiguration.update(
        template=TEMPLATE,
        allow_template_override="NO",
        allow_theme_override="NO",
        strip_sources=True,
        show_tracebacks=False,
        file_allowlist=[],
        extension_allowlist=[],
        multi_kernel_manager_class=AppKernels,
        prelaunch_hook=hand_token,
        resources={"ustaz": told["page"]},
    )
    config.LinkIdentity.update(service_url=told["service"], practice_cookie=told["cookie"])
    config.AppKernels.update(
        service_url=told["service"],
        home=f"{folder}/home",
        spare_kernels=told["spare_kernels"],
        cull_idle_timeout=told["idle_s"],
        cull_interval=max(1, min(WATCH_S, told["idle_s"])),
        cull_connected=True,
        allow_tracebacks=False,
    )
    # A kernel that died took the student's page with it: the page starts a new one.
    config.KernelManager.autorestart = False
    # Sockets in the private folder: nobody else on this machine can listen in.
    config.KernelManager.transport = "ipc"
    return config


def main() -> None:
    """Serve as the first line of standard input says."""
    told = json.loads(sys.stdin.readline())
    told["files"] = page_files()
    told["page"] = page_data(told["base_url"], told["files"])
    app = AppServer(config=configuration(told))
    app.told, app.pages = told, OpenPages()
    app.initialize([f"{told['folder']}/app/{NOTEBOOK}"])
    app.start()


def _say_ready() -> None:
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
