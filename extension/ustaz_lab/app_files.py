"""The app server's own files: the built page, and a private folder with what Voila reads.

Files of the page are kept in memory, compressed beforehand, under addresses that name their
content, so that a browser asks for each once and never again while it stays the same.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import sys
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from ustaz_courses.language import LANGUAGES, translate
from ustaz_widgets.student.words import PAGE

from ustaz_lab.errors import ServeError

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT_WORDS: Final = ("title", "failed", "offline", "gone", "goOn", "reload")
"""Texts that the page's script says; the others stand in the page itself."""
KERNEL: Final = "ustaz-app"
TEMPLATE: Final = "ustaz"
NOTEBOOK: Final = "practice.ipynb"

_TYPES: Final = {
    "page.js": "text/javascript; charset=utf-8",
    "practice.js": "text/javascript; charset=utf-8",
    "practice.css": "text/css; charset=utf-8",
}
_PLACES: Final = {"page.js": "static", "practice.js": "static", "practice.css": "student"}
_HASH_CHARACTERS: Final = 16


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page as it goes to browsers."""

    name: str
    content_type: str
    plain: bytes
    compressed: bytes
    """gzip."""

    @property
    def mark(self) -> str:
        """The part of the address that changes with the content."""
        return hashlib.sha256(self.plain).hexdigest()[:_HASH_CHARACTERS]


def page_files() -> dict[str, PageFile]:
    """Return the page's files by name.

    Raises
    ------
    ServeError
        The front end was not built.
    """
    package = resources.files("ustaz_widgets")
    found = {}
    for name, content_type in _TYPES.items():
        file = package / _PLACES[name] / name
        if not file.is_file():
            raise ServeError(
                "The page's file {file} is missing. Build the front end: npm run build:widgets.",
                file=str(file),
            )
        plain = file.read_bytes()
        # Level 9 and no time stamp: made once, the same on every start.
        found[name] = PageFile(name, content_type, plain, gzip.compress(plain, 9, mtime=0))
    return found


def page_words() -> dict[str, dict[str, str]]:
    """Return the texts of the page around the widget, by language."""
    return {
        language: {
            name: translate(text, language, domain="ustaz_widgets") for name, text in PAGE.items()
        }
        for language in LANGUAGES
    }


def page_data(base_url: str, files: dict[str, PageFile]) -> dict[str, Any]:
    """Return what the page's templates are filled with.

    Parameters
    ----------
    base_url
        Path under which the app is served.
    files
        From `page_files`.
    """
    words = page_words()
    addresses = {name: f"{base_url}files/{file.mark}/{name}" for name, file in files.items()}
    script = {
        "module": addresses["practice.js"],
        "kernels": f"{base_url}kernels/",
        "words": {
            language: {name: texts[name] for name in SCRIPT_WORDS}
            for language, texts in words.items()
        },
    }
    # Letters as they are: escaped, Cyrillic takes three times as many bytes.
    text = json.dumps(script, ensure_ascii=False).replace("<", "\\u003c")
    return {"language": "kk", "words": words, "files": addresses, "script": text}


def write_app(folder: Path) -> None:
    """Write notebook, template and kernelspec into a private folder.

    Parameters
    ----------
    folder
        Becomes a root for notebooks (``app/``) and a path for Jupyter's data (``share/``), with a
        home for kernels that is not the teacher's (``home/``).
    """
    import jupytext  # noqa: PLC0415 - most of a second, and only a server that starts needs it

    apps = resources.files("ustaz_widgets") / "apps"
    notebook = jupytext.reads((apps / "practice.md").read_text(encoding="utf-8"), fmt="md")
    notebook.metadata["kernelspec"] = {
        "name": KERNEL,
        "display_name": "Ustaz app",
        "language": "python",
    }
    for name in ("app", "home"):
        (folder / name).mkdir(mode=0o700)
    jupytext.write(notebook, folder / "app" / NOTEBOOK)
    template = folder / "share" / "nbconvert" / "templates" / TEMPLATE
    template.mkdir(parents=True)
    for name in ("conf.json", "index.html.j2", "notice.html.j2"):
        (template / name).write_bytes((apps / "template" / name).read_bytes())
    spec = folder / "share" / "kernels" / KERNEL
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps(_kernel_spec()), encoding="utf-8")


def remove_app(folder: Path) -> None:
    """Remove the private folder; what is gone already is no fault."""
    shutil.rmtree(folder, ignore_errors=True)


def _kernel_spec() -> dict[str, object]:
    return {
        "argv": [
            sys.executable,
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            "--HistoryManager.enabled=False",
            # Imported before anyone waits: a spare kernel has nothing left to load.
            "--IPKernelApp.exec_lines=import ustaz_widgets.student.app",
        ],
        "display_name": "Ustaz app",
        "language": "python",
    }
