"""KTX's orders: signed quantities, ids of 64 bits, two kinds of names, of many fills the last twenty (ktx§7, ktx§10)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mockex.conformance.cases.common.orders import limit, newest, offer, placed, view
from mockex.conformance.cases.live import price
from mockex.conformance.cases.support import ME, OTHER
from mockex.conformance.model import Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

NAMED = ("place_order", "place_order.client_id")
MARKET = ("place_order", "place_order.market", "order")
KEPT = 20
"""So many fills an order shows (ktx§7)."""

OVER = ("cancelled", "rejected")
LONG_IDS = ("9007199254740993", "4611686018427387905", "9223372036854775807")
"""No double holds any of them."""


def market(s: Session, side: str, lots: int) -> dict[str, Json]:
    """A market order for so many usual quantities."""
    return {"symbol": s.facts.pair.symbol, "side": side, "type": "market", "qty": f"{lots * s.facts.pair.qty:f}"}


async def newest_told(s: Session) -> Mapping[str, Json]:
    """The account's newest order, as the client shows it."""
    order: Mapping[str, Json] = await view(s, str((await newest(s))["order_id"]))
    return order


async def filled_in_parts(s: Session, parts: int) -> str:
    """An order of the client's that has traded so often, each time for one usual quantity and at the next price; its id."""
    pair = s.facts.pair
    for n in range(parts):
        await offer(s, "sell", pair.qty, price(s, n))
    return await placed(s, **limit(s, qty=parts * pair.qty, price=price(s, parts)))


# --- placing


@case(
    "ktx/orders/010",
    "An order to sell has a quantity below zero, or names its side.",
    requirement="There is no `side` of orders: a quantity above zero buys, one below zero sells.",
    source="ktx§7",
    needs=("place_order",),
)
async def quantities_have_signs(s: Session) -> None:
    for side in ("buy", "sell"):
        since = await s.wire.mark()
        await s.client("place_order", **limit(s, side))
        request = await s.one_request("place_order", since=since)
        s.equal((await newest(s))["side"], side, f"the order is one to {side}", at=request)


@case(
    "ktx/orders/020",
    "An order that is looked up by the client's own id is not mistaken for the one that has it from the venue.",
    requirement="Both kinds of ids are numbers: the client's own has c: in front, or another order is meant.",
    source="ktx§7",
    needs=(*NAMED, "order", "order.client_id"),
)
async def looked_up_by_the_right_name(s: Session) -> None:
    first = await placed(s, **limit(s))
    second = await placed(s, **limit(s, price=price(s, -1)), client_id=first)
    order = (await s.client("order", symbol=s.facts.pair.symbol, client_id=first))["order"]
    s.equal(order["order_id"], second, "the order with that id of the client's own is shown")


@case(
    "ktx/orders/030",
    "A cancel by the client's own id does not end the order that has this id from the venue.",
    requirement="Cancels name orders as lookups do: the client's own id has c: in front.",
    source="ktx§7",
    needs=(*NAMED, "cancel_order", "cancel_order.client_id"),
)
async def cancelled_by_the_right_name(s: Session) -> None:
    first = await placed(s, **limit(s))
    await placed(s, **limit(s, price=price(s, -1)), client_id=first)
    await s.client("cancel_order", symbol=s.facts.pair.symbol, client_id=first)
    live = [order["order_id"] for order in await s.venue.orders(ME, "live")]
    s.equal(live, [first], "the other order stands")


@case(
    "ktx/orders/040",
    "The client's own ids may have 64 bits, and arrive to the last digit.",
    requirement="`client_order_id` is a whole number of 64 bits, as text.",
    source="ktx§7",
    needs=(*NAMED, "order", "order.client_id"),
)
async def long_own_ids(s: Session) -> None:
    for n, mine in enumerate(LONG_IDS):
        order_id = await placed(s, **limit(s, price=price(s, -n)), client_id=mine)
        s.equal((await newest(s))["client_id"], mine, "the venue has the order under that id")
        order = (await s.client("order", symbol=s.facts.pair.symbol, client_id=mine))["order"]
        s.equal(order["order_id"], order_id, "it is found by that id")
        if order.get("client_id") is not None:
            s.equal(order["client_id"], mine, "which is told to the last digit")


