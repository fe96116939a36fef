"""A venue where one account trades, and all the others who should cost it nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from endtoend_work import steps_of

from mockex.core.commands import AdjustBalance, CancelOrder, OpenAccount, PlaceOrder
from mockex.core.events import OrderAccepted
from mockex.core.orders import Side
from mockex.core.units import Wallet
from mockex.wire.connections import Connection
from mockex.world import SimulatedWorld, WorldSettings

BYSTANDERS = 300
TOLERANCE = 1.02
"""Numbers of more digits. To look at each of the bystanders once would be more than this."""


class Floor(ABC):
    """A venue with a quiet market; alice's orders are at prices around `price`, in ticks."""

    price: int

    def __init__(self, venue: str, *, start_ns: int) -> None:
        world = SimulatedWorld(WorldSettings(start_ns=start_ns, venues=(venue,), market="quiet"))
        self.simulation = world.simulations[venue]
        self.desk = self.simulation.desk
        self.trade()

    @abstractmethod
    def order(self, account_id: str, side: Side, price: int, *, close: bool = False) -> PlaceOrder:
        """Large enough to be accepted; the same for all. `close` is of contracts alone."""

    @abstractmethod
    def reader(self, account_id: str) -> Connection:
        """A connection that reads all that an account may. Its login is not the matter here."""

    def place(self, account_id: str, side: Side, price: int | None = None, *, close: bool = False) -> int:
        command = self.order(account_id, side, self.price if price is None else price, close=close)
        accepted = self.desk.execute(command)[0]
        assert isinstance(accepted, OrderAccepted), accepted
        return accepted.order.order_id

    def trade(self) -> None:
        """bob sells to alice."""
        self.place("bob", Side.SELL)
        self.place("alice", Side.BUY)

    def come_and_go(self) -> None:
        """An order of alice's that is cancelled again, and one that trades."""
        order_id = self.place("alice", Side.BUY, self.price * 99 // 100)
        self.desk.execute(CancelOrder(account_id="alice", order_id=order_id))
        self.trade()

    def newcomer(self, number: int) -> str:
        account_id = f"customer-{number}"
        self.desk.execute(OpenAccount(account_id=account_id))
        self.desk.execute(AdjustBalance(account_id=account_id, wallet=Wallet.SPOT, asset="USDT", amount=10**24))
        return account_id

    def steps(self, reader: Connection) -> int:
        """What it takes to come and go, once whatever may be remembered is."""
        self.come_and_go()
        reader.drain()
        return steps_of(self.come_and_go)


def readers_of_other_accounts(floor: Floor) -> None:
    for number in range(BYSTANDERS):
        floor.reader(floor.newcomer(number))


def orders_of_other_accounts(floor: Floor) -> None:
    for number in range(BYSTANDERS):
        floor.place(floor.newcomer(number), Side.BUY, floor.price * 95 // 100)


def expect_no_more_work(floor: Floor, gather: Callable[[Floor], None], *, messages: int) -> None:
    """Alice's orders cost what they did before those gathered, and she is told of them in at least as many messages."""
    reader = floor.reader("alice")
    alone = floor.steps(reader)
    gather(floor)

    crowded = floor.steps(reader)

    assert len(reader.drain()) >= messages
    assert crowded < alone * TOLERANCE, (alone, crowded)
