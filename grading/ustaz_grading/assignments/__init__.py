"""Assignments: which slots they have, and who got which variant in each."""
