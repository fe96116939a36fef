"""Orders that are placed once a price is reached, and until then are no orders: they hold no funds and stand in no book.

Owns every conditional order that is still remembered, and knows when each is due. Knows no money and no book: what is due goes
through the same door as any other order, and may be refused there. It belongs to the exchange and not to one venue, because
what a trade triggers must have happened before the next command can see the market.
Invariants: a conditional order ends once; none waits whose price the last trade has reached; of two waiting ones of an account
no two have the same client id.
After each command its trades are looked at one by one; what they trigger is placed, and its trades are looked at in turn. Of
several that one trade triggers, the one that came first goes first.
Cost: O(log n) each to come, to leave and to become due; one look for each trade and each order that trails in its instrument.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from itertools import islice
from operator import attrgetter

from mockex.core.clock import VirtualClock
from mockex.core.commands import CancelConditional, PlaceConditional, PlaceOrder
from mockex.core.events import ConditionalChanged, Event, OrderAccepted, Rejected, Trade
from mockex.core.history import IdIndex
from mockex.core.ledger import Account
from mockex.core.markets import Market
from mockex.core.orders import Order, OrderType, Side, StopTrigger
from mockex.core.policy import PPM, VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequence
from mockex.core.stops import StopBook
from mockex.core.terms import terms_refusal, trigger_refusal
from mockex.core.units import Ticks

_created_ns = attrgetter("created_ns")


class ConditionalStatus(Enum):
    WAITING = "waiting"
    TRIGGERED = "triggered"  # its order was accepted, whatever became of that
    FAILED = "failed"  # its order was refused
    CANCELLED = "cancelled"


class ConditionalOrder:
    """What is to be placed, and when. Only the exchange changes it.

    `order_id` is its own number; the order that it becomes, `placed`, has another. `failure`: why that was refused.
    With `trail_ppm` its trigger only begins the pursuit: from then on `extreme` is the furthest price so far, the highest for a
    sale and the lowest for a buy, and the order is due once the price has come back from there by so many millionths.
    """

    __slots__ = (
        "account",
        "created_ns",
        "extreme",
        "failure",
        "order",
        "order_id",
        "placed",
        "status",
        "trail_ppm",
        "trigger",
        "updated_ns",
    )

    def __init__(self, order_id: int, account: Account, command: PlaceConditional, created_ns: int) -> None:
        self.order_id = order_id
        self.account = account
        self.order: PlaceOrder = command.order
        self.trigger: StopTrigger = command.trigger
        self.trail_ppm = command.trail_ppm
        self.created_ns = created_ns
        self.updated_ns = created_ns
        self.status = ConditionalStatus.WAITING
        self.extreme: Ticks | None = None
        self.placed: Order | None = None
        self.failure: Rejected | None = None

    def follow(self, price: Ticks) -> bool:
        """Takes note of a trade while it trails. Whether that trade is the one that it waits for."""
        assert self.extreme is not None, f"{self!r} does not trail yet"
        assert self.trail_ppm is not None, f"{self!r} does not trail"
        if self.order.side is Side.SELL:
            self.extreme = max(self.extreme, price)
            return price * PPM <= self.extreme * (PPM - self.trail_ppm)
        self.extreme = min(self.extreme, price)
        return price * PPM >= self.extreme * (PPM + self.trail_ppm)

    def __repr__(self) -> str:
        return f"<ConditionalOrder {self.order_id} {self.order.symbol} {self.order.side.name} {self.status.name}>"


class _Watch:
    """One instrument's waiting conditional orders."""

    __slots__ = ("book", "trailing")

    def __init__(self) -> None:
        self.book: StopBook[ConditionalOrder] = StopBook()
        self.trailing: dict[int, ConditionalOrder] = {}  # those whose pursuit has begun, oldest first

    def add(self, conditional: ConditionalOrder, last_price: Ticks | None) -> None:
        if conditional.trail_ppm is not None and last_price is not None and conditional.trigger.is_met(last_price, last_price):
            self._pursue(conditional, last_price)
        else:
            self.book.add(conditional)

    def remove(self, conditional: ConditionalOrder) -> None:
        if self.trailing.pop(conditional.order_id, None) is None:
            self.book.remove(conditional)

    def take_due(self, price: Ticks) -> list[ConditionalOrder]:
        """Takes out what a trade at that price triggers, the one that came first, first."""
        due = [conditional for conditional in self.trailing.values() if conditional.follow(price)]
        for conditional in due:
            del self.trailing[conditional.order_id]
        for conditional in self.book.take_due(price, price):
            if conditional.trail_ppm is None:
                due.append(conditional)
            else:
                self._pursue(conditional, price)
        due.sort(key=lambda conditional: conditional.order_id)
        return due

    def _pursue(self, conditional: ConditionalOrder, price: Ticks) -> None:
        conditional.extreme = price
        self.trailing[conditional.order_id] = conditional


