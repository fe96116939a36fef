"""HTX's market sockets as connections: numbered pings on each of them, and what becomes of one without the other (htx§5)."""

from __future__ import annotations

from mockex.conformance.cases.htx.streams import STREAM, said
from mockex.conformance.cases.htx.words import FEED_PATHS, MARKET_PATHS, PONG, REQ, SUB, message, ping_of
from mockex.conformance.cases.live import (
    cadence,
    connections,
    discard,
    follow_trades,
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
from mockex.conformance.trace import CLOSE, IN, OUT, Entry

TIMED = ("clock", "elapse")

PING_S = 5  # htx§5


async def pings(s: Session, since: int = 0) -> list[Entry]:
    return await s.wire.entries(OUT, since=since, where=lambda each: ping_of(each) is not None)


def _is_pong(entry: Entry) -> bool:
    found = message(entry)
    return found is not None and found.operation == PONG


async def answered(s: Session, what: str) -> None:
    """Every ping so far has got its number back, on its own connection. CaseFailed, as `what` did not happen, if not."""
    asked = await pings(s)
    await s.wire.wait(IN, count=len(asked), within_ms=1_500, where=_is_pong)
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
    assert await pings(s), "the venue has not pinged"
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
    await follow_trades(s)
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
