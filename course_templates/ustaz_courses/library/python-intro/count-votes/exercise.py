# %% tags=["starter"]
def count_votes(votes):
    result = {"{{ a }}": 0, "{{ b }}": 0, "{{ c }}": 0}
    # {{ text.todo }}
    return result

# %% tags=["solution"]
def count_votes(votes):
    result = {"{{ a }}": 0, "{{ b }}": 0, "{{ c }}": 0}
    for vote in votes:
        if vote in result:
            result[vote] = result[vote] + 1
    return result

# %% tags=["test", "visible"] points=1 message="example"
assert count_votes(["{{ b }}", "{{ a }}", "{{ b }}"]) == {"{{ a }}": 1, "{{ b }}": 2, "{{ c }}": 0}

# %% tags=["test", "visible"] points=1 message="spoiled"
assert count_votes(["{{ wrong }}", "{{ c }}"]) == {"{{ a }}": 0, "{{ b }}": 0, "{{ c }}": 1}

# %% tags=["test", "hidden"] points=1 message="nobody"
assert count_votes([]) == {"{{ a }}": 0, "{{ b }}": 0, "{{ c }}": 0}

# %% tags=["test", "hidden"] points=1 message="many"
assert count_votes(["{{ c }}", "{{ a }}"] * 50 + ["{{ b }}"]) == {"{{ a }}": 50, "{{ b }}": 1, "{{ c }}": 50}

# %% tags=["test", "hidden"] points=1 message="only-spoiled"
assert count_votes(["", "?", "{{ wrong }}"]) == {"{{ a }}": 0, "{{ b }}": 0, "{{ c }}": 0}
