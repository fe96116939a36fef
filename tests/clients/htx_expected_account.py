"""Cases of accounts and payments; see `htx_expected`."""

from __future__ import annotations

from htx_expected import Case, D, ms
from mockex.clients.htx import Cursor, NewWithdrawal, Page, UserTransfer
from mockex.clients.htx import account_models as a
from mockex.clients.htx import wallet_models as w
from mockex.clients.htx.vocabulary import (
    BalanceType,
    Direction,
    FuturesTransfer,
    PaymentType,
    Sort,
    TransferAccount,
)


def balance(currency: str, kind: BalanceType, amount: str, seq_num: int) -> a.BalanceRow:
    return a.BalanceRow(currency=currency, type=kind, type_text=kind, balance=D(amount), seq_num=seq_num)


def history(record: int, kind: str, after: str, at: int) -> a.HistoryEntry:
    return a.HistoryEntry(
        record_id=record,
        account_id=10000001,
        currency="usdt",
        transact_amt=D("-10"),
        transact_type=kind,
        avail_balance=D("81.850043797676510303"),
        acct_balance=D(after),
        transact_time=ms(at),
    )


def ledger(amount: str, kind: str, at: int, source: int, target: int) -> a.LedgerEntry:
    return a.LedgerEntry(
        account_id=10000001,
        currency="usdt",
        transact_amt=D(amount),
        transact_type="transfer",
        transfer_type=kind,
        transact_id=0,
        transact_time=ms(at),
        transferer=source,
        transferee=target,
    )


def withdrawal(**known: object) -> w.Payment:
    fields: dict[str, object] = {
        "client_order_id": None,
        "type": PaymentType.WITHDRAWAL,
        "currency": "usdt",
        "tx_hash": None,
        "fee": D("0"),
        "address_tag": None,
        "state": "confirmed",
        "error_code": None,
        "error_msg": None,
        **known,
    }
    return w.Payment(**fields)  # type: ignore[arg-type]  # the fields that the published rows share


ACCOUNT_CASES = [
    Case(
        fixture="rest/accounts",
        call=lambda client: client.account.accounts(),
        path="/v1/account/accounts",
        expected=tuple(
            a.Account(id=number, type=kind, subtype=None, state="working")
            for number, kind in ((10000001, "spot"), (10000002, "otc"), (10000003, "point"))
        ),
    ),
    Case(
        fixture="rest/balance",
        call=lambda client: client.account.balances(1000001),
        path="/v1/account/accounts/1000001/balance",
        expected=a.AccountBalances(
            id=1000001,
            type="spot",
            state="working",
            rows=(
                balance("usdt", BalanceType.TRADE, "91.850043797676510303", 477),
                balance("usdt", BalanceType.FROZEN, "5.160000000000000015", 477),
                balance("poly", BalanceType.TRADE, "147.928994082840236", 2),
            ),
        ),
    ),
    Case(
        fixture="rest/account_history",
        call=lambda client: client.account.history(
            10000001,
            currency="usdt",
            transact_types=["trade", "transfer"],
            start=ms(1_629_882_000_000),
            end=ms(1_629_885_600_000),
            sort=Sort.NEWEST_FIRST,
            size=2,
            from_id=9,
        ),
        path="/v1/account/history",
        query="account-id=10000001&currency=usdt&end-time=1629885600000&from-id=9&size=2&sort=desc"
        "&start-time=1629882000000&transact-types=trade%2Ctransfer",
        expected=Page(
            rows=(
                history(359044707902783800, "other-types", "97.010043797676510318", 1_629_882_096_557),
                history(359044690723242100, "transfer", "87.010043797676510318", 1_629_882_096_569),
            ),
            next_id=47996522235,
        ),
    ),
    Case(
        fixture="rest/ledger",
        call=lambda client: client.account.ledger(
            10000001,
            currency="usdt",
            transact_types=["transfer"],
            start=ms(1_629_000_000_000),
            end=ms(1_629_800_000_000),
            sort=Sort.OLDEST_FIRST,
            limit=2,
            from_id=9,
        ),
        path="/v2/account/ledger",
        query="accountId=10000001&currency=usdt&endTime=1629800000000&fromId=9&limit=2&sort=asc"
        "&startTime=1629000000000&transactTypes=transfer",
        expected=Page(
            rows=(
                ledger("10", "margin-transfer-out", 1_629_882_331_066, 28483123, 13496526),
                ledger("-10", "margin-transfer-in", 1_629_882_096_562, 13496526, 28483123),
            ),
            next_id=1624316679,
        ),
    ),
    Case(
        fixture="rest/valuation",
        call=lambda client: client.account.valuation(account_type="1", valuation_currency="BTC"),
        path="/v2/account/valuation",
        query="accountType=1&valuationCurrency=BTC",
        expected=a.Valuation(
            total_balance=D("0.06276321"),
            today_profit=D("0.00028977"),
            today_profit_rate=D("0.004638293764657609"),
            updated=ms(1_629_916_724_000),
            parts=(
                a.ValuationPart(distribution_type="11", balance=D("0.05728808"), account_balance=D("0.05728808"), success=True),
            ),
        ),
    ),
    Case(
        fixture="rest/transfer",
        call=lambda client: client.account.transfer_to_user(
            UserTransfer(
                from_user=1001,
                from_account_type="spot",
                from_account=10000001,
                to_user=1002,
                to_account_type="spot",
                to_account=10000005,
                currency="usdt",
                amount=D("12.5"),
            )
        ),
        path="/v1/account/transfer",
        body={
            "from-user": 1001,
            "from-account-type": "spot",
            "from-account": 10000001,
            "to-user": 1002,
            "to-account-type": "spot",
            "to-account": 10000005,
            "currency": "usdt",
            "amount": "12.5",
        },
        expected=a.TransferReceipt(transact_id=220521190, transact_time=ms(1_590_662_591_832)),
    ),
    Case(
        fixture="rest/transfer_between",
        call=lambda client: client.account.transfer(
            source=TransferAccount.SPOT,
            target=TransferAccount.LINEAR_SWAP,
            currency="usdt",
            amount=D("12.5"),
            margin_account="USDT",
        ),
        path="/v2/account/transfer",
        body={"from": "spot", "to": "linear-swap", "currency": "usdt", "amount": "12.5", "margin-account": "USDT"},
        expected=176104252,
    ),
    Case(
        fixture="rest/futures_transfer",
        call=lambda client: client.account.futures_transfer(
            currency="btc", amount=D("0.5"), direction=FuturesTransfer.TO_FUTURES
        ),
        path="/v1/futures/transfer",
        body={"currency": "btc", "amount": "0.5", "type": "pro-to-futures"},
        expected=12345,
    ),
    Case(fixture="rest/uid", call=lambda client: client.account.uid(), path="/v2/user/uid", expected=63628520),
]

