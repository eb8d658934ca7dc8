"""Runs a learner's program inside its jail and answers calls to it.

Nothing here is trusted: the program lives in the same process and may change all of it. What it can
reach by that is to answer its own tests differently, which is what a program is for. It never sees
a test's text, an expected value or a verdict.

After the program ran, each test is answered by a fork of its own, so that tests do not disturb one
another and a program that ends itself ends one test.
"""

from __future__ import annotations

import base64
import builtins
import io
import json
import os
import sys
import types
from collections.abc import Callable
from typing import Any

from . import wire

PROGRAM = "<program>"
MODULE = "__main__"
NO_INPUT = "there is no more input"


class Printed(io.TextIOBase):
    """Text that a program prints, up to a limit; the rest is dropped."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.left = limit
        self.parts: list[str] = []

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Keep what fits, and say that all was written."""
        if self.left > 0:
            self.parts.append(text[: self.left])
            self.left -= len(text)
        return len(text)

    def take(self) -> str:
        """Return what was printed since the last time."""
        text = "".join(self.parts)
        self.parts, self.left = [], self.limit
        return text


def main(settings: dict[str, object]) -> None:
    """Read the program, run it (once, or afresh for each request) and answer."""
    pipe = wire.Pipe()
    pipe.write("ready", None)
    first = pipe.read()
    if first is None:
        return
    job = json.loads(first[1])
    for name, content in job["files"].items():
        if os.path.dirname(name):  # noqa: PTH120 - pathlib costs 5 ms
            os.makedirs(os.path.dirname(name), exist_ok=True)  # noqa: PTH103, PTH120
        with open(name, "wb") as file:  # noqa: PTH123
            file.write(base64.b64decode(content))
    printed = Printed(int(str(settings["output_bytes"])))
    if settings.get("afresh"):
        _serve(pipe, lambda line: _afresh(pipe, job["program"], line, printed))
        return
    module, state = _run(job["program"], job["stdin"], printed, waits=not job["stdin"])
    pipe.write("ran", state)
    if "error" not in state:
        _serve(pipe, lambda line: _answer_test(pipe, line, module, printed))


def _serve(pipe: wire.Pipe, answer: Callable[[str], None]) -> None:
    """Answer each line in a process of its own."""
    while (line := pipe.read()) is not None:
        child = os.fork()
        if child == 0:
            try:
                answer(line[1])
            finally:
                os._exit(0)
        pipe.pending = b""  # the child has it
        _, status = os.waitpid(child, 0)
        pipe.write("over", os.waitstatus_to_exitcode(status))


def _afresh(pipe: wire.Pipe, program: str, line: str, printed: Printed) -> None:
    request = json.loads(line)
    _, state = _run(program, request["stdin"], printed)
    pipe.write(request["id"], state)


def _run(
    program: str, stdin: str, printed: Printed, *, waits: bool = False
) -> tuple[types.ModuleType, dict[str, str]]:
    """Run a program from its first line; return its module, what it printed and its error.

    A program that `waits` got no input at all: stopping where it asks for some is no error, for
    its tests run it with input of their own by `run_with`.
    """
    module = types.ModuleType(MODULE)
    module.__dict__["__builtins__"] = builtins
    sys.modules[MODULE] = module
    sys.argv = ["program.py"]
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - pathlib costs 5 ms
    _redirect(stdin, printed)
    state: dict[str, str] = {}
    try:
        exec(compile(program, PROGRAM, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - in the jail
    except SystemExit as end:
        if end.code not in (None, 0):
            state["error"] = f"SystemExit: {end.code}"
    except BaseException as error:  # noqa: BLE001 - whatever the program does is told
        if not (waits and isinstance(error, EOFError) and str(error) == NO_INPUT):
            state["error"] = _told(error)
    state["printed"] = printed.take()
    return module, state


def _redirect(stdin: str, printed: Printed) -> None:
    sys.stdout = sys.stderr = printed
    sys.stdin = io.StringIO(stdin)

    def ask(prompt: object = "", /) -> str:
        """Read a line; the prompt is not part of what a program prints."""
        str(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError(NO_INPUT)
        return line.rstrip("\n")

    builtins.input = ask
    # Python's own come with its site packages, which take longer to load than a program to run.
    vars(builtins).update(exit=sys.exit, quit=sys.exit)


def _told(error: BaseException) -> str:
    """Return an exception as a learner reads it, with the line of the program."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == PROGRAM:
            line = trace.tb_lineno
        trace = trace.tb_next
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    told = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{told}, line {line}" if line else told


def _answer_test(pipe: wire.Pipe, line: str, module: types.ModuleType, printed: Printed) -> None:
    """Answer the calls of one test, until it ends."""
    objects: list[object] = []

    def keep(value: object) -> object:
        objects.append(value)
        return {"o": [len(objects) - 1, type(value).__name__]}

    def find(tag: str, content: object) -> object:
        if tag == "o":
            assert isinstance(content, list)  # noqa: S101
            return objects[content[0]]
        if tag == "x":
            return eval(str(content), module.__dict__)  # noqa: S307 - in the jail
        return _named(module, str(content))

    while True:
        request = json.loads(line)
        if request["op"] == "end":
            return
        pipe.write(request["id"], _answer(request, keep, find, printed))
        following = pipe.read()
        if following is None:
            return
        line = following[1]


def _answer(
    request: dict[str, Any],
    keep: Callable[[object], object],
    find: Callable[[str, object], object],
    printed: Printed,
) -> dict[str, object]:
    answer: dict[str, object] = {}
    printed.take()
    try:
        target: Any = wire.decode(request["of"], find)
        if request["op"] == "get":
            value = getattr(target, str(request["name"]))
        elif request["op"] == "call":
            arguments: Any = wire.decode(request["args"], find)
            words: Any = wire.decode(request["kwargs"], find)
            before = json.dumps(request["args"])
            value = target(*arguments, **words)
            after = wire.encode(arguments, keep)
            if json.dumps(after) != before:
                answer["args"] = after
        else:
            value = target
        answer["ok"] = wire.encode(value, keep)
    except BaseException as error:  # noqa: BLE001 - whatever the program does is told
        kinds = [kind.__name__ for kind in type(error).__mro__ if kind is not object]
        answer = {"raised": kinds, "text": _told(error)}
    answer["printed"] = printed.take()
    return answer


def _named(module: types.ModuleType, name: str) -> object:
    try:
        return module.__dict__[name]
    except KeyError:
        raise NameError(f"name '{name}' is not defined") from None
