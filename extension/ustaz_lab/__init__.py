"""The JupyterLab extension, its server part, the JupyterHub service and the command `ustaz`."""

from __future__ import annotations

from typing import Any

__all__ = ["_jupyter_labextension_paths", "_jupyter_server_extension_points"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Say where the built front end lies; JupyterLab asks when it is linked for development."""
    return [{"src": "labextension", "dest": "ustaz-lab"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Say what jupyter_server loads; imported only then, so that the command line stays quick."""
    from ustaz_lab.app import UstazLab  # noqa: PLC0415 - see the docstring

    return [{"module": "ustaz_lab.app", "app": UstazLab}]
