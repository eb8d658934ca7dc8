"""`ustaz course check` on what an author, or somebody who means harm, may write into a template."""

import re

import pytest
from tests_support import edit, write_course
from ustaz_lab import cli

TEMPLATE = "two-steps/template.toml"
#: An expression as it stands in TOML, and what the message names.
HOSTILE = {
    "a tower of powers": ("9**9**9**9", "bits"),
    "10,000 nested brackets": ("(" * 10_000 + "a" + ")" * 10_000, "at most 4000"),
    "an import": ("__import__('os').system('true')", "column 12"),
    "a lambda": ("(lambda: a)()", "lambda"),
    "an attribute": ("a.__class__", "parts"),
    "1 MB": ("a + " * 250_000 + "a", "at most 4000"),
    "a null byte": ("a\\u0000 + b", "'\\x00'"),
}
#: Where an expression may stand: (text of the template, what takes its place, line).
PLACES = {
    "derived": ('c = "a*x + b"', 'c = "{}"', 18),
    "constraint": ('"b != 0"', '"{} != 0"', 10),
    "formula": ('"a*t + b == c"', '"{} == c"', 22),
    "answer": ('value = "x"', 'value = "{}"', 23),
    "misconception": ('value = "lost_sign"', 'value = "{}"', 25),
}


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """Break the small course in one place and return the fault lines of its check."""
    for name in ("LC_ALL", "LC_MESSAGES", "USTAZ_CLASSROOM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    write_course(tmp_path / "course")

    def run(language="en"):
        code = cli.main(["--language", language, "course", "check", "course", "--seeds", "10"])
        said = capsys.readouterr()
        assert code == 1
        assert "Traceback" not in said.out + said.err
        return [line for line in said.out.splitlines() if line.startswith("course/")]

    return run


#: A formula is shown and never computed: there a tower of powers does no harm.
CASES = [(name, place) for name in HOSTILE for place in PLACES]
CASES.remove(("a tower of powers", "formula"))


@pytest.mark.parametrize(("name", "place"), CASES)
def test_a_hostile_expression_is_told_by_file_and_line(check, tmp_path, name, place):
    source, value = HOSTILE[name]
    old, new, line = PLACES[place]
    if name == "a tower of powers":
        # Well-formed, refused when it is computed: told at the expression, not at its table.
        line += {"answer": 1, "misconception": 2}.get(place, 0)
    edit(tmp_path / "course" / TEMPLATE, old, new.format(source))
    found = [fault for fault in check() if fault.startswith(f"course/{TEMPLATE}:{line}:")]
    assert found
    assert any(value in fault for fault in found), found
    assert all(len(fault) < 900 for fault in found)


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_expression_is_told_in_the_authors_language(check, tmp_path, name, language):
    old, new, line = PLACES["derived"]
    edit(tmp_path / "course" / TEMPLATE, old, new.format(HOSTILE[name][0]))
    found = [fault for fault in check(language) if f"{TEMPLATE}:{line}:" in fault]
    assert found
    assert all(re.search("[а-яәіңғүұқөһ]{3}", fault) for fault in found), found


def test_a_null_byte_in_the_file_itself_is_told_by_line(check, tmp_path):
    path = tmp_path / "course" / TEMPLATE
    path.write_bytes(path.read_bytes().replace(b'"a*x + b"', b'"a*x\0 + b"'))
    assert any(fault.startswith(f"course/{TEMPLATE}:18:") for fault in check())


#: File, what is taken out and put in, line, and what the message says: the value, then what to do.
BROKEN = {
    "bad TOML": (TEMPLATE, "points = 2", "points = = 2", 6, ("TOML", "")),
    "unknown skill": (TEMPLATE, '"arithmetic"]', '"alchemy"]', 4, ("'alchemy'", "arithmetic")),
    "circular prerequisites": (
        "course.toml", 'id = "arithmetic"\n',
        'id = "arithmetic"\nrequires = ["linear-equations"]\n', None,
        ("arithmetic → linear-equations", "Remove one"),
    ),
    "unsatisfiable constraint": (TEMPLATE, '"b != 0"', '"b > 100"', 10, ("two-steps", "Loosen")),
    "placeholder never filled": (
        "two-steps/prompt.ru.md", "{{ equation }}", "{{ equatoin }}", 1, ("equatoin", "it is no"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_is_told_by_file_line_value_and_next_step(check, tmp_path, name):
    file, old, new, line, said = BROKEN[name]
    edit(tmp_path / "course" / file, old, new)
    place = f"course/{file}:" + ("" if line is None else f"{line}:")
    found = [fault for fault in check() if fault.startswith(place)]
    assert found
    assert any(all(word in fault for word in said) for fault in found), found


def test_a_missing_language_is_told_with_the_file_to_add(check, tmp_path):
    (tmp_path / "course" / "two-steps" / "prompt.kk.md").unlink()
    (found,) = check()
    assert found.startswith("course/two-steps/prompt.kk.md: The language kk is missing")
    assert "Add it." in found
