"""Chance in whole numbers: the shapes of draws that participants use.

Everything comes from `getrandbits` and `randrange`, whose results depend on nothing but the generator's state. The bell and
exponential draws of `random` go through the platform's logarithm, and the same seed must give the same bytes everywhere.
"""

from __future__ import annotations

import random

# The sum of four draws of 0..65535: its mean, and its standard deviation, 65536 * sqrt(4 / 12).
_SUM_MEAN = 131_070
_SUM_SPREAD = 37_837


def stream(seed: str, *names: str) -> random.Random:
    """The generator of one user of chance. Streams of different names know nothing of each other."""
    return random.Random("/".join((seed, *names)))


def bell(rng: random.Random, spread: int) -> int:
    """Bell-shaped around 0, with `spread` as its standard deviation and never beyond 3.5 of it."""
    bits = rng.getrandbits(64)
    total = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (total - _SUM_MEAN) * spread // _SUM_SPREAD


def skewed(rng: random.Random, mean: int) -> int:
    """Never negative, mostly small, at times large, never four times the `mean`: like waiting times and order sizes."""
    return rng.randrange(1 + rng.randrange(4 * mean))


def about(rng: random.Random, value: int) -> int:
    """Half to one and a half times `value`."""
    return value * (500_000 + rng.randrange(1_000_001)) // 1_000_000
