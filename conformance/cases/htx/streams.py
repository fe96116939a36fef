"""HTX's two market sockets: gzip frames, numbered pings, ids of requests, nested trades, topics by name (htx§5)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.market import same_levels
from mockex.conformance.cases.htx.market import PERIODS
from mockex.conformance.cases.htx.words import SUB, UNSUB, message
from mockex.conformance.cases.live import (
    MAKER,
    TAKER,
    discard,
    follow_trades,
    next_event,
    open_taker,
    price,
    quote,
    rows,
    trade,
)
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session
from mockex.conformance.trace import IN, OUT, SUBSCRIBED, Entry

STREAM = ("stream_open", "subscribe", "next_event")


async def said(s: Session, operation: str, *, since: int = 0) -> list[Entry]:
    """The client's messages of one operation."""

    def is_it(entry: Entry) -> bool:
        found = message(entry)
        return found is not None and found.operation == operation

    return await s.wire.entries(IN, since=since, where=is_it)


# --- requests and answers


@case(
    "htx/streams/040",
    "A refusal is given to the request that it answers, by its id.",
    requirement="Answers repeat the `id` of their request, and an error names nothing else: two requests with one id, or with "
    "none, cannot be told apart.",
    source="htx§5",
    needs=(*STREAM, "subscribe.trades", "subscribe.ticker"),
)
async def refusal_by_id(s: Session) -> None:
    pair = s.facts.pair
    await s.start(timeout_ms=3_000)
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="ticker", symbol=pair.symbol)
    await s.client.refused("subscribe", "a topic that there is not is an error", channel="trades", symbol="nosuch")
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    ids = [m.id for each in await said(s, SUB) if (m := message(each)) is not None]
    known = [each for each in ids if each is not None]
    s.equal(len(set(map(str, known))), len(known), "no id is used twice")
    await trade(s, pair.qty, price(s, 0))
    await rows(s, "trades", 1, "the right subscription stands", symbol=pair.symbol)


@case(
    "htx/streams/050",
    "A refused topic is told with the venue's code, at once.",
    requirement="The sockets say bad-request where REST says invalid-parameter; the text names the cause.",
    source="htx§5",
    needs=("stream_open", "subscribe", "subscribe.trades", "error.code"),
)
async def refused_topic_has_a_code(s: Session) -> None:
    await s.start(timeout_ms=3_000)
    await s.client("stream_open", private=False)
    refusal = await s.client.refused("subscribe", "a topic that there is not is an error", channel="trades", symbol="nosuch")
    if refusal.kind != "refused_by_client":
        s.expect(refusal.mentions(["bad-request"]), "the refusal has its code", expected="bad-request", seen=str(refusal))


@case(
    "htx/streams/060",
    "Candle topics have the names of the venue's periods.",
    requirement="A candle's topic is market.$symbol.kline.$period, an hour 60min and four of them 4hour.",
    source="htx§5",
    needs=("stream_open", "subscribe", "subscribe.candles"),
)
async def candle_topics(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.client("stream_open", private=False)
    for seconds in PERIODS:
        await s.client("subscribe", channel="candles", symbol=symbol, interval_s=seconds)
    named = {each["channel"]: each for each in await s.wire.entries(SUBSCRIBED)}
    for seconds, period in PERIODS.items():
        name = f"market.{symbol}.kline.{period}"
        s.expect(
            name in named, f"candles of {seconds} s are subscribed", expected=name, seen=sorted(named), at=tuple(named.values())
        )


@case(
    "htx/streams/070",
    "An ended subscription is ended by its own topic, and the answer waited for.",
    requirement='`unsub` with the topic is answered with `unsubbed`; there is no "unsubscribe all".',
    source="htx§5",
    needs=(*STREAM, "unsubscribe", "subscribe.trades"),
)
async def unsubscribes_by_topic(s: Session) -> None:
    symbol = s.facts.pair.symbol
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=symbol)
    await s.client("unsubscribe", channel="trades", symbol=symbol)
    sent = await said(s, UNSUB)
    topics = [m.topics for each in sent if (m := message(each)) is not None]
    s.equal(topics, [(f"market.{symbol}.trade.detail",)], "the topic is unsubscribed", at=sent)
    refused = await s.wire.entries(OUT, where=lambda each: "unsub with not subbed" in each["text"])
    s.expect(not refused, "it is one that was subscribed", expected="no error", seen="an error", at=refused)


