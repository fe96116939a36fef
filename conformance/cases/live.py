"""What cases about streams, books and faults share: somebody to trade with, events in order, renewed connections, shown books.

Knows no venue: names come from its facts. `channel` is always a name of the driver protocol.
"""

from __future__ import annotations

import asyncio
import fnmatch
from collections.abc import Iterable, Mapping
from decimal import Decimal

from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import CLOSE, OPEN, REFUSED, SUBSCRIBED, Entry

MAKER, TAKER = "bob", "carol"
"""Two accounts that are not the client's."""

PATIENCE_MS = 1_500
"""Real time for what has been sent already and only has to be worked off."""

OWN_PATIENCE_MS = 10_000
"""Real time for what a client does by itself, if its timers cannot be moved."""

POLLS, POLL_SECONDS = 40, 0.02
"""Of a client's book: it comes right inside the client, which has no word of the protocol to tell that with."""

Level = tuple[Decimal | str, Decimal | str]


def text(amount: Decimal) -> str:
    """As the protocol wants it."""
    return format(amount, "f")


def price(s: Session, steps: int) -> Decimal:
    """A price so many steps of ten ticks away from the usual one."""
    return s.facts.pair.price + 10 * steps * s.facts.pair.tick


# --- the others on the market


async def open_taker(s: Session) -> None:
    """Opens the second account, so that nobody has to trade with himself."""
    pair = s.facts.pair
    wealth = {pair.base: pair.qty * 100_000, pair.quote: pair.price * pair.qty * 100_000}
    await s.venue.call("POST", "/accounts", account=TAKER, balances={asset: text(amount) for asset, amount in wealth.items()})


async def trade(s: Session, qty: Decimal, at: Decimal, *, side: str = "buy", symbol: str | None = None) -> None:
    """Two others trade; `side` is the taker's. After `open_taker`."""
    symbol = symbol or s.facts.pair.symbol
    await s.venue.place(MAKER, symbol, "sell" if side == "buy" else "buy", qty, at)
    await s.venue.place(TAKER, symbol, side, qty, at)


async def cadence(s: Session) -> None:
    """So much time for the venue that every channel has told what is new."""
    await s.venue.advance(s.facts.numbers["cadence_ms"] / 1_000)


async def pushed(s: Session) -> None:
    """All that has happened has been pushed, also where the venue gathers pushes for a while."""
    if (push_ms := s.facts.numbers.get("push_ms")) is not None:
        await s.venue.advance(push_ms / 1_000)


async def place(s: Session, side: str, qty: Decimal, at: Decimal) -> str:
    """A limit order of the client's; its id."""
    receipt = await s.client("place_order", symbol=s.facts.pair.symbol, side=side, type="limit", price=text(at), qty=text(qty))
    order_id: str = s.member(receipt, "order_id")
    return order_id


# --- events


async def next_event(s: Session, channel: str, what: str, **of: Json) -> Mapping[str, Json]:
    """The oldest event not yet seen. CaseFailed, as `what` did not happen, if there is none."""
    event: Mapping[str, Json] | None = (await s.client("next_event", channel=channel, timeout_ms=PATIENCE_MS, **of))["event"]
    if event is None:
        s.fail(what, expected=f"an event of {channel}", seen="none")
    return event


async def rows(s: Session, channel: str, count: int, what: str, **of: Json) -> list[Json]:
    """The next `count` rows of a channel, however many come in one event. CaseFailed if fewer come."""
    found: list[Json] = []
    while len(found) < count:
        event = (await s.client("next_event", channel=channel, timeout_ms=PATIENCE_MS, **of))["event"]
        if event is None:
            s.fail(what, expected=f"{count} rows of {channel}", seen=f"{len(found)} rows: {found}")
        found += s.told(event.get(channel), f"rows of {channel} in its events")
    return found


async def discard(s: Session, channel: str, **of: Json) -> None:
    """Everything that has come so far was seen."""
    await pushed(s)
    await s.client.settle()
    while (await s.client("next_event", channel=channel, timeout_ms=0, **of))["event"] is not None:
        pass


