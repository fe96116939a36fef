"""Positions in KTX's perpetuals: what the client tells of them when it asks (ktx§9, ktx§11, ktx§14)."""

from __future__ import annotations

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.ktx.perp_support import ENTRY, WORKED, D, amounts, newest_told, only_position, traded
from mockex.conformance.cases.live import text
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Provenance, case
from mockex.conformance.session import Session

PROPOSED = Provenance.PROPOSED


@case(
    "ktx/positions/500",
    "A position of which only an order is there so far is told, without a quantity and with the order's margin.",
    requirement="A position exists as soon as an opening order rests: its quantity is 0, and orderMargin is what the order "
    "holds, price x quantity x (initial rate + taker fee).",
    source="ktx§9",
    needs=c.POSITIONS,
    world=WORKED,
)
async def only_an_order(s: Session) -> None:
    await s.client("place_order", **c.order(s, "buy", D("1"), D("9999")))
    told = await only_position(s, "the position is told")
    amounts(s, told, "with an order alone", qty="0", order_margin="1009.899", position_margin="0")


@case(
    "ktx/positions/510",
    "A position that was opened is told with its entry, its margin and no margin of orders.",
    requirement="posMargin is entry x quantity x initial rate; what the order held is held no more.",
    source="ktx§11",
    needs=c.POSITIONS,
    world=WORKED,
)
async def an_open_position(s: Session) -> None:
    await s.client("place_order", **c.order(s, "buy", D("0.1"), ENTRY))
    await c.meet(s, "sell", D("0.1"), ENTRY)
    told = await only_position(s, "the position is told")
    amounts(s, told, "after the fill", qty="0.1", entry_price=ENTRY, position_margin="999.9", order_margin="0")


@case(
    "ktx/positions/520",
    "A short has a quantity below zero.",
    requirement="Positions have no side: the sign of the quantity is the direction.",
    source="ktx§9",
    needs=c.POSITIONS,
)
async def shorts_are_below_zero(s: Session) -> None:
    await c.opened(s, "sell", D("0.1"), D("109398.9"), margin_method="cross")
    told = await only_position(s, "the short is told")
    amounts(s, told, "a short", qty="-0.1", position_margin="1093.989")


@case(
    "ktx/positions/530",
    "The entry price is the mean of what was added, by quantity.",
    requirement="Adding d at p to q at E makes the entry (E q + p d) / (q + d).",
    source="ktx§11",
    needs=c.POSITIONS,
)
async def entry_is_a_mean(s: Session) -> None:
    await c.opened(s, "buy", D("1"), D("100"))
    await c.opened(s, "buy", D("0.5"), D("103"))
    told = await only_position(s, "both orders are for one position")
    amounts(s, told, "after both", qty="1.5", entry_price="101")


@case(
    "ktx/positions/540",
    "Closing a part leaves the entry as it is, and takes its share of the margin.",
    requirement="Reducing does not change the entry price; posMargin shrinks in proportion.",
    source="ktx§11",
    needs=c.POSITIONS,
)
async def a_part_is_closed(s: Session) -> None:
    await c.opened(s, "buy", D("1"), D("100"))
    await c.opened(s, "buy", D("0.5"), D("103"))
    await traded(s, "sell", D("0.5"), D("140"), close=True)
    told = await only_position(s, "the rest is told")
    amounts(s, told, "the rest", qty="1", entry_price="101", position_margin="10.1")


@case(
    "ktx/positions/550",
    "A position that was closed is not told any more.",
    requirement="A position without quantity and orders is dropped.",
    source="ktx§11",
    needs=c.POSITIONS,
)
async def closed_positions_are_gone(s: Session) -> None:
    await c.opened(s)
    await only_position(s, "the position is told")
    await traded(s, "sell", close=True)
    told = [row for row in await c.told_positions(s) if D(row["qty"])]
    s.equal(told, [], "nothing is told of a closed position")


@case(
    "ktx/positions/560",
    "The leverage of a position is a number, whatever zeros follow it.",
    requirement='A position\'s leverage is text with a decimal, "10.0"; in orders it is the number 10.',
    source="ktx§9",
    needs=c.POSITIONS,
)
async def leverage_has_a_decimal(s: Session) -> None:
    for leverage in ("10", "5"):
        await c.opened(s, merge="split", leverage=leverage)
        told = await newest_told(s)
        s.amount(told.get("leverage"), leverage, "the leverage")


@case(
    "ktx/positions/570",
    "Rates are those of leverage and tier, and not mixed up with amounts.",
    requirement="initMargin and maintMargin are rates: the greater of 1 / leverage and the tier's, and the tier's; a position "
    "of more than 1,000,000 USDT has 0.0075.",
    source="ktx§11",
    needs=c.POSITIONS,
)
async def margin_rates(s: Session) -> None:
    for qty, leverage, initial, maintenance in (
        ("0.1", "10", "0.1", "0.005"),
        ("0.1", "100", "0.01", "0.005"),
        ("15", "50", "0.02", "0.0075"),
    ):
        await c.opened(s, qty=D(qty), price=D("100000"), merge="split", leverage=leverage)
        told = await newest_told(s)
        what = f"{qty} at leverage {leverage}"
        amounts(s, told, what, initial_margin_rate=initial, maintenance_margin_rate=maintenance)
        s.amount(told.get("position_margin"), D(qty) * 100_000 * D(initial), f"{what}: the margin is an amount")


