"""What students hand in that they were not meant to, and what it costs: only the slot it is in."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from grading_support import (
    cell_of,
    fill,
    make_classroom,
    of_kind,
    read_copy,
    right_answer,
    score_of,
    submit,
    write_assignment,
)
from ustaz_grading.autograde import autograde
from ustaz_grading.classroom import Classroom
from ustaz_grading.nbgrader.release import release

pytestmark = pytest.mark.slow
SLOTS = ("q1", "q2", "q3")
STUDENTS = 16
ENDLESS = """\
while True:
    try:
        while True:
            pass
    except KeyboardInterrupt:
        pass
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Return a room where each student has handed in an attack on three exercises."""
    room = make_classroom(tmp_path_factory.mktemp("attacks") / "room", students=STUDENTS)
    numbers = [of_kind(room, "number", place) for place in range(3)]
    write_assignment(room, "work", numbers)
    release(room, "work")
    with (room.root / "nbgrader_config.py").open("a") as config:
        config.write("c.ExecuteInJail.timeout = 6\n")
    for number, attack in enumerate(ATTACKS.values()):
        student = f"s{number:02}"
        submit(room, "work", student, attack(room, student))
    return room


@pytest.fixture(scope="module")
def graded(room: Classroom) -> dict[str, Any]:
    names = list(ATTACKS)
    report = autograde(room, "work")
    return {names[int(grade.student[1:])]: grade for grade in report.students}


def right(room: Classroom, student: str) -> dict[str, Any]:
    """Return the student's copy with everything answered right."""
    answers = {slot: right_answer(room, "work", student, slot) for slot in SLOTS}
    return fill(read_copy(room, "work", student), answers)


def cells_deleted(room: Classroom, student: str) -> dict[str, Any]:
    notebook = right(room, student)
    notebook["cells"] = [cell_of(notebook, slot) for slot in ("q1", "q2")]
    return notebook


def cells_duplicated(room: Classroom, student: str) -> dict[str, Any]:
    notebook = right(room, student)
    answer = cell_of(notebook, "q1")
    stub = copy.deepcopy(cell_of(read_copy(room, "work", student), "q1"))
    notebook["cells"] += [stub, copy.deepcopy(cell_of(notebook, "q1-check"))]
    notebook["cells"].insert(0, copy.deepcopy(answer))
    return notebook


def locked_cells_edited(room: Classroom, student: str) -> dict[str, Any]:
    notebook = read_copy(room, "work", student)
    for slot in SLOTS:
        check = cell_of(notebook, f"{slot}-check")
        check["source"] = "1000"
        check["metadata"]["nbgrader"]["points"] = 1000
        cell_of(notebook, f"{slot}-prompt")["source"] = "What is 1 + 1?"
    return fill(notebook, {slot: f"{slot} = 2" for slot in SLOTS})


