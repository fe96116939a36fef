"""Whatever is traded on margin, and wherever prices jump: nobody ends below zero, and what one wins another has lost.

Random orders of a few accounts in a spot pair and two contracts, jumps of the index, funding, money taken out. After every
command all invariants hold (`mockex.core.invariants`); besides, profits, fees, funding and insurance are summed here from the
ledger's entries and the marks, and a fork that is told the same says the same.
"""

from __future__ import annotations

import os
from collections import defaultdict
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.clock import VirtualClock
from mockex.core.commands import (
    AdjustBalance,
    CancelOrder,
    ChangeLeverage,
    Command,
    MoveMargin,
    OpenAccount,
    PlaceOrder,
    SetFundingRate,
    SetIndexPrice,
    SetMarkPrice,
    SetPhase,
    SettleFunding,
    StartPayment,
    StepPayment,
)
from mockex.core.contract_terms import ContractTerms, FundingTerms, MarginMethod, MarginTier, PositionMerge, PositionTerms
from mockex.core.events import BalanceChanged, Event, OrderCancelled, PositionChanged, PositionLiquidated, Rejected
from mockex.core.exchange import Exchange
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.invariants import digest, violations
from mockex.core.ledger import Balance, EntryKind
from mockex.core.markets import MarketPhase
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import OrderType, Side, TimeInForce
from mockex.core.payments import PaymentEvent, PaymentKind
from mockex.core.policy import FeeAsset, VenuePolicy
from mockex.core.positions import Position
from mockex.core.sequences import Sequences
from mockex.core.units import Asset, Instrument, Wallet

GOLD, CASH = Asset(code="GOLD", decimals=2), Asset(code="CASH", decimals=4)
HOUR_NS = 60 * MINUTE_NS
TIERS = (
    MarginTier(max_value=4_000_000, maintenance_rate=5_000_000, initial_rate=10_000_000, max_leverage=50),
    MarginTier(max_value=8_000_000, maintenance_rate=30_000_000, initial_rate=60_000_000, max_leverage=15),
    MarginTier(max_value=None, maintenance_rate=100_000_000, initial_rate=200_000_000, max_leverage=5),
)


def instrument(symbol: str, tick: str, contract: ContractTerms | None) -> Instrument:
    return Instrument.create(
        symbol=symbol, base=GOLD, quote=CASH, tick_size=Decimal(tick), lot_size=Decimal("0.01"), min_qty=Decimal("0.01"),
        contract=contract,
    )  # fmt: skip


def perpetual(funding: FundingTerms | None) -> ContractTerms:
    return ContractTerms(tiers=TIERS, index_symbol="SPOT", funding=funding)


INSTRUMENTS = (
    instrument("SPOT", "0.5", None),
    instrument("PERP", "1", perpetual(FundingTerms(interval_ns=HOUR_NS))),
    # Its tick is finer than the index's and its notionals are odd numbers of atoms.
    instrument("FINE", "0.03", perpetual(None)),
)
TICKS = {"SPOT": 200, "PERP": 100, "FINE": 3_333}  # about 100 CASH
ACCOUNTS = ("ann", "ben", "cyd", "dan")

policies = st.builds(
    VenuePolicy,
    fees=st.builds(
        FeeSchedule,
        maker_rate=st.sampled_from([-500_000, 0, 1_000_000, 7_000_000]),
        taker_rate=st.sampled_from([0, 1_000_000, 12_345_678]),
        rounding=st.sampled_from(FeeRounding),
        decimals=st.sampled_from([1, 4]),
    ),
    fee_asset=st.sampled_from(FeeAsset),
    self_trade=st.sampled_from([*SelfTradePolicy, SelfTradePolicy.ALLOW]),
    payment_step_ns=st.none(),
)
position_terms = st.builds(
    PositionTerms,
    merge=st.sampled_from(PositionMerge),
    margin_method=st.sampled_from(MarginMethod),
    leverage=st.sampled_from([1, 3, 5, 10, 15, 50, 50, 51]),
)


