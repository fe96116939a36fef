"""What an order at HTX costs does not grow with accounts, readers and conditional orders that it does not concern."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from endtoend_work import steps_of

from mockex.core.commands import AdjustBalance, CancelOrder, OpenAccount, PlaceConditional, PlaceOrder
from mockex.core.events import OrderAccepted, Rejected
from mockex.core.orders import OrderType, Side, StopDirection, StopTrigger
from mockex.core.units import Wallet
from mockex.venues.htx.account_channels import make_feed, parse_topic
from mockex.venues.htx.account_streams import encode
from mockex.wire.connections import Connection
from mockex.world import SimulatedWorld, WorldSettings

TOPICS = ("orders#*", "trade.clearing#*#1", "accounts.update#2")
BYSTANDERS = 300
TOLERANCE = 1.02
"""Numbers of more digits. To look at each of the bystanders once would be more than this."""


class Floor:
    """HTX with a quiet market; alice's orders are at prices around 1000."""

    def __init__(self) -> None:
        world = SimulatedWorld(WorldSettings(start_ns=1_707_966_245_000_000_000, venues=("htx",), market="quiet"))
        self.desk = world.simulations["htx"].desk
        self.simulation = world.simulations["htx"]
        self.instrument = self.desk.exchange.markets["btcusdt"].instrument
        self.trade()

    def order(self, account_id: str, side: Side, price: int = 100_000) -> PlaceOrder:
        return PlaceOrder(
            account_id=account_id,
            symbol="btcusdt",
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=price,
            order_qty=100 * self.instrument.min_qty,
        )

    def place(self, account_id: str, side: Side, price: int = 100_000) -> int:
        accepted = self.desk.execute(self.order(account_id, side, price))[0]
        assert isinstance(accepted, OrderAccepted), accepted
        return accepted.order.order_id

    def trade(self) -> None:
        """bob sells to alice."""
        self.place("bob", Side.SELL)
        self.place("alice", Side.BUY)

    def come_and_go(self) -> None:
        """An order of alice's that is cancelled again, and one that trades."""
        order_id = self.place("alice", Side.BUY, 99_000)
        self.desk.execute(CancelOrder(account_id="alice", order_id=order_id))
        self.trade()

    def reader(self, account_id: str) -> Connection:
        """A connection that reads all topics of an account. Its login is not the matter here."""
        connection = self.simulation.open_connection("account", "", lambda _: None)
        for text in TOPICS:
            topic = parse_topic(self.desk, text)
            self.desk.hub.subscribe(
                connection, (text, account_id), lambda topic=topic: make_feed(self.desk, topic, account_id), encode, name=text
            )
        connection.drain()
        return connection

    def newcomer(self, number: int) -> str:
        account_id = f"customer-{number}"
        self.desk.execute(OpenAccount(account_id=account_id))
        self.desk.execute(AdjustBalance(account_id=account_id, wallet=Wallet.SPOT, asset="USDT", amount=10**24))
        return account_id

    def steps(self, reader: Connection) -> int:
        self.come_and_go()  # what may be remembered is
        reader.drain()
        return steps_of(self.come_and_go)


def readers_of_other_accounts(floor: Floor) -> None:
    for number in range(BYSTANDERS):
        floor.reader(floor.newcomer(number))


def orders_of_other_accounts(floor: Floor) -> None:
    for number in range(BYSTANDERS):
        floor.place(floor.newcomer(number), Side.BUY, 95_000)


@pytest.mark.parametrize("gather", [readers_of_other_accounts, orders_of_other_accounts], ids=lambda gather: gather.__name__)
def test_an_order_touches_only_the_readers_of_its_own_account(gather: Callable[[Floor], None]) -> None:
    floor = Floor()
    reader = floor.reader("alice")
    alone = floor.steps(reader)
    gather(floor)

    crowded = floor.steps(reader)

    assert len(reader.drain()) > 5
    assert crowded < alone * TOLERANCE


def test_conditional_orders_that_wait_for_other_prices_are_not_looked_at() -> None:
    floor = Floor()
    reader = floor.reader("alice")
    account_id = floor.newcomer(0)

    def wait(price: int) -> None:
        trigger = StopTrigger(price, StopDirection.AT_OR_ABOVE)
        (event,) = floor.desk.execute(PlaceConditional(order=floor.order(account_id, Side.BUY, price), trigger=trigger))
        assert not isinstance(event, Rejected)

    wait(110_000)
    one = floor.steps(reader)
    for number in range(1_000):
        wait(110_001 + number)

    assert floor.steps(reader) < one * TOLERANCE
