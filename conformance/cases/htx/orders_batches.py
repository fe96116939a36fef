"""HTX's batches: ten orders or fifty cancels at most, and answers in which each has to be found (htx§3.4)."""

from __future__ import annotations

from mockex.conformance.cases.common.orders import limit, offer, placed
from mockex.conformance.cases.support import ME
from mockex.conformance.model import case
from mockex.conformance.session import Session

MANY_ORDERS, MANY_CANCELS = 12, 60
"""More than one request takes (htx§3.4)."""


@case(
    "htx/orders/200",
    "More orders than a batch takes are all placed, or none of them.",
    requirement="A batch has 10 orders; one of more is refused as a whole.",
    source="htx§3.4",
    needs=("place_orders",),
)
async def large_batch(s: Session) -> None:
    pair = s.facts.pair
    orders = [limit(s, price=pair.price - 100 * n * pair.tick, qty=pair.min_qty) for n in range(MANY_ORDERS)]
    outcome = await s.client.attempt("place_orders", orders=orders)
    there = len(await s.venue.orders(ME))
    if outcome.refusal is not None:
        s.equal(there, 0, "a batch that is refused places nothing")
        return
    told = [each for each in outcome.result["outcomes"] if each.get("error") is None]
    s.equal(len(outcome.result["outcomes"]), MANY_ORDERS, "there is an outcome for each order")
    s.equal(len(told), there, "what is told as placed is placed")


@case(
    "htx/orders/210",
    "More cancels than a batch takes are all carried out, or told as refused.",
    requirement="A batch of cancels has 50 ids.",
    source="htx§3.4",
    needs=("cancel_orders",),
)
async def large_batch_of_cancels(s: Session) -> None:
    pair = s.facts.pair
    for n in range(MANY_CANCELS):
        await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price - 100 * (n + 1) * pair.tick)
    live = [str(order["order_id"]) for order in await s.venue.orders(ME, "live")]
    outcome = await s.client.attempt(
        "cancel_orders", orders=[{"symbol": pair.symbol, "order_id": order_id} for order_id in live]
    )
    left = len(await s.venue.orders(ME, "live"))
    if outcome.refusal is not None:
        s.equal(left, MANY_CANCELS, "a batch that is refused cancels nothing")
        return
    told = [each for each in outcome.result["outcomes"] if each.get("error") is None]
    s.equal(len(told), MANY_CANCELS - left, "what is told as cancelled is cancelled")


@case(
    "htx/orders/220",
    "Cancels by id and by client id in one batch are all carried out, or refused.",
    requirement="A batch names its orders all by id or all by client id.",
    source="htx§3.4",
    needs=("place_order", "place_order.client_id", "cancel_orders", "cancel_order.client_id"),
)
async def mixed_batch(s: Session) -> None:
    symbol = s.facts.pair.symbol
    order_id = await placed(s, **limit(s))
    await s.client("place_order", **limit(s), client_id="mixed-1")
    references = [{"symbol": symbol, "order_id": order_id}, {"symbol": symbol, "client_id": "mixed-1"}]
    outcome = await s.client.attempt("cancel_orders", orders=references)
    left = len(await s.venue.orders(ME, "live"))
    if outcome.refusal is not None:
        s.equal(left, 2, "a batch that is refused cancels nothing")
        return
    told = [each for each in outcome.result["outcomes"] if each.get("error") is None]
    s.equal(len(told), 2 - left, "what is told as cancelled is cancelled")


@case(
    "htx/orders/230",
    "In a batch of cancels each outcome belongs to its order.",
    requirement="The answer has two lists, of ids that were accepted and of failures, each in an order of its own.",
    source="htx§3.4",
    needs=("place_order", "cancel_orders"),
)
async def outcomes_of_cancels(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    filled = await placed(s, **limit(s))
    first = await placed(s, **limit(s))
    second = await placed(s, **limit(s))
    wanted = [first, filled, "1", second]
    rows = [{"symbol": pair.symbol, "order_id": order_id} for order_id in wanted]
    outcomes = (await s.client("cancel_orders", orders=rows))["outcomes"]
    seen = [each.get("error") is None for each in outcomes]
    s.equal(seen, [True, False, False, True], "each order has its own outcome, in the order asked for")
    kinds = [each["error"]["kind"] for each in outcomes if each.get("error")]
    s.expect(kinds[0] != "order_not_found", "a filled order is not told as unknown", expected="another kind", seen=kinds[0])
    s.equal(kinds[1], "order_not_found", "an unknown one is told as unknown")
