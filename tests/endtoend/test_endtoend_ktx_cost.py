"""What an order for a contract costs at KTX does not grow with accounts, readers and positions that it does not concern."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from endtoend_floor import BYSTANDERS, Floor, expect_no_more_work, orders_of_other_accounts, readers_of_other_accounts

from mockex.core.commands import PlaceOrder
from mockex.core.contract_terms import MarginMethod, PositionMerge, PositionTerms
from mockex.core.orders import OrderType, Side
from mockex.venues.ktx.user_channels import STREAMS, make_feed
from mockex.venues.ktx.user_streams import encode
from mockex.wire.connections import Connection

SYMBOL = "BTC_USDT_SWAP"


class ContractFloor(Floor):
    """KTX; alice trades around 1000 with bob."""

    price = 1_000 * 10_000

    def __init__(self) -> None:
        super().__init__("ktx", start_ns=1_733_390_630_904_000_000)

    def order(self, account_id: str, side: Side, price: int, *, close: bool = False) -> PlaceOrder:
        opens_long = (side is Side.BUY) is not close
        return PlaceOrder(
            account_id=account_id,
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=price,
            order_qty=1_000,
            position=PositionTerms(
                merge=PositionMerge.LONG if opens_long else PositionMerge.SHORT,
                margin_method=MarginMethod.CROSS,
                leverage=10,
                close=close,
            ),
        )

    def come_and_go(self) -> None:
        """And one that closes what it has opened."""
        super().come_and_go()
        self.place("bob", Side.BUY, close=True)
        self.place("alice", Side.SELL, close=True)

    def reader(self, account_id: str) -> Connection:
        connection = self.simulation.open_connection("user", "", lambda _: None)
        for name in STREAMS:
            self.desk.hub.subscribe(
                connection, (name, account_id), lambda name=name: make_feed(self.desk, name, account_id), encode, name=name
            )
        return connection


def positions_of_other_accounts(floor: Floor) -> None:
    for number in range(BYSTANDERS // 2):
        seller, buyer = floor.newcomer(2 * number), floor.newcomer(2 * number + 1)
        floor.reader(seller)
        floor.place(seller, Side.SELL)
        floor.place(buyer, Side.BUY)


@pytest.mark.parametrize(
    "gather",
    [readers_of_other_accounts, orders_of_other_accounts, positions_of_other_accounts],
    ids=lambda gather: gather.__name__,
)
def test_an_order_touches_only_the_readers_and_positions_of_its_own_account(gather: Callable[[Floor], None]) -> None:
    expect_no_more_work(ContractFloor(), gather, messages=10)
