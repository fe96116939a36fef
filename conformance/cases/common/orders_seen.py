"""Orders: what the client says became of them."""

from __future__ import annotations

from mockex.conformance.cases.common.orders import ME, OTHER, limit, offer, placed, same_ids, view
from mockex.conformance.model import case
from mockex.conformance.session import Session


@case(
    "common/orders/200",
    "A resting order is shown open, with nothing filled.",
    requirement="The state of an order that waits in the book is open.",
    needs=("place_order", "order"),
)
async def resting_order_is_open(s: Session) -> None:
    pair = s.facts.pair
    order = await view(s, await placed(s, **limit(s)))
    s.equal(s.member(order, "status"), "open", "a resting order is open")
    s.amount(s.member(order, "filled_qty"), "0", "nothing is filled yet")
    s.amount(s.member(order, "qty"), pair.qty, "the quantity is the order's")
    s.amount(s.member(order, "price"), pair.price, "the price is the order's")
    s.equal(s.member(order, "side"), "buy", "the side is the order's")


@case(
    "common/orders/210",
    "An order that is filled in part is not taken for finished.",
    requirement="A partly filled order goes on: it still holds money and may fill further.",
    needs=("place_order", "order"),
)
async def partial_fill_is_not_final(s: Session) -> None:
    pair = s.facts.pair
    order_id = await placed(s, **limit(s, qty=3 * pair.qty))
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    order = await view(s, order_id)
    s.expect(
        s.member(order, "status") in ("open", "partly_filled"),
        "a partly filled order is still alive",
        expected="open or partly_filled",
        seen=order["status"],
    )
    s.amount(s.member(order, "filled_qty"), pair.qty, "the filled part is told")


@case(
    "common/orders/220",
    "A filled order is shown filled, with its quantity and average price.",
    requirement="The state of an order whose whole quantity was traded is filled.",
    needs=("place_order", "order"),
)
async def filled_order_is_filled(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty, pair.price - 10 * pair.tick)
    await offer(s, "sell", pair.qty, pair.price)
    order = await view(s, await placed(s, **limit(s, qty=2 * pair.qty)))
    s.equal(s.member(order, "status"), "filled", "the order is filled")
    s.amount(s.member(order, "filled_qty"), 2 * pair.qty, "all of it is filled")
    s.amount(s.member(order, "average_price"), pair.price - 5 * pair.tick, "the average price is that of its trades")


@case(
    "common/orders/230",
    "A cancelled order is shown cancelled.",
    requirement="The state of an order that was taken out of the book is cancelled.",
    needs=("place_order", "order"),
)
async def cancelled_order_is_cancelled(s: Session) -> None:
    order_id = await placed(s, **limit(s))
    await s.venue.cancel(order_id)
    order = await view(s, order_id)
    s.equal(s.member(order, "status"), "cancelled", "the order is cancelled")


@case(
    "common/orders/240",
    "An order that was filled in part and then cancelled keeps its filled quantity.",
    requirement="Cancelling takes away the rest only: what was traded stays traded.",
    needs=("place_order", "order"),
)
async def cancelled_keeps_what_was_filled(s: Session) -> None:
    pair = s.facts.pair
    order_id = await placed(s, **limit(s, qty=3 * pair.qty))
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    await s.venue.cancel(order_id)
    order = await view(s, order_id)
    s.equal(s.member(order, "status"), "cancelled", "the order is over, and was not filled whole")
    s.amount(s.member(order, "filled_qty"), pair.qty, "the traded part is still told")


@case(
    "common/orders/250",
    "The list of open orders has every live order and no other.",
    requirement="Orders that wait or are filled in part are open; filled and cancelled ones are not.",
    needs=("place_order", "open_orders"),
)
async def open_orders_are_the_live_ones(s: Session) -> None:
    pair = s.facts.pair
    resting = await placed(s, **limit(s, price=pair.price - 5 * pair.tick))
    part = await placed(s, **limit(s, qty=3 * pair.qty))
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price)
    gone = await placed(s, **limit(s, price=pair.price - 9 * pair.tick))
    await s.venue.cancel(gone)
    await s.venue.place(OTHER, pair.symbol, "sell", pair.qty, pair.price + 5 * pair.tick)
    await placed(s, **limit(s, price=pair.price + 5 * pair.tick))
    found = (await s.client("open_orders", symbol=pair.symbol))["orders"]
    same_ids(s, found, [resting, part], "live orders are listed, and only those")


@case(
    "common/orders/260",
    "Open orders of one instrument are not mixed with those of another.",
    requirement="A list for one instrument has that instrument's orders only.",
    needs=("place_order", "open_orders"),
)
async def open_orders_of_one_instrument(s: Session) -> None:
    second = s.facts.pairs[1]
    mine = await placed(s, **limit(s))
    await s.venue.place(ME, second.symbol, "buy", second.qty, second.price)
    found = (await s.client("open_orders", symbol=s.facts.pair.symbol))["orders"]
    same_ids(s, found, [mine], "only the instrument's own orders are listed")
    told = found[0].get("symbol")
    s.expect(told in (None, s.facts.pair.symbol), "it is told for its instrument", expected=s.facts.pair.symbol, seen=told)


@case(
    "common/orders/270",
    "More open orders than fit one page are all found.",
    requirement="Lists come in pages; a client that stops after the first page loses orders.",
    needs=("open_orders", "paging"),
)
async def all_pages_of_open_orders(s: Session) -> None:
    pair = s.facts.pair
    wanted = []
    for step in range(int(s.facts.numbers["page_rows"]) + 5):
        order = await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price - (step + 1) * pair.tick)
        wanted.append(order["order_id"])
    found = (await s.client("open_orders", symbol=pair.symbol, all=True))["orders"]
    same_ids(s, found, wanted, "every open order is listed once")


@case(
    "common/orders/280",
    "Filled and cancelled orders are listed apart.",
    requirement="Orders that are over are listed by how they ended.",
    needs=("place_order", "orders"),
)
async def ended_orders_by_state(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    filled = await placed(s, **limit(s))
    cancelled = await placed(s, **limit(s, price=pair.price - pair.tick))
    await s.venue.cancel(cancelled)
    await placed(s, **limit(s, price=pair.price - 2 * pair.tick))
    for status, expected in (("filled", [filled]), ("cancelled", [cancelled]), ("closed", [filled, cancelled])):
        found = (await s.client("orders", symbol=pair.symbol, status=status))["orders"]
        same_ids(s, found, expected, f"the list of {status} orders has those, and no open one")


@case(
    "common/orders/290",
    "More ended orders than fit one page are all found.",
    requirement="Lists come in pages; each row is to be had once.",
    needs=("orders", "paging"),
)
async def all_pages_of_ended_orders(s: Session) -> None:
    pair = s.facts.pair
    wanted = []
    for _ in range(int(s.facts.numbers["page_rows"]) + 5):
        await s.venue.place(OTHER, pair.symbol, "sell", pair.min_qty, pair.price)
        wanted.append((await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, pair.price))["order_id"])
    found = (await s.client("orders", symbol=pair.symbol, status="filled", all=True))["orders"]
    same_ids(s, found, wanted, "every ended order is listed once")
