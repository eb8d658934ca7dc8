"""What the app's notebook calls: the widget of the student whose token is in this kernel."""

from __future__ import annotations

import os
from typing import ClassVar, Final

from ustaz_widgets.errors import WidgetsError
from ustaz_widgets.student.client import PracticeClient
from ustaz_widgets.student.practice import Practice

URL_VARIABLE: Final = "USTAZ_PRACTICE_URL"
TOKEN_VARIABLE: Final = "USTAZ_PRACTICE_TOKEN"  # noqa: S105 - a name, no token


class SlimPractice(Practice):
    """The widget for a page that brings module and style itself, as files that a browser keeps."""

    _esm: ClassVar[str] = "export default { render() {} }"
    _css: ClassVar[str] = ""


def practice_app() -> Practice:
    """Return the widget, and take the token out of the environment.

    Raises
    ------
    WidgetsError
        The kernel was not started by the app's server.
    """
    url, token = os.environ.get(URL_VARIABLE), os.environ.pop(TOKEN_VARIABLE, "")
    if not url or not token:
        raise WidgetsError("This app runs only where `ustaz serve` serves it.")
    return SlimPractice(PracticeClient(url, token))
