"""The venue's closed sets of words and numbers.

Each member's value is its wire text, so this is the only place where that text stands.
Source: OKCoin Japan v3 document, the parameter tables of each endpoint; status numbers as of its change of 2023-11-22.
"""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Direction of an order; in public trades the taker's direction; in fills the direction of one currency."""

    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """`type` of an order."""

    LIMIT = "limit"
    MARKET = "market"


class Execution(StrEnum):
    """`order_type` of an order: what happens to the part that does not trade at once."""

    NORMAL = "0"
    POST_ONLY = "1"
    FILL_OR_KILL = "2"
    IMMEDIATE_OR_CANCEL = "3"


class OrderState(StrEnum):
    """`state` of an order. CANCELLED covers orders with and without fills."""

    FAILED = "-2"
    CANCELLED = "-1"
    OPEN = "0"
    PARTIALLY_FILLED = "1"
    FILLED = "2"
    SUBMITTING = "3"
    CANCELLING = "4"


class StateGroup(StrEnum):
    """Numbers that only queries know."""

    UNFINISHED = "6"  # open and partially filled
    FINISHED = "7"  # cancelled and filled


class Liquidity(StrEnum):
    """`exec_type` of a fill."""

    MAKER = "M"
    TAKER = "T"


class Account(StrEnum):
    """The venue's accounts of one user. TOTAL exists only in `asset-valuation`."""

    TOTAL = "0"
    SPOT = "1"
    FUNDING = "6"


class FundingEntryKind(StrEnum):
    """`type` filter of the funding ledger. Its rows carry free text instead of these numbers."""

    DEPOSIT = "1"
    WITHDRAWAL = "2"
    WITHDRAWAL_CANCELLED = "13"
    INTO_SPOT = "37"
    FROM_SPOT = "38"


class SpotEntryKind(StrEnum):
    """`type` filter of the spot ledger."""

    IN = "1"
    OUT = "2"
    BORROW = "3"
    REPAY = "4"
    INTEREST = "5"
    BUY = "7"
    SELL = "8"
    FROM_FUNDING = "9"
    FROM_SPOT = "12"
    TO_FUNDING = "14"
    TO_SPOT = "16"
    FORCED_INTEREST = "19"
    LIQUIDATION_FEE = "24"
    FROM_MARGIN = "61"
    TO_MARGIN = "62"


class JpyWithdrawalStatus(StrEnum):
    """`status` of a yen withdrawal."""

    PENDING = "1"
    WITHDRAWING = "2"
    DONE = "4"
    CANCELLING = "5"
    CANCELLED = "6"
    NOT_WITHDRAWABLE = "7"
    RETURNED = "8"
    FAILED = "9"


class JpyDepositStatus(StrEnum):
    """`status` of a yen deposit."""

    ACCEPTED = "1"
    CONFIRMING = "2"
    DONE = "4"
    REFUNDED = "8"


class WithdrawalStatus(StrEnum):
    """`status` of a coin withdrawal."""

    WAITING = "1"
    WITHDRAWING = "2"
    UNDER_REVIEW = "3"
    DONE = "4"
    CANCELLING = "5"
    CANCELLED = "6"
    FAILED = "7"
    REFUNDED = "8"


class DepositStatus(StrEnum):
    """`status` of a coin deposit."""

    AWAITING_CONFIRMATION = "1"
    CREDITING = "2"
    UNDER_REVIEW = "3"
    DONE = "4"
    FAILED = "7"


class Destination(StrEnum):
    """Where a coin withdrawal goes."""

    ADDRESS = "-1"
    VENUE_USER = "5"


class WithdrawalReason(StrEnum):
    """`reason` of a coin withdrawal. The venue checks the last two for longer."""

    OWN_WALLET = "1"
    INVESTMENT = "2"
    LIVING = "3"
    TUITION = "4"
    TRAVEL = "5"
    SALARY = "6"
    OUTSOURCING_FEE = "7"
    GIFT = "8"
    DONATION = "9"
    SERVICE_FEE = "10"
    DOMESTIC_PURCHASE = "11"
    IMPORT_SETTLEMENT = "12"
    OTHER = "99"


class Granularity(StrEnum):
    """Length of a candle in seconds. The stream offers those up to one week."""

    ONE_MINUTE = "60"
    THREE_MINUTES = "180"
    FIVE_MINUTES = "300"
    FIFTEEN_MINUTES = "900"
    THIRTY_MINUTES = "1800"
    ONE_HOUR = "3600"
    TWO_HOURS = "7200"
    FOUR_HOURS = "14400"
    SIX_HOURS = "21600"
    TWELVE_HOURS = "43200"
    ONE_DAY = "86400"
    ONE_WEEK = "604800"
    ONE_MONTH = "2678400"
    THREE_MONTHS = "8035200"
    SIX_MONTHS = "16070400"
    ONE_YEAR = "31536000"


class DepthAction(StrEnum):
    """`action` of a depth message."""

    PARTIAL = "partial"  # the whole book, replacing what was known
    UPDATE = "update"  # changed levels only


class StreamOp(StrEnum):
    """`op` of a request over WebSocket; acknowledgements repeat it as `event`."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    LOGIN = "login"
