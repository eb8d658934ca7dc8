"""The class's plot as files: a page of its own, or a picture."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ustaz_grading.files import write_text

from ustaz_widgets.teacher.class_plot import class_figure
from ustaz_widgets.teacher.errors import PictureError
from ustaz_widgets.teacher.page import class_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ustaz_grading.profiles import Cohort

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Looked for in this order."""
PICTURE_TIMEOUT_S: Final = 90
"""A browser starts within seconds; on a busy machine within a minute."""
WIDTH_PX: Final = 1280
SCALE: Final = 2
"""Pixels a point: sharp in print."""


def write_class_html(
    cohort: Cohort,
    path: Path | str,
    *,
    language: str,
    dark: bool = False,
    title: str = "",
    groups: Mapping[str, str] | None = None,
) -> Path:
    """Write the class's page (see ``class_page``) as a whole or not at all; return its path.

    Raises
    ------
    OSError
        When the file cannot be written; what stood there before stays.
    """
    target = Path(path)
    write_text(target, class_page(cohort, language=language, dark=dark, title=title, groups=groups))
    return target


def write_class_png(
    cohort: Cohort,
    path: Path | str,
    *,
    language: str,
    dark: bool = False,
    order: str = "name",
    width: int = WIDTH_PX,
) -> Path:
    """Write the class's figure (see ``class_figure``) as a picture; return its path.

    Raises
    ------
    PictureError
        When there is no browser to draw it, or the browser gave up.
    OSError
        When the file cannot be written; what stood there before stays.
    """
    figure = class_figure(cohort, language=language, dark=dark, order=order)
    # Nobody can open a menu in a picture.
    figure.layout.updatemenus = ()
    picture = _drawn(figure, width)
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(picture)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return target


def browser() -> str:
    """Return the path of the browser that draws pictures.

    Raises
    ------
    PictureError
        When none is found.
    """
    named = os.environ.get("BROWSER_PATH", "")
    for name in (named, *BROWSERS):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise PictureError(
        "A picture is drawn by a browser, and none was found ({names}). Install one, for example"
        " with: apt install chromium, or name it in BROWSER_PATH. The HTML page needs none.",
        names=", ".join(BROWSERS),
    )


def _drawn(figure: Any, width: int) -> bytes:
    path = browser()
    found: list[bytes] = []
    faults: list[Exception] = []

    def draw() -> None:
        import kaleido  # noqa: PLC0415 - needed only here

        try:
            found.append(
                kaleido.calc_fig_sync(
                    figure,
                    opts={
                        "format": "png",
                        "width": width,
                        "height": int(figure.layout.height),
                        "scale": SCALE,
                    },
                    # MathJax would come from the network, and read a name such as $x$ as a formula.
                    kopts={
                        "path": path,
                        "mathjax": False,
                        "timeout": PICTURE_TIMEOUT_S,
                        "enable_sandbox": os.geteuid() != 0,
                    },
                )
            )
        except Exception as error:  # noqa: BLE001 - whatever the browser's driver raises
            faults.append(error)

    # In a thread of its own: a notebook's thread runs an event loop already.
    thread = threading.Thread(target=draw, name="ustaz-picture", daemon=True)
    thread.start()
    thread.join(2 * PICTURE_TIMEOUT_S)
    if not found:
        reason = str(faults[0]) or type(faults[0]).__name__ if faults else "it does not answer"
        raise PictureError(
            "The browser {browser} drew no picture: {reason}. Start it once by hand to see what it"
            " says; the HTML page needs no browser to be written.",
            browser=path,
            reason=reason,
        ) from (faults[0] if faults else None)
    return found[0]
