"""Market data: books, tickers, trades and candles by request."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mockex.conformance.cases.common.orders import ME, OTHER
from mockex.conformance.model import WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

MINUTE_S = 60
MINUTE_MS = 60_000
DAY_S = 86_400
DAY_MS = DAY_S * 1_000


async def rest(s: Session, side: str, *levels: tuple[Decimal, Decimal]) -> None:
    """Orders that wait in the book: price, quantity."""
    for price, qty in levels:
        await s.venue.place(OTHER, s.facts.pair.symbol, side, qty, price)


async def trade(s: Session, price: Decimal, qty: Decimal, taker: str = "buy") -> None:
    """A trade between the two accounts, alone in the book."""
    maker = "sell" if taker == "buy" else "buy"
    await s.venue.place(OTHER, s.facts.pair.symbol, maker, qty, price)
    await s.venue.place(ME, s.facts.pair.symbol, taker, qty, price)


def same_levels(s: Session, seen: list[list[str]], expected: list[tuple[Decimal, Decimal]], what: str) -> None:
    """Compares prices and quantities as numbers, in order."""
    shown = [[f"{Decimal(price).normalize():f}", f"{Decimal(qty).normalize():f}"] for price, qty in seen]
    wanted = [[f"{price.normalize():f}", f"{qty.normalize():f}"] for price, qty in expected]
    s.equal(shown, wanted, what)


async def book(s: Session, **more: Json) -> Json:
    return (await s.client("book", symbol=s.facts.pair.symbol, **more))["book"]


async def candles_are_named(s: Session, parameter: str, names: Mapping[int, str]) -> None:
    """Candles of every length in seconds are asked for by the venue's name of it; those that the client lacks are noted."""
    for seconds, name in names.items():
        since = await s.wire.mark()
        outcome = await s.client.attempt("candles", symbol=s.facts.pair.symbol, interval_s=seconds)
        if outcome.refusal is not None and outcome.refusal.kind == "refused_by_client":
            s.note(f"the client has no candles of {seconds} s")
            continue
        request = await s.one_request("candles", since=since)
        s.equal(request.query.get(parameter), name, f"candles of {seconds} s have their name", at=request)


