"""Time: a client's clock against the venue's, signatures that grow old, and times in results.

The venue's clock stands still unless a case moves it. A client on the machine's clock is in step at the beginning of a case.
"""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Level, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, LOGIN

DAY_S = 86_400
ODD = Decimal("1.234")
"""Seconds that bring the venue's clock to no whole second, whenever it began: with whole ones in between."""

LATER_S = 1
"""So that a time of the past differs from the present, and no signature is too old."""


async def far_apart(s: Session) -> Decimal:
    """Brings the venue's clock ahead of the client's by more than a signature may be old; by how much, in s."""
    ahead = s.facts.numbers["signature_window_s"] * 3
    await s.venue.advance(ahead)
    return ahead


def same_second(s: Session, told: Json, at_ms: int, what: str) -> None:
    """Fails unless a time is told that lies in that second, or is exactly that moment."""
    seen = s.told(told, what)
    first = at_ms // 1_000 * 1_000
    s.expect(first <= seen <= at_ms, what, expected=f"{first} to {at_ms}", seen=seen)


async def to_odd_time(s: Session) -> int:
    """Moves the venue's clock on a little, to a time with milliseconds. The time, in ms."""
    await s.venue.advance(ODD)
    if await s.venue.now_ms() % 1_000 == 0:
        await s.venue.advance(ODD)
    return await s.venue.now_ms()


# --- the clock


@case(
    "common/time/010",
    "A request whose signature is too old is told as such.",
    requirement="A signature is good for a while around the venue's time. Refused for its time is something else than "
    "refused for its key: setting the clock helps.",
    needs=("balances",),
)
async def expired_is_told(s: Session) -> None:
    await far_apart(s)
    refusal = await s.client.refused("balances", "a signature that is too old is an error")
    codes = s.facts.codes("expired")
    words = any(word in f"{refusal.message} {refusal.exception}".lower() for word in ("time", "expire", "clock", "nonce"))
    holds = words or refusal.mentions(codes)
    expected = " or ".join(["words about time", *(f"code {code}" for code in codes)])
    s.expect(holds, "the error says that it is the time", expected=expected, seen=str(refusal))


@case(
    "common/time/020",
    "A client whose clock is behind corrects it by the venue's, and is heard again.",
    requirement="The venue tells its time, so that a client with a wrong clock can sign by the right one.",
    needs=("balances", "sync_time"),
)
async def sync_forwards(s: Session) -> None:
    await far_apart(s)
    await s.client("sync_time")
    refusal = (await s.client.attempt("balances")).refusal
    s.expect(refusal is None, "after the correction a request is accepted", expected="a result", seen=str(refusal))


@case(
    "common/time/030",
    "A client whose clock is ahead corrects it by the venue's, and is heard again.",
    requirement="Clocks go wrong in both directions; a signature from the future is refused like an old one.",
    needs=("balances", "sync_time", "clock"),
)
async def sync_backwards(s: Session) -> None:
    await s.start(clock_offset_ms=int(s.facts.numbers["signature_window_s"] * 3_000))
    await s.client("sync_time")
    refusal = (await s.client.attempt("balances")).refusal
    s.expect(refusal is None, "after the correction a request is accepted", expected="a result", seen=str(refusal))


@case(
    "common/time/040",
    "The correction holds for orders and for the login of the stream, too.",
    requirement="Whatever is signed is signed by the corrected clock.",
    needs=("place_order", "stream_open", "sync_time"),
)
async def sync_is_for_everything(s: Session) -> None:
    await far_apart(s)
    await s.client("sync_time")
    for operation, params in (("place_order", limit(s)), ("stream_open", {"private": True})):
        refusal = (await s.client.attempt(operation, **params)).refusal
        s.expect(refusal is None, f"{operation} is accepted after the correction", expected="a result", seen=str(refusal))


@case(
    "common/time/050",
    "Every request is signed for its own moment.",
    requirement="A signature grows old within seconds or minutes; one that was good before is refused then.",
    needs=("balances", "clock", "elapse"),
)
async def signed_afresh(s: Session) -> None:
    window_s = s.facts.numbers["signature_window_s"]
    for _ in range(3):
        refusal = (await s.client.attempt("balances")).refusal
        s.expect(refusal is None, "a request is accepted at any time", expected="a result", seen=str(refusal))
        await s.pass_time(window_s * 7 / 10, step=window_s)


@case(
    "common/time/060",
    "A client that has run for more than a day still signs the right time.",
    requirement="Bots run for weeks: the date is a part of the time.",
    needs=("balances", "clock", "elapse"),
)
async def past_midnight(s: Session) -> None:
    await s.client("balances")
    await s.pass_time(DAY_S + 3_600, step=DAY_S)
    refusal = (await s.client.attempt("balances")).refusal
    s.expect(refusal is None, "a request is accepted a day later", expected="a result", seen=str(refusal))