@st.composite
def orders(draw: st.DrawFn) -> PlaceOrder:
    symbol = draw(st.sampled_from(["PERP", "PERP", "PERP", "FINE", "SPOT"]))
    limit = draw(st.integers(0, 7)) > 0
    percent = draw(st.integers(90, 110))
    return PlaceOrder(
        account_id=draw(st.sampled_from(ACCOUNTS)),
        symbol=symbol,
        side=draw(st.sampled_from(Side)),
        order_type=OrderType.LIMIT if limit else OrderType.MARKET,
        time_in_force=draw(st.sampled_from([TimeInForce.GTC] * 4 + [TimeInForce.IOC, TimeInForce.FOK])),
        limit_price=TICKS[symbol] * percent // 100 if limit else None,
        order_qty=draw(st.integers(1, 400)),
        position=None if symbol == "SPOT" else draw(position_terms),
    )


class World:
    """An exchange whose schedule runs on its clock."""

    def __init__(self, exchange: Exchange | None = None, *, policy: VenuePolicy | None = None, start_ns: int = 0) -> None:
        self.clock = VirtualClock(start_ns)
        self.events: list[Event] = []
        if exchange is not None:
            self.exchange = exchange.fork(clock=self.clock, schedule=self.schedule)
            return
        assert policy is not None
        self.exchange = Exchange(
            instruments=INSTRUMENTS,
            assets=(GOLD, CASH),
            candle_buckets=[FixedBuckets(width_ns=MINUTE_NS)],
            candles_kept=3,
            policy=policy,
            clock=self.clock,
            sequences=Sequences(),
            schedule=self.schedule,
        )

    def schedule(self, due_ns: int, command: Command) -> None:
        self.clock.call_at(due_ns, lambda: self._run(command))

    def _run(self, command: Command) -> None:
        self.execute(command)

    def execute(self, command: Command) -> tuple[Event, ...]:
        events = self.exchange.execute(command)
        self.events += events
        assert violations(self.exchange) == []
        return events


