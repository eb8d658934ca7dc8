"""Evidence folded into masteries, and masteries read as profiles and cohorts."""

from ustaz_grading.profiles.cohort import Cohort, cohort
from ustaz_grading.profiles.mastery import MasteryModel, update_mastery
from ustaz_grading.profiles.profile import Profile, profile

__all__ = ["Cohort", "MasteryModel", "Profile", "cohort", "profile", "update_mastery"]
