"""What a class's plot shows of a cohort: whole percents, states and orders.

Everything that is judged is judged here, once; figures, page and table only lay it out. Percents
are rounded before they are sorted or coloured, so that what is shown and what is done agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from ustaz_grading.profiles.cohort import HELP_BELOW, SECURE_ABOVE

from ustaz_widgets.teacher.labels import full_name, name_key, row_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from ustaz_grading.profiles import Cohort

UNSURE_FROM: Final = 40
"""An interval at least this wide, in percentage points, says little: two fifths of the scale."""
ORDERS: Final = ("name", "mastery", "help")
"""Orders besides the skills."""


class State(IntEnum):
    """What a cell says besides its number."""

    EMPTY = 0
    """No answers."""
    HELP = 1
    """The whole interval is below ``HELP_BELOW``."""
    UNSURE = 2
    """The interval is wide: too few answers to say."""
    MIDDLE = 3
    """Known, neither low nor high."""
    SECURE = 4
    """The whole interval is above ``SECURE_ABOVE``."""


SYMBOLS: Final[Mapping[State, str]] = {
    State.EMPTY: "–",
    State.HELP: "▼",
    State.UNSURE: "≈",
    State.MIDDLE: "",
    State.SECURE: "✓",
}
"""Shown beside the number, so that no state is told by colour alone."""


@dataclass(frozen=True)  # no slots: arrays derived once are kept in __dict__
class Cells:
    """A cohort as it is shown; (n, k) arrays follow its learners and skills."""

    cohort: Cohort

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Each learner's name on one line; the id where there is none."""
        return tuple(map(full_name, self.cohort.names, self.cohort.learners))

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Each skill's title on one line; the id where there is none."""
        return tuple(map(full_name, self.cohort.titles, self.cohort.skills))

    @cached_property
    def row_names(self) -> tuple[str, ...]:
        """What stands beside each learner's row: short, with the id where two look the same."""
        return row_names(self.names, self.cohort.learners)

    @cached_property
    def percent(self) -> NDArray[np.int64]:
        """Mastery in whole percent; -1 without answers."""
        return _percent(self.cohort.mastery)

    @cached_property
    def low(self) -> NDArray[np.int64]:
        """Lower bounds of the 90% intervals in whole percent; -1 without answers."""
        return _percent(self.cohort.low)

    @cached_property
    def high(self) -> NDArray[np.int64]:
        """Upper bounds of the 90% intervals in whole percent; -1 without answers."""
        return _percent(self.cohort.high)

    @cached_property
    def state(self) -> NDArray[np.int64]:
        """``State`` of each cell."""
        found = np.full(self.percent.shape, State.MIDDLE, dtype=np.int64)
        found[self.high - self.low >= UNSURE_FROM] = State.UNSURE
        with np.errstate(invalid="ignore"):
            found[self.cohort.low > SECURE_ABOVE] = State.SECURE
            found[self.cohort.high < HELP_BELOW] = State.HELP
        found[self.cohort.answers == 0] = State.EMPTY
        return found

    @cached_property
    def overall(self) -> NDArray[np.int64]:
        """(n,) mean mastery in whole percent; -1 without answers."""
        return _percent(self.cohort.overall)

    @cached_property
    def helped_rows(self) -> NDArray[np.int64]:
        """Rows of those who surely need help, the most pressing first."""
        return self.cohort.needing_help()

    def label(self, row: int, column: int) -> str:
        """Return the short text inside a cell."""
        state = State(int(self.state[row, column]))
        percent = int(self.percent[row, column])
        if state is State.EMPTY:
            return SYMBOLS[state]
        if state is State.UNSURE:
            return f"{SYMBOLS[state]}{percent}"
        return f"{percent}{SYMBOLS[state]}"

    @cached_property
    def name_rank(self) -> NDArray[np.int64]:
        """(n,) each learner's place in the alphabet."""
        names, ids = self.cohort.names, self.cohort.learners
        return _ranks(sorted(range(len(names)), key=lambda row: (name_key(names[row]), ids[row])))

    @cached_property
    def mastery_rank(self) -> NDArray[np.int64]:
        """(n,) places by mean mastery, lowest first, those without answers last."""
        return _ranks(np.lexsort((self.name_rank, _last(self.overall))))

    @cached_property
    def help_rank(self) -> NDArray[np.int64]:
        """(n,) places by need of help: those who surely need it, then by mean mastery."""
        pressing = np.full(len(self.cohort.learners), len(self.cohort.learners))
        pressing[self.helped_rows] = np.arange(len(self.helped_rows))
        return _ranks(np.lexsort((self.mastery_rank, pressing)))

    def order(self, by: str) -> NDArray[np.int64]:
        """Return all rows in an order.

        Parameters
        ----------
        by
            ``name``, ``mastery`` (lowest mean first), ``help`` (who surely needs it first), or the
            id of a skill (lowest first). Those without answers come last.

        Raises
        ------
        ValueError
            When it is none of these.
        """
        if by in self.cohort.skills:
            column = self.cohort.skills.index(by)
            return np.lexsort((self.name_rank, _last(self.percent[:, column])))
        ranks = {"name": "name_rank", "mastery": "mastery_rank", "help": "help_rank"}
        if by not in ranks:
            raise ValueError(
                f"order is {by!r}; expected {', '.join(ORDERS)} or one of the skills"
                f" {', '.join(self.cohort.skills) or '(there are none)'}"
            )
        return np.argsort(getattr(self, ranks[by]))


def _percent(share: NDArray[np.float64]) -> NDArray[np.int64]:
    known = np.isfinite(share)
    return np.where(known, np.rint(np.where(known, share, 0) * 100), -1).astype(np.int64)


def _last(percent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return keys that sort what has no answers last."""
    return np.where(percent < 0, 101, percent)


def _ranks(order: NDArray[np.int64] | list[int]) -> NDArray[np.int64]:
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[np.asarray(order, dtype=np.int64)] = np.arange(len(order))
    return ranks
