"""Everything that can be asked of an exchange. `Exchange.execute` takes one of these; nothing else changes its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mockex.core.contract_terms import PositionTerms
from mockex.core.markets import MarketPhase
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import CancelReason, OrderType, Side, StopTrigger, TimeInForce
from mockex.core.payments import PaymentEvent, PaymentKind, PaymentStatus
from mockex.core.units import Atoms, Lots, Ticks, Wallet


@dataclass(slots=True, kw_only=True, unsafe_hash=True)  # frozen, making one would cost four times as much
class PlaceOrder:
    """A limit order has `limit_price` and `order_qty`; a market order has exactly one of `order_qty` and `budget`.

    A limit order with a `trigger` waits outside the book until a trade reaches that. `self_trade` stands in for the venue's
    rule when this order takes; when it rests, the one that meets it decides. `open_orders_cap`: an order that could stay is
    refused when the account has that many live ones already, in all instruments. `position`: needed for contracts, and for
    nothing else. `remark`: a text of the client's that the exchange only keeps.
    One is made for every order that comes in, and nobody changes it.
    """

    account_id: str
    symbol: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    limit_price: Ticks | None = None
    order_qty: Lots | None = None
    budget: Atoms | None = None
    client_id: str | None = None
    trigger: StopTrigger | None = None
    self_trade: SelfTradePolicy | None = None
    open_orders_cap: int | None = None
    position: PositionTerms | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """By `order_id`. `symbol`, when given, must be the order's own."""

    account_id: str
    order_id: int
    symbol: str | None = None
    reason: CancelReason = CancelReason.REQUESTED


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceConditional:
    """Places `order`, which has no trigger of its own, once a trade reaches `trigger`; until then nothing is held, and what is
    wrong with the order by then is found by then. `trail_ppm`: see `ConditionalOrder`.
    """

    order: PlaceOrder
    trigger: StopTrigger
    trail_ppm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelConditional:
    """One that still waits, by its own `order_id`."""

    account_id: str
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFunds:
    """Between two wallets, at once: of one account, or into the target of the account `recipient_id`."""

    account_id: str
    asset: str
    amount: Atoms
    source: Wallet
    target: Wallet
    recipient_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayment:
    """A deposit or withdrawal. It then moves by itself, step by step, or when told (`StepPayment`).

    `fee` is paid on top of a withdrawal's `amount`, and out of a deposit's. `recipient_id`: the account of this venue that an
    internal withdrawal goes to. `needs_review`: it passes a review.
    """

    account_id: str
    kind: PaymentKind
    asset: str
    amount: Atoms
    wallet: Wallet
    fee: Atoms = 0
    chain: str = ""
    address: str = ""
    tag: str = ""
    recipient_id: str | None = None
    needs_review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPayment:
    """`expected_status`: do nothing unless the payment is in that state still, and has been `expected_since_ns`."""

    payment_id: int
    event: PaymentEvent
    expected_status: PaymentStatus | None = None
    expected_since_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustBalance:
    """Sets what an account has by moving `amount` (signed) from or to the outside, without a payment."""

    account_id: str
    wallet: Wallet
    asset: str
    amount: Atoms


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """`keeps_history`: see `Account`."""

    account_id: str
    keeps_history: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeAccount:
    """Stops or allows the account's orders, transfers and payments. `wallet`: only what touches that wallet."""

    account_id: str
    frozen: bool
    wallet: Wallet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPhase:
    """Halts or resumes an instrument, or puts it into an auction. Resting orders stay."""

    symbol: str
    phase: MarketPhase


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLeverage:
    """Of a position of the account, empty or not."""

    account_id: str
    position_id: int
    leverage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMargin:
    """Adds `amount` to the margin of an isolated position of the account; below zero, takes it away."""

    account_id: str
    position_id: int
    amount: Atoms


@dataclass(frozen=True, slots=True, kw_only=True)
class SetIndexPrice:
    """An operator's index for a contract, in its ticks; None: that of the index instrument again."""

    symbol: str
    price: Ticks | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMarkPrice:
    """An operator's mark price for a contract, in its ticks, whatever the market does; None: the median again."""

    symbol: str
    price: Ticks | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFundingRate:
    """An operator's rate for a contract's next payments, in billionths; None: the predicted one again."""

    symbol: str
    rate: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleFunding:
    """Pays a contract's funding. The exchange asks for it itself, at `due_ns`; at any other time it does nothing."""

    symbol: str
    due_ns: int


Command: TypeAlias = (
    PlaceOrder
    | CancelOrder
    | PlaceConditional
    | CancelConditional
    | TransferFunds
    | StartPayment
    | StepPayment
    | AdjustBalance
    | OpenAccount
    | FreezeAccount
    | SetPhase
    | ChangeLeverage
    | MoveMargin
    | SetIndexPrice
    | SetMarkPrice
    | SetFundingRate
    | SettleFunding
)