@case(
    "common/market/010",
    "A book shows both sides, best price first, each price with its own quantity.",
    requirement="Bids descend and asks ascend; a level is a price and the sum of what waits there.",
    needs=("book",),
)
async def book_best_first(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    bids = [(p - t, q), (p - 2 * t, 2 * q), (p - 5 * t, 3 * q)]
    asks = [(p + t, 4 * q), (p + 3 * t, 5 * q)]
    await rest(s, "buy", *reversed(bids))
    await rest(s, "sell", asks[1], asks[0])
    seen = await book(s)
    same_levels(s, seen["bids"], bids, "bids, best first")
    same_levels(s, seen["asks"], asks, "asks, best first")


@case(
    "common/market/020",
    "Orders at one price are one level.",
    requirement="A level's quantity is the sum of its orders.",
    needs=("book",),
)
async def one_price_one_level(s: Session) -> None:
    p, q = s.facts.pair.price, s.facts.pair.qty
    await rest(s, "sell", (p, q), (p, 2 * q))
    same_levels(s, (await book(s))["asks"], [(p, 3 * q)], "one level with the sum")


@case(
    "common/market/030",
    "An empty book is empty, not an error.",
    requirement="An instrument that nobody quotes has a book without levels.",
    needs=("book",),
)
async def empty_book(s: Session) -> None:
    seen = await book(s)
    s.equal([seen["bids"], seen["asks"]], [[], []], "no levels")


@case(
    "common/market/040",
    "A book with one side only shows that side.",
    requirement="Either side may be empty.",
    needs=("book",),
)
async def one_sided_book(s: Session) -> None:
    p, q = s.facts.pair.price, s.facts.pair.qty
    await rest(s, "sell", (p, q))
    seen = await book(s)
    same_levels(s, seen["asks"], [(p, q)], "the ask")
    s.equal(seen["bids"], [], "no bids")


@case(
    "common/market/050",
    "A book of a given number of levels has the best ones.",
    requirement="A request may limit the number of levels of each side.",
    needs=("book",),
)
async def limited_book(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    await rest(s, "sell", *[(p + step * t, q) for step in range(8)])
    seen = await book(s, limit=5)
    same_levels(s, seen["asks"], [(p + step * t, q) for step in range(5)], "the five best asks")


@case(
    "common/market/060",
    "A ticker tells the last price and the best prices.",
    requirement="The ticker has the price of the last trade, the best bid and the best ask.",
    needs=("ticker",),
)
async def ticker_prices(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    await trade(s, p, q)
    await rest(s, "buy", (p - 3 * t, q))
    await rest(s, "sell", (p + 4 * t, q))
    seen = (await s.client("ticker", symbol=s.facts.pair.symbol))["ticker"]
    s.amount(seen.get("last"), p, "the last price")
    s.amount(seen.get("bid"), p - 3 * t, "the best bid")
    s.amount(seen.get("ask"), p + 4 * t, "the best ask")


@case(
    "common/market/070",
    "A ticker tells high, low and volume of the last 24 hours.",
    requirement="High, low and volume are those of a rolling day.",
    needs=("ticker",),
)
async def ticker_day(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    for price, qty in ((p, q), (p + 9 * t, 2 * q), (p - 6 * t, 3 * q), (p + t, q)):
        await trade(s, price, qty)
    seen = (await s.client("ticker", symbol=s.facts.pair.symbol))["ticker"]
    s.amount(seen.get("high"), p + 9 * t, "the highest price")
    s.amount(seen.get("low"), p - 6 * t, "the lowest price")
    s.amount(seen.get("volume"), 7 * q, "the volume in base currency")


@case(
    "common/market/080",
    "The ticker of an instrument that never traded has no invented price.",
    requirement="Without a trade there is no last price; some venues have no ticker at all then.",
    needs=("ticker",),
)
async def ticker_without_trades(s: Session) -> None:
    outcome = await s.client.attempt("ticker", symbol=s.facts.pair.symbol)
    if outcome.refusal is not None:
        s.note(f"the client says: {outcome.refusal}")
        return
    last = outcome.result["ticker"].get("last")
    s.expect(last is None or Decimal(last) == 0, "no last price", expected="none, or zero", seen=last)


@case(
    "common/market/090",
    "Tickers of all instruments are told apart.",
    requirement="A list of tickers has one for each instrument.",
    needs=("tickers",),
)
async def all_tickers(s: Session) -> None:
    first, second = s.facts.pairs[:2]
    await trade(s, first.price, first.qty)
    await s.venue.place(OTHER, second.symbol, "sell", second.qty, second.price)
    await s.venue.place(ME, second.symbol, "buy", second.qty, second.price)
    rows = {row.get("symbol"): row for row in (await s.client("tickers"))["tickers"]}
    for pair in (first, second):
        s.expect(pair.symbol in rows, "the instrument has a ticker", expected=pair.symbol, seen=sorted(map(str, rows)))
        s.amount(rows[pair.symbol].get("last"), pair.price, f"the last price of {pair.symbol}")


@case(
    "common/market/100",
    "Public trades come newest first, with the taker's side.",
    requirement="A trade's side is that of who took.",
    needs=("trades",),
)
async def trades_newest_first(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    done = [(p, q, "buy"), (p + 2 * t, 2 * q, "sell"), (p + t, 3 * q, "buy")]
    for price, qty, taker in done:
        await trade(s, price, qty, taker)
        await s.venue.advance(1)
    seen = (await s.client("trades", symbol=s.facts.pair.symbol))["trades"]
    same_levels(s, [[row["price"], row["qty"]] for row in seen], [(p, q) for p, q, _ in reversed(done)], "newest first")
    s.equal([s.member(row, "side") for row in seen], ["buy", "sell", "buy"], "each with the taker's side")


@case(
    "common/market/110",
    "Trades have the venue's time.",
    requirement="The time of a trade is told in UTC, to the millisecond.",
    needs=("trades",),
)
async def trade_times(s: Session) -> None:
    await s.venue.advance(Decimal("0.321"))
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    at = await s.venue.now_ms()
    await s.venue.advance(5)
    seen = (await s.client("trades", symbol=s.facts.pair.symbol))["trades"]
    s.equal(s.member(seen[0], "time_ms"), at, "the time of the trade")


@case(
    "common/market/120",
    "A candle has the open, high, low, close and volume of its trades.",
    requirement="A candle sums up the trades of its interval.",
    needs=("candles",),
)
async def candle_values(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    for price in (p + 2 * t, p + 8 * t, p - 5 * t, p + 3 * t):
        await trade(s, price, q)
    rows = (await s.client("candles", symbol=s.facts.pair.symbol, interval_s=DAY_S))["candles"]
    traded = [row for row in rows if row.get("volume") is None or Decimal(row["volume"]) > 0]
    s.equal(len(traded), 1, "one day was traded in")
    wanted = {"open": p + 2 * t, "high": p + 8 * t, "low": p - 5 * t, "close": p + 3 * t, "volume": 4 * q}
    for name, value in wanted.items():
        s.amount(traded[0].get(name), value, f"the candle's {name}")


@case(
    "common/market/130",
    "Candles come oldest first, a minute apart.",
    requirement="A candle's time is the opening of its interval.",
    needs=("candles",),
    world=WorldWish(key=None),  # time moves, and a client may sign by the machine's clock in passing
)
async def candles_in_order(s: Session) -> None:
    p, q, t = s.facts.pair.price, s.facts.pair.qty, s.facts.pair.tick
    opened = []
    for step in range(3):
        await s.venue.advance(Decimal(MINUTE_MS - await s.venue.now_ms() % MINUTE_MS) / 1_000)
        opened.append(await s.venue.now_ms())
        await trade(s, p + step * t, q)
    if s.client.has("clock"):
        await s.client("clock", offset_ms=3 * MINUTE_MS)
    rows = (await s.client("candles", symbol=s.facts.pair.symbol, interval_s=MINUTE_S))["candles"]
    recent = [row for row in rows if row["time_ms"] >= opened[0]]
    s.equal([row["time_ms"] for row in recent], opened, "each candle has the time at which it opened, oldest first")
    closes = [[row["close"], row["close"]] for row in recent]
    same_levels(s, closes, [(p + step * t, p + step * t) for step in range(3)], "each candle has its own close")


@case(
    "common/market/140",
    "A day's candle opens when the venue's day begins.",
    requirement="Venues begin their day at different hours.",
    needs=("candles",),
)
async def day_begins_at_the_venues_hour(s: Session) -> None:
    await trade(s, s.facts.pair.price, s.facts.pair.qty)
    rows = (await s.client("candles", symbol=s.facts.pair.symbol, interval_s=DAY_S))["candles"]
    offset = int(s.facts.numbers["day_opens_hour"]) * 3_600_000
    s.expect(rows, "the day has a candle", expected="a candle", seen=rows)
    s.equal((rows[-1]["time_ms"] - offset) % DAY_MS, 0, "the day's candle opens at the venue's hour")


@case(
    "common/market/150",
    "Market data of one instrument is not mixed with that of another.",
    requirement="Instruments are told apart by their symbol in every request.",
    needs=("book", "trades"),
)
async def instruments_apart(s: Session) -> None:
    second = s.facts.pairs[1]
    await rest(s, "sell", (s.facts.pair.price, s.facts.pair.qty))
    await s.venue.place(OTHER, second.symbol, "buy", second.qty, second.price)
    await s.venue.place(ME, second.symbol, "sell", second.qty / 2, second.price)
    seen = (await s.client("book", symbol=second.symbol))["book"]
    same_levels(s, seen["bids"], [(second.price, second.qty / 2)], "the second instrument's bid")
    s.equal(seen["asks"], [], "no ask of the first instrument")
    s.equal((await s.client("trades", symbol=s.facts.pair.symbol))["trades"], [], "no trade of the second instrument")
