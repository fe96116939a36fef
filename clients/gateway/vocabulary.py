"""The gateway's closed sets of words and numbers.

Each member's value is what stands on the wire, so this is the only place where that stands.
Source: the gateway's document and the code of its service; gw§6 to gw§8.
"""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum, auto


class Operation(StrEnum):
    """`op` of a request that is answered by a reply."""

    LOGIN = "login"
    LOGOUT = "logout"
    PLACE_ORDER = "place_order"
    CANCEL_ORDER = "cancel_order"
    OPEN_ORDERS = "open_orders"
    ASSET = "asset"
    POSITION = "position"
    SYMBOL_INFO = "symbol_info"


class Action(StrEnum):
    """Direction of an order, and of a fill."""

    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    """`order_type` of an order."""

    LIMIT = "LIMIT"
    MARKET = "MARKET"
    IMMEDIATE_OR_CANCEL = "IOC"


class OrderStatus(StrEnum):
    """`status` of an order. A word that is none of these is read as UNKNOWN, as is the service's own word for it (gw§7)."""

    UNKNOWN = "NONE"
    SUBMITTED = "SUBMITTED"
    PARTIALLY_FILLED = "PARTIAL-FILLED"
    FILLED = "FILLED"
    CANCELLED = "CANCELED"
    FAILED = "FAILED"

    @property
    def final(self) -> bool:
        """True if an order never changes again."""
        return self in (OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.FAILED)


class Liquidity(StrEnum):
    """Whether an order rested when it was filled."""

    TAKER = "TAKER"
    MAKER = "MAKER"


class MarginMode(StrEnum):
    """What stands for a position: the account, or its own margin."""

    CROSSED = "crossed"
    FIXED = "fixed"


class PositionSide(Enum):
    """Which position of a contract an order is about. On the wire it is the sign of the quantity (gw§6)."""

    LONG = auto()
    SHORT = auto()


class Topic(StrEnum):
    """`topic` of a push."""

    ORDER = "order"
    FILL = "fill"
    POSITION = "position"
    ASSET = "asset"


class StateCode(IntEnum):
    """`code` of a state notification (gw§8)."""

    PARAM_MISS = 1
    CONNECT_SUCCESS = 2
    CONNECT_FAILED = 3
    DISCONNECT = 4
    RECONNECTING = 5
    READY = 6
    GENERAL_ERROR = 7
