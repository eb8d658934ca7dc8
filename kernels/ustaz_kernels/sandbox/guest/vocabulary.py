"""The words that a test may use, each asking the program through the host.

See "What a test may say" in `kernels/README.md`.
"""

from __future__ import annotations

import ast
import json
import math
import os
from collections.abc import Iterator

from . import wire

#: Longest value shown in a detail, characters.
SHOWN_MAX = 160
_STATEMENTS = {
    "for": (ast.For, ast.AsyncFor),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "def": (ast.FunctionDef, ast.AsyncFunctionDef),
    "class": (ast.ClassDef,),
    "return": (ast.Return,),
    "yield": (ast.Yield, ast.YieldFrom),
    "lambda": (ast.Lambda,),
    "try": (ast.Try,),
    "except": (ast.ExceptHandler,),
    "raise": (ast.Raise,),
    "with": (ast.With, ast.AsyncWith),
    "import": (ast.Import, ast.ImportFrom),
    "break": (ast.Break,),
    "continue": (ast.Continue,),
    "assert": (ast.Assert,),
    "global": (ast.Global,),
    "del": (ast.Delete,),
    "and": (ast.And,),
    "or": (ast.Or,),
    "not": (ast.Not, ast.NotIn, ast.IsNot),
    "in": (ast.In, ast.NotIn),
    "is": (ast.Is, ast.IsNot),
    "comprehension": (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    "f-string": (ast.JoinedStr,),
}


class Stopped(Exception):  # noqa: N818 - a fact about the program
    """A call to the program raised an exception, or ended the program."""

    def __init__(self, call: str, kinds: list[str], text: str) -> None:
        super().__init__(text)
        self.call, self.kinds, self.text = call, kinds, shorten(text)


class TimedOut(Exception):  # noqa: N818 - a fact about the program
    """A call to the program took longer than a test may."""

    def __init__(self, call: str, seconds: float) -> None:
        super().__init__(call)
        self.call, self.seconds = call, seconds


class Author(Exception):  # noqa: N818 - names whose mistake it is
    """A test uses the vocabulary wrongly."""


class Code:
    """An expression that the program's process evaluates: `code("lambda x: x + 1")`."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Foreign:
    """An object that stays with the program; it equals nothing but itself.

    Attributes and methods are asked for there.
    """

    def __init__(self, program: Program, handle: int, kind: str) -> None:
        self._program, self._handle, self._kind = program, handle, kind

    def __repr__(self) -> str:
        return f"<{self._kind}>"

    def __str__(self) -> str:
        return str(self._program.call(Code("str"), (self,), {}, f"str({self!r})"))

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._program.attribute(self, name)

    def __call__(self, *arguments: object, **words: object) -> object:
        """Call it where it is."""
        return self._program.call(self, arguments, words, called(repr(self), arguments, words))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return hash(self._handle)

    def __bool__(self) -> bool:
        raise TypeError(f"{self!r} ≠ True, False")

    def __len__(self) -> int:
        found = self._program.call(Code("len"), (self,), {}, f"len({self!r})")
        if not isinstance(found, int):
            raise TypeError(f"len({self!r}) → {show(found)}")
        return found

    def __getitem__(self, key: object) -> object:
        item = Code("lambda whole, key: whole[key]")
        return self._program.call(item, (self, key), {}, f"{self!r}[{show(key)}]")

    def __iter__(self) -> Iterator[object]:
        found = self._program.call(Code("list"), (self,), {}, f"list({self!r})")
        if not isinstance(found, list):
            raise TypeError(f"list({self!r}) → {show(found)}")
        return iter(found)


class Method(Foreign):
    """A method, or an object, that belongs to a foreign object; told by its path."""

    def __init__(self, program: Program, handle: int, kind: str, text: str) -> None:
        super().__init__(program, handle, kind)
        self._text = text

    def __repr__(self) -> str:
        return self._text


class Name:
    """A function or class of the program."""

    def __init__(self, program: Program, name: str) -> None:
        self._program, self._name = program, name

    def __repr__(self) -> str:
        return self._name

    def __call__(self, *arguments: object, **words: object) -> object:
        """Call it in the program's process."""
        return self._program.call(self, arguments, words, called(self._name, arguments, words))


class Program:
    """The program under test, as its judge sees it.

    Parameters
    ----------
    pipe : wire.Pipe
        To the host.
    job : dict
        "program", "printed", "names", "timeout_s".
    """

    def __init__(self, pipe: wire.Pipe, job: dict[str, object]) -> None:
        self.pipe = pipe
        self.text = str(job["program"])
        self.output = str(job["printed"])
        self.callable = [str(name) for name in job["names"]]  # type: ignore[attr-defined]
        self.seconds = float(str(job["timeout_s"]))
        self.calls: list[str] = []
        """Every call, as a learner reads it."""
        self.note = ""
        """What the last helper has to tell if its assertion fails."""

    def names(self) -> dict[str, object]:
        """Return the names that a test sees, anew for each test."""
        self.calls, self.note = [], ""
        words = (self.value, self.printed, self.printed_by, self.run_with, self.raises)
        words += (self.source, self.uses, self.close)  # type: ignore[assignment]
        found: dict[str, object] = {word.__name__: word for word in words}
        found["code"] = Code
        return found | {name: Name(self, name) for name in self.callable}

    def last(self) -> str:
        """Return the last call made, or an empty text."""
        return self.calls[-1] if self.calls else ""

    # What a test may say.

    def value(self, name: str) -> object:
        """Return the value of a global variable."""
        self.calls.append(name)
        return self._ask({"op": "value", "of": {"n": name}}, name)[0]

    def printed(self) -> str:
        """Return what the program printed when it ran."""
        return self.output

    def printed_by(self, function: object, *arguments: object, **words: object) -> str:
        """Return what a call printed."""
        text = called(repr(function), arguments, words)
        self.calls.append(text)
        return self._ask(self._request(function, arguments, words), text, arguments)[1]

    def run_with(self, *lines: object) -> str:
        """Return what the whole program prints, run afresh with these lines as its input."""
        text = " ".join(f"{line} ↵" for line in lines) or "▶"
        self.calls.append(text)
        reply = self._send("rerun", {"stdin": "".join(f"{line}\n" for line in lines)}, text)
        if "error" in reply:
            raise Stopped(text, [], str(reply["error"]))
        return str(reply["printed"])

    def raises(
        self, kind: str | type, function: object, *arguments: object, **words: object
    ) -> bool:
        """Return whether a call raises this exception or a kind of it."""
        wanted = kind if isinstance(kind, str) else kind.__name__
        text = called(repr(function), arguments, words)
        try:
            found = self.call(function, arguments, words, text)
        except Stopped as stopped:
            self.note = f"{text} → {stopped.text} ≠ {wanted}"
            return wanted in stopped.kinds
        self.note = f"{text} → {show(found)} ≠ {wanted}"
        return False

    def source(self) -> str:
        """Return the text of the program."""
        return self.text

    def uses(self, word: str) -> bool:
        """Return whether the program has this statement, operator word or name."""
        kinds = _STATEMENTS.get(word)
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, kinds) if kinds else word in _names(node):
                return True
        return False

    def close(self, found: object, expected: object, places: int = 6) -> bool:
        """Return whether two numbers agree to a number of decimal places."""
        self.note = f"{self.last()} → {show(found)} ≠ {show(expected)}".removeprefix(" → ")
        if not isinstance(found, (int, float)) or not isinstance(expected, (int, float)):
            return False
        return math.isclose(found, expected, rel_tol=1e-12, abs_tol=0.5 * 10.0**-places)

    # How it is asked.

    def call(
        self, target: object, arguments: tuple[object, ...], words: dict[str, object], text: str
    ) -> object:
        """Call something in the program."""
        self.calls.append(text)
        return self._ask(self._request(target, arguments, words), text, arguments)[0]

    def attribute(self, owner: Foreign, name: str) -> object:
        """Return an attribute of a foreign object; methods can be called."""
        text = f"{owner!r}.{name}"
        request = {"op": "get", "of": self._encode(owner), "name": name}
        found = self._ask(request, text)[0]
        if isinstance(found, Foreign):
            return Method(self, found._handle, found._kind, text)  # noqa: SLF001 - of this module
        self.calls.append(text)
        return found

    def _request(
        self, target: object, arguments: tuple[object, ...], words: dict[str, object]
    ) -> dict[str, object]:
        return {
            "op": "call",
            "of": self._encode(target),
            "args": self._encode(list(arguments)),
            "kwargs": self._encode(words),
        }

    def _ask(
        self, request: dict[str, object], text: str, arguments: tuple[object, ...] = ()
    ) -> tuple[object, str]:
        """Return the value that came and what was printed on the way."""
        reply = self._send("ask", request, text)
        if "raised" in reply:
            kinds = [str(kind) for kind in list(reply["raised"])]  # type: ignore[call-overload]
            raise Stopped(text, kinds, str(reply["text"]))
        if "args" in reply:
            changed = self._decode(reply["args"])
            for mine, theirs in zip(
                arguments, changed if isinstance(changed, list) else [], strict=False
            ):
                _take_over(mine, theirs)
        return self._decode(reply.get("ok")), str(reply.get("printed", ""))

    def _send(self, token: str, request: dict[str, object], text: str) -> dict[str, object]:
        self.pipe.write(token, request)
        line = self.pipe.read()
        if line is None:
            os._exit(1)
        token, content = line
        if token == "late":  # noqa: S105 - of a line, not a secret
            raise TimedOut(text, self.seconds)
        if token == "gone":  # noqa: S105 - of a line, not a secret
            raise Stopped(text, ["SystemExit"], str(json.loads(content)))
        try:
            reply = json.loads(content)
        except (ValueError, RecursionError):
            reply = None
        if not isinstance(reply, dict):
            raise Stopped(text, [], "?")
        return reply

    def _encode(self, value: object) -> object:
        try:
            return wire.encode(value, self._reference)
        except wire.WireError as error:
            raise Author(f"a test passes a value that cannot travel: {error}") from None

    def _reference(self, value: object) -> object:
        if isinstance(value, Name):
            return {"n": value._name}  # noqa: SLF001 - of this module
        if isinstance(value, Foreign):
            return {"o": [value._handle, value._kind]}  # noqa: SLF001 - of this module
        if isinstance(value, Code):
            return {"x": value.text}
        raise Author(
            f"a test passes {value!r}; pass plain values, the program's own names or code('...')"
        )

    def _decode(self, data: object) -> object:
        try:
            return wire.decode(data, self._foreign)
        except (wire.WireError, RecursionError, TypeError):
            return Foreign(self, -1, "?")

    def _foreign(self, tag: str, content: object) -> object:
        if tag != "o" or not isinstance(content, list) or len(content) != 2:
            raise wire.WireError("malformed value")
        handle, kind = content
        if not isinstance(handle, int) or not isinstance(kind, str):
            raise wire.WireError("malformed value")
        return Foreign(self, handle, kind)


