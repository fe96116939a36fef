"""What the user socket tells: every change of orders, positions and balances, in that order, and nothing else (ktx§9)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from ktx_support import MS, Bench
from ktx_user_client import PERPETUAL, Said, UserSocket, cancel, customer, order, placed
from mockex.fixtures import load

from mockex.core.commands import AdjustBalance, SetFundingRate, SetIndexPrice, SetMarkPrice
from mockex.core.contract_terms import MarginMethod, PositionMerge
from mockex.core.units import Wallet
from mockex.venues.ktx import user_channels
from mockex.wire.messages import Push

PERPETUALS = load("ktx", "perpetuals")
FRAMES = {stream: load("ktx", f"ws/{stream}") for stream in ("order", "position", "account")}
CROSS, SPLIT = MarginMethod.CROSS, PositionMerge.SPLIT
HOUR_MS = 3_600_000
LOT = Decimal("0.0001")


@pytest.fixture
def bench() -> Bench:
    """Of the size of the worked numbers: dave has 100000 USDT."""
    bench = Bench()
    customer(bench, "dave")
    return bench


def d(text: str) -> Decimal:
    """Amounts are text, whatever their zeros (ktx§2)."""
    assert isinstance(text, str)
    return Decimal(text)


def streams(said: Iterable[Said]) -> list[str]:
    return [stream for stream, _ in said]


def statuses(said: Iterable[Said]) -> list[str]:
    return [data["status"] for stream, data in said if stream == "order"]


def only(said: Iterable[Said], stream: str) -> Any:
    (data,) = (data for name, data in said if name == stream)
    return data


def amounts(data: dict[str, Any], *names: str) -> list[Decimal]:
    return [d(data[name]) for name in names]


def frame(stream: str, number: int) -> dict[str, Any]:
    data: dict[str, Any] = FRAMES[stream]["frames"][number - 1]["frame"]["data"]
    return data


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """With decimals as numbers, because trailing zeros are not significant (ktx§2)."""
    texts = {"quantity", "price", "visibleQty", "executedQty", "executedCost", "profit", "balance", "holds"}
    texts |= {"entryPrice", "leverage", "initMargin", "maintMargin", "posMargin", "orderMargin"}
    return {name: d(value) if name in texts and isinstance(value, str) else value for name, value in data.items()}


# --- shapes and published samples


def test_every_frame_has_the_fields_of_its_table(bench: Bench) -> None:
    sockets = [UserSocket.of(bench, who) for who in ("dave", "bob")]
    bench.rest("sell", "100", "3")
    order(bench, "dave", "buy", "5", "100", symbol="BTC_USDT", client_id="77")
    order(bench, "dave", "buy", "0.1", "99990")
    order(bench, "bob", "sell", "0.1", "99990", method=CROSS)
    order(bench, "dave", "sell", "0.1", "100100", close=True)

    messages = [message for socket in sockets for message in socket.messages()]

    assert {message["stream"] for message in messages} == {"order", "position", "account"}
    assert [deviations(message, FRAMES[message["stream"]]["fields"]) for message in messages if not has_position(message)] == [
        [] for message in messages if not has_position(message)
    ]
    ids = [message["data"]["positionId"] for message in messages if has_position(message)]
    assert ids
    assert all(type(each) is str and int(each) > 2**53 for each in ids)


def has_position(message: dict[str, Any]) -> bool:
    """Whether it is of an order for a position, whose id is text then."""
    return message["stream"] == "order" and message["data"]["product"] == PERPETUAL


def test_the_published_order_is_that_of_a_buy_that_is_filled_where_it_rests() -> None:
    """But for its id, whose product is no other venue's."""
    expected = frame("order", 1)
    bench = Bench(start_ms=int(expected["createTime"]))
    socket = UserSocket.of(bench)
    placed(bench, "alice", "buy", expected["quantity"], expected["price"], symbol="BTC_USDT")
    bench.wait((int(expected["updateTime"]) - int(expected["createTime"])) * MS)
    order(bench, "bob", "sell", expected["quantity"], expected["price"], symbol="BTC_USDT")

    last = socket.rows("order")[-1]

    assert plain(last) == plain(expected | {"orderId": last["orderId"]})


def test_the_published_account_is_that_of_a_buy_that_rests(bench: Bench) -> None:
    """19997 x 1 x 1.001 is held."""
    socket = UserSocket.of(bench, "dave")
    placed(bench, "dave", "buy", "1", "19997", symbol="BTC_USDT")
    assert plain(only(socket.said(), "account")) == plain(frame("account", 1))


