"""Market data in HTX's own ways: nested trades, fixed depths, named periods, days of UTC+8 (htx§3.2)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.market import DAY_MS, DAY_S, MINUTE_S, rest, same_levels, trade
from mockex.conformance.cases.live import MAKER, TAKER, open_taker
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import Entry

HOUR_S = 3_600
WEEK_S = 7 * DAY_S
UTC_8_MS = 8 * HOUR_S * 1_000

PERIODS = {
    60: "1min",
    300: "5min",
    900: "15min",
    1_800: "30min",
    HOUR_S: "60min",
    14_400: "4hour",
    DAY_S: "1day",
    WEEK_S: "1week",
}

NO_KEY = WorldWish(key=None)
"""For cases that move time: a client may sign by the machine's clock in passing."""


async def asked(s: Session, since: int) -> Entry:
    """The client's one request for market data since then. CaseFailed if there was none; of several the last."""
    sent = await s.wire.entries("request", since=since, where=lambda each: each.path.startswith("/market/"))
    s.expect(sent, "market data are asked for", expected="a request", seen="none")
    return sent[-1]


# --- books


@case(
    "htx/market/010",
    "A book of as many levels as the venue has no name for is had all the same.",
    requirement="`depth` is 5, 10 or 20, and left out it means 150 levels; any other number is refused with `invalid depth`.",
    source="htx§3.2",
    provenance=Provenance.PROPOSED,
    needs=("book",),
)
async def odd_number_of_levels(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    levels = [(p + step * t, q) for step in range(60)]
    await rest(s, "sell", *levels)
    for limit in (7, 50):
        seen = (await s.client("book", symbol=s.facts.pair.symbol, limit=limit))["book"]
        same_levels(s, seen["asks"][:limit], levels[:limit], f"the best {limit} levels")


@case(
    "htx/market/020",
    "A deep book is had whole, up to 150 levels a side.",
    requirement="Without `depth` the book of step0 has 150 levels a side.",
    source="htx§3.2",
    needs=("book",),
)
async def deep_book(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    levels = [(p - step * t, q) for step in range(150)]
    await rest(s, "buy", *levels)
    seen = (await s.client("book", symbol=s.facts.pair.symbol, limit=150))["book"]
    same_levels(s, seen["bids"], levels, "all 150 levels")


@case(
    "htx/market/030",
    "Prices a tick apart are not merged.",
    requirement="`type` is mandatory: step0 shows each price, step1 to step5 groups of 10 to 100,000 ticks.",
    source="htx§3.2",
    needs=("book",),
)
async def unmerged_book(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    levels = [(p + step * t, (step + 1) * q) for step in range(12)]
    await rest(s, "sell", *levels)
    seen = (await s.client("book", symbol=s.facts.pair.symbol))["book"]
    same_levels(s, seen["asks"], levels, "each price by itself")


# --- tickers


@case(
    "htx/market/040",
    "The volume of a ticker is that of the base currency.",
    requirement="`amount` counts the base currency and `vol` the quote currency, whatever the names suggest.",
    source="htx§3.2",
    needs=("ticker",),
)
async def volume_is_amount(s: Session) -> None:
    pair = s.facts.pair
    await trade(s, pair.price, 3 * pair.qty)
    seen = (await s.client("ticker", symbol=pair.symbol))["ticker"]
    s.amount(seen.get("volume"), 3 * pair.qty, "the volume in base currency")


@case(
    "htx/market/050",
    "The best prices of a ticker are prices, not sizes.",
    requirement="`bid` and `ask` of a merged ticker are lists of price and size; in the list of all tickers they are prices.",
    source="htx§3.2",
    needs=("ticker", "tickers"),
)
async def best_prices_are_prices(s: Session) -> None:
    pair = s.facts.pair
    await rest(s, "buy", (pair.price - pair.tick, 2 * pair.qty))
    await rest(s, "sell", (pair.price + pair.tick, 3 * pair.qty))
    one = (await s.client("ticker", symbol=pair.symbol))["ticker"]
    rows = (await s.client("tickers"))["tickers"]
    row = s.single([each for each in rows if each.get("symbol") == pair.symbol], "the pair is among all tickers")
    for name, seen in (("ticker", one), ("list of tickers", row)):
        s.amount(seen.get("bid"), pair.price - pair.tick, f"the best bid of the {name}")
        s.amount(seen.get("ask"), pair.price + pair.tick, f"the best ask of the {name}")


@case(
    "htx/market/060",
    "A best price of zero is not told as a price.",
    requirement="A side without orders has no best price; where the venue shows zeros, nobody bids zero.",
    source="htx§3.2",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=("ticker",),
)
async def zero_is_no_price(s: Session) -> None:
    pair = s.facts.pair
    await rest(s, "sell", (pair.price, pair.qty))
    seen = (await s.client("ticker", symbol=pair.symbol))["ticker"]
    bid = seen.get("bid")
    s.expect(bid is None, "nobody bids", expected="no bid", seen=bid)
    s.amount(seen.get("ask"), pair.price, "somebody asks")


# --- trades


@case(
    "htx/market/070",
    "Every trade of a match is told, not only its first.",
    requirement="A row of the history is a match; its trades stand in a list of their own, highest trade id first.",
    source="htx§3.2",
    needs=("trades",),
)
async def match_with_several_trades(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    levels = [(pair.price + step * pair.tick, (step + 1) * pair.qty) for step in range(3)]
    for price, qty in levels:
        await s.venue.place(MAKER, pair.symbol, "sell", qty, price)
    await s.venue.place(TAKER, pair.symbol, "buy", 6 * pair.qty, levels[-1][0])
    seen = (await s.client("trades", symbol=pair.symbol, limit=10))["trades"]
    same_levels(s, [[row["price"], row["qty"]] for row in seen], levels[::-1], "the three trades, newest first")


@case(
    "htx/market/080",
    "More trades than one are asked for.",
    requirement="`size` counts matches and is 1 where it is left out.",
    source="htx§3.2",
    needs=("trades",),
)
async def more_than_one_match(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    for step in range(5):
        await trade(s, p + step * t, q)
    seen = (await s.client("trades", symbol=s.facts.pair.symbol))["trades"]
    s.expect(len(seen) > 1, "the newest trades are told", expected="several trades", seen=f"{len(seen)} trade")
    newest = [(p + step * t, q) for step in range(4, 4 - len(seen), -1)]
    same_levels(s, [[row["price"], row["qty"]] for row in seen], newest, "the newest trades, newest first")


@case(
    "htx/market/090",
    "A limit beyond 2000 trades is cut or told, not sent on.",
    requirement="`size` is 1 to 2000; more is refused with `invalid size,valid range: [1, 2000]`.",
    source="htx§3.2",
    needs=("trades",),
)
async def too_many_trades(s: Session) -> None:
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    outcome = await s.client.attempt("trades", symbol=s.facts.pair.symbol, limit=5_000)
    if outcome.refusal is None:
        s.equal(len(outcome.result["trades"]), 1, "the trade is told")
        return
    kinds = ("refused_by_client", "bad_request")
    s.expect(outcome.refusal.kind in kinds, "what is wrong is told", expected="bad_request", seen=str(outcome.refusal))


@case(
    "htx/market/100",
    "Trades of one match have ids of their own.",
    requirement="The fills of one match share the outer `id`; `trade-id` tells them apart.",
    source="htx§3.2",
    needs=("trades",),
)
async def ids_within_a_match(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    for step in range(3):
        await s.venue.place(MAKER, pair.symbol, "buy", pair.qty, pair.price - step * pair.tick)
    await s.venue.place(TAKER, pair.symbol, "sell", 3 * pair.qty, pair.price - 2 * pair.tick)
    seen = [s.member(row, "trade_id") for row in (await s.client("trades", symbol=pair.symbol, limit=10))["trades"]]
    s.expect(len(seen) == 3 == len(set(seen)), "three trades have three ids", expected="3 ids", seen=seen)


# --- candles


async def candles(s: Session, interval_s: int, **span: Json) -> list[Json]:
    found: list[Json] = (await s.client("candles", symbol=s.facts.pair.symbol, interval_s=interval_s, **span))["candles"]
    return found


@case(
    "htx/market/110",
    "Intervals become the venue's names, an hour 60min and four of them 4hour.",
    requirement="`period` is 1min, 5min, 15min, 30min, 60min, 4hour, 1day, 1week, 1mon or 1year; 1hour is invalid.",
    source="htx§3.2",
    needs=("candles",),
)
async def period_names(s: Session) -> None:
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    for interval, name in PERIODS.items():
        since = await s.wire.mark()
        await candles(s, interval)
        request = await asked(s, since)
        s.equal(request.query.get("period"), name, f"candles of {interval} s have their name", at=request)


@case(
    "htx/market/120",
    "The volume of a candle is that of the base currency.",
    requirement="`amount` counts the base currency and `vol` the quote currency.",
    source="htx§3.2",
    needs=("candles",),
)
async def candle_volume_is_amount(s: Session) -> None:
    await trade(s, s.facts.pair.price, 2 * s.facts.pair.qty)
    newest = (await candles(s, MINUTE_S))[-1]
    s.amount(newest.get("volume"), 2 * s.facts.pair.qty, "the volume in base currency")


@case(
    "htx/market/130",
    "A week's candle opens at midnight of UTC+8.",
    requirement="A candle's `id` is its opening in seconds; days, weeks and months begin at midnight of UTC+8.",
    source="htx§3.2",
    needs=("candles",),
)
async def week_opens_in_utc_8(s: Session) -> None:
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    opened = (await candles(s, WEEK_S))[-1]["time_ms"]
    s.equal((opened + UTC_8_MS) % DAY_MS, 0, "the week opens at 16:00 of UTC")
    now_ms = await s.venue.now_ms()
    s.expect(0 <= now_ms - opened < 7 * DAY_MS, "it is this week", expected="within the last 7 days", seen=opened)


@case(
    "htx/market/140",
    "Candles of a span are those of the span.",
    requirement="/market/history/kline has the newest candles only and ignores `from` and `to`; they are in seconds where "
    "they count.",
    source="htx§3.2",
    provenance=Provenance.OBSERVED,
    needs=("candles",),
    world=NO_KEY,
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
    rows = await candles(s, HOUR_S, start_ms=opened[1], end_ms=opened[2] + 60_000)
    s.equal([row["time_ms"] for row in rows], opened[1:3], "the two candles that open within the span, oldest first")


@case(
    "htx/market/150",
    "A span of more candles than the venue gives at once does not come back empty.",
    requirement="One request gives 1000 candles of a span at most; asked for more, the venue answers with none at all.",
    source="htx§3.2",
    provenance=Provenance.OBSERVED,
    needs=("candles",),
    world=NO_KEY,
)
async def long_span(s: Session) -> None:
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    start_ms = await s.venue.now_ms() // 60_000 * 60_000
    await s.venue.advance(Decimal(1_200 * MINUTE_S))
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    if s.client.has("clock"):
        await s.client("clock", offset_ms=1_200 * MINUTE_S * 1_000)
    end_ms = start_ms + 1_200 * 60_000
    span = {"start_ms": start_ms, "end_ms": end_ms}
    outcome = await s.client.attempt("candles", symbol=s.facts.pair.symbol, interval_s=MINUTE_S, **span)
    if outcome.refusal is not None:
        s.equal(outcome.refusal.kind, "refused_by_client", "what is too long is refused by the client")
        return
    opened = [row["time_ms"] for row in outcome.result["candles"]]
    s.expect(len(opened) >= 1_000, "what one request can give comes", expected="at least 1000 candles", seen=len(opened))
    s.expect(
        {start_ms, end_ms} & set(opened), "they begin or end with the span", expected=[start_ms, end_ms], seen=opened[::999]
    )


@case(
    "htx/market/160",
    "As many candles as a chart needs come without a span.",
    requirement="Without `size` 150 candles come, the present one included.",
    source="htx§3.2",
    level=Level.SHOULD,
    needs=("candles",),
    world=NO_KEY,
)
async def candles_without_a_span(s: Session) -> None:
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    await s.venue.advance(Decimal(200 * MINUTE_S))
    if s.client.has("clock"):
        await s.client("clock", offset_ms=200 * MINUTE_S * 1_000)
    seen = len(await candles(s, MINUTE_S))
    s.expect(seen >= 150, "enough candles come", expected="at least 150", seen=seen)
