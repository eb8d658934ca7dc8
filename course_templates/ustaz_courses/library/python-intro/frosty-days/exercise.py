# %% tags=["starter"]
def days_off(temps):
    days = []
    day = {{ first }}
    # {{ text.todo }}
    return days

# %% tags=["solution"]
def days_off(temps):
    days = []
    day = {{ first }}
    for temp in temps:
        if temp <= {{ limit }}:
            days.append(day)
        day = day + 1
    return days

# %% tags=["test", "visible"] points=1 message="example"
assert days_off([{{ warmer }}, {{ colder }}, {{ colder }}]) == [{{ second }}, {{ third }}]

# %% tags=["test", "visible"] points=1 message="empty"
assert days_off([]) == []

# %% tags=["test", "hidden"] points=1 message="border"
assert days_off([{{ limit }}, {{ warmer }}]) == [{{ first }}]

# %% tags=["test", "hidden"] points=1 message="none"
assert days_off([-5, 0, {{ warmer }}, 3]) == []

# %% tags=["test", "hidden"] points=1 message="all"
assert days_off([{{ colder }}] * 5) == [{{ first }} + i for i in range(5)]

# %% tags=["test", "hidden"] points=1 message="again"
days_off([{{ colder }}])
assert days_off([0, 0, {{ colder }}]) == [{{ third }}]