WALLET_CASES = [
    Case(
        fixture="rest/deposit_address",
        call=lambda client: client.wallet.deposit_addresses("btc"),
        path="/v2/account/deposit/address",
        query="currency=btc",
        expected=tuple(
            w.DepositAddress(user_id=12345678, currency="btc", chain=chain, address=address, address_tag=None)
            for chain, address in (
                ("hbtc", "0xd476b0d77583fbda5180039f1f513b750cb4f527"),
                ("btc", "16egzDeZiVDJ4D44UbWKN6snLYFjS1aEmJ"),
            )
        ),
    ),
    Case(
        fixture="rest/withdraw_quota",
        call=lambda client: client.wallet.withdraw_quota("usdt"),
        path="/v2/account/withdraw/quota",
        query="currency=usdt",
        expected=w.WithdrawQuota(
            currency="usdt",
            chains=(
                w.ChainQuota(
                    chain="trc20usdt",
                    largest_withdrawal=D("1000000"),
                    per_day=D("4845303.99999991"),
                    remaining_per_day=D("4845303.99999991"),
                    per_year=None,
                    remaining_per_year=None,
                    total=None,
                    remaining_total=None,
                ),
            ),
        ),
    ),
    *(
        Case(
            fixture="rest/withdraw_address",
            reply=reply,
            call=lambda client: client.wallet.withdraw_addresses("usdt", chain="hrc20usdt", note="tom", limit=1, from_id=3),
            path="/v2/account/withdraw/address",
            query="chain=hrc20usdt&currency=usdt&fromId=3&limit=1&note=tom",
            expected=Page(
                rows=(
                    w.WithdrawAddress(
                        currency="usdt",
                        chain="hrc20usdt",
                        note="tom",
                        address="0x3b994f25c4c25e99d4d26364ffc014cce64600ca",
                        address_tag=None,
                    ),
                ),
                next_id=30137790,
            ),
        )
        for reply in (0, 1)
    ),
    *(
        Case(
            fixture="rest/withdraw",
            reply=reply,
            call=lambda client: client.wallet.withdraw(
                NewWithdrawal(
                    address="0xde70",
                    currency="xrp",
                    amount=D("1E+2"),
                    fee=D("0.10"),
                    chain="xrp",
                    address_tag="7",
                    client_order_id="w1",
                )
            ),
            path="/v1/dw/withdraw/api/create",
            body={
                "address": "0xde70",
                "currency": "xrp",
                "amount": "100",
                "fee": "0.10",
                "chain": "xrp",
                "addr-tag": "7",
                "client-order-id": "w1",
            },
            expected=700,
        )
        for reply in (0, 1)
    ),
    Case(
        fixture="rest/withdraw_cancel",
        call=lambda client: client.wallet.cancel_withdrawal(700),
        path="/v1/dw/withdraw-virtual/700/cancel",
        body={},
        expected=700,
    ),
    Case(
        fixture="rest/withdrawal_by_client_id",
        call=lambda client: client.wallet.withdrawal("1113"),
        path="/v1/query/withdraw/client-order-id",
        query="clientOrderId=1113",
        expected=withdrawal(
            id=101123262,
            client_order_id="1113",
            chain="usdt",
            amount=D("1.2"),
            address="1PL24EbWrNNrnMKw1cxAHPsebUz7DdhWTx",
            created_at=ms(1_637_758_163_686),
            updated_at=ms(1_637_758_251_559),
        ),
    ),
    Case(
        fixture="rest/deposit_withdraw",
        call=lambda client: client.wallet.payments(
            PaymentType.WITHDRAWAL, currency="usdt", cursor=Cursor(from_id=0, direct=Direction.NEXT, size=100)
        ),
        path="/v1/query/deposit-withdraw",
        query="currency=usdt&direct=next&from=0&size=100&type=withdraw",
        expected=(
            withdrawal(
                id=45182894,
                chain="trc20usdt",
                amount=D("400"),
                address="TRwkUYHWgUh23jbKpgTcYHgE9CcBzhGno9",
                created_at=ms(1_612_261_330_443),
                updated_at=ms(1_612_261_389_250),
            ),
            withdrawal(
                id=61003926,
                chain="trc20usdt",
                amount=D("2"),
                address="TYGvZSD1duPctGaMPSP12Fy8BrQMu2KCdp",
                created_at=ms(1_621_416_907_639),
                updated_at=ms(1_621_416_907_788),
            ),
        ),
    ),
]
