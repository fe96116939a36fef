"""Coinstore's funding: numbers for states, local times, several chains for a coin, fees that the venue sets (cs§7.14)."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.support import ME
from mockex.conformance.model import Provenance, case
from mockex.conformance.session import Session

COIN = "ETH"


@case(
    "coinstore/funding/010",
    "The newest deposit is told first, though the venue lists it last.",
    requirement="Records stand from the oldest to the newest.",
    source="cs§7.14",
    provenance=Provenance.PROPOSED,
    needs=("deposits",),
)
async def newest_first(s: Session) -> None:
    for amount in ("0.25", "0.5", "0.75"):
        await s.venue.call("POST", "/payments", account=ME, asset=COIN, amount=amount, kind="coin")
        await s.venue.advance(2)
    rows = (await s.client("deposits", currency=COIN))["payments"]
    s.equal([Decimal(row["amount"]) for row in rows], [Decimal(text) for text in ("0.75", "0.5", "0.25")], "the newest first")


@case(
    "coinstore/funding/020",
    "The time of a deposit is that of UTC+8 in words.",
    requirement="`createdAt` is a text without a zone; it is that of UTC+8.",
    source="cs§5",
    provenance=Provenance.PROPOSED,
    needs=("deposits",),
)
async def local_time(s: Session) -> None:
    at_ms = await s.venue.now_ms()
    await s.venue.call("POST", "/payments", account=ME, asset=COIN, amount="0.25", kind="coin")
    (row,) = (await s.client("deposits", currency=COIN))["payments"]
    s.equal(s.member(row, "time_ms") // 1_000, at_ms // 1_000, "the second of the deposit")


@case(
    "coinstore/funding/030",
    "State 1 of a deposit is done, state 1 of a withdrawal is not.",
    requirement="Deposits and withdrawals have two tables of states: 1 is done for the one, approved for the other, which is "
    "done with 5.",
    source="cs§7.14",
    needs=("deposits", "withdrawals", "withdraw"),
)
async def two_tables_of_states(s: Session) -> None:
    address = s.facts.words["address"]
    arguments = {"currency": COIN, "address": address}
    await s.venue.call("POST", f"/accounts/{ME}/actions/add_address", arguments=arguments)
    await s.venue.call("POST", "/payments", account=ME, asset=COIN, amount="0.25", kind="coin")
    await s.client("withdraw", currency=COIN, amount="0.3", address=address)
    seen = [(await s.client(each, currency=COIN))["payments"][0]["status"] for each in ("deposits", "withdrawals")]
    s.expect("done" not in seen, "neither is done at once", expected="pending", seen=seen)
    await s.venue.advance(Decimal(s.facts.numbers["payment_s"]))
    seen = [(await s.client(each, currency=COIN))["payments"][0]["status"] for each in ("deposits", "withdrawals")]
    s.equal(seen, ["done", "done"], "both are done in the end")


@case(
    "coinstore/funding/040",
    "A withdrawal goes out on the chain that was named.",
    requirement="A coin has several chains; `chainType` is the protocol of one of them, and what is sent on another is lost.",
    source="cs§7.14",
    needs=("withdraw",),
)
async def chain_is_the_one_named(s: Session) -> None:
    for chain, address, name in (("trc20", "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE", "TRX"), ("erc20", "0x" + "a1" * 20, "ETH")):
        arguments = {"currency": "USDT", "chain": name, "address": address}
        await s.venue.call("POST", f"/accounts/{ME}/actions/add_address", arguments=arguments)
        await s.client("withdraw", currency="USDT", amount="50", address=address, chain=chain)
        (newest, *_) = (await s.venue.call("GET", f"/payments?account={ME}"))["payments"]
        s.equal([newest["chain"], newest["address"]], [name, address], f"the withdrawal on {chain} goes out on {name}")


@case(
    "coinstore/funding/050",
    "Bounds of fees are told for each chain of a coin.",
    requirement="`withdrawFee` is that of a chain; where `withdrawFeePlatform` takes a share of the amount there is no "
    "largest fee.",
    source="cs§7.2",
    needs=("withdrawal_fees",),
)
async def fees_of_chains(s: Session) -> None:
    rows = (await s.client("withdrawal_fees", currency="USDT"))["fees"]
    seen = {str(row.get("chain")).lower(): Decimal(row["minimum"]) for row in rows}
    s.equal(sorted(seen.values()), [Decimal(1), Decimal(3)], "each chain has its own fee")
    (row,) = (await s.client("withdrawal_fees", currency="TRX"))["fees"]
    s.equal(row.get("maximum"), None, "a fee that grows with the amount has no maximum")
