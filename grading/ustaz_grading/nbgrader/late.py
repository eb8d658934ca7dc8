"""Penalties for what is handed in late: a share of the earned points for each started day.

nbgrader tells a plugin the student, the score and the seconds, but not the assignment, whose share
it is. So the preprocessor that calls the plugin is ours as well, and hands the assignment over.
"""

from __future__ import annotations

import math
from typing import Any, Final

from nbformat import NotebookNode
from nbgrader import plugins, preprocessors
from traitlets import Float

from ustaz_grading.nbgrader.preprocessors import desk_of

DAY_S: Final = 24 * 60 * 60


def penalty(score: float, seconds_late: float, share_per_day: float) -> float:
    """Return the points that lateness costs.

    Parameters
    ----------
    score
        Points earned.
    seconds_late
        After the due date.
    share_per_day
        Of the score, for each started day; in [0, 1].

    Examples
    --------
    >>> penalty(10, 1, 0.1), penalty(10, 24 * 3600 + 1, 0.1), penalty(10, 90 * 24 * 3600, 0.1)
    (1.0, 2.0, 10.0)
    """
    if seconds_late <= 0:
        return 0.0
    days = math.ceil(seconds_late / DAY_S)
    return round(score * min(1.0, days * share_per_day), 6)


class LateSubmissionPlugin(plugins.LateSubmissionPlugin):  # type: ignore[misc]  # no types
    """A share of the score for each started day."""

    share_per_day = Float(0.0, help="Share of the score that each started day costs.")

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points that lateness costs, or None for nothing."""
        del student_id  # everyone's days are as long
        return penalty(score, total_seconds_late, self.share_per_day) or None


class AssignLatePenalties(preprocessors.AssignLatePenalties):  # type: ignore[misc]  # no types
    """nbgrader's preprocessor, which for notebooks of variants asks our plugin."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Write the penalty of a late submission into the gradebook."""
        found = desk_of(resources)
        self._share = None if found is None else found.assignment.late_penalty_per_day
        done: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return done

    def init_plugin(self) -> None:
        """Make the plugin: ours for variants, the course's own otherwise."""
        if self._share is None:
            super().init_plugin()
        else:
            self.plugin_inst = LateSubmissionPlugin(parent=self, share_per_day=self._share)


__all__ = ["AssignLatePenalties", "LateSubmissionPlugin", "penalty"]
