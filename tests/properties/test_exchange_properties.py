"""Whatever is asked of an exchange: its invariants hold, an obviously right one agrees with it, and a replay repeats it.

`NaiveExchange` answers every command too. After each of them the two must agree on refusals, trades, books, balances and
holds; at the end, the same commands at the same times must give the same events and the same digest once more.
"""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from naive_exchange import Arrival, NaiveExchange, Walk

from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.clock import VirtualClock
from mockex.core.commands import (
    AdjustBalance,
    CancelOrder,
    Command,
    FreezeAccount,
    OpenAccount,
    PlaceOrder,
    SetPhase,
    StartPayment,
    StepPayment,
    TransferFunds,
)
from mockex.core.events import (
    BalanceChanged,
    Event,
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderRested,
    OrderTriggered,
    PaymentChanged,
    Rejected,
    Trade,
)
from mockex.core.exchange import Exchange
from mockex.core.fees import FeeRounding, FeeSchedule, RebateAsset
from mockex.core.invariants import digest, violations
from mockex.core.ledger import Balance
from mockex.core.markets import MarketPhase
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import (
    CancelReason,
    Fill,
    Order,
    OrderStatus,
    OrderType,
    Side,
    StopDirection,
    StopTrigger,
    TimeInForce,
)
from mockex.core.payments import FINAL, Payment, PaymentEvent, PaymentKind, PaymentStatus
from mockex.core.policy import SECOND_NS, BeyondBand, ClientIdPolicy, FeeAsset, LastPriceBand, PriceBand, Refusal, VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequences
from mockex.core.units import Asset, Instrument, Wallet

GOLD, SILVER, DUST, CASH = (
    Asset(code="GOLD", decimals=2),
    Asset(code="SILVER", decimals=3),
    Asset(code="DUST", decimals=3),
    Asset(code="CASH", decimals=5),
)
INSTRUMENTS = {
    instrument.symbol: instrument
    for instrument in (
        # One lot is one coin, one tick one unit of cash.
        Instrument.create(
            symbol="GOLD-CASH",
            base=GOLD,
            quote=CASH,
            tick_size=Decimal(1),
            lot_size=Decimal(1),
            min_qty=Decimal(2),
        ),
        # Odd ticks and small lots: notionals far finer than a fee's step.
        Instrument.create(
            symbol="SILVER-CASH",
            base=SILVER,
            quote=CASH,
            tick_size=Decimal("0.25"),
            lot_size=Decimal("0.001"),
            min_qty=Decimal("0.001"),
            max_qty=Decimal("0.015"),
        ),
        # The base of one pair is the quote of another, and both are paid from another wallet.
        Instrument.create(
            symbol="GOLD-SILVER",
            base=GOLD,
            quote=SILVER,
            tick_size=Decimal("0.1"),
            lot_size=Decimal("0.01"),
            min_qty=Decimal("0.01"),
            wallet=Wallet.FUNDING,
        ),
        # Orders in steps of four lots, every limit there is, and budgets that may leave dust.
        Instrument.create(
            symbol="DUST-CASH",
            base=DUST,
            quote=CASH,
            tick_size=Decimal("0.25"),
            lot_size=Decimal("0.001"),
            qty_step=Decimal("0.004"),
            min_qty=Decimal("0.004"),
            max_qty=Decimal("0.048"),
            min_notional=Decimal("0.01"),
            max_limit_buy=Decimal("0.044"),
            min_market_sell=Decimal("0.012"),
            max_market_sell=Decimal("0.044"),
            min_budget=Decimal("0.01"),
            max_budget=Decimal("0.04"),
        ),
    )
}
ACCOUNTS = ("ann", "ben", "cyd")
WITHOUT_HISTORY = "cyd"
NAMES = (None, None, None, "x", "y")

