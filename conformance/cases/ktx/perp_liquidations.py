"""Liquidations in KTX's perpetuals: positions and orders that end without the client's doing (ktx§11)."""

from __future__ import annotations

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.ktx.perp_support import (
    LIQUIDATED_ENTRY,
    WORKED,
    D,
    amounts,
    booked,
    forced_order,
    listens,
    only_position,
    pushed_position,
    told_order,
    usdt,
)
from mockex.conformance.cases.live import discard, next_event, rows
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Provenance, case
from mockex.conformance.session import Session

PROPOSED = Provenance.PROPOSED
STREAM = (*c.CONTRACTS, "stream_open", "subscribe", "next_event")
QTY = D("0.1")
MARGIN = D("1093.989")  # of 0.1 at 109398.9 and leverage 10


async def _stays_then_goes(s: Session, side: str, stays: str, goes: str) -> None:
    """The position is told at one mark, and gone at the next."""
    await c.opened(s, side, QTY, LIQUIDATED_ENTRY)
    await c.set_mark(s, stays)
    told = await only_position(s, f"the position is told at a mark of {stays}")
    s.amount(told.get("position_margin"), MARGIN, "with all of its margin")
    await c.set_mark(s, goes)
    s.equal(await c.told_positions(s), [], f"it is gone at a mark of {goes}")


@case(
    "ktx/positions/700",
    "A long that was liquidated is not told any more.",
    requirement="An isolated long of 0.1 from 109398.9 at leverage 10 is liquidated below 98953.7789: nothing that the client "
    "did ends it, and no reply tells of it.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.POSITIONS,
)
async def long_is_liquidated(s: Session) -> None:
    await _stays_then_goes(s, "buy", "98953.7789", "98953.7788")


@case(
    "ktx/positions/710",
    "A short that was liquidated is not told any more.",
    requirement="An isolated short of 0.1 from 109398.9 at leverage 10 is liquidated at 119740.0896.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.POSITIONS,
)
async def short_is_liquidated(s: Session) -> None:
    await _stays_then_goes(s, "sell", "119740.0895", "119740.0896")


@case(
    "ktx/balances/560",
    "A liquidation costs the position's margin, and what stood aside for it is held no more.",
    requirement="An isolated position that is closed at its price of bankruptcy loses posMargin: one `trade` in the ledger.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "balances", "ledger"),
    world=WORKED,
)
async def liquidation_is_booked(s: Session) -> None:
    await c.opened(s, "buy", QTY, LIQUIDATED_ENTRY)
    before = D((await usdt(s))["total"])
    await c.set_mark(s, "98000")
    told = await usdt(s)
    amounts(s, told, "after the liquidation", total=before - MARGIN, held="0")
    entries = await booked(s)
    s.expect(entries, "the ledger tells of the loss", expected="entries", seen="none")
    row = entries[-1]
    s.equal(row["type"], "trade", "the loss is booked as a trade")
    s.amount(row["amount"], -MARGIN, "with its amount")


@case(
    "ktx/orders/700",
    "A liquidation cancels the position's resting orders, and those alone.",
    requirement="The orders of an isolated position that is liquidated are cancelled; orders of other positions and on spot "
    "stand.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "open_orders", "order"),
)
async def resting_orders_are_cancelled(s: Session) -> None:
    pair = s.facts.pair
    await c.opened(s, "buy", QTY, LIQUIDATED_ENTRY)
    gone = await c.placed(s, **c.order(s, "sell", QTY, D("150000"), close=True))
    of_short = await c.placed(s, **c.order(s, "sell", QTY, D("160000"), merge="short"))
    on_spot = await c.placed(s, symbol=pair.symbol, side="buy", type="limit", price="90000", qty="0.01")
    await s.client("open_orders")
    await c.set_mark(s, "98000")
    told = sorted(row["order_id"] for row in (await s.client("open_orders"))["orders"])
    s.equal(told, sorted([of_short, on_spot]), "the orders that still stand")
    s.equal(s.member(await told_order(s, gone), "status"), "cancelled", "the other one is told as cancelled")


@case(
    "ktx/orders/710",
    "The order by which a position was closed by force is told with the others.",
    requirement="A liquidation places an immediate order of the account's at the price of bankruptcy, which is among its "
    "settled orders and has fills like any other, though nobody sent it.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "orders", "fills"),
)
async def forced_order_is_listed(s: Session) -> None:
    symbol = s.facts.contract.symbol
    await c.opened(s, "buy", QTY, LIQUIDATED_ENTRY)
    await c.meet(s, "buy", QTY, D("98500"))
    await c.set_mark(s, "98600")
    forced = await forced_order(s)
    told = {row["order_id"]: row for row in (await s.client("orders", symbol=symbol, status="filled"))["orders"]}
    s.expect(forced["order_id"] in told, "the forced order is listed", expected=forced["order_id"], seen=sorted(told))
    s.amount(told[forced["order_id"]].get("profit"), (D("98500") - LIQUIDATED_ENTRY) * QTY, "with its loss")
    fills = [row for row in (await s.client("fills", symbol=symbol))["fills"] if row["order_id"] == forced["order_id"]]
    s.amount(s.single(fills, "its fill is told").get("price"), "98500", "at the price that it found")


