"""Funding rates: premium samples and what follows from them. Pays nothing itself (`contracts.Contracts` does).

The premium is (middle - index) / index. It only changes when the book or the index does, so nothing runs every minute: before
either changes, and before anybody asks for a rate, the full minutes that have passed are counted with what stood meanwhile. A
minute that is full at this very moment is counted with what stood before it. Minutes without a middle or an index count for
nothing; without any, the premium is taken as 0.
Rates are billionths; a premium is rounded down to one.
"""

from __future__ import annotations

from mockex.core.contract_terms import FundingTerms
from mockex.core.fees import RATE_UNIT

MINUTE_NS = 60_000_000_000


class Funding:
    """One contract's. `rate` is the one that was paid last, None before the first; `next_ns` when it is paid next.

    `override`: an operator's rate for the next payments.
    """

    __slots__ = ("_count", "_index", "_middle", "_next_sample_ns", "_sum", "next_ns", "override", "rate", "terms")

    def __init__(self, terms: FundingTerms, now_ns: int) -> None:
        self.terms = terms
        self.rate: int | None = None
        self.override: int | None = None
        self.next_ns = _after(now_ns, terms.interval_ns)
        self._middle: int | None = None
        self._index: int | None = None
        self._sum = 0
        self._count = 0
        self._next_sample_ns = _after(now_ns, MINUTE_NS)

    def note(self, now_ns: int, middle: int | None, index: int | None) -> None:
        """From now on these are the middle of the book and the index, in the same unit."""
        if now_ns >= self._next_sample_ns:
            self._catch_up(now_ns)
        self._middle = middle
        self._index = index

    def samples(self, now_ns: int) -> tuple[int, int]:
        """The sum of the premiums since the last payment, and their number. Changes nothing."""
        if now_ns < self._next_sample_ns or self._middle is None or not self._index:
            return self._sum, self._count
        minutes = (now_ns - self._next_sample_ns) // MINUTE_NS + 1
        premium = (self._middle - self._index) * RATE_UNIT // self._index
        return self._sum + minutes * premium, self._count + minutes

    def predicted(self, now_ns: int) -> int:
        """The rate that would be paid now."""
        if self.override is not None:
            return self.override
        total, count = self.samples(now_ns)
        premium = total // count if count else 0
        terms = self.terms
        return _within(premium + _within(terms.interest_rate - premium, terms.dampener), terms.cap)

    def settle(self) -> int:
        """The rate that is paid at `next_ns`. Begins the next interval."""
        self.rate = rate = self.predicted(self.next_ns)
        self._catch_up(self.next_ns)
        self._sum = self._count = 0
        self.next_ns += self.terms.interval_ns
        return rate

    def _catch_up(self, now_ns: int) -> None:
        self._sum, self._count = self.samples(now_ns)
        self._next_sample_ns = max(self._next_sample_ns, _after(now_ns, MINUTE_NS))


def _after(now_ns: int, step_ns: int) -> int:
    """The next multiple of a step, later than now."""
    return (now_ns // step_ns + 1) * step_ns


def _within(value: int, reach: int) -> int:
    return max(-reach, min(reach, value))
