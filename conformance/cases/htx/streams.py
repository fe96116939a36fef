"""HTX's two market sockets: gzip frames, numbered pings, ids of requests, nested trades, topics by name (htx§5)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.market import same_levels
from mockex.conformance.cases.htx.market import PERIODS
from mockex.conformance.cases.htx.words import FEED_PATHS, MARKET_PATHS, PONG, REQ, SUB, UNSUB, message, ping_of
from mockex.conformance.cases.live import (
    MAKER,
    TAKER,
    cadence,
    connections,
    discard,
    lost,
    next_event,
    open_taker,
    price,
    quote,
    renewed,
    rows,
    shows,
    trade,
    watch,
)
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, IN, OUT, SUBSCRIBED, Entry

STREAM = ("stream_open", "subscribe", "next_event")
TIMED = ("clock", "elapse")

PING_S = 5  # htx§5


async def pings(s: Session, since: int = 0) -> list[Entry]:
    return await s.wire.entries(OUT, since=since, where=lambda each: ping_of(each) is not None)


async def said(s: Session, operation: str, *, since: int = 0) -> list[Entry]:
    """The client's messages of one operation."""

    def is_it(entry: Entry) -> bool:
        found = message(entry)
        return found is not None and found.operation == operation

    return await s.wire.entries(IN, since=since, where=is_it)


async def answered(s: Session, what: str) -> None:
    """Every ping so far has got its number back, on its own connection. CaseFailed, as `what` did not happen, if not."""
    asked = await pings(s)
    await s.wire.wait(IN, count=len(asked), within_ms=1_500, where=lambda each: (m := message(each)) and m.operation == PONG)
    for ping in asked:
        number = ping_of(ping)
        replies = [each for each in await said(s, PONG, since=ping.n) if each["connection"] == ping["connection"]]
        told = [m.stamp for each in replies if (m := message(each)) is not None]
        right = [each for each in told if each == number and type(each) is type(number)]
        s.expect(right, what, expected=f"a pong with {number}", seen=told or "none", at=(ping, *replies[:2]))


async def opened_at(s: Session, paths: tuple[str, ...]) -> list[Entry]:
    """Connections to one of the venue's sockets."""
    return [each for each in await connections(s) if each["path"].partition("?")[0] in paths]


# --- heartbeat


