"""Values as JSON between a learner's program and its judge, and the pipes they take.

Plain values only: what arrives is built anew from Python's own types, so that nothing which a
program defines (an `int` that equals everything, say) reaches the judge. Whatever is not plain
stays where it is and travels as a number with the name of its type.

None, booleans, texts, lists, small integers and finite floats are themselves in JSON; everything
else is an object with one key, its tag:

`i` large integer (hexadecimal) · `f` nan or inf · `t` tuple · `s` set · `z` frozenset ·
`d` dict as pairs · `b` bytes (hexadecimal) · `c` complex · `q` fraction · `m` decimal · `r` range ·
`o` object as [number, type] · `n` a name of the program · `x` an expression to evaluate there
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

DEPTH_MAX = 60
ITEMS_MAX = 100_000
#: Beyond this JSON readers differ; so large integers travel as text.
_EXACT = 1 << 53


class WireError(ValueError):
    """A value cannot travel: too deep, too large, or malformed."""


def encode(value: object, other: Callable[[object], object]) -> object:
    """Return a value as JSON-ready data.

    Parameters
    ----------
    value : object
        Anything.
    other : callable
        Returns the data for a value that is not plain.

    Raises
    ------
    WireError
        The value is nested too deeply or has too many items.
    """
    return _Encoder(other).encode(value, 0)


def decode(data: object, other: Callable[[str, object], object]) -> object:
    """Return the value that `encode` wrote.

    Parameters
    ----------
    data : object
        As read by `json.loads`.
    other : callable
        Called with tag and content for `o`, `n` and `x`.

    Raises
    ------
    WireError
        The data are not what `encode` writes.
    """
    if data is None or isinstance(data, (bool, int, float, str)):
        return data
    if isinstance(data, list):
        return [decode(item, other) for item in data]
    if not isinstance(data, dict) or len(data) != 1:
        raise WireError("malformed value")
    ((tag, content),) = data.items()
    if tag in ("o", "n", "x"):
        return other(tag, content)
    try:
        return _READERS[tag](content, other)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise WireError(f"malformed value: {error}") from None


class _Encoder:
    def __init__(self, other: Callable[[object], object]) -> None:
        self.other = other
        self.items = 0

    def encode(self, value: object, depth: int) -> object:
        self.items += 1
        if depth > DEPTH_MAX or self.items > ITEMS_MAX:
            raise WireError("the value is nested too deeply or has too many items")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return str.__str__(value).encode("utf-8", "replace").decode()
        if isinstance(value, int):
            exact = int.__pos__(value)
            return exact if -_EXACT < exact < _EXACT else {"i": format(exact, "x")}
        if isinstance(value, float):
            exact_float = float.__pos__(value)
            finite = exact_float - exact_float == 0
            return exact_float if finite else {"f": float.__repr__(exact_float)}
        return self.container(value, depth + 1)

    def container(self, value: object, depth: int) -> object:  # noqa: PLR0911 - a table of types
        def each(items: object) -> list[object]:
            return [self.encode(item, depth) for item in items]  # type: ignore[attr-defined]

        if isinstance(value, list):
            return each(list.__iter__(value))
        if isinstance(value, tuple):
            return {"t": each(tuple.__iter__(value))}
        if isinstance(value, dict):
            return {"d": [each(pair) for pair in dict.items(value)]}
        if isinstance(value, set):
            return {"s": each(set.__iter__(value))}
        if isinstance(value, frozenset):
            return {"z": each(frozenset.__iter__(value))}
        if isinstance(value, (bytes, bytearray)):
            return {"b": bytes(value).hex()}
        if isinstance(value, complex):
            return {"c": [self.encode(value.real, depth), self.encode(value.imag, depth)]}
        if type(value) is range and len(value) <= ITEMS_MAX:
            return {"r": [self.encode(n, depth) for n in (value.start, value.stop, value.step)]}
        return self.foreign(value, depth)

    def foreign(self, value: Any, depth: int) -> object:
        """Plain forms of numbers and tables of other packages, found without importing any."""
        kind = type(value)
        package = getattr(kind, "__module__", "").partition(".")[0]
        if package == "fractions" and kind.__name__ == "Fraction":
            return {"q": [self.encode(n, depth) for n in (value.numerator, value.denominator)]}
        if package == "decimal" and kind.__name__ == "Decimal":
            return {"m": str(value)}
        if package == "numpy" and hasattr(value, "tolist"):
            return self.encode(value.tolist(), depth)
        if package == "pandas" and kind.__name__ == "DataFrame":
            return self.encode(value.to_dict("list"), depth)
        if package == "pandas" and hasattr(value, "tolist"):
            return self.encode(value.tolist(), depth)
        return self.other(value)


def _decimal(content: object, _: object) -> object:
    from decimal import Decimal  # noqa: PLC0415 - rare, and slow to import

    return Decimal(str(content))


def _fraction(content: Any, other: Callable[[str, object], object]) -> object:
    from fractions import Fraction  # noqa: PLC0415 - rare, and slow to import

    over, under = _numbers(content, other)
    return Fraction(over, under)


def _range(content: Any, other: Callable[[str, object], object]) -> object:
    found = range(*_numbers(content, other))
    if len(found) > ITEMS_MAX:
        raise WireError("the range has too many items")
    return found


def _numbers(content: Any, other: Callable[[str, object], object]) -> list[Any]:
    """Return what stands for numbers; a wrong kind raises TypeError where it is used."""
    return [decode(item, other) for item in content]


#: Content is foreign data: a wrong shape raises TypeError or ValueError, which `decode` expects.
_READERS: dict[str, Callable[..., object]] = {
    "i": lambda content, _: int(content, 16),
    "f": lambda content, _: float(content),
    "t": lambda content, other: tuple(decode(item, other) for item in content),
    "s": lambda content, other: {decode(item, other) for item in content},
    "z": lambda content, other: frozenset(decode(item, other) for item in content),
    "d": lambda content, other: {decode(k, other): decode(v, other) for k, v in content},
    "b": lambda content, _: bytes.fromhex(content),
    "c": lambda content, other: complex(*_numbers(content, other)),
    "q": _fraction,
    "m": _decimal,
    "r": _range,
}


class Pipe:
    """Lines over two descriptors, moved away from where a program would print.

    Standard input, output and error then lead nowhere.
    """

    def __init__(self) -> None:
        self.source, self.sink = os.dup(0), os.dup(1)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.close(nothing)
        self.pending = b""

    def read(self) -> tuple[str, str] | None:
        """Return the token and the JSON text of the next line, or None at the end."""
        while b"\n" not in self.pending:
            block = os.read(self.source, 1 << 16)
            if not block:
                return None
            self.pending += block
        line, _, self.pending = self.pending.partition(b"\n")
        token, _, text = line.decode("utf-8").partition(" ")
        return token, text

    def write(self, token: str, message: object) -> None:
        """Send a line: a token, a blank, JSON."""
        data = f"{token} {json.dumps(message)}\n".encode()
        while data:
            data = data[os.write(self.sink, data) :]
