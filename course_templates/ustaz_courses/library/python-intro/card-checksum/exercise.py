# %% tags=["starter"]
number = int(input())
total = 0

# {{ text.todo }}

print(total)

# %% tags=["solution"]
number = int(input())
total = 0

while number > 0:
    total = total + number % 10
    number = number // 10

print(total * {{ w }} % {{ m }})

# %% tags=["test", "visible"] points=1 message="example"
assert run_with("{{ number }}").strip() == "{{ result }}"

# %% tags=["test", "visible"] points=1 message="single"
assert run_with("1").strip() == str({{ w }} % {{ m }})

# %% tags=["test", "hidden"] points=1 message="zeros"
assert run_with("3000000").strip() == str(3 * {{ w }} % {{ m }})

# %% tags=["test", "hidden"] points=1 message="long"
assert run_with("987654321").strip() == str(45 * {{ w }} % {{ m }})

# %% tags=["test", "hidden"] points=1 message="last"
assert run_with("10000002").strip() == str(3 * {{ w }} % {{ m }})

# %% tags=["test", "hidden"] points=1 message="loop"
assert uses("while")
