"""The venue's closed sets of words and numbers.

Each member's value is its wire text or number, so this is the only place where that stands.
Source: Coinstore document, "Dictionary" and the parameter tables; cs§10, cs§7.14, cs§7.17.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Direction of an order; in public trades the taker's."""

    BUY = "BUY"
    SELL = "SELL"


class SideNumber(IntEnum):
    """Direction in a list of fills, and its filter."""

    BUY = 1
    SELL = -1


class OrderType(StrEnum):
    """`ordType`."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    POST_ONLY = "POST_ONLY"


class TimeInForce(StrEnum):
    """What happens to the part that does not trade at once. FOK is missing in the dictionary, not in the tables."""

    GOOD_TILL_CANCELLED = "GTC"
    IMMEDIATE_OR_CANCEL = "IOC"
    FILL_OR_KILL = "FOK"


class OrderState(StrEnum):
    """State of an order. The last three occur in single answers only."""

    REJECTED = "REJECTED"
    SUBMITTING = "SUBMITTING"
    SUBMITTED = "SUBMITTED"
    PARTIALLY_FILLED = "PARTIAL_FILLED"
    CANCELLING = "CANCELING"
    CANCELLED = "CANCELED"
    EXPIRED = "EXPIRED"
    STOPPED = "STOPPED"
    FILLED = "FILLED"
    NOT_FOUND = "NOT_FOUND"
    REPLACING = "REPLACING"
    REPLACED = "REPLACED"


class OrderStateNumber(IntEnum):
    """State in a list of fills. Only FILLED is evidenced (cs§10)."""

    FILLED = 50


class Role(IntEnum):
    """Who was there first, as a number. Rows with other numbers have been seen."""

    TAKER = 1
    MAKER = -1


class RoleWord(StrEnum):
    """Who was there first, as a word."""

    TAKER = "TAKER"
    MAKER = "MAKER"


class BalanceKind(IntEnum):
    """`type` of a row of balances: each currency has one of both."""

    AVAILABLE = 1
    FROZEN = 4


class Interval(StrEnum):
    """Length of a candle as channels and answers spell it; `period` is the spelling of the REST query."""

    MINUTE_1 = "min_1"
    MINUTE_5 = "min_5"
    MINUTE_15 = "min_15"
    MINUTE_30 = "min_30"
    HOUR_1 = "hour_1"
    HOUR_4 = "hour_4"
    HOUR_12 = "hour_12"
    DAY_1 = "day_1"
    WEEK_1 = "week_1"

    @property
    def period(self) -> str:
        """`60min` of HOUR_1, `1week` of WEEK_1."""
        unit, _, count = self.value.partition("_")
        return "60min" if self is Interval.HOUR_1 else f"{count}{unit}"


class TagRule(IntEnum):
    """Whether an address of a chain needs a tag."""

    NONE = 0
    REQUIRED = 1
    OPTIONAL = 2


class DepositState(IntEnum):
    """`status` of a deposit."""

    UNCONFIRMED = 0
    DONE = 1
    ABNORMAL = 2
    UNDER_REVIEW = 3
    REJECTED = 4


class WithdrawalState(IntEnum):
    """`status` of a withdrawal."""

    NOT_REVIEWED = 0
    APPROVED = 1
    REJECTED = 2
    PAYING = 3
    PAYMENT_FAILED = 4
    DONE = 5
    CANCELLED = 6


class TransferKind(StrEnum):
    """Between whom a transfer goes. The last two need a key of the parent account."""

    WITHIN_ACCOUNT = "0"
    TO_SUB_ACCOUNT = "1"
    FROM_SUB_ACCOUNT = "2"


class Wallet(StrEnum):
    """Ends of a transfer."""

    SPOT = "1"
    FUTURES = "2"


class StreamOp(StrEnum):
    """`op` of a command."""

    SUBSCRIBE = "SUB"
    UNSUBSCRIBE = "UNSUB"
    LIST = "LIST"
    REQUEST = "REQ"
    LOGIN = "login"  # in lower case as the one published login has it
    PONG = "pong"
