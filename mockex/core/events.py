"""What an exchange did, in order. Events are tuples: several are made for every order.

An event names the order it is about, and carries what of it may have moved on by the time somebody reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mockex.core.ledger import BOOKED, Balance, BalanceCause
from mockex.core.orders import CancelReason, Fill, Order, Side
from mockex.core.payments import Payment
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms, Lots, Ticks, Wallet

if TYPE_CHECKING:
    from mockex.core.conditionals import ConditionalOrder, ConditionalStatus
    from mockex.core.positions import Position


class OrderAccepted(NamedTuple):
    """The order exists. Fills and its end follow as events of their own. One with a trigger waits from now on."""

    order: Order
    time_ns: int


class OrderTriggered(NamedTuple):
    """A waiting order's trigger has come: from here on it is like any limit order. What it trades and how it rests or ends
    follows.
    """

    order: Order
    time_ns: int


class OrderRested(NamedTuple):
    """What is left of the order stands in the book now."""

    order: Order


class OrderFilled(NamedTuple):
    fill: Fill


class OrderCancelled(NamedTuple):
    """The order ended; what it had filled stays. `rested`: it stood in the book until now. `waited`: for its trigger."""

    order: Order
    reason: CancelReason
    time_ns: int
    rested: bool
    waited: bool


class ConditionalChanged(NamedTuple):
    """A conditional order came, or ended with that status. What the order that it became does follows."""

    conditional: ConditionalOrder
    status: ConditionalStatus
    time_ns: int


class Rejected(NamedTuple):
    """The command changed nothing. `subject` is the value that broke the rule, `limit` the rule's, where there is one."""

    reason: RejectReason
    subject: str = ""
    limit: str = ""


class Trade(NamedTuple):
    """One match of two orders, as the public sees it. All trades that one order makes as it arrives share their `match_id`."""

    trade_id: int
    symbol: str
    price: Ticks
    qty: Lots
    notional: Atoms
    taker_side: Side
    time_ns: int
    match_id: int


class BalanceChanged(NamedTuple):
    """Once per command and balance, after everything else that the command did. `cause`: see `BalanceCause`."""

    balance: Balance
    total: Atoms
    held: Atoms
    time_ns: int
    cause: BalanceCause

    @property
    def total_changed(self) -> bool:
        """Whether entries were booked; if not, money was only set aside or given back."""
        return self.cause in BOOKED


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


class MarkPriceChanged(NamedTuple):
    symbol: str
    price: Ticks
    time_ns: int


class PositionChanged(NamedTuple):
    """Once per command and position, after all orders' events: what it is now. One without quantity and orders is gone."""

    position: Position
    qty: Lots
    cost: Atoms
    margin: Atoms
    order_margin: Atoms
    time_ns: int


class PositionLiquidated(NamedTuple):
    """A position was closed by force with `order`, whose events stand before. What the book did not take, `taken_qty`, the
    insurance fund took for `taken_notional`.
    """

    position: Position
    order: Order | None
    mark: Ticks
    taken_qty: Lots
    taken_notional: Atoms
    time_ns: int


class FundingSettled(NamedTuple):
    """A contract's funding was paid at that rate (billionths) and mark price."""

    symbol: str
    rate: int
    mark: Ticks | None
    time_ns: int


class FundingPaid(NamedTuple):
    """`amount` is signed: negative is paid, positive received."""

    position: Position
    amount: Atoms
    rate: int
    mark: Ticks
    time_ns: int


Event: TypeAlias = (
    OrderAccepted
    | OrderTriggered
    | OrderRested
    | OrderFilled
    | OrderCancelled
    | ConditionalChanged
    | Rejected
    | Trade
    | BalanceChanged
    | FundsTransferred
    | PaymentChanged
    | AccountChanged
    | PhaseChanged
    | MarkPriceChanged
    | PositionChanged
    | PositionLiquidated
    | FundingSettled
    | FundingPaid
)
