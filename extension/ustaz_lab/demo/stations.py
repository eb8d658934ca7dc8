"""The demonstration's stations, in the loop's order."""

from __future__ import annotations

from typing import Final

from ustaz_lab.demo.looking import plots, profiles
from ustaz_lab.demo.practice import practise
from ustaz_lab.demo.station import Station
from ustaz_lab.demo.teaching import approve, enrol, rank, release, release_plain
from ustaz_lab.demo.working import autograde, autograde_plain, feedback, hand_in

STATIONS: Final = (
    Station("students", "Class list and assignments", enrol),
    Station("approval", "Templates verified and approved", approve),
    Station("stories", "Stories ranked for interests by a language model", rank),
    Station("release", "Own variants released", release),
    Station("plain-release", "An ordinary nbgrader assignment released", release_plain),
    Station("hand-in", "Work handed in", hand_in),
    Station("autograde", "Variants autograded", autograde),
    Station("plain-autograde", "The ordinary assignment autograded", autograde_plain),
    Station("feedback", "Feedback written", feedback),
    Station("practice", "Students practise", practise),
    Station("profiles", "Evidence, masteries, profiles", profiles),
    Station("plots", "The class's plot", plots),
)
"""Each is quick where its outcome is there already."""
