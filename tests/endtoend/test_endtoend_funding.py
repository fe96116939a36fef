"""The funding account through the client: transfers, deposits and withdrawals, while virtual time passes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from endtoend_rig import START, Rig, balance, buy, d, sell
from mockex.clients.okcoinjp import OkcoinClient, OkcoinError, errors
from mockex.clients.okcoinjp.funding_models import (
    AssetValuation,
    DepositAddress,
    FundingLedgerEntry,
    JpyDeposit,
    JpyWithdrawal,
    NewWithdrawal,
    TransferReceipt,
    WithdrawalFee,
)
from mockex.clients.okcoinjp.vocabulary import (
    Account,
    DepositStatus,
    Destination,
    FundingEntryKind,
    JpyDepositStatus,
    JpyWithdrawalStatus,
    WithdrawalReason,
    WithdrawalStatus,
)

VERIFIED = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"  # in everybody's address book: the address of the document's example
FUNDS_PASSWORD = "123456"
WHOLE_START = START.replace(microsecond=0)


def withdrawal(**change: object) -> NewWithdrawal:
    usual = {
        "currency": "BTC", "amount": d("1.5"), "to_address": VERIFIED, "trade_pwd": FUNDS_PASSWORD, "fee": d("0.0005"),
    }  # fmt: skip
    return NewWithdrawal(**{**usual, **change})  # type: ignore[arg-type]  # the changes fit their fields


def brief(entry: FundingLedgerEntry) -> tuple[object, ...]:
    return entry.type, entry.currency, entry.amount, entry.fee, entry.balance


async def status_of(client: OkcoinClient, withdraw_id: str) -> WithdrawalStatus | None:
    (found,) = [row for row in await client.funding.withdrawals() if row.withdraw_id == withdraw_id]
    return found.status


# --- balances and transfers


async def test_wallets_show_the_funding_account(alice: OkcoinClient) -> None:
    assert await alice.funding.wallet() == (balance("BTC", "5"), balance("JPY", "500000"))
    assert await alice.funding.wallet_of("btc") == balance("BTC", "5")
    assert await alice.funding.wallet_of("XRP") == balance("XRP", "0")
    with pytest.raises(errors.UnknownCurrencyError) as unknown:
        await alice.funding.wallet_of("DOGE")
    assert unknown.value.code == 30031


async def test_a_transfer_is_in_both_accounts_at_once(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice, "spot/account:BTC")
    receipt = await alice.funding.transfer(currency="BTC", amount=d("1.5"), source=Account.FUNDING, target=Account.SPOT)
    assert receipt == TransferReceipt(
        transfer_id="754147", currency="BTC", source=Account.FUNDING, target=Account.SPOT, amount=d("1.5")
    )
    assert await alice.funding.wallet_of("BTC") == balance("BTC", "3.5")
    assert await alice.trading.account("BTC") == balance("BTC", "11.5")

    back = await alice.funding.transfer(currency="BTC", amount=d("0.5"), source=Account.SPOT, target=Account.FUNDING)
    assert back.transfer_id == "754148"
    assert [brief(row) for row in (await alice.funding.ledger(currency="BTC")).rows] == [
        ("From spot account", "BTC", d("0.5"), d("0"), d("4")),
        ("To spot account", "BTC", d("-1.5"), d("0"), d("3.5")),
        ("Get from activity", "BTC", d("5"), d("0"), d("5")),
    ]
    into_spot = await alice.funding.ledger(kind=FundingEntryKind.INTO_SPOT)
    assert [brief(row) for row in into_spot.rows] == [("To spot account", "BTC", d("-1.5"), d("0"), d("3.5"))]
    assert [row.amount for row in (await alice.trading.ledger("BTC")).rows] == [d("-0.5"), d("1.5"), d("10")]
    await stream.settled()
    assert stream.pushes("spot/account:BTC") == [balance("BTC", "10"), balance("BTC", "11.5"), balance("BTC", "11")]


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"amount": d("5.00000001")}, errors.InsufficientFundsError, 34008),
        ({"amount": d("0")}, errors.FundingRejectedError, 34010),
        ({"amount": d("-1")}, errors.FundingRejectedError, 34010),
        ({"target": Account.TOTAL}, errors.InvalidRequestError, 30024),
        ({"currency": "DOGE"}, errors.UnknownCurrencyError, 30031),
        ({"currency": ""}, errors.InvalidRequestError, 30023),
    ],
)
async def test_a_refused_transfer_moves_nothing(
    alice: OkcoinClient, change: dict[str, object], error: type[OkcoinError], code: int
) -> None:
    usual: dict[str, object] = {"currency": "BTC", "amount": d("1"), "source": Account.FUNDING, "target": Account.SPOT}
    with pytest.raises(error) as refused:
        await alice.funding.transfer(**{**usual, **change})  # type: ignore[arg-type]  # the changes fit their fields
    assert (refused.value.code, refused.value.http_status) == (code, 400)
    assert await alice.funding.wallet() == (balance("BTC", "5"), balance("JPY", "500000"))
    assert await alice.trading.accounts() == (balance("BTC", "10"), balance("ETH", "100"))


async def test_held_money_cannot_be_transferred(alice: OkcoinClient) -> None:
    await alice.trading.place_order(sell("7000000", "9.5"))
    with pytest.raises(errors.InsufficientFundsError):
        await alice.funding.transfer(currency="BTC", amount=d("0.6"), source=Account.SPOT, target=Account.FUNDING)
    assert await alice.trading.account("BTC") == balance("BTC", "10", "9.5")


async def test_the_valuation_is_in_yen_at_the_last_price(alice: OkcoinClient, bob: OkcoinClient) -> None:
    await alice.trading.place_order(sell("7000000", "0.1"))
    await bob.trading.place_order(buy("7000000", "0.1"))
    # 5 BTC and 500,000 JPY; 9.9 BTC, 700,000 JPY less 0.1 %, and 100 ETH at the listing's 390,000.
    values = {Account.FUNDING: d("35500000"), Account.SPOT: d("108999300"), Account.TOTAL: d("144499300")}
    for account, value in values.items():
        assert await alice.funding.asset_valuation(account) == AssetValuation(
            account_type=account, balance=value, valuation_currency="JPY", timestamp=START
        )


# --- currencies, chains, addresses


async def test_currencies_have_a_row_for_each_chain(alice: OkcoinClient) -> None:
    listed = {(row.currency, row.chain): row for row in await alice.funding.currencies()}
    assert {("PLT", "Palette(pPLT)"), ("PLT", "Ethereum(ePLT)")} <= listed.keys()
    assert listed["PLT", "Palette(pPLT)"].min_withdrawal == d("0.1")
    assert (listed["BTC", "BTC"].can_deposit, listed["BTC", "BTC"].can_withdraw) == (True, True)


async def test_fees_are_those_of_the_document(alice: OkcoinClient) -> None:
    assert await alice.funding.withdrawal_fees("btc") == (
        WithdrawalFee(currency="BTC", chain="BTC", min_fee=d("0.0005"), max_fee=d("0.02")),
    )
    every = await alice.funding.withdrawal_fees()
    assert {row.currency for row in every} == {"BTC", "ETH", "XRP", "LTC", "BCH", "NEO", "PLT"}


async def test_deposit_addresses_belong_to_one_user(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    alices, bobs = await alice.funding.deposit_addresses("BTC"), await bob.funding.deposit_addresses("BTC")
    assert {type(row) for row in alices} == {DepositAddress}
    assert {(row.currency, row.chain, row.tag) for row in (*alices, *bobs)} == {("BTC", "BTC", None)}
    assert len({row.address for row in (*alices, *bobs)}) == len(alices) + len(bobs)
    assert await alice.funding.deposit_addresses("btc") == alices
    (alices_xrp,) = await alice.funding.deposit_addresses("XRP")
    (bobs_xrp,) = await bob.funding.deposit_addresses("XRP")
    assert alices_xrp.address == bobs_xrp.address
    assert alices_xrp.tag not in (None, bobs_xrp.tag)


# --- deposits


async def test_a_deposit_is_credited_at_its_last_step(quiet: Rig, alice: OkcoinClient) -> None:
    quiet.venue.start_deposit("alice", "BTC", "0.75")
    address = (await alice.funding.deposit_addresses("BTC"))[0].address
    statuses = []
    for _ in range(3):
        (row,) = await alice.funding.deposits("BTC")
        statuses.append((row.status, (await alice.funding.wallet_of("BTC")).balance))
        quiet.advance(seconds=1)
    assert statuses == [
        (DepositStatus.AWAITING_CONFIRMATION, d("5")),
        (DepositStatus.CREDITING, d("5")),
        (DepositStatus.DONE, d("5.75")),
    ]
    assert (row.deposit_id, row.amount, row.recipient, row.chain) == ("67485", d("0.75"), address, "BTC")
    assert row.txid is not None
    assert len(row.txid) == 64
    (entry,) = (await alice.funding.ledger(kind=FundingEntryKind.DEPOSIT)).rows
    assert brief(entry) == ("Deposit", "BTC", d("0.75"), d("0"), d("5.75"))
    assert entry.timestamp == WHOLE_START + timedelta(seconds=2)
    assert await alice.funding.deposits("ETH") == ()


async def test_a_failed_deposit_is_never_credited(quiet: Rig, alice: OkcoinClient) -> None:
    started = quiet.venue.start_deposit("alice", "BTC", "0.75", needs_review=True)
    quiet.advance(seconds=2)
    assert [row.status for row in await alice.funding.deposits()] == [DepositStatus.UNDER_REVIEW]
    quiet.venue.step_payment(started["payment_id"], "fail")
    quiet.advance(seconds=60)
    assert [row.status for row in await alice.funding.deposits()] == [DepositStatus.FAILED]
    assert await alice.funding.wallet_of("BTC") == balance("BTC", "5")


async def test_a_yen_deposit_has_a_history_of_its_own(quiet: Rig, alice: OkcoinClient) -> None:
    quiet.venue.start_deposit("alice", "JPY", "30000", kind="cash")
    statuses = []
    for _ in range(3):
        (row,) = await alice.funding.jpy_deposits()
        statuses.append(row.status)
        quiet.advance(seconds=1)
    assert statuses == [JpyDepositStatus.ACCEPTED, JpyDepositStatus.CONFIRMING, JpyDepositStatus.DONE]
    assert row == JpyDeposit(amount=d("30000"), status=JpyDepositStatus.DONE, status_code="4", timestamp=START)
    assert await alice.funding.wallet_of("JPY") == balance("JPY", "530000")
    assert await alice.funding.deposits() == ()


# --- withdrawals


async def test_a_withdrawal_holds_its_money_until_it_is_done(quiet: Rig, alice: OkcoinClient) -> None:
    receipt = await alice.funding.withdraw(withdrawal())
    assert (receipt.withdraw_id, receipt.currency, receipt.chain, receipt.amount) == ("67485", "BTC", "BTC", d("1.5"))
    steps = []
    for _ in range(3):
        (row,) = await alice.funding.withdrawals("BTC")
        steps.append((row.status, row.txid is not None, await alice.funding.wallet_of("BTC")))
        quiet.advance(seconds=1)
    assert steps == [
        (WithdrawalStatus.WAITING, False, balance("BTC", "5", "1.5005")),
        (WithdrawalStatus.WITHDRAWING, True, balance("BTC", "5", "1.5005")),
        (WithdrawalStatus.DONE, True, balance("BTC", "3.4995")),
    ]
    assert (row.amount, row.fee, row.fee_currency, row.recipient, row.tag) == (d("1.5"), d("0.0005"), "BTC", VERIFIED, None)
    assert row.timestamp == WHOLE_START
    (entry,) = (await alice.funding.ledger(kind=FundingEntryKind.WITHDRAWAL)).rows
    assert brief(entry) == ("Withdrawal", "BTC", d("-1.5"), d("0.0005"), d("3.4995"))


async def test_what_takes_longer_to_check_is_reviewed_first(quiet: Rig, alice: OkcoinClient) -> None:
    receipt = await alice.funding.withdraw(withdrawal(confirms_usage=True, reason=WithdrawalReason.OTHER))
    statuses = []
    for _ in range(4):
        statuses.append(await status_of(alice, receipt.withdraw_id))
        quiet.advance(seconds=1)
    assert statuses == [
        WithdrawalStatus.WAITING, WithdrawalStatus.UNDER_REVIEW, WithdrawalStatus.WITHDRAWING, WithdrawalStatus.DONE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "between", "at_last"),
    [
        ("cancel", WithdrawalStatus.CANCELLING, WithdrawalStatus.CANCELLED),
        ("fail", WithdrawalStatus.FAILED, WithdrawalStatus.REFUNDED),
    ],
)
async def test_a_withdrawal_that_comes_to_nothing_gives_its_money_back(
    quiet: Rig, alice: OkcoinClient, step: str, between: WithdrawalStatus, at_last: WithdrawalStatus
) -> None:
    receipt = await alice.funding.withdraw(withdrawal())
    quiet.venue.step_payment(receipt.withdraw_id, step)
    assert await status_of(alice, receipt.withdraw_id) is between
    assert await alice.funding.wallet_of("BTC") == balance("BTC", "5", "1.5005")
    quiet.advance(seconds=1)
    assert await status_of(alice, receipt.withdraw_id) is at_last
    assert await alice.funding.wallet_of("BTC") == balance("BTC", "5")
    assert len((await alice.funding.ledger(kind=FundingEntryKind.WITHDRAWAL_CANCELLED)).rows) == 1
    quiet.advance(seconds=60)
    assert await status_of(alice, receipt.withdraw_id) is at_last


async def test_a_withdrawal_to_another_user_is_his_deposit(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    email = quiet.simulation().desk.people["bob"].email
    receipt = await alice.funding.withdraw(
        withdrawal(to_address=email, destination=Destination.VENUE_USER, fee=d("0"), amount=d("2"))
    )
    assert await status_of(alice, receipt.withdraw_id) is WithdrawalStatus.WAITING
    assert await bob.funding.deposits() == ()
    quiet.advance(seconds=1)

    (sent,) = await alice.funding.withdrawals()
    assert (sent.status, sent.amount, sent.fee, sent.recipient, sent.txid) == (
        WithdrawalStatus.DONE, d("2"), d("0"), email, None,
    )  # fmt: skip
    (received,) = await bob.funding.deposits("BTC")
    assert (received.status, received.amount, received.recipient) == (DepositStatus.DONE, d("2"), None)
    assert await alice.funding.wallet_of("BTC") == balance("BTC", "3")
    assert await bob.funding.wallet_of("BTC") == balance("BTC", "2")
    assert [brief(row) for row in (await bob.funding.ledger(currency="BTC")).rows] == [
        ("Deposit", "BTC", d("2"), d("0"), d("2"))
    ]


async def test_a_withdrawal_with_a_tag_goes_to_address_and_tag(quiet: Rig, bob: OkcoinClient) -> None:
    book = quiet.simulation().desk.state.customer("bob").address_book
    (entry,) = [each for each in book if each.chain.asset == "XRP"]
    await bob.funding.withdraw(
        withdrawal(currency="xrp", amount=d("100"), fee=d("0.1"), to_address=f"{entry.address}:{entry.tag}", chain="XRP")
    )
    (row,) = await bob.funding.withdrawals("XRP")
    assert (row.recipient, row.tag, row.currency, row.chain) == (entry.address, entry.tag, "XRP", "XRP")
    assert await bob.funding.wallet_of("XRP") == balance("XRP", "2000", "100.1")


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"trade_pwd": "wrong"}, errors.AuthenticationError, 34018),
        ({"to_address": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}, errors.AddressError, 34021),
        ({"to_address": "nonsense"}, errors.AddressError, 34003),
        ({"fee": d("0.0004")}, errors.FundingRejectedError, 34004),
        ({"fee": d("0.03")}, errors.FundingRejectedError, 34005),
        ({"fee": d("0.00055")}, errors.FundingRejectedError, 34063),
        ({"amount": d("0.0009")}, errors.FundingRejectedError, 34006),
        ({"amount": d("101")}, errors.FundingRejectedError, 34007),
        ({"amount": d("5")}, errors.InsufficientFundsError, 34008),
        ({"chain": "Ethereum(ePLT)"}, errors.InvalidRequestError, 30024),
        (
            {"destination": Destination.VENUE_USER, "to_address": "nobody@example.com", "fee": d("0")},
            errors.AddressError,
            34021,
        ),
    ],
)
async def test_a_refused_withdrawal_holds_nothing(
    alice: OkcoinClient, change: dict[str, object], error: type[OkcoinError], code: int
) -> None:
    with pytest.raises(error) as refused:
        await alice.funding.withdraw(withdrawal(**change))
    assert refused.value.code == code
    assert await alice.funding.wallet_of("BTC") == balance("BTC", "5")
    assert await alice.funding.withdrawals() == ()


async def test_yen_go_to_the_bank_with_their_fee_on_top(quiet: Rig, alice: OkcoinClient) -> None:
    receipt = await alice.funding.withdraw_jpy(amount=d("100000"), trade_pwd=FUNDS_PASSWORD, bank_card_id="7")
    assert (receipt.withdraw_id, receipt.amount) == ("67485", d("100000"))
    statuses = []
    for _ in range(3):
        (row,) = await alice.funding.jpy_withdrawals()
        statuses.append((row.status, await alice.funding.wallet_of("JPY")))
        quiet.advance(seconds=1)
    assert statuses == [
        (JpyWithdrawalStatus.PENDING, balance("JPY", "500000", "100400")),
        (JpyWithdrawalStatus.WITHDRAWING, balance("JPY", "500000", "100400")),
        (JpyWithdrawalStatus.DONE, balance("JPY", "399600")),
    ]
    assert row == JpyWithdrawal(
        amount=d("100000"), fee=d("400"), status=JpyWithdrawalStatus.DONE, status_code="4", timestamp=START
    )
    assert await alice.funding.withdrawals() == ()


async def test_switches_and_flags_of_the_operator_reach_the_client(quiet: Rig, alice: OkcoinClient) -> None:
    quiet.venue.set_flag("withdrawals_frozen", account="alice")
    with pytest.raises(errors.PermissionDeniedError) as refused:
        await alice.funding.withdraw(withdrawal())
    assert refused.value.code == 34001
    quiet.venue.set_flag("cash_withdrawals_off")
    with pytest.raises(OkcoinError) as refused:
        await alice.funding.withdraw_jpy(amount=d("10000"), trade_pwd=FUNDS_PASSWORD)
    assert refused.value.code == 34061
    quiet.venue.freeze("alice", wallet="funding")
    with pytest.raises(errors.AccountSuspendedError) as refused:
        await alice.funding.transfer(currency="BTC", amount=d("1"), source=Account.FUNDING, target=Account.SPOT)
    assert refused.value.code == 34016
    assert await alice.funding.wallet() == (balance("BTC", "5"), balance("JPY", "500000"))
