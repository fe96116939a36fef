"""What a venue's handlers and streams work on: one exchange and everything around it that is not trading.

One `Desk` is one simulated venue in one world. Commands go through `execute`, so that every event reaches its topics.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from mockex.core.clock import VirtualClock
from mockex.core.commands import Command
from mockex.core.events import Event
from mockex.core.exchange import Exchange
from mockex.core.ledger import Account
from mockex.core.sequences import Sequences
from mockex.wire.chaos.plan import Chaos, MakeRng
from mockex.wire.chaos.sockets import meet_operation
from mockex.wire.connections import Connection
from mockex.wire.credentials import CredentialStore
from mockex.wire.fanout import Hub
from mockex.wire.limits import RateLimiter, RateRule, Verdict
from mockex.wire.recording import Recorder
from mockex.wire.venue import Listing, SocketSpec, Venue

FALLBACK_SOCKET = "fallback"
"""What the venue's WebSocket for all other paths is called among its sockets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who an account belongs to: made-up contact data that some venues show."""

    name: str
    email: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """`profile`: which of the venue's documented or observed behaviours. `switches`: the venue's own, all present.

    `limits_enabled` False lets every call pass the rate limits.
    """

    profile: str
    switches: Mapping[str, object]
    limits_enabled: bool = True

    @property
    def observed(self) -> bool:
        """Whether captures of the live service win over its document."""
        return self.profile == "observed"


class Desk:
    """`state` is the venue's own extra state, made by its `make_state`; only the venue's code looks into it. `listings`: those
    of the operator beside the venue's own, replacing those of the same symbol.
    """

    def __init__(
        self,
        *,
        venue: Venue,
        clock: VirtualClock,
        sequences: Sequences,
        settings: DeskSettings,
        exchange: Exchange,
        rng: random.Random,
        make_rng: MakeRng,
        listings: Iterable[Listing] = (),
    ) -> None:
        """`make_rng` makes the generators of fault plans, each from its seed."""
        self.venue = venue
        self.clock = clock
        self.sequences = sequences
        self.settings = settings
        self.exchange = exchange
        self.listings = {listing.symbol: listing for listing in (*venue.listings, *listings)}
        self.rng = rng
        self.credentials = CredentialStore(normalise=venue.normalise_key)
        self.limiter = RateLimiter()
        self.recorder = Recorder(clock.now_ns)
        self.hub = Hub(self.recorder)
        self.people: dict[str, Person] = {}
        self.sockets: dict[str, SocketSpec] = dict(venue.sockets)
        if venue.fallback_socket is not None:
            self.sockets[FALLBACK_SOCKET] = venue.fallback_socket
        self.connections: dict[Connection, None] = {}
        self._live_exchange = exchange
        self._live_clock = clock
        self.chaos = Chaos(self, make_rng)
        self._followers = self.chaos.followers
        self.hub.on_leave = self.chaos.lines.left
        self.closed_routes: set[tuple[str, str]] = set()
        self.in_maintenance = False
        self.skew_ns = 0
        self.flags: set[str] = set()
        self.account_flags: dict[str, set[str]] = {}
        self.state: Any = venue.make_state(self)

    @property
    def watched(self) -> bool:
        """Whether requests must take the way on which everything about them is seen. The short one has no eyes."""
        return self.recorder.on or self.chaos.active

    def wall_ns(self) -> int:
        """What the venue's own clock shows: its time endpoint, its checks of timestamps and its Date header go by it."""
        return self._live_clock.now_ns() + self.skew_ns

    def execute(self, command: Command) -> tuple[Event, ...]:
        """Carries out a command and lets its events be seen."""
        events = self._live_exchange.execute(command)
        if self._followers:
            for follower in self._followers:
                follower.follow(command)
        self.hub.publish(events)
        return events

    def with_exchange(self, exchange: Exchange) -> Desk:
        """This desk for a read that is to see another exchange, with that exchange's time. What it executes, the venue's own
        clock and the rate limits stay those of the live one.
        """
        view = copy(self)
        view.exchange, view.clock = exchange, exchange.clock
        return view

    def account(self, account_id: str) -> Account:
        return self.exchange.accounts[account_id]

    def admit(self, rule: RateRule, subject: Hashable, cost: int = 1) -> Verdict:
        """Counts a call; always allowed when limits are switched off."""
        if not self.settings.limits_enabled:
            return _UNLIMITED
        return self.limiter.admit(rule, subject, self._live_clock.now_ns(), cost)

    def operate(self, connection: Connection, operation: str, carry_out: Callable[[], None]) -> str | None:
        """Carries out a request on a WebSocket, by the venue's name for it, unless a fault plan says otherwise.

        The code of a planned error, for the venue to tell after whatever the operation has said; None if there is none.
        """
        if self.chaos.active:
            return meet_operation(self.chaos, connection, operation, carry_out)
        carry_out()
        return None

    def flagged(self, account_id: str, flag: str) -> bool:
        """Whether an operator has put the account into that condition, one of the venue's `account_flags`."""
        return flag in self.account_flags.get(account_id, ())

    def switch(self, name: str) -> bool:
        """A venue's own yes-or-no switch. KeyError if the venue does not declare it."""
        return bool(self.settings.switches[name])

    def number(self, name: str) -> int:
        """A venue's own switch that is a number. KeyError likewise."""
        value = self.settings.switches[name]
        assert type(value) is int, f"the switch {name} is no number"
        return value


_UNLIMITED = Verdict(allowed=True, remaining=1, retry_after_ns=0)
