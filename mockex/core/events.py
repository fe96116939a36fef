"""What an exchange did, in order. Events are tuples: several are made for every order.

An event names the order it is about, and carries what of it may have moved on by the time somebody reads it.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from mockex.core.ledger import Balance
from mockex.core.orders import CancelReason, Fill, Order, Side
from mockex.core.payments import Payment
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms, Lots, Ticks, Wallet


class OrderAccepted(NamedTuple):
    """The order exists. Fills and its end follow as events of their own."""

    order: Order
    time_ns: int


class OrderRested(NamedTuple):
    """What is left of the order stands in the book now."""

    order: Order


class OrderFilled(NamedTuple):
    fill: Fill


class OrderCancelled(NamedTuple):
    """The order ended; what it had filled stays. `rested`: it stood in the book until now."""

    order: Order
    reason: CancelReason
    time_ns: int
    rested: bool


class Rejected(NamedTuple):
    """The command changed nothing. `subject` is the value that broke the rule, `limit` the rule's, where there is one."""

    reason: RejectReason
    subject: str = ""
    limit: str = ""


class Trade(NamedTuple):
    """One match, as the public sees it."""

    trade_id: int
    symbol: str
    price: Ticks
    qty: Lots
    notional: Atoms
    taker_side: Side
    time_ns: int


class BalanceChanged(NamedTuple):
    """Once per command and balance, after everything else that the command did."""

    balance: Balance
    total: Atoms
    held: Atoms
    time_ns: int


class FundsTransferred(NamedTuple):
    transfer_id: int
    account_id: str
    asset: str
    amount: Atoms
    source: Wallet
    target: Wallet


class PaymentChanged(NamedTuple):
    payment: Payment


class AccountChanged(NamedTuple):
    """Opened, frozen or thawed."""

    account_id: str


class PhaseChanged(NamedTuple):
    symbol: str


Event: TypeAlias = (
    OrderAccepted
    | OrderRested
    | OrderFilled
    | OrderCancelled
    | Rejected
    | Trade
    | BalanceChanged
    | FundsTransferred
    | PaymentChanged
    | AccountChanged
    | PhaseChanged
)
