"""The bench's own behaviour: all figures together, a failing measurement named and survived."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).with_name("run.py")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.py").write_text("def measure():\n    return {'good_ratio': 2.5}\n")
    (tmp_path / "plain.py").write_text("value = 1\n")
    return tmp_path


def run(folder: Path, *only: str) -> tuple[int, dict[str, float], str]:
    out = folder / "out" / "bench.json"
    done = subprocess.run(
        [sys.executable, RUN, *only, "--folder", folder, "--out", out],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(out.read_text()), done.stdout + done.stderr


def test_every_module_with_measure_gives_its_figures(folder: Path) -> None:
    (folder / "other.py").write_text("def measure():\n    return {'other_per_s': 12345.0}\n")
    code, figures, said = run(folder)
    assert code == 0
    assert figures == {"good_ratio": 2.5, "other_per_s": 12345.0}
    assert "good_ratio" in said


@pytest.mark.parametrize(
    "body", ["def measure():\n    raise ValueError('no disk')\n", "import no_such_module\n"]
)
def test_a_failing_measurement_is_named_and_the_others_are_kept(folder: Path, body: str) -> None:
    (folder / "bad.py").write_text(body)
    code, figures, said = run(folder)
    assert code == 1
    assert figures == {"good_ratio": 2.5}
    assert "Failed: bad" in said


def test_measuring_one_again_keeps_the_others(folder: Path) -> None:
    (folder / "other.py").write_text("def measure():\n    return {'other_per_s': 1.0}\n")
    run(folder)
    (folder / "other.py").write_text("def measure():\n    return {'other_per_s': 3.0}\n")
    assert run(folder, "other")[1] == {"good_ratio": 2.5, "other_per_s": 3.0}
