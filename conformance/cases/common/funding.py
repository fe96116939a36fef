"""Funding: transfers between wallets, deposits and withdrawals."""

from __future__ import annotations

from decimal import Decimal

from mockex.conformance.cases.common.orders import ME
from mockex.conformance.model import case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

COIN, PASSWORD = "coin", "funds_password"
OTHER_WALLET, FIXED_FEES, FREEING = "other_wallet", "fixed_fees", "freeing_addresses"
NOTHING = {"total": "0", "available": "0", "held": "0"}


def other_wallet(s: Session) -> str:
    """The wallet that does not trade, in the protocol's words. The simulator calls it "funding" at every venue."""
    return s.facts.words.get(OTHER_WALLET, "funding")


async def held_at(s: Session, wallet: str, currency: str) -> Decimal:
    """What the venue has in its books."""
    wallets = (await s.venue.account(ME))["balances"]
    return Decimal(wallets.get(wallet, {}).get(currency, NOTHING)["total"])


async def funded(s: Session) -> None:
    """The wallet that does not trade has something."""
    await s.venue.deposit(ME, s.facts.pair.base, "5", wallet="funding")


async def move(s: Session, source: str, target: str, amount: str) -> None:
    await s.client("transfer", currency=s.facts.pair.base, amount=amount, source=source, target=target)


async def payment(s: Session, operation: str, **narrowed: Json) -> Json:
    """The newest deposit or withdrawal, as the client tells it."""
    rows = (await s.client(operation, **narrowed))["payments"]
    s.expect(rows, "the payment is listed", expected="one", seen="none")
    return rows[0]


@case(
    "common/funding/010",
    "A transfer goes from the wallet named to the wallet named.",
    requirement="A transfer names both wallets; the other way round is another transfer.",
    needs=("transfer",),
)
async def transfer_has_a_direction(s: Session) -> None:
    base = s.facts.pair.base
    await funded(s)
    funding, spot = await held_at(s, "funding", base), await held_at(s, "spot", base)
    await move(s, other_wallet(s), "spot", "1.5")
    s.amount(f"{await held_at(s, 'spot', base):f}", spot + Decimal("1.5"), "it arrives in the wallet that trades")
    s.amount(f"{await held_at(s, 'funding', base):f}", funding - Decimal("1.5"), "it leaves the funding wallet")
    await s.venue.advance(Decimal(s.facts.numbers["transfer_pause_s"]))
    await move(s, "spot", other_wallet(s), "0.5")
    s.amount(f"{await held_at(s, 'spot', base):f}", spot + Decimal("1"), "and the way back is the other way")


@case(
    "common/funding/020",
    "A transfer moves the amount asked for, to the last digit, and once.",
    requirement="A transfer is executed at once for the amount named.",
    needs=("transfer",),
)
async def transfer_is_exact(s: Session) -> None:
    base = s.facts.pair.base
    await funded(s)
    before = await held_at(s, "spot", base)
    await move(s, other_wallet(s), "spot", "0.12345678")
    s.amount(f"{await held_at(s, 'spot', base) - before:f}", "0.12345678", "the amount moved")
    await s.one_request("transfer")


@case(
    "common/funding/030",
    "The funding wallet's balances are told as the venue has them.",
    requirement="The funding wallet has balances of its own.",
    needs=("wallet",),
)
async def wallet_is_true(s: Session) -> None:
    await s.venue.deposit(ME, s.facts.pair.base, "0.00000321", wallet="funding")
    rows = {row["currency"]: row for row in (await s.client("wallet"))["balances"]}
    base = s.facts.pair.base
    s.expect(base in rows, "the currency is listed", expected=base, seen=sorted(rows))
    s.amount(rows[base].get("total"), await held_at(s, "funding", base), "the funding wallet's balance")


@case(
    "common/funding/040",
    "A deposit is shown as it arrives: first pending, then done.",
    requirement="A deposit waits for confirmations before it can be used; its status says so.",
    needs=("deposits",),
)
async def deposit_arrives_in_steps(s: Session) -> None:
    base = s.facts.pair.base
    started = await s.venue.call("POST", "/payments", account=ME, asset=base, amount="0.25", kind="coin")
    row = await payment(s, "deposits", currency=base)
    s.amount(row["amount"], "0.25", "the deposit's amount")
    s.expect(
        s.member(row, "status") in ("pending", "processing"),
        "a deposit that is on its way is not done",
        expected="pending or processing",
        seen=row["status"],
    )
    await s.venue.advance(Decimal(s.facts.numbers["payment_s"]))
    row = await payment(s, "deposits", currency=base)
    s.equal(s.member(row, "status"), "done", f"deposit {started['payment_id']} has arrived")


@case(
    "common/funding/050",
    "A deposit that failed is not shown as done.",
    requirement="A deposit may fail; its status says so.",
    needs=("deposits",),
)
async def failed_deposit(s: Session) -> None:
    base = s.facts.pair.base
    started = await s.venue.call("POST", "/payments", account=ME, asset=base, amount="0.25", kind="coin")
    await s.venue.call("POST", f"/payments/{started['payment_id']}/fail")
    row = await payment(s, "deposits", currency=base)
    s.equal(s.member(row, "status"), "failed", "the deposit failed")


@case(
    "common/funding/060",
    "Deposit addresses are told with their own chain.",
    requirement="Coins sent on another chain than the address's are lost.",
    needs=("deposit_addresses",),
)
async def addresses_have_chains(s: Session) -> None:
    rows = (await s.client("deposit_addresses", currency=s.facts.words[COIN]))["addresses"]
    s.expect(rows, "the currency has an address", expected="an address", seen=rows)
    for row in rows:
        s.expect(row["address"].strip(), "an address is not blank", expected="an address", seen=row)
        s.equal(s.told(row.get("chain"), "the chain of an address"), s.facts.words["chain"], "the chain of the address")