fee_rates = st.sampled_from([-500_000_000, -1_000_000, 0, 1_500_000, 70_000_000])
policies = st.builds(
    VenuePolicy,
    fees=st.builds(
        FeeSchedule,
        maker_rate=fee_rates,
        taker_rate=fee_rates,
        rounding=st.sampled_from(FeeRounding),
        decimals=st.sampled_from([0, 2, 8]),
        rebate_in=st.sampled_from(RebateAsset),
    ),
    fee_asset=st.sampled_from(FeeAsset),
    self_trade=st.sampled_from(SelfTradePolicy),
    client_ids=st.sampled_from([ClientIdPolicy.NEWEST, ClientIdPolicy.UNIQUE_LIVE]),
    post_only_that_takes=st.sampled_from(Refusal),
    unfillable_fok=st.sampled_from(Refusal),
    price_band=st.one_of(
        st.none(),
        st.builds(
            PriceBand,
            reach_ppm=st.sampled_from([150_000, 300_000]),
            beyond=st.sampled_from(BeyondBand),
            market_orders_only=st.booleans(),
        ),
    ),
    last_price_band=st.sampled_from([None, None, LastPriceBand(buy_above_ppm=250_000, sell_below_ppm=220_000)]),
    budgets_buy_single_lots=st.booleans(),
    max_open_orders=st.sampled_from([None, None, 4]),
    unfilled_cancelled_retention_ns=st.sampled_from([SECOND_NS, 1_000 * SECOND_NS]),
    order_retention_ns=st.sampled_from([2 * SECOND_NS, 1_000 * SECOND_NS]),
    payment_step_ns=st.sampled_from([None, SECOND_NS]),
    public_trades_kept=st.just(5),
)
symbols = st.sampled_from(["GOLD-CASH", "GOLD-CASH", "DUST-CASH", *INSTRUMENTS])
accounts = st.sampled_from(ACCOUNTS)
sides = st.sampled_from(Side)
prices = st.integers(8, 14)
quantities = st.integers(1, 16)
amounts = st.integers(1, 5_000_000)
wallets = st.sampled_from(Wallet)
assets = st.sampled_from([GOLD.code, SILVER.code, DUST.code, CASH.code])
overrides = st.sampled_from([None] * 4 + list(SelfTradePolicy))
triggers = st.one_of(*(st.none() for _ in range(4)), st.builds(StopTrigger, prices, st.sampled_from(StopDirection)))


def on_step(symbol: str, qty: int, stray: int) -> int:
    """So many steps of an instrument, or now and then lots beside them."""
    return qty * INSTRUMENTS[symbol].qty_step + (stray if stray == 1 else 0)


strays = st.integers(1, 10)


def limit_orders() -> st.SearchStrategy[PlaceOrder]:
    times = st.sampled_from([TimeInForce.GTC] * 6 + [TimeInForce.IOC, TimeInForce.FOK])
    return st.builds(
        lambda symbol, qty, stray, time_in_force, post_only, **terms: PlaceOrder(
            symbol=symbol,
            order_qty=on_step(symbol, qty, stray),
            order_type=OrderType.LIMIT,
            time_in_force=time_in_force,
            post_only=post_only and time_in_force is TimeInForce.GTC,
            **terms,
        ),
        account_id=accounts,
        symbol=symbols,
        side=sides,
        limit_price=prices,
        qty=quantities,
        stray=strays,
        time_in_force=times,
        trigger=triggers,
        self_trade=overrides,
        post_only=st.sampled_from([False] * 5 + [True]),
        client_id=st.sampled_from(NAMES),
    )


def market_orders() -> st.SearchStrategy[PlaceOrder]:
    return st.builds(
        lambda symbol, qty, stray, **terms: PlaceOrder(
            symbol=symbol, order_qty=on_step(symbol, qty, stray), order_type=OrderType.MARKET, **terms
        ),
        account_id=accounts,
        symbol=symbols,
        side=sides,
        time_in_force=st.sampled_from([TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK]),
        qty=quantities,
        stray=strays,
        self_trade=overrides,
    )


