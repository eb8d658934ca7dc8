"""The seat of the language model: one interface, several makers.

`LocalEngine` comes from `open_engine`, or from `ustaz_kernels.engine.local`, which drags in torch;
this package's name alone does not.
"""

from ustaz_kernels.engine.engine import Completion, Engine, EngineInfo, Message, Request
from ustaz_kernels.engine.errors import (
    EngineError,
    EngineMissingError,
    GenerationError,
    ModelNotAllowedError,
    RequestError,
    WeightsError,
)
from ustaz_kernels.engine.registry import DEFAULT_MODEL, Model, allowed_models, open_engine
from ustaz_kernels.engine.scripted import ScriptedEngine

__all__ = [
    "DEFAULT_MODEL",
    "Completion",
    "Engine",
    "EngineError",
    "EngineInfo",
    "EngineMissingError",
    "GenerationError",
    "Message",
    "Model",
    "ModelNotAllowedError",
    "Request",
    "RequestError",
    "ScriptedEngine",
    "WeightsError",
    "allowed_models",
    "open_engine",
]
