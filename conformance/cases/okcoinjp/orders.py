"""Orders in OKCoin Japan's own words."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import ME, OTHER, limit, newest, offer, placed, same_ids, view
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import Entry, Number

TWO_HOURS_S = 7_200


async def sent_order(s: Session, **order: Json) -> tuple[Entry, dict[str, Json]]:
    """Places an order; the request that carried it, and its JSON object."""
    await s.client("place_order", **order)
    request = await s.one_request("place_order")
    s.expect(isinstance(request.json, dict), "an order is a JSON object", expected="an object", seen=request.body, at=request)
    return request, request.json


def given(body: dict[str, Json], name: str) -> Json:
    """A member of an order; None if it is absent or empty, which the venue takes for the same (okj§2)."""
    return body.get(name) or None


@case(
    "okcoinjp/orders/010",
    "Price and size of an order travel as JSON text.",
    requirement="Decimals are strings in requests; numbers are tolerated, but lose digits on the way.",
    source="okj§2",
    level=Level.SHOULD,
    needs=("place_order",),
)
async def decimals_are_text(s: Session) -> None:
    request, body = await sent_order(s, **limit(s))
    for name in ("price", "size"):
        s.expect(not isinstance(body[name], Number), f"{name} travels as text", expected="text", seen=request.body, at=request)


@case(
    "okcoinjp/orders/020",
    "A market order to buy carries its budget as notional, and no size.",
    requirement="Buying at market takes `notional`, the amount of quote currency; `size` is for selling.",
    source="okj§9.2",
    needs=("place_order", "place_order.market"),
)
async def market_buy_has_notional(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    request, body = await sent_order(s, symbol=pair.symbol, side="buy", type="market", notional="50000")
    s.amount(given(body, "notional"), "50000", "the budget travels as notional", at=request)
    s.equal(given(body, "type"), "market", "the order says that it is a market order", at=request)


@case(
    "okcoinjp/orders/030",
    "A post-only order says so with order_type 1.",
    requirement="`order_type` is 0 for plain, 1 for post-only, 2 for fill-or-kill, 3 for immediate-or-cancel.",
    source="okj§9.2",
    needs=("place_order", "place_order.post_only"),
)
async def post_only_is_order_type_1(s: Session) -> None:
    request, body = await sent_order(s, **limit(s), post_only=True)
    s.expect(str(given(body, "order_type")) == "1", "order_type is 1", expected="1", seen=body.get("order_type"), at=request)


@case(
    "okcoinjp/orders/040",
    "A fill-or-kill order says so with order_type 2.",
    requirement="`order_type` is 0 for plain, 1 for post-only, 2 for fill-or-kill, 3 for immediate-or-cancel.",
    source="okj§9.2",
    needs=("place_order", "place_order.fok"),
)
async def fok_is_order_type_2(s: Session) -> None:
    request, body = await sent_order(s, **limit(s), time_in_force="fok")
    s.expect(str(given(body, "order_type")) == "2", "order_type is 2", expected="2", seen=body.get("order_type"), at=request)


@case(
    "okcoinjp/orders/050",
    "An immediate-or-cancel order says so with order_type 3.",
    requirement="`order_type` is 0 for plain, 1 for post-only, 2 for fill-or-kill, 3 for immediate-or-cancel.",
    source="okj§9.2",
    needs=("place_order", "place_order.ioc"),
)
async def ioc_is_order_type_3(s: Session) -> None:
    request, body = await sent_order(s, **limit(s), time_in_force="ioc")
    s.expect(str(given(body, "order_type")) == "3", "order_type is 3", expected="3", seen=body.get("order_type"), at=request)


@case(
    "okcoinjp/orders/060",
    "An id of the client's own making fits the venue's form.",
    requirement="`client_oid` has 1 to 32 letters and digits, at least one of them a letter.",
    source="okj§9.2",
    needs=("place_order",),
)
async def own_ids_fit(s: Session) -> None:
    pair = s.facts.pair
    await s.client("place_order", **limit(s))
    if s.client.has("place_order.market"):
        await s.client.attempt("place_order", symbol=pair.symbol, side="sell", type="market", qty=f"{pair.min_qty:f}")
    own = []
    for request in await s.wire.requests(s.facts.route("place_order")):
        name = given(request.json, "client_oid") if isinstance(request.json, dict) else None
        if name is not None:
            own.append(name)
            fits = isinstance(name, str) and name.isascii() and name.isalnum() and not name.isdigit() and len(name) <= 32
            s.expect(fits, "the id fits", expected="1 to 32 letters and digits with a letter", seen=name, at=request)
    if not own:
        s.note("the client gives orders no id of its own")


@case(
    "okcoinjp/orders/070",
    "A cancel names the order in the path and its instrument in the body.",
    requirement="Cancelling is a POST to the order's path; the body names the instrument, without which it is refused.",
    source="okj§9.3",
    needs=("place_order", "cancel_order"),
)
async def cancel_names_the_instrument(s: Session) -> None:
    order_id = await placed(s, **limit(s))
    await s.client("cancel_order", symbol=s.facts.pair.symbol, order_id=order_id)
    request = await s.one_request("cancel_order")
    body = request.json if isinstance(request.json, dict) else {}
    s.equal(str(body.get("instrument_id")).upper(), s.facts.pair.symbol, "the body names the instrument", at=request)
    s.equal(request.segments[-1], order_id, "the path names the order", at=request)


@case(
    "okcoinjp/orders/080",
    "Replies of a batch are found under the pair's key with an underscore.",
    requirement="batch_orders answers under keys such as `btc_jpy`: lower case, underscore, whatever was sent.",
    source="okj§9.3",
    needs=("place_orders",),
)
async def batch_keys_with_underscore(s: Session) -> None:
    pair = s.facts.pair
    orders = [limit(s), limit(s, price=pair.price - pair.tick)]
    outcomes = (await s.client("place_orders", orders=orders))["outcomes"]
    truth = [order["order_id"] for order in reversed(await s.venue.orders(ME))]
    s.equal([outcome.get("order_id") for outcome in outcomes], truth, "every order of the batch has its id told")


@case(
    "okcoinjp/orders/090",
    "Outcomes of a batch over two pairs go to the right orders.",
    requirement="Replies of a batch are grouped by pair, in request order within each.",
    source="okj§9.3",
    needs=("place_orders",),
)
async def batch_over_two_pairs(s: Session) -> None:
    pair, second = s.facts.pairs[:2]
    other = {"symbol": second.symbol, "side": "buy", "type": "limit", "price": f"{second.price:f}", "qty": f"{second.qty:f}"}
    orders = [other, limit(s), {**other, "price": f"{second.price - second.tick:f}"}, limit(s, price=pair.price - pair.tick)]
    outcomes = (await s.client("place_orders", orders=orders))["outcomes"]
    truth = {order["order_id"]: [order["symbol"], Decimal(order["price"])] for order in await s.venue.orders(ME)}
    seen = [truth.get(str(outcome.get("order_id")), ["?", Decimal(0)]) for outcome in outcomes]
    expected = [[order["symbol"], Decimal(str(order["price"]))] for order in orders]
    shown = [[symbol, f"{price:f}"] for symbol, price in seen]
    wanted = [[symbol, f"{price:f}"] for symbol, price in expected]
    s.equal(shown, wanted, "each outcome belongs to the order in its place")


@case(
    "okcoinjp/orders/100",
    "Of a batch that is too large for the venue, nothing is told as placed that is not.",
    requirement="A batch has at most 10 orders for each of at most 4 pairs; a larger one is refused whole.",
    source="okj§9.3",
    needs=("place_orders",),
)
async def large_batches(s: Session) -> None:
    pair = s.facts.pair
    orders = [limit(s, price=pair.price - step * pair.tick) for step in range(12)]
    outcome = await s.client.attempt("place_orders", orders=orders)
    told = [] if outcome.refusal else [each for each in outcome.result["outcomes"] if "error" not in each]
    s.equal(len(told), len(await s.venue.orders(ME, "live")), "as many orders are told as placed as there are")


@case(
    "okcoinjp/orders/110",
    "A cancelled order without fills is gone after two hours, and the client says so.",
    requirement="Cancelled orders without any fill disappear from every list and lookup after two hours.",
    source="okj§9.4",
    needs=("place_order", "order", "clock", "elapse"),
)
async def unfilled_cancelled_orders_disappear(s: Session) -> None:
    order_id = await placed(s, **limit(s))
    await s.venue.cancel(order_id)
    s.equal(s.member(await view(s, order_id), "status"), "cancelled", "at first it is still there")
    await s.pass_time(TWO_HOURS_S + 60, step=TWO_HOURS_S + 60)
    refusal = await s.client.refused(
        "order", "an order that is gone is not found", symbol=s.facts.pair.symbol, order_id=order_id
    )
    s.equal(refusal.kind, "order_not_found", "the client says that there is no such order")


@case(
    "okcoinjp/orders/120",
    "A price off the grid is shown as the venue made it, not as it was asked for.",
    requirement="The venue cuts prices to the tick size, without a word; the order's own price is the cut one.",
    source="okj§10.1",
    needs=("place_order", "order"),
)
async def truncated_price_is_shown(s: Session) -> None:
    pair = s.facts.pair
    await s.client.attempt("place_order", **limit(s, price=pair.price - pair.tick / 4))
    orders = await s.venue.orders(ME)
    if not orders:
        s.note("the client does not send a price off the grid")
        return
    order = await view(s, str(orders[0]["order_id"]))
    s.amount(s.member(order, "price"), orders[0]["price"], "the price is that of the order as it stands")


@case(
    "okcoinjp/orders/130",
    "An order that the 30 % rule takes back is shown cancelled, not filled.",
    requirement="An order that would trade more than 30 % away from the best price is accepted, then cancelled whole.",
    source="okj§10.1",
    needs=("place_order", "order"),
)
async def price_band_cancels(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty, pair.price / 2)
    await offer(s, "sell", pair.qty, pair.price)
    order_id = await placed(s, **limit(s, qty=2 * pair.qty))
    order = await view(s, order_id)
    s.equal(s.member(order, "status"), "cancelled", "the order is over")
    s.amount(s.member(order, "filled_qty"), "0", "nothing was traded")


@case(
    "okcoinjp/orders/140",
    "Of two orders with one client_oid, the newest is meant.",
    requirement="The venue takes a client_oid twice; looking up and cancelling then hit the newest order.",
    source="okj§9.2",
    level=Level.SHOULD,
    needs=("place_order", "place_order.client_id", "order", "order.client_id"),
)
async def newest_of_the_same_client_id(s: Session) -> None:
    pair = s.facts.pair
    await placed(s, **limit(s), client_id="twice2")
    await s.client.attempt("place_order", **limit(s, price=pair.price - pair.tick), client_id="twice2")
    order = (await s.client("order", symbol=pair.symbol, client_id="twice2"))["order"]
    s.equal(order["order_id"], (await newest(s))["order_id"], "the newest order is shown")


@case(
    "okcoinjp/orders/150",
    "Open orders of all pairs are listed with their own pair.",
    requirement="Without an instrument, orders_pending lists those of every pair.",
    source="okj§9.4",
    needs=("open_orders",),
)
async def open_orders_of_all_pairs(s: Session) -> None:
    stand = {}
    for pair in s.facts.pairs[:2]:
        order = await s.venue.place(ME, pair.symbol, "buy", pair.qty, pair.price)
        stand[order["order_id"]] = pair.symbol
    found = (await s.client("open_orders"))["orders"]
    seen = {order["order_id"]: s.member(order, "symbol") for order in found}
    s.equal(seen, stand, "every pair's open orders are listed")


@case(
    "okcoinjp/orders/160",
    "An order that is partly filled is among the open ones, state number 1 included.",
    requirement="States 0 and 1 are alive, -1 and 2 are over, whatever their sign says.",
    source="okj§9.4",
    needs=("open_orders",),
)
async def state_one_is_alive(s: Session) -> None:
    pair = s.facts.pair
    order = await s.venue.place(ME, pair.symbol, "buy", 3 * pair.qty, pair.price)
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    found = (await s.client("open_orders", symbol=pair.symbol))["orders"]
    same_ids(s, found, [order["order_id"]], "a partly filled order is open")
    s.expect(s.member(found[0], "status") in ("open", "partly_filled"), "and told so", expected="open", seen=found[0]["status"])


@case(
    "okcoinjp/orders/170",
    "A cancelled order that was filled in part is among the cancelled ones.",
    requirement="State -1 is cancelled, with or without fills.",
    source="okj§9.4",
    provenance=Provenance.DOCUMENTED,
    needs=("orders",),
)
async def cancelled_with_fills_is_cancelled(s: Session) -> None:
    pair = s.facts.pair
    order = await s.venue.place(ME, pair.symbol, "buy", 3 * pair.qty, pair.price)
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    await s.venue.cancel(order["order_id"])
    found = (await s.client("orders", symbol=pair.symbol, status="cancelled"))["orders"]
    same_ids(s, found, [order["order_id"]], "it is listed with the cancelled ones")
    s.equal(s.member(found[0], "status"), "cancelled", "and told so")
    s.amount(s.member(found[0], "filled_qty"), pair.qty, "with what was filled")
