"""Runs every measurement of this folder: prints a table and writes `build/bench.json`.

A measurement is a module here with `measure()`, which returns figures by name. One that fails is
named, the others are still made, and the exit status says so.
"""

# ruff: noqa: T201 - a command prints
from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
OUT = FOLDER.parents[1] / "build" / "bench.json"

Measure = Callable[[], dict[str, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 where all measurements were made, 1 where one failed."""
    options = _options(arguments)
    figures = _earlier(options.out) if options.only else {}
    failed: list[str] = []
    for path in sorted(options.folder.glob("*.py")):
        if path.name in ("run.py", "__init__.py") or (
            options.only and path.stem not in options.only
        ):
            continue
        begin = time.perf_counter()
        try:
            measure = _measure_of(path)
            if measure is None:
                continue
            print(f"{path.stem} …", flush=True)
            figures |= measure()
        except Exception:  # noqa: BLE001 - the other figures are still wanted; the status says it
            failed.append(path.stem)
            print(f"{path.stem} failed:", file=sys.stderr)
            traceback.print_exc()
            continue
        print(f"{path.stem}: {time.perf_counter() - begin:.1f} s", flush=True)
    _write(options.out, figures)
    _print(figures)
    if failed:
        print(f"Failed: {', '.join(failed)}. Their figures are missing.", file=sys.stderr)
    return 1 if failed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure, print, and write build/bench.json.")
    parser.add_argument("only", nargs="*", help="names of modules; none: all")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the modules lie")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write")
    return parser.parse_args(arguments)


def _measure_of(path: Path) -> Measure | None:
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    assert spec is not None and spec.loader is not None  # noqa: PT018 - a file always has both
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: Measure | None = getattr(module, "measure", None)
    return found


def _earlier(out: Path) -> dict[str, float]:
    """Return the figures already there, kept where only some are measured again."""
    try:
        return dict(json.loads(out.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _write(out: Path, figures: dict[str, float]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    part.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(out)


def _print(figures: dict[str, float]) -> None:
    width = max(map(len, figures), default=0)
    for name, value in sorted(figures.items()):
        print(f"{name:<{width}}  {value:>14,.6g}".replace(",", " "))


if __name__ == "__main__":
    sys.exit(main())
