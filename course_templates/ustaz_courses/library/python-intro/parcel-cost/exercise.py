# %% tags=["starter"]
def cost(weight, distance):
    # {{ text.todo }}
    return {{ base }}

# %% tags=["solution"]
def cost(weight, distance):
    zones = distance // {{ zone }}
    return {{ base }} + weight * {{ per_kg }} + zones * {{ per_zone }}

# %% tags=["test", "visible"] points=1 message="example"
assert cost({{ kg }}, {{ km }}) == {{ cost }}

# %% tags=["test", "visible"] points=1 message="near"
assert cost(1, 5) == {{ base }} + {{ per_kg }}

# %% tags=["test", "hidden"] points=1 message="whole"
assert cost(1, {{ zone }}) == {{ base }} + {{ per_kg }} + {{ per_zone }}
assert cost(1, {{ zone }} - 1) == {{ base }} + {{ per_kg }}

# %% tags=["test", "hidden"] points=1 message="parameters"
assert cost(3, {{ zone }} * 7) == {{ base }} + 3 * {{ per_kg }} + 7 * {{ per_zone }}

# %% tags=["test", "hidden"] points=1 message="returned"
assert printed_by(cost, 2, 10).strip() == ""
assert cost(2, 10) == {{ base }} + 2 * {{ per_kg }}