class PerpetualMachine(RuleBasedStateMachine):
    @initialize(policy=policies, price=st.integers(80, 120))
    def start(self, policy: VenuePolicy, price: int) -> None:
        self.world = World(policy=policy)
        self.mirror: World | None = None
        for account in ACCOUNTS:
            self.execute(OpenAccount(account_id=account))
            for asset, amount in ((CASH, 3_000_000), (GOLD, 10_000)):
                self.execute(AdjustBalance(account_id=account, wallet=Wallet.SPOT, asset=asset.code, amount=amount))
        self.jump("PERP", price)
        self.jump("FINE", price)

    def execute(self, command: Command) -> tuple[Event, ...]:
        before, totals = digest(self.world.exchange), self.totals()
        events = self.world.execute(command)
        for event in events:
            if isinstance(event, BalanceChanged) and event.total != totals.get(event.balance, 0):
                assert event.total_changed, event
        if any(isinstance(event, Rejected) for event in events):
            assert len(events) == 1
            assert digest(self.world.exchange) == before
        if self.mirror is not None:
            assert [type(event) for event in self.mirror.execute(command)] == [type(event) for event in events]
            assert digest(self.mirror.exchange) == digest(self.world.exchange)
        self.check_sums()
        self.check_told(events)
        return events

    def totals(self) -> dict[Balance, int]:
        accounts = self.world.exchange.accounts.values()
        return {balance: balance.total for account in accounts for balance in account.wallets[Wallet.SPOT].values()}

    def check_told(self, events: tuple[Event, ...]) -> None:
        """What is told of positions is what they are, once each, and nothing less than has changed."""
        told = [event for event in events if isinstance(event, PositionChanged)]
        assert len({id(event.position) for event in told}) == len(told)
        for event in told:
            position = event.position
            assert (event.qty, event.cost, event.margin, event.order_margin) == (
                position.qty, position.cost, position.margin, position.order_margin,
            )  # fmt: skip

    def check_sums(self) -> None:
        """Realised and unrealised profit, funding and insurance of everybody, the fund included, are nothing together."""
        exchange = self.world.exchange
        sums: defaultdict[EntryKind, int] = defaultdict(int)
        for account in exchange.accounts.values():
            balance = account.balance(Wallet.SPOT, "CASH")
            for entry in balance.entries.newest(10**9):
                if entry.kind in (EntryKind.REALISED_PROFIT, EntryKind.LIQUIDATION):
                    sums[EntryKind.REALISED_PROFIT] += entry.amount + entry.fee
                else:
                    sums[entry.kind] += entry.amount
        assert exchange.contracts is not None
        fund = exchange.ledger.insurance.get("CASH", 0)
        unrealised = 0
        for contract in exchange.contracts.by_symbol.values():
            if contract.mark is not None:
                unrealised += contract.insurance_value + contract.insurance_qty * contract.mark * contract.unit
                unrealised += sum(position.profit_at(contract.mark) for position in contract.positions.values())
        won = sums[EntryKind.REALISED_PROFIT] + sums[EntryKind.FUNDING] + sums[EntryKind.INSURANCE]
        assert won + unrealised + fund == 0

    # --- rules

    @rule(commands=st.lists(orders(), min_size=6, max_size=20))
    def place_orders(self, commands: list[PlaceOrder]) -> None:
        for command in commands:
            self.execute(command)

    @rule(data=st.data(), percent=st.integers(92, 108), share=st.integers(1, 4), market=st.booleans())
    def close(self, data: st.DataObject, percent: int, share: int, market: bool) -> None:
        """Closes a part of somebody's position, or a little more than there is of it."""
        assert self.world.exchange.contracts is not None
        open_ones = [position for position in self.world.exchange.contracts.positions if position.qty]
        if not open_ones:
            return
        position = data.draw(st.sampled_from(open_ones))
        symbol = position.contract.symbol
        self.execute(
            PlaceOrder(
                account_id=position.account.account_id,
                symbol=symbol,
                side=Side.SELL if position.direction is Side.BUY else Side.BUY,
                order_type=OrderType.MARKET if market else OrderType.LIMIT,
                limit_price=None if market else TICKS[symbol] * percent // 100,
                order_qty=max(1, position.qty // share) + (1 if share == 1 and percent == 100 else 0),
                position=PositionTerms(
                    merge=position.merge, margin_method=position.margin_method, leverage=1, close=True,
                    position_id=position.position_id,
                ),
            )
        )  # fmt: skip

    @rule(data=st.data(), leverage=st.sampled_from([0, 1, 2, 5, 15, 50, 51]), stranger=st.integers(0, 9))
    def change_leverage(self, data: st.DataObject, leverage: int, stranger: int) -> None:
        """Nobody is liquidated by it, and no money moves."""
        position = self.one_position(data)
        if position is None:
            return
        account_id = position.account.account_id if stranger else data.draw(st.sampled_from(ACCOUNTS))
        self.adjust(ChangeLeverage(account_id=account_id, position_id=position.position_id, leverage=leverage))

    @rule(data=st.data(), thousandths=st.integers(-1_100, 3_000))
    def move_margin(self, data: st.DataObject, thousandths: int) -> None:
        position = self.one_position(data)
        if position is None:
            return
        amount = position.margin * thousandths // 1_000
        self.adjust(MoveMargin(account_id=position.account.account_id, position_id=position.position_id, amount=amount))

    def one_position(self, data: st.DataObject) -> Position | None:
        assert self.world.exchange.contracts is not None
        known = list(self.world.exchange.contracts.positions)
        return data.draw(st.sampled_from(known)) if known else None

    def adjust(self, command: ChangeLeverage | MoveMargin) -> None:
        totals = self.totals()
        events = self.execute(command)
        assert self.totals() == totals
        assert [event for event in events if isinstance(event, (PositionLiquidated, OrderCancelled))] == []

    @rule(symbol=st.sampled_from(["PERP", "PERP", "FINE"]), percent=st.one_of(st.integers(93, 107), st.integers(40, 250)))
    def jump(self, symbol: str, percent: int) -> None:
        self.execute(SetIndexPrice(symbol=symbol, price=TICKS[symbol] * percent // 100))

    @rule(symbol=st.sampled_from(["PERP", "FINE"]), percent=st.one_of(st.none(), st.integers(40, 250)))
    def set_mark(self, symbol: str, percent: int | None) -> None:
        self.execute(SetMarkPrice(symbol=symbol, price=None if percent is None else TICKS[symbol] * percent // 100))

    @rule(rate=st.sampled_from([None, 7_500_000, -7_500_000, 333, 900_000_000, -900_000_000]))
    def set_rate(self, rate: int | None) -> None:
        self.execute(SetFundingRate(symbol="PERP", rate=rate))

    @rule(minutes=st.sampled_from([1, 7, 60, 130]))
    def wait(self, minutes: int) -> None:
        for world in (self.world, self.mirror):
            if world is not None:
                world.clock.advance(minutes * MINUTE_NS)
        self.check_sums()

    @rule(account=st.sampled_from(ACCOUNTS), thousandths=st.integers(1, 1_000))
    def take_out(self, account: str, thousandths: int) -> None:
        available = self.world.exchange.accounts[account].available(Wallet.SPOT, "CASH")
        amount = max(1, available * thousandths // 1_000)
        self.execute(AdjustBalance(account_id=account, wallet=Wallet.SPOT, asset="CASH", amount=-amount))

    @rule(account=st.sampled_from(ACCOUNTS), amount=st.integers(1, 500_000))
    def withdraw(self, account: str, amount: int) -> None:
        self.execute(
            StartPayment(account_id=account, kind=PaymentKind.COIN_WITHDRAWAL, asset="CASH", amount=amount, wallet=Wallet.SPOT)
        )

    @rule(data=st.data(), event=st.sampled_from([PaymentEvent.ADVANCE, PaymentEvent.CANCEL]))
    def step_withdrawal(self, data: st.DataObject, event: PaymentEvent) -> None:
        payments = self.world.exchange.open_withdrawals()
        if payments:
            self.execute(StepPayment(payment_id=data.draw(st.sampled_from(payments)).payment_id, event=event))

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        live = sorted(self.world.exchange.orders.live_orders(), key=lambda order: order.order_id)
        if live:
            order = data.draw(st.sampled_from(live))
            self.execute(CancelOrder(account_id=order.account.account_id, order_id=order.order_id))

    @rule(symbol=st.sampled_from(["PERP", "FINE"]), phase=st.sampled_from([MarketPhase.HALTED, *[MarketPhase.CONTINUOUS] * 2]))
    def set_phase(self, symbol: str, phase: MarketPhase) -> None:
        self.execute(SetPhase(symbol=symbol, phase=phase))

    @precondition(lambda self: self.mirror is None)
    @rule()
    def fork(self) -> None:
        """From here on a copy is told the same. Its funding is planned anew: timers are not part of an exchange."""
        exchange = self.world.exchange
        assert exchange.contracts is not None
        self.mirror = World(exchange, start_ns=self.world.clock.now_ns())
        for contract in exchange.contracts.by_symbol.values():
            if contract.funding is not None:
                due_ns = contract.funding.next_ns
                self.mirror.schedule(due_ns, SettleFunding(symbol=contract.symbol, due_ns=due_ns))

    def teardown(self) -> None:
        if self.mirror is not None:
            assert digest(self.mirror.exchange) == digest(self.world.exchange)


TestPerpetuals = PerpetualMachine.TestCase
TestPerpetuals.settings = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