class _AccountConditionals:
    """One account's, of all instruments. `newest_named`: by client id."""

    __slots__ = ("ended", "newest_named", "waiting")

    def __init__(self) -> None:
        self.waiting: IdIndex[ConditionalOrder] = IdIndex(_created_ns)
        self.ended: IdIndex[ConditionalOrder] = IdIndex(_created_ns)
        self.newest_named: dict[str, ConditionalOrder] = {}


class Conditionals:
    """Executes `PlaceConditional` and `CancelConditional`. `waiting`: how many there are; without any nobody need ask."""

    def __init__(
        self,
        *,
        policy: VenuePolicy,
        clock: VirtualClock,
        accounts: Mapping[str, Account],
        markets: Mapping[str, Market],
        ids: Sequence,
        place: Callable[[PlaceOrder], list[Event]],
    ) -> None:
        """`place` places an order, or refuses it with a single event."""
        self.waiting = 0
        self._last_price_band = policy.last_price_band
        self._retention_ns = policy.order_retention_ns
        self._now_ns = clock.now_ns
        self._accounts = accounts
        self._markets = markets
        self._ids = ids
        self._place_order = place
        self._watches: dict[str, _Watch] = {}
        self._books: dict[Account, _AccountConditionals] = {}
        self._ended: deque[ConditionalOrder] = deque()  # in the order of their ends

    # --- commands

    def place(self, command: PlaceConditional) -> list[Event]:
        order = command.order
        market, account = self._markets.get(order.symbol), self._accounts.get(order.account_id)
        if market is None:
            return [Rejected(RejectReason.SYMBOL_UNKNOWN, order.symbol)]
        if account is None:
            return [Rejected(RejectReason.ACCOUNT_UNKNOWN, order.account_id)]
        refused = self._refusal(command, market, account)
        if refused is not None:
            return [refused]
        conditional = ConditionalOrder(self._ids.next(), account, command, self._now_ns())
        book = self._books.setdefault(account, _AccountConditionals())
        book.waiting.add(conditional.order_id, conditional)
        if order.client_id is not None:
            book.newest_named[order.client_id] = conditional
        self._watches.setdefault(order.symbol, _Watch()).add(conditional, market.ticker.last_price)
        self.waiting += 1
        return [ConditionalChanged(conditional, conditional.status, conditional.created_ns)]

    def cancel(self, command: CancelConditional) -> list[Event]:
        account = self._accounts.get(command.account_id)
        conditional = None if account is None else self.by_id(account, command.order_id)
        if conditional is None:
            return [Rejected(RejectReason.ORDER_UNKNOWN, str(command.order_id))]
        if conditional.status is not ConditionalStatus.WAITING:
            return [Rejected(RejectReason.ORDER_CANCELLED, str(command.order_id))]
        self._watches[conditional.order.symbol].remove(conditional)
        return [self._end(conditional, ConditionalStatus.CANCELLED)]

    def follow(self, events: list[Event], start: int = 0) -> None:
        """Places what the trades among these events trigger, from the `start`-th on, and what the trades of that trigger; all
        that happens is added.
        """
        for event in islice(events, start, None):  # the list grows meanwhile, and what is added is looked at too
            if type(event) is Trade:
                watch = self._watches.get(event.symbol)
                for conditional in watch.take_due(event.price) if watch is not None else ():
                    self._trigger(conditional, events)

    def _refusal(self, command: PlaceConditional, market: Market, account: Account) -> Rejected | None:
        """The first rule that it breaks. Its order must be sound but for the account's funds and other orders; a limit price is
        measured from the trigger, like that of a stop order.
        """
        order = command.order
        if order.trigger is not None:
            return Rejected(RejectReason.ORDER_TERMS_INVALID)
        if command.trigger.price <= 0:
            return Rejected(RejectReason.PRICE_NOT_POSITIVE, str(command.trigger.price))
        judged = replace(order, trigger=command.trigger) if order.order_type is OrderType.LIMIT else order
        refused = terms_refusal(judged, market, account, self._last_price_band)
        if refused is None and command.trail_ppm is None:
            refused = trigger_refusal(command.trigger, market)
        if refused is None and order.client_id is not None:
            earlier = self.named(account, order.client_id)
            if earlier is not None and earlier.status is ConditionalStatus.WAITING:
                return Rejected(RejectReason.DUPLICATE_CLIENT_ID, order.client_id)
        return refused

    def _trigger(self, conditional: ConditionalOrder, events: list[Event]) -> None:
        outcome = self._place_order(conditional.order)
        first = outcome[0]
        if isinstance(first, Rejected):
            conditional.failure = first
            events.append(self._end(conditional, ConditionalStatus.FAILED))
            return
        assert isinstance(first, OrderAccepted), f"an order began with {first!r}"
        conditional.placed = first.order
        events.append(self._end(conditional, ConditionalStatus.TRIGGERED))
        events += outcome

    def _end(self, conditional: ConditionalOrder, status: ConditionalStatus) -> ConditionalChanged:
        """It waits no longer, and is out of its watch already."""
        self.waiting -= 1
        conditional.status = status
        conditional.updated_ns = self._now_ns()
        book = self._books[conditional.account]
        book.waiting.discard(conditional.order_id)
        book.ended.add(conditional.order_id, conditional)
        self._ended.append(conditional)
        if not conditional.account.keeps_history:
            self._forget(self._ended.pop())
        return ConditionalChanged(conditional, status, conditional.updated_ns)

    # --- reading

    def by_id(self, account: Account, order_id: int) -> ConditionalOrder | None:
        """One of the account's own."""
        found = self.page(account, older_than=order_id + 1, newer_than=order_id - 1, limit=1)
        return found[0] if found else None

    def named(self, account: Account, client_id: str) -> ConditionalOrder | None:
        """The account's newest of that client id."""
        self.forget_expired()
        book = self._books.get(account)
        return None if book is None else book.newest_named.get(client_id)

    def page(
        self,
        account: Account,
        *,
        waiting: bool | None = None,
        older_than: int | None = None,
        newer_than: int | None = None,
        span_ns: tuple[int, int] | None = None,
        limit: int,
        where: Callable[[ConditionalOrder], bool] | None = None,
    ) -> list[ConditionalOrder]:
        """At most `limit` of the account's, newest first; see `history` for the contract; `span_ns` is of their placing.
        `waiting`: those that do, those that have ended, or None for both.
        """
        self.forget_expired()
        book = self._books.get(account)
        if book is None:
            return []
        sources = [index for index, waits in ((book.waiting, True), (book.ended, False)) if waiting in (None, waits)]
        found = [
            conditional
            for index in sources
            for conditional in index.page(
                older_than=older_than, newer_than=newer_than, span_ns=span_ns, limit=limit, where=where
            )
        ]
        return sorted(found, key=lambda conditional: -conditional.order_id)[:limit]

    def waiting_ones(self) -> list[ConditionalOrder]:
        """Of all accounts, oldest first."""
        found = [
            conditional
            for watch in self._watches.values()
            for conditional in (*watch.book, *watch.trailing.values())
        ]  # fmt: skip
        return sorted(found, key=lambda conditional: conditional.order_id)

    def forget_expired(self) -> None:
        """Drops those whose end is as long ago as the venue remembers orders. Amortised O(log n) each."""
        before_ns = self._now_ns() - self._retention_ns
        while self._ended and self._ended[0].updated_ns <= before_ns:
            self._forget(self._ended.popleft())

    def _forget(self, conditional: ConditionalOrder) -> None:
        book = self._books[conditional.account]
        book.ended.discard(conditional.order_id)
        name = conditional.order.client_id
        if name is not None and book.newest_named.get(name) is conditional:
            del book.newest_named[name]
