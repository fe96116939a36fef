"""Assets and positions, as the gateway has them for spot and for contracts (gw§6)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import limit
from mockex.conformance.cases.contracts import POSITIONS, meet, set_mark, told_positions, true_positions
from mockex.conformance.cases.gateway.wire import ON_CONTRACTS
from mockex.conformance.cases.live import discard, rows, text
from mockex.conformance.cases.support import ME
from mockex.conformance.model import case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session


async def _open(s: Session, side: str, merge: str, qty: Decimal) -> None:
    """A position of the client's at the usual price."""
    contract = s.facts.contract
    await meet(s, "sell" if side == "buy" else "buy", qty, contract.price)
    terms: dict[str, Json] = {"side": side, "type": "limit", "price": text(contract.price), "qty": text(qty)}
    await s.client("place_order", symbol=contract.symbol, **terms, position={"merge": merge})


@case(
    "gateway/balances/010",
    "Available and held make up the total on spot.",
    requirement="Spot: total is free plus locked.",
    source="gw§6",
    needs=("balances", "place_order"),
)
async def free_and_locked(s: Session) -> None:
    await s.client("place_order", **limit(s))
    for row in (await s.client("balances"))["balances"]:
        parts = [Decimal(s.member(row, name)) for name in ("available", "held")]
        s.amount(row.get("total"), sum(parts, Decimal(0)), f"the total of {row['currency']} is the sum of its parts")


@case(
    "gateway/balances/020",
    "The total of contracts has the unrealised profit in it, and what is free and held has not.",
    requirement="Contracts: total is the margin balance, which may differ from free plus locked by the unrealised profit.",
    source="gw§6",
    needs=("balances", *POSITIONS),
    world=ON_CONTRACTS,
)
async def profit_is_in_the_total(s: Session) -> None:
    contract = s.facts.contract
    await set_mark(s, contract.price)
    await _open(s, "buy", "long", contract.qty)
    totals = []
    for mark in (contract.price, contract.price + 50):
        await set_mark(s, mark)
        told = {row["currency"]: row for row in (await s.client("balances"))["balances"]}
        row = told[contract.quote]
        totals.append(Decimal(s.member(row, "total")))
        parts = Decimal(s.member(row, "available")) + Decimal(s.member(row, "held"))
        s.amount(row["total"], parts + contract.qty * (mark - contract.price), "the total has the profit in it")
    s.equal(totals[1] - totals[0], contract.qty * 50, "the total grows with the profit")


@case(
    "gateway/balances/030",
    "Long and short positions are told as the venue has them.",
    requirement="`position` has a long and a short side; quantities are never negative on the wire.",
    source="gw§6",
    needs=POSITIONS,
    world=ON_CONTRACTS,
)
async def positions_are_true(s: Session) -> None:
    contract = s.facts.contract
    await _open(s, "buy", "long", 2 * contract.qty)
    await _open(s, "sell", "short", contract.qty)
    true = {each["merge"]: each for each in await true_positions(s)}
    told = {s.member(row, "merge"): row for row in await told_positions(s)}
    s.equal(sorted(told), ["long", "short"], "both positions are told")
    for merge, row in told.items():
        s.equal(row["symbol"], contract.symbol, "a position names its contract")
        s.amount(row["qty"], true[merge]["qty"], f"the quantity of the {merge} position")
        s.amount(row.get("entry_price"), contract.price, f"the price of the {merge} position")
        s.amount(row.get("leverage"), "10", f"the leverage of the {merge} position")


@case(
    "gateway/balances/040",
    "Where nothing is held, no position is told.",
    requirement="The position of nobody is told with zeros, for both sides.",
    source="gw§6",
    needs=POSITIONS,
    world=ON_CONTRACTS,
)
async def nothing_is_no_position(s: Session) -> None:
    contract, other = s.facts.contracts[:2]
    s.equal(await _held(s, contract.symbol), [], "there is no position")
    await _open(s, "buy", "long", contract.qty)
    s.equal(await _held(s, contract.symbol), ["long"], "there is a long one")
    s.equal(await _held(s, other.symbol), [], "and none in another contract")


async def _held(s: Session, symbol: str) -> list[Json]:
    """Directions of the positions that the client tells, but for those of nothing."""
    return [row.get("merge") for row in await told_positions(s, symbol) if Decimal(row["qty"])]


@case(
    "gateway/balances/050",
    "The margin mode of a position is told.",
    requirement="`margin_mode` is crossed or fixed.",
    source="gw§6",
    needs=POSITIONS,
    world=ON_CONTRACTS,
)
async def margin_mode_is_told(s: Session) -> None:
    await _open(s, "buy", "long", s.facts.contract.qty)
    row = s.single([each for each in await told_positions(s) if Decimal(each["qty"])], "the position is told")
    s.equal(s.member(row, "margin_method"), "cross", "crossed margin is told as such")


@case(
    "gateway/balances/060",
    "A deposit is told on the stream.",
    requirement="Assets are pushed on any change, as a complete snapshot.",
    source="gw§7",
    needs=("stream_open", "subscribe", "next_event", "subscribe.balances"),
)
async def deposit_is_told(s: Session) -> None:
    pair = s.facts.pair
    await s.client("stream_open", private=True)
    await s.client("subscribe", channel="balances", currency=pair.quote)
    await discard(s, "balances", currency=pair.quote)
    await s.venue.deposit(ME, pair.quote, "0.7")
    total = (await s.venue.account(ME))["balances"]["spot"][pair.quote]["total"]
    told = await rows(s, "balances", 1, "the balance is told", currency=pair.quote)
    row = s.single([each for each in told if each["currency"] == pair.quote], "the currency is told once")
    s.amount(row.get("total"), total, "the balance is the new one")