def outputs_forged(room: Classroom, student: str) -> dict[str, Any]:
    notebook = read_copy(room, "work", student)
    for slot in SLOTS:
        forged = {"text/plain": "1.0", "text/html": "<b>full marks</b>"}
        cell_of(notebook, f"{slot}-check")["outputs"] = [
            {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": forged}
        ]
    return notebook


def metadata_ruined(room: Classroom, student: str) -> dict[str, Any]:
    notebook = right(room, student)
    notebook["cells"][0]["metadata"]["nbgrader"] = "nothing"
    notebook["cells"][1]["metadata"] = {"nbgrader": {"grade": True, "points": "many"}}
    own = {"nbgrader": {"grade": True, "solution": False, "points": 50}, "tags": 7}
    notebook["cells"].append(
        {"cell_type": "code", "id": "x", "metadata": own, "source": "50", "outputs": [],
         "execution_count": None}
    )  # fmt: skip
    return notebook


def ids_missing(room: Classroom, student: str) -> dict[str, Any]:
    notebook = right(room, student)
    for cell in notebook["cells"]:
        cell.pop("id", None)
    notebook["nbformat_minor"] = 4
    return notebook


def one_cell_raises(room: Classroom, student: str) -> dict[str, Any]:
    return fill(right(room, student), {"q2": "q2 = 1/0"})


def one_cell_is_no_python(room: Classroom, student: str) -> dict[str, Any]:
    return fill(right(room, student), {"q2": "q2 = = 3 ("})


def one_cell_never_ends(room: Classroom, student: str) -> dict[str, Any]:
    return fill(right(room, student), {"q2": ENDLESS})  # fmt: skip


def one_cell_ends_the_kernel(room: Classroom, student: str) -> dict[str, Any]:
    notebook = right(room, student)
    own = {"cell_type": "code", "id": "own", "metadata": {}, "source": "two = 2", "outputs": [],
           "execution_count": None}  # fmt: skip
    notebook["cells"].insert(1, own)
    answer = right_answer(room, "work", student, "q3")
    return fill(notebook, {"q2": "import os\nos._exit(0)", "q3": f"{answer}\ntwo + 2"})


def builtins_shadowed(room: Classroom, student: str) -> dict[str, Any]:
    notebook = right(room, student)
    first = cell_of(notebook, "q1")
    first["source"] = f"str = list = repr = print = len = type = 5\n{first['source']}"
    return notebook


def answers_in_one_cell(room: Classroom, student: str) -> dict[str, Any]:
    notebook = read_copy(room, "work", student)
    source = "\n".join(right_answer(room, "work", student, slot) for slot in SLOTS)
    notebook["cells"].append(
        {"cell_type": "code", "id": "own", "metadata": {}, "source": source, "outputs": [],
         "execution_count": None}
    )  # fmt: skip
    return notebook


def lying_object(room: Classroom, student: str) -> dict[str, Any]:
    liar = (
        "class Liar(int):\n    def __eq__(self, other): return True\n"
        "    def __hash__(self): return 0\n"
        "    def __str__(self): return 'open(\"/etc/passwd\")'\n"
        "    __repr__ = __str__\n{slot} = Liar(987654321)"
    )
    return fill(
        read_copy(room, "work", student), {slot: liar.replace("{slot}", slot) for slot in SLOTS}
    )


def kernel_looks_around(room: Classroom, student: str) -> dict[str, Any]:
    spy = (
        "import os, sys\n"
        "places = ['.', '/tmp', os.path.expanduser('~')]\n"
        # The interpreter itself may lie in one of them.
        "seen = [n for place in places for at, _, names in os.walk(place) for n in names"
        " if not at.startswith(sys.prefix) and n.endswith(('.ipynb', '.db', '.toml'))]\n"
        f"seen += [p for p in [{str(room.root)!r}, {str(room.private / 'secret')!r}]"
        " if os.path.exists(p)]\nprint('SEEN', seen)"
    )
    return fill(right(room, student), {"q1": f"{right_answer(room, 'work', student, 'q1')}\n{spy}"})


def active_outputs(room: Classroom, student: str) -> dict[str, Any]:
    shown = (
        "\nfrom IPython.display import HTML, display"
        "\ndisplay({'image/png': '\"><script>alert(4)</script>'}, raw=True)"
        "\ndisplay(HTML('<script>alert(1)</script>'))\nprint('<script>alert(2)</script>')"
    )
    notebook = right(room, student)
    cell_of(notebook, "q1")["source"] += shown
    note = {"cell_type": "markdown", "id": "own", "metadata": {},
            "source": "<img src=x onerror=alert(3)> and 1 < 2"}  # fmt: skip
    notebook["cells"].append(note)
    return notebook


def neighbours_notebook(room: Classroom, student: str) -> dict[str, Any]:
    del student
    return right(room, "s00")


ATTACKS: dict[str, Any] = {
    attack.__name__: attack
    for attack in (
        cells_deleted, cells_duplicated, locked_cells_edited, outputs_forged, metadata_ruined,
        ids_missing, one_cell_raises, one_cell_is_no_python, one_cell_never_ends,
        one_cell_ends_the_kernel, builtins_shadowed, answers_in_one_cell, lying_object,
        kernel_looks_around, active_outputs, neighbours_notebook,
    )
}  # fmt: skip


def shares(room: Classroom, attack: str) -> list[float | None]:
    student = f"s{list(ATTACKS).index(attack):02}"
    return [score_of(room, "work", student, slot) for slot in SLOTS]


def autograded(room: Classroom, attack: str) -> str:
    student = f"s{list(ATTACKS).index(attack):02}"
    return (room.root / "autograded" / student / "work" / "work.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("attack", "expected"),
    [
        ("cells_deleted", [1, 1, 0]),
        ("cells_duplicated", [1, 1, 1]),
        ("outputs_forged", [0, 0, 0]),
        ("metadata_ruined", [1, 1, 1]),
        ("ids_missing", [1, 1, 1]),
        ("one_cell_raises", [1, 0, 1]),
        ("one_cell_is_no_python", [1, 0, 1]),
        ("one_cell_never_ends", [1, 0, 1]),
        ("one_cell_ends_the_kernel", [1, 0, 1]),
        ("builtins_shadowed", [1, 1, 1]),
        ("answers_in_one_cell", [1, 1, 1]),
        ("lying_object", [0, 0, 0]),
        ("kernel_looks_around", [1, 1, 1]),
        ("active_outputs", [1, 1, 1]),
        ("neighbours_notebook", [0, 0, 0]),
    ],
)
def test_only_own_right_answers_earn_points(
    room: Classroom, graded: dict[str, Any], attack: str, expected: list[float]
) -> None:
    assert not graded[attack].failed, graded[attack].reason
    assert shares(room, attack) == expected


def test_no_attack_earns_more_than_there_is(graded: dict[str, Any]) -> None:
    assert all(grade.score <= grade.max_score for grade in graded.values())
    assert len({grade.max_score for grade in graded.values()}) == 1


@pytest.mark.usefixtures("graded")
def test_edited_locked_cells_are_restored(room: Classroom) -> None:
    text = autograded(room, "locked_cells_edited")
    assert "What is 1 + 1?" not in text
    assert '"1000"' not in text


@pytest.mark.usefixtures("graded")
def test_student_code_sees_no_notebook_and_no_secret(room: Classroom) -> None:
    assert "SEEN []" in autograded(room, "kernel_looks_around")


@pytest.mark.usefixtures("graded")
def test_nothing_active_reaches_the_teachers_page(room: Classroom) -> None:
    text = autograded(room, "active_outputs")
    assert "&lt;img src=x" in text
    outputs = [
        output["data"]
        for cell in json.loads(text)["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "display_data"
    ]
    assert "script" not in json.dumps(outputs)
    assert "1 < 2" in text


@pytest.mark.usefixtures("graded")
def test_a_neighbours_notebook_is_told_as_such(room: Classroom) -> None:
    assert "Бұл басқа оқушының сандары." in autograded(room, "neighbours_notebook")
