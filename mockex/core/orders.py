"""An order, its closed sets of terms, and the one table of its states.

The enums that are dict keys or hashed on every order are `IntEnum`: `Enum.__hash__` is Python code, an integer's is not.
"""

from __future__ import annotations

from copy import deepcopy
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mockex.core.units import Asset, Atoms, Instrument, Lots, Ticks

if TYPE_CHECKING:
    from mockex.core.book import PriceLevel
    from mockex.core.ledger import Account, Balance
    from mockex.core.matching import SelfTradePolicy
    from mockex.core.positions import Purpose


class Side(IntEnum):
    BUY = 1
    SELL = 2


# For the hot paths: looking a member up on its class costs ten times as much as a name of the module (Python 3.11).
BUY: Final = Side.BUY
SELL: Final = Side.SELL

OPPOSITE = {Side.BUY: Side.SELL, Side.SELL: Side.BUY}


class OrderType(Enum):
    LIMIT = "limit"
    MARKET = "market"


class TimeInForce(Enum):
    GTC = "good till cancelled"
    IOC = "immediate or cancel"
    FOK = "fill or kill"


class StopDirection(Enum):
    """Where the last price must come to, seen from a trigger price."""

    AT_OR_ABOVE = "at or above"
    AT_OR_BELOW = "at or below"


class StopTrigger(NamedTuple):
    """What lets a waiting order go: a trade at `price` or beyond it."""

    price: Ticks
    direction: StopDirection

    def is_met(self, low: Ticks, high: Ticks) -> bool:
        """Whether a price between `low` and `high` triggers."""
        return high >= self.price if self.direction is StopDirection.AT_OR_ABOVE else low <= self.price


class Liquidity(Enum):
    MAKER = "maker"
    TAKER = "taker"


class OrderStatus(IntEnum):
    NEW = 0  # being executed; never seen from outside
    OPEN = 1
    PARTIALLY_FILLED = 2
    FILLED = 3
    CANCELLED = 4  # with or without fills
    WAITING = 5  # for its trigger: holds its funds, is not in the book


_NEW: Final = OrderStatus.NEW
LIVE = frozenset({OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED, OrderStatus.WAITING})
"""Not at an end yet: the order rests, waits for its trigger, or is being executed."""


class OrderEvent(IntEnum):
    ACCEPT = 0
    FILL = 1
    COMPLETE = 2  # a fill that leaves nothing to do
    CANCEL = 3
    WAIT = 4  # accepted with a trigger
    TRIGGER = 5


ORDER_TRANSITIONS: dict[tuple[OrderStatus, OrderEvent], OrderStatus] = {
    (OrderStatus.NEW, OrderEvent.ACCEPT): OrderStatus.OPEN,
    (OrderStatus.NEW, OrderEvent.WAIT): OrderStatus.WAITING,
    (OrderStatus.WAITING, OrderEvent.TRIGGER): OrderStatus.OPEN,
    (OrderStatus.WAITING, OrderEvent.CANCEL): OrderStatus.CANCELLED,
    (OrderStatus.OPEN, OrderEvent.FILL): OrderStatus.PARTIALLY_FILLED,
    (OrderStatus.OPEN, OrderEvent.COMPLETE): OrderStatus.FILLED,
    (OrderStatus.OPEN, OrderEvent.CANCEL): OrderStatus.CANCELLED,
    (OrderStatus.PARTIALLY_FILLED, OrderEvent.FILL): OrderStatus.PARTIALLY_FILLED,
    (OrderStatus.PARTIALLY_FILLED, OrderEvent.COMPLETE): OrderStatus.FILLED,
    (OrderStatus.PARTIALLY_FILLED, OrderEvent.CANCEL): OrderStatus.CANCELLED,
}


class CancelReason(Enum):
    """Why an accepted order ended without being filled. The first three are whatever `CancelOrder` says."""

    REQUESTED = "requested"
    OPERATOR = "operator"
    TIMEOUT = "timeout"  # a dead man's switch
    IMMEDIATE_REMAINDER = "immediate remainder"  # what an IOC or market order could not fill; its type tells which
    NOT_FILLABLE = "not fillable"  # FOK
    WOULD_TAKE = "would take"  # post-only
    PRICE_BAND = "price band"  # the whole order, or what was left of it at the edge
    SELF_TRADE = "self trade"
    LIQUIDATION = "liquidation"  # of its position, or its account lost the money that it held to its positions


