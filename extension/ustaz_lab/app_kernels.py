"""Kernels of the student's app: one a visitor, owned by them, with no secret in its environment.

A few spare kernels wait with everything imported, so that a page need not wait for Python to start.
They are all alike; the visitor's token reaches a kernel as the first cell it runs (see
`token_cell`), not by its environment.
"""

from __future__ import annotations

import asyncio
import os
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.auth import Authorizer
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Dict, Int, Unicode
from ustaz_widgets.student.app import TOKEN_VARIABLE, URL_VARIABLE

from ustaz_lab.app_files import KERNEL

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_server.auth import User
    from jupyter_server.base.handlers import JupyterHandler

ALLOWED: Final = frozenset(("PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH"))
"""All that a kernel gets of the server's environment, with LC_*."""
REFILL_AFTER_S: Final = 2.0
"""A spare kernel starts when the page that took the last one has had time to arrive."""

visitor: ContextVar[str] = ContextVar("visitor")
"""Student id of whose page is being made in this task."""


class AppKernels(AsyncMappingKernelManager):
    """Starts, hands out and forgets the app's kernels."""

    service_url = Unicode(help="Where kernels reach the practice service.").tag(config=True)
    home = Unicode(help="Home folder of kernels, without anything in it.").tag(config=True)
    spare_kernels = Int(1, min=0, max=64, help="Kernels that wait for a visitor.").tag(config=True)
    owners = Dict(help="Kernel id to the id of the student whose it is.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # theirs
        self._spare: list[str] = []
        self._watchers: dict[str, set[Callable[[], None]]] = {}
        self._refilling: asyncio.Task[None] | None = None
        self._closing = False

    async def start_kernel(self, **_: Any) -> str:  # type: ignore[override]  # as their async one
        """Return the id of a kernel for this task's visitor; what Voila asks for is ignored."""
        owner = visitor.get()
        spare = [kernel for kernel in self._spare if kernel in self]
        self._spare = spare[1:]
        kernel_id = spare[0] if spare else await self._start()
        self.owners[kernel_id] = owner
        self.refill(REFILL_AFTER_S)
        return kernel_id

    def refill(self, delay_s: float = 0.0) -> None:
        """See to it that spare kernels wait, some time from now."""
        if self._refilling is None or self._refilling.done():
            self._refilling = asyncio.ensure_future(self._refill(delay_s))

    def owned_by(self, kernel_id: str, student: str) -> bool:
        """Tell whether a kernel is this student's."""
        return kernel_id in self and self.owners.get(kernel_id) == student

    async def stop(self, kernel_id: str) -> None:
        """End a kernel at once; one that has ended already is no fault."""
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]  # theirs

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel and whose it was."""
        self.owners.pop(kernel_id, None)
        for ended in self._watchers.pop(kernel_id, set()):
            ended()
        return super().remove_kernel(kernel_id)

    def watch(self, kernel_id: str, ended: Callable[[], None]) -> None:
        """See to it that a page hears of its kernel's end."""
        self._watchers.setdefault(kernel_id, set()).add(ended)

    def unwatch(self, kernel_id: str, ended: Callable[[], None]) -> None:
        """Forget who was to hear of it."""
        self._watchers.get(kernel_id, set()).discard(ended)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Spare kernels are idle by nature and stay."""
        if kernel_id not in self._spare:
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]  # theirs

    async def shutdown_all(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as above
        """Stop all kernels, those that are still starting as well."""
        self._closing = True
        refilling, self._refilling = self._refilling, None
        if refilling is not None:
            refilling.cancel()
            await asyncio.gather(refilling, return_exceptions=True)
        await super().shutdown_all(*args, **kwargs)

    async def _refill(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        while not self._closing and len(self._spare) < self.spare_kernels:
            self._spare.append(await self._start())

    async def _start(self) -> str:
        kernel_id: str = await super().start_kernel(
            kernel_name=KERNEL, cwd=self.home, env=self._env()
        )
        return kernel_id

    def _env(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in ALLOWED or name.startswith("LC_")
        }
        return {
            **kept,
            "HOME": self.home,
            "IPYTHONDIR": f"{self.home}/ipython",
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            URL_VARIABLE: self.service_url,
        }


class OwnKernels(Authorizer):
    """A student may reach their own kernels and nothing else."""

    def is_authorized(
        self, handler: JupyterHandler, user: User, action: str, resource: str
    ) -> bool:
        """Tell whether the kernel that the address names is the user's."""
        del action  # reading and writing are one here
        kernel_id = (handler.path_kwargs or {}).get("kernel_id", "")
        if isinstance(kernel_id, bytes):
            kernel_id = kernel_id.decode("ascii", "replace")
        kernels: AppKernels = handler.settings["kernel_manager"]
        return bool(resource == "kernels" and user and kernels.owned_by(kernel_id, user.username))


def token_cell(token: str) -> str:
    """Return the source of the cell that hands a kernel its visitor's token."""
    return f"import os\nos.environ[{TOKEN_VARIABLE!r}] = {token!r}"
