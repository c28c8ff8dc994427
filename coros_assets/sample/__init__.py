"""The simulated shift-working runner: the demo's data, and the truth that tests compare answers with."""
