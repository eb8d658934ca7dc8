"""What can go wrong with a language model, each error named for the fact."""

from __future__ import annotations

from ustaz_kernels.errors import KernelsError


class EngineError(KernelsError):
    """Base of what an engine raises."""


class EngineMissingError(EngineError, ImportError):
    """The libraries that run a model are not installed."""


class ModelNotAllowedError(EngineError, PermissionError):
    """The administrator's list of models does not have the one that was asked for."""


class WeightsError(EngineError, OSError):
    """A model's weights cannot be fetched, are damaged, or cannot be loaded."""


class RequestError(EngineError, ValueError):
    """A request that no model could answer: too long, empty, or with an unusable schema."""


class GenerationError(EngineError, RuntimeError):
    """The model's text breaks the schema that it was held to, or the script has no answer."""
