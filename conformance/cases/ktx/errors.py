"""KTX's errors: codes under HTTP 200, codes without a use (ktx§5), and replies in a wrapping (ktx§2)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.conformance.cases.common.balances import same_as_venue
from mockex.conformance.cases.common.market import trade
from mockex.conformance.cases.common.orders import limit, offer, placed, view
from mockex.conformance.cases.live import price
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Level, Provenance, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Refusal, Session

MOST_OPEN = 500  # ktx§5 (proposed)
WRAPPED = WorldWish(switches={"wrap_result": True})
NO_COUNT = WorldWish(switches={"cancel_all_empty": True})


async def refused_with(s: Session, code: str, operation: str, params: Mapping[str, Json]) -> Refusal:
    """What the client tells of that code, which each request of the operation meets."""
    await s.venue.clear_faults()
    await s.venue.plan({"where": {"route": s.facts.route(operation)}, "what": {"action": "error", "code": code}})
    return await s.client.refused(operation, f"{code} is an error", **params)


async def told_under(s: Session, codes: tuple[str, ...], operation: str, params: Mapping[str, Json], *kinds: str) -> None:
    """Fails unless the client tells each of these codes as an error of one of these kinds."""
    for code in codes:
        refusal = await refused_with(s, code, operation, params)
        s.expect(refusal.kind in kinds, f"{code} is told as such", expected=" or ".join(kinds), seen=str(refusal))


# --- codes


@case(
    "ktx/errors/010",
    "Every code of a request that is wrong is told as that.",
    requirement="A parameter that is missing, empty or invalid and a body that is no object are -21001, -21002, -21003 and "
    "-21007: a mistake of the program, which no repetition mends.",
    source="ktx§5",
    needs=("balances",),
)
async def wrong_requests(s: Session) -> None:
    await told_under(s, ("-21001", "-21002", "-21003", "-21007"), "balances", {}, "bad_request", "invalid_order")


@case(
    "ktx/errors/020",
    "An order that breaks a rule is told as a bad order.",
    requirement="-22002 is an order whose size, value, decimals or direction will not do, -30002 an own id that was used.",
    source="ktx§5",
    needs=("place_order",),
)
async def bad_orders(s: Session) -> None:
    await told_under(s, ("-22002", "-30002"), "place_order", limit(s), "invalid_order", "bad_request")
    s.equal(await s.venue.orders(ME), [], "nothing is placed")


@case(
    "ktx/errors/030",
    "A failure of the venue is told as that, and leaves the fate of an order open.",
    requirement="-10001 is a failure within: the request was right.",
    source="ktx§5",
    needs=("place_order",),
)
async def failure_within(s: Session) -> None:
    kinds = ("unavailable", "maintenance", "other", "timeout")
    await told_under(s, ("-10001",), "place_order", limit(s), *kinds)


@case(
    "ktx/errors/040",
    "A code that has no use yet is an error all the same.",
    requirement="-20001, -20003 and -30003 are reserved: any `state` but 0 says that nothing was done.",
    source="ktx§5",
    needs=("place_order",),
)
async def reserved_codes(s: Session) -> None:
    for code in ("-20001", "-20003", "-30003"):
        await refused_with(s, code, "place_order", limit(s))
    s.equal(await s.venue.orders(ME), [], "nothing is placed")


@case(
    "ktx/errors/050",
    "The 501st open order is refused, and told as no lack of funds.",
    requirement="An account has at most 500 open orders over all products: -30004, where a lack of funds is -30005.",
    source="ktx§5",
    provenance=Provenance.PROPOSED,
    needs=("place_order", "cancel_order"),
)
async def too_many_orders(s: Session) -> None:
    pair = s.facts.pair
    orders = [await s.venue.place(ME, pair.symbol, "buy", pair.min_qty, price(s, -n)) for n in range(MOST_OPEN)]
    refusal = await s.client.refused("place_order", "the 501st open order is an error", **limit(s))
    kinds = ("invalid_order", "bad_request")
    s.expect(refusal.kind in kinds, "it is told as a matter of the order", expected=" or ".join(kinds), seen=str(refusal))
    await s.client("cancel_order", symbol=pair.symbol, order_id=orders[0]["order_id"])
    again = (await s.client.attempt("place_order", **limit(s))).refusal
    s.expect(again is None, "in place of a cancelled one there is room", expected="a receipt", seen=str(again))


# --- replies in a wrapping


@case(
    "ktx/errors/100",
    "Market data is read also where it is wrapped.",
    requirement='Replies are bare in the document; live servers wrap them as {"state":0,"result":...}.',
    source="ktx§2",
    level=Level.SHOULD,
    provenance=Provenance.OBSERVED,
    needs=("instruments", "ticker", "book", "trades", "candles"),
    world=WRAPPED,
)
async def wrapped_market_data(s: Session) -> None:
    pair = s.facts.pair
    await trade(s, pair.price, pair.qty)
    await offer(s, "sell", pair.qty)
    listed = [row["symbol"] for row in (await s.client("instruments"))["instruments"]]
    s.expect(pair.symbol in listed, "the pair is listed", expected=pair.symbol, seen=listed)
    s.amount((await s.client("ticker", symbol=pair.symbol))["ticker"].get("last"), pair.price, "the last price")
    for operation, params in (("book", {}), ("trades", {}), ("candles", {"interval_s": 60})):
        told = await s.client(operation, symbol=pair.symbol, **params)
        rows = told["book"]["asks"] if operation == "book" else told[operation]
        s.equal(len(rows), 1, f"the {operation} that there are")


@case(
    "ktx/errors/110",
    "Orders and balances are read also where they are wrapped.",
    requirement="Live servers wrap objects, lists and the count of cancelled orders alike.",
    source="ktx§2",
    level=Level.SHOULD,
    provenance=Provenance.OBSERVED,
    needs=("place_order", "order", "open_orders", "balances", "cancel_order", "cancel_all"),
    world=WRAPPED,
)
async def wrapped_orders(s: Session) -> None:
    pair = s.facts.pair
    order_ids = [await placed(s, **limit(s, price=price(s, -n))) for n in range(3)]
    s.equal(s.member(await view(s, order_ids[0]), "status"), "open", "the order is read")
    listed = (await s.client("open_orders", symbol=pair.symbol))["orders"]
    s.equal(sorted(each["order_id"] for each in listed), sorted(order_ids), "so is the list")
    await same_as_venue(s, pair.quote)
    await s.client("cancel_order", symbol=pair.symbol, order_id=order_ids[0])
    told = (await s.client("cancel_all", symbol=pair.symbol)).get("count")
    if told is not None:
        s.equal(told, 2, "the cancelled orders are counted")


@case(
    "ktx/errors/120",
    "A refusal is one also where replies are wrapped.",
    requirement="Refusals have the same `state` and `msg` in either case, and no result.",
    source="ktx§2",
    provenance=Provenance.OBSERVED,
    needs=("order", "cancel_order"),
    world=WRAPPED,
)
async def refusals_are_not_wrapped(s: Session) -> None:
    about = {"symbol": s.facts.pair.symbol, "order_id": "4611767382287843330"}
    for operation in ("order", "cancel_order"):
        refusal = await s.client.refused(operation, f"{operation} of an unknown order is an error", **about)
        s.equal(refusal.kind, "order_not_found", f"{operation} says that there is no such order")


@case(
    "ktx/orders/320",
    "A cancel of all that is answered with an empty list has succeeded.",
    requirement="A footnote promises an empty list on success: it says nothing about how many orders there were.",
    source="ktx§12",
    needs=("place_order", "cancel_all"),
    world=NO_COUNT,
)
async def cancel_without_a_count(s: Session) -> None:
    for n in range(2):
        await placed(s, **limit(s, price=price(s, -n)))
    told = (await s.client("cancel_all", symbol=s.facts.pair.symbol)).get("count")
    s.expect(told in (None, 2), "no wrong count is told", expected="none", seen=told)
    s.equal(await s.venue.orders(ME, "live"), [], "the orders are cancelled")
