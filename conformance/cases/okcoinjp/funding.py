"""The funding account of OKCoin Japan."""

from __future__ import annotations

from mockex.conformance.cases.common.funding import move, payment, withdrawal
from mockex.conformance.cases.common.orders import ME
from mockex.conformance.model import Level, case
from mockex.conformance.session import Session


@case(
    "okcoinjp/funding/010",
    "Wallets travel as the venue's numbers: 1 is spot, 6 is funding.",
    requirement="`from` and `to` of a transfer are account numbers.",
    source="okj§7",
    needs=("transfer",),
)
async def wallets_are_numbers(s: Session) -> None:
    await move(s, "funding", "spot", "0.5")
    request = await s.one_request("transfer")
    body = request.json if isinstance(request.json, dict) else {}
    s.equal([str(body.get("from")), str(body.get("to"))], ["6", "1"], "the wallets' numbers", at=request)


@case(
    "okcoinjp/funding/020",
    "Withdrawals by status number: 4 is done, 3 is under review.",
    requirement="1 waits, 2 is sent, 3 is under review, 4 is done, 6 is cancelled, 7 failed, since 2023-11-22.",
    source="okj§7",
    needs=("withdraw", "withdrawals"),
)
async def withdrawal_numbers(s: Session) -> None:
    await s.client("withdraw", **withdrawal(s))
    listed = (await s.venue.call("GET", f"/payments?account={ME}"))["payments"]
    await s.venue.call("POST", f"/payments/{listed[0]['payment_id']}/review")
    row = await payment(s, "withdrawals", currency=s.facts.pair.base)
    s.equal(s.member(row, "status"), "review", "number 3 is a review")
    await s.venue.call("POST", f"/payments/{listed[0]['payment_id']}/advance")
    await s.venue.advance(int(s.facts.numbers["payment_s"]))
    row = await payment(s, "withdrawals", currency=s.facts.pair.base)
    s.equal(s.member(row, "status"), "done", "number 4 is done")


@case(
    "okcoinjp/funding/030",
    "The fee of a listed withdrawal is read although the currency is glued to it.",
    requirement="`fee` in the list of withdrawals is a number with the currency behind it, `0.01000000eth`.",
    source="okj§7",
    needs=("withdraw", "withdrawals"),
)
async def glued_fee(s: Session) -> None:
    await s.client("withdraw", **withdrawal(s))
    row = await payment(s, "withdrawals", currency=s.facts.pair.base)
    s.amount(row.get("fee"), s.facts.numbers["withdrawal_fee_min"], "the fee as a number")


@case(
    "okcoinjp/funding/040",
    "Deposits in yen are listed apart from coins.",
    requirement="Yen come in by a list of their own, with a status of their own.",
    source="okj§7",
    needs=("cash_deposits",),
)
async def yen_deposits(s: Session) -> None:
    await s.venue.call("POST", "/payments", account=ME, asset="JPY", amount="30000", kind="cash")
    rows = (await s.client("cash_deposits"))["payments"]
    s.equal(len(rows), 1, "the deposit is listed")
    s.amount(rows[0]["amount"], "30000", "the amount in yen")
    s.expect(
        s.member(rows[0], "status") in ("pending", "processing"),
        "a deposit on its way is not done",
        expected="pending or processing",
        seen=rows[0]["status"],
    )


@case(
    "okcoinjp/funding/050",
    "A withdrawal of yen is listed, and not done before it is.",
    requirement="Yen go out by a call of their own; their list says how far they are.",
    source="okj§7",
    needs=("cash_withdraw", "cash_withdrawals"),
)
async def yen_withdrawals(s: Session) -> None:
    await s.client("cash_withdraw", amount="20000", password=s.facts.words["funds_password"])
    rows = (await s.client("cash_withdrawals"))["payments"]
    s.equal(len(rows), 1, "the withdrawal is listed")
    s.amount(rows[0]["amount"], "20000", "the amount in yen")
    s.expect(
        s.member(rows[0], "status") in ("pending", "processing"),
        "a withdrawal on its way is not done",
        expected="pending or processing",
        seen=rows[0]["status"],
    )


@case(
    "okcoinjp/funding/060",
    "Currencies with several chains are listed with each of them.",
    requirement="The list of currencies has a row for each chain.",
    source="okj§7",
    level=Level.SHOULD,
    needs=("currencies",),
)
async def chains_of_currencies(s: Session) -> None:
    rows = (await s.client("currencies"))["currencies"]
    chains = [row.get("chain") for row in rows if row["currency"] == "PLT"]
    s.expect(len(set(chains)) >= 2, "PLT has two chains", expected="two chains", seen=chains)


@case(
    "okcoinjp/funding/070",
    "The value of everything is told in yen.",
    requirement="The valuation is in JPY; its balance is a bare number.",
    source="okj§7",
    needs=("valuation",),
)
async def valuation_in_yen(s: Session) -> None:
    told = await s.client("valuation")
    s.equal(told["currency"], "JPY", "the currency of the valuation")
    (answer,) = [s.wire.response_to(each) for each in await s.wire.requests(s.facts.route("valuation"))]
    assert answer is not None
    s.amount(told["amount"], str(answer.json["balance"]), "the amount, to the digit")
