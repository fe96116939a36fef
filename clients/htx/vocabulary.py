"""The venue's closed sets of words and numbers.

Each member's value is its wire text, so this is the only place where that text stands.
Source: HTX document, the parameter tables of each endpoint; htx§3, htx§4, htx§6.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Direction of an order; in public trades the taker's direction."""

    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """`type` of an order: side and kind in one word. The site places further types, which reads must bear."""

    BUY_MARKET = "buy-market"
    SELL_MARKET = "sell-market"
    BUY_LIMIT = "buy-limit"
    SELL_LIMIT = "sell-limit"
    BUY_IOC = "buy-ioc"
    SELL_IOC = "sell-ioc"
    BUY_LIMIT_MAKER = "buy-limit-maker"
    SELL_LIMIT_MAKER = "sell-limit-maker"
    BUY_LIMIT_FOK = "buy-limit-fok"
    SELL_LIMIT_FOK = "sell-limit-fok"
    BUY_STOP_LIMIT = "buy-stop-limit"
    SELL_STOP_LIMIT = "sell-stop-limit"
    BUY_STOP_LIMIT_FOK = "buy-stop-limit-fok"
    SELL_STOP_LIMIT_FOK = "sell-stop-limit-fok"


class Execution(StrEnum):
    """What happens to the part of a limit order that does not trade at once: the second half of its `type`."""

    NORMAL = "limit"
    IMMEDIATE_OR_CANCEL = "ioc"
    POST_ONLY = "limit-maker"
    FILL_OR_KILL = "limit-fok"


class Operator(StrEnum):
    """When a stop order is triggered: last price at or above, or at or below, its stop price."""

    AT_OR_ABOVE = "gte"
    AT_OR_BELOW = "lte"


class OrderState(StrEnum):
    """`state` of an order. PRE_SUBMITTED only in queries; REJECTED and TRIGGERED only of conditional orders."""

    CREATED = "created"
    PRE_SUBMITTED = "pre-submitted"
    SUBMITTED = "submitted"
    PARTIALLY_FILLED = "partial-filled"
    FILLED = "filled"
    PARTIALLY_CANCELLED = "partial-canceled"
    CANCELLED = "canceled"
    CANCELLING = "canceling"
    REJECTED = "rejected"
    TRIGGERED = "triggered"


class OrderStateNumber(IntEnum):
    """`order-state` of a refused cancel, and the answer to a cancel by client id (htx§3.4, htx§4.4)."""

    CLOSED_LONG_AGO = -1
    NOT_FOUND = 0
    PRE_SUBMITTED = 1
    SUBMITTED = 3
    PARTIALLY_FILLED = 4
    PARTIALLY_CANCELLED = 5
    FILLED = 6
    CANCELLED = 7
    CANCELLING = 10


class Role(StrEnum):
    """Part in a trade; BOTH and NONE only of whole orders."""

    MAKER = "maker"
    TAKER = "taker"
    BOTH = "both"
    NONE = "none"


class Period(StrEnum):
    """Length of a candle. Days, weeks, months and years begin at midnight of UTC+8 (htx§3.2)."""

    ONE_MINUTE = "1min"
    FIVE_MINUTES = "5min"
    FIFTEEN_MINUTES = "15min"
    THIRTY_MINUTES = "30min"
    ONE_HOUR = "60min"
    FOUR_HOURS = "4hour"
    ONE_DAY = "1day"
    ONE_WEEK = "1week"
    ONE_MONTH = "1mon"
    ONE_YEAR = "1year"


class DepthStep(StrEnum):
    """Merging of a book: none, then steps of ten, a hundred and so on price units."""

    NONE = "step0"
    STEP_1 = "step1"
    STEP_2 = "step2"
    STEP_3 = "step3"
    STEP_4 = "step4"
    STEP_5 = "step5"


class Direction(StrEnum):
    """Where a list goes from the row named by `from`."""

    PREVIOUS = "prev"
    NEXT = "next"


class Sort(StrEnum):
    """Order of a ledger by time."""

    OLDEST_FIRST = "asc"
    NEWEST_FIRST = "desc"


class SymbolState(StrEnum):
    """State of a symbol."""

    UNKNOWN = "unknown"
    NOT_ONLINE = "not-online"
    PRE_ONLINE = "pre-online"
    ONLINE = "online"
    SUSPENDED = "suspend"
    OFFLINE = "offline"
    TRANSFER_BOARD = "transfer-board"
    FUSED = "fuse"


class MarketStatus(IntEnum):
    """State of the whole market."""

    NORMAL = 1
    HALTED = 2
    CANCEL_ONLY = 3


class BalanceType(StrEnum):
    """What a row of a balance counts; the other types belong to accounts with loans."""

    TRADE = "trade"
    FROZEN = "frozen"
    LOAN = "loan"
    INTEREST = "interest"
    LOCK = "lock"
    BANK = "bank"


class TransferAccount(StrEnum):
    """Accounts between which one user moves funds."""

    SPOT = "spot"
    LINEAR_SWAP = "linear-swap"
    OTC = "otc"
    FUTURES = "futures"
    SWAP = "swap"


class FuturesTransfer(StrEnum):
    """Direction of a transfer between spot and futures, in the older endpoint."""

    TO_FUTURES = "pro-to-futures"
    FROM_FUTURES = "futures-to-pro"


class PaymentType(StrEnum):
    """Which list of payments."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdraw"


class ConditionalType(StrEnum):
    """What a conditional order becomes when it is triggered."""

    LIMIT = "limit"
    MARKET = "market"


class TimeInForce(StrEnum):
    """How long a triggered order stands; BOC is book or cancel, that is post-only."""

    GTC = "gtc"
    BOC = "boc"
    IOC = "ioc"
    FOK = "fok"


class OrderEventType(StrEnum):
    """`eventType` of `orders#` and `trade.clearing#`."""

    CREATION = "creation"
    TRADE = "trade"
    CANCELLATION = "cancellation"
    DELETION = "deletion"
    TRIGGER = "trigger"


class StreamOp(StrEnum):
    """What a request on a socket asks for."""

    SUBSCRIBE = "sub"
    UNSUBSCRIBE = "unsub"
    REQUEST = "req"