@case(
    "ktx/positions/580",
    "A long and a short of one contract are two positions.",
    requirement="An account may hold both directions at once, each with its own entry and margin; they do not cancel out.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.POSITIONS,
)
async def both_directions(s: Session) -> None:
    qty = s.facts.contract.qty
    await c.opened(s, "buy", 2 * qty)
    await c.opened(s, "sell", qty, s.facts.contract.price + 5)
    told = {s.member(row, "merge"): D(row["qty"]) for row in await c.told_positions(s)}
    s.equal(told, {"long": 2 * qty, "short": -qty}, "both positions are told")


@case(
    "ktx/positions/590",
    "Merging and margin methods of positions are told as they are.",
    requirement="mergeMode is none, long or short, marginMethod isolate or cross; neither follows from the quantity.",
    source="ktx§9",
    needs=c.POSITIONS,
)
async def terms_of_positions(s: Session) -> None:
    wanted = [("buy", "split", "cross"), ("buy", "long", "isolated"), ("sell", "short", "cross"), ("sell", "split", "isolated")]
    for side, merge, method in wanted:
        await c.opened(s, side, merge=merge, margin_method=method)
    told = sorted((s.member(row, "merge"), s.member(row, "margin_method")) for row in await c.told_positions(s))
    s.equal(told, sorted((merge, method) for _, merge, method in wanted), "the terms of each position")


@case(
    "ktx/positions/600",
    "Positions asked for are those of the contract, or of all.",
    requirement="market and symbol choose; without a symbol every contract's are listed.",
    source="ktx§14",
    needs=c.POSITIONS,
)
async def positions_of_a_contract(s: Session) -> None:
    for contract in s.facts.contracts:
        await c.meet(s, "sell", contract.qty, contract.price, symbol=contract.symbol)
        await s.client("place_order", **c.order(s, "buy", contract.qty, contract.price, symbol=contract.symbol))
    for contract in s.facts.contracts:
        told = await only_position(s, f"one position of {contract.symbol}", contract.symbol)
        s.equal(told["symbol"], contract.symbol, "it is of the contract asked for")
        s.amount(told["qty"], contract.qty, "with its quantity")
    everything = (await s.client("positions"))["positions"]
    s.equal(len(everything), len(s.facts.contracts), "without a symbol, all are told")


@case(
    "ktx/positions/610",
    "One position is found by its id, and an id of nothing has none.",
    requirement="position_id chooses one; an id that there is not has an empty list.",
    source="ktx§14",
    needs=c.POSITIONS,
)
async def position_by_id(s: Session) -> None:
    for n in (1, 2):
        await c.opened(s, qty=n * s.facts.contract.qty, merge="split")
    for true in await c.true_positions(s):
        rows = (await s.client("positions", position_id=true["position_id"]))["positions"]
        told = s.single(rows, "one position is told")
        s.equal(s.member(told, "position_id"), true["position_id"], "the one of that id")
        s.amount(told["qty"], true["qty"], "with its quantity")
    nothing = str(int(true["position_id"]) + 1_000)
    s.equal((await s.client("positions", position_id=nothing))["positions"], [], "an id of nothing")


@case(
    "ktx/numbers/520",
    "Ids of positions are told with all their digits.",
    requirement="Ids of positions are text because they exceed 2^53.",
    source="ktx§10",
    needs=c.POSITIONS,
)
async def ids_are_exact(s: Session) -> None:
    for _ in range(3):
        await c.opened(s, merge="split")
    told = sorted(s.member(row, "position_id") for row in await c.told_positions(s))
    s.equal(told, sorted(row["position_id"] for row in await c.true_positions(s)), "the ids")


@case(
    "ktx/numbers/530",
    "Amounts of positions are exact.",
    requirement="Entry prices and margins are text of as many digits as they need, more than a double has.",
    source="ktx§9",
    needs=c.POSITIONS,
)
async def amounts_are_exact(s: Session) -> None:
    true = await c.opened(s, qty=D("45.6789"), price=D("98042.3405"), merge="split", leverage="7")
    told = await only_position(s, "the position is told")
    amounts(s, told, "of many digits", qty="45.6789", entry_price="98042.3405", position_margin=true["position_margin"])


@case(
    "ktx/positions/620",
    "Positions and orders of a contract are not taken for holdings of its currency.",
    requirement="Contracts are paid in USDT alone: a long of 0.1 BTC is no balance of BTC.",
    source="ktx§11",
    needs=(*c.POSITIONS, "balances"),
)
async def positions_are_no_holdings(s: Session) -> None:
    usual = s.facts.contract
    await c.opened(s)
    truth = (await s.venue.account(ME))["balances"]["spot"][usual.base]
    rows = [row for row in (await s.client("balances"))["balances"] if row["currency"] == usual.base]
    told = s.single(rows, "the currency is among the balances")
    s.amount(told.get("total"), truth["total"], f"the balance of {usual.base}")
    s.expect(D(truth["held"]) == 0, "nothing of it is held", expected="0", seen=text(D(truth["held"])))


@case(
    "ktx/positions/630",
    "A position that is opened again is another one.",
    requirement="With its last quantity and order a position is over: the next merged one of that direction has its own id.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=c.POSITIONS,
)
async def opened_again(s: Session) -> None:
    ids = []
    for _ in range(2):
        await c.opened(s)
        told = await only_position(s, "the position is told")
        ids.append(s.member(told, "position_id"))
        s.equal([ids[-1]], [row["position_id"] for row in await c.true_positions(s)], "its id")
        await traded(s, "sell", close=True)
    s.expect(ids[0] != ids[1], "the second has an id of its own", expected="another id", seen=ids)