def budget_orders() -> st.SearchStrategy[PlaceOrder]:
    """Budgets near the edges: just what a quantity costs at a price, one atom less, one more, or some ticks more."""
    return st.builds(
        lambda symbol, price, qty, ticks, atoms, **terms: PlaceOrder(
            symbol=symbol,
            side=Side.BUY,
            order_type=OrderType.MARKET,
            budget=INSTRUMENTS[symbol].notional(price, qty) + INSTRUMENTS[symbol].notional(ticks, 1) + atoms,
            **terms,
        ),
        account_id=accounts,
        symbol=symbols,
        price=prices,
        qty=quantities,
        ticks=st.sampled_from([0, 0, 9, 10, 11, 12]),
        atoms=st.sampled_from([-1, 0, 1]),
        self_trade=overrides,
        time_in_force=st.sampled_from([TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK]),
    )


order_commands = st.one_of(*(limit_orders() for _ in range(6)), market_orders(), budget_orders())


class World:
    """An exchange whose schedule runs on its clock, and everything it has said."""

    def __init__(self, policy: VenuePolicy) -> None:
        self.clock = VirtualClock(0)
        self.events: list[Event] = []
        self.told: list[tuple[Any, ...]] = []
        self.exchange = Exchange(
            instruments=INSTRUMENTS.values(),
            assets=(GOLD, SILVER, DUST, CASH),
            candle_buckets=[FixedBuckets(width_ns=MINUTE_NS)],
            candles_kept=10,
            policy=policy,
            clock=self.clock,
            sequences=Sequences(),
            schedule=lambda due_ns, command: self._schedule(due_ns, command),
        )

    def _schedule(self, due_ns: int, command: Command) -> None:
        self.clock.call_at(due_ns, lambda: self._run(command))

    def _run(self, command: Command) -> None:
        self.execute(command)

    def execute(self, command: Command) -> tuple[Event, ...]:
        events = self.exchange.execute(command)
        self.events += events
        self.told += [telling(event) for event in events]
        return events

    def replay(self, action: Command | int) -> None:
        """A command, or nanoseconds to pass."""
        if isinstance(action, int):
            self.clock.advance(action)
        else:
            self.execute(action)


def telling(event: Event) -> tuple[Any, ...]:
    """An event at the moment it is told, without the objects of its exchange."""
    return (type(event).__name__, *(plain(value) for value in event))


def plain(value: Any) -> Any:
    match value:
        case Order():
            return ("order", value.order_id, value.status, value.filled_qty, value.remaining_qty)
        case Fill():
            return tuple(plain(each) for each in value)
        case Payment():
            return ("payment", value.payment_id, value.status, value.amount)
        case _ if hasattr(value, "asset") and hasattr(value, "held"):
            return (value.account.account_id, value.wallet, value.asset)
        case _:
            return value


