"""Endpoints of the funding account, `/api/account/v3`. All are private.

Owns: paths, parameters and the decoder of each endpoint. Every method raises an `OkcoinError` for a failure.
Source: OKCoin Japan v3 document, "Funding account".
"""

from __future__ import annotations

from decimal import Decimal

from . import funding_models as m
from .errors import NoDataError
from .fields import Row, plain, rows
from .paging import Cursor, Page, decode_page
from .rest import RestTransport, segment
from .trading_models import Balance, decode_balance
from .vocabulary import Account, FundingEntryKind

_BASE = "/api/account/v3"


class FundingApi:
    """Wallet, currencies, transfers, deposits and withdrawals."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def wallet(self) -> tuple[Balance, ...]:
        """Balances of all currencies."""
        reply = await self._rest.get_private(f"{_BASE}/wallet")
        return tuple(decode_balance(row) for row in rows(reply.payload, "wallet"))

    async def wallet_of(self, currency: str) -> Balance:
        """Balance of one currency. NoDataError if the venue answers with an empty list."""
        reply = await self._rest.get_private(f"{_BASE}/wallet/{segment(currency)}")
        found = rows(reply.payload, "wallet")
        if not found:
            raise NoDataError(f"no wallet row for {currency}", http_status=reply.status)
        return decode_balance(found[0], currency=currency.upper())

    async def currencies(self) -> tuple[m.Currency, ...]:
        """All currencies, one row per chain."""
        reply = await self._rest.get_private(f"{_BASE}/currencies")
        return tuple(m.decode_currency(row) for row in rows(reply.payload, "currency"))

    async def asset_valuation(self, account_type: Account = Account.TOTAL) -> m.AssetValuation:
        """What one account, or all of them, is worth."""
        reply = await self._rest.get_private(f"{_BASE}/asset-valuation", [("account_type", account_type)])
        payload = reply.payload
        # The document shows an object; one of the vendor's SDKs expects a list of one.
        if isinstance(payload, list) and len(payload) == 1:
            payload = payload[0]
        return m.decode_asset_valuation(Row.of(payload, "asset valuation"))

    async def transfer(self, *, currency: str, amount: Decimal, source: Account, target: Account) -> m.TransferReceipt:
        """Move funds between the accounts of the user, at once."""
        payload = {"currency": currency, "amount": plain(amount), "from": source, "to": target}
        reply = await self._rest.post_private(f"{_BASE}/transfer", payload)
        return m.decode_transfer(Row.of(reply.payload, "transfer"))

    async def ledger(
        self, *, currency: str | None = None, kind: FundingEntryKind | None = None, cursor: Cursor | None = None
    ) -> Page[m.FundingLedgerEntry]:
        """Entries of the last month, newest first; pages by `ledger_id`."""
        params = [("type", kind), ("currency", currency), *(cursor or Cursor()).params()]
        reply = await self._rest.get_private(f"{_BASE}/ledger", params)
        return decode_page(reply, m.decode_funding_ledger_entry, "ledger entry")

    async def withdraw_jpy(self, *, amount: Decimal, trade_pwd: str, bank_card_id: str | None = None) -> m.JpyWithdrawalReceipt:
        """Withdraw yen to the user's bank. `bank_card_id` is known only to newer SDKs of the vendor."""
        payload = {"amount": plain(amount), "trade_pwd": trade_pwd}
        if bank_card_id is not None:
            payload["bank_card_id"] = bank_card_id
        reply = await self._rest.post_private(f"{_BASE}/jpywithdrawal", payload)
        return m.decode_jpy_withdrawal_receipt(Row.of(reply.payload, "yen withdrawal"))

    async def jpy_withdrawals(self) -> tuple[m.JpyWithdrawal, ...]:
        """The newest 100 yen withdrawals."""
        reply = await self._rest.get_private(f"{_BASE}/jpyWithdrawal/history")
        return tuple(m.decode_jpy_withdrawal(row) for row in rows(reply.payload, "yen withdrawal"))

    async def jpy_deposits(self) -> tuple[m.JpyDeposit, ...]:
        """The newest 100 yen deposits."""
        reply = await self._rest.get_private(f"{_BASE}/jpyDeposit/history")
        return tuple(m.decode_jpy_deposit(row) for row in rows(reply.payload, "yen deposit"))

    async def withdraw(self, request: m.NewWithdrawal) -> m.WithdrawalReceipt:
        """Withdraw coins to an address or to another user of the venue."""
        payload = {
            "currency": request.currency,
            "amount": plain(request.amount),
            "destination": request.destination,
            "to_address": request.to_address,
            "trade_pwd": request.trade_pwd,
            "fee": plain(request.fee),
        }
        if request.chain is not None:
            payload["chain"] = request.chain
        if request.confirms_usage:
            payload["usage_agreement"] = "1"
        if request.reason is not None:
            payload["reason"] = request.reason
        reply = await self._rest.post_private(f"{_BASE}/withdrawal", payload)
        return m.decode_withdrawal_receipt(Row.of(reply.payload, "withdrawal"))

    async def withdrawals(self, currency: str | None = None) -> tuple[m.Withdrawal, ...]:
        """The newest 100 coin withdrawals, of all currencies or of one."""
        reply = await self._rest.get_private(_of_currency(f"{_BASE}/withdrawal/history", currency))
        return tuple(m.decode_withdrawal(row) for row in rows(reply.payload, "withdrawal"))

    async def deposit_addresses(self, currency: str) -> tuple[m.DepositAddress, ...]:
        """Addresses to pay into, old ones included."""
        reply = await self._rest.get_private(f"{_BASE}/deposit/address", [("currency", currency)])
        return tuple(m.decode_deposit_address(row) for row in rows(reply.payload, "deposit address"))

    async def deposits(self, currency: str | None = None) -> tuple[m.Deposit, ...]:
        """The newest 100 coin deposits, of all currencies or of one."""
        reply = await self._rest.get_private(_of_currency(f"{_BASE}/deposit/history", currency))
        return tuple(m.decode_deposit(row) for row in rows(reply.payload, "deposit"))

    async def withdrawal_fees(self, currency: str | None = None) -> tuple[m.WithdrawalFee, ...]:
        """Ranges of network fees, of all currencies or of one."""
        reply = await self._rest.get_private(f"{_BASE}/withdrawal/fee", [("currency", currency)])
        return tuple(m.decode_withdrawal_fee(row) for row in rows(reply.payload, "withdrawal fee"))


def _of_currency(path: str, currency: str | None) -> str:
    return path if currency is None else f"{path}/{segment(currency)}"
