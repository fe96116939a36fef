"""Accounts that keep no history trade like the others, and nothing of what they did piles up."""

from __future__ import annotations

from exchange_rig import Rig

from mockex.core.commands import CancelOrder, OpenAccount
from mockex.core.orders import OrderStatus, Side
from mockex.core.units import Wallet


def _rig() -> Rig:
    rig = Rig()
    rig.execute(OpenAccount(account_id="maker", keeps_history=False))
    rig.execute(OpenAccount(account_id="user"))
    for account_id in ("maker", "user"):
        rig.give(account_id, COIN=1_000, CASH=1_000)
    return rig


def test_an_account_without_history_trades_and_its_counterparty_remembers() -> None:
    rig = _rig()
    resting = rig.place(rig.order("maker", Side.SELL, 5, 10, client_id="q1"))
    rig.place(rig.order("user", Side.BUY, 5, 10))
    maker, user = rig.exchange.accounts["maker"], rig.exchange.accounts["user"]
    assert resting.status is OrderStatus.FILLED
    assert maker.balance(Wallet.SPOT, "CASH").total == 1_050
    assert [fill.qty for fill in rig.exchange.fills(user, "PLAIN", limit=10)] == [5]
    assert rig.exchange.fills(maker, "PLAIN", limit=10) == []
    assert rig.exchange.entries(maker.wallets[Wallet.SPOT].values(), limit=10) == []


def test_its_closed_orders_are_forgotten_at_once() -> None:
    rig = _rig()
    order = rig.place(rig.order("maker", Side.SELL, 5, 10, client_id="q1"))
    maker = rig.exchange.accounts["maker"]
    assert rig.exchange.orders.by_id(order.order_id) is order
    rig.execute(CancelOrder(account_id="maker", order_id=order.order_id))
    assert rig.exchange.orders.by_id(order.order_id) is None
    assert rig.exchange.orders.by_client_id(maker, "q1") is None
    assert len(rig.exchange.orders) == 0
