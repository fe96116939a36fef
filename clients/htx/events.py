"""What a stream tells its readers.

Owns: the typed events and the values that they carry.
Must not know: frames, connections, subscriptions, time.
Source: HTX document, "Websocket Market Data" and "Websocket Account and Order".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .account_models import BalanceUpdate
from .errors import HtxError
from .market_models import (
    BestPrices,
    BookChange,
    BookImage,
    Candle,
    Depth,
    Match,
    Summary,
    Ticker,
    TickerUpdate,
    Trade,
)
from .stream_models import ClearingEvent, OrderEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AllTickers:
    """A push of `market.tickers`."""

    tickers: tuple[Ticker, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPush:
    """A message of a topic that this client does not know."""

    fields: Mapping[str, object]


PushValue = (
    Candle
    | Depth
    | BookChange
    | BookImage
    | BestPrices
    | Match
    | Summary
    | TickerUpdate
    | AllTickers
    | OrderEvent
    | ClearingEvent
    | BalanceUpdate
    | RawPush
)

#: What the venue answers to a request on a market socket, by topic.
AnswerValue = tuple[Candle, ...] | tuple[Trade, ...] | Depth | BookImage | Summary | RawPush


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One message of a topic. `channel` is the topic as the venue spells it, wildcards included."""

    channel: str
    value: PushValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Logged in, if it has to be, and subscriptions sent again. `reconnections` is 0 for the first time."""

    reconnections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """The venue acknowledged a subscription: for the first time, or again on a new connection."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """The connection is gone, or an attempt to renew it failed. Messages may have been missed."""

    error: HtxError


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRefused:
    """The venue refused a topic, which is no longer subscribed."""

    channel: str
    error: HtxError


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReported:
    """An error that belongs to no request of this client, or a message of unexpected shape."""

    error: HtxError


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The stream is closed for good: the last event."""


StreamEvent = Push | Connected | Subscribed | Disconnected | ChannelRefused | ErrorReported | Closed
