"""The class's plot as a page of its own that runs its own scripts and can reach nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ustaz_grading.classroom import Classroom

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)
"""Nothing is loaded from anywhere and nothing is sent: what the page shows is all inside it.

The page carries the same policy, for a copy that is opened from a file; a test holds them equal.
It stands here too because importing the page's module takes plotly, a second at a server's start.
"""


def page(classroom: Classroom, language: str, *, dark: bool) -> str:
    """Return the page of a classroom's plot.

    Parameters
    ----------
    classroom
        Whose students; masteries are brought up to date first.
    language
        "kk", "ru" or "en".
    dark
        For JupyterLab's dark theme.

    Raises
    ------
    GradingError, CourseFaults
        The store or a course cannot be read.
    """
    from ustaz_grading.profiles import update_mastery  # noqa: PLC0415 - numpy
    from ustaz_widgets.teacher import class_cohort, class_page  # noqa: PLC0415 - plotly

    update_mastery(classroom.store, classroom.config.course_id)
    return class_page(
        class_cohort(classroom, language),
        language=language,
        dark=dark,
        title=classroom.config.course_id,
    )
