"""What an error says, in the reader's language: every package's errors carry message and values."""

from __future__ import annotations

from typing import Final

from ustaz_courses.errors import CourseFaults, Fault
from ustaz_courses.language import translate

DOMAIN: Final = "ustaz_lab"

_PACKAGES: Final = frozenset(
    ("ustaz_courses", "ustaz_kernels", "ustaz_grading", "ustaz_widgets", "ustaz_lab")
)


def is_foreseen(error: BaseException) -> bool:
    """Tell whether an error is one of Ustaz's own, which say what to do next."""
    own = type(error).__module__.partition(".")[0] in _PACKAGES
    return own and hasattr(error, "message") and hasattr(error, "values")


def fault_text(fault: Fault, language: str) -> str:
    """Return what is wrong with a course's file, in a language."""
    return translate(fault.message, language, domain="ustaz_courses", **fault.values)


def message_of(error: BaseException, language: str) -> str:
    """Return an error's message in a language, from the catalogue of the package that raised it.

    Parameters
    ----------
    error
        One of Ustaz's own; of any other the text is returned as it is.
    language
        "kk", "ru" or "en".
    """
    if isinstance(error, CourseFaults):
        return "\n".join(f"{f.file}:{f.line}: {fault_text(f, language)}" for f in error.faults)
    message, values = getattr(error, "message", None), getattr(error, "values", None)
    if not isinstance(message, str) or not isinstance(values, dict):
        return str(error)
    domain = type(error).__module__.partition(".")[0]
    # A value may itself be an error: what made a slot unusable, what a worker died of.
    said = {
        name: message_of(value, language) if isinstance(value, BaseException) else value
        for name, value in values.items()
    }
    return translate(message, language, domain=domain, **said)
