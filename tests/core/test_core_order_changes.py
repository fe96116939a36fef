"""Numbers of what happens to orders, and closed orders in the order of their ends."""

import random

import pytest
from exchange_rig import PLAIN, Rig, make_policy

from mockex.core.order_changes import COUNT_BITS, NumberedOrders
from mockex.core.orders import LIVE, Order

HOUR_NS = 3_600_000_000_000
DAY_NS = 24 * HOUR_NS
EVER = (0, 2**63 - 1)


@pytest.fixture
def rig() -> Rig:
    rig = Rig(
        PLAIN, policy=make_policy(numbers_changes=True, unfilled_cancelled_retention_ns=DAY_NS, order_retention_ns=5 * DAY_NS)
    )
    for account_id in ("alice", "bob"):
        rig.open(account_id, COIN=10_000_000, CASH=10_000_000_000)
    return rig


def changes_of(rig: Rig) -> NumberedOrders:
    assert rig.exchange.changes is not None
    return rig.exchange.changes


def ended(
    rig: Rig,
    *,
    older_than: int | None = None,
    newer_than: int | None = None,
    created_ns: tuple[int, int] = EVER,
    limit: int = 1_000,
    oldest_first: bool = False,
) -> list[Order]:
    return (
        changes_of(rig)
        .ended(rig.exchange.accounts["alice"], "PLAIN")
        .page(older_than=older_than, newer_than=newer_than, created_ns=created_ns, limit=limit, oldest_first=oldest_first)
    )


def test_orders_that_have_ended_are_given_by_their_end_also_those_that_end_after_somebody_has_asked(rig: Rig) -> None:
    slow, quick = rig.buy("alice", 1, 90), rig.buy("alice", 1, 90)
    assert ended(rig) == []
    rig.cancel(quick)
    rig.cancel(slow)
    filled = rig.buy("alice", 1, 95)
    rig.sell("bob", 1, 95)

    assert ended(rig) == [filled, slow, quick]
    assert ended(rig, limit=2) == [filled, slow]
    assert ended(rig, limit=2, oldest_first=True) == [quick, slow]


def test_what_happens_without_any_ledger_entry_between_is_numbered_too(rig: Rig) -> None:
    changes, last = changes_of(rig), 0
    for _ in range(3):
        order = rig.buy("alice", 1, 90)
        assert changes.arrival(order) == changes.last_change(order) > last
        rig.cancel(order)
        assert changes.last_change(order) > changes.arrival(order)
        last = changes.last_change(order)


def test_more_changes_than_a_number_has_room_for_still_come_before_the_next_fill(rig: Rig) -> None:
    changes = changes_of(rig)
    order = rig.buy("alice", 2, 90)
    changes._newest |= (1 << COUNT_BITS) - 3  # as after so many orders that came and went
    last = changes._newest
    for _ in range(5):
        gone = rig.buy("alice", 1, 80)
        assert changes.arrival(gone) > last
        rig.cancel(gone)
        last = changes.last_change(gone)
    rig.sell("bob", 1, 90)

    assert changes.last_change(order) > last


def live_a_while(rig: Rig, rng: random.Random, steps: int) -> list[Order]:
    """Orders of alice that come, trade and go at random, some at the same time. All that ever were."""
    orders: list[Order] = []
    for _ in range(steps):
        live = [order for order in orders if order.status in LIVE]
        match rng.randrange(4):
            case 0 | 1:
                orders.append(rig.buy("alice", rng.randint(1, 3), rng.randint(80, 99)))
            case 2 if live:
                rig.cancel(rng.choice(live))
            case 3 if live:
                rig.sell("bob", rng.randint(1, 2), max(order.limit_price or 0 for order in live))
        if rng.random() < 0.7:
            rig.clock.advance(rng.randint(1, HOUR_NS // 10))
    return orders


@pytest.mark.parametrize("seed", range(4))
def test_a_page_is_what_a_look_at_every_order_finds(rig: Rig, seed: int) -> None:
    rng = random.Random(seed)
    changes = changes_of(rig)
    if seed % 2:
        ended(rig)  # from here on each end is put in its place
    orders = live_a_while(rig, rng, 1_200)
    alive = [order for order in orders if changes.by_id(order.order_id) is order and order.status not in LIVE]
    assert 100 < len(alive) < len(orders) - 100
    by_end = sorted(alive, key=changes.last_change)
    assert [order.updated_ns for order in by_end] == sorted(order.updated_ns for order in by_end)
    assert len({changes.last_change(order) for order in alive}) == len(alive)

    for _ in range(200):
        first_ns, last_ns = sorted(rng.choice(orders).created_ns for _ in range(2))
        created_ns = rng.choice([EVER, (first_ns, EVER[1]), (0, last_ns), (first_ns, last_ns), (last_ns, first_ns)])
        older_than, newer_than = (rng.choice([None, changes.last_change(rng.choice(by_end))]) for _ in range(2))
        limit, oldest_first = rng.choice([1, 5, 1_000]), rng.random() < 0.5
        wanted = [
            order
            for order in by_end
            if created_ns[0] <= order.created_ns <= created_ns[1]
            and (older_than is None or changes.last_change(order) < older_than)
            and (newer_than is None or changes.last_change(order) > newer_than)
        ]
        found = ended(
            rig, older_than=older_than, newer_than=newer_than, created_ns=created_ns, limit=limit, oldest_first=oldest_first
        )
        assert found == (wanted if oldest_first else wanted[::-1])[:limit]


def test_what_is_forgotten_is_on_no_page_and_leaves_room(rig: Rig) -> None:
    ended(rig)
    gone = [rig.buy("alice", 1, 90) for _ in range(200)]
    for order in gone:
        rig.cancel(order)
    kept = rig.buy("alice", 1, 95)
    rig.sell("bob", 1, 95)
    rig.clock.advance(DAY_NS)

    assert ended(rig) == ended(rig, oldest_first=True) == [kept]
    rig.clock.advance(4 * DAY_NS)
    assert ended(rig) == []
    rig.cancel(rig.buy("alice", 1, 90))
    assert len(ended(rig)) == 1
