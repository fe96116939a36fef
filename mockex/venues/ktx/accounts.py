"""Balances over REST (ktx§7). One account for spot and perpetuals (proposed)."""

from __future__ import annotations

from mockex.core.units import Wallet
from mockex.venues.ktx import codec
from mockex.venues.ktx.auth import VIEW
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.params import of_query, values_of
from mockex.wire.decimals import plain
from mockex.wire.json import number
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

WALLET = Wallet.SPOT


def accounts(call: Call) -> WireResponse:
    """Numbers here, texts on the stream. All assets that the venue has, or those named, each once; an asset that it does not
    have is left out (proposed).
    """
    of_query(call)
    account, assets = call.desk.account(call.account_id), call.desk.exchange.assets
    named = values_of(call, "asset")
    rows: list[codec.Row] = []
    for code in assets if named is None else dict.fromkeys(named):
        if code not in assets:
            continue
        balance, decimals = account.wallets[WALLET].get(code), assets[code].decimals
        total, held = (0, 0) if balance is None else (balance.total, balance.held)
        rows.append({"asset": code, "balance": number(plain(total, decimals)), "holds": number(plain(held, decimals))})
    return reply(call, rows)


ACCOUNT_ROUTES = (Route(method="GET", path="/api/v1/accounts", handler=accounts, permission=VIEW),)
