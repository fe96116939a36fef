"""Orders from their terms to their end: check, hold, match, settle, rest or cancel.

Every check comes before the first change; a refused order leaves no trace. The order of one command's events: accepted; for
each match the trade, the maker's fill, the taker's fill; own orders that the self-trade policy took out; then rested or
cancelled.
Then come the stop orders that those trades reached, also with a price that only one of them had. All that are due at one look
go one after the other, the one that was placed first, first: triggered, then its own events as above. What their trades
reach queues up behind them.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from mockex.core.clock import VirtualClock
from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import (
    Event,
    OrderAccepted,
    OrderCancelled,
    OrderRested,
    OrderTriggered,
    Rejected,
)
from mockex.core.foresight import Foresight, stop_as_rejected
from mockex.core.ledger import Account, BalanceCause
from mockex.core.markets import TRIGGERING, Market, MarketPhase
from mockex.core.matching import Match, MatchResult, Preview, match
from mockex.core.order_history import OrderHistory
from mockex.core.orders import (
    LIVE,
    ORDER_TRANSITIONS,
    CancelReason,
    Liquidity,
    Order,
    OrderEvent,
    OrderStatus,
    OrderType,
    StopTrigger,
    TimeInForce,
)
from mockex.core.policy import ClientIdPolicy, Refusal, VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.terms import terms_refusal, trigger_refusal
from mockex.core.units import Lots, Ticks

# Names of the module for what every order is compared with or made of; see `orders.BUY`.
_LIMIT: Final = OrderType.LIMIT
_GTC: Final = TimeInForce.GTC
_FOK: Final = TimeInForce.FOK
_CONTINUOUS: Final = MarketPhase.CONTINUOUS
_MAKER: Final = Liquidity.MAKER
_TAKER: Final = Liquidity.TAKER
_FILLED: Final = OrderStatus.FILLED
_FILL: Final = OrderEvent.FILL
_COMPLETE: Final = OrderEvent.COMPLETE
_CANCEL: Final = OrderEvent.CANCEL
_TRIGGER: Final = OrderEvent.TRIGGER
_WAITING: Final = OrderStatus.WAITING
_ACCEPTED: Final = ORDER_TRANSITIONS[OrderStatus.NEW, OrderEvent.ACCEPT]
_ACCEPTED_TO_WAIT: Final = ORDER_TRANSITIONS[OrderStatus.NEW, OrderEvent.WAIT]
_PLACED: Final = BalanceCause.ORDER_PLACED
_ENDED: Final = BalanceCause.ORDER_CANCELLED
_new_tuple = tuple.__new__  # what a NamedTuple's own constructor calls, at half its cost


class TradingDesk:
    """Executes `PlaceOrder` and `CancelOrder` on the exchange's state."""

    def __init__(
        self,
        *,
        policy: VenuePolicy,
        clock: VirtualClock,
        accounts: dict[str, Account],
        markets: dict[str, Market],
        orders: OrderHistory,
    ) -> None:
        self._policy = policy
        self._foresight = Foresight(policy)
        self._last_price_band = policy.last_price_band
        self._now_ns = clock.now_ns
        self._accounts = accounts
        self._markets = markets
        self._orders = orders
        self._checks_history = policy.client_ids is not ClientIdPolicy.NEWEST or policy.max_open_orders is not None

    # --- placing

    def place(self, command: PlaceOrder) -> list[Event]:
        market = self._markets.get(command.symbol)
        account = self._accounts.get(command.account_id)
        if market is None:
            return [Rejected(RejectReason.SYMBOL_UNKNOWN, command.symbol)]
        if account is None:
            return [Rejected(RejectReason.ACCOUNT_UNKNOWN, command.account_id)]
        refused = terms_refusal(command, market, account, self._last_price_band)
        if refused is None and (self._checks_history or command.open_orders_cap is not None):
            refused = self._history_refusal(command, account)
        if refused is not None:
            return [refused]
        if command.trigger is not None:
            return self._wait(command, command.trigger, market, account)

        outlook: Preview | None = None
        stop: CancelReason | None = None
        bound: Ticks | None = None
        crosses = market.book.crosses(command.side, command.limit_price)
        if crosses or command.time_in_force is _FOK:
            foresight = self._foresight
            if foresight.cuts:
                bound = foresight.bound(command, market)
            outlook = foresight.outlook(command, market, account, bound)
            if outlook is not None or command.post_only:
                stop = foresight.stop_reason(command, market, outlook)
            if stop is not None and foresight.refusal_of(stop) is Refusal.REJECT:
                return [stop_as_rejected(stop, command, market, outlook)]

        order = market.settlement.accept(command, market, account, outlook)
        if isinstance(order, Rejected):
            return [order]
        order.status = _ACCEPTED
        events: list[Event] = [_new_tuple(OrderAccepted, (order, order.created_ns))]
        if stop is not None:
            self._end(market, order, stop, events)
            return events
        if not crosses and command.order_type is _LIMIT and command.time_in_force is _GTC:
            market.book.add(order)
            events.append(_new_tuple(OrderRested, (order,)))
            return events
        matches = self._trade(market, order, bound, events) if crosses else None
        if order.status in LIVE:
            self._leave(market, order, bound, events)
        if matches and market.stops.waiting and market.phase in TRIGGERING:
            self._trigger(market, matches[0].price, matches[-1].price, events)
        return events

    def _history_refusal(self, command: PlaceOrder, account: Account) -> Rejected | None:
        """Rules about the account's other orders."""
        policy = self._policy
        if command.client_id is not None and policy.client_ids is not ClientIdPolicy.NEWEST:
            earlier = self._orders.newest_named(account, command.client_id)
            if earlier is not None and (earlier.is_live or self._is_taken_by(earlier)):
                return Rejected(RejectReason.DUPLICATE_CLIENT_ID, command.client_id)
        if command.order_type is _LIMIT and (command.time_in_force is _GTC or command.trigger is not None):
            return self._cap_refusal(command, account)
        return None

    def _is_taken_by(self, ended: Order) -> bool:
        """Whether an order that has ended still keeps its client id from others."""
        policy = self._policy
        if policy.client_ids is not ClientIdPolicy.UNIQUE:
            return False
        return policy.client_id_taken_ns is None or self._now_ns() < ended.created_ns + policy.client_id_taken_ns

    def _cap_refusal(self, command: PlaceOrder, account: Account) -> Rejected | None:
        """Of an order that could stay, where the account has as many as it may."""
        in_instrument, in_all = self._policy.max_open_orders, command.open_orders_cap
        if in_instrument is not None:
            live = len(self._orders.live(account, command.symbol))
            if live >= in_instrument:
                return Rejected(RejectReason.TOO_MANY_OPEN_ORDERS, str(live), str(in_instrument))
        if in_all is not None:
            live = self._orders.live_count(account)
            if live >= in_all:
                return Rejected(RejectReason.TOO_MANY_OPEN_ORDERS, str(live), str(in_all))
        return None

    # --- trading

    def _trade(self, market: Market, taker: Order, bound: Ticks | None, events: list[Event]) -> list[Match]:
        """Matches an order that crosses, and settles what came of it. Returns the matches, from the best price on."""
        policy = self._policy
        step = 1 if taker.budget is None else self._foresight.budget_step(market.instrument)
        result = match(market.book, taker, taker.self_trade or policy.self_trade, bound, step)
        if result.matches:
            last = result.matches[-1]
            done = taker.remaining_qty == 0 if taker.budget is None else _is_spent(market, taker, result, step)
            match_id = market.match_ids.next()
            settle = market.settlement.settle
            for made in result.matches:
                settle(market, taker, made, match_id, _COMPLETE if done and made is last else _FILL, events)
        for maker in result.self_cancelled:
            self._end(market, maker, CancelReason.SELF_TRADE, events, rested=True)
        if result.taker_stopped:
            self._end(market, taker, CancelReason.SELF_TRADE, events)
        return result.matches

    def _leave(self, market: Market, order: Order, bound: Ticks | None, events: list[Event]) -> None:
        """What has traded all it could, and is not done, rests if it may and else ends."""
        if bound is not None and _is_cut(market, order, bound):
            self._end(market, order, CancelReason.PRICE_BAND, events)
        elif order.order_type is _LIMIT and order.time_in_force is _GTC:
            market.book.add(order)
            events.append(_new_tuple(OrderRested, (order,)))
        else:
            self._end(market, order, CancelReason.IMMEDIATE_REMAINDER, events)

    # --- stop orders

    def _wait(self, command: PlaceOrder, trigger: StopTrigger, market: Market, account: Account) -> list[Event]:
        """Places a stop order, whose other terms are sound."""
        refused = trigger_refusal(trigger, market)
        accepted = market.settlement.accept(command, market, account, None) if refused is None else refused
        if isinstance(accepted, Rejected):
            return [accepted]
        accepted.status = _ACCEPTED_TO_WAIT
        market.stops.add(accepted)
        return [OrderAccepted(accepted, accepted.created_ns)]

    def resume(self, market: Market, events: list[Event]) -> None:
        """Lets the orders go whose triggers the last price meets by now: while a phase takes no limit orders, none goes."""
        last_price = market.ticker.last_price
        if market.stops.waiting and last_price is not None and market.phase in TRIGGERING:
            self._trigger(market, last_price, last_price, events)

    def _trigger(self, market: Market, first_price: Ticks, last_price: Ticks, events: list[Event]) -> None:
        """Lets every order go that trades between two prices trigger, and those that the trades of these trigger in turn."""
        stops = market.stops
        due = deque(stops.take_due(*sorted((first_price, last_price))))
        while due:
            order = due.popleft()
            order.status = ORDER_TRANSITIONS[order.status, _TRIGGER]
            order.triggered_ns = order.updated_ns = now_ns = self._now_ns()
            events.append(OrderTriggered(order, now_ns))
            matches = self._arrive(market, order, events)
            if matches and stops.waiting:
                due.extend(stops.take_due(*sorted((matches[0].price, matches[-1].price))))

    def _arrive(self, market: Market, order: Order, events: list[Event]) -> list[Match]:
        """A triggered order comes to the book: what `place` does with a new one. It exists, so nothing refuses it any more."""
        bound: Ticks | None = None
        crosses = market.book.crosses(order.side, order.limit_price)
        if crosses or order.time_in_force is _FOK:
            foresight = self._foresight
            if foresight.cuts:
                bound = foresight.bound(order, market)
            stop = foresight.stop_reason(order, market, foresight.outlook(order, market, order.account, bound))
            if stop is not None:
                self._end(market, order, stop, events)
                return []
        matches = self._trade(market, order, bound, events) if crosses else []
        if order.status in LIVE:
            self._leave(market, order, bound, events)
        return matches

    # --- by the exchange itself

    def force(self, market: Market, order: Order, events: list[Event]) -> None:
        """Executes an order that a liquidation has made: it trades what it can, and the rest of it ends."""
        order.status = _ACCEPTED
        events.append(OrderAccepted(order, order.created_ns))
        matches = self._trade(market, order, None, events) if market.book.crosses(order.side, order.limit_price) else []
        if order.status in LIVE:
            self._end(market, order, CancelReason.IMMEDIATE_REMAINDER, events)
        if matches and market.stops.waiting and market.phase in TRIGGERING:
            self._trigger(market, matches[0].price, matches[-1].price, events)

    def withdraw(self, order: Order, reason: CancelReason, events: list[Event]) -> None:
        """Cancels a live order, whatever its market's phase."""
        market = self._markets[order.instrument.symbol]
        if order.status is _WAITING:
            market.stops.remove(order)
            self._end(market, order, reason, events, waited=True)
        else:
            market.book.remove(order)
            self._end(market, order, reason, events, rested=True)

    # --- ending

    def cancel(self, command: CancelOrder) -> list[Event]:
        order = self._orders.by_id(command.order_id)
        if order is None or order.account.account_id != command.account_id:
            return [Rejected(RejectReason.ORDER_UNKNOWN, str(command.order_id))]
        symbol = order.instrument.symbol
        if command.symbol is not None and command.symbol != symbol:
            return [Rejected(RejectReason.ORDER_SYMBOL_MISMATCH, str(command.order_id), symbol)]
        if order.status not in LIVE:
            filled = order.status is _FILLED
            return [Rejected(RejectReason.ORDER_FILLED if filled else RejectReason.ORDER_CANCELLED, str(command.order_id))]
        market = self._markets[symbol]
        if market.phase is not _CONTINUOUS and market.phase is MarketPhase.PRICE_DISCOVERY:
            return [Rejected(RejectReason.AUCTION_NO_CANCEL, str(command.order_id))]
        events: list[Event] = []
        self.withdraw(order, command.reason, events)
        return events

    def _end(
        self,
        market: Market,
        order: Order,
        reason: CancelReason,
        events: list[Event],
        *,
        rested: bool = False,
        waited: bool = False,
    ) -> None:
        """Cancels an order that is out of the book: gives back what it held, keeps what it filled."""
        order.status = ORDER_TRANSITIONS[order.status, _CANCEL]
        order.cancel_reason = reason
        order.updated_ns = now_ns = self._now_ns()
        market.settlement.release(order)
        self._orders.close(order)
        events.append(_new_tuple(OrderCancelled, (order, reason, now_ns, rested, waited)))


def _is_cut(market: Market, order: Order, bound: Ticks) -> bool:
    """Whether nothing but `bound` keeps what is left of an order from trading on."""
    book = market.book
    return book.crosses(order.side, order.limit_price) and not book.crosses(order.side, bound)


def _is_spent(market: Market, taker: Order, result: MatchResult, step: Lots) -> bool:
    """Whether a budget is used up: its rest buys not one step of lots, at the last price or at the next."""
    if result.taker_stopped:
        return False
    instrument = taker.instrument
    if instrument.affordable_qty(result.matches[-1].price, taker.budget_left) < step:
        return True
    following = market.book.asks.best
    return following is not None and instrument.affordable_qty(following.price, taker.budget_left) < step
