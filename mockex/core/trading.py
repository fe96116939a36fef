"""Orders from their terms to their end: check, hold, match, settle, rest or cancel.

Every check comes before the first change; a refused order leaves no trace. The order of one command's events: accepted; for
each match the trade, the maker's fill, the taker's fill; own orders that the self-trade policy took out; then rested or
cancelled.
"""

from __future__ import annotations

from typing import Final

from mockex.core.clock import VirtualClock
from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import Event, OrderAccepted, OrderCancelled, OrderFilled, OrderRested, Rejected, Trade
from mockex.core.ledger import Account, Balance, Ledger
from mockex.core.markets import Market, MarketPhase
from mockex.core.matching import Match, MatchResult, Preview, match, preview
from mockex.core.order_history import OrderHistory
from mockex.core.orders import (
    BUY,
    LIVE,
    ORDER_TRANSITIONS,
    SELL,
    CancelReason,
    Fill,
    Liquidity,
    Order,
    OrderEvent,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from mockex.core.policy import ClientIdPolicy, Refusal, VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequence
from mockex.core.units import Atoms, Instrument, Ticks

PPM = 1_000_000

# Names of the module for what every order is compared with or made of; see `orders.BUY`.
_LIMIT: Final = OrderType.LIMIT
_GTC: Final = TimeInForce.GTC
_FOK: Final = TimeInForce.FOK
_CONTINUOUS: Final = MarketPhase.CONTINUOUS
_MAKER: Final = Liquidity.MAKER
_TAKER: Final = Liquidity.TAKER
_FILLED: Final = OrderStatus.FILLED
_ACCEPT: Final = OrderEvent.ACCEPT
_FILL: Final = OrderEvent.FILL
_COMPLETE: Final = OrderEvent.COMPLETE
_CANCEL: Final = OrderEvent.CANCEL
_new_tuple = tuple.__new__  # what a NamedTuple's own constructor calls, at half its cost

# What a stopped order is told, when the venue refuses it instead of accepting and cancelling it.
_STOP_AS_REJECT = {
    CancelReason.WOULD_TAKE: RejectReason.POST_ONLY_WOULD_TAKE,
    CancelReason.NOT_FILLABLE: RejectReason.FOK_NOT_FILLABLE,
    CancelReason.PRICE_BAND: RejectReason.PRICE_BAND_EXCEEDED,
}


class TradingDesk:
    """Executes `PlaceOrder` and `CancelOrder` on the exchange's state."""

    def __init__(
        self,
        *,
        policy: VenuePolicy,
        clock: VirtualClock,
        accounts: dict[str, Account],
        markets: dict[str, Market],
        ledger: Ledger,
        orders: OrderHistory,
        order_ids: Sequence,
    ) -> None:
        self._policy = policy
        self._now_ns = clock.now_ns
        self._accounts = accounts
        self._markets = markets
        self._ledger = ledger
        self._orders = orders
        self._order_ids = order_ids
        self._checks_history = policy.client_ids is not ClientIdPolicy.NEWEST or policy.max_open_orders is not None

    # --- placing

    def place(self, command: PlaceOrder) -> list[Event]:
        market = self._markets.get(command.symbol)
        account = self._accounts.get(command.account_id)
        if market is None:
            return [Rejected(RejectReason.SYMBOL_UNKNOWN, command.symbol)]
        if account is None:
            return [Rejected(RejectReason.ACCOUNT_UNKNOWN, command.account_id)]
        refused = self._refusal(command, market, account)
        if refused is not None:
            return [refused]

        outlook: Preview | None = None
        stop: CancelReason | None = None
        crosses = market.book.crosses(command.side, command.limit_price)
        if crosses or command.time_in_force is _FOK:
            outlook = self._outlook(command, market, account)
            stop = self._stop_reason(command, market, outlook)
            if stop is not None and self._refusal_of(stop) is Refusal.REJECT:
                return [_stop_as_rejected(stop, command, market, outlook)]

        instrument = market.instrument
        asset = instrument.quote if command.side is BUY else instrument.base
        amount = _worst_cost(command, instrument, outlook)
        balance = account.wallets[instrument.wallet].get(asset.code)
        available = 0 if balance is None else balance.total - balance.held
        if amount > available:
            return [Rejected(RejectReason.INSUFFICIENT_FUNDS, str(amount), str(available))]

        order = self._accept(command, market, account, balance or account.balance(instrument.wallet, asset.code), amount)
        events: list[Event] = [_new_tuple(OrderAccepted, (order, order.created_ns))]
        if stop is not None:
            self._end(order, stop, events)
            return events
        if crosses:
            self._trade(market, order, events)
        if order.status in LIVE:
            if command.order_type is _LIMIT and command.time_in_force is _GTC:
                market.book.add(order)
                events.append(_new_tuple(OrderRested, (order,)))
            else:
                self._end(order, CancelReason.IMMEDIATE_REMAINDER, events)
        return events

    def _refusal(self, command: PlaceOrder, market: Market, account: Account) -> Rejected | None:
        """The first rule that the order's terms break, without a look at the book."""
        instrument = market.instrument
        if account.frozen:
            return Rejected(RejectReason.ACCOUNT_FROZEN, account.account_id)
        if account.frozen_wallets and instrument.wallet in account.frozen_wallets:
            return Rejected(RejectReason.WALLET_FROZEN, instrument.wallet.name)
        if market.phase is not _CONTINUOUS:
            reason = _phase_refusal(market.phase, command.order_type)
            if reason is not None:
                return Rejected(reason, instrument.symbol)
        price, qty, budget = command.limit_price, command.order_qty, command.budget
        if command.order_type is _LIMIT:
            if price is None or qty is None or budget is not None:
                return Rejected(RejectReason.ORDER_TERMS_INVALID)
            if command.post_only and command.time_in_force is not _GTC:
                return Rejected(RejectReason.ORDER_TERMS_INVALID)
            if price <= 0:
                return Rejected(RejectReason.PRICE_NOT_POSITIVE, str(price))
        elif (
            price is not None
            or command.post_only
            or (qty is None) == (budget is None)
            or (budget is not None and command.side is SELL)
        ):
            return Rejected(RejectReason.ORDER_TERMS_INVALID)
        if qty is not None:
            if qty <= 0:
                return Rejected(RejectReason.QTY_NOT_POSITIVE, str(qty))
            if qty < instrument.min_qty:
                return Rejected(RejectReason.QTY_BELOW_MINIMUM, str(qty), str(instrument.min_qty))
            if instrument.max_qty is not None and qty > instrument.max_qty:
                return Rejected(RejectReason.QTY_ABOVE_MAXIMUM, str(qty), str(instrument.max_qty))
        elif budget is not None:
            if budget <= 0:
                return Rejected(RejectReason.AMOUNT_NOT_POSITIVE, str(budget))
            best = market.book.asks.best
            if best is not None and instrument.affordable_qty(best.price, budget) < instrument.min_qty:
                return Rejected(RejectReason.QTY_BELOW_MINIMUM, str(budget), str(instrument.min_qty))
        return self._history_refusal(command, account) if self._checks_history else None

    def _history_refusal(self, command: PlaceOrder, account: Account) -> Rejected | None:
        """Rules about the account's other orders."""
        policy = self._policy
        if command.client_id is not None and policy.client_ids is not ClientIdPolicy.NEWEST:
            earlier = self._orders.by_client_id(account, command.client_id)
            if earlier is not None and (policy.client_ids is ClientIdPolicy.UNIQUE or earlier.is_live):
                return Rejected(RejectReason.DUPLICATE_CLIENT_ID, command.client_id)
        may_rest = command.order_type is _LIMIT and command.time_in_force is _GTC
        if policy.max_open_orders is not None and may_rest:
            live = len(self._orders.live(account, command.symbol))
            if live >= policy.max_open_orders:
                return Rejected(RejectReason.TOO_MANY_OPEN_ORDERS, str(live), str(policy.max_open_orders))
        return None

    def _outlook(self, command: PlaceOrder, market: Market, account: Account) -> Preview | None:
        """How an order would trade; None where nothing depends on it."""
        must_fill = command.time_in_force is _FOK
        hold_depends = command.order_type is not _LIMIT and command.budget is None and command.side is BUY
        if command.post_only or not (must_fill or hold_depends or self._may_leave_band(command, market)):
            return None
        return preview(
            market.book,
            side=command.side,
            limit_price=command.limit_price,
            order_qty=command.order_qty,
            budget=command.budget,
            atoms_per_tick_lot=market.instrument.atoms_per_tick_lot,
            account=account,
            self_trade=self._policy.self_trade,
        )

    def _may_leave_band(self, command: PlaceOrder, market: Market) -> bool:
        """Whether the order could trade outside the price band, with enough of it in the book."""
        if self._policy.price_band_ppm is None:
            return False
        return command.limit_price is None or self._is_outside_band(command.side, market, command.limit_price)

    def _is_outside_band(self, side: Side, market: Market, price: Ticks) -> bool:
        best = market.book.opposite(side).best
        band_ppm = self._policy.price_band_ppm
        return best is not None and band_ppm is not None and abs(price - best.price) * PPM > best.price * band_ppm

    def _stop_reason(self, command: PlaceOrder, market: Market, outlook: Preview | None) -> CancelReason | None:
        """Why the whole order must not trade, given how it would."""
        if command.post_only:
            return CancelReason.WOULD_TAKE
        if outlook is None:
            return None
        if command.time_in_force is _FOK and not outlook.complete:
            return CancelReason.NOT_FILLABLE
        if outlook.worst_price is not None and self._is_outside_band(command.side, market, outlook.worst_price):
            return CancelReason.PRICE_BAND
        return None

    def _refusal_of(self, stop: CancelReason) -> Refusal:
        if stop is CancelReason.WOULD_TAKE:
            return self._policy.post_only_that_takes
        if stop is CancelReason.NOT_FILLABLE:
            return self._policy.unfillable_fok
        return self._policy.outside_price_band

    def _accept(self, command: PlaceOrder, market: Market, account: Account, balance: Balance, amount: Atoms) -> Order:
        """The order, known to the history and with `amount` of `balance` held for it."""
        order = Order(
            self._order_ids.next(),
            command.client_id,
            account,
            market.instrument,
            command.side,
            command.order_type,
            command.time_in_force,
            command.limit_price,
            command.order_qty,
            command.budget,
            balance,
            self._now_ns(),
            post_only=command.post_only,
        )
        self._ledger.hold(balance, amount)
        order.hold_left = amount
        order.status = ORDER_TRANSITIONS[order.status, _ACCEPT]
        self._orders.add(order)
        return order

    # --- trading

    def _trade(self, market: Market, taker: Order, events: list[Event]) -> None:
        """Matches an order that crosses, and settles what came of it."""
        result = match(market.book, taker, self._policy.self_trade)
        if result.matches:
            last = result.matches[-1]
            done = taker.remaining_qty == 0 if taker.budget is None else _is_spent(market, taker, result)
            for made in result.matches:
                self._settle(market, taker, made, _COMPLETE if done and made is last else _FILL, events)
        for maker in result.self_cancelled:
            self._end(maker, CancelReason.SELF_TRADE, events, rested=True)
        if result.taker_stopped:
            self._end(taker, CancelReason.SELF_TRADE, events)

    def _settle(self, market: Market, taker: Order, made: Match, taker_event: OrderEvent, events: list[Event]) -> None:
        """Books one match and tells the market and both orders of it. `taker_event`: what it is to the taker."""
        maker, price, qty = made
        instrument = market.instrument
        unit = instrument.atoms_per_tick_lot
        notional = price * qty * unit
        base_amount = qty * instrument.atoms_per_lot
        if taker.side is BUY:
            maker_pays, taker_pays = base_amount, notional
            maker_asset, taker_asset = instrument.quote, instrument.base  # what they receive
            taker_hold = notional if taker.limit_price is None else taker.limit_price * qty * unit
        else:
            maker_pays, taker_pays = notional, base_amount
            maker_asset, taker_asset = instrument.base, instrument.quote
            taker_hold = base_amount
        maker_account, taker_account, wallet = maker.account, taker.account, instrument.wallet
        maker_fee = maker_account.fees.fee(taker_pays, maker_asset, _MAKER)
        taker_fee = taker_account.fees.fee(maker_pays, taker_asset, _TAKER)
        now_ns = taker.created_ns
        first_id = self._ledger.settle_trade(
            maker, maker_account.balance(wallet, maker_asset.code), maker_pays, maker_fee,
            taker, taker_account.balance(wallet, taker_asset.code), taker_pays, taker_fee, taker_hold, now_ns,
        )  # fmt: skip
        trade = _new_tuple(Trade, (market.trade_ids.next(), instrument.symbol, price, qty, notional, taker.side, now_ns))
        market.on_trade(trade)
        events.append(trade)
        maker_event = _FILL if maker.remaining_qty else _COMPLETE
        events.append(self._fill(market, maker, trade, first_id + 1, maker_fee, _MAKER, maker_event))
        events.append(self._fill(market, taker, trade, first_id + 3, taker_fee, _TAKER, taker_event))

    def _fill(
        self, market: Market, order: Order, trade: Trade, fill_id: int, fee: Atoms, liquidity: Liquidity, event: OrderEvent
    ) -> OrderFilled:
        """Counts a trade towards `order`, and closes it when that completes it."""
        trade_id, _, price, qty, notional, _, time_ns = trade
        order.filled_qty = filled_qty = order.filled_qty + qty
        order.filled_notional = filled_notional = order.filled_notional + notional
        order.updated_ns = time_ns
        order.status = status = ORDER_TRANSITIONS[order.status, event]
        fill = _new_tuple(Fill, (
            fill_id, fill_id - 1, trade_id, order, price, qty, notional, fee, liquidity,
            time_ns, status, filled_qty, filled_notional,
        ))  # fmt: skip
        if order.fills is None:
            order.fills = [fill]
        else:
            order.fills.append(fill)
        market.fills(order.account).append(fill_id, time_ns, fill)
        if status is _FILLED:
            if order.hold_left:
                self._ledger.release(order.hold_balance, order.hold_left)
                order.hold_left = 0
            self._orders.close(order)
        return _new_tuple(OrderFilled, (fill,))

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
        market.book.remove(order)
        events: list[Event] = []
        self._end(order, command.reason, events, rested=True)
        return events

    def _end(self, order: Order, reason: CancelReason, events: list[Event], *, rested: bool = False) -> None:
        """Cancels an order that is out of the book: gives back what it held, keeps what it filled."""
        order.status = ORDER_TRANSITIONS[order.status, _CANCEL]
        order.cancel_reason = reason
        order.updated_ns = now_ns = self._now_ns()
        if order.hold_left:
            self._ledger.release(order.hold_balance, order.hold_left)
            order.hold_left = 0
        self._orders.close(order)
        events.append(_new_tuple(OrderCancelled, (order, reason, now_ns, rested)))


def _worst_cost(command: PlaceOrder, instrument: Instrument, outlook: Preview | None) -> Atoms:
    """What to hold: the most that the order can come to cost. Fees are taken from what is received."""
    if command.budget is not None:
        return command.budget
    assert command.order_qty is not None
    if command.side is SELL:
        return command.order_qty * instrument.atoms_per_lot
    if command.limit_price is not None:
        return command.limit_price * command.order_qty * instrument.atoms_per_tick_lot
    return 0 if outlook is None else outlook.notional


def _is_spent(market: Market, taker: Order, result: MatchResult) -> bool:
    """Whether a budget is used up: its rest buys not one lot, at the last price or at the next."""
    if result.taker_stopped:
        return False
    instrument = taker.instrument
    if instrument.affordable_qty(result.matches[-1].price, taker.budget_left) == 0:
        return True
    following = market.book.asks.best
    return following is not None and instrument.affordable_qty(following.price, taker.budget_left) == 0


def _stop_as_rejected(stop: CancelReason, command: PlaceOrder, market: Market, outlook: Preview | None) -> Rejected:
    """Says what the order wanted, and what the book has for it."""
    reason = _STOP_AS_REJECT[stop]
    if stop is CancelReason.NOT_FILLABLE and outlook is not None:
        return Rejected(reason, str(command.order_qty or command.budget), str(outlook.qty))
    wanted = command.limit_price if outlook is None else outlook.worst_price
    best = market.book.opposite(command.side).best
    return Rejected(reason, str(wanted), "" if best is None else str(best.price))


def _phase_refusal(phase: MarketPhase, order_type: OrderType) -> RejectReason | None:
    if phase is MarketPhase.HALTED:
        return RejectReason.INSTRUMENT_HALTED
    if phase is MarketPhase.CALL_AUCTION and order_type is OrderType.MARKET:
        return RejectReason.AUCTION_LIMIT_ONLY
    if phase is MarketPhase.PRICE_DISCOVERY and order_type is OrderType.LIMIT:
        return RejectReason.AUCTION_MARKET_ONLY
    return None
