"""The whole store: one class, its parts by what they keep."""

from __future__ import annotations

from ustaz_grading.store.evidence import EvidenceStore
from ustaz_grading.store.issues import IssueStore
from ustaz_grading.store.masteries import MasteryStore
from ustaz_grading.store.practice import PracticeStore
from ustaz_grading.store.roster import RosterStore


class Store(RosterStore, IssueStore, EvidenceStore, MasteryStore, PracticeStore):
    """Students, issues, evidence, masteries and practice at one database URL.

    ``Store.open(url)`` makes or migrates it. Methods may be called from several threads and
    processes; each is one transaction. A forked child closes it and opens its own.

    Examples
    --------
    >>> from ustaz_grading.records import Student
    >>> with Store.open("sqlite://") as store:
    ...     store.add_students([Student(id="aigul", first_name="Айгүл")])
    ...     [student.name for student in store.students()]
    1
    ['Айгүл']
    """