class ExchangeMachine(RuleBasedStateMachine):
    @initialize(policy=policies)
    def start(self, policy: VenuePolicy) -> None:
        self.policy = policy
        self.world = World(policy)
        self.naive = NaiveExchange(INSTRUMENTS, policy)
        self.actions: list[Command | int] = []
        self.order_ids: list[int] = []
        self.payment_ids: list[int] = []
        self.heard = 0  # how much of what the world told is in the naive books
        for account in ACCOUNTS:
            self.execute(OpenAccount(account_id=account, keeps_history=account != WITHOUT_HISTORY))
            for wallet in Wallet:
                for asset, amount in ((GOLD, 10_000), (SILVER, 30_000), (DUST, 3_000), (CASH, 30_000_000)):
                    self.adjust(account, wallet, asset.code, amount)

    def execute(self, command: Command) -> tuple[Event, ...]:
        """Runs a command; a refusal must not have changed anything, and a balance changed the way it is told."""
        self.actions.append(command)
        before = digest(self.world.exchange)
        totals = self.totals()
        events = self.world.execute(command)
        for event in events:
            if isinstance(event, BalanceChanged) and event.total != totals.get(event.balance, 0):
                assert event.total_changed, event
        if any(isinstance(event, Rejected) for event in events):
            assert len(events) == 1
            assert digest(self.world.exchange) == before
        return events

    def totals(self) -> dict[Balance, int]:
        return {
            balance: balance.total
            for account in self.world.exchange.accounts.values()
            for balances in account.wallets.values()
            for balance in balances.values()
        }

    # --- orders

    @rule(commands=st.lists(order_commands, min_size=8, max_size=24))
    def place_orders(self, commands: list[PlaceOrder]) -> None:
        """Several at a time: books must fill before anything interesting happens in them."""
        for command in commands:
            self.place(command)
            self.check()

    def place(self, command: PlaceOrder) -> None:
        reasons = self.naive.refusals(command)
        events = self.execute(command)
        first = events[0]
        if isinstance(first, Rejected):
            assert first.reason in reasons, f"{first} although only {reasons} forbid it"
            return
        assert isinstance(first, OrderAccepted)
        assert not reasons, f"accepted although {reasons}"
        self.order_ids.append(first.order.order_id)
        self.compare_arrivals(events, self.naive.place(command, first.order.order_id))

    def compare_arrivals(self, events: tuple[Event, ...], arrivals: list[Arrival]) -> None:
        """The events of a command fall into parts: one for each order that came to the book, in the order of coming."""
        parts: list[tuple[Order, list[Event]]] = []
        for event in events:
            if isinstance(event, OrderAccepted | OrderTriggered):
                parts.append((event.order, []))
            elif parts:
                parts[-1][1].append(event)
        assert [order.order_id for order, _ in parts] == [arrival.order_id for arrival in arrivals]
        for (order, part), arrival in zip(parts, arrivals, strict=True):
            if arrival.walk is None:
                assert order.status is OrderStatus.WAITING
                assert all(isinstance(event, BalanceChanged) for event in part)
            else:
                self.compare(part, order, arrival.walk)
        matches = [{event.match_id for event in part if isinstance(event, Trade)} for _, part in parts]
        assert all(len(ids) <= 1 for ids in matches)
        assert len(set().union(*matches)) == sum(map(len, matches)), "every taker has a match id of its own"

    def compare(self, events: list[Event], order: Order, walk: Walk) -> None:
        """What one order did as it came to the book against the naive walk: every trade, in order, and how it all ended."""
        trades = [event for event in events if isinstance(event, Trade)]
        fills = [event.fill for event in events if isinstance(event, OrderFilled)]
        for side in (fills[::2], fills[1::2]):
            assert [(fill.trade_id, fill.match_id, fill.price, fill.qty) for fill in side] == [
                (trade.trade_id, trade.match_id, trade.price, trade.qty) for trade in trades
            ]
        assert [
            (trade.price, trade.qty, made.order.order_id, taken.order.order_id)
            for trade, made, taken in zip(trades, fills[::2], fills[1::2], strict=True)
        ] == [(trade.price, trade.qty, trade.maker_id, trade.taker_id) for trade in walk.trades]
        cancelled = [event.order.order_id for event in events if isinstance(event, OrderCancelled)]
        rested = any(isinstance(event, OrderRested) for event in events)
        may_rest = order.order_type is OrderType.LIMIT and order.time_in_force is TimeInForce.GTC
        assert rested is (may_rest and not walk.complete and not walk.stopped and not walk.cut)
        if rested or walk.complete:
            assert cancelled == walk.own_out
            assert rested or order.status is OrderStatus.FILLED
        else:
            assert order.status is OrderStatus.CANCELLED
            assert cancelled == [*walk.own_out, order.order_id]
            assert not walk.cut or order.cancel_reason is CancelReason.PRICE_BAND

    @precondition(lambda self: self.order_ids)
    @rule(account=accounts, data=st.data())
    def cancel(self, account: str, data: st.DataObject) -> None:
        """Mostly an own live order, and now and then any order at all."""
        own = [order.order_id for order in self.naive.live() if order.account == account]
        order_id = data.draw(st.sampled_from(own) if own else st.sampled_from(self.order_ids))
        if data.draw(st.integers(0, 9)) == 0:
            order_id = data.draw(st.sampled_from(self.order_ids))
        live = {order.order_id: order for order in self.naive.live()}.get(order_id)
        waits = live in self.naive.waiting
        (event, *_) = self.execute(CancelOrder(account_id=account, order_id=order_id))
        if live is not None and live.account == account:
            if self.naive.phases[live.symbol] is MarketPhase.PRICE_DISCOVERY:
                assert isinstance(event, Rejected)
                assert event.reason is RejectReason.AUCTION_NO_CANCEL
            else:
                assert isinstance(event, OrderCancelled)
                assert (event.order.order_id, event.waited, event.rested) == (order_id, waits, not waits)
                self.naive.cancel(order_id)
        else:
            assert isinstance(event, Rejected)
            assert event.reason in {
                RejectReason.ORDER_UNKNOWN,
                RejectReason.ORDER_FILLED,
                RejectReason.ORDER_CANCELLED,
            }

    # --- money

    @rule(account=accounts, recipient=accounts, giving=wallets, taking=wallets, asset=assets, amount=amounts)
    def transfer(self, account: str, recipient: str, giving: Wallet, taking: Wallet, asset: str, amount: int) -> None:
        forbidden = (
            (account, giving) == (recipient, taking)
            or amount > self.naive.available(account, giving, asset)
            or bool({(account, None), (account, giving), (recipient, None), (recipient, taking)} & self.naive.frozen)
        )
        command = TransferFunds(
            account_id=account,
            asset=asset,
            amount=amount,
            source=giving,
            target=taking,
            recipient_id=None if recipient == account else recipient,
        )
        events = self.execute(command)
        assert isinstance(events[0], Rejected) is forbidden
        if not forbidden:
            self.naive.add(account, giving, asset, -amount)
            self.naive.add(recipient, taking, asset, amount)

    @rule(account=accounts, wallet=wallets, asset=assets, amount=st.integers(-5_000_000, 5_000_000))
    def adjust(self, account: str, wallet: Wallet, asset: str, amount: int) -> None:
        forbidden = self.naive.available(account, wallet, asset) + amount < 0
        events = self.execute(AdjustBalance(account_id=account, wallet=wallet, asset=asset, amount=amount))
        assert isinstance(events[0], Rejected) is forbidden
        if not forbidden:
            self.naive.add(account, wallet, asset, amount)

    @rule(
        account=accounts,
        recipient=accounts,
        kind=st.sampled_from([kind for kind in PaymentKind if kind is not PaymentKind.INTERNAL_DEPOSIT]),
        wallet=wallets,
        asset=assets,
        amount=amounts,
        fee=st.sampled_from([0, 0, 3]),
        needs_review=st.booleans(),
    )
    def start_payment(
        self,
        account: str,
        recipient: str,
        kind: PaymentKind,
        wallet: Wallet,
        asset: str,
        amount: int,
        fee: int,
        needs_review: bool,
    ) -> None:
        is_internal = kind is PaymentKind.INTERNAL_WITHDRAWAL
        if kind.is_withdrawal:
            forbidden = amount + fee > self.naive.available(account, wallet, asset) or bool(
                {(account, None), (account, wallet)} & self.naive.frozen
            )
        else:
            forbidden = fee >= amount
        events = self.execute(
            StartPayment(
                account_id=account,
                kind=kind,
                asset=asset,
                amount=amount,
                wallet=wallet,
                fee=fee,
                recipient_id=recipient if is_internal else None,
                needs_review=needs_review,
            )
        )
        assert isinstance(events[0], Rejected) is forbidden
        if isinstance(events[0], PaymentChanged):
            payment_id = events[0].payment.payment_id
            self.payment_ids.append(payment_id)
            if kind.is_withdrawal:
                self.naive.withdrawals[payment_id] = (account, wallet, asset, amount + fee)

    @precondition(lambda self: self.payment_ids)
    @rule(data=st.data(), event=st.sampled_from([PaymentEvent.ADVANCE, *PaymentEvent]))
    def step_payment(self, data: st.DataObject, event: PaymentEvent) -> None:
        self.execute(StepPayment(payment_id=data.draw(st.sampled_from(self.payment_ids)), event=event))

    # --- time and switches

    @rule(nanoseconds=st.sampled_from([0, 1, SECOND_NS // 2, SECOND_NS, 90 * SECOND_NS]))
    def pass_time(self, nanoseconds: int) -> None:
        self.actions.append(nanoseconds)
        self.world.clock.advance(nanoseconds)

    @rule(account=accounts, frozen=st.sampled_from([True] + [False] * 7), wallet=st.sampled_from([None, *Wallet]))
    def freeze(self, account: str, frozen: bool, wallet: Wallet | None) -> None:
        self.execute(FreezeAccount(account_id=account, frozen=frozen, wallet=wallet))
        (self.naive.frozen.add if frozen else self.naive.frozen.discard)((account, wallet))

    @rule(symbol=symbols, phase=st.sampled_from([MarketPhase.CONTINUOUS] * 12 + list(MarketPhase)))
    def set_phase(self, symbol: str, phase: MarketPhase) -> None:
        events = self.execute(SetPhase(symbol=symbol, phase=phase))
        self.compare_arrivals(events, self.naive.set_phase(symbol, phase))

    # --- what must hold after every one of them

    def hear_payments(self) -> None:
        """Payments move by themselves: the naive books follow what was told of them."""
        for name, *values in self.world.told[self.heard :]:
            if name == "PaymentChanged":
                _, payment_id, status, _ = values[0]
                if status in FINAL:
                    self.end_payment(payment_id, status)
        self.heard = len(self.world.told)

    def end_payment(self, payment_id: int, status: PaymentStatus) -> None:
        payment = self.world.exchange.payment(payment_id)
        assert payment is not None
        account, wallet, asset = payment.account_id, payment.wallet, payment.asset
        done = status is PaymentStatus.DONE
        if payment.kind.is_withdrawal:
            del self.naive.withdrawals[payment_id]
            if done:
                self.naive.add(account, wallet, asset, -payment.amount - payment.fee)
        elif payment.kind is PaymentKind.INTERNAL_DEPOSIT:
            assert done
            self.naive.add(account, wallet, asset, payment.amount)
        elif done:
            self.naive.add(account, wallet, asset, payment.amount - payment.fee)

    @invariant()
    def check(self) -> None:
        assert violations(self.world.exchange) == []
        self.hear_payments()
        self.compare_money()
        self.compare_books()

    def compare_money(self) -> None:
        for account_id, account in self.world.exchange.accounts.items():
            for wallet, balances in account.wallets.items():
                for asset, balance in balances.items():
                    assert (balance.total, balance.held) == (
                        self.naive.total(account_id, wallet, asset),
                        self.naive.held(account_id, wallet, asset),
                    ), f"{account_id} {wallet.name} {asset}"

    def compare_books(self) -> None:
        for symbol, market in self.world.exchange.markets.items():
            for side in Side:
                assert [
                    (order.order_id, order.limit_price, order.remaining_qty)
                    for level in market.book.side(side)
                    for order in level
                ] == [(order.order_id, order.price, order.qty_left) for order in self.naive.book(symbol, side)]
            waiting = [order.order_id for order in self.naive.waiting if order.symbol == symbol]
            assert sorted(order.order_id for order in market.stops) == waiting

    def teardown(self) -> None:
        """The same commands at the same times tell the same and end in the same state."""
        again = World(self.policy)
        for action in self.actions:
            again.replay(action)
        assert again.told == self.world.told
        assert digest(again.exchange) == digest(self.world.exchange)


TestExchange = ExchangeMachine.TestCase
TestExchange.settings = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
