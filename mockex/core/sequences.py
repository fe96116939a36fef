"""Counters: the source of every id in the simulator.

Owns one number per named counter. Knows nothing of how a venue prints ids. The same calls give the same
numbers, so two worlds that run the same commands hand out the same ids.
"""

from collections.abc import Mapping

from mockex.core.clock import VirtualClock

_SECOND_NS = 1_000_000_000
_NOTHING_CONFIGURED: Mapping[str, int] = {}


class Sequence:
    """An ascending counter: start, start + step, start + 2 step, ..."""

    __slots__ = ("_next", "_step", "last")

    def __init__(self, start: int = 1, step: int = 1) -> None:
        """ValueError when the step is below 1: ids must ascend."""
        if step < 1:
            raise ValueError(f"step {step} is below 1")
        self._next = start
        self._step = step
        self.last: int | None = None
        """The number given last, None before the first."""

    def next(self) -> int:
        """The next number."""
        number = self._next
        self._next = number + self._step
        self.last = number
        return number

    def take(self, count: int) -> int:
        """Draw `count` numbers at once and give the first: the others follow it by one step each.

        ValueError when the count is below 1.
        """
        if count < 1:
            raise ValueError(f"count {count} is below 1")
        first = self._next
        self._next = first + count * self._step
        self.last = self._next - self._step
        return first


class SecondSequence(Sequence):
    """Ids that tell when they were given: the Unix second, shifted by some bits, and a count within the second.

    A second with more numbers than the bits hold runs into the next one's; they ascend all the same.
    """

    __slots__ = ("_bits", "_clock")

    def __init__(self, clock: VirtualClock, bits: int) -> None:
        super().__init__()
        self._clock = clock
        self._bits = bits

    def next(self) -> int:
        self._catch_up()
        return super().next()

    def take(self, count: int) -> int:
        self._catch_up()
        return super().take(count)

    def _catch_up(self) -> None:
        self._next = max(self._next, self._clock.now_ns() // _SECOND_NS << self._bits)


class Sequences:
    """Counters by name, each created when it is first asked for.

    Whoever draws from a counter often keeps the `Sequence`, not its name: `trade_ids = sequences["trade"]`.
    """

    __slots__ = ("_by_name", "_starts", "_steps")

    def __init__(
        self,
        starts: Mapping[str, int] = _NOTHING_CONFIGURED,
        *,
        steps: Mapping[str, int] = _NOTHING_CONFIGURED,
        made: Mapping[str, Sequence] | None = None,
    ) -> None:
        """`starts` and `steps` by counter name, or by the first word of one: "trade" holds for "trade AAA-BBB" too, unless
        that name has its own. A name that they leave out counts 1, 2, 3, ... `made`: counters that there are already.
        """
        self._starts = dict(starts)
        self._steps = dict(steps)
        self._by_name: dict[str, Sequence] = dict(made or {})

    def __getitem__(self, name: str) -> Sequence:
        """The counter of that name, always the same object."""
        sequence = self._by_name.get(name)
        if sequence is None:
            sequence = Sequence(_of(name, self._starts), _of(name, self._steps))
            self._by_name[name] = sequence
        return sequence


def _of(name: str, numbers: Mapping[str, int]) -> int:
    """What `numbers` say of a counter."""
    number = numbers.get(name)
    return numbers.get(name.partition(" ")[0], 1) if number is None else number
