# %% tags=["starter"]
# {{ text.given }}
bread = {{ bread }}
milk = {{ milk }}

# {{ text.todo }}
total = 0
change = 0

# %% tags=["solution"]
bread = {{ bread }}
milk = {{ milk }}

total = bread * {{ loaves }} + milk * {{ packs }}
change = {{ paid }} - total

# %% tags=["test", "visible"] points=1 message="total"
assert value("total") == {{ total }}

# %% tags=["test", "visible"] points=1 message="change"
assert value("change") == {{ change }}

# %% tags=["test", "hidden"] points=1 message="prices"
assert value("bread") == {{ bread }}
assert value("milk") == {{ milk }}

# %% tags=["test", "hidden"] points=1 message="computed"
assert value("total") > 0
assert value("change") > 0
assert "{{ total }}" not in source()
assert "{{ change }}" not in source()