@case(
    "common/time/070",
    "A client that was refused for its time works on once the clocks agree.",
    requirement="Clocks jump: after a correction of the clock nothing is left to be done.",
    needs=("balances", "clock"),
)
async def works_on_after_expiry(s: Session) -> None:
    ahead = await far_apart(s)
    await s.client.refused("balances", "a signature that is too old is an error")
    await s.client("clock", offset_ms=int(ahead * 1_000))
    refusal = (await s.client.attempt("balances")).refusal
    s.expect(refusal is None, "a request in time is accepted", expected="a result", seen=str(refusal))


@case(
    "common/time/080",
    "A stream that connects again logs in for that moment.",
    requirement="A login is signed like a request: one that was good for the first connection is too old for the next.",
    needs=("stream_open", "reconnect", "clock", "elapse"),
)
async def login_is_signed_afresh(s: Session) -> None:
    await s.client("stream_open", private=True)
    window_s = s.facts.numbers["signature_window_s"]
    for _ in range(4):
        await s.pass_time(window_s / 2, step=window_s / 6)
    since = await s.wire.mark()
    await s.venue.plan({"when": {"first": 1}, "what": {"action": "close", "code": 1006}})
    channel = "orders" if s.client.has("subscribe.orders") else "ticker"  # some venues log in on a connection of its own
    await s.client.attempt("subscribe", channel=channel, symbol=s.facts.pair.symbol)
    await s.wire.wait(CLOSE, since=since)
    await s.venue.clear_faults()
    await s.pass_time(20, step=2)
    logins = await s.wire.entries(LOGIN, since=since)
    refused = await s.wire.entries("out", since=since, where=lambda each: '"error"' in str(each.get("text")))
    s.expect(logins, "the new connection is logged in", expected="a login", seen=[each["text"] for each in refused], at=refused)


# --- times in results


@case(
    "common/time/100",
    "The time of an order is the venue's, in milliseconds of UTC.",
    requirement="Times are told in UTC; a client that reads them by the machine's zone or in another unit is hours or ages "
    "off.",
    needs=("place_order", "order"),
)
async def time_of_an_order(s: Session) -> None:
    at_ms = await to_odd_time(s)
    order_id = await placed(s, **limit(s))
    await s.venue.advance(LATER_S)
    order = (await s.client("order", symbol=s.facts.pair.symbol, order_id=order_id))["order"]
    same_second(s, order.get("created_ms"), at_ms, "the time of the order")


@case(
    "common/time/110",
    "The time of a fill is that of the trade.",
    requirement="A fill has the time of its trade, not that of the order or of the question.",
    needs=("place_order", "fills"),
)
async def time_of_a_fill(s: Session) -> None:
    pair = s.facts.pair
    await placed(s, **limit(s))
    at_ms = await to_odd_time(s)
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    await s.venue.advance(LATER_S)
    fill = s.single((await s.client("fills", symbol=pair.symbol))["fills"], "one trade is one fill")
    same_second(s, fill.get("time_ms"), at_ms, "the time of the fill")


@case(
    "common/time/120",
    "The time of an entry in the ledger is that of the change.",
    requirement="Entries of the ledger have the venue's time, in UTC.",
    needs=("ledger",),
)
async def time_of_an_entry(s: Session) -> None:
    at_ms = await to_odd_time(s)
    await s.venue.deposit(ME, s.facts.pair.base, "0.5")
    await s.venue.advance(LATER_S)
    entries = (await s.client("ledger", currency=s.facts.pair.base))["entries"]
    s.expect(entries, "the change is listed", expected="an entry", seen="none")
    times = [s.member(entry, "time_ms") for entry in entries]
    same_second(s, max(times), at_ms, "the time of the newest entry")


@case(
    "common/time/130",
    "Books and tickers have the venue's time, to the millisecond.",
    requirement="Market data says when it was true; whoever trades on it has to know how old it is.",
    level=Level.SHOULD,
    needs=("book", "ticker"),
)
async def time_of_market_data(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    await s.venue.place(ME, s.facts.pair.symbol, "buy", s.facts.pair.min_qty, s.facts.pair.price)
    at_ms = await to_odd_time(s)
    book = (await s.client("book", symbol=s.facts.pair.symbol))["book"]
    ticker = (await s.client("ticker", symbol=s.facts.pair.symbol))["ticker"]
    for what, row in (("book", book), ("ticker", ticker)):
        seen = s.told(row.get("time_ms"), f"the time of the {what}")
        s.equal(seen, at_ms, f"the {what} has the venue's time")
