"""HTX's words for what an order asks for, what became of it and why it ended. Source: htx§4.

A type on the wire is side, execution and trigger in one word: `buy-stop-limit-fok`. Every member of the core's sets has a word
here, and every type that the venue lists is an order of the core.
What of an order only this venue knows is its `source`: the core keeps it as the order's `remark`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockex.core.orders import CancelReason, Liquidity, Order, OrderStatus, OrderType, Side, StopDirection, TimeInForce
from mockex.core.policy import SECOND_NS

SIDES: Mapping[str, Side] = {"buy": Side.BUY, "sell": Side.SELL}
SIDE_WORDS: Mapping[Side, str] = {side: word for word, side in SIDES.items()}


class Execution(NamedTuple):
    """How an order trades, apart from its side. `stops`: it waits for a trigger first."""

    order_type: OrderType
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    stops: bool = False


class Terms(NamedTuple):
    """A type of the wire."""

    side: Side
    execution: Execution


EXECUTIONS: Mapping[str, Execution] = {
    "market": Execution(OrderType.MARKET, TimeInForce.IOC),
    "limit": Execution(OrderType.LIMIT),
    "ioc": Execution(OrderType.LIMIT, TimeInForce.IOC),
    "limit-maker": Execution(OrderType.LIMIT, post_only=True),
    "limit-fok": Execution(OrderType.LIMIT, TimeInForce.FOK),
    "stop-limit": Execution(OrderType.LIMIT, stops=True),
    "stop-limit-fok": Execution(OrderType.LIMIT, TimeInForce.FOK, stops=True),
}
_EXECUTION_WORDS: Mapping[Execution, str] = {execution: word for word, execution in EXECUTIONS.items()}

TYPES: Mapping[str, Terms] = {
    f"{side_word}-{word}": Terms(side, execution)
    for side_word, side in SIDES.items()
    for word, execution in EXECUTIONS.items()
}  # fmt: skip

OPERATORS: Mapping[str, StopDirection] = {"gte": StopDirection.AT_OR_ABOVE, "lte": StopDirection.AT_OR_BELOW}
OPERATOR_WORDS: Mapping[StopDirection, str] = {direction: word for word, direction in OPERATORS.items()}

ROLE_WORDS: Mapping[Liquidity, str] = {Liquidity.MAKER: "maker", Liquidity.TAKER: "taker"}

# htx§4.8. The first is what an order says that says nothing, and what orders from elsewhere show (ASSUMED).
SOURCES = ("spot-api", "api", "spot-web", "web", "app", "sys", "margin-api", "super-margin-api", "c2c-margin-api")
DEFAULT_SOURCE = SOURCES[0]


def type_word(order: Order) -> str:
    """As it was placed: what REST shows, also once a stop order has been triggered (ASSUMED, htx§4.1)."""
    return _type_word(order, stops=order.trigger is not None)


def live_type_word(order: Order) -> str:
    """As it stands: a stop order that was triggered is a limit order, in the events of a socket (htx§4.1)."""
    return _type_word(order, stops=order.trigger is not None and order.triggered_ns is None)


def _type_word(order: Order, *, stops: bool) -> str:
    in_force = TimeInForce.IOC if order.order_type is OrderType.MARKET else order.time_in_force
    execution = Execution(order.order_type, in_force, order.post_only, stops)
    return f"{SIDE_WORDS[order.side]}-{_EXECUTION_WORDS[execution]}"


def source_word(order: Order) -> str:
    return order.remark or DEFAULT_SOURCE


# --- states


class State(NamedTuple):
    """A state of an order: its word, and its number in the answers to cancels (htx§3.4)."""

    word: str
    number: int


CREATED = State("created", 1)  # the numbers of the first three are unverified
SUBMITTED = State("submitted", 3)
PARTIAL_FILLED = State("partial-filled", 4)
FILLED = State("filled", 6)
PARTIAL_CANCELED = State("partial-canceled", 5)
CANCELED = State("canceled", 7)

# What an answer to a cancel says besides.
CLOSED_LONG_AGO, NOT_FOUND, CANCELING = -1, 0, 10

# How long ago is long ago (ASSUMED): as long as a closed order is found by its client id (htx§4.6).
LONG_AGO_NS = 2 * 3_600 * SECOND_NS

_STATES: Mapping[OrderStatus, State] = {
    OrderStatus.NEW: SUBMITTED,
    OrderStatus.OPEN: SUBMITTED,
    OrderStatus.PARTIALLY_FILLED: PARTIAL_FILLED,
    OrderStatus.FILLED: FILLED,
    OrderStatus.CANCELLED: CANCELED,
    OrderStatus.WAITING: CREATED,
}

# What a list may ask for (htx§3.4, htx§4.4). `canceling` passes between an answer and the state that follows it at once, and
# `pre-submitted` is never seen: both match nothing.
STATE_QUERIES: Mapping[str, State | None] = {
    **{state.word: state for state in (CREATED, SUBMITTED, PARTIAL_FILLED, FILLED, PARTIAL_CANCELED, CANCELED)},
    "pre-submitted": None,
    "canceling": None,
}

# The statuses among which orders of a state are found.
STATE_STATUSES: Mapping[State, frozenset[OrderStatus]] = {
    CREATED: frozenset({OrderStatus.WAITING}),
    SUBMITTED: frozenset({OrderStatus.OPEN}),
    PARTIAL_FILLED: frozenset({OrderStatus.PARTIALLY_FILLED}),
    FILLED: frozenset({OrderStatus.FILLED}),
    PARTIAL_CANCELED: frozenset({OrderStatus.CANCELLED}),
    CANCELED: frozenset({OrderStatus.CANCELLED}),
}


def state_at(status: OrderStatus, filled_qty: int) -> State:
    """Of an order as an event left it."""
    return PARTIAL_CANCELED if status is OrderStatus.CANCELLED and filled_qty else _STATES[status]


def state_of(order: Order) -> State:
    return state_at(order.status, order.filled_qty)


# --- ends

# Why an order ended, as `canceled-source`; one that could not fill at once is named after its type.
_CANCEL_WORDS: Mapping[CancelReason, str] = {
    CancelReason.REQUESTED: "api",
    CancelReason.OPERATOR: "admin",
    CancelReason.TIMEOUT: "timeout-canceled-order",
    CancelReason.IMMEDIATE_REMAINDER: "ioc",
    CancelReason.NOT_FILLABLE: "fok",
    CancelReason.WOULD_TAKE: "limit_maker",
    CancelReason.PRICE_BAND: "market",  # the band holds for market orders alone (htx§4.3)
    CancelReason.SELF_TRADE: "self_match_prevent",
    CancelReason.LIQUIDATION: "admin",  # never: this venue has no contracts
}

# The numbers that REST has for them: only 116, of an order that was cancelled on the web, is known (htx§4.8). ASSUMED: the
# others count up around it in the order of the document's list.
_CANCEL_NUMBERS: Mapping[str, int] = {
    word: number
    for number, word in enumerate(
        ("timeout-canceled-order", "api", "user-actively-cancels-order-web", "admin", "self_match_prevent", "market", "fok",
         "ioc", "limit_maker"),
        start=114,
    )
}  # fmt: skip


def cancel_word(reason: CancelReason, order_type: OrderType) -> str:
    if reason is CancelReason.IMMEDIATE_REMAINDER and order_type is OrderType.MARKET:
        return "market"
    return _CANCEL_WORDS[reason]


def cancel_number(word: str) -> int:
    return _CANCEL_NUMBERS[word]
