"""Orders: cancelled one by one, and many at once."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import ME, digits, limit, offer, own_id, placed, same_ids
from mockex.conformance.model import Level, case
from mockex.conformance.session import Session


@case(
    "common/orders/300",
    "Cancelling takes the order named, and no other.",
    requirement="An order is cancelled by its id.",
    needs=("place_order", "cancel_order"),
)
async def cancels_the_order_named(s: Session) -> None:
    pair = s.facts.pair
    first = await placed(s, **limit(s))
    second = await placed(s, **limit(s, price=pair.price - pair.tick))
    await s.client("cancel_order", symbol=pair.symbol, order_id=first)
    live = await s.venue.orders(ME, "live")
    same_ids(s, live, [second], "only the order that was named is gone")


@case(
    "common/orders/310",
    "Cancelling works by the client's own id.",
    requirement="An order may be cancelled by the id that the client gave it.",
    needs=("place_order", "place_order.client_id", "cancel_order", "cancel_order.client_id"),
)
async def cancels_by_client_id(s: Session) -> None:
    pair = s.facts.pair
    mine = own_id(s, "mine42")
    await placed(s, **limit(s), client_id=mine)
    other = await placed(s, **limit(s, price=pair.price - pair.tick), client_id=own_id(s, "other43"))
    await s.client("cancel_order", symbol=pair.symbol, client_id=mine)
    same_ids(s, await s.venue.orders(ME, "live"), [other], "only the order that was named is gone")


@case(
    "common/orders/320",
    "Cancelling an order that is filled already is told as an error.",
    requirement="A cancel that comes too late changes nothing; the client must not report the order as cancelled.",
    needs=("place_order", "cancel_order"),
)
async def late_cancel_is_an_error(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    order_id = await placed(s, **limit(s))
    await s.client.refused(
        "cancel_order", "cancelling a filled order is an error", symbol=s.facts.pair.symbol, order_id=order_id
    )


@case(
    "common/orders/400",
    "Orders placed together arrive all, each as it was asked for.",
    requirement="One request may place several orders; each has a reply of its own.",
    needs=("place_orders",),
)
async def batch_arrives(s: Session) -> None:
    pair = s.facts.pair
    prices = [pair.price - step * pair.tick for step in range(3)]
    await s.client("place_orders", orders=[limit(s, price=price) for price in prices])
    arrived = sorted(Decimal(order["price"]) for order in await s.venue.orders(ME, "live"))
    s.expect(arrived == sorted(prices), "every order of the batch stands", expected=digits(prices), seen=digits(arrived))
    await s.one_request("place_orders")


@case(
    "common/orders/410",
    "Outcomes of a batch stand in the order of its orders.",
    requirement="Replies to a batch come in the order of the request.",
    needs=("place_orders", "place_order.client_id"),
)
async def batch_outcomes_in_order(s: Session) -> None:
    pair = s.facts.pair
    wanted = [own_id(s, word) for word in ("first1", "second2", "third3")]
    orders = [{**limit(s, price=pair.price - step * pair.tick), "client_id": name} for step, name in enumerate(wanted)]
    outcomes = (await s.client("place_orders", orders=orders))["outcomes"]
    by_id = {order["order_id"]: order["client_id"] for order in await s.venue.orders(ME)}
    seen = [by_id.get(str(outcome.get("order_id"))) for outcome in outcomes]
    s.equal(seen, wanted, "each outcome belongs to the order in its place")


@case(
    "common/orders/420",
    "Of a batch with one bad order, exactly that one is reported as failed.",
    requirement="An order of a batch that is refused does not stop the others.",
    needs=("place_orders",),
)
async def batch_with_a_bad_order(s: Session) -> None:
    pair = s.facts.pair
    huge = Decimal(10) ** 9
    orders = [limit(s), limit(s, qty=huge), limit(s, price=pair.price - pair.tick)]
    outcome = await s.client.attempt("place_orders", orders=orders)
    if outcome.refusal is not None:
        s.fail("the good orders of the batch are reported", expected="3 outcomes", seen=str(outcome.refusal))
    failed = ["error" in each for each in outcome.result["outcomes"]]
    s.equal(failed, [False, True, False], "the second order failed, and the others did not")
    s.equal(len(await s.venue.orders(ME, "live")), 2, "the good orders stand")


@case(
    "common/orders/430",
    "Orders cancelled together are gone, and no others.",
    requirement="One request may cancel several orders.",
    needs=("place_order", "cancel_orders"),
)
async def batch_cancel(s: Session) -> None:
    pair = s.facts.pair
    stand = [await placed(s, **limit(s, price=pair.price - step * pair.tick)) for step in range(3)]
    await s.client("cancel_orders", orders=[{"symbol": pair.symbol, "order_id": each} for each in stand[:2]])
    same_ids(s, await s.venue.orders(ME, "live"), stand[2:], "the orders that were named are gone")
    await s.one_request("cancel_orders")


@case(
    "common/orders/440",
    "Of a batch of cancels, the one that came too late is reported as failed.",
    requirement="Every cancel of a batch has a reply of its own.",
    level=Level.MUST,
    needs=("place_order", "cancel_orders"),
)
async def batch_cancel_with_a_late_one(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    filled = await placed(s, **limit(s))
    stands = await placed(s, **limit(s, price=pair.price - pair.tick))
    references = [{"symbol": pair.symbol, "order_id": each} for each in (filled, stands)]
    outcome = await s.client.attempt("cancel_orders", orders=references)
    if outcome.refusal is not None:
        s.fail("the cancel that worked is reported", expected="2 outcomes", seen=str(outcome.refusal))
    s.equal(["error" in each for each in outcome.result["outcomes"]], [True, False], "only the late cancel failed")
