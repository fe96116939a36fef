"""Coinstore's orders: the client's own time, cancels that come twice, batches that fail in part, money for quantity (cs§7)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.coinstore.words import SECOND_BITS
from mockex.conformance.cases.common.orders import limit, newest, offer, placed, view
from mockex.conformance.cases.live import price
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.session import Session

AHEAD_S = 7
AS_LIST = WorldWish(switches={"orderinfo_v2_as_list": True})
ALIAS = WorldWish(switches={"place_emit_order_id_alias": True})


@case(
    "coinstore/orders/010",
    "The time of an order is the one that the client gave it.",
    requirement="The venue echoes the `timestamp` of the request, in milliseconds, as the time of the order.",
    source="cs§5",
    needs=("place_order", "order"),
)
async def own_time(s: Session) -> None:
    await s.venue.advance(AHEAD_S)
    order_id = await placed(s, **limit(s))
    request = await s.one_request("place_order")
    sent = (request.json or {}).get("timestamp")
    if sent is None:
        s.note("the client gives its orders no time; the venue's own counts then")
        expected = [request.at_ms]
    else:
        s.expect(abs(int(sent) - request.at_ms) < 60_000, "it is milliseconds", expected=request.at_ms, seen=sent, at=request)
        expected = [int(sent)]
    s.equal([s.member(await view(s, order_id), "created_ms")], expected, "the time of the order is the one that was given")


@case(
    "coinstore/orders/020",
    "An order's id keeps the second in which it was placed.",
    requirement="An id is the second of its placing, shifted by 20 bits, and a count: 16 digits, of which each one counts.",
    source="cs§5",
    needs=("place_order",),
)
async def second_in_the_id(s: Session) -> None:
    for _ in range(2):
        receipt = await s.client("place_order", **limit(s))
        told = s.member(receipt, "order_id")
        s.expect(told.isdigit(), "the id is a number in digits", expected="digits", seen=told)
        s.equal(int(told) >> SECOND_BITS, await s.venue.now_ms() // 1_000, "the id has the second of the order")
        await s.venue.advance(2)


@case(
    "coinstore/orders/030",
    "Cancelling twice is no error.",
    requirement="An order that was cancelled before is answered with code 0 and its state, without `clientOrderId`.",
    source="cs§7.9",
    provenance=Provenance.OBSERVED,
    needs=("place_order", "cancel_order"),
)
async def cancelled_twice(s: Session) -> None:
    order_id = await placed(s, **limit(s))
    for time in ("first", "second"):
        refusal = (await s.client.attempt("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)).refusal
        s.expect(refusal is None, f"the {time} cancel is carried out", expected="a receipt", seen=str(refusal))


@case(
    "coinstore/orders/040",
    "A cancel is told to have failed if the order was filled, though the venue says no error.",
    requirement="A filled order is answered with code 0 and the state FILLED: only the state tells that nothing was cancelled.",
    source="cs§7.9",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "cancel_order"),
)
async def cancelled_after_the_fill(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    order_id = await placed(s, **limit(s))
    what = "a cancel of a filled order is an error"
    refusal = await s.client.refused("cancel_order", what, symbol=s.facts.pair.symbol, order_id=order_id)
    kinds = ("invalid_order", "order_not_found")
    s.expect(refusal.kind in kinds, "it says that the order was over", expected=" or ".join(kinds), seen=str(refusal))


@case(
    "coinstore/orders/050",
    "What failed in a batch has its own code and words.",
    requirement="An order of a batch that fails has `errno` and `errMsg` in its place, under code 0 of the whole.",
    source="cs§7.8",
    needs=("place_orders", "error.code"),
)
async def failure_in_a_batch(s: Session) -> None:
    pair = s.facts.pair
    huge = limit(s, "sell", qty=10**9 * pair.qty)
    outcomes = (await s.client("place_orders", orders=[limit(s, price=price(s, -1)), huge]))["outcomes"]
    s.equal(["error" in each for each in outcomes], [False, True], "the second order failed")
    s.equal(outcomes[1]["error"].get("code"), "3113", "with the code of its own")
    s.equal(outcomes[1]["error"]["kind"], "insufficient_funds", "which says what is lacking")


@case(
    "coinstore/orders/060",
    "An order of a batch that failed leaves the others their places.",
    requirement="Outcomes stand in the order of the request, failed ones among them.",
    source="cs§7.8",
    needs=("place_orders", "place_order.client_id"),
)
async def places_in_a_batch(s: Session) -> None:
    pair = s.facts.pair
    bad = {**limit(s, "sell", qty=10**9 * pair.qty), "client_id": "bad0"}
    good = [{**limit(s, price=price(s, -n)), "client_id": f"good{n}"} for n in (1, 2)]
    outcomes = (await s.client("place_orders", orders=[bad, *good]))["outcomes"]
    s.equal(["error" in each for each in outcomes], [True, False, False], "the first order failed, and the others did not")
    by_id = {order["order_id"]: order["client_id"] for order in await s.venue.orders(ME)}
    seen = [by_id.get(str(each.get("order_id"))) for each in outcomes[1:]]
    s.equal(seen, ["good1", "good2"], "each outcome belongs to the order in its place")


@case(
    "coinstore/orders/070",
    "A market buy has money and no quantity, and zero is not told for it.",
    requirement='Market buys name `ordAmt`; their `ordQty` and `ordPrice` are "0" in every answer.',
    source="cs§8",
    needs=("place_order", "place_order.market", "order"),
)
async def market_buy_without_quantity(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", 10 * pair.qty)
    await s.client("place_order", symbol=pair.symbol, side="buy", type="market", notional=f"{pair.price * pair.qty:f}")
    order = await view(s, str((await newest(s))["order_id"]))
    for name in ("qty", "price"):
        told = order.get(name)
        s.expect(told is None or Decimal(told) > 0, f"the order's {name} is not told as zero", expected="none", seen=told)
    s.amount(order.get("filled_qty"), pair.qty, "what was bought is told")


@case(
    "coinstore/orders/080",
    "What is left of the money of a market buy is there again.",
    requirement="A market buy buys whole steps; what they do not use up of the money is given back, and the order is filled.",
    source="cs§8",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "place_order.market", "order"),
)
async def dust_is_given_back(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", 10 * pair.qty)
    await s.client("place_order", symbol=pair.symbol, side="buy", type="market", notional="650.01")
    order = await view(s, str((await newest(s))["order_id"]))
    s.expect(s.member(order, "status") in ("filled", "cancelled"), "the order is over", expected="filled", seen=order["status"])
    s.amount(order.get("filled_qty"), "0.01", "as much as whole steps of the money buy")


@case(
    "coinstore/orders/090",
    "An order is read also where it comes as a list of one.",
    requirement="The document shows the newer call's order as a list with one element; the live service sends an object.",
    source="cs§7.13",
    level=Level.SHOULD,
    needs=("place_order", "order"),
    world=AS_LIST,
)
async def order_as_a_list(s: Session) -> None:
    order_id = await placed(s, **limit(s))
    s.equal((await view(s, order_id))["order_id"], order_id, "the order is read")


@case(
    "coinstore/orders/100",
    "A receipt is read with both spellings of the id.",
    requirement="The document's sample of a receipt says `order_id`, its table and the live service `ordId`.",
    source="cs§7.7",
    level=Level.SHOULD,
    needs=("place_order",),
    world=ALIAS,
)
async def both_spellings(s: Session) -> None:
    receipt = await s.client("place_order", **limit(s))
    s.equal(s.member(receipt, "order_id"), (await newest(s))["order_id"], "the receipt names the order")


@case(
    "coinstore/orders/110",
    "An order is read before and after its first fill, though its times change their unit.",
    requirement="`orderUpdateTime` is milliseconds while nothing was filled, and seconds from the first fill on.",
    source="cs§5",
    provenance=Provenance.OBSERVED,
    needs=("place_order", "order"),
)
async def unit_of_the_update_time(s: Session) -> None:
    pair = s.facts.pair
    order_id = await placed(s, **limit(s, qty=2 * pair.qty))
    before = await view(s, order_id)
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    after = await view(s, order_id)
    s.equal(s.member(after, "created_ms"), s.member(before, "created_ms"), "the order's time stays")
    s.amount(after.get("filled_qty"), pair.qty, "the fill is told")


@case(
    "coinstore/orders/120",
    "An order that has been cancelled has nothing left, and keeps its quantity.",
    requirement='`leavesQty` becomes "0" with the cancellation: quantity minus rest is not what was filled.',
    source="cs§7.13",
    needs=("place_order", "cancel_order", "order"),
)
async def rest_of_a_cancelled_order(s: Session) -> None:
    pair = s.facts.pair
    order_id = await placed(s, **limit(s, qty=4 * pair.qty))
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    await s.venue.cancel(order_id)
    order = await view(s, order_id)
    s.amount(order.get("filled_qty"), pair.qty, "what was filled")
    s.amount(order.get("qty"), 4 * pair.qty, "what was asked for")


@case(
    "coinstore/orders/130",
    "A cancel that was not carried out is told for each order of a batch.",
    requirement="Cancels of several orders list what was done in `success` and the others in `reject`, both as numbers.",
    source="cs§7.10",
    needs=("place_order", "cancel_orders"),
)
async def batch_of_cancels(s: Session) -> None:
    pair = s.facts.pair
    first = await placed(s, **limit(s))
    second = await placed(s, **limit(s, price=price(s, -1)))
    await s.venue.cancel(first)
    orders = [{"symbol": pair.symbol, "order_id": each} for each in (first, second)]
    outcomes = (await s.client("cancel_orders", orders=orders))["outcomes"]
    s.equal(["error" in each for each in outcomes], [True, False], "the first one came too late, the second did not")
    s.equal((await s.venue.order(second))["status"], "cancelled", "the second order is cancelled")
