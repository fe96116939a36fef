"""Operations of the driver on transfers and payments.

Owns their parameters and results. Must not know the protocol's transport. Of the second wallet, that of futures, the venue's
spot API tells no balance, so only transfers are offered. Chains go by their protocols (`erc20`), as withdrawals name them.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import driver_words as w
from .client import CoinstoreClient
from .driver_words import Fields
from .vocabulary import Wallet
from .wallet import NewWithdrawal, RecordFilter

_WALLETS: Mapping[str, Wallet] = {"spot": Wallet.SPOT, "futures": Wallet.FUTURES}


class FundingOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: CoinstoreClient

    async def transfer(self, currency: str, amount: str, source: str, target: str) -> Fields:
        """The venue gives a transfer no id."""
        await self.api.wallet.transfer(currency, w.decimal(amount), source=_wallet(source), target=_wallet(target))
        return {}

    async def deposit_addresses(self, currency: str) -> Fields:
        """One for each chain of the currency: a chain has to be named."""
        chains = (await self.api.reference.currency(currency)).chains
        addresses = [(chain, await self.api.wallet.deposit_address(chain.currency, chain.name)) for chain in chains]
        return {
            "addresses": [
                {"address": each.address, "tag": each.tag or None, "chain": chain.protocol} for chain, each in addresses
            ]
        }

    async def deposits(self, currency: str | None = None) -> Fields:
        """The venue lists them oldest first (ASSUMED)."""
        rows = await self.api.wallet.deposits(RecordFilter(currency=currency))
        return {"payments": [w.deposit_fields(each) for each in reversed(rows)]}

    async def withdrawals(self, currency: str | None = None) -> Fields:
        """Likewise."""
        rows = await self.api.wallet.withdrawals(RecordFilter(currency=currency))
        return {"payments": [w.withdrawal_fields(each) for each in reversed(rows)]}

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
        """The venue sets the fee. Whoever names no chain means the only one that there is."""
        if internal or password is not None or fee is not None:
            raise ValueError("this venue pays to addresses only, sets the fee itself, and asks for no password")
        protocol = chain or await self._only_protocol(currency)
        withdrawal = NewWithdrawal(
            currency=currency, amount=w.decimal(amount), address=address, protocol=protocol, tag=tag or None
        )
        return {"withdrawal_id": str(await self.api.wallet.withdraw(withdrawal))}

    async def _only_protocol(self, currency: str) -> str:
        protocols = [chain.protocol for chain in (await self.api.reference.currency(currency)).chains]
        if len(protocols) != 1 or protocols[0] is None:
            raise ValueError(f"name the chain of {currency}: {', '.join(map(str, protocols))}")
        return protocols[0]

    async def withdrawal_fees(self, currency: str | None = None) -> Fields:
        if currency is None:
            raise ValueError("the venue tells the chains of one currency at a time: name one")
        told = await self.api.reference.currency(currency)
        return {"fees": [w.fee_fields(told.code, each) for each in told.chains]}


def _wallet(name: str) -> Wallet:
    if name not in _WALLETS:
        raise ValueError(f"this venue has no {name} wallet")
    return _WALLETS[name]
