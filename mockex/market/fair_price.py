"""What an instrument is worth by the participants' common opinion: a walk around the price it started at.

A fair price knows no ticks: it says how the worth stands to the reference price, in billionths (`PPB` is the reference
itself), so that a price of three ticks moves as finely as one of a million.
Two parts make it up. The deviation walks at random and is drawn back to the reference over about a day. The impact is what
aggressive orders have done; it wears off within minutes, and a part of it stays in the deviation.

A cross, such as ETH-BTC beside ETH-JPY and BTC-JPY, has no walk of its own: it moves as the ratio of its legs does.
A contract that follows a spot pair stands at its index and a basis: a small walk that is drawn back to nothing within hours.

Invariant: the relative price stays between `LOWEST_PPB` and `HIGHEST_PPB`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from math import isqrt
from typing import Protocol

from mockex.core.candles import DAY_NS, HOUR_NS, MINUTE_NS
from mockex.core.units import Instrument
from mockex.market.draws import bell

PPB = 1_000_000_000

# Standard deviation of the walk, in billionths over the square root of a second: 0.08 % a minute, 56 % a year.
VOLATILITY_PPB = 100_000
REVERSION_NS = DAY_NS
IMPACT_LASTS_NS = 2 * MINUTE_NS

# The walk of a basis: a tenth as wild, so that it mostly stays within 0.06 %, and far enough at times to make funding move.
BASIS_VOLATILITY_PPB = VOLATILITY_PPB // 10
BASIS_REVERSION_NS = 2 * HOUR_NS
FARTHEST_BASIS_PPB = 2_500_000

FARTHEST_DEVIATION_PPB = 300_000_000
LARGEST_IMPACT_PPB = 50_000_000
LOWEST_PPB = (PPB - FARTHEST_DEVIATION_PPB) * (PPB - LARGEST_IMPACT_PPB) // PPB
HIGHEST_PPB = (PPB + FARTHEST_DEVIATION_PPB) * (PPB + LARGEST_IMPACT_PPB) // PPB

_ROOT_OF_A_SECOND = isqrt(1_000_000_000)  # in square roots of nanoseconds


def spread_over(time_ns: int) -> int:
    """The standard deviation of a free walk over `time_ns`, in billionths."""
    return VOLATILITY_PPB * isqrt(time_ns) // _ROOT_OF_A_SECOND


def basis_spread_over(time_ns: int) -> int:
    """The same of a basis, which an interval of hours spreads no further."""
    return BASIS_VOLATILITY_PPB * isqrt(min(time_ns, BASIS_REVERSION_NS // 2)) // _ROOT_OF_A_SECOND


class FairPrice(Protocol):
    """`relative_ppb`: the worth now, in billionths of the reference price."""

    @property
    def relative_ppb(self) -> int: ...

    def advance(self, now_ns: int) -> None:
        """Moves on to `now_ns`, in one step however long the time since the last."""

    def push(self, pressure_ppb: int) -> None:
        """Aggressive orders have traded: up when positive. One push has a limit, however large."""


def find_crosses(instruments: Iterable[Instrument]) -> dict[str, tuple[str, str]]:
    """The symbols of A in B for which A and B are both listed in one money, with those two legs: (A's, B's).

    A leg is never a cross itself, so that no price depends on its own.
    """
    by_pair = {(instrument.base.code, instrument.quote.code): instrument.symbol for instrument in instruments}
    moneys = dict.fromkeys(quote for _, quote in by_pair)
    crosses: dict[str, tuple[str, str]] = {}
    legs: set[str] = set()
    for (base, quote), symbol in by_pair.items():
        for money in moneys:
            pair = by_pair.get((base, money)), by_pair.get((quote, money))
            if pair[0] is None or pair[1] is None or symbol in legs or pair[0] in crosses or pair[1] in crosses:
                continue
            crosses[symbol] = (pair[0], pair[1])
            legs.update(crosses[symbol])
            break
    return crosses


class _Impact:
    """The part of a price that aggressive orders have caused and that wears off."""

    __slots__ = ("ppb",)

    def __init__(self) -> None:
        self.ppb = 0

    def push(self, pressure_ppb: int) -> None:
        self.ppb = _within(self.ppb + pressure_ppb, LARGEST_IMPACT_PPB)

    def wear_off(self, passed_ns: int) -> None:
        self.ppb = _drawn_back(self.ppb, passed_ns, IMPACT_LASTS_NS)


class WalkingPrice:
    """The fair price of an instrument that depends on no other."""

    __slots__ = ("_deviation_ppb", "_impact", "_rng", "_time_ns")

    def __init__(self, rng: random.Random, now_ns: int) -> None:
        self._rng = rng
        self._time_ns = now_ns
        self._deviation_ppb = 0
        self._impact = _Impact()

    @property
    def relative_ppb(self) -> int:
        return (PPB + self._deviation_ppb) * (PPB + self._impact.ppb) // PPB

    def advance(self, now_ns: int) -> None:
        passed_ns = now_ns - self._time_ns
        if passed_ns <= 0:
            return
        self._time_ns = now_ns
        self._impact.wear_off(passed_ns)
        # After half the time of reversion the pull balances the walk: a longer time spreads the price no further.
        step_ppb = bell(self._rng, spread_over(min(passed_ns, REVERSION_NS // 2)))
        drawn_back = _drawn_back(self._deviation_ppb, passed_ns, REVERSION_NS)
        self._deviation_ppb = _within(drawn_back + step_ppb, FARTHEST_DEVIATION_PPB)

    def push(self, pressure_ppb: int) -> None:
        pressure_ppb = _within(pressure_ppb, LARGEST_IMPACT_PPB)
        lasting_ppb = pressure_ppb // 4
        self._deviation_ppb = _within(self._deviation_ppb + lasting_ppb, FARTHEST_DEVIATION_PPB)
        self._impact.push(pressure_ppb - lasting_ppb)


class CrossPrice:
    """The fair price of A in B, from those of A and of B in one money. Reads its legs and never moves them."""

    __slots__ = ("_base_leg", "_impact", "_quote_leg", "_time_ns")

    def __init__(self, base_leg: FairPrice, quote_leg: FairPrice, now_ns: int) -> None:
        self._base_leg = base_leg
        self._quote_leg = quote_leg
        self._time_ns = now_ns
        self._impact = _Impact()

    @property
    def relative_ppb(self) -> int:
        ratio_ppb = self._base_leg.relative_ppb * PPB // self._quote_leg.relative_ppb
        return max(LOWEST_PPB, min(HIGHEST_PPB, ratio_ppb * (PPB + self._impact.ppb) // PPB))

    def advance(self, now_ns: int) -> None:
        if now_ns > self._time_ns:
            self._impact.wear_off(now_ns - self._time_ns)
            self._time_ns = now_ns

    def push(self, pressure_ppb: int) -> None:
        self._impact.push(pressure_ppb)


class IndexedPrice:
    """The fair price of a contract: its index and a basis. `index_ppb` gives the index in billionths of the contract's
    reference price, None while nothing is known: then the last one that was stands.
    """

    __slots__ = ("_basis_ppb", "_impact", "_index_ppb", "_last_index_ppb", "_rng", "_time_ns")

    def __init__(self, index_ppb: Callable[[], int | None], rng: random.Random, now_ns: int) -> None:
        self._index_ppb = index_ppb
        self._last_index_ppb = PPB
        self._rng = rng
        self._time_ns = now_ns
        self._basis_ppb = 0
        self._impact = _Impact()

    @property
    def relative_ppb(self) -> int:
        index_ppb = self._index_ppb()
        if index_ppb is not None:
            self._last_index_ppb = index_ppb
        price_ppb = self._last_index_ppb * (PPB + self._basis_ppb) // PPB * (PPB + self._impact.ppb) // PPB
        return max(LOWEST_PPB, min(HIGHEST_PPB, price_ppb))

    def advance(self, now_ns: int) -> None:
        passed_ns = now_ns - self._time_ns
        if passed_ns <= 0:
            return
        self._time_ns = now_ns
        self._impact.wear_off(passed_ns)
        step_ppb = bell(self._rng, basis_spread_over(passed_ns))
        self._basis_ppb = _within(_drawn_back(self._basis_ppb, passed_ns, BASIS_REVERSION_NS) + step_ppb, FARTHEST_BASIS_PPB)

    def push(self, pressure_ppb: int) -> None:
        self._impact.push(pressure_ppb)


def _within(value: int, limit: int) -> int:
    return max(-limit, min(limit, value))


def _drawn_back(value: int, passed_ns: int, lasts_ns: int) -> int:
    """What is left of `value` after `passed_ns`, nothing after `lasts_ns`. In short steps it decays exponentially."""
    return value * max(0, lasts_ns - passed_ns) // lasts_ns
