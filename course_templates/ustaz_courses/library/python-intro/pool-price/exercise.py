# %% tags=["starter"]
age = int(input())
hour = int(input())

# {{ text.todo }}
price = {{ high }}

print(price)

# %% tags=["solution"]
age = int(input())
hour = int(input())

if age <= {{ child }}:
    price = {{ low }}
else:
    price = {{ high }}

if hour < {{ hour }}:
    price = price - {{ off }}

print(price)

# %% tags=["test", "visible"] points=1 message="child"
assert run_with("{{ child }}", "8").strip() == "{{ cheap }}"

# %% tags=["test", "visible"] points=1 message="evening"
assert run_with("8", "{{ late }}").strip() == "{{ low }}"

# %% tags=["test", "hidden"] points=1 message="adult"
assert run_with("30", "7").strip() == str({{ high }} - {{ off }})
assert run_with("30", "20").strip() == "{{ high }}"

# %% tags=["test", "hidden"] points=1 message="age"
assert run_with(str({{ child }} + 1), "20").strip() == "{{ high }}"

# %% tags=["test", "hidden"] points=1 message="hour"
assert run_with("8", "{{ hour }}").strip() == "{{ low }}"
assert run_with("8", str({{ hour }} - 1)).strip() == "{{ cheap }}"
