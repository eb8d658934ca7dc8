"""Runs a teacher's tests in a jail of its own and asks the program through the host.

A failing `assert` tells what came and what was expected, in signs rather than words:
`area(2, 3) → 5 ≠ 6`. To that end each assertion is rewritten before it runs, so that both sides of
its comparison are looked at; nothing is computed twice.
"""

from __future__ import annotations

import ast
import builtins
import json
import math
import os
from collections.abc import Callable

from . import wire
from .vocabulary import Author, Program, Stopped, TimedOut, shorten, show

#: Where a call to the program stands in a text; no test holds this character.
_GAP = "\0"
#: Calls that do not ask the program.
_OURS = {*dir(builtins), "printed", "source", "uses", "close", "raises", "code"}
_SIGNS = {
    "Eq": "≠",
    "NotEq": "=",
    "Lt": "≥",
    "LtE": ">",
    "Gt": "≤",
    "GtE": "<",
    "Is": "≠",
    "IsNot": "=",
    "In": "∉",
    "NotIn": "∈",
}
_COMPARE: dict[str, Callable[[object, object], object]] = {
    "Eq": lambda a, b: a == b,
    "NotEq": lambda a, b: a != b,
    "Lt": lambda a, b: a < b,  # type: ignore[operator]
    "LtE": lambda a, b: a <= b,  # type: ignore[operator]
    "Gt": lambda a, b: a > b,  # type: ignore[operator]
    "GtE": lambda a, b: a >= b,  # type: ignore[operator]
    "Is": lambda a, b: a is b,
    "IsNot": lambda a, b: a is not b,
    "In": lambda a, b: a in b,  # type: ignore[operator]
    "NotIn": lambda a, b: a not in b,  # type: ignore[operator]
}


def main(_: dict[str, object]) -> None:
    """Judge one job: its description first, then a line for each test."""
    pipe = wire.Pipe()
    pipe.write("ready", None)
    while (first := pipe.read()) is not None:
        child = os.fork()  # one process for each job: nothing of a program stays for the next
        if child == 0:
            try:
                _job(pipe, json.loads(first[1]))
            finally:
                os._exit(0)
        pipe.pending = b""  # the child has it
        os.waitpid(child, 0)
        pipe.write("over", None)


def _job(pipe: wire.Pipe, job: dict[str, object]) -> None:
    program = Program(pipe, job)
    while (line := pipe.read()) is not None:
        token, text = line
        if token == "end":  # noqa: S105 - of a line, not a secret
            return
        pipe.write("verdict", _verdict(program, str(json.loads(text)["source"])))


def _verdict(program: Program, source: str) -> dict[str, object]:
    """Return {"passed", "detail"}, or {"fault"} where the test itself is broken."""
    names = program.names()
    names.update(math=math, _check=Check(program), __name__="test")
    try:
        exec(compile(rewritten(source), "<test>", "exec"), names)  # noqa: S102 - in the jail
    except _Failed as failed:
        return {"passed": False, "detail": str(failed)}
    except TimedOut as late:
        return {"passed": False, "detail": f"{late.call} → … > {late.seconds:g} s"}
    except Stopped as stopped:
        return {"passed": False, "detail": f"{stopped.call} → {stopped.text}"}
    except (SyntaxError, NameError, ImportError, Author) as error:
        return {"fault": f"{type(error).__name__}: {error}"}
    except Exception as error:  # noqa: BLE001 - a test trips over a value of the wrong type
        told = f"{type(error).__name__}: {error}"
        return {"passed": False, "detail": f"{program.last()} → {told}" if program.last() else told}
    return {"passed": True, "detail": ""}


class _Failed(Exception):  # noqa: N818 - the verdict on a program, not an error
    """An assertion does not hold."""


class Check:
    """What a rewritten assertion calls."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def compare(
        self,
        sign: str,
        left: Callable[[], object],
        right: Callable[[], object],
        text: str,
        say: Callable[[], object] | None,
    ) -> None:
        """Hold two sides against each other."""
        calls = len(self.program.calls)
        first = left()
        made = self.program.calls[calls:]
        second = right()
        if not _COMPARE[sign](first, second):
            detail = f"{_filled(text, made)} → {show(first)} {_SIGNS[sign]} {show(second)}"
            raise _Failed(shorten(str(say())) if say else detail)

    def true(
        self, value: Callable[[], object], text: str, say: Callable[[], object] | None
    ) -> None:
        """Hold that something is so."""
        self.program.note = ""
        calls = len(self.program.calls)
        found = value()
        made = self.program.calls[calls:]
        if not found:
            told = self.program.note or f"{_filled(text, made)} → {show(found)}"
            raise _Failed(shorten(str(say())) if say else told)


def rewritten(source: str) -> ast.Module:
    """Return a test with each assertion turned into a call of `Check`.

    Raises
    ------
    SyntaxError
        The test is not Python.
    """
    module = ast.parse(source)
    _Rewriter().visit(module)
    return ast.fix_missing_locations(module)


class _Rewriter(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        parts = [node.test]
        if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And):
            parts = node.test.values
        return [ast.copy_location(ast.Expr(_checked(part, node.msg)), node) for part in parts]


def _checked(test: ast.expr, message: ast.expr | None) -> ast.Call:
    say = _later(message) if message else ast.Constant(None)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        left, right = test.left, test.comparators[0]
        sign = ast.Constant(type(test.ops[0]).__name__)
        return _call("compare", sign, _later(left), _later(right), _text(left), say)
    return _call("true", _later(test), _text(test), say)


def _text(node: ast.expr) -> ast.Constant:
    """Return an expression's text with a gap where its only call to the program is.

    The gap is filled with the call as it was made: `area(2, 3)`, where the test says `area(a, b)`.
    """
    whole = ast.unparse(node)
    texts = [ast.unparse(part) for part in ast.walk(node) if _asks(part)]
    return ast.Constant(whole.replace(texts[0], _GAP, 1) if len(texts) == 1 else whole)


def _asks(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute):
        return isinstance(function.value, ast.Name) and function.value.id != "math"
    return isinstance(function, ast.Name) and function.id not in _OURS


def _filled(text: str, made: list[str]) -> str:
    if _GAP not in text:
        return text
    return text.replace(_GAP, made[0] if len(made) == 1 else "…")


def _later(node: ast.expr) -> ast.Lambda:
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Lambda(nothing, node)


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    check = ast.Attribute(ast.Name("_check", ast.Load()), name, ast.Load())
    return ast.Call(check, list(arguments), [])
