"""Where students, issues, evidence and masteries are kept: SQLite or PostgreSQL by one URL."""

from ustaz_grading.store.store import Store

__all__ = ["Store"]
