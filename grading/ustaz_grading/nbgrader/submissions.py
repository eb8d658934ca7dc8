"""What was handed in, looked at before nbgrader opens it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ustaz_grading.errors import SubmissionError
from ustaz_grading.nbgrader.config import folder_of

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOK_BYTES_MAX: Final = 20 << 20
"""Largest notebook that is opened; an honest one has some tens of kilobytes."""


def handed_in(root: Path, assignment_id: str) -> set[str]:
    """Return the names of the folders that hold a submission of an assignment."""
    submitted = folder_of(root, "submitted")
    return {path.parent.name for path in submitted.glob(f"*/{assignment_id}") if path.is_dir()}


def check_notebooks(folder: Path, name: str = "") -> None:
    """Do nothing if every notebook of a submission can be read.

    Parameters
    ----------
    folder
        What one student handed in for one assignment.
    name
        The notebook that must be there; empty: any.

    Raises
    ------
    SubmissionError
        Naming the file and what is wrong with it; the file stays as it is.
    """
    files = sorted(folder.glob("*.ipynb"))
    if name and folder / f"{name}.ipynb" not in files:
        raise SubmissionError(
            "{folder} holds no {name}.ipynb; found {files}. Ask the student to hand in the notebook"
            " that they fetched.",
            folder=str(folder),
            name=name,
            files=", ".join(sorted(path.name for path in folder.iterdir())[:5]) or "nothing",
        )
    for file in files:
        reason = _damage(file)
        if reason:
            raise SubmissionError(
                "{file} is no readable notebook: {reason}. It is kept as it is; ask the student to"
                " hand it in again.",
                file=str(file),
                reason=reason,
            )


def _damage(file: Path) -> str:  # noqa: PLR0911 - a case a fault
    """Return what is wrong with a notebook's file; empty: nothing that stops nbgrader."""
    try:
        if file.is_symlink() or not file.is_file():
            return "it is a link, not a file"
        if file.stat().st_size > NOTEBOOK_BYTES_MAX:
            return f"it has more than {NOTEBOOK_BYTES_MAX} bytes"
        data: Any = json.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        return f"byte {error.start} is no UTF-8"
    except (ValueError, RecursionError) as error:
        return f"it is no whole JSON ({str(error)[:100]})"
    except OSError as error:
        return error.strerror or str(error)
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return "it has no list of cells"
    if data.get("nbformat") != 4:
        return f"its nbformat is {str(data.get('nbformat'))[:20]}, expected 4"
    if not all(isinstance(c, dict) and isinstance(c.get("metadata"), dict) for c in data["cells"]):
        return "a cell has no metadata"
    return ""
