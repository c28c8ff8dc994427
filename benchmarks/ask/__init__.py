"""How well a model answers questions on the simulated runner: `python -m benchmarks.ask`."""
