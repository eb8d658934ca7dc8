"""Alembic's scripts; ``ustaz_grading.store`` runs them when it opens a store."""
