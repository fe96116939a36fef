"""Faults: what a client makes of lost replies, gateways' errors, refused connections, and pushes late, twice or never."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal

from mockex.conformance.cases.live import (
    MAKER,
    connections,
    discard,
    lost,
    open_taker,
    order_until,
    place,
    price,
    quote,
    renewed,
    rows,
    text,
    trade,
)
from mockex.conformance.model import Level, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Outcome, Session
from mockex.conformance.trace import LOGIN, REFUSED

ME = "alice"
CLIENT_ID = "fault7"

UNKNOWN = ("timeout", "connection_lost", "unavailable", "malformed_reply", "maintenance", "other")
"""Kinds of errors that do not claim that the venue refused what was asked."""

FOLLOW = ("stream_open", "subscribe", "next_event", "subscribe.orders", "place_order")


async def _plan(s: Session, operation: str, action: str, *, when: Mapping[str, Json] | None = None, **more: Json) -> None:
    """At the next request of that operation, unless `when` says otherwise."""
    rule = {"where": {"route": s.facts.route(operation)}, "when": when or {"nth": 1}, "what": {"action": action, **more}}
    await s.venue.plan(rule)


def _order(s: Session, side: str = "buy", at: Decimal | None = None, **more: Json) -> dict[str, Json]:
    pair = s.facts.pair
    at = price(s, -5) if at is None else at
    return {"symbol": pair.symbol, "side": side, "type": "limit", "price": text(at), "qty": text(pair.qty), **more}


async def _not_known(s: Session, outcome: Outcome, what: str) -> None:
    """CaseFailed if the client claims to know what it cannot know: that the venue took or refused the request."""
    refusal = outcome.refusal
    if refusal is None:
        s.fail(what, expected="an error", seen=outcome.result)
    s.expect(refusal.kind in UNKNOWN, f"{what}, and not as a refusal", expected="timeout or connection_lost", seen=str(refusal))


async def _sent_once(s: Session, operation: str) -> None:
    sent = await s.wire.requests(s.facts.route(operation))
    s.expect(
        len(sent) == 1,
        "what may have been carried out is not sent again",
        expected="1 request",
        seen=f"{len(sent)} requests",
        at=sent,
    )


# --- orders and money, and no reply


@case(
    "common/faults/010",
    "An order whose reply was lost is not sent a second time.",
    requirement="No reply says nothing about the order: it may rest or be filled already, and a second one doubles it.",
    needs=("place_order",),
)
async def lost_reply_is_no_reason_to_order_again(s: Session) -> None:
    await _plan(s, "place_order", "lose_reply")
    outcome = await s.client.attempt("place_order", **_order(s))
    await s.client.settle()
    await _sent_once(s, "place_order")
    await _not_known(s, outcome, "a lost reply is an error")
    s.equal(len(await s.venue.orders(ME)), 1, "one order stands at the venue")


@case(
    "common/faults/020",
    "An order whose reply was lost is found by the client's own id.",
    requirement="An id of the client's own is what finds an order whose id at the venue never arrived.",
    needs=("place_order", "place_order.client_id", "order", "order.client_id"),
)
async def lost_order_is_found_by_client_id(s: Session) -> None:
    await _plan(s, "place_order", "lose_reply")
    await s.client.attempt("place_order", **_order(s, client_id=CLIENT_ID))
    order = (await s.client("order", symbol=s.facts.pair.symbol, client_id=CLIENT_ID))["order"]
    s.equal(order["order_id"], (await s.venue.orders(ME))[0]["order_id"], "the order is found by the client's id")


@case(
    "common/faults/030",
    "A connection that breaks while an order is sent leaves the order's fate open.",
    requirement="A broken connection says nothing about the order, though this one never arrived: the user has to look it up.",
    needs=("place_order",),
)
async def broken_connection_is_told(s: Session) -> None:
    await _plan(s, "place_order", "reset")
    outcome = await s.client.attempt("place_order", **_order(s))
    await s.client.settle()
    await _sent_once(s, "place_order")
    await _not_known(s, outcome, "a broken connection is an error")
    s.equal(await s.venue.orders(ME), [], "no order stands at the venue")


@case(
    "common/faults/040",
    "A reply that does not come in time is an error, and the order is not sent a second time.",
    requirement="A client waits so long and no longer; an order that was not answered may have been carried out.",
    needs=("place_order",),
)
async def late_reply_is_a_timeout(s: Session) -> None:
    await s.start(timeout_ms=400)
    await _plan(s, "place_order", "delay", ms=3_600_000)
    outcome = await s.client.attempt("place_order", **_order(s))
    await s.client.settle()
    await _sent_once(s, "place_order")
    await _not_known(s, outcome, "a reply that does not come is an error")
    s.equal(len(await s.venue.orders(ME)), 1, "one order stands at the venue")


@case(
    "common/faults/050",
    "A gateway's error page in place of a reply is an error, and the order is not sent a second time.",
    requirement="A gateway in front of the venue answers in HTML when it gets no reply in time; the order may be there.",
    needs=("place_order",),
)
async def gateway_error_after_execution(s: Session) -> None:
    await _plan(s, "place_order", "http_error", status=504, executed=True)
    outcome = await s.client.attempt("place_order", **_order(s))
    await s.client.settle()
    await _sent_once(s, "place_order")
    await _not_known(s, outcome, "a gateway's error is an error")
    s.equal(len(await s.venue.orders(ME)), 1, "one order stands at the venue")


@case(
    "common/faults/060",
    "A gateway's error page is told as the venue being out of reach.",
    requirement="An error page in HTML with status 502 or 503 comes from in front of the venue: it is worth trying later.",
    level=Level.SHOULD,
    needs=("balances",),
)
async def gateway_error_is_told(s: Session) -> None:
    for status in (502, 503):
        await _plan(s, "balances", "http_error", when={"after": 0}, status=status)
        refusal = await s.client.refused("balances", "a gateway's error is an error")
        told = refusal.kind in ("unavailable", "maintenance", "connection_lost") or refusal.status == status
        s.expect(told, "the error says that the venue is out of reach", expected="unavailable", seen=str(refusal))
        await s.venue.clear_faults()
    await s.client("balances")


@case(
    "common/faults/070",
    "Several orders whose common reply was lost are not sent a second time.",
    requirement="One request with several orders doubles all of them if it is repeated.",
    needs=("place_orders",),
)
async def lost_batch_is_not_repeated(s: Session) -> None:
    await _plan(s, "place_orders", "lose_reply")
    outcome = await s.client.attempt("place_orders", orders=[_order(s), _order(s, at=price(s, -9))])
    await s.client.settle()
    await _sent_once(s, "place_orders")
    await _not_known(s, outcome, "a lost reply is an error")
    s.equal(len(await s.venue.orders(ME)), 2, "each order stands once")


@case(
    "common/faults/080",
    "A transfer whose reply was lost is not sent a second time.",
    requirement="A transfer moves money each time that it is asked for.",
    needs=("transfer",),
)
async def lost_transfer_is_not_repeated(s: Session) -> None:
    base = s.facts.pair.base
    before = (await s.venue.account(ME))["balances"]
    await _plan(s, "transfer", "lose_reply")
    outcome = await s.client.attempt("transfer", currency=base, amount="1", source="spot", target="funding")
    await s.client.settle()
    await _sent_once(s, "transfer")
    await _not_known(s, outcome, "a lost reply is an error")
    after = (await s.venue.account(ME))["balances"]
    s.amount(after["spot"][base]["total"], Decimal(before["spot"][base]["total"]) - 1, "the money is moved once")


@case(
    "common/faults/090",
    "A cancellation whose reply was lost is not told as a refusal.",
    requirement="The cancellation may have been carried out: if another one comes too late, that was the client's own doing.",
    needs=("place_order", "cancel_order"),
)
async def lost_cancel_is_no_refusal(s: Session) -> None:
    order_id = await place(s, "buy", s.facts.pair.qty, price(s, -5))
    await _plan(s, "cancel_order", "lose_reply")
    outcome = await s.client.attempt("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)
    s.equal((await s.venue.order(order_id))["status"], "cancelled", "the order is cancelled")
    if outcome.refusal is not None:
        await _not_known(s, outcome, "a lost reply is an error")


@case(
    "common/faults/100",
    "An order that is filled while its cancellation is on the way is not told as cancelled.",
    requirement="A cancellation that comes too late is refused: the order is filled, and stays so.",
    needs=("place_order", "cancel_order", "order"),
)
async def cancel_that_comes_too_late(s: Session) -> None:
    pair = s.facts.pair
    order_id = await place(s, "buy", pair.qty * 2, price(s, 0))
    await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
    await _plan(s, "cancel_order", "delay_before", ms=1_000)
    since = await s.wire.mark()
    cancelling = asyncio.create_task(s.client.attempt("cancel_order", symbol=pair.symbol, order_id=order_id))
    await s.wire.wait("request", since=since)
    await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
    await s.venue.advance(1)
    outcome = await cancelling
    s.expect(
        outcome.refusal is not None, "a cancellation that came too late is an error", expected="an error", seen=outcome.result
    )
    order = (await s.client("order", symbol=pair.symbol, order_id=order_id))["order"]
    s.equal(s.member(order, "status"), "filled", "the order is told as filled")
    s.amount(order.get("filled_qty"), pair.qty * 2, "the order is filled whole")


@case(
    "common/faults/110",
    "A read that failed once works again on the next call.",
    requirement="An error of one request says nothing about the next one, on the same connection or a new one.",
    needs=("balances", "place_order"),
)
async def next_call_works(s: Session) -> None:
    for action in ("reset", "lose_reply", "http_error"):
        await _plan(s, "balances", action, when={"after": 0})
        await s.client.refused("balances", f"a read that always fails ({action}) is an error")
        await s.venue.clear_faults()
        await s.client("balances")
    await s.client("place_order", **_order(s))


@case(
    "common/faults/120",
    "A request beyond the venue's limits is told as such and not repeated at once.",
    requirement="Too many requests are answered with 429: going on at once makes it worse.",
    needs=("place_order",),
)
async def rate_limit_is_respected(s: Session) -> None:
    await _plan(s, "place_order", "rate_limited", when={"after": 0})
    refusal = await s.client.refused("place_order", "a request beyond the limits is an error", **_order(s))
    await s.client.settle()
    sent = await s.wire.requests(s.facts.route("place_order"))
    s.expect(len(sent) <= 2, "it is not repeated at once", expected="1 request", seen=f"{len(sent)} requests", at=sent)
    s.equal(refusal.kind, "rate_limited", "the error says so")


@case(
    "common/faults/130",
    "An order that the venue refuses during maintenance is an error; afterwards orders are taken again.",
    requirement="A venue under maintenance refuses and comes back: the same client goes on then.",
    needs=("place_order",),
)
async def maintenance_passes(s: Session) -> None:
    await s.venue.maintenance(on=True)
    refusal = await s.client.refused("place_order", "an order during maintenance is an error", **_order(s))
    s.expect(
        refusal.kind in ("maintenance", "unavailable") or refusal.mentions(s.facts.codes("maintenance")),
        "the error says that the venue is under maintenance",
        expected="maintenance",
        seen=str(refusal),
    )
    await s.venue.maintenance(on=False)
    await s.client("place_order", **_order(s))
    s.equal(len(await s.venue.orders(ME)), 1, "orders are taken again")


@case(
    "common/faults/140",
    "Orders in a halted instrument are errors, the others are taken, and after the halt all are.",
    requirement="A halt concerns one instrument and passes.",
    needs=("place_order",),
)
async def halt_passes(s: Session) -> None:
    other = s.facts.pairs[1]
    await s.venue.halt(s.facts.pair.symbol)
    await s.client.refused("place_order", "an order in a halted instrument is an error", **_order(s))
    elsewhere = {"symbol": other.symbol, "price": text(other.price), "qty": text(other.qty)}
    await s.client("place_order", **{**_order(s), **elsewhere})
    await s.venue.resume(s.facts.pair.symbol)
    await s.client("place_order", **_order(s))
    s.equal(len(await s.venue.orders(ME)), 2, "the orders outside the halt are taken")


@case(
    "common/faults/150",
    "A venue whose clock is off is served again once the client has taken its time over.",
    requirement="Signatures go by the venue's clock, be it right or wrong: the venue's time endpoint tells it.",
    needs=("sync_time", "balances"),
)
async def skewed_venue_is_followed(s: Session) -> None:
    for ms in (95_000, -80_000):
        await s.venue.plan({"what": {"action": "clock_skew", "ms": ms}})
        await s.client("sync_time")
        await s.client("balances")
        await s.venue.clear_faults()


@case(
    "common/faults/160",
    "The stream's login too goes by the time that was taken over from the venue.",
    requirement="There is one clock for requests and logins: the venue's.",
    needs=("sync_time", "stream_open", "subscribe.orders"),
)
async def skewed_login_is_accepted(s: Session) -> None:
    await s.venue.plan({"what": {"action": "clock_skew", "ms": 95_000}})
    await s.client("sync_time")
    await s.client("stream_open", private=True)
    accepted = await s.wire.entries(LOGIN)
    s.expect(accepted, "the login is accepted", expected="a login", seen="none")


# --- pushes late, twice, never


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
    await _plan(s, "place_order", "reply_after_push", when={"after": 0})
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
    await s.venue.clear_faults()
    await s.client("place_order", **_order(s, at=price(s, -30)))  # a fence: what was pushed before it is here
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
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
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
    rule = {"where": {"operation": "login"}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}}
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
    cut = {"where": {"operation": "login"}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}}
    await s.venue.plan(loss, cut)
    since = await s.wire.mark()
    await s.client("place_order", **_order(s))
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
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
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
    await s.start(timeout_ms=400)
    await s.client("stream_open", private=False)
    await s.venue.plan({"where": {"operation": "subscribe"}, "when": {"nth": 1}, "what": {"action": "stall"}})
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
    await open_taker(s)
    await s.client("stream_open", private=False)
    await s.client("subscribe", channel="trades", symbol=pair.symbol)
    name = s.facts.channel("trades", symbol=pair.symbol)
    for n, code in enumerate((1001, 1006, 1011, 1012)):
        await s.venue.clear_faults()
        rule = {"where": {"channel": name, "opening": False}, "when": {"nth": 1}, "what": {"action": "close", "code": code}}
        await s.venue.plan(rule)
        since = await s.wire.mark()
        await trade(s, pair.qty, price(s, n))
        await lost(s, since=since)
        await renewed(s, [name], f"the connection is renewed after loss {n + 1} ({code})", since=since)
    await discard(s, "trades", symbol=pair.symbol)
    await trade(s, pair.qty, price(s, 9))
    await rows(s, "trades", 1, "events come on the last connection", symbol=pair.symbol)


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
    await _plan(s, "order", "stale", when={"after": 0}, ms=1_000)
    await s.venue.advance(1)
    for parts in (1, 2):
        await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
        row = (await order_until(s, order_id, "partly_filled", "a fill is told"))[-1]
        s.amount(row.get("filled_qty"), pair.qty * parts, "all that is filled is told, whatever was read meanwhile")
        await s.client("order", symbol=pair.symbol, order_id=order_id)
    await s.venue.place(MAKER, pair.symbol, "sell", pair.qty, price(s, 0))
    row = (await order_until(s, order_id, "filled", "the last fill is told"))[-1]
    s.amount(row.get("filled_qty"), pair.qty * 3, "the order is told filled whole")
