"""The class's plot as a page of its own that runs its own scripts and can reach nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ustaz_grading.classroom import Classroom

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)
"""Nothing is loaded from anywhere and nothing is sent: what the page shows is all inside it."""

_META: Final = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
