"""What becomes of orders: found by id and name, paged by status, and forgotten at the very instant their time is over."""

from collections.abc import Iterable

import pytest
from exchange_rig import PLAIN, Rig, make_instrument, make_policy

from mockex.core.commands import CancelOrder
from mockex.core.orders import LIVE, Order, OrderStatus, Side
from mockex.core.policy import ClientIdPolicy
from mockex.core.rejects import RejectReason

HOUR_NS = 3_600_000_000_000
TWO_HOURS_NS = 2 * HOUR_NS  # okj§9.4: cancelled orders without any fill disappear after 2 h
CLOSED = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED})
ALL = LIVE | CLOSED


@pytest.fixture
def rig() -> Rig:
    """Two instruments, and an account with enough for anything."""
    other = make_instrument("ETH-JPY", tick="1", lot="1", decimals=0)
    policy = make_policy(unfilled_cancelled_retention_ns=TWO_HOURS_NS, order_retention_ns=24 * HOUR_NS)
    rig = Rig(PLAIN, other, policy=policy)
    for account_id in ("alice", "bob"):
        rig.open(account_id, COIN=1_000, CASH=1_000_000, ETH=1_000, JPY=1_000_000)
    return rig


def page(
    rig: Rig,
    account_id: str = "alice",
    symbols: Iterable[str] = ("PLAIN",),
    statuses: Iterable[OrderStatus] = ALL,
    *,
    older_than: int | None = None,
    newer_than: int | None = None,
    span_ns: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[int]:
    account = rig.exchange.accounts[account_id]
    orders = rig.exchange.orders.page(
        account, symbols, frozenset(statuses), older_than=older_than, newer_than=newer_than, span_ns=span_ns, limit=limit
    )
    return [order.order_id for order in orders]


def one_of_each(rig: Rig) -> dict[str, Order]:
    """An order of alice in every state, and some of bob's."""
    orders = {
        "open": rig.buy("alice", 1, 90),
        "cancelled": rig.buy("alice", 1, 91),
        "partly filled": rig.buy("alice", 5, 95),
        "filled": rig.buy("alice", 1, 96),
        "cancelled with a fill": rig.buy("alice", 2, 97),
        "elsewhere": rig.buy("alice", 1, 90, symbol="ETH-JPY"),
    }
    rig.sell("bob", 1, 97)
    rig.cancel(orders["cancelled with a fill"])
    rig.sell("bob", 2, 95)
    rig.cancel(orders["cancelled"])
    return orders


@pytest.mark.parametrize(
    ("statuses", "names"),
    [
        ([OrderStatus.OPEN], ["open"]),
        ([OrderStatus.PARTIALLY_FILLED], ["partly filled"]),
        ([OrderStatus.FILLED], ["filled"]),
        ([OrderStatus.CANCELLED], ["cancelled with a fill", "cancelled"]),
        (LIVE, ["partly filled", "open"]),
        (CLOSED, ["cancelled with a fill", "filled", "cancelled"]),
        (ALL, ["cancelled with a fill", "filled", "partly filled", "cancelled", "open"]),
        ([], []),
    ],
)
def test_a_page_holds_the_statuses_asked_for_newest_first(rig: Rig, statuses: Iterable[OrderStatus], names: list[str]) -> None:
    orders = one_of_each(rig)
    assert page(rig, statuses=statuses) == [orders[name].order_id for name in names]


def test_a_page_may_span_instruments_but_never_accounts(rig: Rig) -> None:
    orders = one_of_each(rig)
    assert page(rig, symbols=["PLAIN", "ETH-JPY"], statuses=[OrderStatus.OPEN]) == [
        orders["elsewhere"].order_id,
        orders["open"].order_id,
    ]
    assert page(rig, symbols=["ETH-JPY"]) == [orders["elsewhere"].order_id]
    assert page(rig, "bob", statuses=LIVE) == []


def test_cursors_are_exclusive_and_the_newest_of_a_page_come_first(rig: Rig) -> None:
    orders = one_of_each(rig)
    ids = page(rig)
    assert ids == sorted((order.order_id for name, order in orders.items() if name != "elsewhere"), reverse=True)
    assert page(rig, older_than=ids[1]) == ids[2:]
    assert page(rig, newer_than=ids[3]) == ids[:3]
    assert page(rig, newer_than=ids[4], older_than=ids[0]) == ids[1:4]
    assert page(rig, newer_than=ids[0]) == []
    assert page(rig, limit=2) == ids[:2]
    assert page(rig, newer_than=ids[4], limit=2) == ids[:2]
    assert page(rig, older_than=ids[1], limit=2) == ids[2:4]
    assert page(rig, limit=0) == []


def test_pages_walk_through_everything_once(rig: Rig) -> None:
    placed = [rig.buy("alice", 1, 50 + number).order_id for number in range(25)]
    for order_id in placed[::3]:
        rig.execute(CancelOrder(account_id="alice", order_id=order_id))
    seen: list[int] = []
    while rows := page(rig, older_than=seen[-1] if seen else None, limit=4):
        seen += rows
    assert seen == placed[::-1]


def test_a_filter_does_not_count_against_the_limit(rig: Rig) -> None:
    small = rig.buy("alice", 1, 50)
    for price in range(51, 60):
        rig.cancel(rig.buy("alice", 2, price))
    rows = rig.exchange.orders.page(
        rig.exchange.accounts["alice"], ["PLAIN"], ALL, older_than=None, newer_than=None, limit=1,
        where=lambda order: order.order_qty == 1,
    )  # fmt: skip
    assert rows == [small]


def test_a_span_is_of_the_creation_of_orders_whether_they_are_open_or_closed(rig: Rig) -> None:
    placed = []
    for number in range(12):
        placed.append(rig.buy("alice", 1, 50 + number))
        rig.clock.advance(10)
    for order in placed[::2]:
        rig.cancel(order)
    for order in placed[1::4]:
        rig.sell("bob", 1, 50 + placed.index(order))
    first_ns, last_ns = placed[3].created_ns, placed[8].created_ns
    ids = [order.order_id for order in placed]

    assert page(rig, span_ns=(first_ns, last_ns)) == ids[8:2:-1]
    assert page(rig, span_ns=(first_ns + 1, last_ns - 1)) == ids[7:3:-1]
    assert page(rig, span_ns=(first_ns, last_ns), older_than=ids[7], limit=2) == ids[6:4:-1]
    assert page(rig, span_ns=(last_ns, first_ns)) == []


# --- retention


def test_a_cancelled_order_without_fills_is_forgotten_after_two_hours_and_not_earlier(rig: Rig) -> None:
    order = rig.buy("alice", 1, 90, client_id="a1")
    rig.clock.advance(HOUR_NS)  # the two hours count from its end, not from its beginning
    rig.cancel(order)
    history, account = rig.exchange.orders, rig.exchange.accounts["alice"]

    rig.clock.advance(TWO_HOURS_NS - 1)
    assert history.by_id(order.order_id) is order
    assert history.by_client_id(account, "a1") is order
    assert page(rig) == [order.order_id]

    rig.clock.advance(1)
    assert history.by_id(order.order_id) is None
    assert history.by_client_id(account, "a1") is None
    assert page(rig) == []
    assert len(history) == 0


def test_an_order_with_fills_outlives_one_without(rig: Rig) -> None:
    orders = one_of_each(rig)
    rig.clock.advance(TWO_HOURS_NS)
    forgotten = {name for name, order in orders.items() if rig.exchange.orders.by_id(order.order_id) is None}
    assert forgotten == {"cancelled"}
    rig.clock.advance(22 * HOUR_NS)
    forgotten = {name for name, order in orders.items() if rig.exchange.orders.by_id(order.order_id) is None}
    assert forgotten == {"cancelled", "cancelled with a fill", "filled"}
    assert page(rig) == [orders["partly filled"].order_id, orders["open"].order_id]


def test_a_live_order_is_never_forgotten(rig: Rig) -> None:
    order = rig.buy("alice", 1, 90)
    rig.clock.advance(1_000 * HOUR_NS)
    assert page(rig, statuses=[OrderStatus.OPEN]) == [order.order_id]
    rig.cancel(order)
    assert page(rig, statuses=[OrderStatus.CANCELLED]) == [order.order_id]


def test_cancelling_a_forgotten_order_meets_an_unknown_order_whoever_looked_before(rig: Rig) -> None:
    order = rig.buy("alice", 1, 90)
    rig.cancel(order)
    again = CancelOrder(account_id="alice", order_id=order.order_id)
    rig.clock.advance(TWO_HOURS_NS - 1)
    assert rig.refused(again) is RejectReason.ORDER_CANCELLED
    rig.clock.advance(1)
    assert rig.refused(again) is RejectReason.ORDER_UNKNOWN


# --- names


def test_a_name_means_the_newest_order_that_has_it(rig: Rig) -> None:
    account = rig.exchange.accounts["alice"]
    rig.buy("alice", 1, 90, client_id="a1")
    second = rig.buy("alice", 1, 91, client_id="a1")
    rig.buy("bob", 1, 92, client_id="a1")
    assert rig.exchange.orders.by_client_id(account, "a1") is second
    assert rig.exchange.orders.by_client_id(account, "A1") is None


def test_when_the_newest_of_a_name_is_forgotten_the_name_means_the_one_before(rig: Rig) -> None:
    history, account = rig.exchange.orders, rig.exchange.accounts["alice"]
    oldest, middle, newest = (rig.buy("alice", 1, price, client_id="a1") for price in (90, 91, 92))
    rig.cancel(newest)
    rig.clock.advance(HOUR_NS)
    rig.cancel(middle)
    rig.clock.advance(HOUR_NS)
    assert history.by_client_id(account, "a1") is middle
    rig.clock.advance(HOUR_NS)
    assert history.by_client_id(account, "a1") is oldest
    rig.cancel(oldest)
    rig.clock.advance(TWO_HOURS_NS)
    assert history.by_client_id(account, "a1") is None


def test_forgetting_an_older_order_leaves_the_name_to_the_newest(rig: Rig) -> None:
    history, account = rig.exchange.orders, rig.exchange.accounts["alice"]
    older, newest = (rig.buy("alice", 1, price, client_id="a1") for price in (90, 91))
    rig.cancel(older)
    rig.clock.advance(TWO_HOURS_NS)
    assert history.by_client_id(account, "a1") is newest
    rig.cancel(newest)
    rig.clock.advance(TWO_HOURS_NS)
    assert history.by_client_id(account, "a1") is None


def use_name_again(policy: ClientIdPolicy, *, first: str, waiting_ns: int = 0) -> Rig:
    """alice's order "a1" has come to the state `first`; then time passes."""
    rig = Rig(policy=make_policy(client_ids=policy, unfilled_cancelled_retention_ns=TWO_HOURS_NS))
    rig.open("alice", COIN=100, CASH=1_000)
    rig.open("bob", COIN=100, CASH=1_000)
    order = rig.buy("alice", 1, 90, client_id="a1")
    if first == "cancelled":
        rig.cancel(order)
    elif first == "filled":
        rig.sell("bob", 1)
    rig.clock.advance(waiting_ns)
    return rig


@pytest.mark.parametrize(
    ("policy", "first", "refused"),
    [
        (ClientIdPolicy.NEWEST, "live", False),
        (ClientIdPolicy.NEWEST, "filled", False),
        (ClientIdPolicy.NEWEST, "cancelled", False),
        (ClientIdPolicy.UNIQUE_LIVE, "live", True),
        (ClientIdPolicy.UNIQUE_LIVE, "filled", False),
        (ClientIdPolicy.UNIQUE_LIVE, "cancelled", False),
        (ClientIdPolicy.UNIQUE, "live", True),
        (ClientIdPolicy.UNIQUE, "filled", True),
        (ClientIdPolicy.UNIQUE, "cancelled", True),
    ],
)
def test_a_name_may_be_used_again_as_the_policy_says(policy: ClientIdPolicy, first: str, refused: bool) -> None:
    rig = use_name_again(policy, first=first)
    again = rig.order("alice", Side.BUY, 1, 80, client_id="a1")
    if refused:
        assert rig.refused(again) is RejectReason.DUPLICATE_CLIENT_ID
    else:
        order = rig.place(again)
        assert rig.exchange.orders.by_client_id(rig.exchange.accounts["alice"], "a1") is order


@pytest.mark.parametrize("policy", ClientIdPolicy)
def test_another_account_or_name_is_no_duplicate(policy: ClientIdPolicy) -> None:
    rig = use_name_again(policy, first="live")
    rig.buy("bob", 1, 80, client_id="a1")
    rig.buy("alice", 1, 80, client_id="A1")
    rig.buy("alice", 1, 80)
    rig.buy("alice", 1, 80)


def test_a_name_is_free_again_when_its_order_is_forgotten() -> None:
    early = use_name_again(ClientIdPolicy.UNIQUE, first="cancelled", waiting_ns=TWO_HOURS_NS - 1)
    assert early.refused(early.order("alice", Side.BUY, 1, 80, client_id="a1")) is RejectReason.DUPLICATE_CLIENT_ID
    in_time = use_name_again(ClientIdPolicy.UNIQUE, first="cancelled", waiting_ns=TWO_HOURS_NS)
    in_time.buy("alice", 1, 80, client_id="a1")


# --- fills and entries


def test_fills_and_entries_are_kept_for_their_retention_and_no_longer() -> None:
    rig = Rig(policy=make_policy(fill_retention_ns=HOUR_NS, ledger_retention_ns=TWO_HOURS_NS))
    rig.open("alice", CASH=1_000)
    rig.open("bob", COIN=10)
    rig.buy("alice", 2, 90)
    rig.sell("bob", 1)
    rig.clock.advance(1)
    rig.sell("bob", 1)
    account = rig.exchange.accounts["alice"]
    coins = rig.balance("alice", "COIN")

    rig.clock.advance(HOUR_NS - 2)
    assert len(rig.exchange.fills(account, "PLAIN", limit=10)) == 2
    rig.clock.advance(1)
    assert len(rig.exchange.fills(account, "PLAIN", limit=10)) == 1
    rig.clock.advance(1)
    assert rig.exchange.fills(account, "PLAIN", limit=10) == []

    rig.clock.advance(HOUR_NS - 2)
    assert [entry.total_after for entry in rig.exchange.entries([coins], limit=10)] == [2, 1]
    rig.clock.advance(1)
    assert [entry.total_after for entry in rig.exchange.entries([coins], limit=10)] == [2]
    rig.clock.advance(1)
    assert rig.exchange.entries([coins], limit=10) == []


def test_entries_of_several_balances_come_as_one_list_newest_first() -> None:
    rig = Rig()
    rig.open("alice", CASH=1_000)
    rig.open("bob", COIN=10)
    rig.buy("alice", 2, 90)
    rig.sell("bob", 1)
    rig.sell("bob", 1)
    balances = [rig.balance("alice", "CASH"), rig.balance("alice", "COIN")]
    rows = rig.exchange.entries(balances, limit=3)
    assert [(row.balance.asset, row.amount, row.total_after) for row in rows] == [
        ("COIN", 1, 2),
        ("CASH", -90, 820),
        ("COIN", 1, 1),
    ]
    older = rig.exchange.entries(balances, limit=3, older_than=rows[-1].entry_id)
    assert [(row.balance.asset, row.amount, row.total_after) for row in older] == [("CASH", -90, 910), ("CASH", 1000, 1000)]
    assert rig.exchange.entries(balances, limit=9, newer_than=rows[1].entry_id) == rows[:1]
