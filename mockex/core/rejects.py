"""Why the exchange refuses a command. A closed set: each venue maps every member in one total table."""

from __future__ import annotations

from enum import Enum, auto


class RejectReason(Enum):
    """A refusal that follows from trading rules. Nothing has changed when one is returned."""

    SYMBOL_UNKNOWN = auto()
    ACCOUNT_UNKNOWN = auto()
    ACCOUNT_FROZEN = auto()
    ACCOUNT_EXISTS = auto()
    ASSET_UNKNOWN = auto()
    INSTRUMENT_HALTED = auto()
    AUCTION_LIMIT_ONLY = auto()  # a market order while only limit orders are taken
    AUCTION_MARKET_ONLY = auto()  # a limit order while only market orders are taken
    AUCTION_NO_CANCEL = auto()
    ORDER_TERMS_INVALID = auto()  # a combination that no venue offers, such as a post-only market order
    PRICE_NOT_POSITIVE = auto()
    PRICE_OFF_TICK = auto()
    QTY_NOT_POSITIVE = auto()
    QTY_OFF_LOT = auto()
    QTY_BELOW_MINIMUM = auto()
    QTY_ABOVE_MAXIMUM = auto()
    QTY_OFF_STEP = auto()  # no multiple of the instrument's step of orders, though whole lots
    NOTIONAL_BELOW_MINIMUM = auto()  # a limit order's price times quantity
    MARKET_SELL_BELOW_MINIMUM = auto()
    MARKET_SELL_ABOVE_MAXIMUM = auto()
    BUDGET_BELOW_MINIMUM = auto()  # a market buy's money
    BUDGET_ABOVE_MAXIMUM = auto()
    INSUFFICIENT_FUNDS = auto()
    DUPLICATE_CLIENT_ID = auto()
    TOO_MANY_OPEN_ORDERS = auto()
    POST_ONLY_WOULD_TAKE = auto()
    FOK_NOT_FILLABLE = auto()
    PRICE_BAND_EXCEEDED = auto()  # it would trade too far from the best price
    PRICE_ABOVE_BAND = auto()  # a limit buy's price is too far above the last price
    PRICE_BELOW_BAND = auto()  # a limit sell's price is too far below the last price
    TRIGGER_MET_ALREADY = auto()  # a stop order that would not have to wait
    POSITION_UNKNOWN = auto()
    POSITION_SIDE_WRONG = auto()  # it would not open, or not close, a position of that direction
    POSITION_TERMS_CHANGED = auto()  # the position has another leverage or margin method
    LEVERAGE_OUT_OF_RANGE = auto()  # below 1, or more than a position of that size may have
    QTY_ABOVE_CLOSABLE = auto()  # more than the position has that no other order closes
    MARGIN_TOO_SMALL = auto()  # what would be left of a position's margin
    ORDER_UNKNOWN = auto()
    ORDER_SYMBOL_MISMATCH = auto()
    ORDER_FILLED = auto()
    ORDER_CANCELLED = auto()
    AMOUNT_NOT_POSITIVE = auto()
    WALLET_FROZEN = auto()
    SAME_WALLET = auto()
    PAYMENT_UNKNOWN = auto()
    PAYMENT_STEP_INVALID = auto()  # for example to cancel a withdrawal that is done
