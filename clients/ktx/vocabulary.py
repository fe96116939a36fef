"""The venue's closed sets of words.

Each member's value is its wire text, so this is the only place where that stands.
Source: KTX document, parameter tables and examples; ktx§6 to ktx§10, ktx§14.
"""

from __future__ import annotations

from enum import Enum, StrEnum, auto


class Profile(Enum):
    """Which generation of the API is spoken: the document, or its successor since 2025-04 (ktx§14)."""

    GEN1 = auto()
    GEN2 = auto()


class Market(StrEnum):
    """Kind of instrument: spot, or perpetual contracts in USDT."""

    SPOT = "spot"
    PERPETUAL = "lpc"


class Side(StrEnum):
    """Direction of an order; in public trades the taker's. Orders of gen1 carry it as the sign of their quantity."""

    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """`type` of an order."""

    LIMIT = "limit"
    MARKET = "market"


class TimeInForce(StrEnum):
    """What happens to the part that does not trade at once."""

    GOOD_TILL_CANCELLED = "gtc"
    IMMEDIATE_OR_CANCEL = "ioc"
    FILL_OR_KILL = "fok"  # gen2


class OrderStatus(StrEnum):
    """`status` of an order. The document shows `filled` alone; the others are from its later history (ktx§10)."""

    ACCEPTED = "accepted"
    PARTIALLY_FILLED = "partial-filled"
    FILLED = "filled"
    PARTIALLY_CANCELLED = "partially-cancelled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


class PositionMerge(StrEnum):
    """Which position an order belongs to: one of its own, or the merged one of a direction."""

    NONE = "none"
    LONG = "long"
    SHORT = "short"


class MarginMethod(StrEnum):
    """What stands for a position: its own margin, or the account."""

    ISOLATED = "isolate"
    CROSS = "cross"


class Action(StrEnum):
    """What an order does to a position; UNKNOWN on spot."""

    UNKNOWN = "unknown"
    INCREASE_LONG = "increase_long"
    REDUCE_LONG = "reduce_long"
    INCREASE_SHORT = "increase_short"
    REDUCE_SHORT = "reduce_short"


class TransferWay(StrEnum):
    """From which account into which: the main one and the one that trades. gen2."""

    INTO_TRADING = "WALLET_TRADE"
    INTO_MAIN = "TRADE_WALLET"


class LedgerType(StrEnum):
    """What changed a balance."""

    TRANSFER = "transfer"
    TRADE = "trade"
    FEE = "fee"
    REBATE = "rebate"
    FUNDING = "funding"


class TimeFrame(StrEnum):
    """Length of a candle as REST spells it. Case matters: 1m is a minute, 1M a month."""

    MINUTE_1 = "1m"
    MINUTE_3 = "3m"
    MINUTE_5 = "5m"
    MINUTE_15 = "15m"
    MINUTE_30 = "30m"
    HOUR_1 = "1h"
    HOUR_2 = "2h"
    HOUR_4 = "4h"
    HOUR_6 = "6h"
    HOUR_12 = "12h"
    DAY_1 = "1d"
    DAY_3 = "3d"
    WEEK_1 = "1W"
    MONTH_1 = "1M"

    @property
    def on_stream(self) -> str:
        """The spelling of stream names: the week is 1w there (ktx§8)."""
        return "1w" if self is TimeFrame.WEEK_1 else self.value


class CancelRoute(Enum):
    """The document has two routes for a cancellation: DELETE in its tables, POST in its samples (ktx§7)."""

    DELETE = auto()
    POST = auto()


class StreamMethod(StrEnum):
    """`method` of a command, and `op` of its answer."""

    SUBSCRIBE = "SUBSCRIBE"
    UNSUBSCRIBE = "UNSUBSCRIBE"
    LOGIN = "LOGIN"
