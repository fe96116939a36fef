"""Conditional orders against an obviously right watcher: it is told every trade, and must name the same ones in the same order.

The watcher knows nothing of books and money: the trades that it hears of include those of the orders that were triggered, so
that whole cascades are compared.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, CancelConditional, Command, OpenAccount, PlaceConditional, PlaceOrder
from mockex.core.conditionals import ConditionalStatus
from mockex.core.events import ConditionalChanged, Event, OrderAccepted, Rejected, Trade
from mockex.core.exchange import Exchange
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.invariants import digest, violations
from mockex.core.orders import OrderType, Side, StopDirection, StopTrigger, TimeInForce
from mockex.core.policy import VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequences
from mockex.core.units import Asset, Instrument, Wallet

GOLD, CASH = Asset(code="GOLD", decimals=0), Asset(code="CASH", decimals=0)
PAIR = Instrument.create(
    symbol="GOLD-CASH", base=GOLD, quote=CASH, tick_size=Decimal(1), lot_size=Decimal(1), min_qty=Decimal(1)
)
POLICY = VenuePolicy(fees=FeeSchedule(maker_rate=0, taker_rate=0, rounding=FeeRounding.UP, decimals=0))
ACCOUNTS = ("ann", "ben")
SOON_POOR = "ann"
"""Has so little that some of its orders are refused when their triggers come."""

accounts, sides = st.sampled_from(ACCOUNTS), st.sampled_from(Side)
prices = st.sampled_from([90, 95, 99, 100, 101, 105, 110])  # many are just a trailing rate apart
sizes = st.integers(1, 4)
forces = st.sampled_from([TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC])


@dataclass(slots=True, kw_only=True)
class Watched:
    """One that waits. `extreme`: the furthest price of its pursuit, once that has begun."""

    number: int
    account: str
    side: Side
    trigger: StopTrigger
    trail: Fraction | None
    extreme: int | None = None

    def is_reached(self, price: int) -> bool:
        if self.trigger.direction is StopDirection.AT_OR_ABOVE:
            return price >= self.trigger.price
        return price <= self.trigger.price

    def goes_at(self, price: int) -> bool:
        """Whether a trade at that price sets it off; takes note of the price."""
        if self.trail is None:
            return self.is_reached(price)
        if self.extreme is None:
            self.extreme = price if self.is_reached(price) else None
            return False
        if self.side is Side.SELL:
            self.extreme = max(self.extreme, price)
            return price <= self.extreme * (1 - self.trail)
        self.extreme = min(self.extreme, price)
        return price >= self.extreme * (1 + self.trail)


class ConditionalMachine(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.clock = VirtualClock(0)
        self.exchange = Exchange(
            instruments=[PAIR],
            assets=(GOLD, CASH),
            candle_buckets=[FixedBuckets(width_ns=MINUTE_NS)],
            candles_kept=10,
            policy=POLICY,
            clock=self.clock,
            sequences=Sequences(),
            schedule=lambda due_ns, command: None,
        )
        self.waiting: list[Watched] = []
        self.last_price: int | None = None
        for account in ACCOUNTS:
            self.exchange.execute(OpenAccount(account_id=account))
            for asset, amount in ((GOLD, 10), (CASH, 1_000)):
                given = amount if account == SOON_POOR else 10_000 * amount
                self.exchange.execute(AdjustBalance(account_id=account, wallet=Wallet.SPOT, asset=asset.code, amount=given))

    def execute(self, command: Command) -> tuple[Event, ...]:
        """What the exchange says, once the watcher agrees with what it has set off."""
        before = digest(self.exchange)
        events = self.exchange.execute(command)
        if isinstance(events[0], Rejected):
            assert digest(self.exchange) == before
        expected = [number for event in events if isinstance(event, Trade) for number in self.hear(event.price)]
        ended = [
            (place, event)
            for place, event in enumerate(events)
            if isinstance(event, ConditionalChanged) and event.status in (ConditionalStatus.TRIGGERED, ConditionalStatus.FAILED)
        ]
        assert [event.conditional.order_id for _, event in ended] == expected
        for place, event in ended:
            conditional = event.conditional
            if event.status is ConditionalStatus.TRIGGERED:
                accepted = events[place + 1]
                assert isinstance(accepted, OrderAccepted)
                assert accepted.order is conditional.placed
            else:
                assert conditional.failure is not None
                assert conditional.failure.reason is RejectReason.INSUFFICIENT_FUNDS
        return events

    def hear(self, price: int) -> list[int]:
        """Which ones a trade sets off, the first that came first."""
        self.last_price = price
        gone = [watched for watched in self.waiting if watched.goes_at(price)]
        self.waiting = [watched for watched in self.waiting if watched not in gone]
        return [watched.number for watched in gone]

    # --- commands

    @rule(account=accounts, side=sides, price=prices, size=sizes, force=forces)
    def place(self, account: str, side: Side, price: int, size: int, force: TimeInForce) -> None:
        self.execute(order(account, side, price, size, force))

    @rule(price=prices)
    def trade(self, price: int) -> None:
        """The rich one trades with itself, if the book lets it."""
        for side in Side:
            self.execute(order("ben", side, price, 1, TimeInForce.GTC))

    @rule(
        account=accounts,
        side=sides,
        price=st.one_of(st.none(), prices),
        size=sizes,
        trigger=st.builds(StopTrigger, prices, st.sampled_from(StopDirection)),
        trail_ppm=st.sampled_from([None, None, 10_000, 50_000, 100_000]),
    )
    def wait(self, account: str, side: Side, price: int | None, size: int, trigger: StopTrigger, trail_ppm: int | None) -> None:
        command = order(account, side, price, size, TimeInForce.GTC)
        first = self.execute(PlaceConditional(order=command, trigger=trigger, trail_ppm=trail_ppm))[0]
        trail = None if trail_ppm is None else Fraction(trail_ppm, 1_000_000)
        watched = Watched(number=0, account=account, side=side, trigger=trigger, trail=trail)
        if self.last_price is not None and watched.is_reached(self.last_price):
            if trail is None:
                assert isinstance(first, Rejected)
                assert first.reason is RejectReason.TRIGGER_MET_ALREADY
                return
            watched.extreme = self.last_price
        assert isinstance(first, ConditionalChanged)
        watched.number = first.conditional.order_id
        self.waiting.append(watched)

    @precondition(lambda self: self.waiting)
    @rule(account=accounts, data=st.data())
    def cancel(self, account: str, data: st.DataObject) -> None:
        watched = data.draw(st.sampled_from(self.waiting))
        (first, *_) = self.execute(CancelConditional(account_id=account, order_id=watched.number))
        if account == watched.account:
            assert isinstance(first, ConditionalChanged)
            assert first.status is ConditionalStatus.CANCELLED
            self.waiting.remove(watched)
        else:
            assert isinstance(first, Rejected)

    @rule(nanoseconds=st.integers(0, 3))
    def pass_time(self, nanoseconds: int) -> None:
        self.clock.advance(nanoseconds)

    # --- what must hold after every one of them

    @invariant()
    def check(self) -> None:
        assert violations(self.exchange) == []
        conditionals = self.exchange.conditionals
        assert [each.order_id for each in conditionals.waiting_ones()] == [watched.number for watched in self.waiting]
        assert [each.extreme for each in conditionals.waiting_ones()] == [watched.extreme for watched in self.waiting]
        now_ns = self.clock.now_ns()
        for account in self.exchange.accounts.values():
            everything = conditionals.page(account, limit=1_000)
            recent = [each for each in everything if now_ns - 5 <= each.created_ns < now_ns]
            assert conditionals.page(account, span_ns=(now_ns - 5, now_ns - 1), limit=1_000) == recent


def order(account: str, side: Side, price: int | None, size: int, force: TimeInForce) -> PlaceOrder:
    """A limit order, or without a price a market order, which a buy is by its budget."""
    is_budget = price is None and side is Side.BUY
    return PlaceOrder(
        account_id=account,
        symbol=PAIR.symbol,
        side=side,
        order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
        time_in_force=TimeInForce.IOC if price is None else force,
        limit_price=price,
        order_qty=None if is_budget else size,
        budget=110 * size if is_budget else None,
    )


TestConditionals = ConditionalMachine.TestCase
TestConditionals.settings = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
