"""An engine that replays: what was recorded from a real one, or written for a rehearsal.

It ships with the product: a workshop without a GPU can show drafting, and callers are tested
against it without weights. It never invents: what the script does not have is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ustaz_kernels.engine.engine import Completion, EngineInfo, Request
from ustaz_kernels.engine.errors import GenerationError
from ustaz_kernels.engine.schema import checked


class ScriptedEngine:
    """Answers from a script.

    Parameters
    ----------
    answers : mapping of str to str
        The last message of a conversation to the text that answers it.
    likelihoods : mapping of (str, str) to float, or callable
        Mean log-probabilities by (context, continuation).
    name : str
        The engine's name.

    Examples
    --------
    >>> from ustaz_kernels.engine.engine import Message
    >>> engine = ScriptedEngine({"2 + 2?": "4"})
    >>> engine.complete([Request(messages=(Message("user", "2 + 2?"),))])[0].text
    '4'
    """

    def __init__(
        self,
        answers: Mapping[str, str] | None = None,
        likelihoods: Mapping[tuple[str, str], float] | Callable[[str, str], float] | None = None,
        *,
        name: str = "scripted",
    ) -> None:
        self._answers = dict(answers or {})
        self._likelihoods = likelihoods or {}
        self._name = name

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    def info(self) -> EngineInfo:
        """Return that nothing runs."""
        return EngineInfo(
            name=self._name, model="script", device="", quantization="none",
            weights_mib=0.0, context_tokens=0,
        )  # fmt: skip

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        """Return the script's answers; see `Engine.complete`."""
        return [self._answer(request) for request in requests]

    def likelihood(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return the script's figures; see `Engine.likelihood`."""
        if callable(self._likelihoods):
            return [float(self._likelihoods(*pair)) for pair in pairs]
        try:
            return [float(self._likelihoods[pair]) for pair in pairs]
        except KeyError as error:
            raise GenerationError(
                "The script has no likelihood of {continuation!r} after {context!r}. Add it.",
                context=error.args[0][0][-60:],
                continuation=error.args[0][1],
            ) from None

    def _answer(self, request: Request) -> Completion:
        asked = request.messages[-1].content
        if asked not in self._answers:
            raise GenerationError(
                "The script has no answer to {asked!r}. Add it.", asked=asked[:80]
            )
        text = self._answers[asked]
        return Completion(
            text=text,
            data=None if request.schema is None else checked(text, request.schema),
            finish="stop",
            tokens=len(text.split()),
            engine=self._name,
        )
