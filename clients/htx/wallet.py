"""Payments in and out over REST. All are private.

Owns: paths, parameters and the decoder of each endpoint. Every method raises an `HtxError` for a failure.
Source: HTX document, "Wallet"; htx§3.5.
"""

from __future__ import annotations

from . import wallet_models as m
from .fields import as_integer, rows
from .paging import Cursor, Page
from .rest import Params, RestTransport
from .vocabulary import PaymentType


class WalletApi:
    """Deposits and withdrawals."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def deposit_addresses(self, currency: str) -> tuple[m.DepositAddress, ...]:
        """Where to pay a currency in, one address per chain."""
        reply = await self._rest.get_private("/v2/account/deposit/address", [("currency", currency)])
        return tuple(m.decode_deposit_address(row) for row in rows(reply.data, "deposit address"))

    async def withdraw_quota(self, currency: str) -> m.WithdrawQuota:
        """How much of a currency may be withdrawn."""
        reply = await self._rest.get_private("/v2/account/withdraw/quota", [("currency", currency)])
        return m.decode_withdraw_quota(reply.data_row("withdraw quota"))

    async def withdraw_addresses(
        self,
        currency: str,
        *,
        chain: str | None = None,
        note: str | None = None,
        limit: int | None = None,
        from_id: int | None = None,
    ) -> Page[m.WithdrawAddress]:
        """Addresses that the user has stored. The id of the next piece is `nextId` or `next-id`, by source."""
        params: Params = [("currency", currency), ("chain", chain), ("note", note), ("limit", limit), ("fromId", from_id)]
        reply = await self._rest.get_private("/v2/account/withdraw/address", params)
        found = tuple(m.decode_withdraw_address(row) for row in rows(reply.data, "withdraw address"))
        name = "nextId" if reply.envelope.has("nextId") else "next-id"
        return Page(rows=found, next_id=reply.envelope.optional_integer(name))

    async def withdraw(self, withdrawal: m.NewWithdrawal) -> int:
        """Withdraw to an address. Returns the id of the withdrawal."""
        reply = await self._rest.post_private("/v1/dw/withdraw/api/create", m.encode_withdrawal(withdrawal))
        return as_integer(reply.data, "withdrawal")

    async def cancel_withdrawal(self, withdrawal_id: int) -> int:
        """Cancel a withdrawal that is still in an early state. Returns its id."""
        reply = await self._rest.post_private(f"/v1/dw/withdraw-virtual/{withdrawal_id}/cancel", {})
        return as_integer(reply.data, "withdrawal")

    async def withdrawal(self, client_order_id: str) -> m.Payment:
        """One withdrawal, by the id that the client gave it."""
        reply = await self._rest.get_private("/v1/query/withdraw/client-order-id", [("clientOrderId", client_order_id)])
        return m.decode_payment(reply.data_row("withdrawal"))

    async def payments(
        self, kind: PaymentType, *, currency: str | None = None, cursor: Cursor | None = None
    ) -> tuple[m.Payment, ...]:
        """Deposits or withdrawals: 100 by default, 500 at most."""
        params: Params = [("currency", currency), ("type", kind), *(cursor or Cursor()).params()]
        reply = await self._rest.get_private("/v1/query/deposit-withdraw", params)
        return tuple(m.decode_payment(row) for row in rows(reply.data, "payment"))
