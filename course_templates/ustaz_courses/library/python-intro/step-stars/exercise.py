# %% tags=["starter"]
def stars(steps):
    total = 0
    # {{ text.todo }}
    return total

# %% tags=["solution"]
def stars(steps):
    total = 0
    for day in steps:
        if day >= {{ goal }}:
            total = total + {{ many }}
        elif day > 0:
            total = total + {{ few }}
    return total

# %% tags=["test", "visible"] points=1 message="example"
assert stars([{{ good }}, {{ bad }}, {{ good }}]) == {{ stars }}

# %% tags=["test", "visible"] points=1 message="empty"
assert stars([]) == 0

# %% tags=["test", "hidden"] points=1 message="border"
assert stars([{{ goal }}]) == {{ many }}
assert stars([{{ goal }} - 1]) == {{ few }}

# %% tags=["test", "hidden"] points=1 message="rest"
assert stars([0, 0, 0]) == 0
assert stars([1]) == {{ few }}

# %% tags=["test", "hidden"] points=1 message="month"
assert stars([{{ good }}, 0, {{ bad }}] * 10) == 10 * ({{ many }} + {{ few }})
