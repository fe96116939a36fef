"""KTX's market data: whole prices, depths that there are, names of candles and their bounds, sides in two spellings (ktx§6)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from mockex.conformance.cases.common.market import MINUTE_MS, candles_are_named, rest, same_levels
from mockex.conformance.cases.common.market import trade as quick_trade
from mockex.conformance.cases.ktx.words import MONTH_S, SPANS, WEEK_S
from mockex.conformance.cases.live import follow_trades, price, rows, trade
from mockex.conformance.model import Provenance, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

OPEN = WorldWish(key=None)
DEPTHS = ("1", "2", "5", "10", "20", "50", "100", "200", "500", "1000")
FIRST_MONDAY_MS = 4 * 86_400_000
FIRST_MINUTES = (0, 1, 2, 5)


async def minutes_traded(s: Session, *minutes: int) -> list[int]:
    """Trades in minutes that are so far from the first; when each of those minutes opened, in ms."""
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    now_ms = await s.venue.now_ms()
    await s.venue.advance(Decimal(MINUTE_MS - now_ms % MINUTE_MS) / 1_000)
    begun_ms = await s.venue.now_ms()
    for minute in minutes:
        await s.venue.advance(Decimal(begun_ms + minute * MINUTE_MS - await s.venue.now_ms()) / 1_000)
        await quick_trade(s, p + minute * t, q)
    return [begun_ms + minute * MINUTE_MS for minute in minutes]


async def minute_candles(s: Session, **bounds: Json) -> list[Json]:
    """Those that were traded in, as the client tells them."""
    told = (await s.client("candles", symbol=s.facts.pair.symbol, interval_s=60, **bounds))["candles"]
    return [row for row in told if row.get("volume") is None or Decimal(row["volume"]) > 0]


@case(
    "ktx/market/010",
    "A book that is asked for without more has every price by itself.",
    requirement="`price_scale` takes decimals of prices away and sums levels up; 0, which is usual, leaves them alone.",
    source="ktx§6",
    needs=("book",),
    world=OPEN,
)
async def prices_are_not_merged(s: Session) -> None:
    bids = [(Decimal(at), Decimal(qty)) for at, qty in (("46125.6999", "0.4"), ("46125.6991", "0.1"), ("46125.69", "2"))]
    asks = [(Decimal(at), Decimal(qty)) for at, qty in (("46125.7012", "0.5"), ("46125.7018", "0.25"), ("46125.7101", "1"))]
    await rest(s, "buy", *bids)
    await rest(s, "sell", *asks)
    book = (await s.client("book", symbol=s.facts.pair.symbol))["book"]
    same_levels(s, book["bids"], bids, "the bids")
    same_levels(s, book["asks"], asks, "the asks")


@case(
    "ktx/market/020",
    "A book of any number of levels is asked for by a number that there is.",
    requirement="`level` is 1, 2, 5, 10, 20, 50, 100, 200, 500 or 1000; any other number is refused.",
    source="ktx§6",
    needs=("book",),
    world=OPEN,
)
async def depths_that_there_are(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    asks = [(p + n * t, q) for n in range(160)]
    await rest(s, "sell", *asks)
    for count in (1, 3, 7, 30, 150):
        book = (await s.client("book", symbol=s.facts.pair.symbol, limit=count))["book"]
        request = (await s.wire.requests(s.facts.route("book")))[-1]
        level = request.query.get("level", "100")
        s.expect(level in DEPTHS, "the number of levels is one of the list", expected=DEPTHS, seen=level, at=request)
        same_levels(s, book["asks"], asks[:count], f"the best {count}")


@case(
    "ktx/market/030",
    "The taker's side is the same in the list and on the stream.",
    requirement='A trade\'s side is "1" or "-1" over REST, and "buy" or "sell" on the stream.',
    source="ktx§12",
    needs=("trades", "stream_open", "subscribe", "next_event", "subscribe.trades"),
)
async def sides_in_two_spellings(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    for n, side in enumerate(("buy", "sell", "sell")):
        await trade(s, pair.qty, price(s, n), side=side)
    pushed = await rows(s, "trades", 3, "the trades are told", symbol=pair.symbol)
    listed = (await s.client("trades", symbol=pair.symbol))["trades"]
    s.equal([s.member(row, "side") for row in pushed], ["buy", "sell", "sell"], "the sides on the stream")
    s.equal([s.member(row, "side") for row in reversed(listed)], ["buy", "sell", "sell"], "the sides in the list")
    ids = [row.get("trade_id") for row in pushed]
    if None not in ids:
        s.equal([row.get("trade_id") for row in reversed(listed)], ids, "either names the trades alike")


@case(
    "ktx/market/040",
    "Candles of every length are asked for by the venue's own name.",
    requirement="1m is a minute and 1M a month, the week is 1W, three days are 3d: the case counts.",
    source="ktx§6",
    needs=("candles",),
    world=OPEN,
)
async def names_of_candles(s: Session) -> None:
    await candles_are_named(s, "time_frame", SPANS)


@case(
    "ktx/market/050",
    "Candles up to a moment end with the one that opens then.",
    requirement="`before` is the newest start of a candle that is wanted, itself included, in milliseconds.",
    source="ktx§6",
    provenance=Provenance.PROPOSED,
    needs=("candles",),
    world=OPEN,
)
async def candles_up_to(s: Session) -> None:
    opened = await minutes_traded(s, *FIRST_MINUTES)
    told = await minute_candles(s, end_ms=opened[2])
    s.equal([row["time_ms"] for row in told], opened[:3], "the candles up to that moment")


@case(
    "ktx/market/060",
    "Candles from a moment on begin with the one that opens then.",
    requirement="`after` is the oldest start of a candle that is wanted, itself included, in milliseconds.",
    source="ktx§6",
    provenance=Provenance.PROPOSED,
    needs=("candles",),
    world=OPEN,
)
async def candles_from(s: Session) -> None:
    opened = await minutes_traded(s, *FIRST_MINUTES)
    told = await minute_candles(s, start_ms=opened[1])
    s.equal([row["time_ms"] for row in told], opened[1:], "the candles from that moment on")


@case(
    "ktx/market/070",
    "Candles between two moments are those, or the client refuses.",
    requirement="The venue takes `before` or `after` and refuses both: a client that is asked for a span cuts it itself, or "
    "says that it cannot. One bound that is left out in silence brings candles that nobody asked for.",
    source="ktx§6",
    provenance=Provenance.PROPOSED,
    needs=("candles",),
    world=OPEN,
)
async def candles_between(s: Session) -> None:
    opened = await minutes_traded(s, *FIRST_MINUTES)
    bounds = {"start_ms": opened[1], "end_ms": opened[2]}
    outcome = await s.client.attempt("candles", symbol=s.facts.pair.symbol, interval_s=60, **bounds)
    if outcome.refusal is not None:
        return
    told = [row["time_ms"] for row in outcome.result["candles"] if Decimal(row.get("volume") or 1) > 0]
    s.equal(told, opened[1:3], "the candles of the span and no others")


@case(
    "ktx/market/080",
    "A minute without trades leaves the times of the others alone.",
    requirement="Empty periods have no candle: times cannot be counted, each candle has its own.",
    source="ktx§6",
    provenance=Provenance.PROPOSED,
    needs=("candles",),
    world=OPEN,
)
async def minutes_without_trades(s: Session) -> None:
    opened = await minutes_traded(s, 0, 3, 4, 9)
    s.equal([row["time_ms"] for row in await minute_candles(s)], opened, "each candle has its own time")


@case(
    "ktx/market/090",
    "A week begins on Monday and a month on its first day, in UTC.",
    requirement="Weeks start on Monday; a month's `t` says 30 days, and its candle opens on the first all the same.",
    source="ktx§6",
    provenance=Provenance.PROPOSED,
    needs=("candles",),
    world=OPEN,
)
async def weeks_and_months(s: Session) -> None:
    await quick_trade(s, s.facts.pair.price, s.facts.pair.qty)
    now = datetime.fromtimestamp(await s.venue.now_ms() // 1_000, UTC)
    month = round(now.replace(day=1, hour=0, minute=0, second=0).timestamp()) * 1_000
    week_ms = WEEK_S * 1_000
    week = (await s.venue.now_ms() - FIRST_MONDAY_MS) // week_ms * week_ms + FIRST_MONDAY_MS
    for seconds, expected in ((WEEK_S, week), (MONTH_S, month)):
        outcome = await s.client.attempt("candles", symbol=s.facts.pair.symbol, interval_s=seconds)
        if outcome.refusal is not None and outcome.refusal.kind == "refused_by_client":
            s.note(f"the client has no candles of {seconds} s")
            continue
        s.expect(outcome.refusal is None, "candles are told", expected="candles", seen=str(outcome.refusal))
        found = outcome.result["candles"]
        s.expect(found, "there is a candle", expected="a candle", seen="none")
        s.equal(found[-1]["time_ms"], expected, f"the candle of {seconds} s opens when the venue says")


@case(
    "ktx/market/100",
    "The volume of a candle and of a ticker counts the base currency.",
    requirement="A candle has its volume in sixth place and its value in the next; a ticker's `volume` is base, its `amount` "
    "quote currency.",
    source="ktx§6",
    needs=("candles", "ticker"),
    world=OPEN,
)
async def volume_is_base(s: Session) -> None:
    pair = s.facts.pair
    for n in (0, 3):
        await quick_trade(s, price(s, n), pair.qty)
    candle = (await s.client("candles", symbol=pair.symbol, interval_s=86_400))["candles"][-1]
    s.amount(candle.get("volume"), 2 * pair.qty, "the candle's volume")
    ticker = (await s.client("ticker", symbol=pair.symbol))["ticker"]
    s.amount(ticker.get("volume"), 2 * pair.qty, "the ticker's volume")


@case(
    "ktx/market/110",
    "A ticker's bid and ask are prices, not quantities.",
    requirement="A ticker has `bidPrice` and `bidQty`, `askPrice` and `askQty`; a comment of the document mixes them up.",
    source="ktx§12",
    needs=("ticker",),
    world=OPEN,
)
async def prices_and_quantities(s: Session) -> None:
    pair = s.facts.pair
    await rest(s, "buy", (price(s, -1), 3 * pair.qty))
    await rest(s, "sell", (price(s, 1), 5 * pair.qty))
    ticker = (await s.client("ticker", symbol=pair.symbol))["ticker"]
    s.amount(ticker.get("bid"), price(s, -1), "the best bid")
    s.amount(ticker.get("ask"), price(s, 1), "the best ask")


@case(
    "ktx/market/120",
    "Opening, high and low of a ticker are those of the day.",
    requirement="`open`, `high`, `low` and `last` are four prices of the last 24 hours; `change` is a share and none of them.",
    source="ktx§6",
    needs=("ticker",),
    world=OPEN,
)
async def prices_of_the_day(s: Session) -> None:
    for steps in (2, 7, -5, 3):
        await quick_trade(s, price(s, steps), s.facts.pair.qty)
    ticker = (await s.client("ticker", symbol=s.facts.pair.symbol))["ticker"]
    for name, steps in (("open", 2), ("high", 7), ("low", -5), ("last", 3)):
        if ticker.get(name) is not None:
            s.amount(ticker[name], price(s, steps), f"the {name}")
