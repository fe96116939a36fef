"""Balances (cs§7.3)."""

from __future__ import annotations

from mockex.core.units import Wallet
from mockex.venues.coinstore import codec
from mockex.venues.coinstore.envelopes import plain
from mockex.venues.coinstore.orders import body_of
from mockex.wire.credentials import Permission
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

AVAILABLE, FROZEN = (1, "AVAILABLE"), (4, "FROZEN")


def account_list(call: Call) -> WireResponse:
    """Two rows for every currency, what is frozen before what is free, also where both are 0 (cs§7.3)."""
    body_of(call)
    account, state = call.desk.account(call.account_id), call.state
    rows: list[codec.Row] = []
    for code, asset in call.desk.exchange.assets.items():
        balance = account.wallets[Wallet.SPOT].get(code)
        held, total = (0, 0) if balance is None else (balance.held, balance.total)
        for (number, name), amount in ((FROZEN, held), (AVAILABLE, total - held)):
            rows.append(
                {
                    "uid": state.uid(call.account_id),
                    "accountId": state.account_number(call.account_id),
                    "currency": code,
                    "balance": codec.amount_text(asset, amount),
                    "type": number,
                    "typeName": name,
                }
            )
    return plain(rows)


ACCOUNT_ROUTES = (Route(method="POST", path="/api/spot/accountList", handler=account_list, permission=Permission.READ),)
