# %% tags=["starter"]
def total(line):
    # {{ text.todo }}
    return 0

# %% tags=["solution"]
def total(line):
    parts = line.split("{{ sign }}")
    result = 0
    for part in parts[{{ skip }}:]:
        result = result + min(int(part), {{ most }})
    return result

# %% tags=["test", "visible"] points=1 message="example"
fields = ["Alua"] * {{ skip }} + ["{{ p1 }}", "{{ above }}", "{{ p2 }}"]
assert total("{{ sign }}".join(fields)) == {{ result }}

# %% tags=["test", "visible"] points=1 message="none"
assert total("{{ sign }}".join(["Alua"] * {{ skip }})) == 0

# %% tags=["test", "hidden"] points=1 message="one"
assert total("{{ sign }}".join(["Ilyas"] * {{ skip }} + ["5"])) == 5

# %% tags=["test", "hidden"] points=1 message="cut"
assert total("{{ sign }}".join(["Ilyas"] * {{ skip }} + ["{{ most }}", "100"])) == {{ most }} * 2

# %% tags=["test", "hidden"] points=1 message="many"
assert total("{{ sign }}".join(["A"] * {{ skip }} + ["3"] * 20)) == 60

# %% tags=["test", "hidden"] points=1 message="numbers-before"
assert total("{{ sign }}".join(["7"] * {{ skip }} + ["1", "2"])) == 3
