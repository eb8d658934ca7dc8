# %% tags=["starter"]
count = int(input())

# {{ text.todo }}
print(count)

# %% tags=["solution"]
count = int(input())
print(count // {{ size }})
print(count % {{ size }})

# %% tags=["test", "visible"] points=1 message="example"
assert run_with("{{ count }}").split() == ["{{ full }}", "{{ more }}"]

# %% tags=["test", "hidden"] points=1 message="exact"
assert run_with(str({{ size }} * 4)).split() == ["4", "0"]

# %% tags=["test", "hidden"] points=1 message="few"
assert run_with(str({{ size }} - 1)).split() == ["0", str({{ size }} - 1)]

# %% tags=["test", "hidden"] points=1 message="many"
assert run_with(str({{ size }} * 1000 + 2)).split() == ["1000", "2"]