def test_an_opening_order_that_rests_is_told_as_in_the_table() -> None:
    expected = frame("order", 2)
    bench = Bench(start_ms=int(expected["createTime"]))
    socket = UserSocket.of(bench)
    order(bench, "alice", "buy", "0.1", "99990", client_id=expected["clientOrderId"])
    said = socket.said()
    position = only(said, "position")
    assert plain(only(said, "order")) == plain(expected | {"positionId": position["id"]})


def test_the_published_position_is_that_of_an_opening_order_that_rests() -> None:
    """9999 x 1 x (0.1 + 0.001), without a quantity; the third position of the venue."""
    bench = Bench()
    for price in ("100", "101"):
        placed(bench, "bob", "buy", "1", price, merge=SPLIT)
    socket = UserSocket.of(bench)
    placed(bench, "alice", "buy", "1", "9999", merge=SPLIT)
    assert plain(only(socket.said(), "position")) == plain(frame("position", 1))


def test_a_short_has_a_quantity_below_zero() -> None:
    bench = Bench()
    for price in ("100", "101"):
        placed(bench, "bob", "buy", "0.1", price, merge=SPLIT)
    placed(bench, "bob", "buy", "0.1", "109398.9")
    socket = UserSocket.of(bench)
    order(bench, "alice", "sell", "0.1", "109398.9", method=CROSS)
    assert plain(only(socket.said(), "position")) == plain(frame("position", 2))


# --- the life of a position


def test_the_life_of_a_position_is_told_step_by_step(bench: Bench) -> None:
    """The worked example of ktx§11: rests, fills as maker, closes as taker."""
    rests, fills, closes = PERPETUALS["lifecycle"]["steps"]
    socket = UserSocket.of(bench, "dave")

    def check(said: list[Said], step: dict[str, Any], *, qty: str) -> None:
        assert streams(said)[-2:] == ["position", "account"]
        account = only(said, "account")
        assert account["asset"] == "USDT"
        assert amounts(account, "balance", "holds") == amounts(step, "balance", "holds")
        position = only(said, "position")
        assert amounts(position, "orderMargin", "posMargin") == amounts(step, "orderMargin", "posMargin")
        assert d(position["quantity"]) == d(qty)

    placed(bench, "dave", "buy", "0.1", "99990")
    said = socket.said()
    assert (streams(said), statuses(said)) == (["order", "position", "account"], ["accepted"])
    assert only(said, "order")["action"] == rests["action"]
    check(said, rests, qty="0")

    order(bench, "bob", "sell", "0.1", "99990")
    said = socket.said()
    assert (streams(said), statuses(said)) == (["order", "position", "account"], ["filled"])
    assert only(said, "order")["fills"][0]["taker"] is False
    assert d(only(said, "order")["fees"][0]["amount"]) == d(fills["fee"])
    check(said, fills, qty="0.1")

    placed(bench, "bob", "buy", "0.1", "100100")
    assert socket.said() == []
    order(bench, "dave", "sell", "0.1", "100100", close=True)
    said = socket.said()
    assert (streams(said), statuses(said)) == (["order", "order", "position", "account"], ["accepted", "filled"])
    told = said[1][1]
    assert (told["action"], told["close"], told["fills"][0]["taker"]) == (closes["action"], True, True)
    assert amounts(told, "profit") == amounts(closes, "profit")
    assert only(said, "position")["quantity"] == "0"
    check(said, closes, qty="0")


def test_a_position_without_quantity_is_told_a_last_time_when_its_last_order_goes(bench: Bench) -> None:
    socket = UserSocket.of(bench, "dave")
    first, second = (placed(bench, "dave", "buy", "0.1", price) for price in ("99990", "99980"))
    ids = {data["id"] for data in socket.rows("position")}
    assert len(ids) == 1

    cancel(bench, "dave", first)
    said = socket.said()
    assert (streams(said), statuses(said)) == (["order", "position", "account"], ["cancelled"])
    assert only(said, "position")["orderMargin"] == "1009.798"

    cancel(bench, "dave", second)
    said = socket.said()
    position = only(said, "position")
    assert (position["quantity"], position["orderMargin"], {position["id"]}) == ("0", "0", ids)
    assert amounts(only(said, "account"), "holds") == [0]


