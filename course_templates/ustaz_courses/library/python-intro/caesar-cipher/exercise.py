# %% tags=["starter"]
letters = "abcdefghijklmnopqrstuvwxyz"
digits = "0123456789"


def encrypt(text):
    result = ""
    # {{ text.todo }}
    return result

# %% tags=["solution"]
letters = "abcdefghijklmnopqrstuvwxyz"
digits = "0123456789"


def encrypt(text):
    result = ""
    for sign in text:
        if sign in letters:
            place = (letters.index(sign) + {{ k }}) % 26
            result = result + letters[place]
        elif sign in digits:
            place = (digits.index(sign) + {{ d }}) % 10
            result = result + digits[place]
        else:
            result = result + sign
    return result

# %% tags=["test", "visible"] points=1 message="letter"
assert encrypt("a") == "abcdefghijklmnopqrstuvwxyz"[{{ k }}]

# %% tags=["test", "visible"] points=1 message="digits"
assert encrypt("20") == "{{ two }}{{ zero }}"

# %% tags=["test", "hidden"] points=1 message="wrap"
assert encrypt("z") == "abcdefghijklmnopqrstuvwxyz"[{{ k }} - 1]
assert encrypt("zz") == "abcdefghijklmnopqrstuvwxyz"[{{ k }} - 1] * 2

# %% tags=["test", "hidden"] points=1 message="wrap-digits"
assert encrypt("9") == str({{ d }} - 1)

# %% tags=["test", "hidden"] points=1 message="other"
assert encrypt("!? -.") == "!? -."
assert encrypt("") == ""

# %% tags=["test", "hidden"] points=1 message="alphabet"
abc = "abcdefghijklmnopqrstuvwxyz"
assert encrypt(abc) == abc[{{ k }}:] + abc[:{{ k }}]
assert encrypt("0123456789") == "0123456789"[{{ d }}:] + "0123456789"[:{{ d }}]
