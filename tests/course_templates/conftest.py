"""A small, whole course on disk that a test may break in one place."""

from pathlib import Path

import pytest
from tests_support import write_course


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """Return a folder with a course of one template."""
    return write_course(tmp_path / "small")
