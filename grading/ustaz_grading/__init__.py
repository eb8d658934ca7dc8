"""Assignments, autograding through nbgrader, evidence and learner profiles."""
