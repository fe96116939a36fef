"""Faults: what a client makes of lost replies, gateways' errors, refused connections, and pushes late, twice or never."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal

from mockex.conformance.cases.common.funding import other_wallet
from mockex.conformance.cases.common.orders import own_id
from mockex.conformance.cases.live import (
    MAKER,
    place,
    price,
    text,
)
from mockex.conformance.model import Level, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Outcome, Session
from mockex.conformance.trace import LOGIN

ME = "alice"
CLIENT_ID = "fault7"

UNKNOWN = ("timeout", "connection_lost", "unavailable", "malformed_reply", "maintenance", "other")
"""Kinds of errors that do not claim that the venue refused what was asked."""


async def plan(s: Session, operation: str, action: str, *, when: Mapping[str, Json] | None = None, **more: Json) -> None:
    """At the next request of that operation, unless `when` says otherwise."""
    rule = {"where": {"route": s.facts.route(operation)}, "when": when or {"nth": 1}, "what": {"action": action, **more}}
    await s.venue.plan(rule)


def limit_order(s: Session, side: str = "buy", at: Decimal | None = None, **more: Json) -> dict[str, Json]:
    pair = s.facts.pair
    at = price(s, -5) if at is None else at
    return {"symbol": pair.symbol, "side": side, "type": "limit", "price": text(at), "qty": text(pair.qty), **more}


async def not_known(s: Session, outcome: Outcome, what: str) -> None:
    """CaseFailed if the client claims to know what it cannot know: that the venue took or refused the request."""
    refusal = outcome.refusal
    if refusal is None:
        s.fail(what, expected="an error", seen=outcome.result)
    s.expect(refusal.kind in UNKNOWN, f"{what}, and not as a refusal", expected="timeout or connection_lost", seen=str(refusal))


async def sent_once(s: Session, operation: str) -> None:
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
    await plan(s, "place_order", "lose_reply")
    outcome = await s.client.attempt("place_order", **limit_order(s))
    await s.client.settle()
    await sent_once(s, "place_order")
    await not_known(s, outcome, "a lost reply is an error")
    s.equal(len(await s.venue.orders(ME)), 1, "one order stands at the venue")


@case(
    "common/faults/020",
    "An order whose reply was lost is found by the client's own id.",
    requirement="An id of the client's own is what finds an order whose id at the venue never arrived.",
    needs=("place_order", "place_order.client_id", "order", "order.client_id"),
)
async def lost_order_is_found_by_client_id(s: Session) -> None:
    await plan(s, "place_order", "lose_reply")
    mine = own_id(s, CLIENT_ID)
    await s.client.attempt("place_order", **limit_order(s, client_id=mine))
    order = (await s.client("order", symbol=s.facts.pair.symbol, client_id=mine))["order"]
    s.equal(order["order_id"], (await s.venue.orders(ME))[0]["order_id"], "the order is found by the client's id")


@case(
    "common/faults/030",
    "A connection that breaks while an order is sent leaves the order's fate open.",
    requirement="A broken connection says nothing about the order, though this one never arrived: the user has to look it up.",
    needs=("place_order",),
)
async def broken_connection_is_told(s: Session) -> None:
    await plan(s, "place_order", "reset")
    outcome = await s.client.attempt("place_order", **limit_order(s))
    await s.client.settle()
    await sent_once(s, "place_order")
    await not_known(s, outcome, "a broken connection is an error")
    s.equal(await s.venue.orders(ME), [], "no order stands at the venue")


@case(
    "common/faults/040",
    "A reply that does not come in time is an error, and the order is not sent a second time.",
    requirement="A client waits so long and no longer; an order that was not answered may have been carried out.",
    needs=("place_order",),
)
async def late_reply_is_a_timeout(s: Session) -> None:
    await s.start(timeout_ms=1_500)
    await plan(s, "place_order", "delay", ms=3_600_000)
    outcome = await s.client.attempt("place_order", **limit_order(s))
    await s.client.settle()
    await sent_once(s, "place_order")
    await not_known(s, outcome, "a reply that does not come is an error")
    s.equal(len(await s.venue.orders(ME)), 1, "one order stands at the venue")


@case(
    "common/faults/050",
    "A gateway's error page in place of a reply is an error, and the order is not sent a second time.",
    requirement="A gateway in front of the venue answers in HTML when it gets no reply in time; the order may be there.",
    needs=("place_order",),
)
async def gateway_error_after_execution(s: Session) -> None:
    await plan(s, "place_order", "http_error", status=504, executed=True)
    outcome = await s.client.attempt("place_order", **limit_order(s))
    await s.client.settle()
    await sent_once(s, "place_order")
    await not_known(s, outcome, "a gateway's error is an error")
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
        await plan(s, "balances", "http_error", when={"after": 0}, status=status)
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
    await plan(s, "place_orders", "lose_reply")
    outcome = await s.client.attempt("place_orders", orders=[limit_order(s), limit_order(s, at=price(s, -9))])
    await s.client.settle()
    await sent_once(s, "place_orders")
    await not_known(s, outcome, "a lost reply is an error")
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
    await plan(s, "transfer", "lose_reply")
    outcome = await s.client.attempt("transfer", currency=base, amount="1", source="spot", target=other_wallet(s))
    await s.client.settle()
    await sent_once(s, "transfer")
    await not_known(s, outcome, "a lost reply is an error")
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
    await plan(s, "cancel_order", "lose_reply")
    outcome = await s.client.attempt("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)
    s.equal((await s.venue.order(order_id))["status"], "cancelled", "the order is cancelled")
    if outcome.refusal is not None:
        await not_known(s, outcome, "a lost reply is an error")


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
    await plan(s, "cancel_order", "delay_before", ms=1_000)
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
        await plan(s, "balances", action, when={"after": 0})
        await s.client.refused("balances", f"a read that always fails ({action}) is an error")
        await s.venue.clear_faults()
        await s.client("balances")
    await s.client("place_order", **limit_order(s))


@case(
    "common/faults/120",
    "A request beyond the venue's limits is told as such and not repeated at once.",
    requirement="Too many requests are refused: going on at once makes it worse.",
    needs=("place_order",),
)
async def rate_limit_is_respected(s: Session) -> None:
    await plan(s, "place_order", "rate_limited", when={"after": 0})
    refusal = await s.client.refused("place_order", "a request beyond the limits is an error", **limit_order(s))
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
    refusal = await s.client.refused("place_order", "an order during maintenance is an error", **limit_order(s))
    s.expect(
        refusal.kind in ("maintenance", "unavailable") or refusal.mentions(s.facts.codes("maintenance")),
        "the error says that the venue is under maintenance",
        expected="maintenance",
        seen=str(refusal),
    )
    await s.venue.maintenance(on=False)
    await s.client("place_order", **limit_order(s))
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
    await s.client.refused("place_order", "an order in a halted instrument is an error", **limit_order(s))
    elsewhere = {"symbol": other.symbol, "price": text(other.price), "qty": text(other.qty)}
    await s.client("place_order", **{**limit_order(s), **elsewhere})
    await s.venue.resume(s.facts.pair.symbol)
    await s.client("place_order", **limit_order(s))
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
