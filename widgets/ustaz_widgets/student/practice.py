"""The practice widget: shows what the conversation says, and passes on what the student asks.

Pair of ``widgets/js/practice.ts``. Its one synced trait goes to the browser only: whatever a
browser sends back as state is ignored, for nothing of it may be trusted; actions come as
messages and are read by `ustaz_widgets.student.actions`.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import anywidget
import traitlets

from ustaz_widgets.student.actions import TooLongError, read_action
from ustaz_widgets.student.conversation import Conversation
from ustaz_widgets.student.messages import view_of

if TYPE_CHECKING:
    from ustaz_widgets.student.actions import Action
    from ustaz_widgets.student.conversation import Service

_PACKAGE: Final = Path(__file__).parent.parent
_LOG: Final = logging.getLogger(__name__)


class Practice(anywidget.AnyWidget):
    """A student's practice as a widget.

    Parameters
    ----------
    service
        Speaks to the practice service for one student.
    language
        Of what is said until the service has told the student's own.
    """

    _esm: ClassVar[Path | str] = _PACKAGE / "static" / "practice.js"
    _css: ClassVar[Path | str] = _PACKAGE / "student" / "practice.css"

    view = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(self, service: Service, *, language: str = "kk") -> None:
        self._conversation = Conversation(service, language=language)
        self._serial = 0
        super().__init__()
        self._conversation.begin()
        self._show()
        self.on_msg(self._receive)

    def set_state(self, sync_data: object) -> None:
        """Ignore state from the browser: Python decides, the browser shows."""
        _LOG.debug("state from the browser is ignored: %.80r", sync_data)

    def _handle_msg(self, msg: dict[str, Any]) -> None:
        data = msg.get("content", {}).get("data")
        if isinstance(data, dict) and isinstance(data.get("method"), str):
            super()._handle_msg(msg)

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        try:
            action = read_action(content)
        except TooLongError:
            self._conversation.refuse_long()
            self._show()
            return
        if action is None:
            # Still an answer: a page that waits for one must not wait for ever.
            _LOG.warning("a message that is no action is ignored: %.80r", content)
        elif action.do != "refresh":
            self._work(action)
        self._show()

    def _work(self, action: Action) -> None:
        self._show(busy=True)
        self._conversation.act(action)

    def _show(self, *, busy: bool = False) -> None:
        self._serial += 1
        # A serial number, so that equal views are sent all the same.
        view = view_of(self._conversation.state, busy=busy, serial=self._serial)
        self.set_trait("view", view)
