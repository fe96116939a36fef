"""Operations of the driver on the second wallet, on transfers and payments, and on what all is worth.

Owns their parameters and results. Must not know the protocol's transport. The wallet that does not trade is the account of type
`otc`; coins are paid into and out of the other one (htx§3.3, htx§3.5).
"""

from __future__ import annotations

from collections.abc import Mapping

from . import driver_words as w
from .driver_accounts import AccountOperations
from .driver_words import Fields
from .reference_models import Chain
from .vocabulary import PaymentType, TransferAccount
from .wallet_models import NewWithdrawal

_VALUED_IN = "BTC"  # the venue's default (htx§3.3)
_OTC = "otc"
_WALLETS: Mapping[str, TransferAccount] = {"spot": TransferAccount.SPOT, "funding": TransferAccount.OTC}


class FundingOperations(AccountOperations):
    """A part of the driver. `api` is there while a session lasts."""

    async def wallet(self) -> Fields:
        return {"balances": await self.balances_of(_OTC)}

    async def wallet_ledger(self, currency: str | None = None, all: bool = False) -> Fields:
        return {"entries": await self.history_of(_OTC, currency, every_page=all)}

    async def transfer(self, currency: str, amount: str, source: str, target: str) -> Fields:
        transfer_id = await self.api.account.transfer(
            source=_wallet(source), target=_wallet(target), currency=w.venue_currency(currency), amount=w.decimal(amount)
        )
        return {"transfer_id": str(transfer_id)}

    async def valuation(self) -> Fields:
        valuation = await self.api.account.valuation(valuation_currency=_VALUED_IN)
        return {"amount": w.text(valuation.total_balance), "currency": _VALUED_IN}

    async def deposit_addresses(self, currency: str) -> Fields:
        addresses = await self.api.wallet.deposit_addresses(w.venue_currency(currency))
        return {"addresses": [{"address": each.address, "tag": each.address_tag, "chain": each.chain} for each in addresses]}

    async def deposits(self, currency: str | None = None) -> Fields:
        return await self._payments(PaymentType.DEPOSIT, currency)

    async def withdrawals(self, currency: str | None = None) -> Fields:
        return await self._payments(PaymentType.WITHDRAWAL, currency)

    async def _payments(self, kind: PaymentType, currency: str | None) -> Fields:
        wanted = None if currency is None else w.venue_currency(currency)
        return {"payments": [w.payment_fields(each) for each in await self.api.wallet.payments(kind, currency=wanted)]}

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
        if internal or password is not None:
            raise ValueError("this venue pays to addresses only, and asks for no password")
        withdrawal = NewWithdrawal(
            address=address,
            currency=w.venue_currency(currency),
            amount=w.decimal(amount),
            fee=None if fee is None else w.decimal(fee),
            chain=chain,
            address_tag=tag,
        )
        return {"withdrawal_id": str(await self.api.wallet.withdraw(withdrawal))}

    async def withdrawal_fees(self, currency: str | None = None) -> Fields:
        """A fee that is a rate is no amount, so such chains are left out."""
        wanted = None if currency is None else w.venue_currency(currency)
        currencies = await self.api.reference.currencies(wanted)
        return {
            "fees": [
                {"currency": w.currency(each.currency), "chain": chain.chain, "minimum": least, "maximum": most}
                for each in currencies
                for chain in each.chains
                for least, most in [_bounds(chain)]
                if least is not None
            ]
        }


def _wallet(name: str) -> TransferAccount:
    if name not in _WALLETS:
        raise ValueError(f"this venue has no {name} wallet")
    return _WALLETS[name]


def _bounds(chain: Chain) -> tuple[str | None, str | None]:
    """The least and largest fee; both are the fixed one if it is fixed."""
    if chain.fixed_fee is not None:
        return w.text(chain.fixed_fee), w.text(chain.fixed_fee)
    return w.text(chain.least_fee), w.text(chain.largest_fee)