def called(name: str, arguments: tuple[object, ...], words: dict[str, object]) -> str:
    """Return a call as a learner reads it."""
    shown = [show(argument) for argument in arguments]
    shown += [f"{word}={show(argument)}" for word, argument in words.items()]
    return f"{name}({', '.join(shown)})"


def show(value: object) -> str:
    """Return a value as Python writes it, shortened."""
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and value.bit_length() > 4 * SHOWN_MAX
    ):
        return "…"  # Python refuses to write very large integers, and nobody reads them
    try:
        return shorten(repr(value))
    except (ValueError, RecursionError):
        return "…"


def shorten(text: str) -> str:
    """Return a text on one line, of at most `SHOWN_MAX` characters."""
    text = "".join(c if c.isprintable() else " " for c in text[: 2 * SHOWN_MAX])
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"


def _take_over(mine: object, theirs: object) -> None:
    """Let a test's own list, dict or set show what the call made of it."""
    if isinstance(mine, list) and isinstance(theirs, list):
        mine[:] = theirs
    elif (isinstance(mine, dict) and isinstance(theirs, dict)) or (
        isinstance(mine, set) and isinstance(theirs, set)
    ):
        mine.clear()
        mine.update(theirs)


def _names(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (node.attr,)
    if isinstance(node, ast.alias):
        return (node.name, node.asname or "")
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (node.name,)
    return (node.arg,) if isinstance(node, ast.arg) else ()
