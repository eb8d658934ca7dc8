"""What can go wrong with a language model, each error named for the fact."""

from __future__ import annotations


class EngineError(Exception):
    """Base: a message with named values, translatable at the edge.

    Parameters
    ----------
    message : str
        English text in `str.format` style; it is also the key of the translation.
    **values
        What the message names.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


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