def test_an_immediate_order_that_trades_with_nobody_leaves_positions_and_balances_unsaid(bench: Bench) -> None:
    socket = UserSocket.of(bench, "dave")
    order(bench, "dave", "buy", "0.1", "99990", ioc=True)
    said = socket.said()
    assert (streams(said), statuses(said)) == (["order", "order"], ["accepted", "cancelled"])


def test_closing_orders_come_and_go_without_a_word_of_positions_and_balances(bench: Bench) -> None:
    placed(bench, "dave", "buy", "0.1", "99990")
    order(bench, "bob", "sell", "0.1", "99990")
    socket = UserSocket.of(bench, "dave")
    taken = placed(bench, "dave", "sell", "0.1", "120000", close=True)
    cancel(bench, "dave", taken)
    assert [(stream, data["status"]) for stream, data in socket.said()] == [("order", "accepted"), ("order", "cancelled")]


def test_whoever_logs_in_later_hears_only_of_what_differs_from_then(bench: Bench) -> None:
    """What was so at the login is known to nobody, but it is no change."""
    placed(bench, "dave", "buy", "0.1", "99990")
    socket = UserSocket.of(bench, "dave")
    order(bench, "dave", "buy", "0.1", "99000", ioc=True)
    assert streams(socket.said()) == ["order", "order"]


# --- orders


def test_every_fill_is_told_with_the_order_as_it_was_right_after_it(bench: Bench) -> None:
    for price, qty in (("100", "1"), ("101", "2"), ("102", "3")):
        bench.rest("sell", price, qty)
    socket = UserSocket.of(bench, "alice")
    order(bench, "alice", "buy", "10", "102", symbol="BTC_USDT")

    rows = socket.rows("order")

    assert [row["status"] for row in rows] == ["accepted", *["partial-filled"] * 3]
    assert [amounts(row, "executedQty", "executedCost") for row in rows] == [[0, 0], [1, 100], [3, 302], [6, 608]]
    assert [(row["fillCount"], len(row["fills"])) for row in rows] == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert [[fill["tradeId"] for fill in row["fills"]] for row in rows] == [[], [1], [1, 2], [1, 2, 3]]


def test_an_order_shows_its_last_twenty_fills(bench: Bench) -> None:
    for _ in range(21):
        bench.rest("sell", "100", "1")
    socket = UserSocket.of(bench, "alice")
    order(bench, "alice", "buy", "21", "100", symbol="BTC_USDT")

    *_, before, last = socket.rows("order")

    assert (before["status"], before["fillCount"], len(before["fills"])) == ("partial-filled", 20, 20)
    assert (last["status"], last["fillCount"]) == ("filled", 21)
    assert [fill["tradeId"] for fill in last["fills"]] == list(range(2, 22))


def test_the_rest_of_an_immediate_order_is_told_as_cancelled(bench: Bench) -> None:
    bench.rest("sell", "100", "1")
    socket = UserSocket.of(bench, "alice")
    order(bench, "alice", "buy", "2", "100", symbol="BTC_USDT", ioc=True)
    assert statuses(socket.said()) == ["accepted", "partial-filled", "partially-cancelled"]


def test_a_cancelled_order_is_told_once(bench: Bench) -> None:
    taken = placed(bench, "alice", "buy", "2", "100", symbol="BTC_USDT")
    socket = UserSocket.of(bench, "alice")
    cancel(bench, "alice", taken)
    said = socket.said()
    assert (streams(said), statuses(said)) == (["order", "account"], ["cancelled"])


def test_a_refused_order_is_not_told(bench: Bench) -> None:
    socket = UserSocket.of(bench, "dave")
    order(bench, "dave", "buy", "1", "100001", symbol="BTC_USDT")
    order(bench, "dave", "sell", "0.1", "100", close=True)
    assert socket.said() == []


@pytest.mark.parametrize(("side", "price", "post_only"), [("buy", "100", True), ("buy", None, False), ("sell", None, False)])
def test_an_order_that_is_stored_as_rejected_has_a_single_frame(
    bench: Bench, side: str, price: str | None, post_only: bool
) -> None:
    """One that would cross although it may not, and one that meets an empty book."""
    if post_only:
        bench.rest("sell", "100", "1")
    socket = UserSocket.of(bench, "alice")
    order(bench, "alice", side, "1", price, symbol="BTC_USDT", post_only=post_only)
    said = socket.said()
    assert (streams(said), statuses(said)) == (["order"], ["rejected"])


