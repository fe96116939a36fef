"""Every order that is still remembered, found by id, by client id, and paged by account, instrument and status.

A closed order is forgotten the moment its retention is over: every way in looks at the time first, so what is found never
depends on who has looked before.
Live orders stay in a plain dict: they come in ascending id and leave often. Closed orders are indexed by id per status, so
that a page of cancelled orders does not read past a million filled ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from heapq import merge

from mockex.core.clock import VirtualClock
from mockex.core.history import IdIndex
from mockex.core.ledger import Account
from mockex.core.orders import LIVE, Order, OrderStatus
from mockex.core.policy import VenuePolicy

_NO_ORDERS: Mapping[int, Order] = {}


class _AccountOrders:
    """One account's orders in one instrument."""

    __slots__ = ("cancelled", "filled", "live")

    def __init__(self) -> None:
        self.live: dict[int, Order] = {}
        self.filled: IdIndex[Order] = IdIndex()
        self.cancelled: IdIndex[Order] = IdIndex()


class OrderHistory:
    """Owned by the exchange, which tells it of every acceptance and every end."""

    def __init__(self, policy: VenuePolicy, clock: VirtualClock) -> None:
        self._by_id: dict[int, Order] = {}
        self._newest_by_client_id: dict[tuple[Account, str], Order] = {}
        self._older_by_client_id: dict[tuple[Account, str], IdIndex[Order]] = {}  # of names that were used again
        self._books: dict[tuple[Account, str], _AccountOrders] = {}
        self._now_ns = clock.now_ns
        self._order_retention_ns = policy.order_retention_ns
        self._unfilled_retention_ns = policy.unfilled_cancelled_retention_ns
        # Closed orders in closing order: each queue is also in order of due time.
        self._closed: deque[Order] = deque()
        self._closed_unfilled: deque[Order] = deque()

    def __len__(self) -> int:
        self.forget_expired()
        return len(self._by_id)

    def add(self, order: Order) -> None:
        """A new live order. Its id is higher than every one before."""
        self.forget_expired()
        self._by_id[order.order_id] = order
        if order.client_id is not None:
            self._name(order, (order.account, order.client_id))
        key = (order.account, order.instrument.symbol)
        orders = self._books.get(key)
        if orders is None:
            orders = self._books[key] = _AccountOrders()
        orders.live[order.order_id] = order

    def close(self, order: Order) -> None:
        """`order` has just been filled or cancelled."""
        orders = self._books[order.account, order.instrument.symbol]
        del orders.live[order.order_id]
        if order.status is OrderStatus.FILLED:
            orders.filled.add(order.order_id, order)
        else:
            orders.cancelled.add(order.order_id, order)
        (self._closed if order.filled_qty else self._closed_unfilled).append(order)

    def live(self, account: Account, symbol: str) -> Mapping[int, Order]:
        """The account's live orders in one instrument, by id, oldest first."""
        orders = self._books.get((account, symbol))
        return _NO_ORDERS if orders is None else orders.live

    def by_id(self, order_id: int) -> Order | None:
        self.forget_expired()
        return self._by_id.get(order_id)

    def by_client_id(self, account: Account, client_id: str) -> Order | None:
        """The newest remembered order of that name."""
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
        limit: int,
        where: Callable[[Order], bool] | None = None,
    ) -> list[Order]:
        """At most `limit` orders, newest first, ids strictly between the bounds. See `history` for the contract.

        O(log closed + rows), and O(live orders of the account) when live ones are asked for.
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
                        and (older_than is None or order.order_id < older_than)
                        and (newer_than is None or order.order_id > newer_than)
                        and (where is None or where(order))
                    ][:limit]
                )
            for status, index in ((OrderStatus.FILLED, orders.filled), (OrderStatus.CANCELLED, orders.cancelled)):
                if status in statuses:
                    sources.append(index.page(older_than=older_than, newer_than=newer_than, limit=limit, where=where))
        return list(merge(*sources, key=lambda order: -order.order_id))[:limit]

    def forget_expired(self) -> None:
        """Drops closed orders whose time is over. Amortised O(1) per order."""
        closed, unfilled = self._closed, self._closed_unfilled
        if closed or unfilled:
            now_ns = self._now_ns()
            while closed and closed[0].updated_ns + self._order_retention_ns <= now_ns:
                self._forget(closed.popleft())
            while unfilled and unfilled[0].updated_ns + self._unfilled_retention_ns <= now_ns:
                self._forget(unfilled.popleft())

    def _forget(self, order: Order) -> None:
        del self._by_id[order.order_id]
        orders = self._books[order.account, order.instrument.symbol]
        (orders.filled if order.status is OrderStatus.FILLED else orders.cancelled).discard(order.order_id)
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
