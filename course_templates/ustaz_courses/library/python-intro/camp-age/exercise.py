# %% tags=["starter"]
age = int(input())
asked = int(input())

# {{ text.todo }}
accepted = False
print(accepted)

# %% tags=["solution"]
age = int(input())
asked = int(input())

accepted = age >= {{ low }} and age <= {{ high }} and asked <= {{ places }}
print(accepted)

# %% tags=["test", "visible"] points=1 message="inside"
assert run_with("{{ middle }}", "1").strip() == "True"

# %% tags=["test", "visible"] points=1 message="places"
assert run_with("{{ middle }}", "{{ over }}").strip() == "False"

# %% tags=["test", "hidden"] points=1 message="youngest"
assert run_with("{{ low }}", "2").strip() == "True"
assert run_with(str({{ low }} - 1), "2").strip() == "False"

# %% tags=["test", "hidden"] points=1 message="oldest"
assert run_with("{{ high }}", "2").strip() == "True"
assert run_with(str({{ high }} + 1), "2").strip() == "False"

# %% tags=["test", "hidden"] points=1 message="last-place"
assert run_with("{{ middle }}", "{{ places }}").strip() == "True"

# %% tags=["test", "hidden"] points=1 message="nobody"
assert run_with(str({{ high }} + 20), str({{ places }} + 20)).strip() == "False"
