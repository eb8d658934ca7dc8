# %% tags=["starter"]
def bill(kwh):
    # {{ text.todo }}
    return 0


print(bill({{ used }}))

# %% tags=["solution"]
def bill(kwh):
    if kwh <= {{ limit }}:
        return kwh * {{ low }}
    return {{ limit }} * {{ low }} + (kwh - {{ limit }}) * {{ high }}


print(bill({{ used }}))

# %% tags=["test", "visible"] points=1 message="example"
assert bill({{ used }}) == {{ cost }}

# %% tags=["test", "visible"] points=1 message="small"
assert bill(10) == 10 * {{ low }}

# %% tags=["test", "hidden"] points=1 message="border"
assert bill({{ limit }}) == {{ base }}
assert bill({{ limit }} + 1) == {{ base }} + {{ high }}

# %% tags=["test", "hidden"] points=1 message="zero"
assert bill(0) == 0

# %% tags=["test", "hidden"] points=1 message="large"
assert bill({{ limit }} * 3) == {{ base }} + {{ limit }} * 2 * {{ high }}

# %% tags=["test", "hidden"] points=1 message="returned"
assert printed_by(bill, 20).strip() == ""
assert bill(20) == 20 * {{ low }}
