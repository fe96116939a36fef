"""What a benchmark says, and how two pieces of code are measured against each other."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

REPETITIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure. `target`: what it is to reach, None for figures that are only reported; `at_least` False turns it round.

    `detail` says what was measured, in absolute numbers of this machine.
    """

    name: str
    value: float
    unit: str
    detail: str
    target: float | None = None
    at_least: bool = True

    @property
    def met(self) -> bool:
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target


@contextmanager
def collector_off() -> Iterator[None]:
    """No garbage collection inside: a collection that falls into one of two loops would decide between them."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    with collector_off():
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun


def best_of_interleaved(makers: Sequence[Callable[[], Callable[[], object]]]) -> list[float]:
    """The shortest time of each piece of work, run in turn `REPETITIONS` times so that a slow moment hits them all.

    Each maker prepares a fresh piece of work, which is not measured.
    """
    best = [float("inf")] * len(makers)
    for _ in range(REPETITIONS):
        for index, make in enumerate(makers):
            best[index] = min(best[index], seconds(make()))
    return best
