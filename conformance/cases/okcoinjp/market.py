"""Market data in OKCoin Japan's own ways."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.market import DAY_S, rest, same_levels, trade
from mockex.conformance.model import Provenance, WorldWish, case
from mockex.conformance.session import Session

HOUR_S = 3_600


@case(
    "okcoinjp/market/010",
    "A deep book is had whole, up to 200 levels a side.",
    requirement="`size` is up to 200 levels, which is also what comes without it.",
    source="okj§8",
    needs=("book",),
)
async def deep_book(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.min_qty, s.facts.pair.tick
    levels = [(p + step * t, q) for step in range(120)]
    await rest(s, "sell", *levels)
    seen = (await s.client("book", symbol=s.facts.pair.symbol, limit=120))["book"]
    same_levels(s, seen["asks"], levels, "all 120 levels")


@case(
    "okcoinjp/market/020",
    "The third value of a level, its number of orders, is not taken for a quantity.",
    requirement="A level is price, quantity and number of orders.",
    source="okj§8",
    needs=("book",),
)
async def order_count_is_no_quantity(s: Session) -> None:
    p, q = s.facts.pair.price, s.facts.pair.qty
    await rest(s, "buy", (p, q), (p, q), (p, q))
    seen = (await s.client("book", symbol=s.facts.pair.symbol))["book"]
    same_levels(s, seen["bids"], [(p, 3 * q)], "the level's quantity")


@case(
    "okcoinjp/market/030",
    "More than 60 trades may be asked for, and 60 come.",
    requirement="A list of trades has 60 rows at most; a larger limit is cut, not refused.",
    source="okj§8",
    needs=("trades",),
)
async def sixty_trades(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.min_qty, s.facts.pair.tick
    for step in range(65):
        await trade(s, p + step * t, q)
    seen = (await s.client("trades", symbol=s.facts.pair.symbol, limit=60))["trades"]
    newest = [(p + step * t, q) for step in range(64, 4, -1)]
    same_levels(s, [[row["price"], row["qty"]] for row in seen], newest, "the newest 60 trades")


@case(
    "okcoinjp/market/040",
    "Candles of a span are those of the span.",
    requirement="With start and end given, candles that open within them come; one of the two alone is ignored.",
    source="okj§8",
    provenance=Provenance.OBSERVED,
    needs=("candles",),
    world=WorldWish(key=None),  # time moves, and a client may sign by the machine's clock in passing
)
async def candles_of_a_span(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    opened = []
    for step in range(4):
        now_ms = await s.venue.now_ms()
        opened.append(now_ms // (HOUR_S * 1_000) * HOUR_S * 1_000)
        await trade(s, p + step * t, q)
        await s.venue.advance(Decimal(HOUR_S))
    if s.client.has("clock"):
        await s.client("clock", offset_ms=4 * HOUR_S * 1_000)
    rows = (
        await s.client("candles", symbol=s.facts.pair.symbol, interval_s=HOUR_S, start_ms=opened[1], end_ms=opened[2] + 60_000)
    )["candles"]
    s.equal([row["time_ms"] for row in rows], opened[1:3], "the two candles that open within the span, oldest first")


@case(
    "okcoinjp/market/050",
    "Interval names become the venue's seconds.",
    requirement="`granularity` is in seconds, one of a fixed list.",
    source="okj§8",
    needs=("candles",),
)
async def granularity_in_seconds(s: Session) -> None:
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    for interval in (60, 300, HOUR_S, DAY_S):
        since = await s.wire.mark()
        await s.client("candles", symbol=s.facts.pair.symbol, interval_s=interval)
        request = await s.one_request("candles", since=since)
        asked = request.query.get("granularity", "60")
        s.equal(asked, str(interval), "the interval is asked for in seconds", at=request)
