"""What requests on HTX's market sockets are answered with: a topic's data once, as they are now. Source: htx§5."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockex.core.candles import BucketSpec
from mockex.core.markets import Market
from mockex.venues.htx import books, codec
from mockex.venues.htx.channels import INCREMENT_INTERVALS_NS, image_row
from mockex.venues.htx.increments import IncrementFeed, image_of
from mockex.venues.htx.market_data import depth_tick, detail_tick
from mockex.venues.htx.periods import PERIODS
from mockex.wire.desk import Desk
from mockex.wire.json import JsonValue

MAX_BARS, MAX_TRADES = 300, 300
FIRST_SECOND, LAST_SECOND = 1_501_174_800, 2_556_115_200  # what `from` and `to` may say

SECOND_NS = 1_000_000_000

Request = Mapping[str, JsonValue]
Answer = Callable[[Desk, Market, str, Request], object]
"""`answer(desk, market, topic, request)`."""


class BadTimeError(ValueError):
    """A bound of a request that is no second within what the venue takes; its text is the bound's name."""


def _kline(spec: BucketSpec) -> Answer:
    """Oldest first (unverified); of a range with more bars than one answer holds, the newest (ASSUMED)."""

    def answer(desk: Desk, market: Market, topic: str, request: Request) -> object:
        found = market.candles.filled(
            spec,
            now_ns=desk.clock.now_ns(),
            start_ns=_second_ns(request, "from"),
            end_ns=_second_ns(request, "to"),
            limit=MAX_BARS,
        )
        return [codec.encode_candle(market.instrument, candle) for candle in reversed(found)]

    return answer


def _second_ns(request: Request, name: str) -> int | None:
    """`BadTimeError` for anything but a whole number within the documented range; that it is refused is ASSUMED."""
    second = request.get(name)
    if second is None:
        return None
    if type(second) is not int or not FIRST_SECOND <= second <= LAST_SECOND:
        raise BadTimeError(name)
    return second * SECOND_NS


def _depth(step: str) -> Answer:
    def answer(desk: Desk, market: Market, topic: str, request: Request) -> object:
        return depth_tick(market, step, books.default_levels(step), desk.clock.now_ns())

    return answer


def _increments(levels: int) -> Answer:
    """The image that fits the increments which the topic's readers get; the present book while it has none."""

    def answer(desk: Desk, market: Market, topic: str, request: Request) -> object:
        feed = desk.hub.feed(topic)
        return image_row(market, *(feed.image() if isinstance(feed, IncrementFeed) else image_of(market, levels)))

    return answer


def _trades(desk: Desk, market: Market, topic: str, request: Request) -> object:
    """Newest first (ASSUMED), not by match."""
    return [codec.encode_trade(market.instrument, trade, id_name="tradeId") for trade in market.newest_trades(MAX_TRADES)]


def _detail(desk: Desk, market: Market, topic: str, request: Request) -> object:
    return detail_tick(market, desk.clock.now_ns())


# What may stand behind `market.<symbol>.`. Topics that are not here can only be subscribed to.
MARKET_ANSWERS: Mapping[str, Answer] = {
    **{f"kline.{period}": _kline(spec) for period, spec in PERIODS.items()},
    **{f"depth.{step}": _depth(step) for step in books.STEPS},
    "trade.detail": _trades,
    "detail": _detail,
}
BOOK_ANSWERS: Mapping[str, Answer] = {f"mbp.{levels}": _increments(levels) for levels in INCREMENT_INTERVALS_NS}
