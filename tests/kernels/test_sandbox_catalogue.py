import ast
import re
from pathlib import Path

import pytest
import ustaz_kernels
from babel.messages.pofile import read_po

PACKAGE = Path(ustaz_kernels.__file__).parent
ERRORS = {"PolicyError", "JailMissingError", "JailFaultError"}
PLACE = re.compile(r"\{(\w+)(?:![rsa])?\}")


def messages() -> list[str]:
    """Return every message that the sandbox raises."""
    return sorted(
        {
            node.args[0].value
            for file in (PACKAGE / "sandbox").rglob("*.py")
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
            and getattr(node.func, "id", "") in ERRORS
            and isinstance(node.args[0], ast.Constant)
        }
    )


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_message_is_translated_with_the_same_values(language: str):
    file = PACKAGE / "locale" / language / "LC_MESSAGES" / "ustaz_kernels.po"
    with file.open("rb") as stream:
        known = {entry.id: str(entry.string) for entry in read_po(stream)}
    assert len(messages()) >= 11
    for message in messages():
        assert known.get(message), message
        assert set(PLACE.findall(known[message])) == set(PLACE.findall(message)), message
