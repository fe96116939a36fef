"""Marks and funding of KTX's perpetuals: what products tell of them, and payments every eight hours (ktx§6, ktx§11)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.conformance.cases import contracts as c
from mockex.conformance.cases.ktx.perp_support import WORKED, D, amounts, booked, listens, only_position, pushed_position, usdt
from mockex.conformance.cases.live import TAKER, discard, open_taker, rows
from mockex.conformance.cases.support import ME
from mockex.conformance.model import Provenance, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

PROPOSED = Provenance.PROPOSED
PRODUCTS = ("instruments",)
PAYING = (*c.CONTRACTS, "ledger", "clock", "elapse")
QTY, MARK, RATE, PAID = D("0.1"), D("98042.3405"), "0.0001", D("0.980423405")  # the worked payment of ktx§11
EIGHT_HOURS_MS = 8 * 3_600_000


async def _product(s: Session) -> Mapping[str, Json]:
    """What the client tells of the first contract."""
    symbol = s.facts.contract.symbol
    found = [row for row in (await s.client("instruments"))["instruments"] if row["symbol"] == symbol]
    row: Mapping[str, Json] = s.single(found, "the contract is listed")
    return row


async def _opened_for_funding(s: Session, side: str, **position: Json) -> None:
    """A position of the worked payment, and its price as the mark."""
    await c.opened(s, side, QTY, MARK, **position)
    await c.set_mark(s, MARK)
    await c.set_funding_rate(s, RATE)


async def _payments(s: Session) -> list[Mapping[str, Json]]:
    """Rows of funding, oldest first."""
    return [row for row in await booked(s) if row["type"] == "funding"]


async def _true_total(s: Session) -> Json:
    """The balance, as the venue has it."""
    return (await s.venue.account(ME))["balances"]["spot"][s.facts.contract.quote]["total"]


# --- what products tell


@case(
    "ktx/reference/500",
    "A contract is told apart from a pair, and only it has a mark and funding.",
    requirement="Products of lpc are contracts; fundingRate, nextFundingTime, predictedFundingRate and markPrice are theirs.",
    source="ktx§6",
    needs=PRODUCTS,
)
async def contracts_are_listed(s: Session) -> None:
    await c.set_mark(s, MARK)
    kinds = {contract.symbol: "perpetual" for contract in s.facts.contracts} | {pair.symbol: "spot" for pair in s.facts.pairs}
    found = {row["symbol"]: row for row in (await s.client("instruments"))["instruments"]}
    for symbol, kind in kinds.items():
        s.expect(symbol in found, "the product is listed", expected=symbol, seen=sorted(found))
        s.equal(s.member(found[symbol], "kind"), kind, f"the kind of {symbol}")
        if kind == "spot":
            s.equal(found[symbol].get("mark_price"), None, f"{symbol} has no mark price")
    s.amount(found[s.facts.contract.symbol].get("mark_price"), MARK, "the contract's mark price")


@case(
    "ktx/reference/510",
    "The mark price is not the last price, and is asked for anew.",
    requirement="Margins go by markPrice, the median of index, middle and last trade; a lone trade hardly moves it.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*PRODUCTS, "ticker"),
)
async def mark_is_not_last(s: Session) -> None:
    usual = s.facts.contract
    await c.set_index(s, "98000")
    for side, price in (("buy", 97_900), ("sell", 98_100)):
        await c.meet(s, side, usual.qty, D(price))
    await open_taker(s)
    await c.meet(s, "buy", usual.qty, D(98_100), account=TAKER)
    s.amount((await s.client("ticker", symbol=usual.symbol))["ticker"].get("last"), "98100", "the last price")
    s.amount((await _product(s)).get("mark_price"), "98050", "the mark price, the middle of index and last trade")
    await c.set_index(s, "98080")
    s.amount((await _product(s)).get("mark_price"), "98090", "after the index has moved")


@case(
    "ktx/reference/520",
    "The rate that was paid last and the one that is foreseen are told apart, with their signs.",
    requirement="fundingRate is the last, predictedFundingRate what is to be paid at nextFundingTime; below zero shorts pay.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*PRODUCTS, "clock", "elapse"),
)
async def last_and_next_rate(s: Session) -> None:
    await c.set_mark(s, MARK)
    await c.set_funding_rate(s, "0.0021")
    await c.fund(s)
    await c.set_funding_rate(s, "-0.0013")
    told = await _product(s)
    amounts(s, told, "after a payment", funding_rate="0.0021", next_funding_rate="-0.0013")


@case(
    "ktx/reference/530",
    "The time of the next payment moves on by eight hours with each, and is asked for anew.",
    requirement="Funding is paid at 00, 08 and 16 o'clock UTC; nextFundingTime is text in milliseconds.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*PRODUCTS, "clock", "elapse"),
)
async def next_payment(s: Session) -> None:
    due_ms = c.milliseconds((await c.contract(s))["next_funding"])
    for _ in range(2):
        s.equal(s.member(await _product(s), "next_funding_ms"), due_ms, "the time of the next payment")
        await c.fund(s)
        due_ms += EIGHT_HOURS_MS


# --- payments


@case(
    "ktx/funding/500",
    "A long pays for a rate above zero, and the ledger says what for.",
    requirement="quantity x mark x rate, from longs to shorts: 0.980423405 for 0.1 at 98042.3405 and 0.0001, of type funding.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=PAYING,
    world=WORKED,
)
async def longs_pay(s: Session) -> None:
    await _opened_for_funding(s, "buy", margin_method="cross")
    await c.near_funding(s)
    due_ms = c.milliseconds((await c.contract(s))["next_funding"])
    await c.pay_funding(s)
    row = s.single(await _payments(s), "one payment is booked as funding")
    s.amount(row["amount"], -PAID, "what the long pays")
    if row.get("time_ms") is not None:
        s.equal(row["time_ms"], due_ms, "at the time of the payment")
    s.amount((await usdt(s)).get("total"), D("100000") - QTY * MARK * D("0.001") - PAID, "out of the balance")


@case(
    "ktx/funding/510",
    "A short is paid for a rate above zero.",
    requirement="What longs pay, shorts get: the payment is above zero in the ledger.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=PAYING,
    world=WORKED,
)
async def shorts_are_paid(s: Session) -> None:
    await _opened_for_funding(s, "sell", margin_method="cross")
    await c.fund(s)
    row = s.single(await _payments(s), "one payment is booked as funding")
    s.amount(row["amount"], PAID, "what the short gets")


@case(
    "ktx/funding/520",
    "An isolated position pays out of its margin.",
    requirement="Funding of an isolated position comes out of posMargin: the margin is no product of entry, quantity and rate.",
    source="ktx§11",
    provenance=PROPOSED,
    needs=(*PAYING, "positions", "balances"),
    world=WORKED,
)
async def isolated_margin_pays(s: Session) -> None:
    await _opened_for_funding(s, "buy")
    margin = QTY * MARK / 10
    s.amount((await only_position(s, "the position is told")).get("position_margin"), margin, "the margin at first")
    for n in (1, 2):
        await c.fund(s)
        told = await only_position(s, "the position is told")
        s.amount(told.get("position_margin"), margin - n * PAID, f"the margin after {n} payments")
    s.amount((await usdt(s)).get("held"), margin - 2 * PAID, "no more than that is held")


@case(
    "ktx/funding/530",
    "A payment of funding is no trade.",
    requirement="Funding has entries of the ledger and no fills: quantities and entry prices stay as they are.",
    source="ktx§7",
    needs=(*PAYING, "positions", "fills"),
)
async def funding_is_no_trade(s: Session) -> None:
    await _opened_for_funding(s, "buy")
    before = await only_position(s, "the position is told")
    await c.fund(s)
    after = await only_position(s, "the position is told")
    for name in ("qty", "entry_price"):
        s.equal(after.get(name), before.get(name), f"{name} after the payment")
    s.single((await s.client("fills", symbol=s.facts.contract.symbol))["fills"], "the only fill is the one that opened")


@case(
    "ktx/funding/540",
    "Payments of one amount are as many as there were.",
    requirement="Each payment has an entry of its own, with its id, its time and the balance after it.",
    source="ktx§7",
    needs=PAYING,
    world=WORKED,
)
async def each_payment_counts(s: Session) -> None:
    await _opened_for_funding(s, "buy", margin_method="cross")
    for _ in range(3):
        await c.fund(s)
    paid = [D(row["amount"]) for row in await _payments(s)]
    s.equal(paid, [-PAID] * 3, "every payment of a day")
    balance = D("100000") + sum((D(row["amount"]) for row in await booked(s)), D(0))
    s.amount(await _true_total(s), balance, "the entries add up to the balance")


@case(
    "ktx/streams/500",
    "A payment of funding is told by the stream: the margin that is left, and the balance.",
    requirement="Positions and balances are pushed when funding changes them, though no order is about it.",
    source="ktx§9",
    provenance=PROPOSED,
    needs=(*PAYING, "stream_open", "subscribe", "next_event", "subscribe.positions", "subscribe.balances"),
    world=WORKED,
)
async def funding_is_pushed(s: Session) -> None:
    usual = s.facts.contract
    await _opened_for_funding(s, "buy")
    await c.near_funding(s)
    await listens(s, "positions", "balances")
    await discard(s, "positions", symbol=usual.symbol)
    await c.pay_funding(s)
    position = await pushed_position(s, "the position is told")
    s.amount(position.get("position_margin"), QTY * MARK / 10 - PAID, "the margin that is left")
    s.amount(position["qty"], QTY, "the quantity is as it was")
    balance = (await rows(s, "balances", 1, "the balance is told", currency=usual.quote))[-1]
    s.amount(balance.get("total"), await _true_total(s), "the balance after the payment")
