"""What orders and marks of contracts cost, counted: as much among many open positions as among few."""

from __future__ import annotations

from decimal import Decimal

from endtoend_work import steps_of

from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, Command, OpenAccount, PlaceOrder, SetIndexPrice
from mockex.core.contract_terms import ContractTerms, MarginMethod, MarginTier, PositionMerge, PositionTerms
from mockex.core.events import Event, MarkPriceChanged, Rejected, Trade
from mockex.core.exchange import Exchange
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.invariants import violations
from mockex.core.orders import OrderType, Side, TimeInForce
from mockex.core.policy import VenuePolicy
from mockex.core.sequences import Sequences
from mockex.core.units import Asset, Instrument, Wallet

CASH, COIN = Asset(code="CASH", decimals=8), Asset(code="COIN", decimals=8)
SYMBOLS = ("ONE", "TWO", "SIX")
MIDDLE = 50_000  # ticks
WEALTH = 10**12
LONG, SHORT = PositionMerge.LONG, PositionMerge.SHORT


def never(due_ns: int, command: Command) -> None:
    raise AssertionError("nothing here happens later")


def order(account_id: str, symbol: str, merge: PositionMerge, price: int, *, ioc: bool = False) -> PlaceOrder:
    """Accounts with an odd number trade cross, the others isolated."""
    return PlaceOrder(
        account_id=account_id,
        symbol=symbol,
        side=Side.BUY if merge is LONG else Side.SELL,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.IOC if ioc else TimeInForce.GTC,
        limit_price=price,
        order_qty=10,
        position=PositionTerms(
            merge=merge,
            margin_method=MarginMethod.CROSS if int(account_id) % 2 else MarginMethod.ISOLATED,
            leverage=10,
        ),
    )


def exchange_with(accounts: int) -> Exchange:
    """Each account is long against the next in every contract."""
    terms = ContractTerms(
        tiers=(MarginTier(max_value=None, maintenance_rate=5_000_000, initial_rate=10_000_000, max_leverage=100),)
    )
    exchange = Exchange(
        instruments=[
            Instrument.create(
                symbol=symbol, base=COIN, quote=CASH, tick_size=Decimal("0.1"), lot_size=Decimal("0.001"),
                min_qty=Decimal("0.001"), contract=terms,
            )
            for symbol in SYMBOLS
        ],
        assets=[CASH, COIN],
        candle_buckets=[FixedBuckets(width_ns=MINUTE_NS)],
        candles_kept=3,
        policy=VenuePolicy(fees=FeeSchedule(maker_rate=0, taker_rate=1_000_000, rounding=FeeRounding.UP, decimals=8)),
        clock=VirtualClock(0),
        sequences=Sequences(),
        schedule=never,
    )  # fmt: skip
    for number in range(accounts):
        exchange.execute(OpenAccount(account_id=str(number)))
        exchange.execute(AdjustBalance(account_id=str(number), wallet=Wallet.SPOT, asset=CASH.code, amount=WEALTH))
    for number in range(accounts):
        for symbol in SYMBOLS:
            exchange.execute(order(str(number), symbol, LONG, MIDDLE))
            exchange.execute(order(str((number + 1) % accounts), symbol, SHORT, MIDDLE, ioc=True))
    assert exchange.contracts is not None
    assert len(list(exchange.contracts.positions)) == 2 * len(SYMBOLS) * accounts
    return exchange


def play(exchange: Exchange) -> list[Event]:
    """Accounts 1 to 8 quote, trade with each other, and move every mark to and fro without anybody's end."""
    events: list[Event] = []
    for turn in range(60):
        symbol = SYMBOLS[turn % len(SYMBOLS)]
        shift = turn % 7 * 10
        events += exchange.execute(order(str(1 + turn % 8), symbol, LONG, MIDDLE + shift - 5))
        events += exchange.execute(order(str(1 + (turn + 3) % 8), symbol, SHORT, MIDDLE + shift - 5))
        events += exchange.execute(SetIndexPrice(symbol=symbol, price=MIDDLE + shift))
    return events


def test_an_order_or_a_mark_costs_as_much_among_many_positions_as_among_few() -> None:
    steps: list[int] = []
    for accounts in (10, 400):
        exchange = exchange_with(accounts)
        events: list[Event] = []
        steps.append(steps_of(lambda exchange=exchange, events=events: events.extend(play(exchange))))  # type: ignore[misc]
        assert not [event for event in events if isinstance(event, Rejected)]
        assert sum(isinstance(event, Trade) for event in events) >= 60
        assert sum(isinstance(event, MarkPriceChanged) for event in events) >= 60
        assert violations(exchange) == []

    few, many = steps
    assert many < few * 5 // 4, f"{few} instructions among 60 positions, {many} among 2,400"
