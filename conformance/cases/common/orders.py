"""Orders: what reaches the venue, and what the client says became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from mockex.conformance.model import Level, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

OTHER = "bob"
ME = "alice"


def limit(s: Session, side: str = "buy", *, price: Decimal | None = None, qty: Decimal | None = None) -> dict[str, Json]:
    """A limit order at a usual price for a usual quantity, unless told otherwise."""
    pair = s.facts.pair
    return {
        "symbol": pair.symbol,
        "side": side,
        "type": "limit",
        "price": format(pair.price if price is None else price, "f"),
        "qty": format(pair.qty if qty is None else qty, "f"),
    }


async def newest(s: Session, account: str = ME) -> Json:
    """The venue's own view of the account's newest order. Fails if there is none."""
    orders = await s.venue.orders(account)
    s.expect(orders, "the order reaches the venue", expected="an order", seen="none")
    return orders[0]


async def placed(s: Session, **order: Json) -> str:
    """Places an order through the client and gives the venue's id of it, whatever the client tells."""
    await s.client("place_order", **order)
    return str((await newest(s))["order_id"])


async def offer(s: Session, side: str, qty: Decimal, price: Decimal | None = None) -> None:
    """Somebody else's resting order."""
    pair = s.facts.pair
    await s.venue.place(OTHER, pair.symbol, side, qty, pair.price if price is None else price)


async def view(s: Session, order_id: str) -> Json:
    """The client's view of one order."""
    return (await s.client("order", symbol=s.facts.pair.symbol, order_id=order_id))["order"]


def digits(numbers: Iterable[Decimal]) -> list[str]:
    """Sorted, for people."""
    return [f"{number.normalize():f}" for number in sorted(numbers)]


def ids(orders: Iterable[Mapping[str, Json]]) -> list[str]:
    """Sorted, each as often as it is there."""
    return sorted(str(order["order_id"]) for order in orders)


def same_ids(s: Session, seen: Iterable[Mapping[str, Json]], expected: Iterable[str], what: str) -> None:
    s.equal(ids(seen), sorted(expected), what)


# --- placing


@case(
    "common/orders/010",
    "A limit order arrives with the side, price and quantity that were asked for.",
    requirement="An order names its instrument, side, price and quantity; the venue takes them as they are.",
    needs=("place_order",),
)
async def limit_order_arrives(s: Session) -> None:
    pair = s.facts.pair
    for side, price in (("buy", pair.price - 3 * pair.tick), ("sell", pair.price + 7 * pair.tick)):
        await s.client("place_order", **limit(s, side, price=price, qty=pair.qty + 3 * pair.lot))
        order = await newest(s)
        s.equal(order["symbol"], pair.symbol, "the order is for the instrument asked for")
        s.equal(order["side"], side, "the order has the side asked for")
        s.amount(order["price"], price, "the order has the price asked for")
        s.amount(order["qty"], pair.qty + 3 * pair.lot, "the order has the quantity asked for")


@case(
    "common/orders/020",
    "The receipt of an order has the venue's id of it.",
    requirement="The reply to a new order names it; all later calls go by that id.",
    needs=("place_order",),
)
async def receipt_names_the_order(s: Session) -> None:
    receipt = await s.client("place_order", **limit(s))
    s.equal(s.member(receipt, "order_id"), (await newest(s))["order_id"], "the receipt names the order")


@case(
    "common/orders/030",
    "One order asked for is one order sent.",
    requirement="Every accepted request to place is an order: a second one doubles the position.",
    needs=("place_order",),
)
async def one_order_is_sent_once(s: Session) -> None:
    await s.client("place_order", **limit(s))
    await s.client.settle()
    await s.one_request("place_order")
    s.equal(len(await s.venue.orders(ME)), 1, "one order stands at the venue")


@case(
    "common/orders/040",
    "An order in the second instrument goes to the second instrument.",
    requirement="Instruments are told apart by their symbol in every request.",
    needs=("place_order",),
)
async def instruments_are_told_apart(s: Session) -> None:
    first, second = s.facts.pairs[:2]
    await s.client("place_order", **limit(s))
    await s.client(
        "place_order", symbol=second.symbol, side="sell", type="limit", price=f"{second.price:f}", qty=f"{second.qty:f}"
    )
    symbols = sorted(order["symbol"] for order in await s.venue.orders(ME))
    s.equal(symbols, sorted([first.symbol, second.symbol]), "each order is in its own instrument")