@case(
    "htx/streams/010",
    "A ping is answered with its own number, as a number.",
    requirement='Every 5 s the venue sends {"ping": n} and wants {"pong": n} back; after two unanswered ones it closes.',
    source="htx§5",
    needs=("stream_open", "subscribe", "subscribe.trades", *TIMED),
)
async def pong_has_the_pings_number(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    await s.pass_time(3 * PING_S + 1)
    assert len(await pings(s)) >= 3, "the venue has not pinged"
    await answered(s, "a ping is answered")


@case(
    "htx/streams/020",
    "Each socket's pings are answered on that socket.",
    requirement="Market data and incremental books have sockets of their own, each with its own heartbeat.",
    source="htx§5",
    needs=("stream_open", "subscribe", "subscribe.trades", "book_watch", *TIMED),
)
async def both_sockets_are_answered(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    await s.client("book_watch", symbol=s.facts.pair.symbol)
    await s.pass_time(6 * PING_S)
    await answered(s, "a ping is answered where it was asked")
    ended = await s.wire.entries(CLOSE)
    s.expect(not ended, "no connection is lost", expected="none closed", seen=f"{len(ended)} closed", at=ended)


@case(
    "htx/streams/030",
    "A heartbeat is no event.",
    requirement="Pings stand between the data, in frames of the same kind; they are none of them.",
    source="htx§5",
    needs=(*STREAM, "subscribe.trades", "subscribe.ticker"),
)
async def pings_are_no_events(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    for channel in ("trades", "ticker"):
        await s.client("subscribe", channel=channel, symbol=pair.symbol)
        await discard(s, channel, symbol=pair.symbol)
    await s.venue.advance(PING_S)
    await trade(s, pair.qty, price(s, 1))
    await s.venue.advance(PING_S - 1)
    assert await pings(s), "the venue has not pinged"
    told = await rows(s, "trades", 1, "the trade is told", symbol=pair.symbol)
    s.amount(told[0]["price"], price(s, 1), "the event is the trade")
    event = await next_event(s, "ticker", "the ticker is told", symbol=pair.symbol)
    s.amount(event["ticker"].get("last"), price(s, 1), "the event is the ticker")


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
    await s.start(timeout_ms=1_000)
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
    await s.start(timeout_ms=1_000)
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
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
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
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
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


# --- several sockets


@case(
    "htx/streams/160",
    "Closing the stream closes every socket of it.",
    requirement="Books and market data have sockets of their own; one that is left open goes on being served, and counted.",
    source="htx§5",
    provenance=Provenance.PROPOSED,
    needs=("stream_open", "stream_close", "subscribe", "subscribe.trades", "book_watch"),
)
async def closes_every_socket(s: Session) -> None:
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)
    await s.client("book_watch", symbol=s.facts.pair.symbol)
    taken = await connections(s)
    await s.client("stream_close")
    ended = await s.wire.wait(CLOSE, count=len(taken))
    left = [each for each in taken if each["connection"] not in {end["connection"] for end in ended}]
    s.expect(not left, "every connection is closed", expected="none open", seen=f"{len(left)} open", at=left)


@case(
    "htx/streams/170",
    "The loss of the socket for books leaves the other one alone.",
    requirement="The sockets are lost one by one; what is subscribed on the other goes on.",
    source="htx§5",
    level=Level.SHOULD,
    provenance=Provenance.PROPOSED,
    needs=(*STREAM, "subscribe.trades", "book_watch", "book_view", "reconnect"),
)
async def sockets_are_lost_one_by_one(s: Session) -> None:
    pair = s.facts.pair
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    await watch(s)
    await discard(s, "trades", symbol=pair.symbol)
    feed = s.facts.channel("any_book", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": feed}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    since = await s.wire.mark()
    await quote(s, "buy", price(s, -1), pair.qty)
    await cadence(s)
    await lost(s, since=since)
    await trade(s, pair.qty, price(s, 1))
    told = await rows(s, "trades", 1, "the trade is told", symbol=pair.symbol)
    s.amount(told[0]["price"], price(s, 1), "trades are told meanwhile")
    await renewed(s, [feed], "the book is subscribed again", since=since)
    await cadence(s)
    await shows(s, "the book after the loss", bids=[(price(s, -1), pair.qty)])
    kept = await opened_at(s, MARKET_PATHS)
    s.expect(
        len(kept) == 1, "market data keep their connection", expected="1 connection", seen=f"{len(kept)} connections", at=kept
    )


@case(
    "htx/streams/180",
    "Incremental books are asked for where they are.",
    requirement="mbp.5, mbp.20, mbp.150 and mbp.400 are on /feed; on /ws they are an invalid topic.",
    source="htx§5",
    needs=("stream_open", "book_watch", "book_view"),
)
async def books_are_on_feed(s: Session) -> None:
    await s.client("stream_open", private=False)
    outcome = await s.client.attempt("book_watch", symbol=s.facts.pair.symbol)
    refused = await s.wire.entries(OUT, where=lambda each: "invalid topic" in each["text"])
    s.expect(not refused, "the topic is one of its socket", expected="no error", seen="invalid topic", at=refused)
    s.expect(outcome.refusal is None, "the book is followed", expected="a book", seen=str(outcome.refusal))
    wanted = [*await said(s, SUB), *await said(s, REQ)]
    numbered = [each for each in wanted if ".mbp." in each["text"] and "refresh" not in each["text"]]
    places = {each["connection"] for each in numbered}
    feeds = {each["connection"] for each in await opened_at(s, FEED_PATHS)}
    s.expect(places <= feeds, "increments are asked for on /feed", expected="/feed", seen="another socket", at=numbered)
