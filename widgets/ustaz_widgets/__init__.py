"""Widgets, plots and apps for teachers and students."""
