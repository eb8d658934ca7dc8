"""A model on this machine: transformers' weights, quantized by bitsandbytes, on CUDA or the CPU."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Self

import torch
import xgrammar
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from transformers.utils import logging as transformers_logging

from ustaz_kernels.engine.engine import Completion, EngineInfo, Request
from ustaz_kernels.engine.errors import RequestError, WeightsError
from ustaz_kernels.engine.schema import checked
from ustaz_kernels.engine.weights import Say, prepared

if TYPE_CHECKING:
    from ustaz_kernels.engine.registry import Model

BATCH: Final = 8
"""Conversations or pairs at once: on two cores larger batches bring nothing more."""
QUANTIZATIONS: Final = ("nf4", "int8", "none")


class LocalEngine:
    """Runs a causal language model here; see `Engine`.

    Parameters
    ----------
    model, tokenizer
        From transformers.
    name : str
        Names model and quantization.
    source : str
        Where the weights came from.
    quantization : str
        "nf4", "int8" or "none".
    facts : mapping
        Shown with the engine.

    Notes
    -----
    Made by `load`. One request runs at a time; callers of other threads wait.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        name: str,
        source: str,
        quantization: str,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        self._name = name
        self._source = source
        self._quantization = quantization
        self._facts = dict(facts or {})
        self._lock = threading.Lock()
        self._compiler: Any = None
        self._grammars: dict[str, Any] = {}

    @classmethod
    def load(
        cls,
        model: Model,
        *,
        device: str = "auto",
        quantization: str = "nf4",
        say: Say = lambda _: None,
    ) -> Self:
        """Return the engine of a model, its weights fetched and prepared first where needed.

        Parameters
        ----------
        model : Model
            From the list of allowed models: a package, any Hugging Face id, or a folder.
        device : str
            "auto" (CUDA where there is one), "cpu", "cuda", "cuda:1", ….
        quantization : str
            "nf4" (4 bits a weight, doubly quantized), "int8", or "none" (bfloat16).
        say : callable
            Told what is being done.

        Raises
        ------
        RequestError
            The quantization or the device is unknown here.
        WeightsError
            The weights cannot be fetched or loaded.
        """
        if quantization not in QUANTIZATIONS:
            raise RequestError(
                "The quantization is {value!r}; expected one of {known}.",
                value=quantization,
                known=", ".join(QUANTIZATIONS),
            )
        place = _device(device)
        source = prepared(model, say=say)
        say("loading")
        transformers_logging.disable_progress_bar()
        try:
            tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False)
            with _quiet("bitsandbytes"):
                weights = AutoModelForCausalLM.from_pretrained(
                    source,
                    quantization_config=_config(quantization),
                    device_map=place,
                    dtype=torch.bfloat16,
                    trust_remote_code=False,
                )
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise WeightsError(
                "The model {model!r} cannot be loaded from {source}: {reason}",
                model=model.id,
                source=source,
                reason=str(error).strip().split("\n", 1)[0][:300],
            ) from error
        return cls(
            weights,
            tokenizer,
            name=f"{model.id}-{quantization}",
            source=f"{model.kind}:{model.place}",
            quantization=quantization,
            facts={"licence": model.licence, "languages": ", ".join(model.languages)},
        )

    @property
    def name(self) -> str:
        """The model's id with its quantization."""
        return self._name

    def info(self) -> EngineInfo:
        """Return what runs."""
        return EngineInfo(
            name=self._name,
            model=self._source,
            device=str(self._model.device),
            quantization=self._quantization,
            weights_mib=self._model.get_memory_footprint() / 2**20,
            context_tokens=self._context,
            facts=self._facts,
        )

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        """Return one completion per request; see `Engine.complete`.

        Requests that share schema, length, temperature and seed run as one batch.
        """
        found: dict[int, Completion] = {}
        for batch in _batches(requests):
            alike = [requests[index] for index in batch]
            with self._lock:
                found |= dict(zip(batch, self._generate(alike), strict=True))
        return [found[index] for index in range(len(requests))]

    def likelihood(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return mean log-probabilities; see `Engine.likelihood`.

        A text that several pairs share is read once: comparing many one-token words after one
        context costs as much as comparing one.
        """
        encoded = [self._pair(*pair) for pair in pairs]
        # What is read for a pair: all but its last token, which is only looked up.
        read: dict[tuple[int, ...], list[int]] = {}
        for index, (before, after) in enumerate(encoded):
            read.setdefault((*before, *after[:-1]), []).append(index)
        # Alike lengths together: padding costs as much as words.
        texts = sorted(read, key=len)
        found: dict[int, float] = {}
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            with self._lock:
                logits = self._logits(batch)
            for row, text in enumerate(batch):
                for index in read[text]:
                    before, after = encoded[index]
                    # The logits at one place speak of the token at the next.
                    spoken = logits[row, len(before) - 1 : len(text)].float()
                    likely = torch.log_softmax(spoken, dim=-1)
                    wanted = torch.tensor(after, device=likely.device)[:, None]
                    found[index] = float(likely.gather(1, wanted).mean())
        return [found[index] for index in range(len(pairs))]

    @property
    def _context(self) -> int:
        return int(getattr(self._model.config, "max_position_embeddings", 2048))

    def _generate(self, requests: Sequence[Request]) -> list[Completion]:
        first = requests[0]
        self._tokenizer.padding_side = "left"
        inputs = self._tokenizer(
            [self._prompt(request) for request in requests],
            return_tensors="pt", padding=True, add_special_tokens=False,
        ).to(self._model.device)  # fmt: skip
        start = int(inputs.input_ids.shape[1])
        if start + first.tokens_max > self._context:
            raise RequestError(
                "A conversation of {met} tokens with an answer of {answer} does not fit the model's"
                " {limit}. Shorten it.",
                met=start,
                answer=first.tokens_max,
                limit=self._context,
            )
        sampling: dict[str, Any] = {"do_sample": False}
        if first.temperature > 0:
            sampling = {"do_sample": True, "temperature": first.temperature, "top_p": 0.95}
        processors = [] if first.schema is None else [self._held(first.schema)]
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(first.seed)
            output = self._model.generate(
                **inputs,
                **sampling,
                max_new_tokens=first.tokens_max,
                logits_processor=processors,
                pad_token_id=self._tokenizer.pad_token_id,
            )
        return [
            self._completion(request, row[start:].tolist())
            for request, row in zip(requests, output, strict=True)
        ]

    def _completion(self, request: Request, tokens: list[int]) -> Completion:
        ends = self._ends()
        length = next((i for i, token in enumerate(tokens) if token in ends), None)
        written = tokens if length is None else tokens[:length]
        text = self._tokenizer.decode(written, skip_special_tokens=True)
        whole = length is not None
        return Completion(
            text=text,
            data=checked(text, request.schema) if whole and request.schema is not None else None,
            finish="stop" if whole else "length",
            tokens=len(written),
            engine=self._name,
        )

    def _ends(self) -> set[int]:
        configured = self._model.generation_config.eos_token_id
        listed = configured if isinstance(configured, list) else [configured]
        return {
            int(token) for token in [*listed, self._tokenizer.eos_token_id] if token is not None
        }

    def _prompt(self, request: Request) -> str:
        turns = [{"role": turn.role, "content": turn.content} for turn in request.messages]
        if self._tokenizer.chat_template:
            text = self._tokenizer.apply_chat_template(
                turns, tokenize=False, add_generation_prompt=True
            )
            return str(text)
        # A base model has no roles: it goes on with what stands there.
        return "\n\n".join(turn.content for turn in request.messages) + "\n\n"

    def _held(self, schema: Mapping[str, Any]) -> Any:
        """Return what holds decoding to a schema; compiling takes a second, so it is kept."""
        text = json.dumps(schema, sort_keys=True)
        try:
            if self._compiler is None:
                vocabulary = int(self._model.config.vocab_size)
                tokens = xgrammar.TokenizerInfo.from_huggingface(
                    self._tokenizer, vocab_size=vocabulary
                )
                self._compiler = xgrammar.GrammarCompiler(tokens)
            if text not in self._grammars:
                self._grammars[text] = self._compiler.compile_json_schema(
                    text, any_whitespace=False
                )
        except (RuntimeError, ValueError) as error:
            raise RequestError(
                "The schema cannot be used: {reason}", reason=str(error).strip()[:300]
            ) from error
        return xgrammar.contrib.hf.LogitsProcessor(self._grammars[text])

    def _pair(self, context: str, continuation: str) -> tuple[list[int], list[int]]:
        before = self._tokenizer(context, add_special_tokens=False).input_ids
        after = self._tokenizer(continuation, add_special_tokens=False).input_ids
        if not before or not after:
            raise RequestError("A likelihood needs a context and a continuation; one is empty.")
        if len(before) + len(after) > self._context:
            raise RequestError(
                "A pair of {met} tokens does not fit the model's {limit}. Shorten it.",
                met=len(before) + len(after),
                limit=self._context,
            )
        return before, after

    def _logits(self, texts: Sequence[tuple[int, ...]]) -> Any:
        """Return (texts, longest, vocabulary) logits of token lists, padded on the right."""
        longest = max(map(len, texts))
        ids = torch.full((len(texts), longest), int(self._tokenizer.pad_token_id))
        mask = torch.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = torch.tensor(text)
            mask[row, : len(text)] = 1
        place = self._model.device
        with torch.inference_mode():
            return self._model(input_ids=ids.to(place), attention_mask=mask.to(place)).logits


def _batches(requests: Sequence[Request]) -> Iterator[list[int]]:
    """Yield the indices of requests that can run together."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, request in enumerate(requests):
        schema = None if request.schema is None else json.dumps(request.schema, sort_keys=True)
        alike = (schema, request.tokens_max, request.temperature, request.seed)
        groups.setdefault(alike, []).append(index)
    for group in groups.values():
        for start in range(0, len(group), BATCH):
            yield group[start : start + BATCH]


def _device(wanted: str) -> str:
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted.startswith("cuda") and not torch.cuda.is_available():
        raise RequestError(
            "The device {device!r} is not here: no CUDA device is seen. Take auto or cpu.",
            device=wanted,
        )
    return wanted


def _config(quantization: str) -> Any:
    if quantization == "nf4":
        return BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    if quantization == "int8":
        return BitsAndBytesConfig(load_in_8bit=True)
    return None


@contextlib.contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Silence a library that reports an optional speed-up as an error."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
