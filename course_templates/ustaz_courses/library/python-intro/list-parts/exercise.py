# %% tags=["starter"]
def winners(times):
    # {{ text.first }}
    return times


def reserve(times):
    # {{ text.last }}
    return times


def worst(times):
    # {{ text.worst }}
    return 0

# %% tags=["solution"]
def winners(times):
    return times[:{{ k }}]


def reserve(times):
    return times[-{{ m }}:]


def worst(times):
    return times[{{ k }} - 1]

# %% tags=["test", "visible"] points=1 message="winners"
assert winners([{{ a }}, {{ b }}, 70, 71, 72, 73, 75, 78, 80, 81, 83, 85]) == [{{ a }}, {{ b }}, 70, 71, 72, 73][:{{ k }}]

# %% tags=["test", "visible"] points=1 message="reserve"
assert reserve([{{ a }}, {{ b }}, 70, 71, 72, 73, 75, 78, 80, 81, 83, 85]) == [75, 78, 80, 81, 83, 85][6 - {{ m }}:]

# %% tags=["test", "visible"] points=1 message="worst"
assert worst([{{ a }}, {{ b }}, 70, 71, 72, 73, 75, 78, 80, 81, 83, 85]) == [{{ a }}, {{ b }}, 70, 71, 72, 73][{{ k }} - 1]

# %% tags=["test", "hidden"] points=1 message="long"
times = list(range(50, 90))
assert winners(times) == list(range(50, 50 + {{ k }}))
assert reserve(times) == list(range(90 - {{ m }}, 90))

# %% tags=["test", "hidden"] points=1 message="worst"
assert worst(list(range(100, 120))) == 99 + {{ k }}

# %% tags=["test", "hidden"] points=1 message="kept"
times = list(range(60, 75))
winners(times)
reserve(times)
assert times == list(range(60, 75))
