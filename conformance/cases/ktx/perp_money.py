"""Money of KTX's perpetuals: balances that spot shares, fills, profits and the ledger (ktx§7, ktx§11)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.ktx.perp_support import ENTRY, WORKED, D, booked, placed_on_spot, traded, usdt
from mockex.conformance.cases.live import text
from mockex.conformance.model import case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

BALANCES = (*c.CONTRACTS, "balances")
FILLS = (*c.CONTRACTS, "fills")
LEDGER = (*c.CONTRACTS, "ledger")

EXIT = D("100100")  # of the worked example


async def _has(s: Session, when: str, *, total: str, held: str) -> None:
    told = await usdt(s)
    s.amount(told.get("total"), total, f"{when}: the balance")
    s.amount(s.member(told, "held"), held, f"{when}: what is held of it")
    available = told.get("available")
    s.expect(
        available is None or D(available) == D(total) - D(held),
        f"{when}: what is free",
        expected=text(D(total) - D(held)),
        seen=available,
    )


@case(
    "ktx/balances/500",
    "Orders for contracts and on spot hold the same money.",
    requirement="There is one account of USDT: holds are those of spot orders, of opening orders and of positions together.",
    source="ktx§11",
    needs=BALANCES,
    world=WORKED,
)
async def one_account(s: Session) -> None:
    pair = s.facts.pair
    await s.client("place_order", **c.order(s, "buy", D("0.1"), ENTRY))
    await _has(s, "with an order for a contract", total="100000", held="1009.899")
    await s.client("place_order", symbol=pair.symbol, side="buy", type="limit", price="10300", qty="0.01")
    await _has(s, "with one on spot too", total="100000", held="1113.002")
    await c.meet(s, "sell", D("0.1"), ENTRY)
    await _has(s, "with a position", total="99990.001", held="1103.003")


@case(
    "ktx/balances/510",
    "A position's life leaves the balance that the worked example ends with.",
    requirement="100000; rests: 1009.899 held; fills as maker: 99990.001, of which 999.9 held; closed as taker at 100100: "
    "99990.991, nothing held. Profit and fees are booked once.",
    source="ktx§11",
    needs=BALANCES,
    world=WORKED,
)
async def worked_example(s: Session) -> None:
    await s.client("place_order", **c.order(s, "buy", D("0.1"), ENTRY))
    await _has(s, "while the order rests", total="100000", held="1009.899")
    await c.meet(s, "sell", D("0.1"), ENTRY)
    await _has(s, "once it is filled", total="99990.001", held="999.9")
    await traded(s, "sell", D("0.1"), EXIT, close=True)
    await _has(s, "once it is closed", total="99990.991", held="0")


@case(
    "ktx/balances/520",
    "What a position would bring is not in the balance.",
    requirement="Unrealised profit is credited when it is realised: until then a price changes neither balance nor holds.",
    source="ktx§11",
    needs=BALANCES,
    world=WORKED,
)
async def unrealised_is_not_booked(s: Session) -> None:
    await c.opened(s, "buy", D("0.1"), ENTRY)
    for mark in ("105000", "95000"):
        await c.set_mark(s, mark)
        await _has(s, f"at a mark of {mark}", total="99990.001", held="999.9")


@case(
    "ktx/balances/530",
    "A closing order holds nothing.",
    requirement="Opening orders hold margin and fee, closing orders none.",
    source="ktx§11",
    needs=BALANCES,
    world=WORKED,
)
async def closing_holds_nothing(s: Session) -> None:
    await c.opened(s, "buy", D("0.1"), ENTRY)
    await s.client("place_order", **c.order(s, "sell", D("0.1"), D("120000"), close=True))
    await _has(s, "with a closing order", total="99990.001", held="999.9")


# --- fills


async def _fill_of(s: Session, order: Mapping[str, Json]) -> Mapping[str, Json]:
    rows = (await s.client("fills", symbol=s.facts.contract.symbol))["fills"]
    fill: Mapping[str, Json] = s.single([row for row in rows if row["order_id"] == order["order_id"]], "the fill is told")
    return fill


@case(
    "ktx/fills/500",
    "A fill's profit is told without its fee, and its fee apart.",
    requirement="A short of 0.01 from 94000 that is closed at 1000000 has a profit of -9060, and pays a fee of 10.",
    source="ktx§7",
    needs=FILLS,
)
async def profit_without_fee(s: Session) -> None:
    await c.opened(s, "sell", D("0.01"), D("94000"))
    closing = await traded(s, "buy", D("0.01"), D("1000000"), merge="short", close=True)
    fill = await _fill_of(s, closing)
    s.amount(fill.get("profit"), "-9060", "the profit")
    s.amount(fill.get("fee"), "10", "the fee is a cost")
    s.equal(s.member(fill, "fee_currency"), "USDT", "in the money that the contract is paid in")


@case(
    "ktx/fills/510",
    "A fill that opens has no profit.",
    requirement="Profit comes from closing: `profit` of other fills is 0.",
    source="ktx§11",
    needs=FILLS,
)
async def opening_brings_nothing(s: Session) -> None:
    await c.opened(s, "buy", D("0.1"), D("98000"))
    second = await traded(s, "buy", D("0.1"), D("99000"))
    fill = await _fill_of(s, second)
    s.amount(fill.get("profit"), "0", "the profit of a fill that adds")


@case(
    "ktx/fills/520",
    "Fills of a contract and of its pair are told apart.",
    requirement="Fills are listed by market, and by symbol or order: BTC_USDT_SWAP is of lpc.",
    source="ktx§7",
    needs=FILLS,
)
async def fills_of_one_market(s: Session) -> None:
    usual, pair = s.facts.contract, s.facts.pair
    await s.venue.place("bob", pair.symbol, "sell", pair.qty, pair.price)
    await placed_on_spot(s)
    opening = await traded(s, "buy")
    for of in ({"symbol": usual.symbol}, {"symbol": usual.symbol, "order_id": opening["order_id"]}):
        fill = s.single((await s.client("fills", **of))["fills"], "one fill of the contract")
        s.equal(s.member(fill, "order_id"), opening["order_id"], "of the order for it")
        s.amount(fill.get("qty"), usual.qty, "with its quantity")
    fill = s.single((await s.client("fills", symbol=pair.symbol))["fills"], "one fill of the pair")
    s.amount(fill.get("qty"), pair.qty, "with its quantity")


# --- ledger


@case(
    "ktx/balances/540",
    "The ledger tells what was realised and each fee, signed, and no more.",
    requirement="Contracts write `trade` for realised profit and `fee`: -9.999, 11, -10.01 for the worked example. Nothing is "
    "exchanged, so opening writes its fee alone.",
    source="ktx§7",
    needs=LEDGER,
    world=WORKED,
)
async def ledger_of_a_life(s: Session) -> None:
    await s.client("place_order", **c.order(s, "buy", D("0.1"), ENTRY))
    await c.meet(s, "sell", D("0.1"), ENTRY)
    await traded(s, "sell", D("0.1"), EXIT, close=True)
    rows = [(row["type"], D(row["amount"])) for row in await booked(s)]
    s.equal(rows, [("fee", D("-9.999")), ("trade", D("11")), ("fee", D("-10.01"))], "the changes, oldest first")


@case(
    "ktx/balances/550",
    "The ledger's changes of a position add up to the change of the balance, and each says what came of it.",
    requirement="Every change of a balance has an entry with the balance after it.",
    source="ktx§7",
    needs=(*LEDGER, "balances"),
    world=WORKED,
)
async def ledger_adds_up(s: Session) -> None:
    await c.opened(s, "buy", D("0.3"), ENTRY)
    await traded(s, "sell", D("0.1"), EXIT, close=True)
    await traded(s, "sell", D("0.2"), D("99000"), close=True)
    balance = D("100000")
    for row in await booked(s):
        balance += D(row["amount"])
        after = row.get("balance")
        s.expect(after is None or D(after) == balance, "the balance after a change", expected=text(balance), seen=after)
    s.amount((await usdt(s)).get("total"), balance, "the balance that they add up to")
