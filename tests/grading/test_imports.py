from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ustaz_grading.errors import ImportFileError
from ustaz_grading.profiles.imports import EPOCH, FAULTS_KEPT, import_answers

if TYPE_CHECKING:
    from pathlib import Path

    from ustaz_grading.store import Store

GOOD = """\
learner,item,skill,score,time
айгүл,i1,equations,1,2026-09-01T08:00:00+05:00
айгүл,i2,equations;powers,0.5,1788235200
жан,i1,equations,0,2026-09-01 08:00
"""


def written(tmp_path: Path, text: str | bytes) -> Path:
    file = tmp_path / "answers.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_rows_become_evidence(store: Store, tmp_path: Path):
    report = import_answers(store, "algebra", written(tmp_path, GOOD))
    assert (report.rows, report.added, report.known, report.bad) == (3, 3, 0, 0)
    first, second, third = store.evidence("algebra")
    assert (first.learner, first.item, first.score) == ("айгүл", "i1", 1.0)
    assert first.at == datetime(2026, 9, 1, 3, tzinfo=UTC)
    assert second.skills == ("equations", "powers")
    assert third.at == datetime(2026, 9, 1, 8, tzinfo=UTC)
    assert {row.source for row in (first, second, third)} == {"import"}


def test_importing_again_adds_nothing_and_a_longer_file_its_new_rows(store: Store, tmp_path: Path):
    file = written(tmp_path, GOOD)
    import_answers(store, "algebra", file)
    report = import_answers(store, "algebra", file)
    assert (report.added, report.known) == (0, 3)
    report = import_answers(store, "algebra", written(tmp_path, GOOD + "жан,i9,powers,1,\n"))
    assert (report.added, report.known) == (1, 3)


def test_a_repeated_row_without_time_is_an_answer_of_its_own(store: Store, tmp_path: Path):
    file = written(tmp_path, "student,problem_id,skill,correct\n" + "anna,p,a,1\n" * 3)
    assert import_answers(store, "algebra", file).added == 3
    assert import_answers(store, "algebra", file).added == 0
    times = [row.at for row in store.evidence("algebra")]
    assert times == sorted(times)
    assert times[0] > EPOCH


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",i,a,1,", "line 3: the learner is empty"),
        ("anna,i,,1,", "line 3: the skill is empty"),
        ("anna,i,a,much,", "line 3: score 'much', expected 0 … 1"),
        ("anna,i,a,1.5,", "line 3: score '1.5', expected 0 … 1"),
        ("anna,i,a,-0.1,", "line 3: score '-0.1', expected 0 … 1"),
        ("anna,i,a,nan,", "line 3: score 'nan', expected 0 … 1"),
        ("anna,i,a,inf,", "line 3: score 'inf', expected 0 … 1"),
        ("anna,i,a,,", "line 3: score '', expected 0 … 1"),
        ("anna", "line 3: the skill is empty"),
        ("anna,i,a,1,yesterday", "line 3: time 'yesterday', expected ISO 8601"),
        ("anna,i,a,1,1e30", "line 3: time '1e30', expected ISO 8601"),
        ("anna,i,;,1,", "line 3: the skill is empty"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_good_ones_are_kept(
    memory: Store, tmp_path: Path, row: str, said: str
):
    text = f"learner,item,skill,score,time\nбек,i,a,1,\n{row}\nжан,i,a,0,\n"
    report = import_answers(memory, "algebra", written(tmp_path, text))
    assert (report.rows, report.added, report.bad) == (3, 2, 1)
    assert [str(fault) for fault in report.faults] == [str(report.faults[0])]
    assert str(report.faults[0]).startswith(said)


def test_a_row_of_several_lines_is_named_by_its_last(memory: Store, tmp_path: Path):
    text = 'learner,item,skill,score\n"an\nna",i,a,2\n'
    report = import_answers(memory, "algebra", written(tmp_path, text))
    assert report.faults[0].line == 3


def test_many_bad_rows_are_counted_and_the_first_described(memory: Store, tmp_path: Path):
    text = "learner,item,skill,score\n" + "anna,i,a,5\n" * (FAULTS_KEPT + 20)
    report = import_answers(memory, "algebra", written(tmp_path, text))
    assert (report.bad, len(report.faults), report.added) == (FAULTS_KEPT + 20, FAULTS_KEPT, 0)


@pytest.mark.parametrize(
    "text",
    [
        "\ufefflearner,item,skill,score\nanna,i,a,1\n",
        "LEARNER\tItem\tskill\tscore\r\nanna\ti\ta\t1\r\n",
        "user_id,item_id,skill_id,correct,timestamp\nanna,i,a,1,0\n",
        "learner,item,skill,score\n\n\nanna,i,a,1\n\n",
        'note,learner,item,skill,score\n"x, y","anna",i,a,1\n',
    ],
)
def test_what_spreadsheets_and_logs_write_is_read(memory: Store, tmp_path: Path, text: str):
    assert import_answers(memory, "algebra", written(tmp_path, text)).added == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no column learner; its header is empty"),
        (b"learner,item,score\na,b,1\n", "has no column skill"),
        (b"learner,item,skill,score\n\xff\xfe,i,a,1\n", "is not UTF-8 text"),
        (b"learner,item,skill,score\nanna\x00,i,a,1\n", "null byte"),
        (b"learner,item,skill,score\nanna,i,a," + b"9" * 200_000, "is no CSV table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_adds_nothing(
    memory: Store, tmp_path: Path, content: bytes, said: str
):
    with pytest.raises(ImportFileError, match=said):
        import_answers(memory, "algebra", written(tmp_path, content))
    assert memory.evidence("algebra") == []


def test_a_missing_file_is_refused(memory: Store, tmp_path: Path):
    with pytest.raises(ImportFileError, match="cannot be read: No such file"):
        import_answers(memory, "algebra", tmp_path / "none.csv")


def test_a_fault_late_in_the_file_adds_nothing_of_its_beginning(store: Store, tmp_path: Path):
    rows = "".join(f"s{n},i,a,1\n" for n in range(12_000)).encode()
    file = written(tmp_path, b"learner,item,skill,score\n" + rows + b"\xff\n")
    with pytest.raises(ImportFileError, match="UTF-8"):
        import_answers(store, "algebra", file)
    assert store.evidence_count("algebra") == 0


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: ("learner,item,skill,score\n" + text).encode())
)
def test_any_bytes_are_taken_in_or_refused_but_never_break(
    memory: Store, tmp_path: Path, content: bytes
):
    try:
        report = import_answers(memory, "any", written(tmp_path, content))
    except ImportFileError:
        return
    assert report.rows == report.added + report.known + report.bad
