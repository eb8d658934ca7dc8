# %% tags=["starter"]
# {{ text.read }}
km = int(input())

# {{ text.todo }}
print(km)

# %% tags=["solution"]
km = int(input())
minutes = int(input())
fare = {{ start }} + {{ per_km }} * km + {{ per_min }} * minutes
print(fare)

# %% tags=["test", "visible"] points=1 message="example"
assert run_with("{{ km }}", "{{ wait }}").strip() == "{{ example }}"

# %% tags=["test", "hidden"] points=1 message="second"
assert run_with("10", "0").strip() == str({{ start }} + {{ per_km }} * 10)

# %% tags=["test", "hidden"] points=1 message="start"
assert run_with("0", "0").strip() == "{{ start }}"

# %% tags=["test", "hidden"] points=1 message="other"
assert run_with("3", "25").strip() == str({{ start }} + {{ per_km }} * 3 + {{ per_min }} * 25)
