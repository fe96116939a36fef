"""What each channel of Coinstore's socket says, and when. Source: cs§9.3-9.5.

A push comes only after a change, and the pushes of one channel on a grid of 100 ms; candles each second. Frames lack their
number here: each connection adds its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mockex.core.markets import Market
from mockex.venues.coinstore import codec
from mockex.venues.coinstore.ids import FIRST_SEQ, FIRST_TRADE_ID
from mockex.venues.coinstore.market_data import DEFAULT_DEPTH, DEPTHS, newest_candle_row
from mockex.venues.coinstore.periods import INTERVALS
from mockex.wire.desk import Desk
from mockex.wire.fanout import Feed, GatheringFeed, StateFeed, Trigger
from mockex.wire.json import dumps
from mockex.wire.newest import Newest

MS_NS = 1_000_000
PUSH_NS = 100 * MS_NS
CANDLE_NS = 1_000 * MS_NS

ALL = "!"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that exists. `topic`: what stands behind the first @. `market` None: of all pairs, or of none.

    `private`: only after a login; `make_feed` gets the account's id then, else "".
    """

    name: str
    topic: str
    market: Market | None
    make_feed: Callable[[Desk, str], Feed]
    private: bool = False


class _Named(NamedTuple):
    """A channel's name taken apart: `4@kline@min_1`."""

    symbol: str
    topic: str
    argument: str


def split(name: str) -> _Named | None:
    """None for what has not the form of a channel of pairs."""
    parts = name.split("@")
    if not 2 <= len(parts) <= 3 or not all(parts):
        return None
    return _Named(parts[0], parts[1], parts[2] if len(parts) == 3 else "")


def market_of(desk: Desk, symbol: str) -> Market | None:
    """By number or by symbol: lower case as documented (cs§9.3), or any other (proposed, cs§5)."""
    markets = desk.exchange.markets
    if symbol.isascii() and symbol.isdigit() and len(symbol) <= 9:
        known = desk.state.symbol_of(int(symbol))
        return None if known is None else markets[known]
    return markets.get(symbol.upper())


def public_channel(desk: Desk, name: str) -> Channel | None:
    named = split(name)
    if named is None:
        return None
    if named == (ALL, "ticker", ""):
        return Channel(name=name, topic="ticker", market=None, make_feed=lambda desk, _: _all_tickers(desk))
    market = market_of(desk, named.symbol)
    make_feed = None if market is None else _maker(market, name, named)
    if make_feed is None:
        return None
    return Channel(name=name, topic=named.topic, market=market, make_feed=make_feed)


def _maker(market: Market, name: str, named: _Named) -> Callable[[Desk, str], Feed] | None:
    topic, argument = named.topic, named.argument
    if topic == "trade" and not argument:
        return lambda desk, _: _trades(desk, market, name)
    if topic == "ticker" and not argument:
        return lambda desk, _: _ticker(desk, market, name)
    if topic == "kline" and argument in INTERVALS:
        return lambda desk, _: _kline(desk, market, name, argument)
    if topic == "depth":
        level = int(argument) if argument in _LEVELS else DEFAULT_DEPTH if not argument else None  # no level: proposed
        if level is not None:
            return lambda desk, _: _depth(desk, market, name, level)
    return None


_LEVELS = frozenset(str(level) for level in DEPTHS)


def public_names(desk: Desk) -> Iterable[str]:
    """Every public channel, with pairs by their numbers and by their symbols."""
    yield f"{ALL}@ticker"
    for symbol in desk.exchange.markets:
        for named in (str(desk.state.pair_id(symbol)), symbol.lower()):
            yield f"{named}@trade"
            yield f"{named}@ticker"
            for interval in INTERVALS:
                yield f"{named}@kline@{interval}"
            for level in DEPTHS:
                yield f"{named}@depth@{level}"
            yield f"{named}@depth"


# --- feeds


