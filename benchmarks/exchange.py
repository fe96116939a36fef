"""(b) `Exchange.execute` with ledger, events and read models over the stream of (a), and the memory of a resting order.

An exchange makes its orders. So the book that its target compares it with makes them too; against a book that gets them
ready-made the ratio is reported as well.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable

from benchmarks import book
from benchmarks.measure import Row, best_of_interleaved
from benchmarks.stream import CANCEL, MIDDLE, SWEEP, Operation, operations
from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, CancelOrder, Command, OpenAccount, PlaceOrder
from mockex.core.exchange import Exchange
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.orders import OrderType, Side, TimeInForce
from mockex.core.policy import BeyondBand, PriceBand, VenuePolicy
from mockex.core.sequences import Sequences
from mockex.core.units import Wallet

RESTING = 20_000
START_NS = 1_700_000_000_000_000_000

POLICY = VenuePolicy(
    fees=FeeSchedule(maker_rate=1_000_000, taker_rate=1_500_000, rounding=FeeRounding.UP, decimals=8),
    price_band=PriceBand(reach_ppm=300_000, beyond=BeyondBand.CANCEL),
)


def run() -> list[Row]:
    stream = operations(book.INSTRUMENT)
    ready, making, of_exchange = best_of_interleaved(
        [
            lambda: book.book_loop(stream),
            lambda: book.making_book_loop(stream),
            lambda: _exchange_loop(stream),
        ]
    )
    count = len(stream)
    memory = _bytes_per_resting_order()
    return [
        Row(
            name="exchange / order book, orders made in both",
            value=making / of_exchange,
            unit="x",
            detail=f"{count / of_exchange / 1e3:.0f} k commands/s against {count / making / 1e3:.0f} k operations/s",
            target=0.10,
        ),
        Row(
            name="exchange / order book with ready-made orders",
            value=ready / of_exchange,
            unit="x",
            detail=f"against {count / ready / 1e3:.0f} k operations/s",
        ),
        Row(
            name="memory of a resting order",
            value=memory,
            unit="bytes",
            detail=f"{RESTING:,} orders placed through the exchange, everything that grew counted",
            target=1_024,
            at_least=False,
        ),
    ]


def make_exchange() -> Exchange:
    """An exchange with one instrument and two accounts that never run dry."""
    instrument = book.INSTRUMENT
    exchange = Exchange(
        instruments=[instrument],
        assets=[instrument.base, instrument.quote],
        candle_buckets=[FixedBuckets(width_ns=MINUTE_NS), FixedBuckets(width_ns=60 * MINUTE_NS)],
        candles_kept=1_440,
        policy=POLICY,
        clock=VirtualClock(START_NS),
        sequences=Sequences({"order": 0}),
        schedule=_never,
    )
    for account_id in ("maker", "taker"):
        exchange.execute(OpenAccount(account_id=account_id))
        for asset in (instrument.base.code, instrument.quote.code):
            exchange.execute(AdjustBalance(account_id=account_id, wallet=Wallet.SPOT, asset=asset, amount=10**24))
    return exchange


def _never(due_ns: int, command: Command) -> None:
    raise AssertionError("nothing here happens later")


def _exchange_loop(stream: list[Operation]) -> Callable[[], None]:
    """Order ids count from 0, so an operation's number is its order's id."""
    exchange = make_exchange()
    commands = [_command(operation) for operation in stream]

    def work() -> None:
        for command in commands:
            exchange.execute(command)

    return work


def _command(operation: Operation) -> Command:
    if operation.kind == CANCEL:
        return CancelOrder(account_id="maker", order_id=operation.number)
    sweeps = operation.kind == SWEEP
    return PlaceOrder(
        account_id="taker" if sweeps else "maker",
        symbol=book.INSTRUMENT.symbol,
        side=operation.side,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.IOC if sweeps else TimeInForce.GTC,
        limit_price=operation.price,
        order_qty=operation.qty,
    )


def _bytes_per_resting_order() -> float:
    exchange = make_exchange()
    commands = [
        PlaceOrder(
            account_id="maker",
            symbol=book.INSTRUMENT.symbol,
            side=Side.BUY,
            order_type=OrderType.LIMIT,
            limit_price=MIDDLE - number % 500,
            order_qty=1_000_000 + number,
        )
        for number in range(RESTING)
    ]
    gc.collect()
    tracemalloc.start()
    for command in commands:
        exchange.execute(command)
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return grown / RESTING
