"""From text to a checked syntax tree: a whitelist over Python's grammar, bounded before parsing.

Text is first cut into tokens, which refuses whatever the language has no word for (quotes, dots,
square brackets, assignment, letters of other alphabets) and bounds size and nesting; only then does
`ast.parse` see it. Nothing is ever compiled or evaluated by Python itself.
"""

from __future__ import annotations

import ast
import keyword
import re

from ustaz_courses.errors import ExpressionError, Phrase
from ustaz_courses.expression.functions import CONSTANTS, FUNCTIONS

#: Characters; a long formula of a school book has about 100.
MAX_LENGTH = 4_000
#: Words, numbers and signs; bounds the time that everything afterwards takes.
MAX_TOKENS = 800
#: Brackets inside brackets; Python's own parser gives up at 200, its recursion earlier.
MAX_BRACKETS = 40
#: Levels of the syntax tree; each costs one Python frame of about 1,000 when it is evaluated.
MAX_DEPTH = 120
#: Digits of a number, and the power of ten that a number such as 1e9 may name.
MAX_DIGITS = 300

_SPACE = re.compile(r"[ \t\r\n]+")
_TOKEN = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<sign>\*\*|//|<=|>=|==|!=|[-+*/%<>(),])"
)
_WORDS = frozenset({"and", "or", "not", "if", "else", "True", "False"})
#: What an unwanted sign most likely stands for.
_ADVICE = {
    "^": "Write a power as **.",
    "=": "Write equality as ==.",
    ".": "Names have no parts here.",
    "'": "Texts have no place here.",
    '"': "Texts have no place here.",
    "[": "Use round brackets.",
    "{": "Use round brackets.",
    ":": "Write division as /.",
    ";": "Write a comma between arguments.",
    "&": "Write and.",
    "|": "Write or; the absolute value is abs(x).",
    "!": "Write not; the factorial is factorial(n).",
    "·": "Write multiplication as *.",
    "×": "Write multiplication as *.",
    "−": "Write minus as -.",
    "√": "Write sqrt(x).",
}
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_SIGNS = (ast.UAdd, ast.USub, ast.Not)
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def read_tree(source: str, names: frozenset[str]) -> tuple[ast.expr, frozenset[str]]:
    """Return the checked tree of a text and the names it uses.

    Parameters
    ----------
    source : str
        Foreign text.
    names : frozenset of str
        Names that may stand for values.

    Raises
    ------
    ExpressionError
        The text is too large or malformed, or uses what the language does not have.
    """
    _check_tokens(source)
    try:
        # One line, so that a column is a column; the tokens are known to hold no text.
        tree = ast.parse(_SPACE.sub(" ", source).strip(), mode="eval")
    except SyntaxError as error:
        raise ExpressionError(
            "The expression {source!r} is malformed near column {column}: {reason}. Mend it there.",
            column=error.offset,
            source=shown(source),
            reason=error.msg,
        ) from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError(
            "The expression {source!r} is nested too deeply. Split it into derived values.",
            source=shown(source),
        ) from None
    return tree.body, _check_tree(tree.body, source, names)


def shown(source: str) -> str:
    """Return a text short enough for a message."""
    return source if len(source) <= 60 else source[:57] + "…"


def _check_tokens(source: str) -> None:
    if len(source) > MAX_LENGTH:
        raise ExpressionError(
            "The expression has {length} characters; at most {limit} are read. Split it into "
            "derived values.",
            length=len(source),
            limit=MAX_LENGTH,
        )
    if not source.strip():
        raise ExpressionError("The expression is empty. Write one, such as a*x + b.")
    position = count = depth = 0
    while position < len(source):
        if space := _SPACE.match(source, position):
            position = space.end()
            continue
        token = _TOKEN.match(source, position)
        if not token:
            raise _unknown_sign(source, position)
        _check_token(token, source)
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        count += 1
        if depth > MAX_BRACKETS:
            raise ExpressionError(
                "The expression {source!r} has more than {limit} brackets inside each other "
                "(column {column}). Split it into derived values.",
                column=position + 1,
                source=shown(source),
                limit=MAX_BRACKETS,
            )
        position = token.end()
    if count > MAX_TOKENS:
        raise ExpressionError(
            "The expression has {count} words, numbers and signs; at most {limit} are read. Split "
            "it into derived values.",
            count=count,
            limit=MAX_TOKENS,
        )


def _check_token(token: re.Match[str], source: str) -> None:
    word = token[0]
    if token.lastgroup == "name" and keyword.iskeyword(word) and word not in _WORDS:
        raise _refused(source, token.start(), word)
    if token.lastgroup != "number":
        return
    after = source[token.end() : token.end() + 1]
    if after.isalnum() or after == "_":
        raise ExpressionError(
            "After the number {word} in column {column} stands {after!r}. Write multiplication "
            "as *.",
            column=token.start() + 1,
            word=shown(word),
            after=after,
        )
    mantissa, _, exponent = word.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or (exponent and len(exponent.lstrip("+-0")) > 3):
        raise _too_large(word, token.start())
    if exponent and abs(int(exponent)) > MAX_DIGITS:
        raise _too_large(word, token.start())


