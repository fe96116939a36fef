"""One rule of a fault plan: where it looks, when it strikes, what it does; and how often it has.

Owns matching and counting. Knows no venue and no socket, draws from the generator handed in and from nothing else.
Invariants: a rule counts every match, whether it strikes or another rule comes first, and draws once for each; so what one rule
does never depends on the others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mockex.core.events import Event, OrderAccepted, OrderCancelled, OrderFilled, OrderTriggered
from mockex.core.exchange import Exchange
from mockex.core.orders import OrderStatus
from mockex.wire.chaos.actions import ACTIONS, PER_CENT, Action, Occasion, Value
from mockex.wire.routing import Route

NS_PER_MS = 1_000_000

STATES: Mapping[str, OrderStatus] = {
    "order_open": OrderStatus.OPEN,
    "order_partly_filled": OrderStatus.PARTIALLY_FILLED,
    "order_filled": OrderStatus.FILLED,
    "order_cancelled": OrderStatus.CANCELLED,
    "order_waiting": OrderStatus.WAITING,
}


class Scene(NamedTuple):
    """What is about to happen. `account_id`: of the key or connection that it concerns, where one is known.

    `event`: of a push about an order, what happened to it.
    """

    occasion: Occasion
    account_id: str | None = None
    route: Route | None = None
    operation: str | None = None
    socket: str | None = None
    channel: str | None = None
    opening: bool = False
    event: Event | None = None
    has_checksum: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """All that is given must match. `routes` and `operations` are those that the rule's pattern names."""

    routes: frozenset[tuple[str, str]] | None = None  # method and template
    operations: frozenset[str] | None = None
    channel: re.Pattern[str] | None = None
    socket: str | None = None
    account_id: str | None = None
    opening: bool | None = None

    def meets(self, scene: Scene) -> bool:
        if self.account_id is not None and self.account_id != scene.account_id:
            return False
        if self.socket is not None and self.socket != scene.socket:
            return False
        if self.routes is not None and (scene.route is None or (scene.route.method, scene.route.path) not in self.routes):
            return False
        if self.operations is not None and scene.operation not in self.operations:
            return False
        if self.channel is not None and (scene.channel is None or not self.channel.fullmatch(scene.channel)):
            return False
        return self.opening is None or self.opening is scene.opening


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Of `nth`, `first`, `after`, `every` and `percent` (in millionths of a per cent) at most one is set; none: every match.

    `state` and the span (`from_ns` to `until_ns`, exclusive, since the plan was made) decide what counts as a match.
    """

    nth: int | None = None
    first: int | None = None
    after: int | None = None
    every: int | None = None
    percent: int | None = None
    state: OrderStatus | None = None
    from_ns: int = 0
    until_ns: int | None = None
    times: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it asks for matches at all, or for a time alone."""
        return any(each is not None for each in (self.nth, self.first, self.after, self.every, self.percent, self.state))


@dataclass(slots=True, kw_only=True, eq=False)
class Rule:
    """`made_ns`: when its plan was made. `given`: where, when and what as its author wrote them, for the list.

    `shorthand`: made by the old call for planned errors; it leaves the plan once it is used up.
    """

    name: str
    action: Action
    arguments: Mapping[str, Value]
    occasions: frozenset[Occasion]
    where: Where
    when: When
    rng: random.Random
    made_ns: int
    given: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    shorthand: bool = False
    matched: int = 0
    fired: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether it has fired as often as it may."""
        limit = 1 if ACTIONS[self.action].once else self.when.times
        return limit is not None and self.fired >= limit

    def span_ns(self, argument: str = "ms") -> int | None:
        """An argument in ns; None if it was left out."""
        value = self.arguments.get(argument)
        return None if value is None else int(value) * NS_PER_MS

    def strikes(self, scene: Scene, exchange: Exchange, now_ns: int) -> bool:
        """Counts the scene if it matches, and says whether this match is one to strike at."""
        if scene.occasion not in self.occasions or not self.where.meets(scene):
            return False
        if self.action is Action.CORRUPT_CHECKSUM and not scene.has_checksum:
            return False
        when, elapsed_ns = self.when, now_ns - self.made_ns
        if elapsed_ns < when.from_ns or (when.until_ns is not None and elapsed_ns >= when.until_ns):
            return False
        if when.state is not None and not _in_state(scene, exchange, when.state):
            return False
        self.matched += 1
        return self._is_due() and not self.is_spent

    def _is_due(self) -> bool:
        when, count = self.when, self.matched
        if when.percent is not None:
            return self.rng.randrange(100 * PER_CENT) < when.percent
        if when.nth is not None:
            return count == when.nth
        if when.first is not None:
            return count <= when.first
        if when.after is not None:
            return count > when.after
        return when.every is None or count % when.every == 0


def _in_state(scene: Scene, exchange: Exchange, status: OrderStatus) -> bool:
    """Of a pushed order: whether it is in that state. Of anything else: whether the account has an order that is."""
    match scene.event:
        case OrderAccepted(order=order):
            return status is (OrderStatus.OPEN if order.trigger is None else OrderStatus.WAITING)
        case OrderTriggered():
            return status is OrderStatus.OPEN
        case OrderFilled(fill=fill):
            return status is fill.order_status
        case OrderCancelled():
            return status is OrderStatus.CANCELLED
    account = None if scene.account_id is None else exchange.accounts.get(scene.account_id)
    if account is None:
        return False
    statuses = frozenset({status})
    return bool(exchange.orders.page(account, exchange.markets, statuses, older_than=None, newer_than=None, limit=1))


def glob(pattern: str) -> re.Pattern[str]:
    """A pattern in which `*` stands for any text, and every other character for itself."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def named(pattern: str, names: Iterable[str]) -> frozenset[str]:
    """The names that a pattern means."""
    regex = glob(pattern)
    return frozenset(name for name in names if regex.fullmatch(name))
