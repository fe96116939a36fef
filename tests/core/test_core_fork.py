"""A fork of an exchange: equal, independent, and equal for ever if it is told the same."""

from __future__ import annotations

import random
from typing import Any

from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, CancelOrder, Command, OpenAccount, PlaceOrder
from mockex.core.exchange import Exchange
from mockex.core.invariants import digest, violations
from mockex.core.orders import OrderType, Side
from mockex.core.units import Wallet
from mockex.world import SimulatedWorld, WorldSettings

SYMBOL = "BTC-JPY"
START_NS = 1_767_225_600_000_000_000


def exchange() -> Exchange:
    settings = WorldSettings(start_ns=START_NS, venues=("okcoinjp",), market="quiet")
    return SimulatedWorld(settings).simulations["okcoinjp"].desk.exchange


def forked(original: Exchange) -> tuple[Exchange, VirtualClock]:
    clock = VirtualClock(original.clock.now_ns())
    return original.fork(clock=clock, schedule=lambda due_ns, command: None), clock


def order(side: Side, price: int, qty: int = 10**6, who: str = "alice", **more: Any) -> PlaceOrder:
    return PlaceOrder(
        account_id=who, symbol=SYMBOL, side=side, order_type=OrderType.LIMIT, limit_price=price, order_qty=qty, **more
    )


def random_command(rng: random.Random, live: list[int]) -> Command:
    who = rng.choice(("alice", "bob"))
    if live and rng.random() < 0.3:
        return CancelOrder(account_id=who, order_id=rng.choice(live))
    if rng.random() < 0.05:
        return AdjustBalance(account_id=who, wallet=Wallet.SPOT, asset="BTC", amount=rng.randrange(1, 10**8))
    client_id = rng.choice((None, "again"))
    return order(rng.choice(tuple(Side)), rng.randrange(90, 110), rng.randrange(1, 5) * 10**6, who, client_id=client_id)


def test_a_fork_that_is_told_the_same_stays_equal_events_and_ids_included() -> None:
    rng = random.Random(5)
    original = exchange()
    for _ in range(300):
        original.execute(random_command(rng, [each.order_id for each in original.orders.live_orders()]))
    copy, clock = forked(original)
    assert digest(copy) == digest(original)
    for step in range(300):
        for each in (original.clock, clock):
            each.advance_to(START_NS + step * 10**9)
        command = random_command(rng, [each.order_id for each in original.orders.live_orders()])
        assert repr(original.execute(command)) == repr(copy.execute(command))
    assert digest(copy) == digest(original)
    assert violations(copy) == []


def test_neither_touches_the_other() -> None:
    original = exchange()
    original.execute(order(Side.SELL, 100))
    copy, _ = forked(original)
    before = digest(original)
    copy.execute(order(Side.BUY, 100, who="bob"))
    copy.execute(OpenAccount(account_id="carol"))
    assert digest(original) == before
    assert violations(original) == violations(copy) == []
    assert "carol" not in original.accounts
    original.execute(order(Side.SELL, 101))
    assert [level.price for level in copy.markets[SYMBOL].book.asks] == []


def test_a_long_queue_at_one_price_is_copied_in_its_order() -> None:
    original = exchange()
    for _ in range(5_000):
        original.execute(order(Side.SELL, 100, 10**5))
    copy, _ = forked(original)
    (level,) = copy.markets[SYMBOL].book.asks
    (true_level,) = original.markets[SYMBOL].book.asks
    assert [each.order_id for each in level] == [each.order_id for each in true_level]
    assert all(each.level is level for each in level)
    assert violations(copy) == []
