from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, inspect, text
from store_support import START, answer, child, said
from ustaz_grading.errors import InvalidRecordError, MissingRecordError, StoreError
from ustaz_grading.records import Fault, Issue, PracticeItem, SituationRank, Student
from ustaz_grading.store import Store, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ustaz_grading.records import Evidence


def test_migrations_make_exactly_the_tables(store: Store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store._reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, tables.metadata) == []


def test_migrations_keep_the_partial_index(store: Store):
    with store._reading() as connection:
        found = inspect(connection).get_indexes("evidence")
    index = next(index for index in found if index["name"] == "evidence_corrections")
    dialect = store._engine.dialect.name
    assert "corrects IS NOT NULL" in str(index["dialect_options"][f"{dialect}_where"])


def test_known_head_is_alembics_head():
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from ustaz_grading.store.database import _PACKAGE

    config = Config()
    config.set_main_option("script_location", str(_PACKAGE / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [tables.HEAD]


def test_opening_again_keeps_everything_and_needs_no_alembic(store: Store, store_url: str):
    store.add_evidence([answer(1)])
    code = (
        "import sys; from ustaz_grading.store import Store\n"
        "s = Store.open(sys.argv[1]); print(s.evidence_count('algebra'), 'alembic' in sys.modules)"
    )
    assert said(child(code, store_url)).split() == ["1", "False"]


def test_processes_may_open_a_new_store_at_once(store_url: str):
    code = (
        "import sys; from ustaz_grading.store import Store; import alembic\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "with Store.open(sys.argv[1]) as s: print(len(s.students()))"
    )
    children = [child(code, store_url) for _ in range(4)]
    for process in children:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in children:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [said(process).split() for process in children] == [["0"]] * 4


@pytest.mark.parametrize("url", ["", "no url", "mysql://host/name", "sqlite:////proc/nothing/s.db"])
def test_unusable_urls_are_refused_with_the_next_step(url: str):
    with pytest.raises(StoreError, match=r"expected sqlite|cannot be made"):
        Store.open(url)


def test_unreachable_server_is_a_store_error_without_the_password(tmp_path: Path):
    with pytest.raises(StoreError) as caught:
        Store.open(f"postgresql://ustaz:hidden@/name?host={tmp_path}")
    assert "hidden" not in str(caught.value)


def test_file_that_is_no_database_is_left_as_it_was(tmp_path: Path):
    file = tmp_path / "store.db"
    file.write_text("a letter to a teacher, longer than SQLite's header of a hundred bytes" * 3)
    before = file.read_bytes()
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_store_of_a_newer_version_is_refused(store: Store, store_url: str):
    with store._writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="'9999', which this Ustaz does not know"):
        Store.open(store_url)


def test_students_come_back_by_id_and_are_brought_up_to_date(store: Store):
    anna = Student(id="anna", first_name="Анна", last_name="Ли", interests=("sport", "music"))
    zhan = Student(id="жан", language="kk")
    assert store.add_students([zhan, anna]) == 2
    assert store.students() == [anna, zhan]
    changed = replace(anna, first_name="Аня", interests=())
    store.add_students([changed])
    assert store.student("anna") == changed
    assert len(store.students()) == 2
    assert store.add_students([]) == 0


def test_unknown_student_is_missing_not_empty(store: Store):
    with pytest.raises(MissingRecordError, match="'nobody' on the class list"):
        store.student("nobody")


class Kept:
    """A template as the store wants it."""

    id = "two-steps"
    difficulty = 0.4

    def __init__(self, content_hash: str, files: dict[str, str]) -> None:
        self.content_hash = content_hash
        self.files = files


def test_template_versions_stay_as_first_kept(store: Store):
    store.save_template_version(Kept("h1", {"prompt.kk.md": "Теңдеуді шеш"}))
    store.save_template_version(Kept("h1", {"prompt.kk.md": "another"}))
    assert store.template_files("h1") == {"prompt.kk.md": "Теңдеуді шеш"}
    assert store.template_version("h1").difficulty == 0.4
    with pytest.raises(MissingRecordError, match="'h2'"):
        store.template_version("h2")


def issue(student: str = "anna", **changes: object) -> Issue:
    values = {
        "course": "algebra",
        "assignment": "week1",
        "slot": "q1",
        "student": student,
        "template": "two-steps",
        "content_hash": "h1",
        "record": {"seed": 7, "parameters": {"a": "3"}},
        "tag": f"tag-{student}",
        "issued_at": START,
    }
    return Issue(**{**values, **changes})  # type: ignore[arg-type]


def test_a_place_is_filled_once(store: Store):
    (first,) = store.record_issues([issue()])
    again = store.record_issues([issue(record={"seed": 8}), issue("жан")])
    assert again[0] == first
    assert again[0].record == {"seed": 7, "parameters": {"a": "3"}}
    assert [found.student for found in again] == ["anna", "жан"]
    assert store.issue(first.id or 0) == first
    assert store.record_issues([issue(round=1, record={"seed": 9})])[0].record == {"seed": 9}
    assert store.record_issues([]) == []


def test_issues_are_found_by_assignment_student_course_and_tag(store: Store):
    store.record_issues([issue(), issue("жан"), issue(course="python"), issue(assignment="week2")])
    assert len(store.issues("week1")) == 3
    assert len(store.issues("week1", "anna")) == 2
    assert [found.student for found in store.issues("week1", course="algebra")] == ["anna", "жан"]
    assert [found.student for found in store.issues_by_tag("tag-жан")] == ["жан"]
    assert store.issues_by_tag("foreign") == []
    with pytest.raises(MissingRecordError, match="999"):
        store.issue(999)


def test_instants_come_back_aware_whatever_zone_they_had(store: Store):
    from zoneinfo import ZoneInfo

    almaty = START.astimezone(ZoneInfo("Asia/Almaty"))
    store.add_evidence([answer(1, at=almaty)])
    (found,) = store.evidence("algebra")
    assert found.at == START
    assert found.at.utcoffset() is not None


def test_evidence_comes_back_whole(store: Store):
    given = answer(
        1,
        assignment="week1",
        slot="q1",
        item="i1",
        content_hash="h1",
        skills=("b", "a", "b"),
        score=1 / 3,
        hints_used=2,
        language="kk",
        duration_s=12.5,
    )
    store.add_evidence([given])
    (found,) = store.evidence("algebra")
    assert found == replace(given, id=found.id)
    assert found.skills == ("b", "a")


def test_the_same_key_is_added_once_a_course(store: Store):
    assert store.add_evidence([answer(1), answer(1, score=0.0)]) == 1
    assert store.add_evidence([answer(1, score=0.5), answer(2)]) == 1
    assert store.add_evidence([answer(1, course="python")]) == 1
    assert [row.score for row in store.evidence("algebra")] == [1.0, 1.0]
    assert store.evidence_courses() == ["algebra", "python"]


def test_evidence_is_picked_by_learner_id_and_age(store: Store):
    store.add_evidence([answer(n, learner="айгүл" if n % 2 else "жан") for n in range(6)])
    ids = [row.id for row in store.evidence("algebra")]
    assert ids == sorted(ids)  # type: ignore[type-var]  # stored rows have ids
    assert [row.key for row in store.evidence("algebra", "жан")] == [
        "practice/0",
        "practice/2",
        "practice/4",
    ]
    assert [row.id for row in store.evidence("algebra", since=ids[3] or 0)] == ids[4:]
    assert [row.id for row in store.evidence("algebra", latest=2)] == ids[4:]
    assert list(store.evidence_stream("algebra", since=ids[3] or 0)) == store.evidence(
        "algebra", since=ids[3] or 0
    )
    assert store.evidence_count("algebra") == 6
    assert store.evidence_count("algebra", ["жан"]) == 3
    assert store.evidence_count("algebra", []) == 0
    assert store.evidence("python") == []


def test_recent_answers_are_the_newest_that_hold(store: Store):
    store.add_evidence([answer(n, skills=("a", "b") if n % 2 else ("a",)) for n in range(6)])
    last = store.evidence("algebra")[-1]
    store.add_evidence([answer(9, score=0.25, corrects=last.id, skills=last.skills)])
    recent = store.recent_answers("algebra", 2)
    assert [found.score for found in recent["айгүл", "a"]] == [0.25, 1.0]
    assert [found.at for found in recent["айгүл", "b"]] == [
        answer(9).at,
        answer(3).at,
    ]
    assert store.recent_answers("algebra", 2, "жан") == {}


@pytest.mark.parametrize("course", ["algebra", "python"])
def test_correction_of_a_row_that_the_course_does_not_have_adds_nothing(store: Store, course: str):
    store.add_evidence([answer(1, course="python")])
    number = store.evidence("python")[0].id if course == "algebra" else 999
    with pytest.raises(InvalidRecordError, match=f"corrects row {number}"):
        store.add_evidence([answer(5), answer(2, course=course, corrects=number)])
    assert store.evidence("algebra") == []


def test_a_source_that_fails_half_way_adds_nothing(store: Store):
    def rows() -> Iterator[Evidence]:
        yield from (answer(number) for number in range(10_500))
        raise OSError("the file's disk went away")

    with pytest.raises(OSError, match="went away"):
        store.add_evidence(rows())
    assert store.evidence_count("algebra") == 0


KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from store_support import answer
from ustaz_grading.store import Store

def rows():
    yield from (answer(number) for number in range(10_500))
    print("half", flush=True)
    sys.stdin.readline()

Store.open(sys.argv[1]).add_evidence(rows())
"""


def test_a_kill_while_adding_leaves_nothing_and_the_repeat_everything(
    store: Store, store_url: str, pytestconfig: pytest.Config
):
    process = child(KILLED, store_url, str(pytestconfig.rootpath / "tests"))
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.kill()
    assert store.evidence_count("algebra") == 0
    assert store.add_evidence(answer(number) for number in range(10_500)) == 10_500


WRITER = """
import sys
sys.path.insert(0, sys.argv[3])
from store_support import answer
from ustaz_grading.store import Store

with Store.open(sys.argv[1]) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    who = sys.argv[2]
    for number in range(40):
        store.add_evidence([answer(number, learner=who, key=f"{who}/{number}"), answer(number)])
"""


def test_writers_in_several_processes_lose_and_double_nothing(
    store: Store, store_url: str, pytestconfig: pytest.Config
):
    tests = str(pytestconfig.rootpath / "tests")
    children = [child(WRITER, store_url, f"w{number}", tests) for number in range(4)]
    for process in children:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in children:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in children:
        said(process)
    # 40 of each writer's own, and 40 that all four wanted to add.
    assert store.evidence_count("algebra") == 200


def test_a_reader_never_sees_rows_below_one_it_has_seen(store: Store):
    """The incremental fold relies on it: ids become visible in their order."""
    stop = threading.Event()
    faults: list[str] = []

    def read() -> None:
        seen: list[int | None] = []
        while not stop.is_set():
            now = [row.id for row in store.evidence("algebra")]
            if now[: len(seen)] != seen:
                faults.append(f"{seen} became {now}")
            seen = now

    def write(who: str) -> None:
        for number in range(30):
            store.add_evidence([answer(number, key=f"{who}/{number}")])

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(3)]
    reader.start()
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert faults == []
    assert store.evidence_count("algebra") == 90


def test_a_full_disk_is_a_store_error_and_loses_nothing(tmp_path: Path):
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    store.add_evidence([answer(0)])
    store.close()

    def bound(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 3}")

    event.listen(store._engine, "connect", bound)
    with pytest.raises(StoreError, match="full"):
        store.add_evidence(answer(number) for number in range(1, 5_000))
    assert [row.key for row in store.evidence("algebra")] == ["practice/0"]
    store.close()


def practised(**changes: object) -> PracticeItem:
    values = {
        "student": "anna",
        "course": "algebra",
        "template": "two-steps",
        "content_hash": "h1",
        "record": {"seed": 1},
        "issued_at": START,
    }
    return PracticeItem(**{**values, **changes})  # type: ignore[arg-type]


def test_practice_items_change_and_are_listed_newest_first(store: Store):
    first = store.save_practice_item(practised())
    second = store.save_practice_item(practised())
    solved = replace(first, state="solved", attempts=2, hints_used=1, answered_at=START)
    assert store.save_practice_item(solved) == solved
    assert store.practice_item(first.id or 0) == solved
    assert store.practice_items("anna", "algebra") == [second, solved]
    assert store.practice_items("anna", "algebra", state="open") == [second]
    assert store.practice_items("anna", "algebra", latest=1) == [second]
    assert store.practice_items("жан", "algebra") == []


def test_unknown_practice_item_is_missing(store: Store):
    with pytest.raises(MissingRecordError, match="77"):
        store.practice_item(77)
    with pytest.raises(MissingRecordError, match="77"):
        store.save_practice_item(practised(id=77))
    assert store.practice_items("anna", "algebra") == []


def test_an_engines_newer_ranking_takes_the_place_of_its_older(store: Store):
    rank = SituationRank(
        course="algebra",
        template="t",
        content_hash="h1",
        interest="sport",
        engine="small",
        ranking=(("football", 0.7), ("market", 0.3)),
    )
    store.save_situation_rank(rank)
    assert store.situation_rank("algebra", "t", "h1", "sport", "small") == rank
    assert store.situation_rank("algebra", "t", "h1", "sport", "other") is None
    newer = replace(rank, ranking=(("market", 0.9), ("football", 0.1)))
    store.save_situation_rank(newer)
    assert store.situation_rank("algebra", "t", "h1", "sport", "small") == newer


def test_faults_are_listed_newest_first_and_by_place(store: Store):
    first = store.add_fault(
        Fault(at=START, course="algebra", assignment="w1", student="anna", stage="run", message="m")
    )
    second = store.add_fault(Fault(at=START, course="algebra", stage="release", message="n"))
    assert store.faults("algebra") == [second, first]
    assert store.faults("algebra", assignment="w1") == [first]
    assert store.faults("algebra", student="жан") == []
    assert store.faults("python") == []


def test_url_is_shown_without_its_password():
    from ustaz_grading.store.database import _checked, _make_engine

    engine = _make_engine(_checked("postgresql://ustaz:hidden@localhost/name"))
    assert "hidden" not in Store(engine).url
