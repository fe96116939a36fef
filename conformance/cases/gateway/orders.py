"""Orders: signed quantities of contracts, market orders by amount, immediate ones, and cancellations (gw§6)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import limit, newest, offer, placed
from mockex.conformance.cases.contracts import CONTRACTS, meet, true_positions
from mockex.conformance.cases.gateway.wire import ON_CONTRACTS, asked, one_asked, said
from mockex.conformance.cases.live import order_until, place, price, text
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

TOO_MANY = 101


async def _leg(s: Session, side: str, merge: str, qty: Decimal, *, close: bool) -> Decimal:
    """Places the order, which somebody meets. The quantity as it was sent, after a look at the action."""
    contract = s.facts.contract
    await meet(s, "sell" if side == "buy" else "buy", qty, contract.price, account="bob" if not close else "carol")
    since = await s.wire.mark()
    terms: dict[str, Json] = {"side": side, "type": "limit", "price": text(contract.price), "qty": text(qty)}
    position = {"merge": merge, "close": True} if close else {"merge": merge}
    await s.client("place_order", symbol=contract.symbol, **terms, position=position)
    frame = await one_asked(s, "place_order", since=since)
    s.equal(frame.get("action"), side.upper(), "the action is the side")
    return Decimal(str(frame.get("quantity")))


async def _carol(s: Session) -> None:
    await s.venue.call("POST", "/accounts", account="carol", balances={s.facts.contract.quote: "1000000000"})


async def _held(s: Session) -> dict[str, Decimal]:
    """Of the client's account, by direction."""
    return {each["merge"]: Decimal(each["qty"]) for each in await true_positions(s) if Decimal(each["qty"])}


@case(
    "gateway/orders/010",
    "A long position is opened with BUY and a quantity above zero, and closed with SELL and one above zero.",
    requirement="The sign of the quantity says which position an order is about: above zero the long one.",
    source="gw§6",
    needs=CONTRACTS,
    world=ON_CONTRACTS,
)
async def long_and_back(s: Session) -> None:
    await _carol(s)
    qty = s.facts.contract.qty
    s.equal(await _leg(s, "buy", "long", qty * 2, close=False), qty * 2, "the quantity of an opening is above zero")
    s.equal(await _held(s), {"long": qty * 2}, "a long position is open")
    s.equal(await _leg(s, "sell", "long", qty, close=True), qty, "the quantity of a closing is above zero")
    s.equal(await _held(s), {"long": qty}, "a part of it is closed")


@case(
    "gateway/orders/020",
    "A short position is opened with SELL and a quantity below zero, and closed with BUY and one below zero.",
    requirement="The sign of the quantity says which position an order is about: below zero the short one.",
    source="gw§6",
    needs=CONTRACTS,
    world=ON_CONTRACTS,
)
async def short_and_back(s: Session) -> None:
    await _carol(s)
    qty = s.facts.contract.qty
    s.equal(await _leg(s, "sell", "short", qty * 2, close=False), -qty * 2, "the quantity of an opening is below zero")
    s.equal(await _held(s), {"short": -qty * 2}, "a short position is open")
    s.equal(await _leg(s, "buy", "short", qty, close=True), -qty, "the quantity of a closing is below zero")
    s.equal(await _held(s), {"short": -qty}, "a part of it is closed")


@case(
    "gateway/orders/030",
    "Long and short are open at once, and an order for one leaves the other alone.",
    requirement="Contracts hold long and short at once.",
    source="gw§6",
    needs=CONTRACTS,
    world=ON_CONTRACTS,
)
async def both_at_once(s: Session) -> None:
    await _carol(s)
    qty = s.facts.contract.qty
    await _leg(s, "buy", "long", qty * 3, close=False)
    await _leg(s, "sell", "short", qty, close=False)
    s.equal(await _held(s), {"long": qty * 3, "short": -qty}, "both positions are open")
    await _leg(s, "sell", "long", qty * 2, close=True)
    s.equal(await _held(s), {"long": qty, "short": -qty}, "the long one alone is smaller")


