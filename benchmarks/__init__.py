"""Speed as ratios measured in one run. `python -m benchmarks` runs every module here that has a `run`.

Absolute times on shared machines mean little; a ratio of two loops that ran side by side means something.
"""
