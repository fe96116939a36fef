"""(h) Contracts: a flow of orders among many accounts with open positions, and a cascade of liquidations.

The flow runs in an exchange of 1,000 accounts with ten open positions each, isolated and cross: resting orders around the
middle, cancels, and orders that trade. Every trade and many resting orders move the mark price. The same without any position
open beforehand says what they cost, and the same orders in spot instruments what contracts do.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from benchmarks.measure import Row, best_of_interleaved
from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, CancelOrder, Command, OpenAccount, PlaceOrder, SetIndexPrice
from mockex.core.contract_terms import ContractTerms, MarginMethod, MarginTier, PositionMerge, PositionTerms
from mockex.core.events import OrderAccepted, PositionLiquidated
from mockex.core.exchange import Exchange
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.orders import OrderType, Side, TimeInForce
from mockex.core.policy import VenuePolicy
from mockex.core.sequences import Sequences
from mockex.core.units import Asset, Instrument, Wallet

ACCOUNTS = 1_000
POSITIONS_EACH = 10
CONTRACTS = 5
OPERATIONS = 20_000
CASCADE = 1_000
MIDDLE = 500_000  # ticks
START_NS = 1_700_000_000_000_000_000

CASH = Asset(code="CASH", decimals=8)
TIERS = (MarginTier(max_value=None, maintenance_rate=5_000_000, initial_rate=10_000_000, max_leverage=100),)
CONTRACT = ContractTerms(tiers=TIERS)
POLICY = VenuePolicy(fees=FeeSchedule(maker_rate=1_000_000, taker_rate=1_000_000, rounding=FeeRounding.UP, decimals=8))
SYMBOLS = [f"PERP{number}" for number in range(CONTRACTS)]


def run() -> list[Row]:
    spot, flat, loaded, cascade = best_of_interleaved([_spot_flow, _flow(0), _flow(POSITIONS_EACH), _cascade])
    return [
        Row(
            name="orders of contracts, 10,000 open positions",
            value=OPERATIONS / loaded / 1e3,
            unit="k/s",
            detail=f"{ACCOUNTS:,} accounts in {CONTRACTS} contracts, isolated and cross; a quarter trades, a quarter cancels",
            target=60,
        ),
        Row(
            name="the same with no position open before / with 10,000",
            value=flat / loaded,
            unit="x",
            detail=f"{OPERATIONS / flat / 1e3:.0f} k/s without",
        ),
        Row(
            name="the same with 10,000 positions / the same orders of spot",
            value=spot / loaded,
            unit="x",
            detail=f"{OPERATIONS / spot / 1e3:.0f} k/s of spot",
        ),
        Row(
            name="a liquidation in a cascade of 1,000",
            value=cascade / CASCADE * 1e6,
            unit="µs each",
            detail=f"{cascade * 1e3:.0f} ms for all, in one command: cancel, close at the book, insurance, new mark price",
        ),
    ]


def make_exchange(contract: ContractTerms | None = CONTRACT) -> Exchange:
    """Of contracts, or of spot instruments."""
    base = Asset(code="COIN", decimals=8)
    exchange = Exchange(
        instruments=[
            Instrument.create(
                symbol=symbol,
                base=base,
                quote=CASH,
                tick_size=Decimal("0.1"),
                lot_size=Decimal("0.0001"),
                min_qty=Decimal("0.0001"),
                contract=contract,
            )
            for symbol in SYMBOLS
        ],
        assets=[base, CASH],
        candle_buckets=[FixedBuckets(width_ns=MINUTE_NS), FixedBuckets(width_ns=60 * MINUTE_NS)],
        candles_kept=1_440,
        policy=POLICY,
        clock=VirtualClock(START_NS),
        sequences=Sequences({"order": 0}),
        schedule=_never,
    )
    for number in range(ACCOUNTS):
        _open(exchange, f"a{number}")
    return exchange


def _open(exchange: Exchange, account_id: str) -> None:
    exchange.execute(OpenAccount(account_id=account_id))
    for asset in exchange.assets:
        exchange.execute(AdjustBalance(account_id=account_id, wallet=Wallet.SPOT, asset=asset, amount=10**16))


def _never(due_ns: int, command: Command) -> None:
    raise AssertionError("nothing here happens later")


def _order(
    account: int, symbol: str, merge: PositionMerge, price: int, *, close: bool = False, ioc: bool = False
) -> PlaceOrder:
    """Even accounts trade isolated, odd ones cross."""
    return PlaceOrder(
        account_id=f"a{account}",
        symbol=symbol,
        side=Side.BUY if merge is PositionMerge.LONG else Side.SELL,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.IOC if ioc else TimeInForce.GTC,
        limit_price=price,
        order_qty=10,
        position=PositionTerms(
            merge=merge,
            margin_method=MarginMethod.CROSS if account % 2 else MarginMethod.ISOLATED,
            leverage=10,
        ),
    )


def _flow(positions_each: int) -> Callable[[], Callable[[], None]]:
    def make() -> Callable[[], None]:
        exchange = make_exchange()
        for round_ in range(positions_each // 2):
            for account in range(ACCOUNTS):
                symbol = SYMBOLS[(account + round_) % CONTRACTS]
                exchange.execute(_order(account, symbol, PositionMerge.LONG, MIDDLE))
                exchange.execute(_order((account + 1) % ACCOUNTS, symbol, PositionMerge.SHORT, MIDDLE, ioc=True))
        assert exchange.contracts is not None
        assert sum(bool(position.qty) for position in exchange.contracts.positions) >= ACCOUNTS * positions_each
        commands = _commands(_next_order_id(exchange))
        return lambda: _execute_all(exchange, commands)

    return make


def _spot_flow() -> Callable[[], None]:
    exchange = make_exchange(contract=None)
    commands = [
        replace(command, position=None) if isinstance(command, PlaceOrder) else command for command in _commands(first_id=0)
    ]
    return lambda: _execute_all(exchange, commands)


def _execute_all(exchange: Exchange, commands: list[Command]) -> None:
    for command in commands:
        exchange.execute(command)


def _commands(first_id: int) -> list[Command]:
    """Order ids count on, one for each order, so that cancels can be written beforehand. Some come too late."""
    rng = random.Random(7)
    commands: list[Command] = []
    resting: list[tuple[int, int]] = []
    placed = 0
    while len(commands) < OPERATIONS:
        draw = rng.random()
        account, symbol = rng.randrange(ACCOUNTS), rng.choice(SYMBOLS)
        if draw < 0.25 and len(resting) > 500:
            index = rng.randrange(len(resting))
            resting[index], resting[-1] = resting[-1], resting[index]
            owner, order_id = resting.pop()
            commands.append(CancelOrder(account_id=f"a{owner}", order_id=order_id))
            continue
        merge = rng.choice((PositionMerge.LONG, PositionMerge.SHORT))
        buys = merge is PositionMerge.LONG
        if draw < 0.75:
            distance = rng.randrange(1, 50)
            commands.append(_order(account, symbol, merge, MIDDLE - distance if buys else MIDDLE + distance))
            resting.append((account, first_id + placed))
        else:
            commands.append(_order(account, symbol, merge, MIDDLE + 60 if buys else MIDDLE - 60, ioc=True))
        placed += 1
    return commands


def _next_order_id(exchange: Exchange) -> int:
    accepted = exchange.execute(_order(0, SYMBOLS[0], PositionMerge.LONG, 1))[0]
    assert isinstance(accepted, OrderAccepted)
    exchange.execute(CancelOrder(account_id="a0", order_id=accepted.order.order_id))
    return accepted.order.order_id + 1


def _cascade() -> Callable[[], None]:
    """1,000 isolated longs at ten different leverages, bids for half of them, and an index that falls through all of them."""
    exchange = make_exchange()
    symbol = SYMBOLS[0]
    exchange.execute(SetIndexPrice(symbol=symbol, price=MIDDLE))
    _open(exchange, "house")
    for number in range(CASCADE):
        terms = PositionTerms(merge=PositionMerge.SPLIT, margin_method=MarginMethod.ISOLATED, leverage=20 + number % 10)
        for account_id, side in ((f"a{number}", Side.BUY), ("house", Side.SELL)):
            exchange.execute(
                PlaceOrder(
                    account_id=account_id,
                    symbol=symbol,
                    side=side,
                    order_type=OrderType.LIMIT,
                    limit_price=MIDDLE,
                    order_qty=10,
                    position=terms,
                )
            )
    for number in range(CASCADE // 2):
        exchange.execute(_order(ACCOUNTS - 1 - 2 * (number % 100), symbol, PositionMerge.LONG, MIDDLE * 97 // 100 - number))
    exchange.execute(SetIndexPrice(symbol=symbol, price=None))
    exchange.execute(SetIndexPrice(symbol=symbol, price=MIDDLE))

    def work() -> None:
        events = exchange.execute(SetIndexPrice(symbol=symbol, price=MIDDLE // 2))
        closed = sum(isinstance(event, PositionLiquidated) for event in events)
        assert closed >= CASCADE, f"only {closed} liquidations"

    return work
