"""The server part of the workbench, as jupyter_server loads it."""

from __future__ import annotations

from pathlib import Path

from jupyter_server.extension.application import ExtensionApp
from traitlets import Int, List, Unicode

from ustaz_lab.classrooms import DEPTH, Classrooms
from ustaz_lab.routes import routes


class UstazLab(ExtensionApp):
    """Serves classes, assignments, templates and the class's plot below ``/ustaz/api/``."""

    name = "ustaz_lab"
    load_other_extensions = True

    classrooms = List(
        Unicode(),
        help="Folders of classrooms outside the server's root, absolute or relative to it.",
    ).tag(config=True)
    depth = Int(
        DEPTH,
        min=0,
        max=8,
        help="How many levels below the server's root classrooms are looked for.",
    ).tag(config=True)

    def initialize_settings(self) -> None:
        """Put what the routes need into the web application's settings."""
        assert self.serverapp is not None  # noqa: S101 - settings are made once the server is
        root = Path(self.serverapp.root_dir)
        self.settings["ustaz_classrooms"] = Classrooms(
            root, configured=[root / folder for folder in self.classrooms], depth=self.depth
        )

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(routes())

    async def stop_extension(self) -> None:
        """Give the stores' connections back."""
        self.settings["ustaz_classrooms"].close()
