# %% tags=["starter"]
prices = {"samsa": {{ samsa }}, "tea": {{ tea }}, "salad": {{ salad }}}


def bill(order):
    total = 0
    # {{ text.todo }}
    return total

# %% tags=["solution"]
prices = {"samsa": {{ samsa }}, "tea": {{ tea }}, "salad": {{ salad }}}


def bill(order):
    total = 0
    for dish in order:
        if dish in prices:
            total = total + prices[dish]
    if total >= {{ limit }}:
        total = total - {{ discount }}
    return total

# %% tags=["test", "visible"] points=1 message="example"
assert bill(["tea", "samsa", "tea"]) == {{ sum }}

# %% tags=["test", "visible"] points=1 message="discount"
assert bill(["samsa", "samsa", "samsa"]) == {{ triple }}

# %% tags=["test", "hidden"] points=1 message="unknown"
assert bill(["pizza", "salad", "sushi"]) == {{ salad }}

# %% tags=["test", "hidden"] points=1 message="empty"
assert bill([]) == 0

# %% tags=["test", "hidden"] points=1 message="large"
assert bill(["salad", "samsa"] * 5) == 5 * ({{ salad }} + {{ samsa }}) - {{ discount }}

# %% tags=["test", "hidden"] points=1 message="below"
assert bill(["samsa", "samsa"]) == 2 * {{ samsa }}
