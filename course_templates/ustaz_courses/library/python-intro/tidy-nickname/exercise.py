# %% tags=["starter"]
name = input()

# {{ text.todo }}
nick = name
print(nick)
print(len(name))

# %% tags=["solution"]
name = input()

nick = name.upper().replace(" ", "{{ sign }}") + "{{ sign }}{{ end }}{{ number }}"
print(nick)
print(len(nick))

# %% tags=["test", "visible"] points=1 message="example"
assert run_with("Altyn Adam").split()[0] == "ALTYN{{ sign }}ADAM{{ sign }}{{ end }}{{ number }}"

# %% tags=["test", "visible"] points=1 message="length"
assert run_with("Altyn Adam").split()[1] == str(len("ALTYN{{ sign }}ADAM{{ sign }}{{ end }}{{ number }}"))

# %% tags=["test", "hidden"] points=1 message="spaces"
assert run_with("a b c d").split()[0] == "{{ sign }}".join("ABCD") + "{{ sign }}{{ end }}{{ number }}"

# %% tags=["test", "hidden"] points=1 message="one-word"
assert run_with("barys").split() == ["BARYS{{ sign }}{{ end }}{{ number }}", str(8 + len("{{ end }}"))]