def _too_large(word: str, position: int) -> ExpressionError:
    return ExpressionError(
        "The number {word} in column {column} is too long; at most {limit} digits are read.",
        column=position + 1,
        word=shown(word),
        limit=MAX_DIGITS,
    )


def _unknown_sign(source: str, position: int) -> ExpressionError:
    sign = source[position]
    if sign.isalpha():
        advice = Phrase("Names are of Latin letters; this one may only look like one.")
    elif sign in _ADVICE:
        advice = Phrase(_ADVICE[sign])
    else:
        advice = Phrase("Remove it.")
    return ExpressionError(
        "The sign {sign!r} in column {column} has no meaning here. {advice}",
        column=position + 1,
        sign=sign,
        advice=advice,
    )


def _refused(source: str, position: int, word: str) -> ExpressionError:
    return ExpressionError(
        "The word {word!r} in column {column} of {source!r} is not part of the language. Use "
        "arithmetic, comparisons and the listed functions.",
        column=position + 1,
        word=shown(word),
        source=shown(source),
    )


def _check_tree(root: ast.expr, source: str, names: frozenset[str]) -> frozenset[str]:
    used: set[str] = set()
    waiting: list[tuple[ast.expr, int]] = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise ExpressionError(
                "The expression {source!r} has more than {limit} levels. Split it into derived "
                "values.",
                source=shown(source),
                limit=MAX_DEPTH,
            )
        waiting += [(child, depth + 1) for child in _children(node, source, names, used)]
    return frozenset(used)


def _children(  # noqa: C901, PLR0911 - a case a node
    node: ast.expr, source: str, names: frozenset[str], used: set[str]
) -> list[ast.expr]:
    """Return the parts of an allowed node; anything not listed here is refused."""
    match node:
        case ast.Constant(value=bool() | int() | float()):
            return []
        case ast.Name(id=name):
            if name in names:
                used.add(name)
            elif name not in CONSTANTS:
                raise _unknown_name(node, name, names)
            return []
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _OPERATORS):
            return [_number(left, source), _number(right, source)]
        case ast.UnaryOp(op=op, operand=operand) if isinstance(op, _SIGNS):
            return [operand if isinstance(op, ast.Not) else _number(operand, source)]
        case ast.BoolOp(values=values):
            return values
        case ast.Compare(left=left, ops=ops, comparators=comparators) if all(
            isinstance(op, _COMPARISONS) for op in ops
        ):
            return [left, *comparators]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return [test, body, orelse]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _arguments(node, name, args, source)
    raise ExpressionError(
        "{part!r} in column {column} of {source!r} is not part of the language. Use arithmetic, "
        "comparisons and the listed functions.",
        column=node.col_offset + 1,
        part=shown(ast.unparse(node)),
        source=shown(source),
    )


def _number(node: ast.expr, source: str) -> ast.expr:
    """Return an operand of arithmetic; a comparison is none."""
    truth = isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )
    if truth or (isinstance(node, ast.Constant) and isinstance(node.value, bool)):
        raise ExpressionError(
            "{part!r} in column {column} of {source!r} is no number, so nothing can be calculated "
            "with it. Write 1 if … else 0.",
            column=node.col_offset + 1,
            part=shown(ast.unparse(node)),
            source=shown(source),
        )
    return node


def _arguments(node: ast.expr, name: str, args: list[ast.expr], source: str) -> list[ast.expr]:
    function = FUNCTIONS.get(name)
    if function is None:
        raise ExpressionError(
            "The function {name!r} in column {column} is unknown; there are: {known}.",
            column=node.col_offset + 1,
            name=shown(name),
            known=", ".join(sorted(FUNCTIONS)),
        )
    if not function.least <= len(args) <= function.most:
        raise ExpressionError(
            "{name} in column {column} of {source!r} takes {wanted} arguments; met {met}.",
            column=node.col_offset + 1,
            name=name,
            source=shown(source),
            wanted=str(function.least)
            if function.least == function.most
            else f"{function.least}…{function.most}",
            met=len(args),
        )
    return args


def _unknown_name(node: ast.Name, name: str, names: frozenset[str]) -> ExpressionError:
    if name in FUNCTIONS:
        return ExpressionError(
            "The function {name!r} in column {column} lacks its brackets. Write {name}(…).",
            column=node.col_offset + 1,
            name=name,
        )
    return ExpressionError(
        "The name {name!r} in column {column} is unknown; known here: {known}.",
        column=node.col_offset + 1,
        name=shown(name),
        known=", ".join(sorted(names)) or "—",
    )