def test_a_self_trade_is_told_of_both_orders_before_any_balance(bench: Bench) -> None:
    placed(bench, "alice", "sell", "1", "100", symbol="BTC_USDT")
    socket = UserSocket.of(bench, "alice")
    order(bench, "alice", "buy", "1", "100", symbol="BTC_USDT")
    said = socket.said()
    assert streams(said)[:3] == ["order"] * 3
    assert set(streams(said)[3:]) == {"account"}
    assert sorted(statuses(said)) == ["accepted", "filled", "filled"]


# --- balances


def test_a_balance_is_told_in_text_whatever_changes_it(bench: Bench) -> None:
    socket = UserSocket.of(bench, "dave")
    adjustment = AdjustBalance(account_id="dave", wallet=Wallet.SPOT, asset="ETH", amount=15 * 10**17)
    bench.desk.execute(adjustment)
    assert socket.said() == [("account", {"asset": "ETH", "balance": "1.5", "holds": "0"})]


def test_a_mark_price_alone_is_not_told(bench: Bench) -> None:
    for method in (MarginMethod.ISOLATED, CROSS):
        placed(bench, "bob", "sell", "0.1", "99990")
        order(bench, "dave", "buy", "0.1", "99990", merge=SPLIT, method=method)
    socket = UserSocket.of(bench, "dave")
    bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=int(Decimal("99000") / LOT)))
    bench.desk.execute(SetIndexPrice(symbol=PERPETUAL, price=int(Decimal("98000") / LOT)))
    assert socket.said() == []


# --- funding and liquidation


@pytest.mark.parametrize(("method", "told"), [(MarginMethod.ISOLATED, ["position", "account"]), (CROSS, ["account"])])
def test_funding_is_told_with_what_it_changes(method: MarginMethod, told: list[str]) -> None:
    """The worked payment of ktx§11: an isolated position's margin pays, of a cross one the balance alone."""
    payment = PERPETUALS["funding"]["payments"][0]
    due_ns = int(PERPETUALS["funding"]["published_time"]) * MS
    bench = Bench(start_ms=due_ns // MS - HOUR_MS)
    customer(bench, "dave", "100009.8042340500")
    placed(bench, "bob", "sell", payment["quantity"], payment["markPrice"])
    order(bench, "dave", "buy", payment["quantity"], payment["markPrice"], method=method)
    sockets = {who: UserSocket.of(bench, who) for who in ("dave", "bob")}
    bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=int(Decimal(payment["markPrice"]) / LOT)))
    bench.desk.execute(SetFundingRate(symbol=PERPETUAL, rate=100_000))
    for socket in sockets.values():
        assert socket.said() == []
        bench.simulation.receive_ping(socket.connection)
    while bench.clock.now_ns() < due_ns:
        bench.clock.advance_to(min(due_ns, bench.clock.now_ns() + 20_000 * MS))
        for socket in sockets.values():
            bench.simulation.receive_ping(socket.connection)

    said = sockets["dave"].said()
    assert streams(said) == told
    assert amounts(only(said, "account"), "balance") == [100_000 - Decimal(payment["pays"])]
    if method is not CROSS:
        assert amounts(only(said, "position"), "posMargin") == [Decimal("980.423405") - Decimal(payment["pays"])]
    assert streams(sockets["bob"].said()) == ["account"]


@pytest.mark.parametrize("row", PERPETUALS["liquidations"], ids=lambda row: row["id"])
def test_a_liquidation_is_told_as_orders_that_go_a_forced_close_the_position_and_the_money(row: dict[str, Any]) -> None:
    bench = Bench()
    customer(bench, "dave")
    opens, closes = ("buy", "sell") if row["side"] == "long" else ("sell", "buy")
    placed(bench, "bob", closes, row["quantity"], row["entryPrice"])
    placed(bench, "dave", opens, row["quantity"], row["entryPrice"])
    resting = placed(bench, "dave", closes, row["quantity"], "150000" if row["side"] == "long" else "50000", close=True)
    placed(bench, "bob", opens, row["quantity"], row["bankruptcyPrice"])
    socket = UserSocket.of(bench, "dave")
    just = 1 if row["side"] == "long" else -1

    price = int(Decimal(row["liquidationPrice"]) / LOT)
    bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=price + just))
    assert socket.said() == []
    bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=price - just))

    said = socket.said()
    assert streams(said) == ["order", "order", "order", "position", "account"]
    assert statuses(said) == ["cancelled", "accepted", "filled"]
    cancelled, forced, closed = (data for stream, data in said if stream == "order")
    assert cancelled["price"] == ("150000" if row["side"] == "long" else "50000")
    assert cancelled["orderId"] != forced["orderId"] == closed["orderId"]
    assert (forced["timeInForce"], forced["close"], forced["price"]) == ("ioc", True, row["bankruptcyPrice"])
    assert resting.is_live is False
    assert (only(said, "position")["quantity"], only(said, "position")["posMargin"]) == ("0", "0")
    assert amounts(only(said, "account"), "holds") == [0]


