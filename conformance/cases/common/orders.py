"""Orders: what reaches the venue, and what the client says became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from string import ascii_lowercase

from mockex.conformance.model import case
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


def own_id(s: Session, word: str) -> str:
    """An id of the client's own, out of a word that ends in a number: that alone, where such ids are numbers."""
    return word.lstrip(ascii_lowercase) if s.facts.words.get("client_ids") == "numbers" else word


def buy_cost(s: Session, price: Decimal, qty: Decimal) -> Decimal:
    """What an order to buy holds: its price times its quantity, and the fee beforehand where a venue wants that."""
    return price * qty * (1 + s.facts.numbers.get("buy_hold_rate", Decimal(0)))


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
    mine = own_id(s, "mine42")
    receipt = await s.client("place_order", **limit(s), client_id=mine)
    s.equal((await newest(s))["client_id"], mine, "the venue has the order under the client's id")
    if receipt.get("client_id") is not None:
        s.equal(receipt["client_id"], mine, "the receipt repeats the client's id")


@case(
    "common/orders/130",
    "An order is found by the client's own id.",
    requirement="Wherever one order is named, the client's own id will do.",
    needs=("place_order", "place_order.client_id", "order", "order.client_id"),
)
async def found_by_client_id(s: Session) -> None:
    pair = s.facts.pair
    mine = own_id(s, "mine42")
    wanted = await placed(s, **limit(s), client_id=mine)
    await placed(s, **limit(s, price=pair.price - pair.tick), client_id=own_id(s, "other43"))
    order = (await s.client("order", symbol=pair.symbol, client_id=mine))["order"]
    s.equal(order["order_id"], wanted, "the order with that id is shown")
    s.amount(s.member(order, "price"), pair.price, "it is shown with its own price")
