"""A small, whole course as texts, for tests that break it in one place."""

from pathlib import Path

COURSE = """\
id = "small"
version = "1.0"
languages = ["kk", "ru", "en"]
title = { kk = "Шағын курс", ru = "Малый курс", en = "Small course" }
[[skills]]
id = "arithmetic"
title = { kk = "Арифметика", ru = "Арифметика", en = "Arithmetic" }
[[skills]]
id = "linear-equations"
requires = ["arithmetic"]
title = { kk = "Теңдеулер", ru = "Уравнения", en = "Equations" }
"""

TEMPLATE = """\
id = "two-steps"
version = 1
kind = "number"
skills = ["linear-equations", "arithmetic"]
difficulty = 0.4
points = 2
minutes = 3
title = { kk = "Теңдеу", ru = "Уравнение", en = "Equation" }
symbols = ["t"]
constraints = ["b != 0", "c + b != a*(c - b)"]
[provenance]
maker = "human"
[parameters]
a = { integers = [2, 9] }
b = { integers = [-20, 20] }
x = { integers = [2, 30] }
[derived]
c = "a*x + b"
lost_sign = "(c + b)/a"
forgotten = "c - b"
[formulas]
equation = "a*t + b == c"
[answer]
value = "x"
[[misconceptions]]
id = "lost-sign"
value = "lost_sign"
[[misconceptions]]
id = "forgotten-division"
value = "forgotten"
"""

PROMPTS = {
    "en": """\
# Prompt
Solve the equation: $ {{ equation }} $.
# Hint 1
Move {{ b }} to the other side.
# Solution
$ {{ a }}t = {{ c }} {{ b|signed }} $, so $ t = {{ x }} $.
# Feedback lost-sign
Check the sign of {{ b }}.
# Feedback forgotten-division
Divide by {{ a }} as well.
""",
    "ru": """\
# Prompt
Реши уравнение: $ {{ equation }} $.
# Hint 1
Перенеси {{ b }} в другую часть.
# Solution
$ {{ a }}t = {{ c }} {{ b|signed }} $, значит $ t = {{ x }} $.
# Feedback lost-sign
Проверь знак числа {{ b }}.
# Feedback forgotten-division
Раздели ещё на {{ a }}.
""",
    "kk": """\
# Prompt
Теңдеуді шеш: $ {{ equation }} $.
# Hint 1
Мына санды екінші жаққа көшір: {{ b }}.
# Solution
$ {{ a }}t = {{ c }} {{ b|signed }} $, демек $ t = {{ x }} $.
# Feedback lost-sign
Мына санның таңбасын тексер: {{ b }}.
# Feedback forgotten-division
Енді мына санға бөл: {{ a }}.
""",
}


def write_course(folder: Path) -> Path:
    """Write the course into a folder and return it."""
    template = folder / "two-steps"
    template.mkdir(parents=True)
    (folder / "course.toml").write_text(COURSE, encoding="utf-8")
    (template / "template.toml").write_text(TEMPLATE, encoding="utf-8")
    for language, text in PROMPTS.items():
        (template / f"prompt.{language}.md").write_text(text, encoding="utf-8")
    return folder


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
