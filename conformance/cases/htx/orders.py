"""HTX's orders: side and execution in one word, budgets in quote currency, ends behind a receipt (htx§3.4, htx§4)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import ids, limit, newest, offer, placed, view
from mockex.conformance.cases.support import OTHER
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session
from mockex.conformance.trace import Entry

TINY = "trxusdt"
"""A pair whose quantities have 12 decimals once a budget buys them."""

LONG_NAME = f"{'Az09_-' * 10}abcd"
"""64 characters, as many as a client id may have."""

OLD_S = 50 * 3_600


async def sent_order(s: Session) -> tuple[dict[str, Json], Entry]:
    """The JSON object of the one order that was sent, and where."""
    request = await s.one_request("place_order")
    s.expect(isinstance(request.json, dict), "an order is a JSON object", expected="an object", seen=request.body, at=request)
    return request.json, request


# --- what is sent


@case(
    "htx/orders/010",
    "How an order executes stands in its type, behind the side.",
    requirement="`type` is buy-limit, buy-ioc, buy-limit-maker or buy-limit-fok, and the same with sell.",
    source="htx§4.1",
    needs=("place_order", "place_order.ioc", "place_order.fok", "place_order.post_only"),
)
async def types_are_words(s: Session) -> None:
    for how, word in (
        ({}, "limit"),
        ({"time_in_force": "ioc"}, "ioc"),
        ({"time_in_force": "fok"}, "limit-fok"),
        ({"post_only": True}, "limit-maker"),
    ):
        for side in ("buy", "sell"):
            since = await s.wire.mark()
            await s.client.attempt("place_order", **limit(s, side), **how)
            request = await s.one_request("place_order", since=since)
            s.equal(request.json.get("type"), f"{side}-{word}", "the type says side and execution", at=request)


@case(
    "htx/orders/020",
    "A market purchase names the money to spend, and no price.",
    requirement="`amount` of buy-market is an amount of quote currency; a price is none of its fields.",
    source="htx§3.4",
    needs=("place_order", "place_order.market"),
)
async def market_buy_names_money(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty)
    await s.client("place_order", symbol=s.facts.pair.symbol, side="buy", type="market", notional="130")
    order, at = await sent_order(s)
    s.equal(order.get("type"), "buy-market", "it is a market order", at=at)
    s.amount(str(order.get("amount")), "130", "its amount is the money to spend", at=at)
    s.expect(not order.get("price"), "it has no price", expected="none", seen=order.get("price"), at=at)
    s.amount((await newest(s))["filled_qty"], "0.002", "so much is bought")


@case(
    "htx/orders/030",
    "A market sale names the quantity to sell.",
    requirement="`amount` of sell-market is a quantity of base currency.",
    source="htx§3.4",
    needs=("place_order", "place_order.market"),
)
async def market_sell_names_quantity(s: Session) -> None:
    await offer(s, "buy", s.facts.pair.qty)
    await s.client("place_order", symbol=s.facts.pair.symbol, side="sell", type="market", qty="0.002")
    order, at = await sent_order(s)
    s.equal(order.get("type"), "sell-market", "it is a market order", at=at)
    s.amount(str(order.get("amount")), "0.002", "its amount is the quantity to sell", at=at)
    s.amount((await newest(s))["filled_qty"], "0.002", "so much is sold")


@case(
    "htx/orders/040",
    "An order names the account that trades, whose number was asked for.",
    requirement="`account-id` is the number of the user's spot account, from the list of accounts; each user has another one.",
    source="htx§3.4",
    needs=("place_order",),
)
async def orders_name_their_account(s: Session) -> None:
    await s.client("place_order", **limit(s))
    order, at = await sent_order(s)
    await s.wire.read()
    lists = [each for each in s.wire.seen if each.kind == "response" and '"spot"' in each.body]
    numbers = {
        str(row["id"])
        for each in lists
        for row in (each.json or {}).get("data", [])
        if isinstance(row, dict) and row.get("type") == "spot"
    }
    s.expect(str(order.get("account-id")) in numbers, "it is the spot account", expected=numbers, seen=order, at=at)


@case(
    "htx/orders/050",
    "A client id of 64 letters, digits, dashes and underscores travels as it is.",
    requirement="client-order-id has up to 64 characters of [A-Za-z0-9_-].",
    source="htx§3.4",
    needs=("place_order", "place_order.client_id"),
)
async def long_client_id(s: Session) -> None:
    await s.client("place_order", **limit(s), client_id=LONG_NAME)
    s.equal((await newest(s))["client_id"], LONG_NAME, "the order has the name that was given")


# --- what became of it


@case(
    "htx/orders/100",
    "A market purchase is told as filled, though a dust of its budget is left.",
    requirement="A budget is spent to the last lot; what remains is less than one, and the state is filled all the same.",
    source="htx§4.1",
    provenance=Provenance.OBSERVED,
    needs=("place_order", "place_order.market", "order"),
)
async def dust_of_a_budget(s: Session) -> None:
    await s.venue.deposit(OTHER, "TRX", "1000")
    await s.venue.place(OTHER, TINY, "sell", "500", "0.338")
    await s.client("place_order", symbol=TINY, side="buy", type="market", notional="50")
    truth = await newest(s)
    assert Decimal(truth["filled_qty"]) * Decimal("0.338") < 50, "this case needs a rest of the budget"
    order = (await s.client("order", symbol=TINY, order_id=str(truth["order_id"])))["order"]
    s.equal(s.member(order, "status"), "filled", "the order is told as filled")
    s.amount(order.get("filled_qty"), truth["filled_qty"], "what was bought, to the last digit")


@case(
    "htx/orders/110",
    "The budget of a market purchase is not told as its quantity.",
    requirement="`amount` of a buy-market order is money wherever it is read, in one field with the quantities of others.",
    source="htx§3.4",
    needs=("place_order", "place_order.market", "order"),
)
async def budget_is_no_quantity(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client("place_order", symbol=pair.symbol, side="buy", type="market", notional="130")
    order = await view(s, str((await newest(s))["order_id"]))
    s.amount(order.get("filled_qty"), "0.002", "what was bought")
    qty = order.get("qty")
    s.expect(qty is None or Decimal(qty) == Decimal("0.002"), "its quantity is no money", expected="0.002 or none", seen=qty)


@case(
    "htx/orders/120",
    "An order that came to nothing is told as cancelled, though there is a receipt.",
    requirement="A limit-maker that would trade and a limit-fok that cannot be filled get an id, and are cancelled at once.",
    source="htx§4.1",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "order", "place_order.fok", "place_order.post_only"),
)
async def accepted_then_cancelled(s: Session) -> None:
    await offer(s, "sell", s.facts.pair.qty / 2)
    for how in ({"time_in_force": "fok"}, {"post_only": True}):
        await s.client.attempt("place_order", **limit(s), **how)
        order = await view(s, str((await newest(s))["order_id"]))
        s.equal(s.member(order, "status"), "cancelled", "the order is told as cancelled")
        s.amount(order.get("filled_qty"), "0", "nothing of it is filled")


@case(
    "htx/orders/130",
    "An order whose rest was cancelled is told as cancelled, with what it traded.",
    requirement="partial-canceled is the state of an order that traded in part and is over: neither open nor partly filled.",
    source="htx§4.4",
    needs=("place_order", "order", "place_order.ioc"),
)
async def partly_cancelled(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client("place_order", **limit(s, qty=3 * pair.qty), time_in_force="ioc")
    order = await view(s, str((await newest(s))["order_id"]))
    s.equal(s.member(order, "status"), "cancelled", "it is over")
    s.amount(order.get("filled_qty"), pair.qty, "with what it traded")


@case(
    "htx/orders/140",
    "What is filled of an open order is told in the list as by its id.",
    requirement="The list of open orders says filled-amount where every other reading says field-amount.",
    source="htx§3.4",
    needs=("place_order", "order", "open_orders"),
)
async def two_names_of_filled(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    order_id = await placed(s, **limit(s, qty=4 * pair.qty))
    listed = s.single((await s.client("open_orders", symbol=pair.symbol))["orders"], "the order is open")
    for where, order in (("the list", listed), ("the order", await view(s, order_id))):
        s.amount(order.get("filled_qty"), pair.qty, f"what is filled by {where}")
        s.equal(s.member(order, "status"), "partly_filled", f"its status by {where}")


@case(
    "htx/orders/150",
    "The list of cancelled orders has those that traded in part.",
    requirement="`states` has to name partial-canceled beside canceled.",
    source="htx§4.4",
    needs=("place_order", "orders", "place_order.ioc"),
)
async def cancelled_list(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    order_id = await placed(s, **limit(s, qty=3 * pair.qty), time_in_force="ioc")
    other_id = await placed(s, **limit(s, price=pair.price - 100 * pair.tick), post_only=False)
    await s.client("cancel_order", symbol=pair.symbol, order_id=other_id)
    for status in ("cancelled", "closed"):
        seen = ids((await s.client("orders", symbol=pair.symbol, status=status))["orders"])
        s.equal(seen, sorted([order_id, other_id]), f"both orders are {status}")


@case(
    "htx/orders/160",
    "A receipt names the order as the lists do.",
    requirement="The id is text where an order is placed and a number where it is read; it is one name.",
    source="htx§3.4",
    needs=("place_order", "open_orders", "order"),
)
async def one_order_one_id(s: Session) -> None:
    receipt = s.member(await s.client("place_order", **limit(s)), "order_id")
    truth = str((await newest(s))["order_id"])
    s.equal(receipt, truth, "the receipt has the order's id")
    listed = s.single((await s.client("open_orders", symbol=s.facts.pair.symbol))["orders"], "the order is open")
    s.equal(listed["order_id"], truth, "the list has it")
    s.equal((await view(s, truth))["order_id"], truth, "the order has it")


@case(
    "htx/orders/170",
    "A client id that was used again finds the newer order.",
    requirement="A client id is free again once its order is over; a lookup gives the latest.",
    source="htx§4.6",
    needs=("place_order", "place_order.client_id", "cancel_order", "order", "order.client_id"),
)
async def reused_client_id(s: Session) -> None:
    symbol = s.facts.pair.symbol
    first = await placed(s, **limit(s), client_id="again-1")
    await s.client("cancel_order", symbol=symbol, order_id=first)
    second = await placed(s, **limit(s), client_id="again-1")
    s.expect(first != second, "there are two orders", expected="two", seen="one")
    found = (await s.client("order", symbol=symbol, client_id="again-1"))["order"]
    s.equal(found["order_id"], second, "the newer order is found")
    s.equal(s.member(found, "status"), "open", "it is open")


@case(
    "htx/orders/180",
    "What the client shows of orders that are older than two days.",
    requirement="Lists of past orders span 48 hours; whoever wants more asks for one span after the other.",
    source="htx§3.4",
    level=Level.INFO,
    needs=("place_order", "cancel_order", "orders", "paging", "clock"),
)
async def old_orders(s: Session) -> None:
    symbol = s.facts.pair.symbol
    order_id = await placed(s, **limit(s))
    await s.client("cancel_order", symbol=symbol, order_id=order_id)
    await offer(s, "sell", s.facts.pair.qty)
    filled_id = await placed(s, **limit(s))
    await s.venue.advance(OLD_S)
    await s.client("clock", offset_ms=OLD_S * 1_000)
    listed = ids((await s.client("orders", symbol=symbol, status="closed", all=True))["orders"])
    s.note(
        f"of an order that was filled {OLD_S // 3_600} hours ago the list shows {'it' if filled_id in listed else 'nothing'}"
    )