async def follow_trades(s: Session) -> None:
    """The client follows the usual pair's trades on an open stream, and there are two others to make them."""
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=s.facts.pair.symbol)


async def trades_come(s: Session, what: str, *, at: Decimal) -> None:
    """The usual pair's next trade, at that price, is told to a client that follows them. CaseFailed, as `what`, if not."""
    pair = s.facts.pair
    await discard(s, "trades", symbol=pair.symbol)
    await trade(s, pair.qty, at)
    await rows(s, "trades", 1, what, symbol=pair.symbol)


async def no_event(s: Session, channel: str, what: str, **of: Json) -> None:
    """CaseFailed if there is an event not yet seen."""
    await pushed(s)
    await s.client.settle()
    event = (await s.client("next_event", channel=channel, timeout_ms=0, **of))["event"]
    s.expect(event is None, what, expected=f"no event of {channel}", seen=event)


async def order_until(s: Session, order_id: str, status: str, what: str) -> list[Json]:
    """Rows about an order of the client's, up to the first with that status."""
    seen: list[Json] = []
    while True:
        of = {"symbol": s.facts.pair.symbol, "timeout_ms": PATIENCE_MS}
        event = (await s.client("next_event", channel="orders", **of))["event"]
        if event is None:
            s.fail(what, expected=f"order {order_id} {status}", seen=f"{[row.get('status') for row in seen]} and no more")
        for row in event.get("orders", ()):
            if row["order_id"] == order_id:
                seen.append(row)
                if s.member(row, "status") == status:
                    return seen


# --- connections


async def connections(s: Session, *, since: int = 0) -> list[Entry]:
    """Every connection that the venue took."""
    return await s.wire.entries(OPEN, since=since)


async def act(s: Session, seconds: float = 1) -> None:
    """So much of the client's own time, and real time for what it then begins. Without timers to move: real time alone."""
    if s.client.has("elapse") and s.client.has("clock"):
        await s.pass_time(seconds, step=seconds)
        await s.wire.wait(OPEN, since=await s.wire.mark(), within_ms=30)
    else:
        await s.wire.read(wait_ms=500)


async def lost(s: Session, *, since: int) -> None:
    """The venue has cut the connection, as it was planned. CaseFailed if the client has none."""
    await pushed(s)
    if await s.wire.wait(CLOSE, since=since, by="server"):
        return
    subscribed = await s.wire.entries(SUBSCRIBED)
    s.expect(subscribed, "the client has subscribed", expected="a subscription", seen="none", at=await connections(s))
    raise AssertionError("the planned loss of the connection did not come")


async def renewed(s: Session, channels: Iterable[str], what: str, *, since: int, seconds: int = 40, step: int = 1) -> Entry:
    """The first connection since then on which all of these channels of the wire are subscribed (patterns may have `*`).

    Gives the client its time. CaseFailed if it does not come.
    """
    wanted = tuple(channels)
    for _ in range(0, seconds, step):
        taken = await connections(s, since=since)
        for each in reversed(taken):
            if await _has_all(s, each, wanted):
                return each
        if taken and await _catches_up(s, taken[-1], wanted):
            return taken[-1]
        await act(s, step)
    at = await s.wire.entries(OPEN, REFUSED, SUBSCRIBED, CLOSE, since=since)
    return s.fail(what, expected=f"a connection with {', '.join(wanted) or 'nothing'}", seen=f"{len(at)} signs of it", at=at)


async def _has_all(s: Session, opened: Entry, wanted: tuple[str, ...]) -> bool:
    entries = await s.wire.entries(SUBSCRIBED, connection=opened["connection"])
    names = [each["channel"] for each in entries]
    return all(any(fnmatch.fnmatchcase(name, pattern) for name in names) for pattern in wanted)