@case(
    "ktx/orders/050",
    "An own id that is no number is refused, and never made into another.",
    requirement="Anything but a whole number is refused with -21003.",
    source="ktx§7",
    needs=NAMED,
)
async def own_ids_are_numbers(s: Session) -> None:
    mine = "grid7-buy3"
    outcome = await s.client.attempt("place_order", **limit(s), client_id=mine)
    orders = await s.venue.orders(ME)
    seen = [order["client_id"] for order in orders]
    if outcome.refusal is None:
        s.equal(seen, [mine], "the order has the id that was asked for")
        return
    s.equal(seen, [], "nothing is placed")
    kinds = ("bad_request", "invalid_order", "refused_by_client")
    s.expect(outcome.refusal.kind in kinds, "it is told as a mistake", expected=" or ".join(kinds), seen=str(outcome.refusal))


@case(
    "ktx/orders/060",
    "An own id that was used is told as a bad order, also after that order was cancelled.",
    requirement="A client's own id is taken as long as its order is unsettled, and for a day: -30002.",
    source="ktx§10",
    provenance=Provenance.PROPOSED,
    needs=(*NAMED, "cancel_order"),
)
async def used_own_id(s: Session) -> None:
    order_id = await placed(s, **limit(s), client_id="42")
    await s.client("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)
    refusal = await s.client.refused("place_order", "an own id that was used is an error", **limit(s), client_id="42")
    s.equal(refusal.kind, "invalid_order", "it is told as a bad order")
    s.equal(len(await s.venue.orders(ME)), 1, "nothing is placed")


@case(
    "ktx/orders/070",
    "Ids of the venue are told to the last digit, and name one order each.",
    requirement="Ids of orders are 2**62 and more: successive ones are one and the same double.",
    source="ktx§10",
    needs=("place_order", "cancel_order", "open_orders"),
)
async def successive_ids(s: Session) -> None:
    pair = s.facts.pair
    receipts = [await s.client("place_order", **limit(s, price=price(s, -n))) for n in range(3)]
    told = [s.member(each, "order_id") for each in receipts]
    s.equal(told, [each["order_id"] for each in reversed(await s.venue.orders(ME))], "each receipt has the id of its order")
    listed = (await s.client("open_orders", symbol=pair.symbol))["orders"]
    s.equal(sorted(each["order_id"] for each in listed), sorted(told), "so has the list")
    await s.client("cancel_order", symbol=pair.symbol, order_id=told[1])
    live = sorted(each["order_id"] for each in await s.venue.orders(ME, "live"))
    s.equal(live, sorted([told[0], told[2]]), "the order that was named is cancelled, and no neighbour")


# --- market orders, and orders that do not wait


@case(
    "ktx/orders/100",
    "A market order counts base currency, whether it buys or sells.",
    requirement="`quantity` of a market order is base currency on both sides.",
    source="ktx§10",
    provenance=Provenance.PROPOSED,
    needs=MARKET,
)
async def market_orders_count_base(s: Session) -> None:
    for side, other in (("buy", "sell"), ("sell", "buy")):
        await offer(s, other, 10 * s.facts.pair.qty)
        await s.client("place_order", **market(s, side, 2))
        order = await newest(s)
        s.equal(order["side"], side, f"the order is one to {side}")
        s.amount(order["filled_qty"], 2 * s.facts.pair.qty, "the quantity that was asked for is traded")
        for resting in await s.venue.orders(OTHER, "live"):
            await s.venue.cancel(resting["order_id"])


@case(
    "ktx/orders/110",
    "What a market order does not find is cancelled, and told so.",
    requirement="A market order never rests: what is left of it makes it partially-cancelled.",
    source="ktx§10",
    needs=MARKET,
)
async def rest_of_a_market_order(s: Session) -> None:
    await offer(s, "sell", 3 * s.facts.pair.qty)
    await s.client("place_order", **market(s, "buy", 5))
    order = await newest_told(s)
    s.equal(s.member(order, "status"), "cancelled", "the order is over")
    s.amount(order.get("filled_qty"), 3 * s.facts.pair.qty, "what was there is bought")
    s.amount(order.get("qty"), 5 * s.facts.pair.qty, "the quantity is what was asked for")


@case(
    "ktx/orders/120",
    "A market order that finds nobody is told as over.",
    requirement="Without a book a market order is stored as `rejected`; the reply is that order, and no error.",
    source="ktx§10",
    provenance=Provenance.PROPOSED,
    needs=MARKET,
)
async def market_order_without_a_book(s: Session) -> None:
    outcome = await s.client.attempt("place_order", **market(s, "buy", 1))
    if outcome.refusal is not None:
        return
    order = await newest_told(s)
    s.expect(s.member(order, "status") in OVER, "the order is over", expected=" or ".join(OVER), seen=order["status"])
    s.amount(order.get("filled_qty"), "0", "nothing is bought")


@case(
    "ktx/orders/130",
    "A market order has no price, and zero is not told for it.",
    requirement='The `price` of a market order is told as "0".',
    source="ktx§7",
    provenance=Provenance.PROPOSED,
    needs=MARKET,
)
async def market_orders_have_no_price(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    await s.client("place_order", **market(s, "buy", 1))
    order = await newest_told(s)
    told = order.get("price")
    holds = told is None or Decimal(told) > 0
    s.expect(holds, "no price of zero is told", expected="none", seen=told)
    if order.get("average_price") is not None:
        s.amount(order["average_price"], s.facts.pair.price, "what was paid is told")


@case(
    "ktx/orders/140",
    "What an immediate order has traded is told, and what is left of it as cancelled.",
    requirement="The rest of an ioc order is cancelled and its fills are kept: partially-cancelled, or cancelled.",
    source="ktx§10",
    needs=("place_order", "place_order.ioc", "order"),
)
async def rest_of_an_immediate_order(s: Session) -> None:
    pair = s.facts.pair
    for there in (2, 0):
        if there:
            await offer(s, "sell", there * pair.qty)
        await s.client("place_order", **limit(s, qty=3 * pair.qty), time_in_force="ioc")
        order = await newest_told(s)
        s.equal(s.member(order, "status"), "cancelled", "the order is over")
        s.amount(order.get("filled_qty"), there * pair.qty, "what was there is bought")


@case(
    "ktx/orders/150",
    "A post-only order that would trade is refused, and the one that is kept of it is told as rejected.",
    requirement="It is -22002, and a stored order whose state is `rejected`: not open, and nothing of it filled.",
    source="ktx§10",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "place_order.post_only", "order", "open_orders"),
)
async def rejected_order_is_kept(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    refusal = await s.client.refused("place_order", "a post-only order that would trade", **limit(s), post_only=True)
    kinds = ("invalid_order", "refused_by_client")
    s.expect(refusal.kind in kinds, "it is told as a bad order", expected="invalid_order", seen=str(refusal))
    if refusal.kind == "refused_by_client":
        return
    order = await newest_told(s)
    s.expect(s.member(order, "status") in OVER, "the kept order is over", expected="rejected", seen=order["status"])
    s.equal((await s.client("open_orders", symbol=s.facts.pair.symbol))["orders"], [], "it is not among the open ones")


# --- orders with many fills


@case(
    "ktx/orders/200",
    "Of an order that has traded 21 times everything is told, not the last 20 fills alone.",
    requirement="An order shows its last 20 fills and counts them all; the others are in the list of fills.",
    source="ktx§7",
    needs=("place_order", "order"),
)
async def more_fills_than_are_shown(s: Session) -> None:
    pair = s.facts.pair
    order = await view(s, await filled_in_parts(s, KEPT + 1))
    s.equal(s.member(order, "status"), "filled", "the order is filled")
    s.amount(order.get("filled_qty"), (KEPT + 1) * pair.qty, "all of its fills count")


@case(
    "ktx/orders/210",
    "The average price of an order is that of all of its fills.",
    requirement="`executedCost` is the sum over all fills, of which an order shows the last 20.",
    source="ktx§7",
    needs=("place_order", "order"),
)
async def average_of_all_fills(s: Session) -> None:
    order = await view(s, await filled_in_parts(s, KEPT + 5))
    s.amount(order.get("average_price"), price(s, (KEPT + 4) // 2), "the average of all prices")


# --- cancelling


@case(
    "ktx/orders/300",
    "A second cancel of an order is an error, by either name.",
    requirement="An order that has ended is as unknown to a cancel as one that never was: -30001.",
    source="ktx§5",
    needs=(*NAMED, "cancel_order", "cancel_order.client_id"),
)
async def cancelled_twice(s: Session) -> None:
    symbol = s.facts.pair.symbol
    order_id = await placed(s, **limit(s), client_id="77")
    await s.client("cancel_order", symbol=symbol, order_id=order_id)
    for name, named in (("order_id", order_id), ("client_id", "77")):
        refusal = await s.client.refused("cancel_order", "a second cancel is an error", symbol=symbol, **{name: named})
        kinds = ("order_not_found", "invalid_order")
        s.expect(refusal.kind in kinds, f"by {name} too it is told as that", expected=" or ".join(kinds), seen=str(refusal))


@case(
    "ktx/orders/310",
    "How many orders a cancel of all has ended is told, none included.",
    requirement="The reply is a list of one number, `[n]`; `[0]` where there was nothing to cancel.",
    source="ktx§7",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "cancel_all"),
)
async def counted_cancels(s: Session) -> None:
    symbol = s.facts.pair.symbol
    for n in range(3):
        await placed(s, **limit(s, price=price(s, -n)))
    for expected in (3, 0):
        told = (await s.client("cancel_all", symbol=symbol)).get("count")
        s.equal(s.told(told, "count"), expected, "how many orders were cancelled")
        s.equal(await s.venue.orders(ME, "live"), [], "none is left")


@case(
    "ktx/orders/330",
    "A cancel of all that names a side leaves the other.",
    requirement="`side` is buy or sell; without it both are cancelled.",
    source="ktx§7",
    needs=("place_order", "cancel_all"),
)
async def cancels_of_a_side(s: Session) -> None:
    await placed(s, **limit(s, price=price(s, -1)))
    await placed(s, **limit(s, "sell", price=price(s, 1)))
    outcome = await s.client.attempt("cancel_all", symbol=s.facts.pair.symbol, side="sell")
    left = [order["side"] for order in await s.venue.orders(ME, "live")]
    if outcome.refusal is not None:
        s.equal(sorted(left), ["buy", "sell"], "a client that cannot do that cancels nothing")
        return
    s.equal(left, ["buy"], "the order to buy stands")


# --- lists


@case(
    "ktx/orders/400",
    "Open orders are told newest first, though the venue lists the oldest first.",
    requirement="Lists ascend by creation, as the footer has it; the text says that they descend.",
    source="ktx§12",
    needs=("place_order", "open_orders"),
)
async def newest_first(s: Session) -> None:
    order_ids = []
    for n in range(4):
        order_ids.append(await placed(s, **limit(s, price=price(s, (-1) ** n * n - 9))))
        await s.venue.advance("0.050")
    listed = (await s.client("open_orders", symbol=s.facts.pair.symbol))["orders"]
    s.equal([each["order_id"] for each in listed], order_ids[::-1], "the newest order comes first")


@case(
    "ktx/orders/410",
    "Open orders of all pairs are told together.",
    requirement="Unsettled orders may be asked for without a symbol, and then are those of all.",
    source="ktx§7",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "open_orders"),
)
async def orders_of_all_pairs(s: Session) -> None:
    wanted = []
    for pair in s.facts.pairs:
        about = {"symbol": pair.symbol, "side": "buy", "type": "limit", "price": f"{pair.price:f}", "qty": f"{pair.qty:f}"}
        wanted.append(await placed(s, **about))
    listed = (await s.client("open_orders"))["orders"]
    s.equal(sorted(each["order_id"] for each in listed), sorted(wanted), "the orders of every pair are listed")
    s.equal(sorted(s.member(each, "symbol") for each in listed), sorted(pair.symbol for pair in s.facts.pairs), "by name")
