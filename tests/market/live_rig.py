"""A live market that tests can talk to in few words: instruments in decimals, prices and quantities in ticks and lots."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from mockex.core.book import BookSide
from mockex.core.candles import (
    DAY_NS,
    FIRST_MONDAY_NS,
    HOUR_NS,
    MINUTE_NS,
    WEEK_NS,
    BucketSpec,
    FixedBuckets,
    MonthBuckets,
)
from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, CancelOrder, Command, OpenAccount, PlaceOrder
from mockex.core.contract_terms import ContractTerms, FundingTerms, MarginTier
from mockex.core.events import Event, OrderAccepted, OrderFilled, Trade
from mockex.core.exchange import Exchange
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.invariants import violations
from mockex.core.markets import Market
from mockex.core.orders import Fill, Order, OrderType, Side
from mockex.core.policy import VenuePolicy
from mockex.core.sequences import Sequences
from mockex.core.units import Asset, Instrument
from mockex.market.live import LiveMarket, LiveMarketPlan

SECOND_NS = 1_000_000_000
START_NS = 1_700_000_000 * SECOND_NS + 123_456_789  # 2023-11-14T22:13:20.123456789Z

# Widths from a minute to a year; days open at midnight of UTC+8, weeks on Monday.
UTC_PLUS_8_NS = -8 * HOUR_NS
BUCKETS: tuple[BucketSpec, ...] = (
    *(FixedBuckets(width_ns=minutes * MINUTE_NS) for minutes in (1, 3, 5, 15, 30, 60, 120, 240)),
    *(FixedBuckets(width_ns=hours * HOUR_NS, offset_ns=UTC_PLUS_8_NS) for hours in (6, 12, 24)),
    FixedBuckets(width_ns=WEEK_NS, offset_ns=FIRST_MONDAY_NS + UTC_PLUS_8_NS),
    *(MonthBuckets(months=months, offset_ns=UTC_PLUS_8_NS) for months in (1, 3, 6, 12)),
)
MINUTES = BUCKETS[0]
DAYS = FixedBuckets(width_ns=DAY_NS, offset_ns=UTC_PLUS_8_NS)

FEES = FeeSchedule(maker_rate=1_000_000, taker_rate=1_500_000, rounding=FeeRounding.UP, decimals=8)
RICHES = 10**40  # atoms

BTC_JPY = ("BTC-JPY", "7000000", "0.1", "0.00000001", "0.001")
ETH_JPY = ("ETH-JPY", "350000", "0.01", "0.000001", "0.001")
ETH_BTC = ("ETH-BTC", "0.05", "0.00001", "0.000001", "0.001")

Terms = tuple[str, str, str, str, str]
"""Symbol, reference price, tick size, lot size, smallest quantity."""


def make_instrument(terms: Terms, max_qty: str | None = None, **limits: Decimal) -> Instrument:
    symbol, _, tick_size, lot_size, min_qty = terms
    base, quote = symbol.split("-")
    return Instrument.create(
        symbol=symbol,
        base=Asset(code=base, decimals=18),
        quote=Asset(code=quote, decimals=18),
        tick_size=Decimal(tick_size),
        lot_size=Decimal(lot_size),
        min_qty=Decimal(min_qty),
        max_qty=None if max_qty is None else Decimal(max_qty),
        **limits,
    )


TIERS = (
    MarginTier(max_value=10**6 * 10**18, maintenance_rate=5_000_000, initial_rate=10_000_000, max_leverage=100),
    MarginTier(max_value=None, maintenance_rate=480_000_000, initial_rate=960_000_000, max_leverage=1),
)


def contract_of(symbol: str) -> str:
    """The name of the contract that follows a spot pair."""
    return f"{symbol}-PERP"


def make_contract(terms: Terms, index_symbol: str | None) -> Instrument:
    """The perpetual beside a spot pair, on a grid of its own: coarser prices, finer quantities."""
    symbol, _, tick_size, lot_size, min_qty = terms
    base, quote = symbol.split("-")
    return Instrument.create(
        symbol=contract_of(symbol),
        base=Asset(code=base, decimals=18),
        quote=Asset(code=quote, decimals=18),
        tick_size=2 * Decimal(tick_size),
        lot_size=Decimal(lot_size) / 2,
        min_qty=Decimal(min_qty),
        contract=ContractTerms(tiers=TIERS, index_symbol=index_symbol, funding=FundingTerms()),
    )


class LiveRig:
    """An exchange with a live market. `commands` counts what its participants asked for, by type of command; `placed` are
    their orders, `answers` the first event of each command.

    The first of `listed` is meant where no symbol is given. `quiet`: listed without a plan. `contracts`: spot pairs beside
    which a contract lives, that follows the pair where that is listed too. "alice" has all she can need.
    """

    def __init__(
        self,
        *listed: Terms,
        quiet: tuple[Terms, ...] = (),
        contracts: tuple[Terms, ...] = (),
        seed: str = "1",
        start_ns: int = START_NS,
        max_qty: str | None = None,
        **policy: Any,
    ) -> None:
        terms = listed or (BTC_JPY,)
        self.symbol = terms[0][0]
        self.references = {symbol: Decimal(price) for symbol, price, *_ in terms}
        instruments = [make_instrument(each, max_qty) for each in (*terms, *quiet)]
        spots = {instrument.symbol for instrument in instruments}
        instruments += [make_contract(each, each[0] if each[0] in spots else None) for each in contracts]
        self.references |= {contract_of(symbol): Decimal(price) for symbol, price, *_ in contracts}
        self.clock = VirtualClock(start_ns)
        self.exchange = Exchange(
            instruments=instruments,
            assets=[asset for instrument in instruments for asset in (instrument.base, instrument.quote)],
            candle_buckets=BUCKETS,
            candles_kept=2_000,  # more than the minutes of a day
            policy=VenuePolicy(**{"fees": FEES, **policy}),
            clock=self.clock,
            sequences=Sequences(),
            schedule=self._schedule,
        )
        self.commands: Counter[type] = Counter()
        self.fills: list[Fill] = []  # of everybody: participants keep none themselves
        self.placed: list[PlaceOrder] = []
        self.answers: list[Event] = []
        self.trades: list[Trade] = []
        self.events: Counter[type] = Counter()
        self.live = LiveMarket(
            exchange=self.exchange,
            execute=self._execute_counted,
            clock=self.clock,
            seed=seed,
            plans=[LiveMarketPlan(symbol=symbol, reference_price=price) for symbol, price in self.references.items()],
        )
        self.execute(OpenAccount(account_id="alice"))
        for instrument in instruments:
            for asset in (instrument.base, instrument.quote):
                self.execute(AdjustBalance(account_id="alice", wallet=instrument.wallet, asset=asset.code, amount=RICHES))

    def _execute_counted(self, command: Command) -> tuple[Event, ...]:
        self.commands[type(command)] += 1
        if isinstance(command, PlaceOrder):
            self.placed.append(command)
        events = self.execute(command)
        self.answers.append(events[0])
        return events

    def execute(self, command: Command) -> tuple[Event, ...]:
        events = self.exchange.execute(command)
        self.fills += [event.fill for event in events if isinstance(event, OrderFilled)]
        self.trades += (event for event in events if isinstance(event, Trade))
        self.events.update(map(type, events))
        return events

    def _schedule(self, due_ns: int, command: Command) -> None:
        self.clock.call_at(due_ns, lambda: self._run(command))

    def _run(self, command: Command) -> None:
        self.execute(command)

    def advance(self, seconds: int) -> None:
        self.clock.advance(seconds * SECOND_NS)

    # --- alice

    def buy(self, qty: int, limit_price: int | None = None, **terms: Any) -> Order:
        return self._order(Side.BUY, qty, limit_price, terms)

    def sell(self, qty: int, limit_price: int | None = None, **terms: Any) -> Order:
        return self._order(Side.SELL, qty, limit_price, terms)

    def cancel(self, order: Order) -> None:
        self.execute(CancelOrder(account_id="alice", order_id=order.order_id))

    def _order(self, side: Side, qty: int, limit_price: int | None, terms: dict[str, Any]) -> Order:
        (accepted, *_) = self.execute(
            PlaceOrder(
                **{
                    "account_id": "alice",
                    "symbol": self.symbol,
                    "side": side,
                    "order_type": OrderType.MARKET if limit_price is None else OrderType.LIMIT,
                    "order_qty": qty,
                    "limit_price": limit_price,
                    **terms,
                }
            )
        )
        assert isinstance(accepted, OrderAccepted), accepted
        return accepted.order

    # --- reading

    def market(self, symbol: str | None = None) -> Market:
        return self.exchange.markets[symbol or self.symbol]

    def last_price(self, symbol: str | None = None) -> int:
        return self.market(symbol).trades[-1].price

    def touch(self, symbol: str | None = None) -> tuple[int, int]:
        """Best bid and best ask."""
        bid, ask = self.market(symbol).book.bids.best, self.market(symbol).book.asks.best
        assert bid is not None
        assert ask is not None
        return bid.price, ask.price

    def middle(self, symbol: str | None = None) -> int:
        """Between best bid and best ask, in half ticks."""
        return sum(self.touch(symbol))

    def sides(self) -> list[BookSide]:
        return [side for symbol in self.references for side in (self.market(symbol).book.bids, self.market(symbol).book.asks)]

    def assert_sound(self) -> None:
        """No invariant is broken, and every book has two sides."""
        assert violations(self.exchange) == []
        assert all(side.keys for side in self.sides())


def qty_at(side: BookSide) -> int:
    """All that rests on one side, in lots."""
    return sum(level.qty for level in side)


def levels(side: BookSide) -> list[tuple[int, int, int]]:
    return side.depth(len(side.keys))
