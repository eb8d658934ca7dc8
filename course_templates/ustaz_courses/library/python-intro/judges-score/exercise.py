# %% tags=["starter"]
def score(marks):
    # {{ text.todo }}
    return 0

# %% tags=["solution"]
def score(marks):
    if len(marks) < 3:
        return 0
    kept = sum(marks) - max(marks) - min(marks)
    return kept * {{ factor }} - {{ penalty }}

# %% tags=["test", "visible"] points=1 message="example"
assert score([{{ m2 }}, {{ m4 }}, {{ m1 }}, {{ m3 }}]) == {{ score }}

# %% tags=["test", "hidden"] points=1 message="few"
assert score([]) == 0
assert score([9]) == 0
assert score([9, 7]) == 0

# %% tags=["test", "hidden"] points=1 message="three"
assert score([8, 5, 10]) == 8 * {{ factor }} - {{ penalty }}

# %% tags=["test", "hidden"] points=1 message="equal"
assert score([6, 6, 6, 6, 6]) == 18 * {{ factor }} - {{ penalty }}

# %% tags=["test", "hidden"] points=1 message="order"
assert score([10, 9, 8, 7, 6, 5]) == 30 * {{ factor }} - {{ penalty }}
assert score([5, 6, 7, 8, 9, 10]) == 30 * {{ factor }} - {{ penalty }}
