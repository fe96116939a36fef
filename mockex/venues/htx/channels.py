"""What each topic of HTX's market sockets says, and when. Source: htx§5.

What a new subscriber gets at once is recorded for depth and trades only; that the others do likewise is ASSUMED.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mockex.core.candles import BucketSpec, Candle
from mockex.core.events import Event, Trade
from mockex.core.markets import Market
from mockex.core.ticker import TickerView
from mockex.venues.htx import books, codec
from mockex.venues.htx.increments import IncrementFeed
from mockex.venues.htx.market_data import depth_tick, detail_tick, newest_matches, ticker_row, ticker_rows
from mockex.venues.htx.periods import DAY, PERIODS
from mockex.wire.depth import DepthDelta, Level
from mockex.wire.desk import Desk
from mockex.wire.fanout import EventFeed, Feed, StateFeed, Trigger
from mockex.wire.json import dumps
from mockex.wire.newest import Newest

MS_NS = 1_000_000
SECOND_NS = 1_000 * MS_NS

TICKERS = "market.tickers"
"""The one topic of all symbols."""

INCREMENT_INTERVALS_NS: Mapping[int, int | None] = {5: None, 20: None, 150: 100 * MS_NS, 400: 100 * MS_NS}
REFRESH_LEVELS = (5, 10, 20)

MakeFeed = Callable[[Desk, Market, str], Feed]


def _push(desk: Desk, topic: str, tick: codec.Row) -> bytes:
    return dumps({"ch": topic, "ts": codec.ms(desk.clock.now_ns()), "tick": tick})


# --- prices


def _kline(spec: BucketSpec) -> MakeFeed:
    """The candle that was traded in, at most once a second. On arrival: the present one, flat if nothing has traded in it."""

    def make_feed(desk: Desk, market: Market, topic: str) -> Feed:
        def present() -> Candle | None:
            found = market.candles.filled(spec, now_ns=desk.clock.now_ns(), limit=1)
            return found[0] if found else None

        candles = Newest(
            lambda: market.candles.latest(spec),
            lambda candle: _push(desk, topic, codec.encode_candle(market.instrument, candle)),
            present=present,
        )
        return StateFeed(
            (Trigger.TRADE, market.instrument.symbol),
            clock=desk.clock,
            interval_ns=SECOND_NS,
            render=candles.render,
            opening=candles.opening,
        )

    return make_feed


def _detail(desk: Desk, market: Market, topic: str) -> Feed:
    def newest() -> TickerView:
        return market.ticker.at(desk.clock.now_ns())

    details = Newest(newest, lambda _: _push(desk, topic, detail_tick(market, desk.clock.now_ns())))
    return StateFeed(
        (Trigger.TRADE, market.instrument.symbol),
        clock=desk.clock,
        interval_ns=100 * MS_NS,
        render=details.render,
        opening=details.opening,
    )


_Best = tuple[Level | None, Level | None]
_TickerState = tuple[TickerView, Candle | None, _Best]


def _best(market: Market) -> _Best:
    bids, asks = books.best(market, 1)
    return (bids[0] if bids else None), (asks[0] if asks else None)


def _ticker_state(desk: Desk, market: Market) -> _TickerState:
    """All that a ticker shows."""
    now_ns = desk.clock.now_ns()
    day = market.candles.filled(DAY, now_ns=now_ns, limit=1)
    return market.ticker.at(now_ns), day[0] if day else None, _best(market)


def _ticker(desk: Desk, market: Market, topic: str) -> Feed:
    """The day's prices as in the list of tickers (ASSUMED), and the last trade."""
    instrument = market.instrument

    def payload(state: _TickerState) -> bytes:
        view, _, _ = state
        last = {
            "lastPrice": codec.price_number(instrument, view.last_price or 0),
            "lastSize": codec.qty_number(instrument, view.last_qty or 0),
        }
        return _push(desk, topic, {**ticker_row(market, desk.clock.now_ns()), **last})

    tickers = Newest(lambda: _ticker_state(desk, market), payload)
    return StateFeed(
        (Trigger.TRADE, instrument.symbol),
        (Trigger.BOOK, instrument.symbol),
        clock=desk.clock,
        interval_ns=100 * MS_NS,
        render=tickers.render,
        opening=tickers.opening,
    )


def tickers_feed(desk: Desk) -> Feed:
    """Every symbol's ticker, at most once a second (unverified) and only if one of them has changed (ASSUMED)."""
    markets = desk.exchange.markets

    def payload(_: object) -> bytes:
        return dumps({"ch": TICKERS, "status": "ok", "ts": codec.ms(desk.clock.now_ns()), "data": ticker_rows(desk)})

    tickers = Newest(lambda: [_ticker_state(desk, market) for market in markets.values()], payload)
    return StateFeed(
        *((trigger, symbol) for symbol in markets for trigger in (Trigger.TRADE, Trigger.BOOK)),
        clock=desk.clock,
        interval_ns=SECOND_NS,
        render=tickers.render,
        opening=tickers.opening,
    )