# --- data


@case(
    "htx/streams/080",
    "All trades of one match are handed over, newest first.",
    requirement="A push of trades is one match; its `data` lists every trade of it, the highest id first.",
    source="htx§5",
    needs=(*STREAM, "subscribe.trades"),
)
async def match_with_several_trades(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    await discard(s, "trades", symbol=pair.symbol)
    levels = [(price(s, step), (step + 1) * pair.qty) for step in range(3)]
    for at, qty in levels:
        await s.venue.place(MAKER, pair.symbol, "sell", qty, at)
    await s.venue.place(TAKER, pair.symbol, "buy", 6 * pair.qty, levels[-1][0])
    event = await next_event(s, "trades", "the match is told", symbol=pair.symbol)
    found = s.told(event.get("trades"), "trades in their events")
    if len(found) < len(levels):  # a client may hand them over one by one, as they happened
        found = [*found, *await rows(s, "trades", len(levels) - len(found), "every trade is told", symbol=pair.symbol)][::-1]
    same_levels(s, [[row["price"], row["qty"]] for row in found], levels[::-1], "the three trades of the match")


@case(
    "htx/streams/090",
    "A trade has the same id on the stream and by request.",
    requirement="The stream says `tradeId` where REST says `trade-id`; the `id` beside it has up to 28 digits.",
    source="htx§3.2",
    needs=(*STREAM, "subscribe.trades", "trades"),
)
async def one_trade_one_id(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    await discard(s, "trades", symbol=pair.symbol)
    await trade(s, pair.qty, price(s, 0))
    pushed = (await rows(s, "trades", 1, "the trade is told", symbol=pair.symbol))[0]
    listed = (await s.client("trades", symbol=pair.symbol, limit=10))["trades"]
    s.equal(s.member(listed[0], "trade_id"), s.member(pushed, "trade_id"), "one trade has one id")


@case(
    "htx/streams/100",
    "A subscription to trades hands the last match over at once.",
    requirement="A new subscriber gets the last match at once: as old as it is, and once.",
    source="htx§5",
    level=Level.SHOULD,
    provenance=Provenance.OBSERVED,
    needs=(*STREAM, "subscribe.trades"),
)
async def last_match_at_once(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await trade(s, pair.qty, price(s, 3))
    traded_ms = await s.venue.now_ms()
    await s.venue.advance(2)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    told = await rows(s, "trades", 1, "the last trade is handed over", symbol=pair.symbol)
    s.amount(told[0]["price"], price(s, 3), "it is the last trade")
    s.equal(s.member(told[0], "time_ms"), traded_ms, "its time is that of the trade, not of the push")


@case(
    "htx/streams/110",
    "A subscription to a book hands the book over at once.",
    requirement="Right after the acknowledgement of depth.step0 the present book comes, without a change.",
    source="htx§5",
    provenance=Provenance.OBSERVED,
    needs=(*STREAM, "subscribe.book"),
)
async def book_at_once(s: Session) -> None:
    pair = s.facts.pair
    await quote(s, "buy", price(s, -1), 2 * pair.qty)
    await quote(s, "sell", price(s, 1), 3 * pair.qty)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="book", symbol=pair.symbol)
    book = (await next_event(s, "book", "the present book is handed over", symbol=pair.symbol))["book"]
    same_levels(s, book["bids"], [(price(s, -1), 2 * pair.qty)], "its bids")
    same_levels(s, book["asks"], [(price(s, 1), 3 * pair.qty)], "its asks")


@case(
    "htx/streams/120",
    "A book that is pushed whole takes the place of the one before.",
    requirement="Pushes of depth.step0 are whole books, once a second if something has changed: what is not in it is gone.",
    source="htx§5",
    needs=(*STREAM, "subscribe.book"),
)
async def whole_books(s: Session) -> None:
    pair = s.facts.pair
    first = await quote(s, "buy", price(s, -1), pair.qty)
    await quote(s, "buy", price(s, -2), pair.qty)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="book", symbol=pair.symbol)
    await discard(s, "book", symbol=pair.symbol)
    await s.venue.cancel(first)
    await s.venue.advance(1)
    book = (await next_event(s, "book", "the new book is told", symbol=pair.symbol))["book"]
    same_levels(s, book["bids"], [(price(s, -2), pair.qty)], "the cancelled level is gone")


@case(
    "htx/streams/130",
    "A candle that is pushed has its volume in base currency and opens in milliseconds.",
    requirement="`id` is the opening in seconds, `amount` the base currency, `vol` the quote currency, as by request.",
    source="htx§5",
    needs=(*STREAM, "subscribe.candles"),
)
async def pushed_candle(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="candles", symbol=pair.symbol, interval_s=60)
    await discard(s, "candles", symbol=pair.symbol, interval_s=60)
    traded_ms = await s.venue.now_ms()
    await trade(s, 2 * pair.qty, price(s, 0))
    await s.venue.advance(1)
    row = (await rows(s, "candles", 1, "the candle is told", symbol=pair.symbol, interval_s=60))[0]
    s.equal(row["time_ms"], traded_ms // 60_000 * 60_000, "the minute's opening")
    s.amount(row.get("volume"), 2 * pair.qty, "the volume in base currency")


@case(
    "htx/streams/140",
    "The pushes of one candle all belong to it: the last one counts.",
    requirement="A candle is pushed again with every change, up to once a second, under the same `id`.",
    source="htx§5",
    needs=(*STREAM, "subscribe.candles"),
)
async def growing_candle(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    left_ms = 60_000 - await s.venue.now_ms() % 60_000
    await s.venue.advance(Decimal(left_ms) / 1_000)
    await s.client("stream_open", private=False)
    of = {"symbol": pair.symbol, "interval_s": 60}
    await s.client("subscribe", channel="candles", **of)
    await discard(s, "candles", **of)
    seen = []
    for step in (1, 3, 2):
        await trade(s, pair.qty, price(s, step))
        await s.venue.advance(2)
        seen.append((await rows(s, "candles", 1, "the candle is told anew", **of))[-1])
    s.equal(len({row["time_ms"] for row in seen}), 1, "it is one candle")
    for name, expected in (("open", price(s, 1)), ("high", price(s, 3)), ("low", price(s, 1)), ("close", price(s, 2))):
        s.amount(seen[-1][name], expected, f"the {name} of the last push")
    s.amount(seen[-1].get("volume"), 3 * pair.qty, "its volume is that of the candle, not of the push")


@case(
    "htx/streams/150",
    "A long frame is inflated whole.",
    requirement="Each frame is a complete gzip stream of its own; a book of 150 levels a side inflates to kilobytes.",
    source="htx§5",
    needs=(*STREAM, "subscribe.book"),
)
async def long_frames(s: Session) -> None:
    qty = s.facts.pair.qty
    for n in range(1, 121):
        await quote(s, "buy", price(s, -n), qty * n)
        await quote(s, "sell", price(s, n), qty * n)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="book", symbol=s.facts.pair.symbol)
    book = (await next_event(s, "book", "the book is handed over", symbol=s.facts.pair.symbol))["book"]
    same_levels(s, book["bids"], [(price(s, -n), qty * n) for n in range(1, 121)], "all bids")
    same_levels(s, book["asks"], [(price(s, n), qty * n) for n in range(1, 121)], "all asks")
