# %% tags=["starter"]
def is_code(text):
    # {{ text.todo }}
    return True

# %% tags=["solution"]
def is_code(text):
    if len(text) != {{ total }}:
        return False
    letters = text[:{{ n }}]
    digits = text[{{ n }} + 1:]
    if text[{{ n }}] != "{{ sign }}":
        return False
    return letters.isalpha() and letters.isupper() and digits.isdigit()

# %% tags=["test", "visible"] points=1 message="right"
assert is_code("Q" * {{ n }} + "{{ sign }}" + "7" * {{ d }}) is True

# %% tags=["test", "visible"] points=1 message="lower"
assert is_code("q" * {{ n }} + "{{ sign }}" + "7" * {{ d }}) is False

# %% tags=["test", "hidden"] points=1 message="length"
assert is_code("") is False
assert is_code("A" * {{ n }} + "{{ sign }}" + "7" * ({{ d }} + 1)) is False
assert is_code("A" * {{ n }} + "{{ sign }}" + "7" * ({{ d }} - 1)) is False

# %% tags=["test", "hidden"] points=1 message="sign"
assert is_code("A" * {{ n }} + "=" + "7" * {{ d }}) is False
assert is_code("A" * {{ n }} + "8" + "7" * {{ d }}) is False
assert is_code("A" * ({{ n }} + 1) + "{{ sign }}" + "7" * ({{ d }} - 1)) is False

# %% tags=["test", "hidden"] points=1 message="letters"
assert is_code("A" * ({{ n }} - 1) + "1" + "{{ sign }}" + "7" * {{ d }}) is False

# %% tags=["test", "hidden"] points=1 message="digits"
assert is_code("A" * {{ n }} + "{{ sign }}" + "7" * ({{ d }} - 1) + "X") is False
assert is_code("A" * {{ n }} + "{{ sign }}" + "X" + "7" * ({{ d }} - 1)) is False

# %% tags=["test", "hidden"] points=1 message="every-letter"
assert is_code("AZ" + "B" * ({{ n }} - 2) + "{{ sign }}" + "0" * {{ d }}) is True
