"""Colours of the class's plot: one scale that colour-blind readers can order, two grounds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

SCALE: Final = (
    (0.0, "#00224e"),
    (0.125, "#123570"),
    (0.25, "#3b496c"),
    (0.375, "#575d6d"),
    (0.5, "#707173"),
    (0.625, "#8a8678"),
    (0.75, "#a59c74"),
    (0.875, "#c3b369"),
    (1.0, "#fee838"),
)
"""cividis (Nuñez, Anderton and Renslow 2018): lightness rises evenly for normal and for red-green
blind eyes, so that low and high are told apart without hue."""
LIGHT_FROM: Final = 53
"""Percent from which letters are dark, so that they keep a contrast of 4.5 on the whole scale."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one ground."""

    ground: str
    panel: str
    text: str
    soft: str
    line: str
    empty: str
    hatch: str
    accent: str


LIGHT: Final = Theme(
    ground="#f6f7f5",
    panel="#ffffff",
    text="#1d2522",
    soft="#50605a",
    line="#c9d1cc",
    empty="#eef0ee",
    hatch="#a3ada8",
    accent="#0b6b5b",
)
DARK: Final = Theme(
    ground="#141917",
    panel="#1d2421",
    text="#e8eeea",
    soft="#a9b6b0",
    line="#3a4540",
    empty="#2a322e",
    hatch="#5d6a64",
    accent="#6fcfb9",
)
FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
ON_LIGHT: Final = "#000000"
"""Letters on a light cell."""
ON_DARK: Final = "#ffffff"
"""Letters on a dark cell."""


def colours() -> tuple[str, ...]:
    """Return the scale's colour of each whole percent, 0 … 100."""
    return tuple(_between(percent / 100) for percent in range(101))


def theme(*, dark: bool) -> Theme:
    """Return the colours of a dark or a light ground."""
    return DARK if dark else LIGHT


def hover_label(theme: Theme) -> dict[str, object]:
    """Return how plotly draws hover boxes on this ground."""
    return {
        "align": "left",
        "bgcolor": theme.panel,
        "bordercolor": theme.soft,
        "font": {"family": FONT, "size": 12, "color": theme.text},
    }


def on_cell(percent: int) -> str:
    """Return the colour of letters on a cell of this mastery."""
    return ON_LIGHT if percent >= LIGHT_FROM else ON_DARK


def _between(share: float) -> str:
    for (low, start), (high, end) in pairwise(SCALE):
        if share <= high:
            part = (share - low) / (high - low)
            mixed = (
                round(int(start[at : at + 2], 16) * (1 - part) + int(end[at : at + 2], 16) * part)
                for at in (1, 3, 5)
            )
            return "#" + "".join(f"{value:02x}" for value in mixed)
    return SCALE[-1][1]
