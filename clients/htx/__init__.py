"""A client for the HTX spot API against any base URL: the venue's or a simulator's.

`HtxClient` speaks REST by area, and makes `HtxStream`s for the three sockets; `LiveBook` keeps an order book. Failures are
`HtxError`s; their classes are in `errors`, values in `*_models`, the venue's words in `vocabulary`, topics in `channels`.

It needs aiohttp, websockets, orjson and `mockex.clients.shared`, and nothing else of the package that it is shipped in.
"""

from mockex.clients.shared.clock import ServerClock, Stopwatch

from . import channels, errors
from .account_models import UserTransfer
from .account_socket import AccountDialect
from .book import OrderBook
from .client import HtxClient
from .conditional import NewConditionalOrder
from .connection import StreamTiming
from .errors import HtxError
from .events import (
    AllTickers,
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
from .market_socket import MarketDialect
from .paging import Cursor, Page, all_pages, next_rows
from .rest import RestTransport
from .signing import Credentials
from .stream import HtxStream
from .trading_models import LimitOrder, MarketBuy, MarketSell, OrderReceipt
from .vocabulary import Execution, Operator, OrderState, OrderStateNumber, OrderType, Period, Side
from .wallet_models import NewWithdrawal

__all__ = [
    "AccountDialect",
    "AllTickers",
    "ChannelRefused",
    "Closed",
    "Connected",
    "Credentials",
    "Cursor",
    "Disconnected",
    "ErrorReported",
    "Execution",
    "HtxClient",
    "HtxError",
    "HtxStream",
    "LimitOrder",
    "LiveBook",
    "MarketBuy",
    "MarketDialect",
    "MarketSell",
    "NewConditionalOrder",
    "NewWithdrawal",
    "Operator",
    "OrderBook",
    "OrderReceipt",
    "OrderState",
    "OrderStateNumber",
    "OrderType",
    "Page",
    "Period",
    "Push",
    "RawPush",
    "RestTransport",
    "ServerClock",
    "Side",
    "Stopwatch",
    "StreamEvent",
    "StreamTiming",
    "Subscribed",
    "UserTransfer",
    "all_pages",
    "channels",
    "errors",
    "next_rows",
]
