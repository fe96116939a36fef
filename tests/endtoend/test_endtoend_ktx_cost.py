"""What an order for a contract costs at KTX does not grow with accounts, readers and positions that it does not concern."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from endtoend_work import steps_of

from mockex.core.commands import AdjustBalance, CancelOrder, OpenAccount, PlaceOrder
from mockex.core.contract_terms import MarginMethod, PositionMerge, PositionTerms
from mockex.core.events import OrderAccepted
from mockex.core.orders import OrderType, Side
from mockex.core.units import Wallet
from mockex.venues.ktx.user_channels import STREAMS, make_feed
from mockex.venues.ktx.user_streams import encode
from mockex.wire.connections import Connection
from mockex.world import SimulatedWorld, WorldSettings

SYMBOL = "BTC_USDT_SWAP"
BYSTANDERS = 300
TOLERANCE = 1.02
"""Numbers of more digits. To look at each of the bystanders once would be more than this."""


class Floor:
    """KTX with a quiet market; alice trades around 1000 with bob."""

    def __init__(self) -> None:
        world = SimulatedWorld(WorldSettings(start_ns=1_733_390_630_904_000_000, venues=("ktx",), market="quiet"))
        self.simulation = world.simulations["ktx"]
        self.desk = self.simulation.desk
        self.trade()

    def place(self, account_id: str, side: Side, price: int = 1_000, *, close: bool = False) -> int:
        opens_long = (side is Side.BUY) is not close
        command = PlaceOrder(
            account_id=account_id,
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=price * 10_000,
            order_qty=1_000,
            position=PositionTerms(
                merge=PositionMerge.LONG if opens_long else PositionMerge.SHORT,
                margin_method=MarginMethod.CROSS,
                leverage=10,
                close=close,
            ),
        )
        accepted = self.desk.execute(command)[0]
        assert isinstance(accepted, OrderAccepted), accepted
        return accepted.order.order_id

    def trade(self) -> None:
        """bob sells to alice."""
        self.place("bob", Side.SELL)
        self.place("alice", Side.BUY)

    def come_and_go(self) -> None:
        """An order of alice's that is cancelled again, one that trades, and one that closes what it has opened."""
        order_id = self.place("alice", Side.BUY, 990)
        self.desk.execute(CancelOrder(account_id="alice", order_id=order_id))
        self.trade()
        self.place("bob", Side.BUY, close=True)
        self.place("alice", Side.SELL, close=True)

    def reader(self, account_id: str) -> Connection:
        """A connection that hears all of an account. Its login is not the matter here."""
        connection = self.simulation.open_connection("user", "", lambda _: None)
        for name in STREAMS:
            self.desk.hub.subscribe(
                connection, (name, account_id), lambda name=name: make_feed(self.desk, name, account_id), encode, name=name
            )
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
        floor.place(floor.newcomer(number), Side.BUY, 950)


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
    floor = Floor()
    reader = floor.reader("alice")
    alone = floor.steps(reader)
    gather(floor)

    crowded = floor.steps(reader)

    assert len(reader.drain()) > 9
    assert crowded < alone * TOLERANCE
