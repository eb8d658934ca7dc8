# %% tags=["starter"]
name = input()
year = input()

# {{ text.todo }}
address = name
print(address)

# %% tags=["solution"]
name = input()
year = input()

login = name[:{{ k }}].lower()
address = login + "{{ sign }}" + year[-2:] + "@mektep{{ school }}.kz"
print(address)

# %% tags=["test", "visible"] points=1 message="example"
assert run_with("Dinmukhamed", "2011").strip() == "dinmukhamed"[:{{ k }}] + "{{ sign }}11@mektep{{ school }}.kz"

# %% tags=["test", "hidden"] points=1 message="letters"
assert run_with("Aigerim", "2012").strip().split("{{ sign }}")[0] == "aigerim"[:{{ k }}]

# %% tags=["test", "hidden"] points=1 message="lower"
assert run_with("NURLAN", "2010").strip() == "nurlan"[:{{ k }}] + "{{ sign }}10@mektep{{ school }}.kz"

# %% tags=["test", "hidden"] points=1 message="short"
assert run_with("Li", "1998").strip() == "li{{ sign }}98@mektep{{ school }}.kz"
