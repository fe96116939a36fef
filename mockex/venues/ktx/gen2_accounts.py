"""The two accounts of `gen2`: one to trade with and the main one, and transfers between them. Source: ktx§14, and the vendor's
document of 2026.

Trading is of the trade account alone; it is the one account that `gen1` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from mockex.core.commands import TransferFunds
from mockex.core.events import Rejected
from mockex.core.rejects import RejectReason
from mockex.core.units import Asset, Atoms, Wallet
from mockex.venues.ktx.accounts import WALLET as TRADE_WALLET
from mockex.venues.ktx.auth import TRADE, VIEW
from mockex.venues.ktx.codec import Row, amount_text
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.gen2 import balance_row, plain_balance_row
from mockex.venues.ktx.params import KtxParams, of_body, of_query, values_of
from mockex.wire.credentials import Permission
from mockex.wire.decimals import to_units
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

MAIN_WALLET = Wallet.FUNDING

# Out of which wallet, into which.
_WAYS: Mapping[str, tuple[Wallet, Wallet]] = {
    "WALLET_TRADE": (MAIN_WALLET, TRADE_WALLET),
    "TRADE_WALLET": (TRADE_WALLET, MAIN_WALLET),
}
_INWARDS = "WALLET_TRADE"

EncodeBalance = Callable[[Asset, Atoms, Atoms], Row]


def trade_accounts(call: Call) -> WireResponse:
    """As the one list of accounts of `gen1`, in other words."""
    of_query(call)
    return reply(call, _rows(call, TRADE_WALLET, values_of(call, "asset"), balance_row))


def main_accounts(call: Call) -> WireResponse:
    """By POST as in the history of the document, by GET as in its latest state."""
    if call.request.method == "GET":
        of_query(call)
        named = values_of(call, "asset")
    else:
        text = of_body(call).optional_text("asset")
        named = None if text is None else text.split(",")
    return reply(call, _rows(call, MAIN_WALLET, named, plain_balance_row))


def _rows(call: Call, wallet: Wallet, named: Iterable[str] | None, encode: EncodeBalance) -> list[Row]:
    balances, assets = call.desk.account(call.account_id).wallets[wallet], call.desk.exchange.assets
    rows: list[Row] = []
    for code in assets if named is None else dict.fromkeys(named):
        if code in assets:
            balance = balances.get(code)
            rows.append(encode(assets[code], balance.total if balance else 0, balance.held if balance else 0))
    return rows


def transfer(call: Call) -> WireResponse:
    """What the trade account has of it afterwards (ASSUMED which of the two). The type says which way; an amount below zero is
    of the way out, and may not contradict it. A `transfer_id` is good once (ASSUMED).
    """
    params = of_body(call, required=("symbol", "amount", "type"))
    source, target = params.choice("type", _WAYS)
    wanted, own_id = params.decimal("amount"), params.optional_text("transfer_id")
    asset = call.desk.exchange.assets.get(params.text("symbol"))
    if asset is None:
        raise ApiFault(FaultKind.ASSET_UNKNOWN)
    amount = _amount(asset, wanted, params)
    if own_id is not None and call.state.knows_transfer(call.account_id, own_id):
        raise ApiFault(KtxFault.TRANSFER_DUPLICATE)
    first = call.desk.execute(
        TransferFunds(account_id=call.account_id, asset=asset.code, amount=amount, source=source, target=target)
    )[0]
    if isinstance(first, Rejected):
        short = first.reason is RejectReason.INSUFFICIENT_FUNDS
        raise ApiFault(KtxFault.AMOUNT_UNCOVERED if short else first.reason, value=first.subject)
    if own_id is not None:
        call.state.note_transfer(call.account_id, own_id)
    balance = call.desk.account(call.account_id).balance(TRADE_WALLET, asset.code)
    return reply(call, {"asset": asset.code, "balance": amount_text(asset, balance.total)})


def _amount(asset: Asset, wanted: Decimal, params: KtxParams) -> Atoms:
    units, exact = to_units(abs(wanted), asset.decimals)
    if not units or not exact or (wanted < 0 and params.text("type") == _INWARDS):
        raise ApiFault(KtxFault.TRANSFER_INVALID, field="amount")
    return units


def not_implemented(call: Call) -> WireResponse:
    """Money does not come from outside here, nor go there, and there are no accounts below accounts."""
    raise ApiFault(KtxFault.NOT_IMPLEMENTED)


ACCOUNT_ROUTES = (
    Route(method="GET", path="/papi/v1/trade/accounts", handler=trade_accounts, permission=VIEW),
    Route(method="POST", path="/papi/v1/main/accounts", handler=main_accounts, permission=VIEW),
    Route(method="GET", path="/papi/v1/main/accounts", handler=main_accounts, permission=VIEW),
    Route(method="POST", path="/papi/v1/transfer", handler=transfer, permission=TRADE),
    Route(method="POST", path="/papi/v1/subaccount/transfer", handler=not_implemented, permission=TRADE),
    Route(method="POST", path="/papi/v1/withdraw", handler=not_implemented, permission=Permission.WITHDRAW),
    Route(method="POST", path="/papi/v1/depositAddr", handler=not_implemented, permission=VIEW),
)
