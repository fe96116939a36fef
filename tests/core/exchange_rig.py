"""An exchange that tests can talk to in few words: decimals in, decimals out, checked after every command."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, CancelOrder, Command, OpenAccount, PlaceOrder
from mockex.core.events import (
    BalanceChanged,
    Event,
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderRested,
    Rejected,
    Trade,
)
from mockex.core.exchange import Exchange
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.invariants import digest, violations
from mockex.core.ledger import Balance
from mockex.core.orders import Order, OrderType, Side
from mockex.core.policy import VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequences
from mockex.core.units import Asset, Instrument, Wallet

NO_FEES = FeeSchedule(maker_rate=0, taker_rate=0, rounding=FeeRounding.UP, decimals=8)

PLAIN = Instrument.create(
    symbol="PLAIN",
    base=Asset(code="COIN", decimals=0),
    quote=Asset(code="CASH", decimals=0),
    tick_size=Decimal(1),
    lot_size=Decimal(1),
    min_qty=Decimal(1),
)
"""One tick is one CASH, one lot one COIN: tests that are not about units read as whole numbers."""


def make_policy(**changes: Any) -> VenuePolicy:
    return VenuePolicy(**{"fees": NO_FEES, **changes})


def make_instrument(
    symbol: str, *, tick: str, lot: str, min_qty: str | None = None, decimals: int = 18, **terms: Any
) -> Instrument:
    """`symbol` is BASE-QUOTE; both assets count `decimals`, the minimum is a lot unless told otherwise."""
    base, quote = symbol.split("-")
    return Instrument.create(
        symbol=symbol,
        base=Asset(code=base, decimals=decimals),
        quote=Asset(code=quote, decimals=decimals),
        tick_size=Decimal(tick),
        lot_size=Decimal(lot),
        min_qty=Decimal(min_qty or lot),
        **terms,
    )


class Rig:
    """An exchange, its clock, and shortcuts. The first instrument is meant where none is named.

    Every command that runs through `execute` is followed by the check of all invariants.
    """

    def __init__(self, *instruments: Instrument, policy: VenuePolicy | None = None, start_ns: int = 0) -> None:
        self.instruments = {instrument.symbol: instrument for instrument in instruments or (PLAIN,)}
        self.symbol = next(iter(self.instruments))
        self.assets = {
            asset.code: asset for instrument in self.instruments.values() for asset in (instrument.base, instrument.quote)
        }
        self.clock = VirtualClock(start_ns)
        self.exchange = Exchange(
            instruments=self.instruments.values(),
            assets=self.assets.values(),
            candle_buckets=[FixedBuckets(width_ns=MINUTE_NS)],
            candles_kept=1440,
            policy=policy or make_policy(),
            clock=self.clock,
            sequences=Sequences(),
            schedule=lambda due_ns, command: self._schedule(due_ns, command),
        )
        self.events: list[Event] = []

    def _schedule(self, due_ns: int, command: Command) -> None:
        self.clock.call_at(due_ns, lambda: self._run_scheduled(command))

    def _run_scheduled(self, command: Command) -> None:
        self.execute(command)

    def execute(self, command: Command) -> tuple[Event, ...]:
        """Runs a command, whatever comes of it."""
        before = digest(self.exchange)
        events = self.exchange.execute(command)
        assert violations(self.exchange) == []
        if any(isinstance(event, Rejected) for event in events):
            assert len(events) == 1
            assert digest(self.exchange) == before, f"a refused {command} changed something"
        self.events += events
        return events

    def refused(self, command: Command) -> RejectReason:
        """Runs a command that must be refused without a trace, and gives the reason."""
        (event,) = self.execute(command)
        assert isinstance(event, Rejected)
        return event.reason

    # --- orders

    def order(
        self,
        account_id: str,
        side: Side,
        qty: Decimal | str | int | None = None,
        price: Decimal | str | int | None = None,
        *,
        budget: Decimal | str | int | None = None,
        symbol: str | None = None,
        **terms: Any,
    ) -> PlaceOrder:
        """The command for a limit order (with a price) or a market order (without)."""
        instrument = self.instruments[symbol or self.symbol]
        return PlaceOrder(
            account_id=account_id,
            symbol=instrument.symbol,
            side=side,
            order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
            limit_price=None if price is None else grid_steps(price, instrument.price_scale.increment),
            order_qty=None if qty is None else grid_steps(qty, instrument.qty_scale.increment),
            budget=None if budget is None else self.atoms(budget, instrument.quote.code),
            **terms,
        )

    def place(self, command: PlaceOrder) -> Order:
        """Runs a command that must be accepted, and gives the order."""
        accepted = self.execute(command)[0]
        assert isinstance(accepted, OrderAccepted), accepted
        return accepted.order

    def buy(self, account_id: str, *args: Any, **terms: Any) -> Order:
        return self.place(self.order(account_id, Side.BUY, *args, **terms))

    def sell(self, account_id: str, *args: Any, **terms: Any) -> Order:
        return self.place(self.order(account_id, Side.SELL, *args, **terms))

    def cancel(self, order: Order, **terms: Any) -> tuple[Event, ...]:
        events = self.execute(CancelOrder(account_id=order.account.account_id, order_id=order.order_id, **terms))
        assert not isinstance(events[0], Rejected), events
        return events

    # --- money

    def open(self, account_id: str, wallet: Wallet = Wallet.SPOT, **amounts: Decimal | str | int) -> None:
        """Opens an account and gives it what is named."""
        self.execute(OpenAccount(account_id=account_id))
        self.give(account_id, wallet, **amounts)

    def give(self, account_id: str, wallet: Wallet = Wallet.SPOT, **amounts: Decimal | str | int) -> None:
        for asset, amount in amounts.items():
            self.execute(AdjustBalance(account_id=account_id, wallet=wallet, asset=asset, amount=self.atoms(amount, asset)))

    def atoms(self, amount: Decimal | str | int, asset: str) -> int:
        return grid_steps(amount, self.assets[asset].scale.increment)

    def amount(self, atoms: int, asset: str) -> Decimal:
        return Decimal(atoms).scaleb(-self.assets[asset].decimals)

    def balance(self, account_id: str, asset: str, wallet: Wallet = Wallet.SPOT) -> Balance:
        return self.exchange.accounts[account_id].balance(wallet, asset)

    def funds(self, account_id: str, asset: str, wallet: Wallet = Wallet.SPOT) -> tuple[Decimal, Decimal]:
        """(total, held)"""
        balance = self.balance(account_id, asset, wallet)
        return self.amount(balance.total, asset), self.amount(balance.held, asset)

    # --- seeing

    def levels(self, symbol: str | None = None) -> dict[str, list[tuple[int, list[int]]]]:
        """The whole book in ticks and lots: per side (price, [remaining quantity of each order]), best first."""
        book = self.exchange.markets[symbol or self.symbol].book
        return {
            name: [(level.price, [order.remaining_qty for order in level]) for level in side]
            for name, side in (("bids", book.bids), ("asks", book.asks))
        }

    def trades(self) -> list[Trade]:
        """Every trade so far, oldest first."""
        return [event for event in self.events if isinstance(event, Trade)]

    def fills_of(self, order: Order) -> list[tuple[int, int]]:
        """(price, quantity) of every fill of an order, in the order of the events."""
        return [
            (event.fill.price, event.fill.qty)
            for event in self.events
            if isinstance(event, OrderFilled) and event.fill.order is order
        ]


def grid_steps(value: Decimal | str | int, increment: Decimal) -> int:
    """How many steps of a grid a value is. It must lie on the grid."""
    steps = Decimal(value) / increment
    assert steps == steps.to_integral_value(), f"{value} is no multiple of {increment}"
    return int(steps)


def rich_rig(**policy: Any) -> Rig:
    """PLAIN, and alice and bob with 1000 COIN and 100000 CASH each."""
    rig = Rig(PLAIN, policy=make_policy(**policy))
    for account_id in ("alice", "bob"):
        rig.open(account_id, COIN=1_000, CASH=100_000)
    return rig


def whole_funds(rig: Rig, account_id: str) -> dict[str, tuple[int, int]]:
    """(total, held) by asset, where the amounts are whole numbers."""
    return {asset: (int(total), int(held)) for asset in rig.assets for total, held in [rig.funds(account_id, asset)]}


def describe(event: Event) -> tuple[Any, ...]:
    """What a test wants to see of an event."""
    match event:
        case OrderAccepted():
            return ("accepted", event.order)
        case OrderRested():
            return ("rested", event.order)
        case OrderFilled():
            fill = event.fill
            return ("filled", fill.order, fill.price, fill.qty, fill.liquidity)
        case OrderCancelled():
            return ("cancelled", event.order, event.reason, event.rested)
        case Trade():
            return ("trade", event.trade_id, event.price, event.qty, event.taker_side)
        case BalanceChanged():
            balance = event.balance
            return ("balance", balance.account.account_id, balance.asset, event.total, event.held)
        case _:
            return (event,)
