import contextlib
import json
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ustaz_kernels.sandbox.guest import wire

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**400), max_value=10**400)
    | st.floats()
    | st.complex_numbers(allow_nan=False)
    | st.text()
    | st.binary()
    | st.fractions()
    | st.builds(range, st.integers(-99, 99), st.integers(-99, 99), st.integers(1, 9))
)
HASHABLE = st.recursive(
    PLAIN, lambda inner: st.tuples(inner, inner) | st.frozensets(inner), max_leaves=5
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner) | st.tuples(inner) | st.dictionaries(HASHABLE, inner) | st.sets(HASHABLE)
    ),
    max_leaves=10,
)


def refuse(*_: object) -> object:
    raise AssertionError("only plain values were sent")


def travelled(value: object) -> object:
    return wire.decode(json.loads(json.dumps(wire.encode(value, refuse))), refuse)


def as_sent(value: object) -> str:
    """Compare by form: nan is not equal to itself."""
    if isinstance(value, set | frozenset):
        return type(value).__name__ + str(sorted(map(as_sent, value)))
    if isinstance(value, dict):
        return str(sorted((as_sent(k), as_sent(v)) for k, v in value.items()))
    if isinstance(value, list | tuple):
        return type(value).__name__ + str([as_sent(item) for item in value])
    if isinstance(value, int) and value.bit_length() > 10_000:
        return hex(value)
    return repr(value)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_plain_values_arrive_as_they_were_sent(value: object):
    assert as_sent(travelled(value)) == as_sent(value)


class Lie(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class Loud(str):
    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"other"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Lie(3), 3),
        ([Lie(3)], [3]),
        (Loud("x"), "x"),
        (True, True),
        (-0.0, -0.0),
        (math.inf, math.inf),
        (Decimal("1.10"), Decimal("1.10")),
        (Fraction(1, 3), Fraction(1, 3)),
        (bytearray(b"x"), b"x"),
        ("\ud800", "?"),
    ],
)
def test_values_arrive_as_python_s_own_types(value: object, plain: object):
    arrived = travelled(value)
    assert type(arrived) is type(plain)
    assert repr(arrived) == repr(plain)


def test_integers_of_any_length_arrive():
    assert travelled(10**5000) == 10**5000


def test_deep_and_large_values_are_refused_not_followed():
    endless: list[object] = []
    endless.append(endless)
    for value in (endless, [0] * (wire.ITEMS_MAX + 1)):
        with pytest.raises(wire.WireError, match="too deeply or has too many"):
            wire.encode(value, refuse)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from([*"iftszdbcqmronx", "other"]), inner, max_size=2)
        ),
        max_leaves=8,
    )
)
@settings(max_examples=500, deadline=None)
def test_hostile_data_decode_or_are_refused(data: object):
    with contextlib.suppress(wire.WireError):
        wire.decode(data, lambda tag, content: (tag, str(content)))
