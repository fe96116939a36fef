"""What each of KTX's market streams says, and when. Source: ktx§8; cadences are the specification's proposal."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockex.core.candles import BucketSpec, Candle
from mockex.core.events import Event, Trade
from mockex.core.markets import Market
from mockex.venues.ktx import codec
from mockex.venues.ktx.generations import Generation
from mockex.venues.ktx.instruments import MARKETS, market_of
from mockex.venues.ktx.market_data import ticker_row, with_last_ids
from mockex.venues.ktx.periods import STREAM_TIME_FRAMES, width_ms
from mockex.wire.depth import DepthDelta, DepthWindow
from mockex.wire.desk import Desk
from mockex.wire.fanout import DepthFeed, EventFeed, Feed, StateFeed, Trigger
from mockex.wire.json import dumps
from mockex.wire.newest import Newest

MS_NS = 1_000_000
PUSH_NS = 100 * MS_NS
TICKER_NS = 1_000 * MS_NS

DEPTHS = frozenset({"5", "10", "20", "50", "100", "200", "500", "1000"})

MakeFeed = Callable[[Desk], Feed]


def make_feed_of(desk: Desk, name: str) -> MakeFeed | None:
    """`spot.BTC_USDT.order_book.20`. None for what is no stream here."""
    parts = name.split(".")
    if len(parts) < 3 or parts[0] not in MARKETS or market_of(parts[1]) != parts[0]:
        return None
    market = desk.exchange.markets.get(parts[1])
    if market is None:
        return None
    match parts[2:]:
        case ["trades"]:
            return lambda desk: _trades(desk, market, name)
        case ["ticker"]:
            return lambda desk: _ticker(desk, market, name)
        case ["order_book", depth] if depth in DEPTHS:
            return lambda desk: _book(desk, market, name, int(depth))
        case ["candles", frame] if frame in STREAM_TIME_FRAMES:
            return lambda desk: _candles(desk, market, name, STREAM_TIME_FRAMES[frame])
        case _:
            return None


def names(desk: Desk) -> Iterable[str]:
    """Every stream that can be subscribed to."""
    for symbol in desk.exchange.markets:
        product = f"{market_of(symbol)}.{symbol}"
        yield f"{product}.trades"
        yield f"{product}.ticker"
        for depth in sorted(DEPTHS, key=int):
            yield f"{product}.order_book.{depth}"
        for frame in STREAM_TIME_FRAMES:
            yield f"{product}.candles.{frame}"


def push(name: str, data: object) -> bytes:
    return dumps({"stream": name, "data": data})


def _book(desk: Desk, market: Market, name: str, levels: int) -> Feed:
    """First the whole, then what has changed: quantities replace, 0 deletes. `i` of the whole is that of what was told last."""
    instrument = market.instrument
    told = market.book.version
    number = desk.state.generation.number

    def payload(version: int, bids: list[codec.Level], asks: list[codec.Level]) -> bytes:
        return push(
            name,
            codec.encode_book(
                number(version),
                desk.clock.now_ns(),
                codec.encode_levels(instrument, bids),
                codec.encode_levels(instrument, asks),
            ),
        )

    def snapshot(window: DepthWindow) -> bytes:
        return payload(told, window.bids, window.asks)

    def update(delta: DepthDelta, window: DepthWindow) -> bytes:
        nonlocal told
        told = market.book.version
        return payload(told, delta.bids, delta.asks)

    return DepthFeed(
        market,
        clock=desk.clock,
        levels=levels,
        interval_ns=PUSH_NS,
        snapshot=snapshot,
        update=update,
        counts_orders=False,
    )


def _trades(desk: Desk, market: Market, name: str) -> Feed:
    """One array for each match, ascending. No history."""
    told = 0
    generation: Generation = desk.state.generation
    number, sides = generation.number, generation.stream_sides

    def render(event: Event) -> bytes | None:
        nonlocal told
        if not isinstance(event, Trade) or event.match_id == told:
            return None
        told = event.match_id
        # Trades are published once their whole command is done, so all of the match are there to be found.
        newest_first = (trade for trade in reversed(market.trades) if trade.match_id == told)
        rows = [
            codec.encode_trade(market.instrument, trade, number(trade.trade_id), sides[trade.taker_side])
            for trade in newest_first
        ]
        return push(name, rows[::-1])

    return EventFeed((Trigger.TRADE, market.instrument.symbol), render=render)


def _candles(desk: Desk, market: Market, name: str, spec: BucketSpec) -> Feed:
    """The open candle at once, then when it changes; with the first of a new one also the last of the old."""
    told_open_ns: int | None = None

    def encoded(count: int) -> bytes:
        newest = with_last_ids(market, market.candles.candles(spec, limit=count))
        rows = [codec.encode_candle(market.instrument, candle, last_id) for candle, last_id in newest]
        return push(name, {"t": width_ms(spec), "e": rows[::-1]})

    def payload(candle: Candle) -> bytes:
        nonlocal told_open_ns
        is_new = told_open_ns not in (None, candle.open_ns)
        told_open_ns = candle.open_ns
        return encoded(2 if is_new else 1)

    candles = Newest(lambda: market.candles.latest(spec), payload)
    return StateFeed(
        (Trigger.TRADE, market.instrument.symbol),
        clock=desk.clock,
        interval_ns=PUSH_NS,
        render=candles.render,
        opening=lambda: [encoded(1)] if market.candles.latest(spec) else [],
    )


def _ticker(desk: Desk, market: Market, name: str) -> Feed:
    def state() -> codec.Row:
        return {**ticker_row(market, desk.clock.now_ns()), "time": None}

    tickers = Newest(state, lambda _: push(name, ticker_row(market, desk.clock.now_ns())))
    return StateFeed(
        (Trigger.TRADE, market.instrument.symbol),
        (Trigger.BOOK, market.instrument.symbol),
        clock=desk.clock,
        interval_ns=TICKER_NS,
        render=tickers.render,
        opening=tickers.opening,
    )
