"""Pages on their way to browsers: made by Voila piece by piece, and whole however they end.

Voila's own handler waits for ever on a page whose kernel does not start, and what it is sending
when the server stops breaks off. Here a page that cannot go on is closed in order: it lacks the
blocks that its script waits for, and the script says so. A kernel nobody will use is stopped.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from tornado.iostream import StreamClosedError
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from voila.handler import VoilaHandler

KEEP_ALIVE_S: Final = 10.0
"""Seconds of silence after which a page shows a sign of life; proxies cut what is silent longer."""
SIGN_OF_LIFE: Final = "<!-- -->\n"
END: Final = "\n</main>\n</body>\n</html>\n"
"""Closes a page that stops between two blocks; an end tag too many does no harm in HTML."""
FAREWELL_S: Final = 3.0
"""Seconds that slow readers have for the end of their page when the server stops."""


class OpenPages:
    """The pages that are being sent, so that none is cut off when the server stops."""

    def __init__(self) -> None:
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Count the running task among those that send a page."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - handlers run in tasks
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def closing(self) -> None:
        """Return when the pages are to end."""
        await self._closing.wait()

    async def close(self) -> None:
        """Have all pages end, and wait until they have, within reason."""
        self._closing.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FAREWELL_S)


class PageMaking:
    """One page while it is made.

    Parameters
    ----------
    handler
        The request that it answers.
    pages
        Told of it.
    left
        Set when its reader has gone.
    """

    def __init__(self, handler: VoilaHandler, pages: OpenPages, left: asyncio.Event) -> None:
        self._handler, self._pages, self._left = handler, pages, left
        self._renderer = _renderer(handler)
        self._kernel_id = ""

    async def send(self) -> None:
        """Send the page from its first byte to its last.

        Raises
        ------
        Exception
            The kernel cannot be started; nothing is sent yet.
        """
        handler = self._handler
        with self._pages.sending():
            await self._renderer.initialize(template=None, theme=None)
            self._kernel_id = await handler.kernel_manager.start_kernel()
            whole = False
            try:
                whole = await self._pass_on()
            except Exception:
                handler.log.exception("a page ends early")
            finally:
                if not whole:
                    await self._give_up()
            # A reader who has gone needs no end.
            with suppress(StreamClosedError):
                await handler.finish("" if whole else END)

    async def _pass_on(self) -> bool:
        """Pass on what the template makes; return whether that was everything."""
        kernels = self._handler.kernel_manager
        pieces: AsyncGenerator[tuple[str, object]] = self._renderer.generate_content_generator(
            self._kernel_id, kernels.get_kernel(self._kernel_id)
        )
        ends: set[asyncio.Task[Any]] = {
            asyncio.ensure_future(self._pages.closing()),
            asyncio.ensure_future(self._left.wait()),
        }
        piece: asyncio.Future[Any] | None = None
        try:
            while True:
                piece = asyncio.ensure_future(anext(pieces, None))
                # What needs no kernel is there at once, and goes out as one.
                await asyncio.sleep(0)
                if not piece.done() and not await self._wait(piece, ends):
                    return False
                found = piece.result()
                if found is None:
                    return True
                self._handler.write(found[0])
        finally:
            await _end(*ends, *([piece] if piece else []))
            with suppress(Exception):
                await pieces.aclose()

    async def _wait(self, piece: asyncio.Future[Any], ends: set[asyncio.Task[Any]]) -> bool:
        """Return True when the piece is there, False when the page is to end."""
        self._handler.flush()
        while True:
            done, _ = await asyncio.wait(
                {piece, *ends}, timeout=KEEP_ALIVE_S, return_when=asyncio.FIRST_COMPLETED
            )
            if done:
                return done.isdisjoint(ends)
            self._handler.write(SIGN_OF_LIFE)
            self._handler.flush()

    async def _give_up(self) -> None:
        """Stop the kernel of a page that will not be used, and what listens to it."""
        try:
            executor = getattr(self._renderer, "executor", None)
            if executor is not None and executor.kc is not None:
                executor.kc.stop_channels()
            await self._handler.kernel_manager.stop(self._kernel_id)
        except Exception:
            self._handler.log.exception("kernel %s is not stopped in order", self._kernel_id)


async def _end(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _renderer(handler: VoilaHandler) -> NotebookRenderer:
    """Return Voila's renderer for a request, told what Voila's own handler tells it."""
    configuration = handler.voila_configuration
    return NotebookRenderer(
        request_handler=handler,
        voila_configuration=configuration,
        traitlet_config=handler.traitlet_config,
        notebook_path=handler.notebook_path,
        template_paths=handler.template_paths,
        config_manager=handler.config_manager,
        contents_manager=handler.contents_manager,
        base_url=handler.base_url,
        kernel_spec_manager=handler.kernel_spec_manager,
        prelaunch_hook=handler.prelaunch_hook,
        page_config=get_page_config(
            base_url=handler.base_url,
            settings=handler.settings,
            log=handler.log,
            voila_configuration=configuration,
        ),
        mathjax_config=handler.settings.get("mathjax_config"),
        mathjax_url=handler.settings.get("mathjax_url"),
    )