# --- trades


def _trades(desk: Desk, market: Market, topic: str) -> Feed:
    """One push for each match with all its trades; on arrival the last one (recorded)."""
    told = 0

    def render(event: Event) -> bytes | None:
        nonlocal told
        if not isinstance(event, Trade) or event.match_id == told:
            return None
        told = event.match_id
        # Trades are published once their whole command is done, so all of the match are there to be found.
        found = (group for group in codec.matches(reversed(market.trades)) if group[0].match_id == told)
        trades = next(found, [event])  # unless one command has made more trades than are kept
        return _push(desk, topic, codec.encode_match(market.instrument, trades, id_name="tradeId"))

    def last_match() -> Iterable[bytes]:
        return [_push(desk, topic, row) for row in newest_matches(market, 1, id_name="tradeId")]

    return EventFeed((Trigger.TRADE, market.instrument.symbol), render=render, opening=last_match)


# --- books


def _depth(step: str) -> MakeFeed:
    """The whole book in groups, at most once a second and only if it has changed; on arrival at once (recorded)."""
    levels = books.default_levels(step)

    def make_feed(desk: Desk, market: Market, topic: str) -> Feed:
        images = Newest(
            lambda: books.grouped(market, step, levels),
            lambda _: _push(desk, topic, depth_tick(market, step, levels, desk.clock.now_ns())),
        )
        return StateFeed(
            (Trigger.BOOK, market.instrument.symbol),
            clock=desk.clock,
            interval_ns=SECOND_NS,
            render=images.render,
            opening=images.opening,
        )

    return make_feed


def _refresh(levels: int) -> MakeFeed:
    """The best levels whole, every 100 ms in which they have changed (that they must have is ASSUMED)."""

    def make_feed(desk: Desk, market: Market, topic: str) -> Feed:
        def payload(sides: tuple[list[Level], list[Level]]) -> bytes:
            return _push(desk, topic, image_row(market, books.version_of(market), *sides))

        images = Newest(lambda: books.best(market, levels), payload)
        return StateFeed(
            (Trigger.BOOK, market.instrument.symbol),
            clock=desk.clock,
            interval_ns=100 * MS_NS,
            render=images.render,
            opening=images.opening,
        )

    return make_feed


def image_row(market: Market, seq_num: int, bids: list[Level], asks: list[Level]) -> codec.Row:
    """Levels with the number of the book; also what a request for an incremental book is answered with."""
    return {
        "seqNum": seq_num,
        "bids": codec.encode_levels(market.instrument, bids),
        "asks": codec.encode_levels(market.instrument, asks),
    }


def _increments(levels: int) -> MakeFeed:
    def make_feed(desk: Desk, market: Market, topic: str) -> Feed:
        def render(delta: DepthDelta, before: int, now: int) -> bytes:
            image = image_row(market, now, delta.bids, delta.asks)
            return _push(desk, topic, {"seqNum": now, "prevSeqNum": before, "bids": image["bids"], "asks": image["asks"]})

        return IncrementFeed(market, clock=desk.clock, levels=levels, interval_ns=INCREMENT_INTERVALS_NS[levels], render=render)

    return make_feed


def _best_prices(desk: Desk, market: Market, topic: str) -> Feed:
    """The best level a side, after every command that has changed it."""

    def payload(_: _Best) -> bytes:
        best = codec.encode_best(market)
        return _push(
            desk,
            topic,
            {
                "seqId": books.version_of(market),
                "ask": best["ask"],
                "askSize": best["askSize"],
                "bid": best["bid"],
                "bidSize": best["bidSize"],
                "quoteTime": codec.ms(desk.clock.now_ns()),
                "symbol": market.instrument.symbol,
            },
        )

    levels = Newest(lambda: _best(market), payload)
    symbol = market.instrument.symbol
    return EventFeed((Trigger.BOOK, symbol), render=lambda _: levels.render(), opening=levels.opening)


_REFRESHES: Mapping[str, MakeFeed] = {f"mbp.refresh.{levels}": _refresh(levels) for levels in REFRESH_LEVELS}

# What may stand behind `market.<symbol>.` in a topic.
MARKET_CHANNELS: Mapping[str, MakeFeed] = {
    **{f"kline.{period}": _kline(spec) for period, spec in PERIODS.items()},
    **{f"depth.{step}": _depth(step) for step in books.STEPS},
    **_REFRESHES,
    "bbo": _best_prices,
    "trade.detail": _trades,
    "detail": _detail,
    "ticker": _ticker,
}
BOOK_CHANNELS: Mapping[str, MakeFeed] = {
    **{f"mbp.{levels}": _increments(levels) for levels in INCREMENT_INTERVALS_NS},
    **_REFRESHES,
}
