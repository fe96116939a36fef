"""Every order that is still remembered, found by id, by client id, and paged by account, instrument and status.

A closed order is forgotten the moment its retention is over: every way in looks at the time first, so what is found never
depends on who has looked before.
Live orders stay in a plain dict: they come in ascending id and leave often. Closed orders are indexed by id per status, so
that a page of cancelled orders does not read past a million filled ones.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from heapq import merge
from operator import attrgetter
from typing import Final

from mockex.core.clock import VirtualClock
from mockex.core.history import IdIndex
from mockex.core.ledger import Account
from mockex.core.orders import LIVE, Order, OrderStatus
from mockex.core.policy import VenuePolicy

_FILLED: Final = OrderStatus.FILLED
_NO_ORDERS: Mapping[int, Order] = {}
_created_ns = attrgetter("created_ns")


class _ClosedOrders:
    """Closed orders of one status by id. They wait unsorted until somebody asks for a page: most never do."""

    __slots__ = ("_sorted", "_waiting")

    def __init__(self) -> None:
        self._waiting: dict[int, Order] = {}
        self._sorted: IdIndex[Order] | None = None  # until somebody asks

    def add(self, order: Order) -> None:
        self._waiting[order.order_id] = order

    def discard(self, order: Order) -> None:
        if self._waiting.pop(order.order_id, None) is None and self._sorted is not None:
            self._sorted.discard(order.order_id)

    def index(self) -> IdIndex[Order]:
        """All of them, sorted. O(log n) for each that was waiting."""
        found = self._sorted
        if found is None:
            found = self._sorted = IdIndex(_created_ns)
        for order_id, order in self._waiting.items():
            found.add(order_id, order)
        self._waiting.clear()
        return found


class _AccountOrders:
    """One account's orders in one instrument."""

    __slots__ = ("cancelled", "filled", "live")

    def __init__(self) -> None:
        self.live: dict[int, Order] = {}
        self.filled = _ClosedOrders()
        self.cancelled = _ClosedOrders()


