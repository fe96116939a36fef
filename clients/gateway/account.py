"""What is known of one login's account: open orders, assets, positions.

Owns: the merging of pushes with answers to questions, and what became of orders in between.
Must not know: connections, tokens, time.
Invariants: what was pushed since a question was sent is newer than its answer; an order that is over stays over; an older
change of an order never replaces a newer one.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from .models import Asset, Order, Position

#: Orders that are over are kept for those who learn their numbers late: a push may come before the reply to place_order.
_KEPT_CLOSED = 1_000

#: When something was told: later is greater. Answers are compared with the moment of their question.
Moment = int


class Account:
    """One login's account, as far as it was told."""

    def __init__(self) -> None:
        self._moments = itertools.count(1)
        self._now: Moment = 0
        self._open: dict[str, Order] = {}
        self._closed: OrderedDict[str, Order] = OrderedDict()
        self._assets: Mapping[str, Asset] = {}
        self._positions: dict[str, Position] = {}
        self._told: dict[tuple[str, str], Moment] = {}  # of open orders, positions and the assets: when a push was the last

    # --- views ---

    @property
    def open_orders(self) -> Mapping[str, Order]:
        """By number."""
        return MappingProxyType(self._open)

    @property
    def assets(self) -> Mapping[str, Asset]:
        """By coin; one that is not there is zero."""
        return MappingProxyType(dict(self._assets))

    @property
    def positions(self) -> Mapping[str, Position]:
        """By symbol."""
        return MappingProxyType(self._positions)

    def order(self, order_no: str) -> Order | None:
        """An order that is open, or was over not long ago. None also for one that vanished unseen."""
        return self._open.get(order_no) or self._closed.get(order_no)

    # --- pushes ---

    def push_order(self, order: Order) -> bool:
        """False if it says nothing new."""
        known = self.order(order.order_no)
        if known is not None and (known.status.final or order.updated_at < known.updated_at):
            return False
        self._tell("order", order.order_no)
        self._keep(order)
        return True

    def push_assets(self, assets: Mapping[str, Asset]) -> None:
        """A complete snapshot."""
        self._tell("assets", "")
        self._assets = assets

    def push_position(self, position: Position) -> None:
        self._tell("position", position.symbol)
        self._positions[position.symbol] = position

    # --- answers ---

    def ask(self) -> Moment:
        """The moment of a question."""
        self._now = next(self._moments)
        return self._now

    def answer_open_orders(self, symbol: str, orders: Iterable[Order], *, asked: Moment) -> tuple[list[Order], list[Order]]:
        """All open orders of a symbol. Returns those that are new or changed, and those that were open as far as known and are
        not any more: how they ended nobody said.
        """
        answered = {order.order_no: order for order in orders}
        changed = [
            order
            for order in answered.values()
            if order.order_no not in self._closed
            and not self._told_since("order", order.order_no, asked)
            and self._open.get(order.order_no) != order
        ]
        for order in changed:
            self._keep(order)
        gone = [
            order
            for order in self._open.values()
            if order.symbol == symbol
            and order.order_no not in answered
            and not self._told_since("order", order.order_no, asked)
        ]
        for order in gone:
            del self._open[order.order_no]
            self._told.pop(("order", order.order_no), None)
        return changed, gone

    def answer_assets(self, assets: Mapping[str, Asset], *, asked: Moment) -> bool:
        """False if that says nothing new."""
        if self._told_since("assets", "", asked) or self._assets == assets:
            return False
        self._assets = assets
        return True

    def answer_position(self, position: Position, *, asked: Moment) -> bool:
        """False if that says nothing new."""
        if self._told_since("position", position.symbol, asked) or self._positions.get(position.symbol) == position:
            return False
        self._positions[position.symbol] = position
        return True

    def _keep(self, order: Order) -> None:
        if not order.status.final:
            self._open[order.order_no] = order
            return
        self._open.pop(order.order_no, None)
        self._told.pop(("order", order.order_no), None)
        self._closed[order.order_no] = order
        while len(self._closed) > _KEPT_CLOSED:
            self._closed.popitem(last=False)

    def _tell(self, kind: str, of: str) -> None:
        self._now = next(self._moments)
        self._told[kind, of] = self._now

    def _told_since(self, kind: str, of: str, asked: Moment) -> bool:
        return self._told.get((kind, of), 0) > asked
