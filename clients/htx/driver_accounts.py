"""What the driver's operations on wallets share: the venue's accounts, their balances and ledgers.

Owns the numbers of the user's accounts, asked for once in a session. Must not know the protocol's transport.
"""

from __future__ import annotations

from . import driver_words as w
from .account_models import HistoryEntry
from .client import HtxClient
from .driver_words import Fields
from .errors import MalformedReplyError
from .paging import Page, all_pages
from .vocabulary import Sort

SPOT = "spot"


class AccountOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: HtxClient

    def __init__(self) -> None:
        super().__init__()
        self._account_ids: dict[str, int] = {}

    async def account_id(self, type: str) -> int:
        """The number of the user's first account of a type. MalformedReplyError if there is none."""
        if not self._account_ids:
            for account in await self.api.account.accounts():
                self._account_ids.setdefault(account.type, account.id)
        if type not in self._account_ids:
            raise MalformedReplyError(f"the user has no {type} account")
        return self._account_ids[type]

    async def balances_of(self, type: str) -> list[Fields]:
        """Of every currency, also of those that the account has nothing of."""
        return w.balances_fields(await self.api.account.balances(await self.account_id(type)))

    async def history_of(self, type: str, currency: str | None, *, every_page: bool) -> list[Fields]:
        """Changes of the last hour, newest first, which is what the venue tells without bounds (htx§3.3)."""
        account_id = await self.account_id(type)
        wanted = None if currency is None else w.venue_currency(currency)

        async def fetch(from_id: int | None) -> Page[HistoryEntry]:
            return await self.api.account.history(account_id, currency=wanted, sort=Sort.NEWEST_FIRST, from_id=from_id)

        entries = [entry async for entry in all_pages(fetch)] if every_page else (await fetch(None)).rows
        return [w.entry_fields(each) for each in entries]
