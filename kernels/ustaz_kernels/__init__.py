"""Where programs and models run: `sandbox` jails student code, `engine` runs a language model.

Knows nothing of courses, grading or servers.
"""
