"""Orders from their terms to their end: check, hold, match, settle, rest or cancel.

Every check comes before the first change; a refused order leaves no trace. The order of one command's events: accepted; for
each match the trade, the maker's fill, the taker's fill; then rested or cancelled.
"""

from __future__ import annotations

from mockex.core.clock import VirtualClock
from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import Event, OrderAccepted, OrderCancelled, OrderFilled, OrderRested, Rejected, Trade
from mockex.core.history import Log
from mockex.core.ledger import Account, Balance, Ledger
from mockex.core.markets import Market, MarketPhase
from mockex.core.matching import Match, MatchResult, Preview, match, preview
from mockex.core.order_history import OrderHistory
from mockex.core.orders import (
    LIVE,
    ORDER_TRANSITIONS,
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
from mockex.core.units import Atoms, Ticks

PPM = 1_000_000

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
        self._fills: dict[tuple[Account, str], Log[Fill]] = {}

    def fills(self, account: Account, symbol: str) -> Log[Fill]:
        """The account's fills in one instrument, by fill id."""
        log = self._fills.get((account, symbol))
        if log is None:
            log = self._fills[account, symbol] = Log()
        return log

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
        if market.book.crosses(command.side, command.limit_price) or command.time_in_force is TimeInForce.FOK:
            outlook = self._preview(command, market, account)
            stop = self._stop_reason(command, market, outlook)
            if stop is not None and self._refusal_of(stop) is Refusal.REJECT:
                return [Rejected(_STOP_AS_REJECT[stop], str(outlook.worst_price))]

        instrument = market.instrument
        asset = instrument.quote if command.side is Side.BUY else instrument.base
        amount = self._worst_cost(command, market, outlook)
        available = account.available(instrument.wallet, asset.code)
        if amount > available:
            return [Rejected(RejectReason.INSUFFICIENT_FUNDS, str(amount), str(available))]
        balance = account.balance(instrument.wallet, asset.code)
        return self._accept(command, market, account, balance, amount, stop)

    def _refusal(self, command: PlaceOrder, market: Market, account: Account) -> Rejected | None:
        """The first rule that the order's terms break, without a look at the book."""
        instrument = market.instrument
        if account.frozen:
            return Rejected(RejectReason.ACCOUNT_FROZEN, account.account_id)
        if instrument.wallet in account.frozen_wallets:
            return Rejected(RejectReason.WALLET_FROZEN, instrument.wallet.name)
        if market.phase is not MarketPhase.CONTINUOUS:
            reason = _phase_refusal(market.phase, command.order_type)
            if reason is not None:
                return Rejected(reason, instrument.symbol)
        price, qty, budget = command.limit_price, command.order_qty, command.budget
        if command.order_type is OrderType.LIMIT:
            if price is None or qty is None or budget is not None:
                return Rejected(RejectReason.ORDER_TERMS_INVALID)
            if command.post_only and command.time_in_force is not TimeInForce.GTC:
                return Rejected(RejectReason.ORDER_TERMS_INVALID)
            if price <= 0:
                return Rejected(RejectReason.PRICE_NOT_POSITIVE, str(price))
        elif (
            price is not None
            or command.post_only
            or (qty is None) == (budget is None)
            or (budget is not None and command.side is Side.SELL)
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
        return self._history_refusal(command, account)

    def _history_refusal(self, command: PlaceOrder, account: Account) -> Rejected | None:
        """Rules about the account's other orders."""
        policy = self._policy
        if command.client_id is not None and policy.client_ids is not ClientIdPolicy.NEWEST:
            earlier = self._orders.by_client_id(account, command.client_id)
            if earlier is not None and (policy.client_ids is ClientIdPolicy.UNIQUE or earlier.is_live):
                return Rejected(RejectReason.DUPLICATE_CLIENT_ID, command.client_id)
        if policy.max_open_orders is not None:
            live = len(self._orders.live(account, command.symbol))
            if live >= policy.max_open_orders:
                return Rejected(RejectReason.TOO_MANY_OPEN_ORDERS, str(live), str(policy.max_open_orders))
        return None

    def _preview(self, command: PlaceOrder, market: Market, account: Account) -> Preview:
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

    def _stop_reason(self, command: PlaceOrder, market: Market, outlook: Preview) -> CancelReason | None:
        """Why the whole order must not trade, given how it would."""
        if command.post_only:
            return CancelReason.WOULD_TAKE
        if command.time_in_force is TimeInForce.FOK and not outlook.complete:
            return CancelReason.NOT_FILLABLE
        band_ppm = self._policy.price_band_ppm
        best = market.book.opposite(command.side).best
        if band_ppm is not None and outlook.worst_price is not None and best is not None:
            deviation: Ticks = abs(outlook.worst_price - best.price)
            if deviation * PPM > best.price * band_ppm:
                return CancelReason.PRICE_BAND
        return None

    def _refusal_of(self, stop: CancelReason) -> Refusal:
        if stop is CancelReason.WOULD_TAKE:
            return self._policy.post_only_that_takes
        if stop is CancelReason.NOT_FILLABLE:
            return self._policy.unfillable_fok
        return self._policy.outside_price_band

    def _worst_cost(self, command: PlaceOrder, market: Market, outlook: Preview | None) -> Atoms:
        """What to hold: the most that the order can come to cost. Fees are taken from what is received."""
        instrument = market.instrument
        if command.budget is not None:
            return command.budget
        assert command.order_qty is not None
        if command.side is Side.SELL:
            return command.order_qty * instrument.atoms_per_lot
        if command.limit_price is not None:
            return instrument.notional(command.limit_price, command.order_qty)
        return 0 if outlook is None else outlook.notional

    def _accept(
        self,
        command: PlaceOrder,
        market: Market,
        account: Account,
        balance: Balance,
        amount: Atoms,
        stop: CancelReason | None,
    ) -> list[Event]:
        now_ns = self._now_ns()
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
            now_ns,
            post_only=command.post_only,
        )
        self._ledger.hold(balance, amount)
        order.hold_left = amount
        order.status = ORDER_TRANSITIONS[order.status, OrderEvent.ACCEPT]
        self._orders.add(order)
        events: list[Event] = [OrderAccepted(order, now_ns)]
        if stop is not None:
            self._end(order, stop, events, now_ns)
            return events
        rests = command.order_type is OrderType.LIMIT and command.time_in_force is TimeInForce.GTC
        if market.book.crosses(order.side, order.limit_price):
            result = match(market.book, order, self._policy.self_trade)
            self._settle_all(market, order, result, events, now_ns)
            if result.taker_stopped and order.status in LIVE:
                self._end(order, CancelReason.SELF_TRADE, events, now_ns)
        if order.status in LIVE:
            if rests:
                market.book.add(order)
                events.append(OrderRested(order))
            else:
                self._end(order, CancelReason.IMMEDIATE_REMAINDER, events, now_ns)
        return events

    # --- trading

    def _settle_all(self, market: Market, taker: Order, result: MatchResult, events: list[Event], now_ns: int) -> None:
        spent = taker.budget is not None and not result.taker_stopped and self._is_spent(market, taker, result)
        last = len(result.matches) - 1
        for index, made in enumerate(result.matches):
            self._settle(market, taker, made, spent and index == last, events, now_ns)
        for maker in result.self_cancelled:
            self._end(maker, CancelReason.SELF_TRADE, events, now_ns, rested=True)

    @staticmethod
    def _is_spent(market: Market, taker: Order, result: MatchResult) -> bool:
        """Whether a budget is used up: its rest buys not one lot, at the last price or at the next."""
        if not result.matches:
            return False
        instrument = taker.instrument
        if instrument.affordable_qty(result.matches[-1].price, taker.budget_left) == 0:
            return True
        following = market.book.asks.best
        return following is not None and instrument.affordable_qty(following.price, taker.budget_left) == 0

    def _settle(self, market: Market, taker: Order, made: Match, spent: bool, events: list[Event], now_ns: int) -> None:
        """Books one match and tells both orders and the market of it."""
        maker, price, qty = made
        instrument = market.instrument
        unit = instrument.atoms_per_tick_lot
        notional: Atoms = price * qty * unit
        base_amount: Atoms = qty * instrument.atoms_per_lot
        taker_buys = taker.side is Side.BUY
        buyer, seller = (taker, maker) if taker_buys else (maker, taker)
        buyer_liquidity, seller_liquidity = (
            (Liquidity.TAKER, Liquidity.MAKER) if taker_buys else (Liquidity.MAKER, Liquidity.TAKER)
        )
        base, quote, wallet = instrument.base, instrument.quote, instrument.wallet
        buyer_fee = buyer.account.fees.fee(base_amount, base, buyer_liquidity)
        seller_fee = seller.account.fees.fee(notional, quote, seller_liquidity)
        buyer_hold = notional if buyer.limit_price is None else buyer.limit_price * qty * unit
        buyer.hold_left -= buyer_hold
        seller.hold_left -= base_amount
        first = self._ledger.settle_trade(
            buyer, seller,
            buyer.hold_balance, buyer.account.balance(wallet, base.code),
            seller.hold_balance, seller.account.balance(wallet, quote.code),
            notional, base_amount, buyer_fee, seller_fee, buyer_hold, now_ns,
        )  # fmt: skip
        trade = Trade(market.trade_ids.next(), instrument.symbol, price, qty, notional, taker.side, now_ns)
        market.on_trade(trade)
        bought = self._fill(buyer, trade, first + 1, first, buyer_fee, buyer_liquidity, spent if taker_buys else False)
        sold = self._fill(seller, trade, first + 3, first + 2, seller_fee, seller_liquidity, False)
        events.append(trade)
        if taker_buys:
            events += (OrderFilled(sold), OrderFilled(bought))
        else:
            events += (OrderFilled(bought), OrderFilled(sold))
        for order in (maker, taker):
            if order.status is OrderStatus.FILLED:
                if order.hold_left:
                    self._ledger.release(order.hold_balance, order.hold_left)
                    order.hold_left = 0
                self._orders.close(order)

    def _fill(
        self,
        order: Order,
        trade: Trade,
        fill_id: int,
        paid_entry_id: int,
        fee: Atoms,
        liquidity: Liquidity,
        spent: bool,
    ) -> Fill:
        """Counts a trade towards `order`. `spent`: this fill uses up the order's budget."""
        order.filled_qty = filled_qty = order.filled_qty + trade.qty
        order.filled_notional += trade.notional
        order.updated_ns = trade.time_ns
        complete = spent or filled_qty == order.order_qty
        order.status = ORDER_TRANSITIONS[order.status, OrderEvent.COMPLETE if complete else OrderEvent.FILL]
        fill = Fill(
            fill_id, paid_entry_id, trade.trade_id, order, trade.price, trade.qty, trade.notional, fee, liquidity,
            trade.time_ns, order.status, filled_qty, order.filled_notional,
        )  # fmt: skip
        if order.fills is None:
            order.fills = [fill]
        else:
            order.fills.append(fill)
        self.fills(order.account, trade.symbol).append(fill_id, trade.time_ns, fill)
        return fill

    # --- ending

    def cancel(self, command: CancelOrder) -> list[Event]:
        order = self._orders.by_id(command.order_id)
        subject = str(command.order_id)
        if order is None or order.account.account_id != command.account_id:
            return [Rejected(RejectReason.ORDER_UNKNOWN, subject)]
        if command.symbol is not None and command.symbol != order.instrument.symbol:
            return [Rejected(RejectReason.ORDER_SYMBOL_MISMATCH, subject, order.instrument.symbol)]
        if order.status is OrderStatus.FILLED:
            return [Rejected(RejectReason.ORDER_FILLED, subject)]
        if order.status is OrderStatus.CANCELLED:
            return [Rejected(RejectReason.ORDER_CANCELLED, subject)]
        market = self._markets[order.instrument.symbol]
        if market.phase is MarketPhase.PRICE_DISCOVERY:
            return [Rejected(RejectReason.AUCTION_NO_CANCEL, subject)]
        market.book.remove(order)
        events: list[Event] = []
        self._end(order, command.reason, events, self._now_ns(), rested=True)
        return events

    def _end(self, order: Order, reason: CancelReason, events: list[Event], now_ns: int, *, rested: bool = False) -> None:
        """Cancels an order that is out of the book: gives back what it held, keeps what it filled."""
        order.status = ORDER_TRANSITIONS[order.status, OrderEvent.CANCEL]
        order.cancel_reason = reason
        order.updated_ns = now_ns
        if order.hold_left:
            self._ledger.release(order.hold_balance, order.hold_left)
            order.hold_left = 0
        self._orders.close(order)
        events.append(OrderCancelled(order, reason, now_ns, rested))


def _phase_refusal(phase: MarketPhase, order_type: OrderType) -> RejectReason | None:
    if phase is MarketPhase.HALTED:
        return RejectReason.INSTRUMENT_HALTED
    if phase is MarketPhase.CALL_AUCTION and order_type is OrderType.MARKET:
        return RejectReason.AUCTION_LIMIT_ONLY
    if phase is MarketPhase.PRICE_DISCOVERY and order_type is OrderType.LIMIT:
        return RejectReason.AUCTION_MARKET_ONLY
    return None
