"""Why an operator's request cannot be carried out, in words that say what to do."""

from __future__ import annotations

from mockex.core.commands import Command
from mockex.core.events import Event, Rejected
from mockex.core.rejects import RejectReason
from mockex.simulation import Simulation


class OperatorError(ValueError):
    """The request does not fit this venue. The text says what to do instead."""


class NotFoundError(OperatorError):
    """The request names something that does not exist."""


class RefusedError(OperatorError):
    """The exchange's own rules refuse it in the present state. `reason` says which."""

    def __init__(self, rejected: Rejected) -> None:
        super().__init__(f"the exchange refuses: {REFUSALS[rejected.reason]}")
        self.reason = rejected.reason


_R = RejectReason

REFUSALS: dict[RejectReason, str] = {
    _R.SYMBOL_UNKNOWN: "there is no such instrument",
    _R.ACCOUNT_UNKNOWN: "there is no such account; create it first",
    _R.ACCOUNT_FROZEN: "the account is frozen; thaw it first",
    _R.ACCOUNT_EXISTS: "the account exists already",
    _R.ASSET_UNKNOWN: "there is no such asset",
    _R.INSTRUMENT_HALTED: "the instrument is halted; resume it first",
    _R.AUCTION_LIMIT_ONLY: "a call auction takes limit orders only; give a price",
    _R.AUCTION_MARKET_ONLY: "price discovery takes market orders only; leave the price out",
    _R.AUCTION_NO_CANCEL: "orders cannot be cancelled during price discovery; resume the instrument first",
    _R.ORDER_TERMS_INVALID: "no order has these terms together; a post-only order is a limit order that may rest",
    _R.PRICE_NOT_POSITIVE: "the price must be positive",
    _R.PRICE_OFF_TICK: "the price is off the tick grid",
    _R.QTY_NOT_POSITIVE: "the quantity must be positive",
    _R.QTY_OFF_LOT: "the quantity is off the lot grid",
    _R.QTY_BELOW_MINIMUM: "the quantity is below the instrument's minimum",
    _R.QTY_ABOVE_MAXIMUM: "the quantity is above the instrument's maximum",
    _R.QTY_OFF_STEP: "the quantity is no multiple of the instrument's step",
    _R.NOTIONAL_BELOW_MINIMUM: "price times quantity is below the instrument's minimum",
    _R.MARKET_SELL_BELOW_MINIMUM: "the quantity is below the instrument's minimum for market sells",
    _R.MARKET_SELL_ABOVE_MAXIMUM: "the quantity is above the instrument's maximum for market sells",
    _R.BUDGET_BELOW_MINIMUM: "the money to spend is below the instrument's minimum for market buys",
    _R.BUDGET_ABOVE_MAXIMUM: "the money to spend is above the instrument's maximum for market buys",
    _R.PRICE_ABOVE_BAND: "the price is too far above the last price",
    _R.PRICE_BELOW_BAND: "the price is too far below the last price",
    _R.TRIGGER_MET_ALREADY: "the trigger is met already",
    _R.INSUFFICIENT_FUNDS: "the account has too little available; deposit first",
    _R.DUPLICATE_CLIENT_ID: "the account has used this client id already",
    _R.TOO_MANY_OPEN_ORDERS: "the account has as many open orders as the venue allows; cancel some first",
    _R.POST_ONLY_WOULD_TAKE: "a post-only order would trade at once at this price",
    _R.FOK_NOT_FILLABLE: "the book cannot fill the whole order now",
    _R.PRICE_BAND_EXCEEDED: "the order would trade outside the venue's price band",
    _R.POSITION_UNKNOWN: "the account has no such position",
    _R.POSITION_SIDE_WRONG: "a long position opens with a buy and closes with a sell, a short one the other way round",
    _R.POSITION_TERMS_CHANGED: "the position has another leverage or margin method; give those, or close it first",
    _R.LEVERAGE_OUT_OF_RANGE: "the leverage must be at least 1 and at most what a position of this size may have",
    _R.QTY_ABOVE_CLOSABLE: "the quantity is more than the position has that no other order closes",
    _R.MARGIN_TOO_SMALL: "too little margin would be left to the position",
    _R.ORDER_UNKNOWN: "there is no such order",
    _R.ORDER_SYMBOL_MISMATCH: "the order belongs to another instrument",
    _R.ORDER_FILLED: "the order is filled already",
    _R.ORDER_CANCELLED: "the order is cancelled already",
    _R.AMOUNT_NOT_POSITIVE: "the amount must be positive",
    _R.WALLET_FROZEN: "the wallet is frozen; thaw it first",
    _R.SAME_WALLET: "the two wallets are the same",
    _R.PAYMENT_UNKNOWN: "there is no such payment",
    _R.PAYMENT_STEP_INVALID: "the payment cannot take this step in its present state",
}


def execute(simulation: Simulation, command: Command) -> tuple[Event, ...]:
    """Carries out a command. `RefusedError` if the exchange refuses it."""
    events = simulation.desk.execute(command)
    if events and isinstance(events[0], Rejected):
        raise RefusedError(events[0])
    return events
