"""What an order at HTX costs does not grow with accounts, readers and conditional orders that it does not concern."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from endtoend_floor import TOLERANCE, Floor, expect_no_more_work, orders_of_other_accounts, readers_of_other_accounts

from mockex.core.commands import PlaceConditional, PlaceOrder
from mockex.core.events import Rejected
from mockex.core.orders import OrderType, Side, StopDirection, StopTrigger
from mockex.venues.htx.account_channels import make_feed, parse_topic
from mockex.venues.htx.account_streams import encode
from mockex.wire.connections import Connection

SYMBOL = "btcusdt"
TOPICS = ("orders#*", "trade.clearing#*#1", "accounts.update#2")


class SpotFloor(Floor):
    """HTX; alice's orders are at prices around 1000."""

    price = 100_000

    def __init__(self) -> None:
        super().__init__("htx", start_ns=1_707_966_245_000_000_000)

    def order(self, account_id: str, side: Side, price: int, *, close: bool = False) -> PlaceOrder:
        assert not close
        return PlaceOrder(
            account_id=account_id,
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=price,
            order_qty=100 * self.desk.exchange.markets[SYMBOL].instrument.min_qty,
        )

    def reader(self, account_id: str) -> Connection:
        connection = self.simulation.open_connection("account", "", lambda _: None)
        for text in TOPICS:
            topic = parse_topic(self.desk, text)
            self.desk.hub.subscribe(
                connection, (text, account_id), lambda topic=topic: make_feed(self.desk, topic, account_id), encode, name=text
            )
        connection.drain()
        return connection


@pytest.mark.parametrize("gather", [readers_of_other_accounts, orders_of_other_accounts], ids=lambda gather: gather.__name__)
def test_an_order_touches_only_the_readers_of_its_own_account(gather: Callable[[Floor], None]) -> None:
    expect_no_more_work(SpotFloor(), gather, messages=6)


def test_conditional_orders_that_wait_for_other_prices_are_not_looked_at() -> None:
    floor = SpotFloor()
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
