"""What can go wrong when the class's plot is written to a file."""

from __future__ import annotations

from typing import Any

from ustaz_widgets.errors import WidgetsError


class PictureError(WidgetsError, RuntimeError):
    """No picture can be drawn: there is no browser, or it gave up. Never about the class.

    Parameters
    ----------
    message
        English msgid: the value met, the value expected, the next step.
    values
        What fills the message's ``{name}`` places.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values
