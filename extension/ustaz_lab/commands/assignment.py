"""``ustaz release``, ``autograde``, ``feedback`` and ``evidence``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ustaz_lab.commands.room import opened

if TYPE_CHECKING:
    import argparse

    from ustaz_grading.autograde import AutogradeReport, StudentGrade

    from ustaz_lab.commands.arguments import _Commands
    from ustaz_lab.console import Console


def add(commands: _Commands) -> None:
    """Add the commands."""
    release = commands.add("release", "write every student's own copy of an assignment")
    _assignment(release)
    release.add_argument(
        "--stories",
        metavar="MODEL",
        default="",
        help="a language model chooses each student's story by their interests, for example"
        " smollm2-135m; see ustaz engine info",
    )
    release.set_defaults(run=_release)
    grade = commands.add("autograde", "grade what was handed in")
    _assignment(grade)
    _students(grade)
    grade.add_argument("--force", action="store_true", help="also what was graded before")
    grade.set_defaults(run=_autograde)
    feedback = commands.add("feedback", "write the feedback of graded submissions")
    _assignment(feedback)
    _students(feedback)
    feedback.add_argument("--force", action="store_true", help="also where there is feedback")
    feedback.set_defaults(run=_feedback)
    evidence = commands.add(
        "evidence", "tell the profiles what the gradebook says, after plain nbgrader commands"
    )
    evidence.add_argument(
        "assignments",
        metavar="ASSIGNMENT",
        nargs="*",
        help="which assignments; all of them where none is named",
    )
    evidence.set_defaults(run=_evidence)


def _assignment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "assignment", metavar="ASSIGNMENT", help="its id: the file's or folder's name"
    )


def _students(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--student",
        action="append",
        metavar="ID",
        help="only this student's; may be repeated",
    )


def _release(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.workflow import release_assignment  # noqa: PLC0415 - commands import when they run

    engine = None
    if options.stories:
        from ustaz_kernels.engine import open_engine  # noqa: PLC0415

        console.note("Loading the model {model} …", model=options.stories)
        engine = open_engine(options.stories)
    with opened(options) as room:
        report = release_assignment(
            room, options.assignment, engine=engine, progress=console.progress
        )
    console.say(
        "Released {assignment}: students {students}, slots {slots}, points {points}; new variants"
        " {issued}, kept {kept}; {seconds} s.",
        assignment=report.assignment,
        students=report.students,
        slots=report.slots,
        points=f"{report.points:g}",
        issued=report.issued,
        kept=report.kept,
        seconds=f"{report.seconds:.1f}",
    )
    return 0


def _autograde(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.workflow import autograde_assignment  # noqa: PLC0415 - as above

    with opened(options) as room:
        report = autograde_assignment(
            room,
            options.assignment,
            students=options.student,
            force=options.force,
            progress=console.progress,
        )
    for grade in report.students:
        console.line(_grade(grade, console))
    _summary(report, console)
    return 1 if report.failed else 0


def _grade(grade: StudentGrade, console: Console) -> str:
    if grade.failed:
        return console.word("{student}: not graded. {reason}", student=grade.student,
                            reason=grade.reason)  # fmt: skip
    text = f"{grade.student}: {grade.score:g} / {grade.max_score:g}"
    if grade.late_penalty:
        text += "  " + console.word("late: −{points}", points=f"{grade.late_penalty:g}")
    if grade.needs_manual_grade:
        text += "  " + console.word("waits for your grade")
    if grade.skipped:
        text += "  " + console.word("graded before")
    return text


def _summary(report: AutogradeReport, console: Console) -> None:
    skipped = sum(grade.skipped for grade in report.students)
    console.say(
        "{assignment}: graded {graded}, graded before {skipped}, not graded {failed}; answers for"
        " the profiles {evidence}; {seconds} s.",
        assignment=report.assignment,
        graded=len(report.graded),
        skipped=skipped,
        failed=len(report.failed),
        evidence=report.evidence,
        seconds=f"{report.seconds:.1f}",
    )
    if any(grade.needs_manual_grade for grade in report.students):
        console.say(
            "Some answers wait for your grade: open Formgrader in JupyterLab, then run ustaz"
            " evidence {assignment}.",
            assignment=report.assignment,
        )


def _feedback(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.workflow import write_feedback  # noqa: PLC0415 - as above

    with opened(options) as room:
        report = write_feedback(
            room,
            options.assignment,
            students=options.student,
            force=options.force,
            progress=console.progress,
        )
    for page in report.failed:
        console.line(
            console.word("{student}: no feedback. {reason}", student=page.student,
                         reason=page.reason)
        )  # fmt: skip
    console.say(
        "{assignment}: feedback for {count} students is in the folder feedback.",
        assignment=report.assignment,
        count=len(report.pages) - len(report.failed),
    )
    return 1 if report.failed else 0


def _evidence(options: argparse.Namespace, console: Console) -> int:
    from ustaz_lab.workflow import record  # noqa: PLC0415 - as above

    with opened(options) as room:
        report = record(room, options.assignments or None)
    console.say(
        "New answers for the profiles: {added}; answers of the course in all: {answers}.",
        added=report.added,
        answers=report.answers,
    )
    return 0
