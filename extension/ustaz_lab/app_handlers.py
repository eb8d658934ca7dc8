"""The few addresses of the student's app, and who may open them.

``/`` is the page, ``/?token=…`` takes a teacher's link, ``/files/…`` the page's files, and the rest
belongs to one kernel: its messages, whether it still lives, and that its page was closed.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

import nbformat
from jupyter_server.auth import IdentityProvider, User
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.web import HTTPError, RequestHandler
from traitlets import Unicode
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from ustaz_lab.app_kernels import AppKernels, token_cell, visitor
from ustaz_lab.app_page import PageMaking
from ustaz_lab.tokens import TOKEN_CHARACTERS_MAX

if TYPE_CHECKING:
    from ustaz_lab.app_files import PageFile

MESSAGE_BYTES_MAX: Final = 128 * 1024
"""Longer than any action of the page, program included."""
CHECKED_FOR_S: Final = 60.0
"""A token found good is asked about again after this time."""
CHECKED_MAX: Final = 10_000
SERVICE_TIMEOUT_S: Final = 15.0

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline';"
    " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""Style attributes are let through for tables, whose cells the server's sanitised HTML aligns."""
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class ServiceDownError(HTTPError):
    """The practice service does not answer; nobody is refused for that."""

    def __init__(self) -> None:
        super().__init__(503)


class LinkIdentity(IdentityProvider):
    """Knows a student by the token in a cookie; the practice service says whether it is good."""

    service_url = Unicode(help="Where the practice service is.").tag(config=True)
    practice_cookie = Unicode("ustaz-practice", help="Name of the cookie.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._good: dict[str, tuple[str, float]] = {}

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return nothing: there is no password and no log-in page."""
        return []

    def token_of(self, handler: RequestHandler) -> str:
        """Return the token that a request brings, good or not."""
        token: str = handler.get_cookie(self.practice_cookie, "") or ""
        return token if len(token) <= TOKEN_CHARACTERS_MAX and token.isascii() else ""

    async def get_user(self, handler: RequestHandler) -> User | None:
        """Return the student, or ``None`` for a stranger.

        Raises
        ------
        ServiceDownError
            The service cannot be asked.
        """
        token = self.token_of(handler)
        if not token:
            return None
        student, until = self._good.get(token, ("", 0.0))
        now = handler.request._start_time  # noqa: SLF001 - tornado has no other name for it
        if until <= now:
            found = await self.ask("who", token)
            if found is None:
                self._good.pop(token, None)
                return None
            student = str(found["student"])
            if len(self._good) >= CHECKED_MAX:
                self._good.clear()
            self._good[token] = (student, now + CHECKED_FOR_S)
        return User(username=student)

    async def exchange(self, link: str) -> str | None:
        """Return a practice token for a link's, or ``None`` where the link is not good."""
        if len(link) > TOKEN_CHARACTERS_MAX or not link.isascii():
            return None
        found = await self.ask("exchange", link, body={})
        return None if found is None else str(found["token"])

    async def ask(
        self, path: str, token: str, body: dict[str, object] | None = None
    ) -> dict[str, Any] | None:
        """Return the service's answer, or ``None`` where it refuses the token."""
        request = HTTPRequest(
            f"{self.service_url}/{path}",
            method="GET" if body is None else "POST",
            body=None if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {token}"},
            request_timeout=SERVICE_TIMEOUT_S,
            follow_redirects=False,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request)
            found: dict[str, Any] = json.loads(answer.body)
        except HTTPClientError as error:
            if error.code == 401:
                return None
            raise ServiceDownError from error
        except (OSError, ValueError) as error:
            raise ServiceDownError from error
        return found


def hand_token(handler: PageHandler, *, notebook: Any, cwd: str) -> Any:
    """Return the notebook with its visitor's token in the first cell; Voila's prelaunch hook."""
    del cwd  # Voila hands it over
    provider: LinkIdentity = handler.identity_provider
    cell = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]  # theirs
        token_cell(provider.token_of(handler))
    )
    notebook.cells.insert(0, cell)
    return notebook


