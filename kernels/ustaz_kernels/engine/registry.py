"""Which models may be loaded: the administrator's list, or the one that ships with Ustaz."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ustaz_kernels.engine.errors import EngineMissingError, ModelNotAllowedError, WeightsError

if TYPE_CHECKING:
    from ustaz_kernels.engine.local import LocalEngine

LIST_VARIABLE: Final = "USTAZ_MODELS_FILE"
SYSTEM_LIST: Final = Path("/etc/ustaz/models.toml")
DEFAULT_MODEL: Final = "smollm2-135m"

_SOURCE: Final = re.compile(r"(package|hub|folder):(.+)")
_KEYS: Final = frozenset({"id", "source", "sha256", "licence", "languages", "note"})


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the list."""

    id: str
    kind: str
    """"package", "hub" or "folder"."""
    place: str
    """What stands behind the kind."""
    sha256: str = ""
    """Of the file inside a package."""
    licence: str = ""
    languages: tuple[str, ...] = ()
    note: str = ""


def allowed_models(path: Path | None = None) -> Mapping[str, Model]:
    """Return the models that may be loaded, by id.

    Parameters
    ----------
    path : Path or None
        The list; None: the one that ``USTAZ_MODELS_FILE`` names, else ``/etc/ustaz/models.toml``,
        else the list that ships with Ustaz.

    Raises
    ------
    WeightsError
        The list cannot be read or is malformed.
    """
    file = path or _configured()
    try:
        text = (
            (resources.files("ustaz_kernels.engine") / "models.toml").read_text(encoding="utf-8")
            if file is None
            else file.read_text(encoding="utf-8")
        )
        entries = tomllib.loads(text).get("models", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WeightsError(
            "The list of models {file} cannot be read: {reason}. Mend it and repeat.",
            file=str(file or "models.toml"),
            reason=str(error),
        ) from error
    models = [_model(entry, str(file or "models.toml")) for entry in entries]
    return {model.id: model for model in models}


def open_engine(
    model_id: str = DEFAULT_MODEL,
    *,
    device: str = "auto",
    quantization: str = "nf4",
    models: Mapping[str, Model] | None = None,
) -> LocalEngine:
    """Return an engine that runs a model of the list on this machine.

    Parameters
    ----------
    model_id : str
        Id in the list.
    device : str
        "auto" (CUDA where there is one), "cpu", "cuda", "cuda:1", ….
    quantization : str
        "nf4", "int8" or "none".
    models : mapping or None
        The list; None: `allowed_models`.

    Raises
    ------
    ModelNotAllowedError
        The list does not have the model.
    EngineMissingError
        The libraries of the extra ``model`` are not installed.
    WeightsError
        The weights cannot be fetched or loaded.
    """
    known = allowed_models() if models is None else models
    if model_id not in known:
        raise ModelNotAllowedError(
            "The model {model!r} is not on the list of allowed models: {known}. Ask whoever runs"
            " this machine to add it.",
            model=model_id,
            known=", ".join(known) or "none",
        )
    try:
        # Takes seconds and most of a gigabyte.
        from ustaz_kernels.engine.local import LocalEngine  # noqa: PLC0415
    except ImportError as error:
        raise EngineMissingError(
            "The model's libraries are not installed ({reason}). Install them with"
            " pip install 'ustaz[model]'.",
            reason=str(error),
        ) from error
    return LocalEngine.load(known[model_id], device=device, quantization=quantization)


def _configured() -> Path | None:
    named = os.environ.get(LIST_VARIABLE)
    if named:
        return Path(named)
    return SYSTEM_LIST if SYSTEM_LIST.is_file() else None


def _model(entry: Any, file: str) -> Model:
    found = _SOURCE.fullmatch(str(entry.get("source", ""))) if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not entry.get("id") or found is None or entry.keys() - _KEYS:
        raise WeightsError(
            "{file} has a model that cannot be used: {entry}. It needs id and source"
            " (package:…, hub:… or folder:…), and may have {others}.",
            file=file,
            entry=str(entry)[:200],
            others=", ".join(sorted(_KEYS - {"id", "source"})),
        )
    return Model(
        id=str(entry["id"]),
        kind=found[1],
        place=found[2],
        sha256=str(entry.get("sha256", "")),
        licence=str(entry.get("licence", "")),
        languages=tuple(map(str, entry.get("languages", ()))),
        note=str(entry.get("note", "")),
    )
