"""Changes of orders, numbered in the order in which they happened, and orders that have ended in the order of their ends.

For venues that page through orders by when they last changed (`VenuePolicy.numbers_changes`); others pay nothing for it.
An order changes when it comes, with each of its fills, and when it is cancelled. A fill has an id already, that of its ledger
entry, and its number is made of that alone; what happens between two entries of the ledger is counted from the one before on.
Invariant: a change has a higher number than all that happened before it in the same exchange.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import Final

from mockex.core.clock import VirtualClock
from mockex.core.ledger import Account
from mockex.core.order_history import OrderHistory
from mockex.core.orders import Fill, Order, OrderStatus
from mockex.core.policy import VenuePolicy
from mockex.core.sequences import Sequence

COUNT_BITS = 20
"""How many bits of a number count the changes since the last ledger entry. More changes than that use up an entry's id."""

_MOST = (1 << COUNT_BITS) - 1
_BLOCK = 16
_GONE: Final = sys.maxsize  # stands for the creation of an order that was forgotten: later than any
_FILLED: Final = OrderStatus.FILLED


class NumberedOrders(OrderHistory):
    """`entry_ids`: the ledger's, of which fills have theirs."""

    def __init__(self, policy: VenuePolicy, clock: VirtualClock, entry_ids: Sequence) -> None:
        super().__init__(policy, clock)
        self._entry_ids = entry_ids
        self._entry_id: int | None = None  # the last one when the newest change was counted
        self._newest = 0
        # By order id, of all that are remembered; the second of cancelled ones alone.
        self._came: dict[int, int] = {}
        self._cancelled: dict[int, int] = {}
        self._ended: dict[tuple[Account, str], EndedOrders] = {}  # of books that somebody has asked for

    # --- what happens

    def add(self, order: Order) -> None:
        super().add(order)
        self._came[order.order_id] = self._count()

    def close(self, order: Order) -> None:
        super().close(order)
        if order.status is not _FILLED:
            self._cancelled[order.order_id] = self._count()
        if not order.account.keeps_history:
            self._drop(order)
            return
        ended = self._ended.get((order.account, order.instrument.symbol))
        if ended is not None:
            ended.append(self.last_change(order), order)

    def _forget(self, order: Order) -> None:
        super()._forget(order)
        ended = self._ended.get((order.account, order.instrument.symbol))
        if ended is not None:
            ended.discard(self.last_change(order))
        self._drop(order)

    def _drop(self, order: Order) -> None:
        del self._came[order.order_id]
        self._cancelled.pop(order.order_id, None)

    def _count(self) -> int:
        """The number of a change that is no fill."""
        entry_id = self._entry_ids.last
        if entry_id is not None and entry_id != self._entry_id:
            self._entry_id = entry_id
            self._newest = entry_id << COUNT_BITS
        self._newest = newest = self._newest + 1
        if newest & _MOST == _MOST:
            self._entry_ids.take(1)  # the next fill must come after this
        return newest

    # --- numbers

    def arrival(self, order: Order) -> int:
        """The number of its coming. Of an order that is not remembered: of the newest change of any."""
        return self._came.get(order.order_id, self._newest)

    def change_of(self, fill: Fill) -> int:
        """The number of what that fill did to its order."""
        return fill.fill_id << COUNT_BITS

    def last_change(self, order: Order) -> int:
        """The number of what happened to it last."""
        number = self._cancelled.get(order.order_id)
        if number is None:
            number = self.change_of(order.fills[-1]) if order.fills else self.arrival(order)
        return number

    # --- those that have ended

    def ended(self, account: Account, symbol: str) -> EndedOrders:
        """The account's closed orders in one instrument. O(1) once it was asked for, then O(their number) once."""
        self.forget_expired()
        ended = self._ended.get((account, symbol))
        if ended is None:
            ended = self._ended[account, symbol] = EndedOrders()
            for number, order in sorted((self.last_change(order), order) for order in self.closed(account, symbol)):
                ended.append(number, order)
        return ended


