# %% tags=["starter"]
queue = ["{{ a }}", "{{ b }}", "{{ c }}", "{{ d }}"]

# {{ text.todo }}
first = ""
count = 0

# %% tags=["solution"]
queue = ["{{ a }}", "{{ b }}", "{{ c }}", "{{ d }}"]

first = queue.pop(0)
queue.append("{{ e }}")
queue[1] = "{{ f }}"
count = len(queue)

# %% tags=["test", "visible"] points=1 message="first"
assert value("first") == "{{ a }}"

# %% tags=["test", "visible"] points=1 message="queue"
assert value("queue")[-1] == "{{ e }}"

# %% tags=["test", "hidden"] points=2 message="queue"
assert value("queue") == ["{{ b }}", "{{ f }}", "{{ d }}", "{{ e }}"]

# %% tags=["test", "hidden"] points=1 message="count"
assert value("count") == 4

# %% tags=["test", "hidden"] points=1 message="methods"
assert uses("append")
assert uses("len")
