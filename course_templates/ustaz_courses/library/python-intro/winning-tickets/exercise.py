# %% tags=["starter"]
n = int(input())
winners = 0

# {{ text.todo }}

print(winners)

# %% tags=["solution"]
n = int(input())
winners = 0

for ticket in range(1, n + 1):
    if ticket % {{ k }} == 0 and ticket % {{ m }} != 0:
        winners = winners + 1

print(winners)

# %% tags=["test", "visible"] points=1 message="example"
assert run_with("{{ n }}").strip() == "{{ winners }}"

# %% tags=["test", "hidden"] points=1 message="last"
assert run_with("{{ k }}").strip() == "1"

# %% tags=["test", "hidden"] points=1 message="none"
assert run_with(str({{ k }} - 1)).strip() == "0"
assert run_with("0").strip() == "0"

# %% tags=["test", "hidden"] points=1 message="taken"
assert run_with("{{ both }}").strip() == str({{ m }} - 1)

# %% tags=["test", "hidden"] points=1 message="many"
assert run_with(str({{ both }} * 50 + {{ k }})).strip() == str(50 * ({{ m }} - 1) + 1)

# %% tags=["test", "hidden"] points=1 message="loop"
assert uses("for")
