"""An exchange whose payments move only when told, and what a payment finds there."""

from __future__ import annotations

from typing import Any

from exchange_rig import Rig, make_policy

from mockex.core.commands import StartPayment
from mockex.core.payments import PaymentKind
from mockex.core.units import Wallet


def make_rig() -> Rig:
    """alice has 100 COIN in her funding wallet; bob has nothing."""
    rig = Rig(policy=make_policy(payment_step_ns=None))
    rig.open("alice", Wallet.FUNDING, COIN=100)
    rig.open("bob")
    return rig


def command(kind: PaymentKind = PaymentKind.COIN_WITHDRAWAL, amount: int = 30, **terms: Any) -> StartPayment:
    wish: dict[str, Any] = {"account_id": "alice", "asset": "COIN", "wallet": Wallet.FUNDING}
    return StartPayment(kind=kind, amount=amount, **wish | terms)


def coins(rig: Rig, account_id: str = "alice") -> tuple[int, int]:
    """(total, held) of the funding wallet."""
    total, held = rig.funds(account_id, "COIN", Wallet.FUNDING)
    return int(total), int(held)
