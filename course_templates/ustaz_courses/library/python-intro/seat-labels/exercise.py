# %% tags=["starter"]
rows = int(input())
number = {{ first }}

# {{ text.todo }}
for row in range(rows):
    print(number)

# %% tags=["solution"]
rows = int(input())
number = {{ first }}

for row in range(rows):
    line = ""
    for seat in range({{ seats }}):
        line = line + str(number) + " "
        number = number + {{ step }}
    print(line)

# %% tags=["test", "visible"] points=1 message="row"
row = run_with("1").split()
assert len(row) == {{ seats }}
assert row[0] == "{{ first }}"
assert row[-1] == "{{ last }}"

# %% tags=["test", "visible"] points=1 message="next-row"
lines = run_with("2").splitlines()
assert len(lines) == 2
assert lines[1].split()[0] == "{{ next_row }}"

# %% tags=["test", "hidden"] points=1 message="many"
numbers = [str({{ first }} + {{ step }} * i) for i in range({{ seats }} * 6)]
assert run_with("6").split() == numbers

# %% tags=["test", "hidden"] points=1 message="lines"
lines = run_with("4").splitlines()
assert [len(line.split()) for line in lines] == [{{ seats }}] * 4

# %% tags=["test", "hidden"] points=1 message="none"
assert run_with("0").strip() == ""
assert run_with("1").strip() != ""
