# %% tags=["starter"]
def warmest(readings):
    # {{ text.todo }}
    if len(readings) <= {{ skip }}:
        return None
    best = 0
    for i in range({{ skip }}, len(readings) - 1):
        if readings[i] > best:
            best = readings[i]
    return best + {{ shift }}

# %% tags=["solution"]
def warmest(readings):
    if len(readings) <= {{ skip }}:
        return None
    best = readings[{{ skip }}]
    for i in range({{ skip }}, len(readings)):
        if readings[i] > best:
            best = readings[i]
    return best - {{ shift }}

# %% tags=["test", "visible"] points=1 message="example"
assert warmest([0] * {{ skip }} + [{{ cold }}, {{ warm }}, {{ cold }}]) == {{ result }}

# %% tags=["test", "visible"] points=1 message="shift"
assert warmest([0] * {{ skip }} + [20, 25, 21]) == 25 - {{ shift }}

# %% tags=["test", "hidden"] points=1 message="last"
assert warmest([0] * {{ skip }} + [-9, -8, -3]) == -3 - {{ shift }}

# %% tags=["test", "hidden"] points=1 message="first"
assert warmest([50] * {{ skip }} + [7, 6, 5]) == 7 - {{ shift }}

# %% tags=["test", "hidden"] points=1 message="none"
assert warmest([5] * {{ skip }}) is None
assert warmest([]) is None

# %% tags=["test", "hidden"] points=1 message="one"
assert warmest([30] * {{ skip }} + [-1]) == -1 - {{ shift }}
