"""What a teacher looks at: where the class stands.

Names are fetched when first used, so that the package is imported without plotly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ustaz_widgets.teacher.class_plot import ClassProfile, class_figure, class_profile
    from ustaz_widgets.teacher.classroom import class_cohort
    from ustaz_widgets.teacher.export import write_class_html, write_class_png
    from ustaz_widgets.teacher.page import class_page

__all__ = [
    "ClassProfile",
    "class_cohort",
    "class_figure",
    "class_page",
    "class_profile",
    "write_class_html",
    "write_class_png",
]

_HOMES: Final = {
    "ClassProfile": "class_plot",
    "class_cohort": "classroom",
    "class_figure": "class_plot",
    "class_page": "page",
    "class_profile": "class_plot",
    "write_class_html": "export",
    "write_class_png": "export",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
