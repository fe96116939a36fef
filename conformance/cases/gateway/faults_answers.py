"""Answers that are missing, late, or not what they should be (gw§6, gw§12)."""

from __future__ import annotations

from mockex.conformance.cases.common.orders import limit, placed
from mockex.conformance.cases.gateway.wire import (
    OPEN_FATE,
    QUIRKY_CONTRACTS,
    STREAM,
    asked,
    fault,
)
from mockex.conformance.cases.live import order_until, place, price, text
from mockex.conformance.model import Level, case
from mockex.conformance.session import Session

UNANSWERED_MS = 1_500
"""How long the client is told to wait for an answer that does not come."""

FOLLOW = (*STREAM, "subscribe", "next_event", "subscribe.orders", "place_order")


@case(
    "gateway/faults/130",
    "An order that is never answered is an error in the end, and is not sent a second time.",
    requirement="A request has a timeout of its own; the order may stand all the same.",
    source="gw§12",
    needs=("place_order", *STREAM),
)
async def unanswered_order(s: Session) -> None:
    await s.start(timeout_ms=UNANSWERED_MS)
    await s.client("stream_open", private=True)
    await fault(s, "suppress_reply", op="place_order")
    refusal = await s.client.refused("place_order", "an order without an answer is an error", **limit(s))
    s.expect(refusal.kind in OPEN_FATE, "the error leaves its fate open", expected=" or ".join(OPEN_FATE), seen=str(refusal))
    await s.client.settle()
    sent = await asked(s, "place_order")
    s.equal(len(sent), 1, "the order is sent once", at=sent)


@case(
    "gateway/faults/140",
    "After an answer that did not come, the next request has its own.",
    requirement="Replies are matched by `cid`: a missing one is nobody else's.",
    source="gw§3",
    needs=("place_order", *STREAM),
)
async def next_answer_is_its_own(s: Session) -> None:
    await s.start(timeout_ms=UNANSWERED_MS)
    await s.client("stream_open", private=True)
    await fault(s, "suppress_reply", op="place_order")
    await s.client.attempt("place_order", **limit(s))
    receipt = await s.client("place_order", **limit(s, price=price(s, -3)))
    found = await s.venue.order(s.member(receipt, "order_id"))
    s.amount(found["price"], price(s, -3), "the receipt is that of the second order")


@case(
    "gateway/faults/150",
    "An answer that comes too late is not taken for that of another request.",
    requirement="Replies are matched by `cid`, whenever they come.",
    source="gw§3",
    needs=("place_order", "balances", *STREAM),
)
async def late_answer(s: Session) -> None:
    await s.start(timeout_ms=UNANSWERED_MS)
    await s.client("stream_open", private=True)
    await fault(s, "reorder_replies", count=3)
    for n in (0, 1):
        await s.client.refused("place_order", "an order without an answer is an error", **limit(s, price=price(s, -n)))
    receipt = await s.client("place_order", **limit(s, price=price(s, -7)))
    found = await s.venue.order(s.member(receipt, "order_id"))
    s.amount(found["price"], price(s, -7), "the receipt is that of the third order")
    await s.client.settle()
    receipt = await s.client("place_order", **limit(s, price=price(s, -8)))
    found = await s.venue.order(s.member(receipt, "order_id"))
    s.amount(found["price"], price(s, -8), "and the next one that of the fourth")


@case(
    "gateway/faults/160",
    "A single cancel that is never answered does not hang, and its push tells the end of the order.",
    requirement="The original service never answers a successful single cancel: do not depend on the reply, trust the push.",
    source="gw§6",
    needs=(*FOLLOW, "cancel_order"),
)
async def single_cancel_unanswered(s: Session) -> None:
    pair = s.facts.pair
    await s.start(timeout_ms=UNANSWERED_MS)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    order_id = await place(s, "buy", pair.qty, price(s, 0))
    await fault(s, "suppress_reply", op="cancel_order")
    outcome = await s.client.attempt("cancel_order", symbol=pair.symbol, order_id=order_id)
    told = outcome.refusal is None or outcome.refusal.kind in OPEN_FATE
    s.expect(told, "an error leaves it open", expected=" or ".join(OPEN_FATE), seen=str(outcome.refusal))
    await order_until(s, order_id, "cancelled", "the end of the order is told")
    s.equal(len(await asked(s, "cancel_order")), 1, "the cancel is sent once")


@case(
    "gateway/faults/170",
    "A single cancel that is never answered is told as carried out once the push says so.",
    requirement="Time out and trust the `order` push.",
    source="gw§6",
    level=Level.SHOULD,
    needs=(*STREAM, "place_order", "cancel_order"),
    world=QUIRKY_CONTRACTS,
)
async def push_for_a_reply(s: Session) -> None:
    contract = s.facts.contract
    terms = {"side": "buy", "type": "limit", "price": text(contract.price), "qty": text(contract.qty)}
    await s.client("stream_open", private=True)
    order_id = await placed(s, symbol=contract.symbol, **terms, position={"merge": "long"})
    outcome = await s.client.attempt("cancel_order", symbol=contract.symbol, order_id=order_id)
    s.equal((await s.venue.order(order_id))["status"], "cancelled", "the order is cancelled")
    s.expect(outcome.refusal is None, "that is told", expected="a receipt", seen=str(outcome.refusal))


@case(
    "gateway/faults/180",
    "A single cancel that the original service refuses, without data, is an error.",
    requirement="There a failed single cancel answers `result` false without `data`.",
    source="gw§6",
    needs=(*STREAM, "cancel_order"),
    world=QUIRKY_CONTRACTS,
)
async def refusal_without_data(s: Session) -> None:
    await s.client("stream_open", private=True)
    what = "a cancel of an order that there is not is an error"
    refusal = await s.client.refused("cancel_order", what, symbol=s.facts.contract.symbol, order_id="1")
    kinds = ("timeout", "malformed_reply")
    s.expect(refusal.kind not in kinds, "the error is the gateway's", expected=f"no {' or '.join(kinds)}", seen=str(refusal))


@case(
    "gateway/faults/190",
    "A position of nobody is read also where it is told with nulls.",
    requirement="The original service gives null for mode and time where there is no position.",
    source="gw§6",
    needs=(*STREAM, "positions"),
    world=QUIRKY_CONTRACTS,
)
async def nulls_of_nobody(s: Session) -> None:
    await s.client("stream_open", private=True)
    for each in await s.client("positions", symbol=s.facts.contract.symbol), await s.client("positions"):
        s.equal([row for row in each["positions"] if row["qty"].strip("-0.")], [], "there is no position")
