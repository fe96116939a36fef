"""A customer's accounts, their balances, and the customer's own number. Source: htx§3.3."""

from __future__ import annotations

from mockex.venues.htx.account_codec import encode_account, encode_balances
from mockex.venues.htx.envelopes import reply, v1
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.identities import ACCOUNT_TYPES, account_of, identities_of, own_uid
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call


def accounts(call: Call) -> WireResponse:
    """Accounts of contracts are not among them, nor in the reach of the next call: they belong to other interfaces."""
    account, ids = call.desk.account(call.account_id), identities_of(call)
    return v1(call, [encode_account(account, wallet, ids) for wallet in ACCOUNT_TYPES])


def balance(call: Call) -> WireResponse:
    wallet = account_of(call, call.path_params["account_id"], HtxFault.BALANCE_ACCOUNT_UNKNOWN)
    account = call.desk.account(call.account_id)
    return v1(call, encode_balances(account, wallet, call.desk.exchange.assets, identities_of(call)))


def uid(call: Call) -> WireResponse:
    return reply(call, {"code": 200, "data": own_uid(call)})
