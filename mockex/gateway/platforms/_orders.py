"""What a link knows of the account's orders and fills.

Owns: which news of an order is news at all, which fills have been told, and which of them are missing.
Must not know: venues, requests, time.
Invariants: what an order has executed never shrinks; a terminal order never changes; a fill is told once. So it does not matter
in which order a venue's messages and its answers to queries are taken, nor how often.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Final

from mockex.gateway.platform import Action, Fill, Order, OrderStatus, OrderType

#: The default context rounds to 28 digits; sums of amounts with 18 decimals need more.
EXACT: Final = Context(prec=100)

#: Of closed orders, so many are remembered: late messages about them are recognised.
CLOSED_KEPT = 10_000

_PROGRESS: Final = {OrderStatus.NONE: 0, OrderStatus.SUBMITTED: 1, OrderStatus.PARTIAL_FILLED: 2}
_TERMINAL = 3


def executed(order: Order) -> Decimal:
    """What of an order has traded, in the unit of its quantity."""
    return EXACT.subtract(order.quantity, order.remain)


def ended(order: Order) -> bool:
    """True for an order that never changes again."""
    return order.status not in _PROGRESS


def counts_quote(order: Order) -> bool:
    """Whether the order's quantity is quote currency: a market buy on spot (gw§6)."""
    return order.position is None and order.order_type is OrderType.MARKET and order.action is Action.BUY


@dataclass(slots=True, kw_only=True)
class _Known:
    """`order` None: placed, and nothing has been heard of it yet."""

    pair: str
    order: Order | None = None
    fills: dict[str, Decimal] = field(default_factory=dict)  # in the unit of the order's quantity, by number

    def lacks_fills(self) -> bool:
        return self.order is not None and executed(self.order) > sum_of(self.fills.values())


class OrderLog:
    """The account's orders, from the moment at which the link first hears of them."""

    __slots__ = ("_closed", "_lacking", "_newest_fill", "_open")

    def __init__(self) -> None:
        self._open: dict[str, _Known] = {}
        self._closed: OrderedDict[str, _Known] = OrderedDict()
        self._lacking: dict[str, None] = {}
        self._newest_fill: dict[str, int] = {}  # the highest number of a fill, by pair

    # --- orders

    def expect(self, pair: str, order_no: str) -> None:
        """The venue has taken an order of which nothing may have been heard yet."""
        if self._find(order_no) is None:
            self._open[order_no] = _Known(pair=pair)

    def take(self, order: Order) -> bool:
        """False if this says nothing new."""
        known = self._find(order.order_no)
        if known is None:
            known = self._open[order.order_no] = _Known(pair=order.pair)
        if known.order is not None and (ended(known.order) or _standing(order) <= _standing(known.order)):
            return False
        known.order = order
        if ended(order):
            self._close(order.order_no, known)
        self._weigh(order.order_no, known)
        return True

    def get(self, order_no: str) -> Order | None:
        """The order as it was last told; None if nothing has been heard of it."""
        known = self._find(order_no)
        return None if known is None else known.order

    def pair_of(self, order_no: str) -> str | None:
        """The pair of an order; None if it is unknown."""
        known = self._find(order_no)
        return None if known is None else known.pair

    def unfinished(self) -> list[tuple[str, str]]:
        """Pair and number of every order that may still change, the oldest knowledge first."""
        return [(known.pair, order_no) for order_no, known in self._open.items()]

    def forget(self, order_no: str) -> None:
        """The venue knows no such order, and nothing was ever heard of it."""
        self._open.pop(order_no, None)

    def _find(self, order_no: str) -> _Known | None:
        return self._open.get(order_no) or self._closed.get(order_no)

    def _close(self, order_no: str, known: _Known) -> None:
        self._open.pop(order_no, None)
        self._closed[order_no] = known
        while len(self._closed) > CLOSED_KEPT:
            forgotten, _ = self._closed.popitem(last=False)
            self._lacking.pop(forgotten, None)

    # --- fills

    def take_fill(self, fill: Fill) -> bool:
        """False if the fill was told before, or belongs to no known order."""
        known = self._find(fill.order_no)
        if known is None or known.order is None or fill.fill_no in known.fills:
            return False
        value = EXACT.multiply(fill.price, fill.quantity) if counts_quote(known.order) else fill.quantity
        known.fills[fill.fill_no] = value
        self.note_fill(fill.pair, fill.fill_no)
        self._weigh(fill.order_no, known)
        return True

    def lacking_fills(self) -> list[Order]:
        """Every order whose fills do not add up to what it has executed."""
        return [order for order in map(self.get, self._lacking) if order is not None]

    def lacks_fills(self, order_no: str) -> bool:
        """True if fills of this order are missing."""
        return order_no in self._lacking

    def _weigh(self, order_no: str, known: _Known) -> None:
        if known.lacks_fills():
            self._lacking[order_no] = None
        else:
            self._lacking.pop(order_no, None)

    def note_fill(self, pair: str, fill_no: str) -> None:
        """Whatever has numbers up to this one is not news for `is_newer`. Numbers of a pair ascend."""
        self._newest_fill[pair] = max(self._newest_fill.get(pair, 0), _number(fill_no))

    def is_newer(self, pair: str, fill_no: str) -> bool:
        """True for a fill above all that were noted of its pair."""
        return _number(fill_no) > self._newest_fill.get(pair, 0)


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def _standing(order: Order) -> tuple[Decimal, int]:
    """How far an order has come: of two states the one that stands higher is the later one."""
    return executed(order), _PROGRESS.get(order.status, _TERMINAL)


def _number(fill_no: str) -> int:
    return int(fill_no) if fill_no.isascii() and fill_no.isdigit() else 0