@case(
    "common/funding/070",
    "The bounds of withdrawal fees are told for each currency.",
    requirement="A withdrawal's fee lies within the bounds of its currency.",
    needs=("withdrawal_fees",),
)
async def fee_bounds(s: Session) -> None:
    coin = s.facts.words[COIN]
    rows = [row for row in (await s.client("withdrawal_fees"))["fees"] if row["currency"] == coin]
    s.expect(rows, "the currency has bounds", expected=coin, seen=rows)
    s.amount(rows[0]["minimum"], s.facts.numbers["withdrawal_fee_min"], "the smallest fee")
    s.amount(rows[0].get("maximum"), s.facts.numbers["withdrawal_fee_max"], "the largest fee")


@case(
    "common/funding/080",
    "A withdrawal asks for the amount, the fee and the address that were given.",
    requirement="A withdrawal names currency, amount, fee and address.",
    needs=("withdraw",),
)
async def withdrawal_is_as_asked(s: Session) -> None:
    await free_address(s)
    receipt = await s.client("withdraw", **withdrawal(s))
    listed = (await s.venue.call("GET", f"/payments?account={ME}"))["payments"]
    s.equal(len(listed), 1, "one withdrawal stands at the venue")
    s.amount(listed[0]["amount"], "0.3", "the amount asked for")
    s.amount(listed[0]["fee"], s.facts.numbers["withdrawal_fee_min"], "the fee given")
    s.equal(listed[0]["address"], s.facts.words["address"], "the address given")
    s.equal(s.member(receipt, "withdrawal_id"), listed[0]["payment_id"], "the receipt names the withdrawal")


async def free_address(s: Session) -> None:
    """Withdrawals may go to the usual address, where an account has to be told so first."""
    if FREEING in s.facts.words:
        about = {"currency": s.facts.words[COIN], "address": s.facts.words["address"]}
        await s.venue.call("POST", f"/accounts/{ME}/actions/{s.facts.words[FREEING]}", arguments=about)


def withdrawal(s: Session) -> dict[str, Json]:
    """A withdrawal that the venue accepts."""
    given = {"password": s.facts.words[PASSWORD]} if PASSWORD in s.facts.words else {}
    if FIXED_FEES not in s.facts.words:  # or else the venue knows the fee by itself
        given["fee"] = format(s.facts.numbers["withdrawal_fee_min"], "f")
    return {
        "currency": s.facts.words[COIN],
        "amount": "0.3",
        "address": s.facts.words["address"],
        **given,
    }


@case(
    "common/funding/090",
    "A withdrawal is not shown as done before it is.",
    requirement="A withdrawal is checked and sent before it is done; its status says how far it is.",
    needs=("withdraw", "withdrawals"),
)
async def withdrawal_is_done_late(s: Session) -> None:
    await free_address(s)
    await s.client("withdraw", **withdrawal(s))
    row = await payment(s, "withdrawals", currency=s.facts.words[COIN])
    s.expect(
        s.member(row, "status") in ("pending", "processing", "review"),
        "a withdrawal that was just asked for is not done",
        expected="pending, processing or review",
        seen=row["status"],
    )
    await s.venue.advance(Decimal(s.facts.numbers["payment_s"]))
    row = await payment(s, "withdrawals", currency=s.facts.words[COIN])
    s.equal(s.member(row, "status"), "done", "the withdrawal is done")
    s.amount(row["amount"], "0.3", "with its amount")


@case(
    "common/funding/100",
    "A withdrawal that is refused is told as an error.",
    requirement="The venue refuses withdrawals with the wrong password; where none is asked for, of more than there is.",
    needs=("withdraw",),
)
async def refused_withdrawal(s: Session) -> None:
    await free_address(s)
    mistake = {"password": "not the password"} if PASSWORD in s.facts.words else {"amount": "900000000"}
    wrong = {**withdrawal(s), **mistake}
    await s.client.refused("withdraw", "a refused withdrawal is an error", **wrong)
    s.equal((await s.venue.call("GET", f"/payments?account={ME}"))["payments"], [], "nothing is withdrawn")


@case(
    "common/funding/110",
    "The funding wallet's ledger shows transfers with their sign.",
    requirement="What leaves the wallet is negative in its ledger.",
    needs=("transfer", "wallet_ledger"),
)
async def wallet_ledger_signs(s: Session) -> None:
    await funded(s)
    await move(s, other_wallet(s), "spot", "1.25")
    entries = (await s.client("wallet_ledger", currency=s.facts.pair.base))["entries"]
    s.expect(entries, "the transfer has an entry", expected="an entry", seen=entries)
    s.amount(entries[0]["amount"], "-1.25", "the newest entry takes the amount away")


@case(
    "common/funding/120",
    "A transfer of more than there is is told as an error, and moves nothing.",
    requirement="The venue refuses to transfer what is not there.",
    needs=("transfer",),
)
async def transfer_of_too_much(s: Session) -> None:
    base = s.facts.pair.base
    before = await held_at(s, "spot", base)
    too_much = {"currency": base, "amount": "900000000", "source": other_wallet(s), "target": "spot"}
    await s.client.refused("transfer", "a refused transfer is an error", **too_much)
    s.amount(f"{await held_at(s, 'spot', base):f}", before, "nothing moves")
