"""Evidence for tests, and children that are stopped half-way."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from ustaz_grading.records import Evidence

START = datetime(2026, 9, 1, 8, tzinfo=UTC)


def answer(number: int, **changes: Any) -> Evidence:
    """Return the answer with this number, made to differ from others in key and time."""
    values: dict[str, Any] = {
        "course": "algebra",
        "learner": "айгүл",
        "at": START + timedelta(minutes=number),
        "source": "practice",
        "template": "two-steps",
        "skills": ("equations",),
        "score": 1.0,
        "key": f"practice/{number}",
    }
    return Evidence(**{**values, **changes})


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start another process that runs the code with the arguments in sys.argv[1:]."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    """Return a child's output once it has ended well."""
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out
