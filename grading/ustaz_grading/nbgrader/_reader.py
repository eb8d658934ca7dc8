# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Runs inside a student's kernel: says an answer as text. Sent there, never imported here.

It is executed in a namespace of its own, so that a student who calls a variable ``str`` or ``list``
does no harm. Nothing it says is trusted: whoever owns the kernel could say anything in its place,
and what it says is no more than the student's answer.
"""

import builtins
import json
import sys

CHARACTERS_MAX = 4000
MEMBERS_MAX = 400
DEPTH_MAX = 3


def read(namespace, name):  # noqa: ANN001, ANN202 - runs in whatever Python the kernel has
    """Return JSON text: what the variable holds, as texts by type."""
    if name not in namespace:
        return json.dumps({"type": "missing"})
    try:
        said = json.dumps(_said(namespace[name], DEPTH_MAX))
    except Exception as error:  # noqa: BLE001 - a student's own class may raise anything
        said = json.dumps({"type": "other", "text": type(error).__name__})
    if len(said) > 4 * CHARACTERS_MAX:
        said = json.dumps({"type": "other", "text": "long"})
    return said


def _said(value, depth):  # noqa: ANN001, ANN202, C901, PLR0911 - a case a type
    kind = type(value)
    if value is Ellipsis:
        return {"type": "blank"}
    if kind is bool or value is None:
        return {"type": "other", "text": repr(value)}
    if kind is str:
        return {"type": "text", "text": value[: CHARACTERS_MAX + 1]}
    if kind in (int, float, complex):
        return {"type": kind.__name__, "text": _number(value)}
    if isinstance(value, (list, tuple, set, frozenset)) and depth:
        members = list(value)[: MEMBERS_MAX + 1]
        name = "set" if isinstance(value, (set, frozenset)) else "list"
        return {"type": name, "members": [_said(member, depth - 1) for member in members]}
    module = kind.__module__.partition(".")[0]
    if module == "numpy" and depth:
        return _said(value.tolist(), depth - 1)
    if module == "fractions":
        return {"type": "fraction", "text": str(value)}
    if module == "decimal":
        return {"type": "text", "text": str(value)}
    sympy = sys.modules.get("sympy")
    if module == "sympy" and sympy is not None:
        return _sympy(value, sympy, depth)
    if isinstance(value, (int, float)):
        return _said((int if isinstance(value, int) else float)(value), depth)
    return {"type": "other", "text": kind.__name__}


def _sympy(value, sympy, depth):  # noqa: ANN001, ANN202
    if isinstance(value, sympy.MatrixBase) and depth:
        return _said(value.tolist(), depth)
    if isinstance(value, (sympy.FiniteSet, sympy.Tuple)) and depth:
        members = sorted(value, key=str) if isinstance(value, sympy.FiniteSet) else list(value)
        return {"type": "list", "members": [_said(m, depth - 1) for m in members[:MEMBERS_MAX]]}
    if value is sympy.S.EmptySet:
        return {"type": "list", "members": []}
    if isinstance(value, sympy.Float):
        return {"type": "float", "text": repr(float(value))}
    return {"type": "expression", "text": str(value)[: CHARACTERS_MAX + 1]}


def _number(value):  # noqa: ANN001, ANN202
    if isinstance(value, int) and value.bit_length() > 4 * CHARACTERS_MAX:
        return "9" * (CHARACTERS_MAX + 1)  # too long to be an answer, and slow to write out
    return builtins.repr(value)