def test_a_cross_liquidation_tells_all_orders_then_all_positions_then_the_money_once(bench: Bench) -> None:
    """The orders of every cross position go, also in another contract; what is isolated stays."""
    other = "ETH_USDT_SWAP"
    for symbol, price, qty in ((PERPETUAL, "100000", "9"), (other, "1000", "1")):
        placed(bench, "bob", "sell", qty, price, symbol=symbol)
        placed(bench, "dave", "buy", qty, price, symbol=symbol, method=CROSS)
    placed(bench, "dave", "buy", "1", "900", symbol=other, method=CROSS)
    kept = placed(bench, "dave", "sell", "1", "2000", symbol=other)
    bench.desk.execute(SetMarkPrice(symbol=other, price=1_000 * 10_000))
    placed(bench, "bob", "buy", "9", "89400")
    socket = UserSocket.of(bench, "dave")

    bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=89_400 * 10_000))

    said = socket.said()
    assert streams(said) == ["order"] * 3 + ["position"] * 2 + ["account"]
    assert [(data["product"], data["status"]) for stream, data in said if stream == "order"] == [
        (other, "cancelled"), (PERPETUAL, "accepted"), (PERPETUAL, "filled"),
    ]  # fmt: skip
    positions = {data["symbol"]: data for stream, data in said if stream == "position"}
    assert {symbol: (row["quantity"], row["orderMargin"]) for symbol, row in positions.items()} == {
        PERPETUAL: ("0", "0"), other: ("1", "0"),
    }  # fmt: skip
    assert kept.is_live


# --- who hears what, and what it costs


def test_nobody_hears_of_others(bench: Bench) -> None:
    sockets = {who: UserSocket.of(bench, who) for who in ("dave", "alice")}
    order(bench, "bob", "sell", "0.1", "99990")
    assert [socket.said() for socket in sockets.values()] == [[], []]
    order(bench, "dave", "buy", "0.1", "99990")
    assert streams(sockets["dave"].said()) == ["order", "order", "position", "account"]
    assert sockets["alice"].said() == []


def test_all_sockets_of_an_account_hear_the_same(bench: Bench) -> None:
    bench.simulation.add_key("second", "alice")
    sockets = [UserSocket.of(bench, who) for who in ("alice", "second", "viewer")]
    order(bench, "alice", "buy", "0.1", "99990")
    first, *others = [socket.said() for socket in sockets]
    assert streams(first) == ["order", "position", "account"]
    assert others == [first, first]


def test_nothing_is_rendered_while_nobody_of_the_account_listens(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    push = user_channels.push

    def counted(name: str, data: object) -> bytes:
        rendered.append(name)
        return push(name, data)

    monkeypatch.setattr(user_channels, "push", counted)
    order(bench, "bob", "sell", "0.2", "99990")
    socket = UserSocket.of(bench, "dave")
    order(bench, "alice", "buy", "0.1", "99990")
    assert rendered == []

    order(bench, "dave", "buy", "0.1", "99990")
    assert rendered == streams(socket.said())
    rendered.clear()
    bench.simulation.close_connection(socket.connection)
    order(bench, "dave", "buy", "0.1", "99990")
    assert rendered == []
    assert len(bench.desk.hub) == 0


def test_a_frame_is_rendered_once_for_all_sockets_of_an_account(bench: Bench) -> None:
    sockets = [UserSocket.of(bench, "alice") for _ in range(3)]
    order(bench, "alice", "buy", "0.1", "99990")
    queues = [socket.connection.drain() for socket in sockets]
    assert all(frames[0].wire is queues[0][0].wire for frames in queues)
    assert [frame.push for frame in queues[0]] == [Push(name, opening=False) for name in ("order", "position", "account")]
