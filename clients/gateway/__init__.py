"""A client for the trading gateway: several platforms over one WebSocket, against any address: a service's or a simulator's.

`GatewayClient` keeps the connection and makes `Session`s, one for each login; `session.trading` places and asks,
`session.account` is what was told. Failures are `GatewayError`s; their classes are in `errors`, the gateway's words in
`vocabulary`.

It needs websockets, orjson and `mockex.clients.shared`, and nothing else of the package that it is shipped in.
"""

from mockex.clients.shared.clock import Stopwatch

from . import errors, events
from .account import Account
from .client import GatewayClient
from .connection import GatewayTiming
from .errors import GatewayError
from .events import (
    AssetUpdate,
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    FillUpdate,
    GatewayEvent,
    LoginDelayed,
    LoginFailed,
    OrderUpdate,
    OrderVanished,
    PositionUpdate,
    RawUpdate,
    Reconciled,
    StateReported,
    UnknownFrame,
)
from .frames import Login
from .models import (
    Asset,
    CancelOutcome,
    Fill,
    LimitOrder,
    MarketOrder,
    Order,
    Position,
    PositionLeg,
    SymbolInfo,
)
from .session import Session
from .states import Phase
from .vocabulary import Action, Liquidity, MarginMode, OrderStatus, OrderType, PositionSide, StateCode

__all__ = [
    "Account",
    "Action",
    "Asset",
    "AssetUpdate",
    "CancelOutcome",
    "Closed",
    "Connected",
    "Disconnected",
    "ErrorReported",
    "Fill",
    "FillUpdate",
    "GatewayClient",
    "GatewayError",
    "GatewayEvent",
    "GatewayTiming",
    "LimitOrder",
    "Liquidity",
    "Login",
    "LoginDelayed",
    "LoginFailed",
    "MarginMode",
    "MarketOrder",
    "Order",
    "OrderStatus",
    "OrderType",
    "OrderUpdate",
    "OrderVanished",
    "Phase",
    "Position",
    "PositionLeg",
    "PositionSide",
    "PositionUpdate",
    "RawUpdate",
    "Reconciled",
    "Session",
    "StateCode",
    "StateReported",
    "Stopwatch",
    "SymbolInfo",
    "UnknownFrame",
    "errors",
    "events",
]