class Fill(NamedTuple):
    """One order's side of a trade, with the order's totals after it. A tuple because two are made for every trade."""

    fill_id: int  # the ledger entry that books what was received; of a contract, the only one
    paid_entry_id: int  # the ledger entry that books what was paid; one below `fill_id`, of a contract the same
    trade_id: int
    order: Order
    price: Ticks
    qty: Lots
    notional: Atoms
    fee: Atoms  # in the received asset; negative where the venue pays in that
    liquidity: Liquidity
    time_ns: int
    order_status: OrderStatus
    order_filled_qty: Lots
    order_filled_notional: Atoms
    match_id: int  # of the trade
    profit: Atoms  # realised by closing a contract's position, before fees; 0 otherwise
    rebate: Atoms  # in the paid asset, of a venue that pays in that; the fee is 0 then. Negative: a fee in the paid asset

    @property
    def charge(self) -> tuple[Asset, Atoms]:
        """What the venue took for a trade, and of which asset; negative where it paid."""
        instrument = self.order.instrument
        if self.order.purpose is not None:
            return instrument.quote, self.fee
        received, paid = (
            (instrument.base, instrument.quote) if self.order.side is Side.BUY else (instrument.quote, instrument.base)
        )
        return (paid, -self.rebate) if self.rebate else (received, self.fee)


_PLACE = frozenset({"level", "prev", "next"})
"""What of an order belongs to the book."""


class Order:
    """A client's order. Only the exchange changes it; `remaining_qty`, `level`, `prev` and `next` belong to the book.

    Exactly one of `order_qty` and `budget` is set: a market buy may be told what to spend instead of what to buy. A budget
    order has no remaining quantity; `budget_left` counts down instead. It never rests.
    `trigger` makes it a stop order and stays when that has come; `triggered_ns` is None until then. `self_trade`: what the
    order itself asks for, None for the venue's rule. `remark`: see `PlaceOrder`. `purpose`: what a contract's order does to
    which position; None of spot. `foreseen_cost`: what a market buy can cost before fees, where it holds these too.
    """

    __slots__ = (
        "account",
        "budget",
        "budget_left",
        "cancel_reason",
        "client_id",
        "created_ns",
        "filled_notional",
        "filled_qty",
        "fills",
        "foreseen_cost",
        "hold_balance",
        "hold_left",
        "instrument",
        "level",
        "limit_price",
        "next",
        "order_id",
        "order_qty",
        "order_type",
        "post_only",
        "prev",
        "purpose",
        "remaining_qty",
        "remark",
        "self_trade",
        "side",
        "status",
        "time_in_force",
        "trigger",
        "triggered_ns",
        "updated_ns",
    )

    def __init__(
        self,
        order_id: int,
        client_id: str | None,
        account: Account,
        instrument: Instrument,
        side: Side,
        order_type: OrderType,
        time_in_force: TimeInForce,
        limit_price: Ticks | None,
        order_qty: Lots | None,
        budget: Atoms | None,
        hold_balance: Balance,
        created_ns: int,
        post_only: bool = False,
        trigger: StopTrigger | None = None,
        self_trade: SelfTradePolicy | None = None,
        remark: str | None = None,
        purpose: Purpose | None = None,
    ) -> None:
        """Positional where orders are made by the thousand: a class called with names builds a dict of them first."""
        self.order_id = order_id
        self.client_id = client_id
        self.account = account
        self.instrument = instrument
        self.side = side
        self.order_type = order_type
        self.time_in_force = time_in_force
        self.post_only = post_only
        self.trigger = trigger
        self.triggered_ns: int | None = None
        self.self_trade = self_trade
        self.purpose = purpose
        self.remark = remark
        self.limit_price = limit_price
        self.order_qty = order_qty
        self.budget = budget
        self.remaining_qty: Lots = 0 if order_qty is None else order_qty
        self.budget_left: Atoms = 0 if budget is None else budget
        self.foreseen_cost: Atoms = 0
        self.filled_qty: Lots = 0
        self.filled_notional: Atoms = 0
        self.hold_balance = hold_balance
        self.hold_left: Atoms = 0
        self.status: OrderStatus = _NEW
        self.cancel_reason: CancelReason | None = None
        self.created_ns = created_ns
        self.updated_ns = created_ns
        self.fills: list[Fill] | None = None  # most orders of a market maker never get one
        self.level: PriceLevel | None = None
        self.prev: Order | None = None
        self.next: Order | None = None

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    def __deepcopy__(self, memo: dict[int, Any]) -> Order:
        """All but its place in the book, which the copy of its price level gives it."""
        order = memo[id(self)] = Order.__new__(Order)
        order.level = order.prev = order.next = None
        for name in Order.__slots__:
            if name not in _PLACE:
                setattr(order, name, deepcopy(getattr(self, name), memo))
        return order

    def __repr__(self) -> str:
        return (
            f"<Order {self.order_id} {self.instrument.symbol} {self.side.name} {self.order_qty or self.budget}"
            f"@{self.limit_price} {self.status.name}>"
        )
