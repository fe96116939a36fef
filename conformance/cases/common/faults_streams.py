"""Faults: what a client makes of pushes late, twice or never, and of a stream that is cut off again and again."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.faults import limit_order, plan
from mockex.conformance.cases.live import (
    MAKER,
    connections,
    discard,
    follow_trades,
    lost,
    order_until,
    place,
    price,
    pushed,
    quote,
    renewed,
    rows,
    trade,
    trades_come,
)
from mockex.conformance.model import case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import LOGIN, REFUSED

FOLLOW = ("stream_open", "subscribe", "next_event", "subscribe.orders", "place_order")


@case(
    "common/faults/170",
    "An order that is told before its reply is told all the same.",
    requirement="Pushes and replies come on two lines: an order's first states may come before the reply that names it.",
    needs=FOLLOW,
)
async def push_before_reply(s: Session) -> None:
    pair = s.facts.pair
    await quote(s, "sell", price(s, 0), pair.qty)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await plan(s, "place_order", "reply_after_push", when={"after": 0})
    for at, status in ((price(s, 0), "filled"), (price(s, -4), "open")):
        order_id = await place(s, "buy", pair.qty, at)
        await order_until(s, order_id, status, f"an order that was {status} before its reply is told")


@case(
    "common/faults/180",
    "A fill that is pushed twice counts once.",
    requirement="A push has all that is filled so far, so that the same one twice changes nothing.",
    needs=FOLLOW,
)
async def repeated_fill_counts_once(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    name = s.facts.channel("orders", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "what": {"action": "duplicate"}})
    order_id = await place(s, "buy", pair.qty * 5, price(s, 0))
    for _ in range(2):
        await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
    await pushed(s)
    await s.venue.clear_faults()
    await s.client("place_order", **limit_order(s, at=price(s, -30)))  # a fence: what was pushed before it is here
    await pushed(s)
    await s.client.settle()
    seen = await _all_of(s, order_id)
    s.expect(seen, "the order is told", expected="events", seen="none")
    s.amount(seen[-1].get("filled_qty"), pair.qty * 2, "each fill counts once")


@case(
    "common/faults/190",
    "After a fill whose push was lost, the next push says all that is filled.",
    requirement="A push has all that is filled so far, so that a lost one is made up for by the next.",
    needs=FOLLOW,
)
async def lost_fill_is_made_up_for(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", pair.qty * 5, price(s, 0))
    await pushed(s)
    name = s.facts.channel("orders", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "drop"}})
    for _ in range(2):
        await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
    seen = await order_until(s, order_id, "partly_filled", "the second fill is told")
    s.amount(seen[-1].get("filled_qty"), pair.qty * 2, "all that is filled is told")


@case(
    "common/faults/200",
    "A trade that is pushed twice is known by its id, or told once.",
    requirement="The same trade twice has the same id, which is all that tells it from two trades.",
    needs=("stream_open", "subscribe", "next_event", "subscribe.trades"),
)
async def repeated_trade_is_known(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    name = s.facts.channel("trades", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "duplicate"}})
    for n in (0, 1):
        await trade(s, pair.qty, price(s, n))
    told: list[Json] = []
    while not told or Decimal(told[-1]["price"]) != price(s, 1):
        told += await rows(s, "trades", 1, "the trades are told", symbol=pair.symbol)
    ids = {s.member(row, "trade_id") for row in told}
    s.expect(len(ids) == 2, "two trades have two ids, however often they come", expected="2 ids", seen=[*ids])


@case(
    "common/faults/210",
    "Pushes that come late come in order and complete.",
    requirement="A line may be slow for a while; what was sent then arrives later.",
    needs=FOLLOW,
)
async def late_pushes_are_complete(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    name = s.facts.channel("orders", symbol=pair.symbol)
    await s.venue.plan({"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "delay", "ms": 2_000}})
    order_id = await place(s, "buy", pair.qty * 3, price(s, 0))
    for _ in range(3):
        await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
    await s.venue.advance(2)
    seen = await order_until(s, order_id, "filled", "the order is told until it is filled")
    filled = [Decimal(s.told(row.get("filled_qty"), "filled_qty")) for row in seen]
    s.equal(filled, [pair.qty * n for n in range(4)], "each change is told, in order")


async def _all_of(s: Session, order_id: str) -> list[Json]:
    """Every row about an order that has come so far."""
    seen: list[Json] = []
    while True:
        event = (await s.client("next_event", channel="orders", symbol=s.facts.pair.symbol, timeout_ms=0))["event"]
        if event is None:
            return seen
        seen += [row for row in event.get("orders", ()) if row["order_id"] == order_id]


# --- connections of the stream


@case(
    "common/faults/220",
    "A stream whose login was cut off is not taken for logged in.",
    requirement="A connection that ends before the login was confirmed is not logged in.",
    needs=("stream_open", "subscribe.orders"),
)
async def login_that_was_cut_off(s: Session) -> None:
    rule = {"where": {"operation": s.facts.request("login")}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}}
    await s.venue.plan(rule)
    outcome = await s.client.attempt("stream_open", private=True)
    confirmed = await s.wire.entries(LOGIN)
    s.expect(
        outcome.refusal is not None or confirmed, "an open stream is logged in", expected="an error, or a login", seen="neither"
    )
    if outcome.refusal is not None:
        await s.client("stream_open", private=True)


@case(
    "common/faults/230",
    "A login that is cut off on a renewed connection is tried again.",
    requirement="A venue that restarts drops connections more than once, also in the middle of a login.",
    needs=(*FOLLOW, "reconnect"),
)
async def cut_off_renewal_is_repeated(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    name = s.facts.channel("orders", symbol=pair.symbol)
    loss = {"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1001}}
    cut = {"where": {"operation": s.facts.request("login")}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}}
    await s.venue.plan(loss, cut)
    since = await s.wire.mark()
    await s.client("place_order", **limit_order(s))
    await lost(s, since=since)
    await renewed(s, [name], "the client logs in and subscribes in the end", since=since)
    await discard(s, "orders", symbol=pair.symbol)
    order_id = await place(s, "buy", pair.qty, price(s, -8))
    await order_until(s, order_id, "open", "events come on the new connection")


@case(
    "common/faults/240",
    "A client whose connections are refused for a while comes back.",
    requirement="A venue that restarts refuses connections with 503 for a while; then it takes them again.",
    needs=("stream_open", "subscribe", "next_event", "subscribe.trades", "reconnect", "clock", "elapse"),
)
async def refused_connections_are_outlived(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    name = s.facts.channel("trades", symbol=pair.symbol)
    loss = {"where": {"channel": name}, "when": {"nth": 1}, "what": {"action": "close", "code": 1001}}
    await s.venue.plan(loss, {"when": {"first": 3}, "what": {"action": "refuse", "status": 503}})
    since = await s.wire.mark()
    await trade(s, pair.qty, price(s, 0))
    await lost(s, since=since)
    await renewed(s, [name], "the client comes back", since=since, seconds=90)
    refused = await s.wire.entries(REFUSED, since=since)
    s.equal(len(refused), 3, "each refusal was followed by another attempt", at=refused)


@case(
    "common/faults/250",
    "A first connection that the venue refuses is an error, not an open stream.",
    requirement="A refused upgrade is no connection.",
    needs=("stream_open",),
)
async def refused_first_connection(s: Session) -> None:
    await s.start(timeout_ms=1_500)
    await s.venue.plan({"when": {"first": 1}, "what": {"action": "refuse", "status": 503}})
    outcome = await s.client.attempt("stream_open", private=False)
    taken = await connections(s)
    s.expect(
        outcome.refusal is not None or taken,
        "an open stream has a connection",
        expected="an error, or a connection",
        seen="neither",
    )
    if outcome.refusal is not None:
        await s.client("stream_open", private=False)


@case(
    "common/faults/260",
    "A subscription that is never answered is an error in the end.",
    requirement="A connection can go silent in the middle of a request: the client waits so long and no longer.",
    needs=("stream_open", "subscribe", "subscribe.trades"),
)
async def unanswered_subscription_ends(s: Session) -> None:
    await s.start(timeout_ms=1_500)
    await s.client("stream_open", private=False)
    await s.venue.plan({"where": {"operation": s.facts.request("subscribe")}, "when": {"nth": 1}, "what": {"action": "stall"}})
    await s.client.refused(
        "subscribe", "a subscription without an answer is an error", channel="trades", symbol=s.facts.pair.symbol
    )


@case(
    "common/faults/270",
    "A connection that is lost time and again is renewed each time.",
    requirement="One loss says nothing about the next.",
    needs=("stream_open", "subscribe", "next_event", "subscribe.trades", "reconnect"),
)
async def repeated_losses_are_outlived(s: Session) -> None:
    pair = s.facts.pair
    await follow_trades(s)
    name = s.facts.channel("trades", symbol=pair.symbol)
    for n, code in enumerate((1001, 1006, 1011, 1012)):
        await s.venue.clear_faults()
        rule = {"where": {"channel": name, "opening": False}, "when": {"nth": 1}, "what": {"action": "close", "code": code}}
        await s.venue.plan(rule)
        since = await s.wire.mark()
        await trade(s, pair.qty, price(s, n))
        await lost(s, since=since)
        await renewed(s, [name], f"the connection is renewed after loss {n + 1} ({code})", since=since)
    await trades_come(s, "events come on the last connection", at=price(s, 9))


@case(
    "common/faults/280",
    "A read that lags behind the stream does not set an order back.",
    requirement="Reads may be answered from a state that is older than what the stream has told already.",
    needs=(*FOLLOW, "order"),
)
async def stale_read_sets_nothing_back(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", pair.qty * 3, price(s, 0))
    await plan(s, "order", "stale", when={"after": 0}, ms=1_000)
    await s.venue.advance(1)
    for parts in (1, 2):
        await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
        row = (await order_until(s, order_id, "partly_filled", "a fill is told"))[-1]
        s.amount(row.get("filled_qty"), pair.qty * parts, "all that is filled is told, whatever was read meanwhile")
        await s.client("order", symbol=pair.symbol, order_id=order_id)
    await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
    row = (await order_until(s, order_id, "filled", "the last fill is told"))[-1]
    s.amount(row.get("filled_qty"), pair.qty * 3, "the order is told filled whole")
