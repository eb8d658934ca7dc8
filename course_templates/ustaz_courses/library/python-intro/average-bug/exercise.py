# %% tags=["starter"]
def average(marks):
    # {{ text.todo }}
    total = 0
    count = 0
    for mark in marks:
        if mark > {{ limit }}:
            total = total + mark
        count = count + 1
    return total / count

# %% tags=["solution"]
def average(marks):
    total = 0
    count = 0
    for mark in marks:
        if mark >= {{ limit }}:
            total = total + mark
            count = count + 1
    if count == 0:
        return {{ empty }}
    return total / count

# %% tags=["test", "visible"] points=1 message="example"
assert close(average([{{ good1 }}, {{ bad }}, {{ good2 }}]), {{ result }})

# %% tags=["test", "visible"] points=1 message="empty"
assert average([]) == {{ empty }}

# %% tags=["test", "hidden"] points=1 message="border"
assert close(average([{{ limit }}, {{ limit }} + 10]), {{ limit }} + 5)

# %% tags=["test", "hidden"] points=1 message="none"
assert average([{{ bad }}, {{ limit }} - 1]) == {{ empty }}

# %% tags=["test", "hidden"] points=1 message="one"
assert close(average([{{ bad }}, 100, {{ bad }}]), 100)

# %% tags=["test", "hidden"] points=1 message="half"
assert close(average([80, 81]), 80.5)
