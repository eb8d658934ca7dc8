"""A practice service that really listens, in a thread of the test."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from ustaz_grading.classroom import Classroom
from ustaz_lab.service import ROOT, practice_application
from ustaz_lab.service_requests import BODY_BYTES_MAX


@contextmanager
def running_service(room: Classroom, *, runner=None) -> Iterator[str]:
    """Serve a classroom's practice and give the address where its routes begin."""
    service = practice_application(room, runner=runner)
    sockets = bind_sockets(0, "127.0.0.1")
    ready, loop, stop = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def run() -> None:
        server = HTTPServer(service, max_body_size=2 * BODY_BYTES_MAX)
        server.add_sockets(sockets)
        ready.set()
        await stop.wait()
        server.stop()
        await server.close_all_connections()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    ready.wait(10)
    try:
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}{ROOT}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        service.settings["ustaz_workers"].shutdown()
        loop.close()
