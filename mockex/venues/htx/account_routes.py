"""HTX's routes for accounts, transfers and payments, with the permission and the limit of each. Source: htx§3.3 and htx§3.5.

Limits count per user. Transfers need the permission to trade and withdrawals that to withdraw, as the vendor's document says.
"""

from __future__ import annotations

from mockex.venues.htx import accounts, ledgers, payments, transfers, valuation, withdrawals
from mockex.venues.htx.errors import V2
from mockex.venues.htx.limits import default_limit, per_seconds
from mockex.venues.htx.trading_routes import OPTIONAL_BODY
from mockex.wire.credentials import Permission
from mockex.wire.limits import RateRule
from mockex.wire.routing import Handler, Route


def _route(
    method: str, path: str, handler: Handler, limit: RateRule, permission: Permission = Permission.READ, *tags: str
) -> Route:
    versions = {V2} if path.startswith("/v2/") else set[str]()
    return Route(
        method=method, path=path, handler=handler, permission=permission, limit=limit, tags=frozenset({*tags, *versions})
    )


def _read(path: str, handler: Handler, calls: int | None = None, seconds: int = 2) -> Route:
    """`calls` None: the limit of endpoints for which no document names one."""
    return _route("GET", path, handler, default_limit(path) if calls is None else per_seconds(calls, seconds, path))


def _transfer(path: str, handler: Handler) -> Route:
    return _route("POST", path, handler, default_limit(path), Permission.TRADE)


def _withdrawal(path: str, handler: Handler, *tags: str) -> Route:
    return _route("POST", path, handler, per_seconds(20, 2, path), Permission.WITHDRAW, *tags)


ACCOUNT_ROUTES = (
    _read("/v1/account/accounts", accounts.accounts, 100),
    _read("/v1/account/accounts/{account_id}/balance", accounts.balance, 100),
    _read("/v1/account/history", ledgers.history, 5),
    _read("/v2/account/ledger", ledgers.ledger),
    _read("/v2/account/valuation", valuation.valuation, 3, 1),
    _read("/v2/user/uid", accounts.uid),
    _transfer("/v1/account/transfer", transfers.transfer_between_users),
    _transfer("/v2/account/transfer", transfers.transfer),
    _transfer("/v1/futures/transfer", transfers.futures_transfer),
    _read("/v2/account/deposit/address", payments.deposit_addresses, 20),
    _read("/v2/account/withdraw/quota", withdrawals.withdraw_quota, 20),
    _read("/v2/account/withdraw/address", payments.withdraw_addresses, 20),
    _withdrawal("/v1/dw/withdraw/api/create", withdrawals.withdraw),
    _withdrawal("/v1/dw/withdraw-virtual/{withdraw_id}/cancel", withdrawals.cancel_withdrawal, OPTIONAL_BODY),
    _read("/v1/query/withdraw/client-order-id", withdrawals.withdrawal_by_client_id, 20),
    _read("/v1/query/deposit-withdraw", payments.payments, 20),
)
