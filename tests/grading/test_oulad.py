from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import oulad_support
import pytest
from ustaz_grading.errors import ImportFileError
from ustaz_grading.profiles import cohort, update_mastery
from ustaz_grading.profiles.oulad import import_oulad, module_of
from ustaz_grading.store import Store


def test_registrations_are_learners_and_assessments_are_items(store: Store, tmp_path: Path):
    found = import_oulad(store, "oulad", oulad_support.write_sample(tmp_path / "data"))
    assert found.learners == ("AAA-2013J-1", "AAA-2013J-2", "BBB-2014B-1", "BBB-2014B-3")
    assert (found.report.rows, found.report.added, found.report.bad) == (9, 4, 5)
    rows = store.evidence("oulad")
    assert [(row.learner, row.item, row.skills, row.score) for row in rows] == [
        ("AAA-2013J-2", "10", ("AAA TMA",), 0.0),
        ("AAA-2013J-1", "10", ("AAA TMA",), 0.78),
        ("AAA-2013J-1", "11", ("AAA CMA",), 1.0),
        ("BBB-2014B-1", "20", ("BBB TMA",), 0.55),
    ]
    # A score handed in before the module's start keeps its day.
    assert rows[0].at == datetime(2013, 9, 28, tzinfo=UTC)
    assert rows[3].at == datetime(2014, 3, 1, tzinfo=UTC)


def test_bad_rows_are_named(memory: Store, tmp_path: Path):
    found = import_oulad(memory, "oulad", oulad_support.write_sample(tmp_path))
    assert [str(fault) for fault in found.report.faults] == [
        "line 6: score '', expected 0 … 100",
        "line 7: assessment '99' is not in assessments.csv",
        "line 8: the learner is empty",
        "line 9: date_submitted 'x', expected whole days",
        "line 10: score '101', expected 0 … 100",
    ]


def test_importing_again_adds_nothing(store: Store, tmp_path: Path):
    folder = oulad_support.write_sample(tmp_path / "data")
    import_oulad(store, "oulad", folder)
    again = import_oulad(store, "oulad", folder)
    assert (again.report.added, again.report.known) == (0, 4)


def test_everyone_registered_is_in_the_cohort(memory: Store, tmp_path: Path):
    found = import_oulad(memory, "oulad", oulad_support.write_sample(tmp_path))
    update_mastery(memory, "oulad")
    shown = cohort(memory, "oulad", learners=found.learners)
    assert len(shown.learners) == 4
    assert shown.skills == ("AAA CMA", "AAA TMA", "BBB TMA")
    assert module_of(shown.learners[0]) == "AAA"


@pytest.mark.parametrize("name", ["assessments.csv", "studentInfo.csv", "studentAssessment.csv"])
def test_a_missing_file_is_named_and_nothing_is_added(memory: Store, tmp_path: Path, name: str):
    folder = oulad_support.write_sample(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ImportFileError, match=name):
        import_oulad(memory, "oulad", folder)
    assert memory.evidence("oulad") == []


def test_an_unknown_presentation_is_refused_with_its_line(memory: Store, tmp_path: Path):
    folder = oulad_support.write_sample(tmp_path)
    text = (folder / "assessments.csv").read_text().replace('"2014B","20"', '"2014X","20"')
    (folder / "assessments.csv").write_text(text)
    with pytest.raises(ImportFileError, match="line 4: presentation '2014X'"):
        import_oulad(memory, "oulad", folder)


@pytest.mark.slow
@pytest.mark.skipif(
    oulad_support.real_folder() is None,
    reason="the real dataset is not here; name its folder in USTAZ_OULAD",
)
def test_a_whole_university_takes_less_than_a_minute_and_two_gibibytes():
    path = Path(__file__).parents[1] / "bench" / "oulad.py"
    spec = importlib.util.spec_from_file_location("bench_oulad", path)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    found = bench.measure()
    assert found["oulad_learners"] == 32_593
    assert found["oulad_answers"] == 173_739
    # Processor time: a busy machine's clock says little.
    assert found["oulad_cpu_seconds"] < 60
    assert found["oulad_peak_mib"] < 2048
