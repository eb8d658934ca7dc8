"""One marked block in ``nbgrader_config.py`` makes plain nbgrader commands do the right thing.

The block only calls `configure`, so that a newer Ustaz needs no new block. `configure` names
classes by their paths: nbgrader imports them when a command needs them, and reading the file stays
cheap. What the file has set above the block stays, except that our preprocessors take their places
in the lists.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, Final

from ustaz_grading.files import write_text

CONFIG_NAME: Final = "nbgrader_config.py"
BEGIN: Final = "# >>> ustaz >>>"
END: Final = "# <<< ustaz <<<"
EXCHANGE_ROOT: Final = Path("/usr/local/share/nbgrader/exchange")
"""nbgrader's own default."""

_DOOR: Final = "ustaz_grading.nbgrader"
_THEIRS: Final = "nbgrader.preprocessors"
TAKE_ANSWERS: Final = f"{_DOOR}.preprocessors.TakeAnswers"
RENDER: Final = f"{_DOOR}.preprocessors.RenderVariants"
INSTEAD: Final = {
    "Execute": f"{_DOOR}.execute.ExecuteInJail",
    "AssignLatePenalties": f"{_DOOR}.late.AssignLatePenalties",
}
"""Classes of nbgrader that ours stand in for; each does as before where there are no variants."""
SANITIZE: Final = (
    f"{_THEIRS}.ClearOutput",
    f"{_THEIRS}.DeduplicateIds",
    f"{_THEIRS}.OverwriteKernelspec",
    f"{_THEIRS}.OverwriteCells",
    f"{_THEIRS}.CheckCellMetadata",
)
"""nbgrader's own list, which a course may have changed."""
AUTOGRADE: Final = (
    f"{_THEIRS}.Execute",
    f"{_THEIRS}.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    f"{_THEIRS}.LimitOutput",
    f"{_THEIRS}.SaveAutoGrades",
    f"{_THEIRS}.AssignLatePenalties",
    f"{_THEIRS}.CheckCellMetadata",
)
"""nbgrader's own list, which a course may have changed."""
FEEDBACK: Final = (
    f"{_THEIRS}.GetGrades",
    f"{_DOOR}.feedback.SpeakLanguage",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
)
EXCHANGE: Final = {
    "release_assignment": f"{_DOOR}.exchange.ReleaseVariants",
    "fetch_assignment": f"{_DOOR}.exchange.FetchVariant",
    "collect": f"{_DOOR}.exchange.CollectSafely",
}


def configure(c: Any, root: str) -> None:
    """Set what the course's nbgrader commands need, on the configuration object of the file.

    Parameters
    ----------
    c
        traitlets' ``Config``.
    root
        The course folder.
    """
    grade, pages = c.Autograde, c.GenerateFeedback
    grade.sanitize_preprocessors = [
        TAKE_ANSWERS,
        *_with_ours(_listed(grade, "sanitize_preprocessors", SANITIZE)),
    ]
    grade.autograde_preprocessors = _with_ours(_listed(grade, "autograde_preprocessors", AUTOGRADE))
    pages.preprocessors = pages.get("preprocessors", list(FEEDBACK))
    pages.exporter_class = pages.get("exporter_class", f"{_DOOR}.feedback.FeedbackExporter")
    # ExecuteInJail runs in a folder of its own, in which no notebook and nothing secret lies.
    for name in ("with_files", "with_programs"):
        c.JailProvisioner[name] = c.JailProvisioner.get(name, True)
    for action, plugin in EXCHANGE.items():
        c.ExchangeFactory[action] = c.ExchangeFactory.get(action, plugin)
    if "root" not in c.Exchange and not EXCHANGE_ROOT.is_dir():
        c.Exchange.root = str(Path(root) / "exchange")


def write_config(folder: Path, *, course_id: str) -> Path:
    """Put our block into the folder's ``nbgrader_config.py``; every other line stays.

    Parameters
    ----------
    folder
        The course folder.
    course_id
        Written into a file that does not name one yet.
    """
    path = folder / CONFIG_NAME
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    text = _without_block(before)
    if not text.strip():
        text = "c = get_config()  # noqa: F821 - nbgrader gives it\n"
    if _course_id(text) is None:
        # Ahead of the block and outside it: it is the teacher's to change.
        text = _ended(text) + f"c.CourseDirectory.course_id = {course_id!r}\n"
    after = _ended(text) + _block()
    if after != before:
        write_text(path, after)
    return path


def course_id_of(file: Path) -> str | None:
    """Return the course id that an ``nbgrader_config.py`` sets, read but never executed."""
    try:
        return _course_id(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def database_url_of(root: Path) -> str:
    """Return the URL of the course's gradebook: what its configuration says, or nbgrader's own."""
    try:
        text = (root / CONFIG_NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    found = _assigned(text, "CourseDirectory.db_url")
    return found or "sqlite:///" + str((root / "gradebook.db").absolute())


def folder_of(root: Path, stage: str) -> Path:
    """Return the folder of one of nbgrader's stages.

    Parameters
    ----------
    root
        The course folder.
    stage
        source, release, submitted, autograded or feedback; a course may call the folder otherwise.
    """
    try:
        text = (root / CONFIG_NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    return root / (_assigned(text, f"CourseDirectory.{stage}_directory") or stage)


def _block() -> str:
    return (
        f"{BEGIN} Written by Ustaz: variants, jailed autograding, feedback in three languages.\n"
        "from ustaz_grading.nbgrader.config import configure  # noqa: E402\n"
        "\n"
        'configure(get_config(), __file__.rpartition("/")[0] or ".")  # noqa: F821\n'
        f"{END}\n"
    )


def _without_block(text: str) -> str:
    start = text.find(BEGIN)
    if start < 0:
        return text
    end = text.find(END, start)
    rest = text[text.find("\n", end) + 1 :] if end >= 0 and "\n" in text[end:] else ""
    return text[:start] + rest


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _course_id(text: str) -> str | None:
    return _assigned(text, "CourseDirectory.course_id") or _assigned(text, "NbGrader.course_id")


def _assigned(text: str, name: str) -> str | None:
    """Return the text that ``c.<name> = …`` sets last, at any depth of the file."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    found = None
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            and any(ast.unparse(target) == f"c.{name}" for target in node.targets)
        ):
            found = node.value.value
    return found


def _listed(section: Any, name: str, default: tuple[str, ...]) -> list[Any]:
    """Return the list that the course has set, or nbgrader's with what the course appended."""
    given = section.get(name, list(default))
    return list(given.get_value(list(default)) if hasattr(given, "get_value") else given)


def _with_ours(given: list[Any]) -> list[Any]:
    mended: list[Any] = []
    for part in given:
        name = (part if isinstance(part, str) else part.__name__).rpartition(".")[2]
        mended.append(INSTEAD.get(name, part))
        if name == "OverwriteCells":
            mended.append(RENDER)
    return mended
