"""What a change of one of HTX's books costs does not grow with those who read something else: counted steps, not seconds.

Readers are connections without sockets: event loops make steps of their own.
"""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable

import pytest
from endtoend_work import calls_of, steps_of

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import OrderAccepted
from mockex.core.orders import OrderType, Side
from mockex.venues.htx.streams import encode
from mockex.wire.connections import Connection
from mockex.world import SimulatedWorld, WorldSettings

START_NS = 1_707_966_245_000_000_000
SECOND_NS = 1_000_000_000

AT_ONCE = "market.btcusdt.mbp.20"
"""Pushed with each change. The others wait for their line."""
ON_FEED = (AT_ONCE, "market.btcusdt.mbp.refresh.10")
ON_MARKET = ("market.btcusdt.depth.step0", "market.btcusdt.depth.step3")

TOLERANCE = 1.02
"""Numbers of more digits. To look at each of the bystanders once would be more than this."""


class Floor:
    """HTX with a book of btcusdt, and whoever reads what."""

    def __init__(self) -> None:
        world = SimulatedWorld(WorldSettings(start_ns=START_NS, venues=("htx",), market="quiet"))
        self.clock = world.clock
        self.simulation = world.simulations["htx"]
        self.wakes: list[Connection] = []
        for distance in range(1, 201):
            self.place(Side.BUY, 1_000_000 - 10 * distance)
            self.place(Side.SELL, 1_000_000 + 10 * distance)

    def place(self, side: Side, price: int) -> int:
        instrument = self.simulation.desk.exchange.markets["btcusdt"].instrument
        command = PlaceOrder(
            account_id="alice",
            symbol="btcusdt",
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=price,
            order_qty=100 * instrument.min_qty,
        )
        accepted = self.simulation.desk.execute(command)[0]
        assert isinstance(accepted, OrderAccepted)
        return accepted.order.order_id

    def change(self) -> None:
        """An order comes into the best prices and goes again: two increments."""
        order_id = self.place(Side.BUY, 999_995)
        self.simulation.desk.execute(CancelOrder(account_id="alice", order_id=order_id))

    def a_second_with_a_change(self) -> None:
        """In which everything is pushed that waits for its line."""
        self.place(Side.BUY, 999_995)
        self.clock.advance(SECOND_NS)

    def readers(self, count: int, *topics: str) -> list[Connection]:
        """So many connections that have subscribed to all of these, and taken what that brought."""
        found = []
        for _ in range(count):
            socket = "feed" if any(".mbp." in topic for topic in topics) else "market"
            connection = self.simulation.open_connection(socket, "", self.wakes.append)
            for topic in topics:
                self.simulation.receive(connection, json.dumps({"sub": topic}))
            assert all(b"error" not in frame.message for frame in connection.drain())
            found.append(connection)
        self.wakes.clear()
        return found


def bystanders_of_other_symbols(floor: Floor) -> list[Connection]:
    books = ("market.ethusdt.mbp.20", "market.ethusdt.mbp.refresh.10")
    others = ("market.ethusdt.depth.step0", "market.trxusdt.trade.detail", "market.ethbtc.bbo", "market.ethusdt.ticker")
    return [*floor.readers(150, *books), *floor.readers(150, *others)]


def bystanders_of_trades(floor: Floor) -> list[Connection]:
    return floor.readers(300, "market.btcusdt.trade.detail", "market.btcusdt.kline.1min", "market.btcusdt.detail")


def bystanders_of_nothing(floor: Floor) -> list[Connection]:
    return floor.readers(300)


@pytest.mark.parametrize("step", [Floor.change, Floor.a_second_with_a_change], ids=lambda step: step.__name__)
@pytest.mark.parametrize(
    "gather",
    [bystanders_of_other_symbols, bystanders_of_trades, bystanders_of_nothing],
    ids=lambda gather: gather.__name__,
)
def test_a_change_of_a_book_touches_only_its_readers(
    step: Callable[[Floor], None], gather: Callable[[Floor], list[Connection]]
) -> None:
    floor = Floor()
    concerned = floor.readers(3, *ON_FEED) + floor.readers(3, *ON_MARKET)

    def steps() -> int:
        step(floor)  # what may be remembered is
        for connection in concerned:
            connection.drain()
        floor.wakes.clear()
        return steps_of(lambda: step(floor))

    alone = steps()
    bystanders = gather(floor)
    assert len(bystanders) == 300
    crowded = steps()

    assert set(floor.wakes) == set(concerned if step is Floor.a_second_with_a_change else concerned[:3])
    assert all(connection.drain() == [] for connection in bystanders)
    assert crowded < alone * TOLERANCE


def test_a_change_is_rendered_and_compressed_once_and_its_frame_is_one_object_for_all_readers() -> None:
    floor = Floor()
    floor.readers(1, *ON_FEED)
    for_one = calls_of("compressobj", floor.change)
    readers = floor.readers(300, *ON_FEED)

    assert calls_of("compressobj", floor.change) == for_one == 2
    first, *others = [reader.drain() for reader in readers]
    assert [json.loads(gzip.decompress(frame.payload))["ch"] for frame in first] == [AT_ONCE] * 2
    for frames in others:
        assert all(mine is other for mine, other in zip(first, frames, strict=True))


def test_what_waits_for_a_slow_reader_is_about_as_large_as_the_venues_bound_however_well_it_compresses() -> None:
    floor = Floor()
    (reader,) = floor.readers(1)
    rows = ",".join(f"[{9_000 + level}.0,{level * 7_919 % 9_973}.0]" for level in range(400))
    tracemalloc.start()
    held_bytes = said_bytes = number = 0
    while reader.closing is None:
        number += 1
        message = f'{{"number":{number},"bids":[{rows}]}}'.encode()
        said_bytes += len(message)
        held_bytes = tracemalloc.get_traced_memory()[0]
        reader.send(encode(message))
    freed_bytes = held_bytes - tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    bound_bytes = reader.slow_reader.max_bytes
    assert said_bytes > 2.5 * bound_bytes
    assert 0.9 * bound_bytes < freed_bytes < 1.2 * bound_bytes
    assert reader.drain() == []
