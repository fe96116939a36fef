"""A client for the OKCoin Japan v3 API, spot and funding, against any base URL: the venue's or a simulator's.

`OkcoinClient` speaks REST, `OkcoinStream` WebSocket, `LiveBook` keeps an order book. Failures are `OkcoinError`s; their
classes are in `errors`, values in `models`, the venue's words in `vocabulary`, channel names in `channels`.

It needs aiohttp, websockets, orjson and `mockex.clients.shared`, and nothing else of the package that it is shipped in.
"""

from mockex.clients.shared.clock import ServerClock, Stopwatch

from . import channels, errors
from .book import OrderBook
from .client import OkcoinClient
from .connection import StreamTiming
from .errors import OkcoinError
from .events import ChannelRefused, Closed, Connected, Disconnected, ErrorReported, Push, RawPush, StreamEvent
from .live_book import LiveBook
from .paging import Cursor, NewRows, Page, older_rows
from .rest import RestTransport
from .signing import Credentials, TimestampStyle
from .stream import OkcoinStream
from .trading_models import CancelByClientOid, CancelByOrderId, LimitOrder, MarketBuy, MarketSell, OrderReceipt
from .vocabulary import Execution, Granularity, OrderState, OrderType, Side, StateGroup

__all__ = [
    "CancelByClientOid",
    "CancelByOrderId",
    "ChannelRefused",
    "Closed",
    "Connected",
    "Credentials",
    "Cursor",
    "Disconnected",
    "ErrorReported",
    "Execution",
    "Granularity",
    "LimitOrder",
    "LiveBook",
    "MarketBuy",
    "MarketSell",
    "NewRows",
    "OkcoinClient",
    "OkcoinError",
    "OkcoinStream",
    "OrderBook",
    "OrderReceipt",
    "OrderState",
    "OrderType",
    "Page",
    "Push",
    "RawPush",
    "RestTransport",
    "ServerClock",
    "Side",
    "StateGroup",
    "Stopwatch",
    "StreamEvent",
    "StreamTiming",
    "TimestampStyle",
    "channels",
    "errors",
    "older_rows",
]
