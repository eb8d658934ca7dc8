"""The one interface to a language model, whoever runs it.

An engine does two things: it completes a conversation, held to a JSON schema where one is given;
and it says how likely a continuation is, which ranks given texts without letting the model write
any. Callers depend on the `Engine` protocol and on the records here, never on a library that runs
models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from ustaz_kernels.engine.errors import RequestError

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length"]

TOKENS_MAX: Final = 8192
"""Tokens of one completion; a template's draft has a few hundred."""
_ROLES: Final = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a model is asked to complete."""

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    """JSON schema that the answer is decoded under; None: free text."""
    tokens_max: int = 512
    """Tokens after which the answer is cut."""
    temperature: float = 0.0
    """0 takes the likeliest token each time; higher values vary more."""
    seed: int = 0
    """Of the draws, where the temperature is above 0."""

    def __post_init__(self) -> None:
        """Refuse what no engine can answer."""
        if not self.messages:
            raise RequestError("A request has no message. Give at least one.")
        for message in self.messages:
            if message.role not in _ROLES:
                raise RequestError(
                    "A message has the role {role!r}; expected one of {known}.",
                    role=message.role,
                    known=", ".join(_ROLES),
                )
        if not 1 <= self.tokens_max <= TOKENS_MAX:
            raise RequestError(
                "tokens_max is {value}; expected 1 to {limit}.",
                value=self.tokens_max,
                limit=TOKENS_MAX,
            )
        if not 0 <= self.temperature <= 5:
            raise RequestError(
                "The temperature is {value}; expected 0 to 5.", value=self.temperature
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a model answered."""

    text: str
    data: Any = None
    """The parsed answer, valid under the request's schema; None for free text or a cut answer."""
    finish: Finish
    """"length": cut at `tokens_max`, so that `data` is None."""
    tokens: int
    """Tokens written."""
    engine: str
    """The engine's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What runs, as shown to administrators and kept with what a model wrote."""

    name: str
    model: str
    """Id, folder or package that the weights came from."""
    device: str
    """"cpu", "cuda:0", …; empty for an engine without one."""
    quantization: str
    """"nf4", "int8" or "none"."""
    weights_mib: float
    """Size of the weights in memory, MiB."""
    context_tokens: int
    """Longest conversation with its answer, tokens."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Licence, languages and the like, where they are known."""


class Engine(Protocol):
    """A language model, wherever it runs. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """Names model, version and quantization: what a ranking or a draft is kept under."""

    def info(self) -> EngineInfo:
        """Return what runs."""

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        """Return one completion per request, in order.

        Raises
        ------
        RequestError
            A request is too long for the model, or its schema cannot be used.
        GenerationError
            A finished answer is not valid under its schema.
        """

    def likelihood(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return, for each (context, continuation), the mean log-probability of a token.

        Parameters
        ----------
        pairs
            Plain text, no conversation; neither part empty.

        Returns
        -------
        list of float
            Natural logarithms, at most 0; higher is likelier.

        Raises
        ------
        RequestError
            A part is empty, or the pair is too long for the model.
        """
