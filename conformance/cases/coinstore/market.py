"""Coinstore's market data: names of periods, depths that there are, filters in the path, weeks of UTC+8 (cs§7.15-7.19)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.coinstore.words import SPANS
from mockex.conformance.cases.common.market import MINUTE_MS, candles_are_named, same_levels
from mockex.conformance.cases.common.market import trade as quick_trade
from mockex.conformance.cases.live import open_taker, price, quote, trade
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.session import Session

PRICES = "/api/v1/ticker/price"
WEEK_MS = 604_800_000
FIRST_WEEK_MS = 4 * 86_400_000 - 8 * 3_600_000
"""Midnight of UTC+8 of the first Monday since 1970 began."""


@case(
    "coinstore/market/010",
    "Candles of every length are asked for by the venue's own name.",
    requirement="An hour is 60min, four hours 4hour, a day 1day: any other name is refused.",
    source="cs§7.17",
    needs=("candles",),
)
async def names_of_periods(s: Session) -> None:
    await candles_are_named(s, "period", {seconds: period for seconds, (period, _) in SPANS.items()})


@case(
    "coinstore/market/020",
    "A week's candle opens on Monday, at midnight of UTC+8.",
    requirement="The weekly sample opens on a Monday at 00:00 of UTC+8; its `endTime` is 59 s later and means nothing.",
    source="cs§7.17",
    needs=("candles",),
)
async def weeks_of_china(s: Session) -> None:
    await open_taker(s)
    await trade(s, s.facts.pair.qty, price(s, 0))
    rows = (await s.client("candles", symbol=s.facts.pair.symbol, interval_s=WEEK_MS // 1_000))["candles"]
    s.expect(rows, "the week has a candle", expected="a candle", seen=rows)
    s.equal((rows[-1]["time_ms"] - FIRST_WEEK_MS) % WEEK_MS, 0, "the week opens on Monday at midnight of UTC+8")


@case(
    "coinstore/market/030",
    "A minute without trades leaves the times of the others alone.",
    requirement="A minute without trades has no candle: times cannot be counted back from now, each candle has its own.",
    source="cs§7.17",
    provenance=Provenance.OBSERVED,
    needs=("candles",),
    world=WorldWish(key=None),
)
async def minutes_without_trades(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    opened = []
    for step, minutes in enumerate((1, 3, 2)):
        now_ms = await s.venue.now_ms()
        await s.venue.advance(Decimal(minutes * MINUTE_MS - now_ms % MINUTE_MS) / 1_000)
        opened.append(await s.venue.now_ms() // MINUTE_MS * MINUTE_MS)
        await quick_trade(s, p + step * t, q)
    rows = (await s.client("candles", symbol=s.facts.pair.symbol, interval_s=60))["candles"]
    traded = [row for row in rows if row.get("volume") is None or Decimal(row["volume"]) > 0]
    s.equal([row["time_ms"] for row in traded], opened, "each candle has its own time")


@case(
    "coinstore/market/040",
    "A book of thirty levels has thirty levels.",
    requirement="Books have 5, 10, 20, 50 or 100 levels. Any other number is taken for 20, without a word.",
    source="cs§7.16",
    provenance=Provenance.PROPOSED,
    needs=("book",),
)
async def thirty_levels(s: Session) -> None:
    qty = s.facts.pair.qty
    for n in range(40):
        await quote(s, "sell", price(s, n), qty)
    book = (await s.client("book", symbol=s.facts.pair.symbol, limit=30))["book"]
    same_levels(s, book["asks"], [(price(s, n), qty) for n in range(30)], "the thirty best asks")


@case(
    "coinstore/market/050",
    "A filter in the path arrives as it is.",
    requirement="Last prices are filtered by `;symbol=A,B` in the path. A query of that name is ignored and brings every "
    "pair; an escaped semicolon is another path.",
    source="cs§7.19",
    level=Level.SHOULD,
    needs=("request",),
)
async def matrix_parameter(s: Session) -> None:
    await open_taker(s)
    for pair in s.facts.pairs[:2]:
        await trade(s, pair.qty, pair.price, symbol=pair.symbol)
    symbol = s.facts.pair.symbol
    told = await s.client("request", method="GET", path=f"{PRICES};symbol={symbol}", signed=False)
    s.equal(told["status"], 200, "the path is known")
    s.equal([row["symbol"] for row in told["body"]["data"]], [symbol], "the pair asked for, and no other")


@case(
    "coinstore/market/060",
    "The volume of a candle counts the base currency.",
    requirement="The document swaps the descriptions: `volume` is base, `amount` quote currency, here as in tickers.",
    source="cs§13",
    provenance=Provenance.OBSERVED,
    needs=("candles", "ticker"),
)
async def volume_is_base(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    for n in (0, 3):
        await trade(s, pair.qty, price(s, n))
    candle = (await s.client("candles", symbol=pair.symbol, interval_s=86_400))["candles"][-1]
    s.amount(candle.get("volume"), 2 * pair.qty, "the candle's volume")
    ticker = (await s.client("ticker", symbol=pair.symbol))["ticker"]
    s.amount(ticker.get("volume"), 2 * pair.qty, "the ticker's volume")
