"""Accounts of the user over REST: balances, ledgers, valuation, transfers. All are private.

Owns: paths, parameters and the decoder of each endpoint. Every method raises an `HtxError` for a failure.
Source: HTX document, "Account"; htx§3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from . import account_models as m
from .fields import as_integer, epoch_ms, plain, rows
from .paging import Page
from .rest import Params, RestTransport
from .vocabulary import FuturesTransfer, Sort, TransferAccount


class AccountApi:
    """Accounts are named by the numbers of `accounts`; orders belong to the one of type `spot`."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def accounts(self) -> tuple[m.Account, ...]:
        """All accounts of the user."""
        reply = await self._rest.get_private("/v1/account/accounts")
        return tuple(m.decode_account(row) for row in rows(reply.data, "account"))

    async def balances(self, account_id: int) -> m.AccountBalances:
        """Balances of all currencies, also of those that the account has nothing of."""
        reply = await self._rest.get_private(f"/v1/account/accounts/{account_id}/balance")
        return m.decode_account_balances(reply.data_row("balances"))

    async def history(
        self,
        account_id: int,
        *,
        currency: str | None = None,
        transact_types: Sequence[str] = (),
        start: datetime | None = None,
        end: datetime | None = None,
        sort: Sort | None = None,
        size: int | None = None,
        from_id: int | None = None,
    ) -> Page[m.HistoryEntry]:
        """Changes of balances of one hour at most, within 30 days; oldest first unless `sort` says otherwise.

        `size` 1 to 500, by default 100. ValueError for a naive datetime.
        """
        params: Params = [
            ("account-id", account_id),
            ("currency", currency),
            ("transact-types", ",".join(transact_types) or None),
            ("start-time", None if start is None else epoch_ms(start)),
            ("end-time", None if end is None else epoch_ms(end)),
            ("sort", sort),
            ("size", size),
            ("from-id", from_id),
        ]
        reply = await self._rest.get_private("/v1/account/history", params)
        found = tuple(m.decode_history_entry(row) for row in rows(reply.data, "history entry"))
        return Page(rows=found, next_id=reply.envelope.optional_integer("next-id"))

    async def ledger(
        self,
        account_id: int,
        *,
        currency: str | None = None,
        transact_types: Sequence[str] = (),
        start: datetime | None = None,
        end: datetime | None = None,
        sort: Sort | None = None,
        limit: int | None = None,
        from_id: int | None = None,
    ) -> Page[m.LedgerEntry]:
        """Transfers of ten days at most, within 180 days; newest first unless `sort` says otherwise.

        `limit` 1 to 500, by default 100. ValueError for a naive datetime.
        """
        params: Params = [
            ("accountId", account_id),
            ("currency", currency),
            ("transactTypes", ",".join(transact_types) or None),
            ("startTime", None if start is None else epoch_ms(start)),
            ("endTime", None if end is None else epoch_ms(end)),
            ("sort", sort),
            ("limit", limit),
            ("fromId", from_id),
        ]
        reply = await self._rest.get_private("/v2/account/ledger", params)
        found = tuple(m.decode_ledger_entry(row) for row in rows(reply.data, "ledger entry"))
        return Page(rows=found, next_id=reply.envelope.optional_integer("nextId"))

    async def valuation(self, *, account_type: str | None = None, valuation_currency: str | None = None) -> m.Valuation:
        """What the accounts are worth. `account_type` "1" is spot; the currency is in upper case, by default BTC."""
        params: Params = [("accountType", account_type), ("valuationCurrency", valuation_currency)]
        reply = await self._rest.get_private("/v2/account/valuation", params)
        return m.decode_valuation(reply.data_row("valuation"))

    async def transfer_to_user(self, transfer: m.UserTransfer) -> m.TransferReceipt:
        """Move funds between the accounts of two users of one family."""
        payload = {
            "from-user": transfer.from_user,
            "from-account-type": transfer.from_account_type,
            "from-account": transfer.from_account,
            "to-user": transfer.to_user,
            "to-account-type": transfer.to_account_type,
            "to-account": transfer.to_account,
            "currency": transfer.currency,
            "amount": plain(transfer.amount),
        }
        reply = await self._rest.post_private("/v1/account/transfer", payload)
        return m.decode_transfer_receipt(reply.data_row("transfer"))

    async def transfer(
        self,
        *,
        source: TransferAccount,
        target: TransferAccount,
        currency: str,
        amount: Decimal,
        margin_account: str | None = None,
    ) -> int:
        """Move funds between accounts of the user. Returns the id of the transfer."""
        payload = {"from": source, "to": target, "currency": currency, "amount": plain(amount)}
        if margin_account is not None:
            payload["margin-account"] = margin_account
        reply = await self._rest.post_private("/v2/account/transfer", payload)
        return as_integer(reply.data, "transfer")

    async def futures_transfer(self, *, currency: str, amount: Decimal, direction: FuturesTransfer) -> int:
        """Move funds between spot and futures, in the older way. Returns the id of the transfer."""
        payload = {"currency": currency, "amount": plain(amount), "type": direction}
        reply = await self._rest.post_private("/v1/futures/transfer", payload)
        return as_integer(reply.data, "transfer")

    async def uid(self) -> int:
        """The number of the user."""
        reply = await self._rest.get_private("/v2/user/uid")
        return as_integer(reply.data, "uid")
