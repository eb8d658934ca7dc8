"""How long a release takes beside nbgrader's own command on the same source.

``release_ratio``: the whole of ``release`` (variants, gradebook, everybody's copies) for an
assignment of 10 slots and a class of 300, over one run of ``nbgrader generate_assignment`` as a
process; lower is better.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from grading_support import make_classroom, nbgrader, write_assignment
from ustaz_grading.nbgrader.release import release

STUDENTS = 300
SLOTS = 10
ROUNDS = 3
"""Of nbgrader's command; the median is taken, because its start varies."""


def measure() -> dict[str, float]:
    """Return the figure, and the two times behind it in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        room = make_classroom(Path(folder) / "room", students=STUDENTS)
        bank = [
            template.id
            for course in room.courses.values()
            for template in course.templates.values()
            if template.kind not in ("text", "code")
        ]
        write_assignment(room, "work", bank[:SLOTS])
        started = time.perf_counter()
        release(room, "work")
        ours = time.perf_counter() - started
        room.close()
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            nbgrader(room.root, "generate_assignment", "work", "--force")
            times.append(time.perf_counter() - started)
        plain = sorted(times)[len(times) // 2]
    return {"release_ratio": ours / plain, "release_s": ours, "generate_assignment_s": plain}


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name}: {value:.3f}")  # noqa: T201 - a command
