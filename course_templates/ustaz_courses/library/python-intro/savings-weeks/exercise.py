# %% tags=["starter"]
goal = int(input())
saved = {{ start }}
add = {{ weekly }}
weeks = 0

# {{ text.todo }}

print(weeks)

# %% tags=["solution"]
goal = int(input())
saved = {{ start }}
add = {{ weekly }}
weeks = 0

while saved < goal:
    saved = saved + add
    add = add + {{ more }}
    weeks = weeks + 1

print(weeks)

# %% tags=["test", "visible"] points=1 message="example"
assert run_with("{{ goal }}").strip() == "3"

# %% tags=["test", "visible"] points=1 message="above"
assert run_with("{{ goal_above }}").strip() == "4"

# %% tags=["test", "hidden"] points=1 message="already"
assert run_with("{{ start }}").strip() == "0"
assert run_with("1").strip() == "0"

# %% tags=["test", "hidden"] points=1 message="first"
assert run_with(str({{ start }} + 1)).strip() == "1"
assert run_with(str({{ start }} + {{ weekly }} + 1)).strip() == "2"

# %% tags=["test", "hidden"] points=1 message="long"
assert run_with(str({{ start }} + 10 * {{ weekly }} + 45 * {{ more }})).strip() == "10"