@case(
    "common/orders/050",
    "A market order to buy spends the amount of quote currency asked for.",
    requirement="A market order to buy names what is to be spent, not a quantity.",
    needs=("place_order", "place_order.market"),
)
async def market_buy_spends_quote(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", 10 * pair.qty)
    budget = pair.price * pair.qty
    await s.client("place_order", symbol=pair.symbol, side="buy", type="market", notional=f"{budget:f}")
    order = await newest(s)
    s.equal(order["side"], "buy", "the order buys")
    s.amount(order["filled_qty"], pair.qty, "as much is bought as the budget pays for")


@case(
    "common/orders/060",
    "A market order to sell sells the quantity of base currency asked for.",
    requirement="A market order to sell names the quantity to be sold.",
    needs=("place_order", "place_order.market"),
)
async def market_sell_sells_base(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "buy", 10 * pair.qty)
    await s.client("place_order", symbol=pair.symbol, side="sell", type="market", qty=f"{pair.qty:f}")
    order = await newest(s)
    s.equal(order["side"], "sell", "the order sells")
    s.amount(order["filled_qty"], pair.qty, "the quantity asked for is sold")


@case(
    "common/orders/070",
    "A post-only order that would trade does not trade.",
    requirement="An order that is marked as maker only never takes.",
    needs=("place_order", "place_order.post_only"),
)
async def post_only_never_takes(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    await s.client.attempt("place_order", **limit(s), post_only=True)
    for order in await s.venue.orders(ME):
        s.amount(order["filled_qty"], "0", "nothing is traded")
    standing = await s.venue.orders(OTHER, "live")
    s.equal(len(standing), 1, "the other side's order still stands")


@case(
    "common/orders/080",
    "A post-only order that would trade is not shown as open.",
    requirement="A maker-only order that would take is refused or cancelled at once; the client has to say so.",
    needs=("place_order", "place_order.post_only", "order"),
)
async def post_only_that_crosses_is_over(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    outcome = await s.client.attempt("place_order", **limit(s), post_only=True)
    if outcome.refusal is not None:
        return
    order = await view(s, str((await newest(s))["order_id"]))
    s.expect(
        s.member(order, "status") in ("cancelled", "rejected"),
        "the order is shown as over",
        expected="cancelled or rejected",
        seen=order["status"],
    )


@case(
    "common/orders/090",
    "An immediate-or-cancel order leaves nothing behind.",
    requirement="What cannot be traded at once is cancelled.",
    needs=("place_order", "place_order.ioc"),
)
async def ioc_leaves_nothing(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client("place_order", **limit(s, qty=3 * pair.qty), time_in_force="ioc")
    order = await newest(s)
    s.amount(order["filled_qty"], pair.qty, "what is there is bought")
    s.equal(len(await s.venue.orders(ME, "live")), 0, "nothing of it stays in the book")


@case(
    "common/orders/100",
    "A fill-or-kill order that cannot be filled whole trades nothing.",
    requirement="Such an order is filled whole or not at all.",
    needs=("place_order", "place_order.fok"),
)
async def fok_is_all_or_nothing(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client.attempt("place_order", **limit(s, qty=3 * pair.qty), time_in_force="fok")
    for order in await s.venue.orders(ME):
        s.amount(order["filled_qty"], "0", "nothing is traded")
    s.equal(len(await s.venue.orders(ME, "live")), 0, "nothing of it stays in the book")
    s.equal(len(await s.venue.orders(OTHER, "live")), 1, "the other side's order still stands")


@case(
    "common/orders/110",
    "A plain limit order rests when it cannot trade.",
    requirement="Without further words a limit order stays until it is filled or cancelled.",
    needs=("place_order",),
)
async def plain_order_rests(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client("place_order", **limit(s, qty=3 * pair.qty))
    live = await s.venue.orders(ME, "live")
    s.equal(len(live), 1, "the order stays in the book")
    s.amount(live[0]["remaining_qty"], 2 * pair.qty, "what could not be traded rests")


@case(
    "common/orders/120",
    "A client's own id travels with the order.",
    requirement="An id of the client's choice is kept with the order and returned with it.",
    needs=("place_order", "place_order.client_id"),
)
async def client_id_travels(s: Session) -> None:
    receipt = await s.client("place_order", **limit(s), client_id="mine42")
    s.equal((await newest(s))["client_id"], "mine42", "the venue has the order under the client's id")
    if receipt.get("client_id") is not None:
        s.equal(receipt["client_id"], "mine42", "the receipt repeats the client's id")


@case(
    "common/orders/130",
    "An order is found by the client's own id.",
    requirement="Wherever one order is named, the client's own id will do.",
    needs=("place_order", "place_order.client_id", "order", "order.client_id"),
)
async def found_by_client_id(s: Session) -> None:
    pair = s.facts.pair
    wanted = await placed(s, **limit(s), client_id="mine42")
    await placed(s, **limit(s, price=pair.price - pair.tick), client_id="other43")
    order = (await s.client("order", symbol=pair.symbol, client_id="mine42"))["order"]
    s.equal(order["order_id"], wanted, "the order with that id is shown")
    s.amount(s.member(order, "price"), pair.price, "it is shown with its own price")


# --- looking


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


# --- cancelling


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
    await placed(s, **limit(s), client_id="mine42")
    other = await placed(s, **limit(s, price=pair.price - pair.tick), client_id="other43")
    await s.client("cancel_order", symbol=pair.symbol, client_id="mine42")
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


# --- several at once


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
    wanted = ["first1", "second2", "third3"]
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
