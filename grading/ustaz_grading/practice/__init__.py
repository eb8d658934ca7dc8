"""A student's practice: variant after variant, judged on the server, kept as evidence."""

from ustaz_grading.practice.desk import PracticeDesk
from ustaz_grading.practice.public import (
    CourseView,
    MasteryMove,
    MasteryView,
    Outcome,
    PublicItem,
    PublicOption,
    PublicTest,
    SkillView,
    TestOutcome,
)

__all__ = [
    "CourseView",
    "MasteryMove",
    "MasteryView",
    "Outcome",
    "PracticeDesk",
    "PublicItem",
    "PublicOption",
    "PublicTest",
    "SkillView",
    "TestOutcome",
]
