"""HTX's deposits, withdrawals and transfers: chains by name, fees of chains, states of two lists (htx§3.1, htx§3.5)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.conformance.cases.common.funding import held_at, payment, withdrawal
from mockex.conformance.cases.support import ME, told_as
from mockex.conformance.model import Level, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

TRON, ETHEREUM = "trc20usdt", "usdterc20"  # htx§3.1

FOREIGN = "0x52908400098527886e0f7030069857d2e4169ee7"
"""An address that nobody has listed."""

FUNDED = WorldWish(balances={ME: {"BTC": "5", "ETH": "50", "USDT": "100000"}})


async def listed_address(s: Session, chain: str) -> str:
    """Where the account may withdraw to on that chain."""
    shown = await s.venue.call("POST", f"/accounts/{ME}/actions/show_addresses")
    address: str = next(row["address"] for row in shown["address_book"] if row["chain"] == chain)
    return address


def changed(s: Session, **fields: Json) -> Mapping[str, Json]:
    """The usual withdrawal with something else about it."""
    return {**withdrawal(s), **fields}


@case(
    "htx/funding/010",
    "A withdrawal goes over the chain that was named.",
    requirement="usdt has several chains; one that is not named is chosen by the venue, with another fee and another address.",
    source="htx§3.5",
    needs=("withdraw",),
    world=FUNDED,
)
async def chain_is_sent(s: Session) -> None:
    for chain, fee in ((TRON, "1"), (ETHEREUM, "4")):
        address = await listed_address(s, chain)
        await s.client("withdraw", currency="USDT", amount="100", address=address, chain=chain, fee=fee)
        made = (await s.venue.call("GET", f"/payments?account={ME}"))["payments"]
        s.equal(made[0]["chain"], chain, "the withdrawal goes over the chain that was named")
        s.amount(made[0]["fee"], fee, "with the chain's fee")


@case(
    "htx/funding/020",
    "A deposit address is told for each chain of its currency.",
    requirement="A currency has an address on each of its chains; what is sent to one over another chain is lost.",
    source="htx§3.5",
    needs=("deposit_addresses",),
)
async def addresses_by_chain(s: Session) -> None:
    rows = (await s.client("deposit_addresses", currency="USDT"))["addresses"]
    told = {row.get("chain"): row["address"] for row in rows}
    s.told(next(iter(set(told) - {None}), None), "the chain of an address")
    shown = await s.venue.call("POST", f"/accounts/{ME}/actions/show_addresses")
    truth = {row["chain"]: row["address"] for row in shown["deposit_addresses"] if row["currency"] == "USDT"}
    s.equal(told, truth, "each chain has its own address")


@case(
    "htx/funding/030",
    "Fees of withdrawals are told for each chain.",
    requirement="A chain's fee is fixed, or lies between two bounds; chains of one currency differ.",
    source="htx§3.1",
    needs=("withdrawal_fees",),
)
async def fees_by_chain(s: Session) -> None:
    rows = [row for row in (await s.client("withdrawal_fees", currency="USDT"))["fees"] if row["currency"].lower() == "usdt"]
    fees = {row.get("chain"): row for row in rows}
    s.told(next(iter(set(fees) - {None}), None), "the chain of a fee")
    s.expect({TRON, ETHEREUM} <= set(fees), "both chains are told", expected=[TRON, ETHEREUM], seen=sorted(map(str, fees)))
    s.amount(fees[TRON]["minimum"], "1", "the least fee of the one")
    s.amount(fees[TRON].get("maximum"), "10", "its largest")
    s.amount(fees[ETHEREUM]["minimum"], "4", "the fixed fee of the other")


@case(
    "htx/funding/040",
    "A withdrawal to an address that is not listed is told as such, and pays nothing.",
    requirement="Only addresses that were listed on the venue's site can be withdrawn to: else api-not-support-temp-addr.",
    source="htx§3.5",
    needs=("withdraw",),
)
async def unlisted_address(s: Session) -> None:
    refusal = await s.client.refused("withdraw", "an address that is not listed is an error", **changed(s, address=FOREIGN))
    kinds, codes = ("bad_request", "permission", "invalid_order", "refused_by_client"), ("api-not-support-temp-addr",)
    await told_as(s, refusal, "it is told as such", kinds=kinds, codes=codes)
    s.equal((await s.venue.call("GET", f"/payments?account={ME}"))["payments"], [], "nothing is withdrawn")


@case(
    "htx/funding/050",
    "A withdrawal of more than there is, fee included, is told as a lack of money.",
    requirement="The fee comes on top of the amount; dw-insufficient-balance says that both are not there.",
    source="htx§3.5",
    needs=("withdraw",),
    world=WorldWish(balances={ME: {"ETH": "0.5"}}),
)
async def lack_of_money(s: Session) -> None:
    refusal = await s.client.refused("withdraw", "a lack of money is an error", **changed(s, amount="0.5"))
    await told_as(s, refusal, "it is told as such", kinds=("insufficient_funds",), codes=("dw-insufficient-balance",))


@case(
    "htx/funding/060",
    "A chain that the currency does not have is told as a mistake.",
    requirement="base-currency-chain-error says that currency and chain do not fit.",
    source="htx§3.5",
    needs=("withdraw",),
)
async def chain_of_another_currency(s: Session) -> None:
    refusal = await s.client.refused("withdraw", "another currency's chain is an error", **changed(s, chain=TRON))
    kinds, codes = ("bad_request", "bad_symbol", "invalid_order", "refused_by_client"), ("base-currency-chain-error",)
    await told_as(s, refusal, "it is told as such", kinds=kinds, codes=codes)


@case(
    "htx/funding/070",
    "Deposits and withdrawals are told apart.",
    requirement="Both are asked for at one path; `type` says which, and is mandatory.",
    source="htx§3.5",
    needs=("withdraw", "deposits", "withdrawals"),
)
async def two_types_of_payments(s: Session) -> None:
    await s.venue.call("POST", "/payments", account=ME, asset="ETH", amount="0.25", kind="coin")
    await s.client("withdraw", **withdrawal(s))
    for operation, amount in (("deposits", "0.25"), ("withdrawals", "0.3")):
        row = s.single((await s.client(operation, currency="ETH"))["payments"], f"there is one of {operation}")
        s.amount(row["amount"], amount, f"it is the one of {operation}")


@case(
    "htx/funding/080",
    "A deposit that is confirmed is told as done, one that waits for its chain is not.",
    requirement="States of deposits are unknown, confirming, confirmed, safe and orphan; confirmed is credited already.",
    source="htx§3.5",
    needs=("deposits",),
)
async def states_of_deposits(s: Session) -> None:
    started = await s.venue.call("POST", "/payments", account=ME, asset="ETH", amount="0.25", kind="coin")
    status = s.member(await payment(s, "deposits", currency="ETH"), "status")
    on_its_way = status in ("pending", "processing")
    s.expect(on_its_way, "a deposit that is confirming is on its way", expected="pending or processing", seen=status)
    await s.venue.advance(s.facts.numbers["payment_s"])
    row = await payment(s, "deposits", currency="ETH")
    s.equal(s.member(row, "status"), "done", f"deposit {started['payment_id']}, which is safe, is done")
    s.amount(row["amount"], "0.25", "with its amount")


@case(
    "htx/funding/090",
    "A payment's amount and fee keep their decimals, though they are JSON numbers.",
    requirement="`amount` and `fee` of payments are numbers where all other amounts of an account are texts.",
    source="htx§3.5",
    needs=("deposits",),
)
async def amounts_are_numbers(s: Session) -> None:
    amount = "1234567.123456789012345678"
    await s.venue.call("POST", "/payments", account=ME, asset="ETH", amount=amount, kind="coin")
    s.amount((await payment(s, "deposits", currency="ETH"))["amount"], amount, "the amount, to the last digit")


@case(
    "htx/funding/100",
    "Currencies are written in lower case where the venue wants them so.",
    requirement="Names of currencies and accounts are lower case: usdt, spot, otc.",
    source="htx§3.3",
    level=Level.SHOULD,
    needs=("transfer",),
    world=FUNDED,
)
async def names_in_lower_case(s: Session) -> None:
    before = await held_at(s, "spot", "USDT")
    await s.client("transfer", currency="USDT", amount="7", source="spot", target="funding")
    s.amount(f"{before - await held_at(s, 'spot', 'USDT'):f}", "7", "the amount is moved")
    sent = await s.one_request("transfer")
    s.equal(str(sent.json.get("currency")), "usdt", "the currency's name", at=sent)
