"""The wheel: built from this tree, it holds what is needed and works away from the tree."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("ustaz_lab", "ustaz_widgets", "ustaz_grading", "ustaz_courses", "ustaz_kernels")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what is installed here; the front end as it lies in the tree."""
    target = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


@pytest.mark.parametrize(
    "name",
    [
        *(f"{package}/py.typed" for package in PACKAGES),
        "ustaz_courses/library/algebra-7-9/course.toml",
        "ustaz_courses/library/python-intro/course.toml",
        *(f"{package}/locale/kk/LC_MESSAGES/{package}.po" for package in PACKAGES[:4]),
        *(f"{package}/locale/ru/LC_MESSAGES/{package}.po" for package in PACKAGES[:4]),
        "ustaz_grading/migrations/env.py",
        "ustaz_kernels/engine/models.toml",
        "ustaz_widgets/static/practice.js",
        "ustaz_widgets/static/page.js",
        "share/jupyter/labextensions/ustaz-lab/package.json",
        "share/jupyter/kernels/ustaz-jail/kernel.json",
        "etc/jupyter/jupyter_server_config.d/ustaz_lab.json",
    ],
)
def test_the_wheel_holds(wheel: Path, name: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert any(
            held == name or held.endswith(f".data/data/{name}") for held in archive.namelist()
        )


def test_the_wheel_holds_no_tests_and_no_path_of_this_machine(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert not [name for name in names if name.startswith(("tests/", "build/", "node_modules"))]
        # A development build of the front end logs its folders; a build for release writes no log.
        texts = (
            name
            for name in names
            if name.endswith((".py", ".json", ".toml", ".txt")) and "build_log" not in name
        )
        assert not [n for n in texts if str(ROOT).encode() in archive.read(n)]


@pytest.mark.parametrize(
    "code",
    [
        *(f"import {package} as p" for package in PACKAGES),
        "import ustaz_courses as p; c = p.load_course(p.bundled_courses()['algebra-7-9'])",
        "import ustaz_grading as p; from ustaz_grading.store import Store; Store.open('sqlite://')",
        "import ustaz_lab.cli as p; p.main(['course', 'list'])",
    ],
)
def test_it_works_away_from_the_tree(unpacked: Path, tmp_path: Path, code: str) -> None:
    check = f"{code}\nassert p.__file__.startswith({str(unpacked)!r}), p.__file__"
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
