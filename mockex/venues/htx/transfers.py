"""Money between a customer's own accounts, and from one customer to another, at once. Source: htx§3.3.

Which customers are users of one family nobody says: everybody here is (ASSUMED), but only the giver may give. Contracts are not
traded here, so their accounts take and give back money and do no more.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.commands import TransferFunds
from mockex.core.events import FundsTransferred
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms, Wallet
from mockex.venues.htx.account_calls import Refusals, asset_of, body_params, carry_out, positive_atoms
from mockex.venues.htx.account_errors import AccountFault
from mockex.venues.htx.codec import ms
from mockex.venues.htx.envelopes import reply, v1
from mockex.venues.htx.identities import identities_of, number_of, own_uid
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

# `from` and `to` of v2. One of them is spot (ASSUMED from the endpoint's title).
_WALLETS: Mapping[str, Wallet] = {
    "spot": Wallet.SPOT,
    "otc": Wallet.FUNDING,
    "futures": Wallet.FUTURES,
    "swap": Wallet.COIN_SWAP,
    "linear-swap": Wallet.LINEAR_SWAP,
}
_FUTURES_TRANSFERS: Mapping[str, tuple[Wallet, Wallet]] = {
    "pro-to-futures": (Wallet.SPOT, Wallet.FUTURES),
    "futures-to-pro": (Wallet.FUTURES, Wallet.SPOT),
}

_REFUSALS: Refusals = {
    RejectReason.INSUFFICIENT_FUNDS: AccountFault.TRANSFER_FUNDS,
    RejectReason.SAME_WALLET: AccountFault.TRANSFER_IMPOSSIBLE,
}

_SPOT = "spot"  # the only type of account that the document lets users transfer between, margin apart


def transfer_between_users(call: Call) -> WireResponse:
    """From the caller's spot account to that of any customer. Account ids and uids have to fit each other."""
    params = body_params(call)
    giver = _user(call, params, "from")
    taker = _user(call, params, "to")
    asset = asset_of(call, params.text("currency"))
    amount = positive_atoms(params, "amount")
    if giver != call.account_id:
        raise ApiFault(AccountFault.TRANSFER_USER)
    done = _transfer(call, asset, amount, Wallet.SPOT, Wallet.SPOT, recipient_id=taker)
    return v1(call, {"transact-id": done.transfer_id, "transact-time": ms(call.desk.clock.now_ns())})


def _user(call: Call, params: Params, end: str) -> str:
    """Whom one end of the transfer names: a uid, a type, and the account of both."""
    uid, number = _number(params, f"{end}-user"), _number(params, f"{end}-account")
    if params.text(f"{end}-account-type") != _SPOT:
        raise ApiFault(FaultKind.PARAM_VALUE, field=f"{end}-account-type")
    ids = identities_of(call)
    name = ids.customer(uid)
    if name is None or ids.account_number(name, Wallet.SPOT) != number:
        raise ApiFault(RejectReason.ACCOUNT_UNKNOWN, value=str(number), user=str(own_uid(call)))
    return name


def _number(params: Params, name: str) -> int:
    value = params.raw(name)
    if value is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field=name)
    found = number_of(value)
    if found is None:
        raise ApiFault(FaultKind.PARAM_FORMAT, field=name)
    return found


def transfer(call: Call) -> WireResponse:
    """Between spot and another of the caller's accounts. `margin-account` is for contracts and changes nothing here."""
    params = body_params(call)
    source, target = params.choice("from", _WALLETS), params.choice("to", _WALLETS)
    asset = asset_of(call, params.text("currency"))
    amount = positive_atoms(params, "amount")
    if Wallet.SPOT not in (source, target):
        raise ApiFault(AccountFault.TRANSFER_IMPOSSIBLE)
    done = _transfer(call, asset, amount, source, target)
    return reply(call, {"code": 200, "data": done.transfer_id, "message": "Succeed", "success": True})


def futures_transfer(call: Call) -> WireResponse:
    """The older way to and from the account of coin-margined futures."""
    params = body_params(call)
    asset = asset_of(call, params.text("currency"))
    amount = positive_atoms(params, "amount")
    source, target = params.choice("type", _FUTURES_TRANSFERS)
    return v1(call, _transfer(call, asset, amount, source, target).transfer_id)


def _transfer(
    call: Call, asset: str, amount: Atoms, source: Wallet, target: Wallet, recipient_id: str | None = None
) -> FundsTransferred:
    done = carry_out(
        call,
        TransferFunds(
            account_id=call.account_id, asset=asset, amount=amount, source=source, target=target, recipient_id=recipient_id
        ),
        _REFUSALS,
    )
    assert isinstance(done, FundsTransferred), f"a transfer began with {done!r}"
    return done