@case(
    "ktx/positions/720",
    "A cross account that lost one position is told with the others that it keeps.",
    requirement="Cross positions answer for each other: the largest loss goes first, until what is left maintains the rest.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.POSITIONS,
    world=WORKED,
)
async def cross_keeps_the_rest(s: Session) -> None:
    usual, other = s.facts.contracts[:2]
    for symbol, price in ((usual.symbol, D(100_000)), (other.symbol, D(3_500))):
        await c.meet(s, "sell", D(1), price, symbol=symbol)
        await s.client("place_order", **c.order(s, "buy", D(1), price, symbol=symbol, margin_method="cross"))
    await c.set_mark(s, "3500", other.symbol)
    await c.set_mark(s, "10000")
    s.equal(len((await s.client("positions"))["positions"]), 2, "both are told while the account answers for them")
    await c.meet(s, "buy", D(1), D(500))
    await c.set_mark(s, "90")
    told = s.single((await s.client("positions"))["positions"], "one position is left")
    s.equal(told["symbol"], other.symbol, "the one with the smaller loss")
    s.amount(told["qty"], "1", "whole")


@case(
    "ktx/positions/730",
    "A cross position lives on where an isolated one would be gone.",
    requirement="A cross position is liquidated when the account cannot maintain it, whatever its own margin has lost.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.POSITIONS,
    world=WORKED,
)
async def cross_outlives_isolated(s: Session) -> None:
    for merge, method in (("long", "cross"), ("split", "isolated")):
        await c.opened(s, "buy", QTY, D("100000"), merge=merge, margin_method=method)
    await c.set_mark(s, "90000")
    told = await only_position(s, "one of both is left")
    s.equal(s.member(told, "margin_method"), "cross", "the one that the account answers for")
    s.amount(told["qty"], QTY, "whole")


@case(
    "ktx/balances/570",
    "A balance that a liquidation has used up is told as 0.",
    requirement="Losses beyond the money are the insurance fund's: a balance is never below 0, and is told all the same.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*c.CONTRACTS, "balances"),
    world=WORKED,
)
async def nothing_is_left(s: Session) -> None:
    await c.opened(s, "buy", D(1), D("100000"), margin_method="cross")
    await c.set_mark(s, "100")
    amounts(s, await usdt(s), "after the liquidation", total="0", held="0")


# --- what streams tell of it


@case(
    "ktx/streams/510",
    "A liquidation is told by the stream: orders that are cancelled, the one that closes, the position, the balance.",
    requirement="Pushes come for each order that changes, then for the position, with quantity 0, and for the balance.",
    source="ktx§9",
    provenance=PROPOSED,
    needs=(*STREAM, "subscribe.orders", "subscribe.positions", "subscribe.balances"),
)
async def liquidation_is_pushed(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s, "buy", QTY, LIQUIDATED_ENTRY)
    resting = await c.placed(s, **c.order(s, "sell", QTY, D("150000"), close=True))
    await c.meet(s, "buy", QTY, D("98500"))
    await listens(s, "orders", "positions", "balances")
    for channel in ("orders", "positions"):
        await discard(s, channel, symbol=usual.symbol)
    await c.set_mark(s, "98600")
    forced = (await forced_order(s))["order_id"]
    seen = await rows(s, "orders", 3, "both orders are told", symbol=usual.symbol)
    told = [(row["order_id"], s.member(row, "status")) for row in seen]
    s.equal(told, [(resting, "cancelled"), (forced, "open"), (forced, "filled")], "the orders, as they changed")
    position = await pushed_position(s, "the position is told")
    s.amount(position["qty"], "0", "the position is over")
    balance = (await rows(s, "balances", 1, "the balance is told", currency=usual.quote))[-1]
    truth = (await s.venue.account(ME))["balances"]["spot"][usual.quote]
    amounts(s, balance, "the balance afterwards", total=truth["total"])


@case(
    "ktx/streams/520",
    "A cross liquidation in one contract is told with what it ends in another.",
    requirement="All resting orders of cross positions are cancelled, also in contracts whose price did not move.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*STREAM, "subscribe.orders"),
    world=WORKED,
)
async def cross_liquidation_is_pushed(s: Session) -> None:
    other = s.facts.contracts[1]
    await c.meet(s, "sell", D(1), D(100_000))
    await s.client("place_order", **c.order(s, "buy", D(1), D(100_000), margin_method="cross"))
    elsewhere = c.order(s, "buy", D(1), D(3_000), symbol=other.symbol, margin_method="cross")
    order_id = await c.placed(s, **elsewhere)
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="orders", symbol=other.symbol)
    await discard(s, "orders", symbol=other.symbol)
    await c.set_mark(s, "90")
    event = await next_event(s, "orders", "the other contract's order is told", symbol=other.symbol)
    row = s.single(event["orders"], "one order is told")
    s.equal((row["order_id"], s.member(row, "status")), (order_id, "cancelled"), "it is cancelled")
    s.equal(s.member(row, "symbol"), other.symbol, "in its own contract")