def _pair_id(desk: Desk, market: Market) -> int:
    pair_id: int = desk.state.pair_id(market.instrument.symbol)
    return pair_id


def trade_row(desk: Desk, market: Market, name: str, trade: codec.Trade) -> codec.Row:
    """As over REST, but for `seq`, which is not the trade's id here."""
    row = codec.encode_trade(market.instrument, _pair_id(desk, market), trade)
    return {"channel": name, **row, "seq": trade.trade_id - FIRST_TRADE_ID + FIRST_SEQ}


def trade_history(desk: Desk, market: Market, name: str, size: int) -> bytes:
    """The first frame of a subscription: the newest trades, the oldest of them first (cs§9.4)."""
    rows = [trade_row(desk, market, name, trade) for trade in reversed(market.newest_trades(size))]
    return dumps({"T": "trade", "data": rows})


def _trades(desk: Desk, market: Market, name: str) -> Feed:
    """Each trade is a frame of its own. What a new subscriber gets depends on what it asks for: see `trade_history`."""

    def render(event: object) -> bytes | None:
        if not isinstance(event, codec.Trade):
            return None
        return dumps({"T": "trade", **trade_row(desk, market, name, event)})

    return GatheringFeed((Trigger.TRADE, market.instrument.symbol), clock=desk.clock, interval_ns=PUSH_NS, render=render)


def _kline(desk: Desk, market: Market, name: str, interval: str) -> Feed:
    """The newest candle, at most once a second and only after a trade; nothing before the first one."""

    def payload(row: codec.Row) -> bytes:
        symbol = market.instrument.symbol
        return dumps({"T": "kline", "channel": name, "instrumentId": _pair_id(desk, market), "symbol": symbol, **row})

    candles = Newest(lambda: newest_candle_row(market, interval), payload)
    return StateFeed(
        (Trigger.TRADE, market.instrument.symbol),
        clock=desk.clock,
        interval_ns=CANDLE_NS,
        render=candles.render,
        opening=candles.opening,
    )


def _ticker_row(desk: Desk, market: Market) -> codec.Row:
    return {
        "instrumentId": _pair_id(desk, market),
        "symbol": market.instrument.symbol,
        **codec.encode_day(market, desk.clock.now_ns()),
    }


def _ticker(desk: Desk, market: Market, name: str) -> Feed:
    tickers = Newest(lambda: _ticker_row(desk, market), lambda row: dumps({"T": "ticker", "channel": name, **row}))
    return StateFeed(
        (Trigger.TRADE, market.instrument.symbol),
        clock=desk.clock,
        interval_ns=PUSH_NS,
        render=tickers.render,
        opening=tickers.opening,
    )


def _all_tickers(desk: Desk) -> Feed:
    """Each row has the channel of its own pair; the frame names none (as in the example)."""
    markets = desk.exchange.markets
    tickers = Newest(
        lambda: [{"channel": f"{_pair_id(desk, market)}@ticker", **_ticker_row(desk, market)} for market in markets.values()],
        lambda rows: dumps({"T": "ticker", "data": rows}),
    )
    return StateFeed(
        *((Trigger.TRADE, symbol) for symbol in markets),
        clock=desk.clock,
        interval_ns=PUSH_NS,
        render=tickers.render,
        opening=tickers.opening,
    )


def _depth(desk: Desk, market: Market, name: str, level: int) -> Feed:
    """The whole book of so many levels, every time (observed)."""
    books = Newest(
        lambda: codec.encode_book(market, _pair_id(desk, market), level),
        lambda book: dumps({"T": "depth", "channel": name, **book}),
    )
    return StateFeed(
        (Trigger.BOOK, market.instrument.symbol),
        clock=desk.clock,
        interval_ns=PUSH_NS,
        render=books.render,
        opening=books.opening,
    )


ECHO_AUTH: Mapping[bool, str] = {False: "PUB", True: "PRI"}  # the second ASSUMED
