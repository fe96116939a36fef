"""Operations of the driver on the funding wallet: balances, transfers, deposits and withdrawals.

Owns their parameters and results. Must not know the protocol's transport.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import driver_words as w
from .client import OkcoinClient
from .driver_trading import listed
from .driver_words import Fields
from .funding_models import FundingLedgerEntry, NewWithdrawal
from .paging import Cursor, Page
from .vocabulary import Account, Destination, WithdrawalReason

_ACCOUNTS: Mapping[str, Account] = {"spot": Account.SPOT, "funding": Account.FUNDING}


class FundingOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: OkcoinClient

    async def currencies(self) -> Fields:
        currencies = await self.api.funding.currencies()
        return {"currencies": [{"currency": each.currency, "chain": each.chain} for each in currencies]}

    async def wallet(self) -> Fields:
        return {"balances": [w.balance_fields(each) for each in await self.api.funding.wallet()]}

    async def wallet_ledger(self, currency: str | None = None, all: bool = False) -> Fields:
        async def fetch(cursor: Cursor) -> Page[FundingLedgerEntry]:
            return await self.api.funding.ledger(currency=currency, cursor=cursor)

        return {"entries": [w.entry_fields(each) for each in await listed(fetch, every_page=all)]}

    async def valuation(self) -> Fields:
        valuation = await self.api.funding.asset_valuation()
        return {"amount": w.text(valuation.balance), "currency": valuation.valuation_currency}

    async def transfer(self, currency: str, amount: str, source: str, target: str) -> Fields:
        receipt = await self.api.funding.transfer(
            currency=currency, amount=w.decimal(amount), source=_account(source), target=_account(target)
        )
        return {"transfer_id": receipt.transfer_id}

    async def deposit_addresses(self, currency: str) -> Fields:
        addresses = await self.api.funding.deposit_addresses(currency)
        return {"addresses": [{"address": each.address, "tag": each.tag, "chain": each.chain} for each in addresses]}

    async def deposits(self, currency: str | None = None) -> Fields:
        return {"payments": [w.deposit_fields(each) for each in await self.api.funding.deposits(currency)]}

    async def withdraw(
        self,
        currency: str,
        amount: str,
        address: str,
        tag: str | None = None,
        chain: str | None = None,
        fee: str | None = None,
        password: str | None = None,
        internal: bool = False,
    ) -> Fields:
        """A tag follows the address after a colon. Between users of the venue the fee is 0 unless told (okj§7)."""
        if fee is None and not internal:
            raise ValueError("a withdrawal to an address names its fee")
        request = NewWithdrawal(
            currency=currency,
            amount=w.decimal(amount),
            to_address=address if tag is None else f"{address}:{tag}",
            trade_pwd=_password(password),
            fee=w.decimal("0" if fee is None else fee),
            destination=Destination.VENUE_USER if internal else Destination.ADDRESS,
            chain=chain,
            confirms_usage=True,
            reason=WithdrawalReason.OWN_WALLET,
        )
        return {"withdrawal_id": (await self.api.funding.withdraw(request)).withdraw_id}

    async def withdrawals(self, currency: str | None = None) -> Fields:
        return {"payments": [w.withdrawal_fields(each) for each in await self.api.funding.withdrawals(currency)]}

    async def withdrawal_fees(self, currency: str | None = None) -> Fields:
        fees = await self.api.funding.withdrawal_fees(currency)
        return {
            "fees": [
                {
                    "currency": each.currency,
                    "chain": each.chain,
                    "minimum": w.text(each.min_fee),
                    "maximum": w.text(each.max_fee),
                }
                for each in fees
            ]
        }

    async def cash_withdraw(self, amount: str, password: str | None = None) -> Fields:
        receipt = await self.api.funding.withdraw_jpy(amount=w.decimal(amount), trade_pwd=_password(password))
        return {"withdrawal_id": receipt.withdraw_id}

    async def cash_withdrawals(self) -> Fields:
        return {"payments": [w.jpy_withdrawal_fields(each) for each in await self.api.funding.jpy_withdrawals()]}

    async def cash_deposits(self) -> Fields:
        return {"payments": [w.jpy_deposit_fields(each) for each in await self.api.funding.jpy_deposits()]}


def _account(name: str) -> Account:
    if name not in _ACCOUNTS:
        raise ValueError(f"this venue has no {name} wallet")
    return _ACCOUNTS[name]


def _password(password: str | None) -> str:
    if password is None:
        raise ValueError("a withdrawal needs the funds password")
    return password
