"""The checker itself: a healthy exchange has no violations, each kind of damage is named, and the digest tells states apart."""

from collections.abc import Callable

import pytest
from exchange_rig import Rig, rich_rig

from mockex.core.commands import FreezeAccount, SetPhase, StartPayment
from mockex.core.exchange import Exchange
from mockex.core.invariants import digest, violations
from mockex.core.ledger import EntryKind
from mockex.core.markets import MarketPhase
from mockex.core.orders import Order, OrderStatus, Side
from mockex.core.payments import PaymentKind
from mockex.core.units import Wallet


@pytest.fixture
def rig() -> Rig:
    """A book with two bids at one price, one of them partly filled, and one below; and a withdrawal under way."""
    rig = rich_rig()
    rig.buy("alice", 1, 80)
    rig.buy("alice", 5, 90)
    rig.buy("alice", 3, 90)
    rig.sell("bob", 2)
    rig.sell("bob", 4, 95)
    rig.execute(
        StartPayment(account_id="bob", kind=PaymentKind.COIN_WITHDRAWAL, asset="COIN", amount=7, fee=1, wallet=Wallet.SPOT)
    )
    return rig


def first_bid(exchange: Exchange) -> Order:
    best = exchange.markets["PLAIN"].book.bids.best
    assert best is not None
    assert best.head is not None
    return best.head


def test_a_healthy_exchange_has_no_violations(rig: Rig) -> None:
    assert violations(rig.exchange) == []


def lose_money(exchange: Exchange) -> None:
    exchange.ledger.external["CASH"] += 1


def hold_too_much(exchange: Exchange) -> None:
    exchange.accounts["alice"].balance(Wallet.SPOT, "CASH").held += 1


def overdraw(exchange: Exchange) -> None:
    balance = exchange.accounts["alice"].balance(Wallet.SPOT, "COIN")
    exchange.ledger.external["COIN"] += balance.total + 1
    balance.total = -1


def change_a_balance_without_an_entry(exchange: Exchange) -> None:
    exchange.accounts["alice"].balance(Wallet.SPOT, "CASH").total += 5
    exchange.ledger.external["CASH"] -= 5


def write_an_entry_that_does_not_follow(exchange: Exchange) -> None:
    entries = exchange.accounts["alice"].balance(Wallet.SPOT, "COIN").entries
    newest = entries.newest(1)[0]
    entries.append(newest.entry_id + 1_000, newest.time_ns, newest._replace(amount=3, kind=EntryKind.DEPOSIT))


def forget_a_live_order(exchange: Exchange) -> None:
    exchange.markets["PLAIN"].book.remove(first_bid(exchange))


def rest_a_dead_order(exchange: Exchange) -> None:
    order = first_bid(exchange)
    order.status = OrderStatus.CANCELLED
    exchange.orders.close(order)


def fill_without_a_fill(exchange: Exchange) -> None:
    order = first_bid(exchange)
    order.filled_qty += 1
    order.remaining_qty -= 1
    assert order.level is not None
    order.level.qty -= 1


def miscount_a_level(exchange: Exchange) -> None:
    best = exchange.markets["PLAIN"].book.bids.best
    assert best is not None
    best.count += 1


def missum_a_level(exchange: Exchange) -> None:
    best = exchange.markets["PLAIN"].book.bids.best
    assert best is not None
    best.qty += 1


def swap_the_queue(exchange: Exchange) -> None:
    book, order = exchange.markets["PLAIN"].book, first_bid(exchange)
    book.remove(order)
    book.add(order)


def cross_the_book(exchange: Exchange) -> None:
    book = exchange.markets["PLAIN"].book
    best = book.asks.best
    assert best is not None
    assert best.head is not None
    order = best.head
    book.remove(order)
    order.limit_price = 85
    book.add(order)


def disorder_the_prices(exchange: Exchange) -> None:
    exchange.markets["PLAIN"].book.bids.keys.reverse()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lose_money, "CASH is not conserved: 1 atoms too many"),
        (hold_too_much, "needs 620 held: <Balance alice SPOT CASH 99820 held 621>"),
        (overdraw, "negative: <Balance alice SPOT COIN -1 held 0>"),
        (change_a_balance_without_an_entry, "the last entry says 99820"),
        (write_an_entry_that_does_not_follow, "does not follow from the one before"),
        (forget_a_live_order, "is live and does not rest"),
        (rest_a_dead_order, "rests and is not live"),
        (fill_without_a_fill, "fills sum to (2, 180)"),
        (miscount_a_level, "PLAIN BUY 90: counts 3 orders, has 2"),
        (missum_a_level, "PLAIN BUY 90: sums to 7"),
        (swap_the_queue, "PLAIN BUY 90: not first in, first out"),
        (cross_the_book, "PLAIN is crossed: bid 90, ask 85"),
        (disorder_the_prices, "PLAIN BUY: prices out of order"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_damage_is_named(rig: Rig, damage: Callable[[Exchange], None], words: str) -> None:
    damage(rig.exchange)
    assert words in "\n".join(violations(rig.exchange))


# --- the digest


def test_equal_histories_have_equal_digests() -> None:
    assert digest(rich_rig().exchange) == digest(rich_rig().exchange)


@pytest.mark.parametrize(
    "change",
    [
        lambda rig: rig.give("alice", COIN=1),
        lambda rig: rig.buy("alice", 1, 80),
        lambda rig: rig.buy("bob", 1, 80),
        lambda rig: rig.sell("alice", 1),
        lambda rig: rig.open("carol"),
        lambda rig: rig.execute(FreezeAccount(account_id="alice", frozen=True)),
        lambda rig: rig.execute(FreezeAccount(account_id="alice", frozen=True, wallet=Wallet.SPOT)),
        lambda rig: rig.execute(SetPhase(symbol="PLAIN", phase=MarketPhase.HALTED)),
        lambda rig: rig.execute(
            StartPayment(account_id="alice", kind=PaymentKind.COIN_DEPOSIT, asset="COIN", amount=1, wallet=Wallet.SPOT)
        ),
    ],
    ids=["money", "order", "another's order", "trade", "account", "freeze", "frozen wallet", "phase", "payment"],
)
def test_whatever_a_command_changes_changes_the_digest(rig: Rig, change: Callable[[Rig], object]) -> None:
    before = digest(rig.exchange)
    change(rig)
    assert digest(rig.exchange) != before


def test_looking_does_not_change_the_digest(rig: Rig) -> None:
    before = digest(rig.exchange)
    account = rig.exchange.accounts["alice"]
    account.balance(Wallet.FUNDING, "COIN")
    rig.exchange.fills(account, "PLAIN", limit=10)
    rig.exchange.orders.page(account, ["PLAIN"], frozenset(OrderStatus), older_than=None, newer_than=None, limit=10)
    rig.exchange.markets["PLAIN"].book.side(Side.BUY).depth(10)
    violations(rig.exchange)
    assert digest(rig.exchange) == before
