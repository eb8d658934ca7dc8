"""How long the class's plot takes for a whole university, and how much memory.

The Open University's 32,593 registrations with 173,739 scores: import, fold, cohort, figure, page.
The data are no part of the repository: USTAZ_OULAD names their folder.

Kuzilek, Hlosta, Zdrahal: Open University Learning Analytics dataset, Scientific Data 4, 170171
(2017), CC BY 4.0.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from oulad_support import real_folder

_CHILD = """
import json, resource, sys, time
from pathlib import Path

began = time.monotonic()
from ustaz_grading.profiles import cohort, update_mastery
from ustaz_grading.profiles.oulad import import_oulad, module_of
from ustaz_grading.store import Store
from ustaz_widgets.teacher import class_figure, write_class_html

folder, work = Path(sys.argv[1]), Path(sys.argv[2])
steps = {}

def done(step):
    steps[step] = round(time.monotonic() - began - sum(steps.values()), 2)

done("start")
with Store.open(f"sqlite:///{work / 'store.db'}") as store:
    imported = import_oulad(store, "oulad", folder)
    done("import")
    report = update_mastery(store, "oulad")
    done("fold")
    found = cohort(store, "oulad", learners=imported.learners)
    done("cohort")
class_figure(found, language="en")
done("figure")
groups = {learner: module_of(learner) for learner in found.learners}
page = write_class_html(found, work / "class.html", language="en", title="OULAD", groups=groups)
done("page")
print(json.dumps({
    "oulad_seconds": round(time.monotonic() - began, 2),
    "oulad_cpu_seconds": round(time.process_time(), 2),
    "oulad_peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    "oulad_learners": len(found.learners),
    "oulad_answers": report.answers,
    "oulad_page_mib": round(page.stat().st_size / 2**20, 1),
    **{f"oulad_{step}_s": value for step, value in steps.items()},
}))
"""


def measure() -> dict[str, Any]:
    """Return ``oulad_seconds`` and ``oulad_peak_mib`` with what was done; empty without the data.

    Measured in a process of its own, imports included, so that the peak is this work's alone.
    """
    folder = real_folder()
    if folder is None:
        print(  # noqa: T201 - a bench talks
            "oulad: not measured, the dataset is not here; name its folder in USTAZ_OULAD.",
            file=sys.stderr,
        )
        return {}
    with tempfile.TemporaryDirectory() as work:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(folder), work],
            check=True,
            capture_output=True,
            text=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))  # noqa: T201
