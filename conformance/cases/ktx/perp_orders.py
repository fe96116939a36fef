"""Orders for KTX's perpetuals: signs, merging, closing, and what else an order says of its position (ktx§7, ktx§11)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.ktx.perp_support import (
    D,
    newest,
    placed_on_spot,
    quantities,
    sent_order,
    standing,
    told_order,
    traded,
)
from mockex.conformance.cases.live import text
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

PROPOSED = Provenance.PROPOSED


def _position(s: Session, order: Mapping[str, Json]) -> Mapping[str, Json]:
    """What an order says of its position, as the venue understood it."""
    told = order["position"]
    s.expect(told is not None, "the order is for a contract", expected="a contract's order", seen="another one")
    position: Mapping[str, Json] = told
    return position


async def _refused_and_nothing_changed(s: Session, what: str, **order: Json) -> None:
    before = await c.true_positions(s)
    await s.client.refused("place_order", what, **order)
    s.equal(await c.true_positions(s), before, "the positions are as they were")


# --- what is sent


@case(
    "ktx/orders/500",
    "A sale of a contract is sent with a quantity below zero.",
    requirement="Orders have no side: a quantity above zero buys, one below zero sells.",
    source="ktx§7",
    needs=c.CONTRACTS,
)
async def sales_are_below_zero(s: Session) -> None:
    for side, merge, sign in (("buy", "long", 1), ("sell", "short", -1)):
        since = await s.wire.mark()
        order_id = await c.placed(s, **c.order(s, side, merge=merge))
        order = await standing(s, order_id)
        body, at = await sent_order(s, since)
        s.equal(order["side"], side, "the order has the side asked for", at=at)
        s.amount(order["qty"], s.facts.contract.qty, "and the quantity", at=at)
        quantity = str(body.get("quantity"))
        signed = s.facts.contract.qty * sign
        s.expect("side" in body or D(quantity) == signed, "the sign says which way", expected=signed, seen=quantity, at=at)


@case(
    "ktx/orders/510",
    "Opening and closing a long and a short are four different orders.",
    requirement="What an order does follows from positionMerge, close and the sign together: the sale that closes a long says "
    "long, the purchase that closes a short says short.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def four_actions(s: Session) -> None:
    qty = s.facts.contract.qty
    for side, merge, close, left in (
        ("buy", "long", False, [qty]),
        ("sell", "long", True, []),
        ("sell", "short", False, [-qty]),
        ("buy", "short", True, []),
    ):
        order = await traded(s, side, merge=merge, close=close)
        position = _position(s, order)
        told = (order["side"], position["merge"], position["close"])
        s.equal(told, (side, merge, close), "side, merging and closing are those asked for")
        s.equal(await quantities(s), left, f"the position after a {side} for {merge} that {'closes' if close else 'opens'}")


@case(
    "ktx/orders/520",
    "Each order that opens a position of its own gets one.",
    requirement="positionMerge none is a new position for each order; long and short add to the one that there is.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def split_and_merged(s: Session) -> None:
    qty = s.facts.contract.qty
    for merge in ("split", "split", "long", "long"):
        await traded(s, "buy", merge=merge)
    s.equal(await quantities(s), [qty, qty, 2 * qty], "two positions of their own, and a merged one")


@case(
    "ktx/orders/530",
    "A position of its own is closed by its id.",
    requirement="An order with positionMerge none that closes names its position: -21001 without positionId.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.CONTRACTS,
)
async def closes_the_position_named(s: Session) -> None:
    qty = s.facts.contract.qty
    for n in (1, 2, 3):
        await traded(s, "buy", n * qty, merge="split")
    found = await c.true_positions(s)
    s.equal(len(found), 3, "each order opens a position")
    first, second, third = found
    await traded(s, "sell", qty, merge="split", close=True, position_id=second["position_id"])
    seen = {row["position_id"]: D(row["qty"]) for row in await c.true_positions(s)}
    expected = {first["position_id"]: qty, second["position_id"]: qty, third["position_id"]: 3 * qty}
    s.equal(seen, expected, "the position named is reduced, and no other")


@case(
    "ktx/numbers/500",
    "A position's id is sent with all its digits.",
    requirement="Ids of positions exceed 2^53: as a double one becomes another, which there is not.",
    source="ktx§10",
    needs=c.CONTRACTS,
)
async def position_ids_are_exact(s: Session) -> None:
    await traded(s, "buy", merge="split")
    position_id = (await newest(s))["position_id"]
    since = await s.wire.mark()
    await traded(s, "sell", merge="split", close=True, position_id=position_id)
    body, at = await sent_order(s, since)
    s.equal(str(body.get("positionId")), position_id, "the id is sent as it is", at=at)
    s.equal(await quantities(s), [], "the position is closed")


@case(
    "ktx/orders/540",
    "Isolated and cross are what the order says.",
    requirement="marginMethod isolate sets a margin aside for the position, cross lets the account answer for it.",
    source="ktx§7",
    needs=c.CONTRACTS,
)
async def margin_methods(s: Session) -> None:
    for side, merge, method in (("buy", "long", "cross"), ("sell", "short", "isolated")):
        order = await traded(s, side, merge=merge, margin_method=method)
        s.equal(_position(s, order)["margin_method"], method, "the margin method is the one asked for")


@case(
    "ktx/orders/550",
    "The leverage is the one asked for.",
    requirement="leverage is a whole number of each order, and what a position's margin is worked out from.",
    source="ktx§7",
    needs=c.CONTRACTS,
)
async def leverage_is_sent(s: Session) -> None:
    usual = s.facts.contract
    for leverage in (1, 25, 100):
        order = await traded(s, "buy", merge="split", leverage=str(leverage))
        s.equal(_position(s, order)["leverage"], leverage, "the leverage is the one asked for")
        margin = (await newest(s))["position_margin"]
        s.amount(margin, usual.price * usual.qty / leverage, "and the margin that of it")


@case(
    "ktx/orders/560",
    "A market order opens and closes a position like any other.",
    requirement="Market orders for contracts have the same fields; the quantity is of the base currency on both sides.",
    source="ktx§10",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "place_order.market"),
)
async def market_orders(s: Session) -> None:
    usual = s.facts.contract
    market = {"symbol": usual.symbol, "type": "market", "qty": text(usual.qty)}
    await c.meet(s, "sell", 2 * usual.qty, usual.price)
    await s.client("place_order", side="buy", position=c.terms(), **market)
    s.equal(await quantities(s), [usual.qty], "the quantity asked for is opened")
    await c.meet(s, "buy", 2 * usual.qty, usual.price - 1)
    await s.client("place_order", side="sell", position=c.terms(close=True), **market)
    s.equal(await quantities(s), [], "and closed")


@case(
    "ktx/orders/570",
    "What an immediate order opens is what it finds.",
    requirement="The rest of an ioc order is cancelled: it opens no more later, and holds no margin.",
    source="ktx§10",
    needs=(*c.CONTRACTS, "place_order.ioc"),
)
async def immediate_orders(s: Session) -> None:
    usual = s.facts.contract
    await c.meet(s, "sell", usual.qty, usual.price)
    order = c.order(s, "buy", 3 * usual.qty)
    order_id = await c.placed(s, **order, time_in_force="ioc")
    s.equal((await standing(s, order_id))["status"], "cancelled", "the rest is cancelled")
    row = s.single(await c.true_positions(s), "one position is opened")
    s.amount(row["qty"], usual.qty, "with what was there")
    s.amount(row["order_margin"], "0", "and no order holds margin")


@case(
    "ktx/orders/580",
    "A closing order may be immediate.",
    requirement="close and time_in_force go together: what cannot be closed at once stays open, and closable.",
    source="ktx§7",
    needs=(*c.CONTRACTS, "place_order.ioc"),
)
async def immediate_close(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s, qty=2 * usual.qty)
    await c.meet(s, "buy", usual.qty, usual.price)
    await s.client("place_order", **c.order(s, "sell", 2 * usual.qty, close=True), time_in_force="ioc")
    row = s.single(await c.true_positions(s), "the position is not closed whole")
    s.amount(row["qty"], usual.qty, "what was wanted is closed")
    s.amount(row["closable_qty"], usual.qty, "the rest may be closed by another order")


@case(
    "ktx/orders/590",
    "A post-only order that would trade opens nothing.",
    requirement="post_only that would cross is refused with -22002: there is no position afterwards.",
    source="ktx§10",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "place_order.post_only"),
)
async def post_only_opens_nothing(s: Session) -> None:
    usual = s.facts.contract
    await c.meet(s, "sell", usual.qty, usual.price)
    await s.client.attempt("place_order", **c.order(s, "buy"), post_only=True)
    s.equal(await quantities(s), [], "no position is opened")
    s.equal(await s.venue.orders(ME, "live"), [], "and nothing rests")


@case(
    "ktx/orders/600",
    "An order for a contract that does not say what for is an error.",
    requirement="positionMerge, marginMethod, leverage and close are required for contracts: -21001 without one. Nobody but "
    "the user knows them.",
    source="ktx§7",
    level=Level.SHOULD,
    needs=c.CONTRACTS,
)
async def nothing_is_made_up(s: Session) -> None:
    order = c.order(s, "buy")
    del order["position"]
    await _refused_and_nothing_changed(s, "an order without terms is an error", **order)
    s.equal(await s.venue.orders(ME), [], "no order is placed")


# --- cancelling


@case(
    "ktx/orders/610",
    "An order for a contract is cancelled, and the margin that it held is free.",
    requirement="A cancellation that names a market names the order's own: another one finds nothing (-30001).",
    source="ktx§7",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "cancel_order"),
)
async def orders_are_cancelled(s: Session) -> None:
    symbol = s.facts.contract.symbol
    order_id = await c.placed(s, **c.order(s, "buy"))
    await s.client("cancel_order", symbol=symbol, order_id=order_id)
    s.equal((await standing(s, order_id))["status"], "cancelled", "the order is cancelled")
    s.equal(await c.true_positions(s), [], "nothing is left of the position")


@case(
    "ktx/orders/620",
    "Cancelling all orders of a contract leaves those of its pair and of other contracts.",
    requirement="BTC_USDT_SWAP and BTC_USDT are two products of two markets.",
    source="ktx§7",
    needs=(*c.CONTRACTS, "cancel_all"),
)
async def all_of_one_contract(s: Session) -> None:
    usual, other = s.facts.contracts[:2]
    kept = [
        await placed_on_spot(s),
        await c.placed(s, **c.order(s, "buy", other.qty, other.price, symbol=other.symbol)),
    ]
    for n in (1, 2):
        await c.placed(s, **c.order(s, "buy", price=usual.price - n))
    await s.client("cancel_all", symbol=usual.symbol)
    live = sorted(order["order_id"] for order in await s.venue.orders(ME, "live"))
    s.equal(live, sorted(kept), "the orders of other products still stand")


@case(
    "ktx/orders/630",
    "What a cancelled order would have closed may be closed by another.",
    requirement="Resting orders count for what is closable as long as they rest.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "cancel_order"),
)
async def closable_again(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s)
    order_id = await c.placed(s, **c.order(s, "sell", price=usual.price + 1_000, close=True))
    await s.client("cancel_order", symbol=usual.symbol, order_id=order_id)
    await traded(s, "sell", close=True)
    s.equal(await quantities(s), [], "the position is closed by the second order")


# --- looking


@case(
    "ktx/orders/640",
    "An order for a contract is told with what it does.",
    requirement="`action` is increase_long, reduce_long, increase_short or reduce_short; positionMerge, close and leverage "
    "come back as they were sent.",
    source="ktx§7",
    needs=(*c.CONTRACTS, "order"),
)
async def orders_tell_their_position(s: Session) -> None:
    for side, merge, close, action in (
        ("buy", "long", False, "increase_long"),
        ("sell", "short", False, "increase_short"),
        ("sell", "long", True, "reduce_long"),
        ("buy", "short", True, "reduce_short"),
    ):
        true = await traded(s, side, merge=merge, close=close)
        told = await told_order(s, true["order_id"])
        s.equal(s.member(told, "action"), action, "the order is told with its action")
        position = s.member(told, "position")
        s.equal((s.member(position, "merge"), s.member(position, "close")), (merge, close), "and with merging and closing")
        s.amount(position.get("leverage"), D(c.LEVERAGE), "and with its leverage")


@case(
    "ktx/numbers/510",
    "An order is told with its position's id, digit by digit.",
    requirement="Ids of positions exceed 2^53, and are text in orders for contracts.",
    source="ktx§7",
    needs=(*c.CONTRACTS, "order"),
)
async def orders_tell_ids_exactly(s: Session) -> None:
    for _ in range(2):
        true = await traded(s, "buy", merge="split")
        told = await told_order(s, true["order_id"])
        position_id = s.member(s.member(told, "position"), "position_id")
        s.equal(position_id, _position(s, true)["position_id"], "the position's id")


@case(
    "ktx/orders/650",
    "An order's profit is that of all its fills, once, and fees are not taken off.",
    requirement="`profit` of an order sums up what its fills have realised; fees are told apart.",
    source="ktx§7",
    needs=(*c.CONTRACTS, "order"),
)
async def profit_of_orders(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s)
    for cents in (100, 300):
        await c.meet(s, "buy", usual.qty / 2, usual.price + cents)
    order_id = await c.placed(s, **c.order(s, "sell", usual.qty, usual.price, close=True))
    told = await told_order(s, order_id)
    s.amount(told.get("profit"), usual.qty / 2 * (100 + 300), "the profit of both fills")


@case(
    "ktx/orders/660",
    "Open orders are those of the contract asked for, or of both markets.",
    requirement="Without market and symbol every unsettled order is listed, those for contracts with the others.",
    source="ktx§7",
    needs=(*c.CONTRACTS, "open_orders"),
)
async def open_orders(s: Session) -> None:
    usual, pair = s.facts.contract, s.facts.pair
    of_contract = await c.placed(s, **c.order(s, "buy"))
    of_pair = await placed_on_spot(s)
    for of, expected in (
        ({"symbol": usual.symbol}, [of_contract]),
        ({"symbol": pair.symbol}, [of_pair]),
        ({}, [of_contract, of_pair]),
    ):
        rows = (await s.client("open_orders", **of))["orders"]
        s.equal(sorted(row["order_id"] for row in rows), sorted(expected), f"open orders of {of.get('symbol', 'everything')}")


@case(
    "ktx/orders/670",
    "An order for a contract that is over is listed with its profit.",
    requirement="Settled orders are listed by symbol, those for contracts too.",
    source="ktx§7",
    needs=(*c.CONTRACTS, "orders"),
)
async def settled_orders(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s)
    closing = await traded(s, "sell", price=usual.price + Decimal(50), close=True)
    rows = (await s.client("orders", symbol=usual.symbol, status="filled"))["orders"]
    s.equal(len(rows), 2, "both orders are listed")
    row = s.single([row for row in rows if row["order_id"] == closing["order_id"]], "the closing one once")
    s.amount(row.get("profit"), usual.qty * 50, "with its profit")


@case(
    "ktx/orders/680",
    "A closing order that rests has closed nothing yet, and one that is filled in part a part.",
    requirement="A position is reduced by fills: what rests is only not closable a second time.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*c.POSITIONS, "order"),
)
async def closed_in_part(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s, qty=4 * usual.qty)
    order_id = await c.placed(s, **c.order(s, "sell", 4 * usual.qty, usual.price + 100, close=True))
    for filled in (0, 1, 3):
        already = D((await standing(s, order_id))["filled_qty"])
        if filled:
            await c.meet(s, "buy", filled * usual.qty - already, usual.price + 100)
        told = s.single(await c.told_positions(s), "the position is told")
        s.amount(told["qty"], (4 - filled) * usual.qty, "what is left of it")
        order = await told_order(s, order_id)
        s.amount(order.get("profit"), filled * usual.qty * 100, "what its fills have realised")
