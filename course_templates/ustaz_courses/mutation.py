"""Small faults put into a right program, to see whether its tests notice.

A test that no mutant fails asserts nothing. The changes are those that a learner makes: an operator
swapped, a bound off by one, a condition turned round, a result forgotten.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
}  # fmt: skip


def mutants(source: str, *, limit: int = 12) -> list[str]:
    r"""Return programs that differ from the source by one small fault each.

    Parameters
    ----------
    source : str
        A Python program.
    limit : int
        At most so many, taken evenly over the program.

    Raises
    ------
    SyntaxError
        The source is not Python.

    Examples
    --------
    >>> mutants("n = 3\\nfound = n < 7")
    ['n = 4\\nfound = n < 7', 'n = 3\\nfound = n <= 7', 'n = 3\\nfound = n < 8']
    """
    original = ast.unparse(ast.parse(source))
    found: list[str] = []
    for index, change in _sites(ast.parse(source)):
        tree = ast.parse(source)
        node = list(ast.walk(tree))[index]
        change(node)
        text = ast.unparse(ast.fix_missing_locations(tree))
        if text != original and text not in found:
            found.append(text)
    if len(found) <= limit:
        return found
    step = len(found) / limit
    return [found[int(i * step)] for i in range(limit)]


def _sites(tree: ast.AST) -> Iterator[tuple[int, Callable[[ast.AST], None]]]:
    """Return where the program can be changed, as indices into `ast.walk`, and how."""
    order = sorted(enumerate(ast.walk(tree)), key=lambda pair: getattr(pair[1], "lineno", 0))
    for index, node in order:
        for change in _changes(node):
            yield index, change


def _changes(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        yield _swap_comparison
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _BINARY:
        yield _swap_operator
    elif isinstance(node, ast.BoolOp):
        yield _swap_and_or
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield _off_by_one
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield _negate_constant
    elif isinstance(node, ast.Return) and node.value is not None:
        yield _forget_result


def _swap_comparison(node: ast.AST) -> None:
    assert isinstance(node, ast.Compare)  # noqa: S101 - for the type checker
    node.ops[0] = _COMPARE[type(node.ops[0])]()


def _swap_operator(node: ast.AST) -> None:
    assert isinstance(node, ast.BinOp | ast.AugAssign)  # noqa: S101 - for the type checker
    node.op = _BINARY[type(node.op)]()


def _swap_and_or(node: ast.AST) -> None:
    assert isinstance(node, ast.BoolOp)  # noqa: S101 - for the type checker
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _off_by_one(node: ast.AST) -> None:
    assert isinstance(node, ast.Constant)  # noqa: S101 - for the type checker
    node.value = node.value + 1  # type: ignore[operator]  # an int, see _changes


def _negate_constant(node: ast.AST) -> None:
    assert isinstance(node, ast.Constant)  # noqa: S101 - for the type checker
    node.value = not node.value


def _forget_result(node: ast.AST) -> None:
    assert isinstance(node, ast.Return)  # noqa: S101 - for the type checker
    node.value = ast.Constant(None)
