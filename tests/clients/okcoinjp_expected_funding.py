"""Cases of the funding endpoints; see `okcoinjp_expected`."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp import Cursor
from mockex.clients.okcoinjp import funding_models as f
from mockex.clients.okcoinjp.vocabulary import (
    Account,
    DepositStatus,
    FundingEntryKind,
    JpyDepositStatus,
    JpyWithdrawalStatus,
    WithdrawalReason,
    WithdrawalStatus,
)
from okcoinjp_expected import PAGE_HEADERS, Case, at, balance, page


def fee(currency: str, low: str, high: str) -> f.WithdrawalFee:
    return f.WithdrawalFee(currency=currency, chain=currency, min_fee=Decimal(low), max_fee=Decimal(high))


FUNDING_CASES = [
    Case(
        fixture="rest/wallet",
        call=lambda client: client.funding.wallet(),
        target="/api/account/v3/wallet",
        expected=(balance("ETH", "37.11827078"), balance("BTC", "0")),
    ),
    Case(
        fixture="rest/wallet_currency",  # the example row does not name its currency
        call=lambda client: client.funding.wallet_of("xmr"),
        target="/api/account/v3/wallet/xmr",
        expected=balance("XMR", "300.00000000"),
    ),
    Case(
        fixture="rest/currencies",
        call=lambda client: client.funding.currencies(),
        target="/api/account/v3/currencies",
        expected=tuple(
            f.Currency(
                currency="PLT", chain=chain, name=None, can_deposit=True, can_withdraw=True, min_withdrawal=Decimal("0.1")
            )
            for chain in ("Palette(pPLT)", "Ethereum(ePLT)")
        ),
    ),
    Case(
        fixture="rest/asset_valuation",  # the example balance is an unquoted number
        call=lambda client: client.funding.asset_valuation(Account.SPOT),
        target="/api/account/v3/asset-valuation?account_type=1",
        expected=f.AssetValuation(
            account_type=Account.TOTAL,
            balance=Decimal("0.00878181"),
            valuation_currency="JPY",
            timestamp=at("2019-12-09 10:28:23.002"),
        ),
    ),
    Case(
        fixture="rest/transfer",
        call=lambda client: client.funding.transfer(
            currency="ltc", amount=Decimal("0.1"), source=Account.FUNDING, target=Account.SPOT
        ),
        method="POST",
        target="/api/account/v3/transfer",
        body=b'{"currency":"ltc","amount":"0.1","from":"6","to":"1"}',
        expected=f.TransferReceipt(
            transfer_id="754147", currency="LTC", source=Account.FUNDING, target=Account.SPOT, amount=Decimal("0.1")
        ),
    ),
    Case(
        fixture="rest/account_ledger",
        call=lambda client: client.funding.ledger(
            currency="btc", kind=FundingEntryKind.WITHDRAWAL, cursor=Cursor(after="9260348", limit=10)
        ),
        target="/api/account/v3/ledger?type=2&currency=btc&after=9260348&limit=10",
        headers=PAGE_HEADERS,
        expected=page(
            f.FundingLedgerEntry(
                ledger_id="9260348",
                currency="BTC",
                amount=Decimal("-0.00100941"),
                balance=Decimal("0"),
                fee=Decimal("0"),
                type="To spot account",
                timestamp=at("2018-10-19 01:12:21.000"),
            ),
            f.FundingLedgerEntry(
                ledger_id="8987285",
                currency="BTC",
                amount=Decimal("0.00051843"),
                balance=Decimal("0.00100941"),
                fee=Decimal("0"),
                type="Get from activity",
                timestamp=at("2018-10-12 11:01:14.000"),
            ),
        ),
    ),
    Case(
        fixture="rest/jpy_withdrawal",  # the example withdraw_id is an unquoted integer
        call=lambda client: client.funding.withdraw_jpy(amount=Decimal("10000"), trade_pwd="123456"),
        method="POST",
        target="/api/account/v3/jpywithdrawal",
        body=b'{"amount":"10000","trade_pwd":"123456"}',
        expected=f.JpyWithdrawalReceipt(withdraw_id="74629", amount=Decimal("10000")),
    ),
    Case(
        fixture="rest/jpy_withdrawal_history",
        call=lambda client: client.funding.jpy_withdrawals(),
        target="/api/account/v3/jpyWithdrawal/history",
        expected=(
            f.JpyWithdrawal(
                amount=Decimal("10000"),
                fee=Decimal("400"),
                status=JpyWithdrawalStatus.PENDING,
                status_code="1",
                timestamp=at("2018-09-30 02:49:29.001"),
            ),
            f.JpyWithdrawal(
                amount=Decimal("19800"),
                fee=Decimal("400"),
                status=JpyWithdrawalStatus.DONE,
                status_code="4",
                timestamp=at("2018-09-28 01:09:19.022"),
            ),
        ),
    ),
    Case(
        fixture="rest/jpy_deposit_history",
        call=lambda client: client.funding.jpy_deposits(),
        target="/api/account/v3/jpyDeposit/history",
        expected=(
            f.JpyDeposit(
                amount=Decimal("10000"),
                status=JpyDepositStatus.ACCEPTED,
                status_code="1",
                timestamp=at("2019-11-30 02:39:29.012"),
            ),
            f.JpyDeposit(
                amount=Decimal("7800"),
                status=JpyDepositStatus.DONE,
                status_code="4",
                timestamp=at("2019-10-21 02:04:49.122"),
            ),
        ),
    ),
    Case(
        fixture="rest/withdrawal",
        call=lambda client: client.funding.withdraw(
            f.NewWithdrawal(
                currency="BTC",
                amount=Decimal("1"),
                to_address="17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw",
                trade_pwd="123456",
                fee=Decimal("0.0005"),
                chain="BTC",
                confirms_usage=True,
                reason=WithdrawalReason.INVESTMENT,
            )
        ),
        method="POST",
        target="/api/account/v3/withdrawal",
        body=b'{"currency":"BTC","amount":"1","destination":"-1","to_address":"17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw",'
        b'"trade_pwd":"123456","fee":"0.0005","chain":"BTC","usage_agreement":"1","reason":"2"}',
        expected=f.WithdrawalReceipt(withdraw_id="67485", currency="BTC", chain="BTC", amount=Decimal("0.1")),
    ),
    Case(
        fixture="rest/withdrawal_history",
        call=lambda client: client.funding.withdrawals(),
        target="/api/account/v3/withdrawal/history",
        expected=(
            f.Withdrawal(
                withdraw_id="1",
                currency="ETH",
                chain="ETH",
                amount=Decimal("0.094"),
                fee=Decimal("0.01000000"),
                fee_currency="ETH",
                status=WithdrawalStatus.WITHDRAWING,
                status_code="2",
                sender="13426335357",
                recipient="0xA41446125D0B5b6785f6898c9D67874D763A1519",
                tag=None,
                txid="0x62477bac6509a04512819bb1455e923a60dea5966c7caeaa0b24eb8fb0432b85",
                timestamp=at("2018-04-22 23:09:45.000"),
            ),
            f.Withdrawal(
                withdraw_id="2",
                currency="BTC",
                chain="BTC",
                amount=Decimal("0.01"),
                fee=Decimal("0"),
                fee_currency="BTC",
                status=WithdrawalStatus.DONE,
                status_code="4",
                sender="13426335357",
                recipient="13426335357",
                tag=None,
                txid=None,
                timestamp=at("2018-05-17 02:43:08.000"),
            ),
        ),
    ),
    Case(
        fixture="rest/withdrawal_history_currency",
        call=lambda client: client.funding.withdrawals("btc"),
        target="/api/account/v3/withdrawal/history/btc",
        expected=tuple(
            f.Withdrawal(
                withdraw_id=withdraw_id,
                currency="BTC",
                chain="BTC",
                amount=Decimal(amount),
                fee=Decimal("0"),
                fee_currency="BTC",
                status=WithdrawalStatus.WITHDRAWING,
                status_code="2",
                sender="13426335357",
                recipient="13426335357",
                tag=None,
                txid=txid,
                timestamp=when,
            )
            for withdraw_id, amount, txid, when in (
                (
                    "1",
                    "0.01105486",
                    "66602e279569ba319a929f5bda731d228962bc67cd89dfa0d432d82722681d66",
                    at("2018-09-30 02:49:29.000"),
                ),
                (
                    "2",
                    "0.01144408",
                    "66602e279569ba319a929f5bda731d228962456475467d89dfa0d432d82722681d66",
                    at("2018-09-18 00:44:56.000"),
                ),
            )
        ),
    ),
    Case(
        fixture="rest/deposit_address",
        call=lambda client: client.funding.deposit_addresses("btc"),
        target="/api/account/v3/deposit/address?currency=btc",
        expected=(f.DepositAddress(address="2Mti44L7thuxyzYiGzZyCcm9R7d7jgGwzZK", tag=None, chain="BTC", currency=None),),
    ),
    Case(
        fixture="rest/deposit_history",
        call=lambda client: client.funding.deposits(),
        target="/api/account/v3/deposit/history",
        expected=(
            f.Deposit(
                deposit_id="1",
                currency="BTC",
                chain="BTC",
                amount=Decimal("0.01044408"),
                recipient=None,
                tag=None,
                txid="1915737_3_0_0_WALLET",
                status=DepositStatus.AWAITING_CONFIRMATION,
                status_code="1",
                timestamp=at("2018-09-30 02:45:50.000"),
            ),
            f.Deposit(
                deposit_id="2",
                currency="BTC",
                chain="BTC",
                amount=Decimal("491.6784211"),
                recipient=None,
                tag=None,
                txid="1744594_3_184_0_WALLET",
                status=DepositStatus.CREDITING,
                status_code="2",
                timestamp=at("2018-08-21 08:03:10.000"),
            ),
            f.Deposit(
                deposit_id="3",
                currency="ETH",
                chain="ETH",
                amount=Decimal("223.18782496"),
                recipient="39kK4XvgEuM7rX9frgyHoZkWqx4iKu1spD",
                tag=None,
                txid="6d892c669225b1092c780bf0da0c6f912fc7dc8f6b8cc53b003288624c",
                status=DepositStatus.DONE,
                status_code="4",
                timestamp=at("2018-08-17 09:18:40.000"),
            ),
        ),
    ),
    Case(
        fixture="rest/deposit_history_currency",
        call=lambda client: client.funding.deposits("btc"),
        target="/api/account/v3/deposit/history/btc",
        expected=(
            f.Deposit(
                deposit_id="1",
                currency="BTC",
                chain="BTC",
                amount=Decimal("0.0835"),
                recipient="39kK4XvgEuM7rX9frgyHoZkWqx4iKu1spD",
                tag=None,
                txid="6d892c669225b1092c780bf0da0c6f912fc3e8f997dc8f6b8cc53b003288624c",
                status=DepositStatus.CREDITING,
                status_code="2",
                timestamp=at("2018-06-09 07:57:09.000"),
            ),
            f.Deposit(
                deposit_id="2",
                currency="BTC",
                chain="BTC",
                amount=Decimal("0.01"),
                recipient=None,
                tag=None,
                txid="590426_1_0_WALLET",
                status=DepositStatus.CREDITING,
                status_code="2",
                timestamp=at("2018-05-30 01:33:40.000"),
            ),
        ),
    ),
    Case(
        fixture="rest/withdrawal_fee",
        call=lambda client: client.funding.withdrawal_fees(),
        target="/api/account/v3/withdrawal/fee",
        expected=(fee("BTC", "0.0005", "0.02"), fee("LTC", "0.001", "0.2"), fee("ETH", "0.01", "0.2")),
    ),
]