async def _catches_up(s: Session, opened: Entry, wanted: tuple[str, ...]) -> bool:
    """A connection just opened gets a moment of real time before its client's time goes on."""
    await s.wire.wait(SUBSCRIBED, count=len(wanted), connection=opened["connection"], within_ms=100)
    return await _has_all(s, opened, wanted)


# --- books


async def watch(s: Session, symbol: str | None = None) -> str:
    """The client follows a book on an open stream. The symbol."""
    symbol = symbol or s.facts.pair.symbol
    if not s.client.has("stream_state") or not (await s.client("stream_state"))["connected"]:
        await s.client("stream_open", private=False)
    await s.client("book_watch", symbol=symbol)
    return symbol


async def quote(s: Session, side: str, at: Decimal, qty: Decimal, *, symbol: str | None = None) -> str:
    """An order of somebody else that rests; its id."""
    order = await s.venue.place(MAKER, symbol or s.facts.pair.symbol, side, qty, at)
    order_id: str = order["order_id"]
    return order_id


async def shows(
    s: Session, what: str, *, bids: Iterable[Level] = (), asks: Iterable[Level] = (), symbol: str | None = None
) -> None:
    """The client's book comes to be exactly this one, best first, and in sync. CaseFailed if it does not."""
    expected = {"bids": _numbers(bids), "asks": _numbers(asks)}
    view: Json = None
    asked = len(s.client.steps)
    for _ in range(POLLS):
        del s.client.steps[asked:]  # of many tries the last one is to be read
        await s.client.settle()
        view = await s.client("book_view", symbol=symbol or s.facts.pair.symbol)
        if view["in_sync"] and {side: _numbers(view["book"][side]) for side in ("bids", "asks")} == expected:
            return
        await asyncio.sleep(POLL_SECONDS)
    for side in ("bids", "asks"):
        seen = _numbers(view["book"][side])
        if seen != expected[side]:
            s.fail(f"{what}: {side}", expected=_shown(expected[side], seen), seen=_shown(seen, expected[side]))
    s.fail(f"{what}: in sync", expected="in_sync true", seen="in_sync false")


async def distrusts(s: Session, what: str, symbol: str | None = None) -> None:
    """The client comes to say that its book must not be trusted. CaseFailed if it does not."""
    asked = len(s.client.steps)
    for _ in range(POLLS):
        del s.client.steps[asked:]
        await s.client.settle()
        if not (await s.client("book_view", symbol=symbol or s.facts.pair.symbol))["in_sync"]:
            return
        await asyncio.sleep(POLL_SECONDS)
    s.fail(what, expected="in_sync false", seen="in_sync true")


async def book_subscriptions(s: Session, *, since: int = 0, symbol: str | None = None) -> list[Entry]:
    """How often the client asked for the book."""
    pattern = s.facts.channel("any_book", symbol=symbol or s.facts.pair.symbol)
    return await s.wire.entries(SUBSCRIBED, since=since, where=lambda each: fnmatch.fnmatchcase(each["channel"], pattern))


async def followed(s: Session, what: str) -> None:
    """The client asked for the book once: it never took what was right for wrong."""
    await s.client.settle()
    asked = await book_subscriptions(s)
    s.expect(len(asked) == 1, what, expected="1 subscription of the book", seen=f"{len(asked)} subscriptions", at=asked)


def _numbers(levels: Iterable[Level]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(level[0]), Decimal(level[1])) for level in levels]


def _shown(levels: list[tuple[Decimal, Decimal]], other: list[tuple[Decimal, Decimal]]) -> str:
    """The levels from a little before the first difference on."""
    first = next((n for n, (mine, theirs) in enumerate(zip(levels, other, strict=False)) if mine != theirs), None)
    if first is None:
        first = min(len(levels), len(other))
    start = max(0, first - 1)
    few = ", ".join(f"{qty:f} @ {at:f}" for at, qty in levels[start : start + 5])
    return f"{len(levels)} levels; from number {start + 1} on: {few or 'none'}"
