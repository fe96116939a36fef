"""A client for the Coinstore spot API against any base URL: the venue's or a simulator's.

`CoinstoreClient` speaks REST by area, and makes `CoinstoreStream`s; `LiveBook` keeps an order book. Failures are
`CoinstoreError`s; their classes are in `errors`, the venue's words in `vocabulary`, channels in `channels`.

It needs aiohttp, websockets, orjson and `mockex.clients.shared`, and nothing else of the package that it is shipped in.
"""

from mockex.clients.shared.clock import ServerClock, Stopwatch

from . import channels, errors
from .account import Balance
from .client import CoinstoreClient
from .connection import PongForm, StreamTiming
from .errors import CoinstoreError
from .events import (
    ChannelRefused,
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    FramesLost,
    Push,
    RawPush,
    StreamEvent,
    Subscribed,
)
from .live_book import LiveBook
from .rest import RestTransport
from .signing import Credentials
from .stream import CoinstoreStream
from .trading_models import LimitOrder, MarketBuy, MarketSell, OrderReceipt
from .vocabulary import Interval, OrderState, OrderType, Side, TimeInForce, TransferKind, Wallet
from .wallet import NewWithdrawal, RecordFilter

__all__ = [
    "Balance",
    "ChannelRefused",
    "Closed",
    "CoinstoreClient",
    "CoinstoreError",
    "CoinstoreStream",
    "Connected",
    "Credentials",
    "Disconnected",
    "ErrorReported",
    "FramesLost",
    "Interval",
    "LimitOrder",
    "LiveBook",
    "MarketBuy",
    "MarketSell",
    "NewWithdrawal",
    "OrderReceipt",
    "OrderState",
    "OrderType",
    "PongForm",
    "Push",
    "RawPush",
    "RecordFilter",
    "RestTransport",
    "ServerClock",
    "Side",
    "Stopwatch",
    "StreamEvent",
    "StreamTiming",
    "Subscribed",
    "TimeInForce",
    "TransferKind",
    "Wallet",
    "channels",
    "errors",
]