@case(
    "gateway/orders/040",
    "An order of nothing is an error.",
    requirement="A quantity of 0 is refused: `quantity error`.",
    source="gw§6",
    needs=("place_order",),
)
async def nothing_is_no_order(s: Session) -> None:
    await s.client.refused("place_order", "an order of nothing is an error", **limit(s, qty=Decimal(0)))
    s.equal(await s.venue.orders(ME), [], "nothing is placed")


@case(
    "gateway/orders/050",
    "A market buy on spot says the amount to spend as its quantity.",
    requirement="The quantity of a MARKET BUY on spot is an amount of quote currency, its price 0.",
    source="gw§6",
    needs=("place_order", "place_order.market"),
)
async def market_buy_by_amount(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", 10 * pair.qty)
    amount = pair.price * pair.qty * 2
    await s.client("place_order", symbol=pair.symbol, side="buy", type="market", notional=text(amount))
    frame = await one_asked(s, "place_order")
    s.equal([frame.get("action"), frame.get("order_type")], ["BUY", "MARKET"], "it is a market order to buy")
    s.amount(frame.get("quantity"), amount, "the quantity is the amount to spend")
    s.amount(frame.get("price"), "0", "there is no price")


@case(
    "gateway/orders/060",
    "The amount of a market buy is not told as a quantity of base currency.",
    requirement="`quantity` and `remain` of a MARKET BUY on spot are in quote currency too.",
    source="gw§6",
    needs=("place_order", "place_order.market", "stream_open", "subscribe", "next_event", "subscribe.orders"),
)
async def amount_is_no_quantity(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", 10 * pair.qty)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.client("place_order", symbol=pair.symbol, side="buy", type="market", notional=text(pair.price * pair.qty))
    seen = await order_until(s, str((await newest(s))["order_id"]), "filled", "the order is told until it is filled")
    for row in seen:
        for name in ("qty", "filled_qty"):
            told = row.get(name)
            fits = told is None or Decimal(told) <= pair.qty
            s.expect(fits, f"{name} is base currency", expected=f"none, or at most {pair.qty}", seen=told)


@case(
    "gateway/orders/070",
    "What is left of an immediate order is told as cancelled.",
    requirement="IOC: what cannot be filled at once is cancelled; a partly filled cancel is CANCELED with remain above 0.",
    source="gw§6",
    needs=("place_order", "place_order.ioc", "stream_open", "subscribe", "next_event", "subscribe.orders"),
)
async def ioc_rest_is_cancelled(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "sell", pair.qty)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=pair.symbol)
    await s.client("place_order", **limit(s, qty=3 * pair.qty), time_in_force="ioc")
    s.equal((await one_asked(s, "place_order")).get("order_type"), "IOC", "the order says that it is immediate")
    row = (await order_until(s, str((await newest(s))["order_id"]), "cancelled", "the end of the order is told"))[-1]
    s.amount(row.get("filled_qty"), pair.qty, "what was filled is told")


@case(
    "gateway/orders/080",
    "Several orders are cancelled with one request that names them all.",
    requirement="`order_nos` is a list of numbers.",
    source="gw§6",
    level=Level.SHOULD,
    needs=("place_order", "cancel_orders"),
)
async def several_in_one_request(s: Session) -> None:
    pair = s.facts.pair
    kept, *gone = [await placed(s, **limit(s, price=price(s, -n))) for n in range(3)]
    await s.client("cancel_orders", orders=[{"symbol": pair.symbol, "order_id": each} for each in gone])
    frame = await one_asked(s, "cancel_order")
    s.equal(frame.get("order_nos"), gone, "the request names the orders")
    s.equal([each["order_id"] for each in await s.venue.orders(ME, "live")], [kept], "these are cancelled, and no other")


@case(
    "gateway/orders/090",
    "Of several cancels, each has its own outcome, in the order of the request.",
    requirement="`result` of the reply is true even if every element failed: the elements tell.",
    source="gw§6",
    needs=("place_order", "cancel_orders"),
)
async def each_has_its_outcome(s: Session) -> None:
    pair = s.facts.pair
    over, live = [await placed(s, **limit(s, price=price(s, -n))) for n in range(2)]
    await s.venue.cancel(over)
    orders = [{"symbol": pair.symbol, "order_id": each} for each in (over, live, "1")]
    outcomes = (await s.client("cancel_orders", orders=orders))["outcomes"]
    s.equal(["error" in each for each in outcomes], [True, False, True], "the middle one alone is cancelled")
    outcomes = (await s.client("cancel_orders", orders=[orders[2], orders[0]]))["outcomes"]
    s.equal(["error" in each for each in outcomes], [True, True], "and of these none")


@case(
    "gateway/orders/100",
    "All orders of a symbol are cancelled with an empty list, and those of other symbols stay.",
    requirement="An empty list cancels every open order of the symbol; the reply lists what was cancelled.",
    source="gw§6",
    needs=("place_order", "cancel_all"),
)
async def all_of_a_symbol(s: Session) -> None:
    pair, other = s.facts.pairs[:2]
    for n in range(3):
        await placed(s, **limit(s, price=price(s, -n)))
    terms = {"side": "buy", "type": "limit", "price": text(other.price), "qty": text(other.qty)}
    stays = await placed(s, symbol=other.symbol, **terms)
    told = await s.client("cancel_all", symbol=pair.symbol)
    s.equal([each["order_id"] for each in await s.venue.orders(ME, "live")], [stays], "the order of the other symbol is left")
    if told.get("count") is not None:
        s.equal(told["count"], 3, "it is told how many were cancelled")
    if (again := await s.client("cancel_all", symbol=pair.symbol)).get("count") is not None:
        s.equal(again["count"], 0, "and that there are none any more")


@case(
    "gateway/orders/110",
    "To cancel no order is not to cancel all.",
    requirement="An empty list means every open order: a client whose user names none must not send one.",
    source="gw§6",
    needs=("place_order", "cancel_orders"),
)
async def none_is_not_all(s: Session) -> None:
    order_id = await placed(s, **limit(s))
    await s.client.attempt("cancel_orders", orders=[])
    s.equal([each["order_id"] for each in await s.venue.orders(ME, "live")], [order_id], "the order is still there")


@case(
    "gateway/orders/120",
    "More than a hundred cancels at once are either all carried out or told to have failed.",
    requirement="A request names 100 orders at most: `too many orders`.",
    source="gw§6",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "cancel_orders"),
)
async def too_many_cancels(s: Session) -> None:
    live = await placed(s, **limit(s))
    numbers = [*(str(10**15 + n) for n in range(TOO_MANY - 1)), live]
    orders = [{"symbol": s.facts.pair.symbol, "order_id": each} for each in numbers]
    outcome = await s.client.attempt("cancel_orders", orders=orders)
    cancelled = (await s.venue.order(live))["status"] == "cancelled"
    if outcome.refusal is not None:
        s.expect(not cancelled, "an order that is cancelled is told as such", expected="a result", seen=str(outcome.refusal))
        return
    told = outcome.result["outcomes"]
    s.equal(len(told), TOO_MANY, "each has an outcome")
    s.equal("error" not in told[-1], cancelled, "the one that there is is told as it is")


@case(
    "gateway/orders/130",
    "Orders say LIMIT, MARKET or IOC, and BUY or SELL, and nothing else.",
    requirement="Other words are refused: `action error`, `order type error`.",
    source="gw§6",
    needs=("place_order", "place_order.market", "place_order.ioc"),
)
async def words_of_orders(s: Session) -> None:
    pair = s.facts.pair
    await offer(s, "buy", 10 * pair.qty, pair.price)
    await place(s, "buy", pair.qty, price(s, -1))
    await s.client("place_order", symbol=pair.symbol, side="sell", type="market", qty=text(pair.qty))
    await s.client("place_order", **limit(s, "sell"), time_in_force="ioc")
    frames = [said(each) for each in await asked(s, "place_order")]
    seen = [[frame.get("action"), frame.get("order_type")] for frame in frames]
    s.equal(seen, [["BUY", "LIMIT"], ["SELL", "MARKET"], ["SELL", "IOC"]], "the words are the document's")
