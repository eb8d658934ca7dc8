# %% tags=["starter"]
def pairs(prices):
    count = 0
    # {{ text.todo }}
    return count

# %% tags=["solution"]
def pairs(prices):
    count = 0
    for i in range(len(prices)):
        for j in range(i + 1, len(prices)):
            cost = prices[i] + prices[j]
            if cost >= {{ least }} and cost <= {{ total }}:
                count = count + 1
    return count

# %% tags=["test", "visible"] points=1 message="example"
assert pairs([{{ p }}, {{ q }}]) == 1

# %% tags=["test", "visible"] points=1 message="same"
assert pairs([{{ half }}]) == 0

# %% tags=["test", "hidden"] points=1 message="equal"
assert pairs([{{ half }}, {{ half }}, {{ half }}]) == 3

# %% tags=["test", "hidden"] points=1 message="borders"
assert pairs([{{ p }}, {{ low }}]) == 1
assert pairs([{{ p }}, {{ low }} - 1]) == 0
assert pairs([{{ p }}, {{ q }} + 1]) == 0

# %% tags=["test", "hidden"] points=1 message="far"
assert pairs([{{ p }}, 1, 1, 1, {{ q }}]) == 1
assert pairs([{{ q }}, 1, {{ p }}]) == 1

# %% tags=["test", "hidden"] points=1 message="empty"
assert pairs([]) == 0