class OrderHistory:
    """Owned by the exchange, which tells it of every acceptance and every end."""

    def __init__(self, policy: VenuePolicy, clock: VirtualClock) -> None:
        self._by_id: dict[int, Order] = {}
        self._newest_by_client_id: dict[tuple[Account, str], Order] = {}
        self._older_by_client_id: dict[tuple[Account, str], IdIndex[Order]] = {}  # of names that were used again
        self._books: dict[tuple[Account, str], _AccountOrders] = {}
        self._of_account: dict[Account, list[_AccountOrders]] = {}  # the same, to go through one account's
        self._now_ns = clock.now_ns
        self._order_retention_ns = policy.order_retention_ns
        self._unfilled_retention_ns = policy.unfilled_cancelled_retention_ns
        self._named_live_ns = policy.client_id_live_ns
        self._named_closed_ns = policy.client_id_closed_ns
        # Closed orders in closing order: each queue is also in order of due time.
        self._closed: deque[Order] = deque()
        self._closed_unfilled: deque[Order] = deque()
        self._next_due_ns = sys.maxsize  # when the first of them is to be forgotten

    def __len__(self) -> int:
        self.forget_expired()
        return len(self._by_id)

    def add(self, order: Order) -> None:
        """A new live order. Its id is higher than every one before."""
        if order.created_ns >= self._next_due_ns:
            self.forget_expired()
        self._by_id[order.order_id] = order
        if order.client_id is not None:
            self._name(order, (order.account, order.client_id))
        key = (order.account, order.instrument.symbol)
        orders = self._books.get(key)
        if orders is None:
            orders = self._books[key] = _AccountOrders()
            self._of_account.setdefault(order.account, []).append(orders)
        orders.live[order.order_id] = order

    def close(self, order: Order) -> None:
        """`order` has just been filled or cancelled."""
        orders = self._books[order.account, order.instrument.symbol]
        del orders.live[order.order_id]
        if not order.account.keeps_history:
            del self._by_id[order.order_id]
            if order.client_id is not None:
                self._unname(order, (order.account, order.client_id))
            return
        (orders.filled if order.status is _FILLED else orders.cancelled).add(order)
        if order.filled_qty:
            due_ns = order.updated_ns + self._order_retention_ns
            self._closed.append(order)
        else:
            due_ns = order.updated_ns + self._unfilled_retention_ns
            self._closed_unfilled.append(order)
        if due_ns < self._next_due_ns:
            self._next_due_ns = due_ns

    def live(self, account: Account, symbol: str) -> Mapping[int, Order]:
        """The account's live orders in one instrument, by id, oldest first."""
        orders = self._books.get((account, symbol))
        return _NO_ORDERS if orders is None else orders.live

    def live_count(self, account: Account) -> int:
        """How many live orders the account has in all instruments. O(instruments that it has used)."""
        return sum(len(orders.live) for orders in self._of_account.get(account, ()))

    def live_of(self, account: Account) -> Iterable[Order]:
        """The account's live orders in all instruments."""
        for orders in self._of_account.get(account, ()):
            yield from orders.live.values()

    def by_id(self, order_id: int) -> Order | None:
        if self._now_ns() >= self._next_due_ns:
            self.forget_expired()
        return self._by_id.get(order_id)

    def by_client_id(self, account: Account, client_id: str) -> Order | None:
        """The newest order of that name, as long as its name finds it (`VenuePolicy.client_id_live_ns`)."""
        order = self.newest_named(account, client_id)
        if order is None:
            return None
        if order.status in LIVE:
            kept_ns, since_ns = self._named_live_ns, order.created_ns
        else:
            kept_ns, since_ns = self._named_closed_ns, order.updated_ns
        return order if kept_ns is None or self._now_ns() < since_ns + kept_ns else None

    def newest_named(self, account: Account, client_id: str) -> Order | None:
        """The newest remembered order of that name, however old."""
        self.forget_expired()
        return self._newest_by_client_id.get((account, client_id))

    def live_orders(self) -> Iterable[Order]:
        """All live orders of all accounts."""
        for orders in self._books.values():
            yield from orders.live.values()

    def page(
        self,
        account: Account,
        symbols: Iterable[str],
        statuses: frozenset[OrderStatus],
        *,
        older_than: int | None,
        newer_than: int | None,
        span_ns: tuple[int, int] | None = None,
        limit: int,
        where: Callable[[Order], bool] | None = None,
    ) -> list[Order]:
        """At most `limit` orders, newest first, ids strictly between the bounds. See `history` for the contract; `span_ns` is
        that of their creation.

        O(log closed + rows), O(live orders of the account) when live ones are asked for, and O(log closed) once for each
        order that has closed since the last page.
        """
        self.forget_expired()
        sources: list[list[Order]] = []
        for symbol in symbols:
            orders = self._books.get((account, symbol))
            if orders is None:
                continue
            if statuses & LIVE:
                sources.append(
                    [
                        order
                        for order in reversed(orders.live.values())
                        if order.status in statuses
                        and (span_ns is None or span_ns[0] <= order.created_ns <= span_ns[1])
                        and (older_than is None or order.order_id < older_than)
                        and (newer_than is None or order.order_id > newer_than)
                        and (where is None or where(order))
                    ][:limit]
                )
            for status, closed in ((OrderStatus.FILLED, orders.filled), (OrderStatus.CANCELLED, orders.cancelled)):
                if status in statuses:
                    index = closed.index()
                    sources.append(
                        index.page(older_than=older_than, newer_than=newer_than, span_ns=span_ns, limit=limit, where=where)
                    )
        return list(merge(*sources, key=lambda order: -order.order_id))[:limit]

    def closed(self, account: Account, symbol: str) -> list[Order]:
        """All closed orders of the account in one instrument, in no particular order. O(their number)."""
        self.forget_expired()
        orders = self._books.get((account, symbol))
        if orders is None:
            return []
        return [order for closed in (orders.filled, orders.cancelled) for order in closed.index().newest(sys.maxsize)]

    def forget_expired(self) -> None:
        """Drops closed orders whose time is over. Amortised O(1) per order."""
        now_ns = self._now_ns()
        if now_ns < self._next_due_ns:
            return
        self._next_due_ns = sys.maxsize
        for closed, retention_ns in (
            (self._closed, self._order_retention_ns),
            (self._closed_unfilled, self._unfilled_retention_ns),
        ):
            while closed:
                due_ns = closed[0].updated_ns + retention_ns
                if due_ns > now_ns:
                    self._next_due_ns = min(self._next_due_ns, due_ns)
                    break
                self._forget(closed.popleft())

    def _forget(self, order: Order) -> None:
        del self._by_id[order.order_id]
        orders = self._books[order.account, order.instrument.symbol]
        (orders.filled if order.status is _FILLED else orders.cancelled).discard(order)
        if order.client_id is not None:
            self._unname(order, (order.account, order.client_id))

    def _name(self, order: Order, name: tuple[Account, str]) -> None:
        """Makes `order` the newest of its name."""
        earlier = self._newest_by_client_id.get(name)
        if earlier is not None:
            older = self._older_by_client_id.get(name)
            if older is None:
                older = self._older_by_client_id[name] = IdIndex()
            older.add(earlier.order_id, earlier)
        self._newest_by_client_id[name] = order

    def _unname(self, order: Order, name: tuple[Account, str]) -> None:
        """Lets go of `order`. When it was the newest of its name, the one before it becomes that."""
        older = self._older_by_client_id.get(name)
        if older is None:
            del self._newest_by_client_id[name]
            return
        if self._newest_by_client_id[name] is order:
            (order,) = older.newest(1)
            self._newest_by_client_id[name] = order
        older.discard(order.order_id)
        if not len(older):
            del self._older_by_client_id[name]
