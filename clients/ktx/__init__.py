"""A client for the KTX API, spot and perpetuals, against any base URL: the venue's or a simulator's.

`KtxClient` speaks REST by area, and makes `KtxStream`s; `LiveBook` keeps an order book. Failures are `KtxError`s; their classes
are in `errors`, the venue's words in `vocabulary`, names of streams in `channels`.

It needs aiohttp, websockets, orjson and `mockex.clients.shared`, and nothing else of the package that it is shipped in.
"""

from mockex.clients.shared.clock import ServerClock, Stopwatch

from . import channels, errors
from .account_models import Balance, LedgerEntry, Position
from .client import KtxClient
from .connection import PingForm, StreamTiming
from .errors import KtxError
from .events import (
    ChannelRefused,
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    Push,
    RawPush,
    StreamEvent,
    Subscribed,
)
from .live_book import LiveBook
from .paging import Span
from .rest import RestTransport, Usage
from .signing import Credentials
from .stream import KtxStream, LoginWay
from .trading_models import Contract, LimitOrder, MarketOrder, Order
from .vocabulary import (
    CancelRoute,
    LedgerType,
    MarginMethod,
    Market,
    OrderStatus,
    PositionMerge,
    Profile,
    Side,
    TimeFrame,
    TimeInForce,
    TransferWay,
)

__all__ = [
    "Balance",
    "CancelRoute",
    "ChannelRefused",
    "Closed",
    "Connected",
    "Contract",
    "Credentials",
    "Disconnected",
    "ErrorReported",
    "KtxClient",
    "KtxError",
    "KtxStream",
    "LedgerEntry",
    "LedgerType",
    "LimitOrder",
    "LiveBook",
    "LoginWay",
    "MarginMethod",
    "Market",
    "MarketOrder",
    "Order",
    "OrderStatus",
    "PingForm",
    "Position",
    "PositionMerge",
    "Profile",
    "Push",
    "RawPush",
    "RestTransport",
    "ServerClock",
    "Side",
    "Span",
    "Stopwatch",
    "StreamEvent",
    "StreamTiming",
    "Subscribed",
    "TimeFrame",
    "TimeInForce",
    "TransferWay",
    "Usage",
    "channels",
    "errors",
]
