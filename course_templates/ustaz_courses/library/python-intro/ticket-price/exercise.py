# %% tags=["starter"]
age = int(input())

# {{ text.todo }}
if age <= {{ free }}:
    print(0)

# %% tags=["solution"]
age = int(input())

if age <= {{ free }}:
    print(0)
elif age <= {{ child }}:
    print({{ reduced }})
else:
    print({{ full }})

# %% tags=["test", "visible"] points=1 message="groups"
assert run_with("{{ middle }}").strip() == "{{ reduced }}"

# %% tags=["test", "visible"] points=1 message="groups"
assert run_with("40").strip() == "{{ full }}"

# %% tags=["test", "hidden"] points=1 message="free"
assert run_with("{{ free }}").strip() == "0"
assert run_with("1").strip() == "0"

# %% tags=["test", "hidden"] points=1 message="border-low"
assert run_with(str({{ free }} + 1)).strip() == "{{ reduced }}"

# %% tags=["test", "hidden"] points=1 message="border-high"
assert run_with("{{ child }}").strip() == "{{ reduced }}"
assert run_with(str({{ child }} + 1)).strip() == "{{ full }}"
