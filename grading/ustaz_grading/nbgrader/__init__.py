"""The one door to nbgrader.

Importing nbgrader takes seconds (it drags in a Jupyter server), so only what runs inside nbgrader's
own commands does it: `preprocessors`, `execute`, `late`, `feedback`, `exchange` and `worker`.
`release`, `autograde` and `feedback_pages` start the worker as a process of its own; `gradebook`
and `states` read the gradebook's tables.
"""
