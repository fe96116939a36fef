"""Which orders an instrument takes, judged by their terms: grid, sizes, limits, price band, trigger, phase, frozen accounts.

Looks at the best and the last price where a rule does, never further into the book, and changes nothing. What depends on the
account's other orders, on how the order would trade, or on its funds is the trading desk's.
The rules stand in the order in which they are told: whoever breaks several is told of the first.
"""

from __future__ import annotations

from typing import Final

from mockex.core.commands import PlaceOrder
from mockex.core.events import Rejected
from mockex.core.ledger import Account
from mockex.core.markets import Market, MarketPhase
from mockex.core.orders import BUY, SELL, OrderType, StopTrigger, TimeInForce
from mockex.core.policy import PPM, LastPriceBand
from mockex.core.rejects import RejectReason
from mockex.core.units import NO_LIMITS, Atoms, Instrument, Lots, Ticks

# Names of the module for what every order is compared with; see `orders.BUY`.
_LIMIT: Final = OrderType.LIMIT
_GTC: Final = TimeInForce.GTC
_CONTINUOUS: Final = MarketPhase.CONTINUOUS


def terms_refusal(command: PlaceOrder, market: Market, account: Account, band: LastPriceBand | None) -> Rejected | None:
    """The first rule that the order's terms break, None if they break none."""
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
        if command.trigger is not None and command.trigger.price <= 0:
            return Rejected(RejectReason.PRICE_NOT_POSITIVE, str(command.trigger.price))
    elif (
        price is not None
        or command.post_only
        or command.trigger is not None
        or (qty is None) == (budget is None)
        or (budget is not None and command.side is SELL)
    ):
        return Rejected(RejectReason.ORDER_TERMS_INVALID)
    refused: Rejected | None = None
    if qty is None:
        assert budget is not None
        refused = _budget_refusal(market, budget)
    elif qty < instrument.min_qty or instrument.limits is not NO_LIMITS or instrument.max_qty is not None:
        refused = _qty_refusal(command, instrument, qty)
    if band is not None and price is not None and refused is None:
        refused = _band_refusal(command, market, price, band)
    return refused


def _phase_refusal(phase: MarketPhase, order_type: OrderType) -> RejectReason | None:
    if phase is MarketPhase.HALTED:
        return RejectReason.INSTRUMENT_HALTED
    if phase is MarketPhase.CALL_AUCTION and order_type is OrderType.MARKET:
        return RejectReason.AUCTION_LIMIT_ONLY
    if phase is MarketPhase.PRICE_DISCOVERY and order_type is OrderType.LIMIT:
        return RejectReason.AUCTION_MARKET_ONLY
    return None


def _qty_refusal(command: PlaceOrder, instrument: Instrument, qty: Lots) -> Rejected | None:
    """Rules about the size of an order that says how much to trade."""
    if qty <= 0:
        return Rejected(RejectReason.QTY_NOT_POSITIVE, str(qty))
    if qty % instrument.qty_step:
        return Rejected(RejectReason.QTY_OFF_STEP, str(qty), str(instrument.qty_step))
    least, most = instrument.min_qty, instrument.max_qty
    limits = instrument.limits
    if command.limit_price is None and command.side is SELL:
        if limits.min_market_sell is not None:
            if qty < limits.min_market_sell:
                return Rejected(RejectReason.MARKET_SELL_BELOW_MINIMUM, str(qty), str(limits.min_market_sell))
            least = 0
        if limits.max_market_sell is not None:
            if qty > limits.max_market_sell:
                return Rejected(RejectReason.MARKET_SELL_ABOVE_MAXIMUM, str(qty), str(limits.max_market_sell))
            most = None
    elif command.limit_price is not None:
        side_most = limits.max_limit_buy if command.side is BUY else limits.max_limit_sell
        if side_most is not None:
            most = side_most
    if qty < least:
        return Rejected(RejectReason.QTY_BELOW_MINIMUM, str(qty), str(least))
    if most is not None and qty > most:
        return Rejected(RejectReason.QTY_ABOVE_MAXIMUM, str(qty), str(most))
    if limits.min_notional is not None and command.limit_price is not None:
        notional = instrument.notional(command.limit_price, qty)
        if notional < limits.min_notional:
            return Rejected(RejectReason.NOTIONAL_BELOW_MINIMUM, str(notional), str(limits.min_notional))
    return None


def _budget_refusal(market: Market, budget: Atoms) -> Rejected | None:
    """Rules about the size of a market buy that says what to spend."""
    if budget <= 0:
        return Rejected(RejectReason.AMOUNT_NOT_POSITIVE, str(budget))
    instrument, limits = market.instrument, market.instrument.limits
    if limits.max_budget is not None and budget > limits.max_budget:
        return Rejected(RejectReason.BUDGET_ABOVE_MAXIMUM, str(budget), str(limits.max_budget))
    if limits.min_budget is not None:
        if budget < limits.min_budget:
            return Rejected(RejectReason.BUDGET_BELOW_MINIMUM, str(budget), str(limits.min_budget))
        return None
    best = market.book.asks.best
    if best is not None and instrument.affordable_qty(best.price, budget) < instrument.min_qty:
        return Rejected(RejectReason.QTY_BELOW_MINIMUM, str(budget), str(instrument.min_qty))
    return None


def _band_refusal(command: PlaceOrder, market: Market, price: Ticks, band: LastPriceBand) -> Rejected | None:
    """A limit price that is worse than the last price by more than the band. A stop order is measured by its trigger, which
    will be about the last price when it comes into play.
    """
    reference = market.ticker.last_price if command.trigger is None else command.trigger.price
    if reference is None:
        return None
    if command.side is BUY:
        highest = reference * (PPM + band.buy_above_ppm) // PPM
        return Rejected(RejectReason.PRICE_ABOVE_BAND, str(price), str(highest)) if price > highest else None
    lowest = -(reference * (band.sell_below_ppm - PPM) // PPM)  # rounded up: a price below it is outside
    return Rejected(RejectReason.PRICE_BELOW_BAND, str(price), str(lowest)) if price < lowest else None


def trigger_refusal(trigger: StopTrigger, market: Market) -> Rejected | None:
    """A stop order waits at least for the next trade; one that need not wait is no stop order."""
    last_price = market.ticker.last_price
    if last_price is not None and trigger.is_met(last_price, last_price):
        return Rejected(RejectReason.TRIGGER_MET_ALREADY, str(trigger.price), str(last_price))
    return None