class PageHandler(TornadoVoilaHandler):  # type: ignore[misc]  # Voila is untyped
    """The page, made by Voila while the browser already loads its files."""

    def initialize(self, **kwargs: Any) -> None:
        """Take what Voila's handler takes."""
        super().initialize(**kwargs)
        self._left = asyncio.Event()

    @allow_unauthenticated
    async def get(self, path: str | None = None) -> None:
        """Send the page; take a link's token out of the address first."""
        if path:
            raise HTTPError(404)
        link = self.get_query_argument("token", "")
        if link:
            await self._enter(link)
            return
        if self.current_user is None:
            self._explain(401, "signIn", "signInMore")
            return
        visitor.set(self.current_user.username)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        await PageMaking(self, self.settings["ustaz_pages"], self._left).send()

    def on_connection_close(self) -> None:
        """Note that nobody waits for the page any more."""
        self._left.set()
        super().on_connection_close()

    async def _enter(self, link: str) -> None:
        provider: LinkIdentity = self.identity_provider
        token = await provider.exchange(link)
        if token is None:
            self._explain(401, "signIn", "signInMore")
            return
        # For this browser session; out of reach of scripts, and never sent from another site.
        self.set_cookie(
            provider.practice_cookie, token, path=self.base_url, httponly=True, samesite="Lax"
        )
        self.set_header("Cache-Control", "no-store")
        self.redirect(self.base_url, status=303)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Explain in three languages; the cause is for the log."""
        if isinstance(kwargs.get("exc_info", (None, None))[1], ServiceDownError):
            self._explain(503, "serviceDown")
        else:
            self._explain(status_code, "failed")

    def _explain(self, status: int, *keys: str) -> None:
        """Send a page that says what to do, in all languages: whose page it is is not known."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        template = self.settings["voila_jinja2_env"].get_template("notice.html.j2")
        self.finish(template.render(ustaz=self.settings["ustaz_page"], keys=keys))


class ChannelsHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # Voila is untyped
    """A kernel's messages, for its owner's page alone."""

    async def open(self, kernel_id: str) -> None:
        """Connect, and close when the kernel ends: a page must not wait for one that is gone."""
        self.kernel_manager.watch(kernel_id, self.close)
        await super().open(kernel_id)

    def on_close(self) -> None:
        """Disconnect."""
        self.kernel_manager.unwatch(self.kernel_id, self.close)
        super().on_close()

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass on what can be a message of the page."""
        if isinstance(ws_message, bytes) or len(ws_message) > MESSAGE_BYTES_MAX:
            self.log.warning("a message of %d bytes is dropped", len(ws_message))
            return
        try:
            message = json.loads(ws_message)
            fits = isinstance(message["content"], dict) and message["channel"] == "shell"
        except (ValueError, KeyError, TypeError, RecursionError):
            fits = False
        if fits:
            super().on_message(ws_message)


class KernelHandler(JupyterHandler):
    """What a page asks about its own kernel, without a body either way."""

    def check_xsrf_cookie(self) -> None:
        """Refuse other sites by their origin: a beacon cannot carry a token of its own."""
        origin, host = self.request.headers.get("Origin"), self.request.headers.get("Host")
        if origin is None or origin.split("//", 1)[-1].lower() != host:
            raise HTTPError(403)

    @property
    def kernels(self) -> AppKernels:
        """The app's kernels."""
        kernels: AppKernels = self.settings["kernel_manager"]
        return kernels

    def own(self, kernel_id: str) -> None:
        """Go on only with a kernel of the visitor's.

        Raises
        ------
        HTTPError
            401 for a stranger, 404 for a kernel that is not theirs: which ones there are is not
            told.
        """
        if self.current_user is None:
            raise HTTPError(401)
        if not self.kernels.owned_by(kernel_id, self.current_user.username):
            raise HTTPError(404)

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say no more than the status."""
        self.set_status(status_code)
        self.finish()


class AliveHandler(KernelHandler):
    """``/kernels/<id>``: whether my kernel still lives."""

    @allow_unauthenticated
    async def get(self, kernel_id: str) -> None:
        """Answer 204 or 404."""
        self.own(kernel_id)
        if not await self.kernels.is_alive(kernel_id):
            await self.kernels.stop(kernel_id)
            raise HTTPError(404)
        self.set_header("Cache-Control", "no-store")
        self.set_status(204)


class LeaveHandler(KernelHandler):
    """``/kernels/<id>/leave``: my page is closed."""

    @allow_unauthenticated
    async def post(self, kernel_id: str) -> None:
        """Stop the kernel."""
        self.own(kernel_id)
        self.set_status(204)
        self.finish()
        await self.kernels.stop(kernel_id)


class NothingHandler(RequestHandler):
    """Any other address."""

    def prepare(self) -> None:
        """Answer that there is nothing."""
        raise HTTPError(404)

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say no more than the status."""
        self.set_status(status_code)
        self.finish()


class FileHandler(NothingHandler):
    """``/files/<mark>/<name>``: a file of the page, which a browser may keep for ever."""

    def initialize(self, files: dict[str, PageFile]) -> None:
        """Take the files, by name."""
        self.files = files

    def prepare(self) -> None:
        """Go on: there is something here."""

    def get(self, mark: str, name: str) -> None:
        """Send the file; it is public, and the same for everyone."""
        file = self.files.get(name)
        if file is None or file.mark != mark:
            raise HTTPError(404)
        self.set_header("Content-Type", file.content_type)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Accept-Encoding")
        accepted = self.request.headers.get("Accept-Encoding", "")
        if "gzip" in {part.split(";")[0].strip() for part in accepted.split(",")}:
            self.set_header("Content-Encoding", "gzip")
            self.write(file.compressed)
        else:
            self.write(file.plain)