class EndedOrders:
    """One account's closed orders in one instrument by the number of their last change, which is their end.

    Parallel lists that grow at the end: numbers, times of ends, orders, and times of creation, whose least is kept for each
    block of 16, for each block of 16 such blocks, and so on: so a page of what was created by a time passes over all that was
    not at the cost of a few looks.
    A forgotten order leaves a gap, which no page sees; when most are gaps the lists are made anew.
    """

    __slots__ = ("_created_ns", "_ended_ns", "_gaps", "_least_ns", "_numbers", "_orders")

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._ended_ns: list[int] = []
        self._orders: list[Order | None] = []
        self._created_ns: list[int] = []
        self._least_ns: list[list[int]] = []  # of whole blocks, by their level
        self._gaps = 0

    def append(self, number: int, order: Order) -> None:
        """One that has just ended."""
        assert not self._numbers or self._numbers[-1] < number, f"change {number} of {order!r} after {self._numbers[-1]}"
        self._numbers.append(number)
        self._ended_ns.append(order.updated_ns)
        self._orders.append(order)
        self._created_ns.append(order.created_ns)
        level, below = 0, self._created_ns
        while len(below) % _BLOCK == 0:
            if level == len(self._least_ns):
                self._least_ns.append([])
            self._least_ns[level].append(min(below[-_BLOCK:]))
            level, below = level + 1, self._least_ns[level]

    def discard(self, number: int) -> None:
        """Forgets the order whose last change that was."""
        place = bisect_left(self._numbers, number)
        self._orders[place], self._created_ns[place] = None, _GONE
        self._gaps += 1
        if self._gaps > _BLOCK and self._gaps * 2 > len(self._numbers):
            self._close_gaps()
            return
        below = self._created_ns
        for least_ns in self._least_ns:
            place //= _BLOCK
            if place == len(least_ns):
                break
            least_ns[place] = min(below[place * _BLOCK : (place + 1) * _BLOCK])
            below = least_ns

    def _close_gaps(self) -> None:
        kept = [(number, order) for number, order in zip(self._numbers, self._orders, strict=True) if order is not None]
        for rows in (self._numbers, self._ended_ns, self._orders, self._created_ns, self._least_ns):
            rows.clear()
        self._gaps = 0
        for number, order in kept:
            self.append(number, order)

    def page(
        self, *, older_than: int | None, newer_than: int | None, created_ns: tuple[int, int], limit: int, oldest_first: bool
    ) -> list[Order]:
        """At most `limit` orders that were created from the first to the last nanosecond, both included, and ended with a
        number strictly between the bounds; see `history` for the contract.

        O(rows log n), and a look at each order that was live when the first nanosecond came.
        """
        first_ns, last_ns = created_ns
        start = bisect_left(self._ended_ns, first_ns)  # none ends before it was created
        stop = len(self._numbers)
        if newer_than is not None:
            start = max(start, bisect_right(self._numbers, newer_than))
        if older_than is not None:
            stop = bisect_left(self._numbers, older_than)
        places = self._created_until(min(last_ns, _GONE - 1), start, stop, back=not oldest_first)
        found = (self._orders[place] for place in places if self._created_ns[place] >= first_ns)
        return [order for order in islice(found, limit) if order is not None]

    def _created_until(self, last_ns: int, start: int, stop: int, *, back: bool) -> Iterator[int]:
        """The places from `start` to before `stop` of orders that were created by then, backwards or forwards."""
        created_ns = self._created_ns
        while start < stop:
            edge = stop if back else start
            leap = 0 if edge % _BLOCK else self._leap(edge, last_ns, back=back)
            if leap and back:
                stop -= leap
            elif leap:
                start += leap
            else:
                place = stop - 1 if back else start
                if created_ns[place] <= last_ns:
                    yield place
                start, stop = (start, place) if back else (place + 1, stop)

    def _leap(self, place: int, last_ns: int, *, back: bool) -> int:
        """The size of the largest whole block that ends before `place`, or begins with it, and has nothing created by then."""
        size, largest = _BLOCK, 0
        for least_ns in self._least_ns:
            block = place // size - 1 if back else place // size
            if place % size or not 0 <= block < len(least_ns) or least_ns[block] <= last_ns:
                break
            size, largest = size * _BLOCK, size
        return largest
