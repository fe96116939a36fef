"""HTX's accounts and wallet over real sockets, through its reference client: money in, around and out, as time passes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from mockex.clients.htx import Credentials, HtxClient
from mockex.clients.htx.account_models import UserTransfer
from mockex.clients.htx.errors import HtxError
from mockex.clients.htx.paging import all_pages
from mockex.clients.htx.vocabulary import FuturesTransfer, PaymentType, Sort, TransferAccount
from mockex.clients.htx.wallet_models import NewWithdrawal

import mockex

START = datetime(2024, 2, 15, 3, 4, 5, tzinfo=UTC)
EXAMPLE = "0xde709f2102306220921060314715629080e2fb77"
d = Decimal


@asynccontextmanager
async def customers() -> AsyncIterator[tuple[mockex.RunningWorld, HtxClient, HtxClient]]:
    """Two customers of a market without participants, whose time is moved by hand."""
    async with mockex.World(venues=["htx"], start=START) as world:
        venue = world["htx"]
        venue.create_account("anna", {"USDT": "1000", "ETH": "2"})
        venue.create_account("ben")
        credentials = {name: Credentials(**venue.keys[name]) for name in ("anna", "ben")}
        async with (
            HtxClient(venue.rest_url, credentials=credentials["anna"], now=world.clock.now_ns) as anna,
            HtxClient(venue.rest_url, credentials=credentials["ben"], now=world.clock.now_ns) as ben,
        ):
            yield world, anna, ben


async def test_money_goes_round_the_accounts_and_its_way_can_be_read() -> None:
    async with customers() as (_, anna, ben):
        spot, otc = await anna.account.accounts()
        (bens, _) = await ben.account.accounts()
        await anna.account.transfer(source=TransferAccount.SPOT, target=TransferAccount.OTC, currency="usdt", amount=d("250.5"))
        await anna.account.futures_transfer(currency="usdt", amount=d(100), direction=FuturesTransfer.TO_FUTURES)
        await anna.account.transfer_to_user(
            UserTransfer(
                from_user=await anna.account.uid(), from_account_type="spot", from_account=spot.id,
                to_user=await ben.account.uid(), to_account_type="spot", to_account=bens.id,
                currency="usdt", amount=d("49.5"),
            )
        )  # fmt: skip

        assert (await anna.account.balances(spot.id)).of("usdt").trade == d(600)
        assert (await anna.account.balances(otc.id)).of("usdt").total == d("250.5")
        assert (await ben.account.balances(bens.id)).of("usdt").trade == d("49.5")
        ledger = [row async for row in all_pages(lambda piece: anna.account.ledger(spot.id, limit=1, from_id=piece))]
        assert [(row.transfer_type, row.transact_amt) for row in ledger] == [
            ("sub-transfer-out", d("-49.5")), ("spot-to-futures", d(-100)), ("spot-to-otc", d("-250.5")),
        ]  # fmt: skip
        history = await anna.account.history(spot.id, currency="usdt", sort=Sort.NEWEST_FIRST, size=2)
        assert [(row.transact_amt, row.acct_balance) for row in history.rows] == [(d("-49.5"), d(600)), (d(-100), d("649.5"))]
        assert history.next_id is not None
        worth = await anna.account.valuation()
        assert worth.total_balance > 0
        assert {part.distribution_type for part in worth.parts} >= {"1", "5"}


async def test_a_deposit_arrives_and_a_withdrawal_leaves() -> None:
    async with customers() as (world, anna, _):
        spot = (await anna.account.accounts())[0]
        (address,) = await anna.wallet.deposit_addresses("eth")
        world["htx"].start_deposit("anna", "ETH", "3", address=address.address)
        payment_id = await anna.wallet.withdraw(
            NewWithdrawal(address=EXAMPLE, currency="eth", amount=d("0.5"), client_order_id="out-1")
        )
        assert (await anna.account.balances(spot.id)).of("eth").frozen == d("0.503")
        assert (await anna.wallet.withdrawal("out-1")).id == payment_id
        world.clock.advance(seconds=2)

        (deposit,) = await anna.wallet.payments(PaymentType.DEPOSIT)
        (withdrawal,) = await anna.wallet.payments(PaymentType.WITHDRAWAL, currency="eth")
        assert (deposit.state, deposit.amount, deposit.address) == ("safe", d(3), address.address)
        assert (withdrawal.state, withdrawal.amount, withdrawal.fee) == ("confirmed", d("0.5"), d("0.003"))
        assert (await anna.account.balances(spot.id)).of("eth").trade == d("4.497")
        quota = await anna.wallet.withdraw_quota("eth")
        assert quota.chains[0].remaining_per_day == d("599.5")
        assert quota.chains[0].per_year is None
        assert EXAMPLE in {entry.address for entry in (await anna.wallet.withdraw_addresses("eth")).rows}


async def test_a_withdrawal_is_taken_back_and_a_refused_one_says_why() -> None:
    async with customers() as (world, anna, _):
        order = NewWithdrawal(address=EXAMPLE, currency="eth", amount=d(1))
        payment_id = await anna.wallet.withdraw(order)
        assert await anna.wallet.cancel_withdrawal(payment_id) == payment_id
        world.clock.advance(seconds=1)

        with pytest.raises(HtxError, match="base-operation-forbidden"):
            await anna.wallet.cancel_withdrawal(payment_id)
        with pytest.raises(HtxError, match="dw-insufficient-balance"):
            await anna.wallet.withdraw(NewWithdrawal(address=EXAMPLE, currency="eth", amount=d(2)))
        with pytest.raises(HtxError, match="invalid-address"):
            await anna.wallet.withdraw(NewWithdrawal(address="nowhere", currency="eth", amount=d(1)))
