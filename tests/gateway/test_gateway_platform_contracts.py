"""The contract platforms of the gateway against the venue behind them: positions, margins, prices of liquidation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from gateway_platform_rig import KTX_FUTURE, Rig, Told, request, rig
from mockex.fixtures import load

from mockex.gateway.platform import (
    Asset,
    Link,
    MarginMode,
    OrderStatus,
    PlatformError,
    Position,
    PositionHalf,
    PositionSide,
)
from mockex.gateway.platforms._contracts import ContractHoldings, Held, Market

D = Decimal
LONG, SHORT = PositionSide.LONG, PositionSide.SHORT
PAIR, CONTRACT = KTX_FUTURE.pair, KTX_FUTURE.symbol
MONEY = {"alice": {"USDT": "100000"}, "bob": {"USDT": "1000000"}}


@pytest.fixture(params=["ktx_future", "huobi_future"])
async def at(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with rig(replace(KTX_FUTURE, platform=request.param), balances=MONEY) as running:
        running.venue.contract(CONTRACT).set_mark_price("100000")
        yield running


class Traders:
    """Alice, whom a test is about, and bob, who takes the other side."""

    def __init__(self, alice: tuple[Link, Told], bob: tuple[Link, Told]) -> None:
        self.link, self.told = alice
        self._bob, _ = bob

    async def trade(self, action: str, price: object, quantity: object, position: PositionSide) -> str:
        """Alice's order rests, and bob meets it with one that opens a position of his own."""
        order_no = await self.link.place(request(PAIR, action, price, quantity, position=position))
        other = ("SELL", SHORT) if action == "BUY" else ("BUY", LONG)
        await self._bob.place(request(PAIR, other[0], price, quantity, position=other[1]))
        await self.told.ended(order_no)
        return order_no


async def traders(at: Rig, mode: MarginMode = MarginMode.CROSSED) -> Traders:
    return Traders(await at.ready(margin_mode=mode), await at.ready(account=at.account("bob"), pairs=[]))


@pytest.mark.parametrize(("mode", "liquid_price"), [(MarginMode.FIXED, "90443.2161"), (MarginMode.CROSSED, "0")])
async def test_the_worked_example_of_a_long_position(at: Rig, mode: MarginMode, liquid_price: str) -> None:
    """Numbers of gw§11."""
    both = await traders(at, mode)
    link, told = both.link, both.told
    assert told.events[1:] == [("assets", {"USDT": Asset(free=D(100000), locked=D(0), total=D(100000))}), ("ready", None)]

    order_no = await both.trade("BUY", 99990, "0.1", LONG)
    (position, *_) = await told.count("position")
    await told.count("assets", 3)

    assert [(order.status, order.remain, order.position) for order in told.all("order")] == [
        (OrderStatus.SUBMITTED, D("0.1"), LONG),
        (OrderStatus.FILLED, D(0), LONG),
    ]
    (fill,) = told.all("fill")
    assert (fill.order_no, fill.price, fill.quantity, fill.side, fill.liquidity) == (order_no, 99990, D("0.1"), "BUY", "MAKER")
    assert position == Position(
        pair=PAIR,
        updated_ms=at.time.now_ns() // 1_000_000,
        margin_mode=mode,
        long=PositionHalf(
            quantity=D("0.1"),
            avail_qty=D("0.1"),
            open_price=D(99990),
            hold_price=D(99990),
            liquid_price=D(liquid_price),
            unrealised_pnl=D(1),
            leverage=D(10),
            margin=D("999.9"),
        ),
    )
    assert told.all("assets")[1:] == [
        {"USDT": Asset(free=D("98990.101"), locked=D("1009.899"), total=D(100000))},
        {"USDT": Asset(free=D("98990.101"), locked=D("999.9"), total=D("99991.001"))},
    ]
    assert await link.assets() == told.all("assets")[-1]
    assert await link.position(PAIR) == position
    # For one event: order, fill, position, assets (gw§7).
    assert told.kinds[3:] == ["order", "assets", "order", "fill", "position", "assets"]


async def test_each_of_the_four_orders_works_on_its_side(at: Rig) -> None:
    both = await traders(at)
    for action, quantity, position, expected in (
        ("BUY", "0.3", LONG, ("0.3", "0")),
        ("SELL", "0.2", SHORT, ("0.3", "0.2")),
        ("SELL", "0.1", LONG, ("0.2", "0.2")),
        ("BUY", "0.2", SHORT, ("0.2", "0")),
    ):
        await both.trade(action, 100000, quantity, position)
        now = await both.link.position(PAIR)
        assert (now.long.quantity, now.short.quantity) == (D(expected[0]), D(expected[1]))

    last = both.told.all("position")[-1]
    assert (last.long.quantity, last.short) == (D("0.2"), PositionHalf())
    both.told.check()


async def test_what_rests_to_close_a_position_is_not_available(at: Rig) -> None:
    both = await traders(at)
    await both.trade("BUY", 100000, "0.1", LONG)
    await both.told.count("position")
    closing = await both.link.place(request(PAIR, "SELL", 101000, "0.04", position=LONG))
    await both.told.until(lambda: both.told.all("position")[-1].long.avail_qty == D("0.06"))
    for action, quantity, position in (("SELL", "0.07", LONG), ("BUY", "0.01", SHORT)):
        with pytest.raises(PlatformError, match=r"^insufficient position$"):
            await both.link.place(request(PAIR, action, 101000, quantity, position=position))
    with pytest.raises(PlatformError, match=r"^insufficient balance$"):
        await both.link.place(request(PAIR, "BUY", 100000, 11, position=LONG))
    await both.link.cancel(PAIR, [closing])
    await both.told.until(lambda: both.told.all("position")[-1].long.avail_qty == D("0.1"))

    assert (await both.link.position(PAIR)).long.avail_qty == D("0.1")


async def test_a_position_moves_with_the_mark_price_once_a_second(at: Rig) -> None:
    both = await traders(at)
    await both.trade("BUY", 100000, "0.1", LONG)
    await both.told.count("position")
    contract, told = at.venue.contract(CONTRACT), both.told
    before = len(told.all("position"))
    for mark in (100100, 100200, 100300):
        contract.set_mark_price(mark)
    await at.advance(1)
    await told.until(lambda: told.kinds[-1] == "assets" and len(told.all("position")) > before)
    assert [each.long.unrealised_pnl for each in told.all("position")[before:]] == [D(30)]
    assert told.all("assets")[-1]["USDT"].total == D("99990") + D(30)
    for _ in range(5):  # nothing moves: nothing is told
        await at.advance(1)
    assert len(told.all("position")) == before + 1


async def test_a_position_of_before_the_login_is_no_change(at: Rig) -> None:
    both = await traders(at)
    await both.trade("SELL", 100000, "0.1", SHORT)
    link, told = await at.ready()
    for _ in range(3):
        await at.advance(1)

    assert told.kinds == ["connected", "assets", "ready"]
    assert (await link.position(PAIR)).short.quantity == D("0.1")


async def test_a_position_that_changed_without_a_connection_is_told_with_the_next_one(at: Rig) -> None:
    both = await traders(at)
    await both.trade("BUY", 100000, "0.1", LONG)
    resting = await both.link.place(request(PAIR, "SELL", 100000, "0.1", position=LONG))
    await both.told.until(lambda: both.told.all("position") and both.told.all("position")[-1].long.avail_qty == 0)
    both.link.drop()
    await both.told.count("lost")
    await both._bob.place(request(PAIR, "BUY", 100000, "0.1", position=LONG))
    await at.advance(5)
    await both.told.count("ready", 2)

    ended = both.told.last(resting)
    assert ended is not None
    assert ended.status is OrderStatus.FILLED
    assert both.told.all("position")[-1].long == PositionHalf()
    assert both.told.all("assets")[-1] == await both.link.assets()
    both.told.check()


async def test_without_a_position_all_is_zero_and_crossed(at: Rig) -> None:
    link, _ = await at.ready(margin_mode=MarginMode.FIXED)

    assert await link.position(PAIR) == Position(pair=PAIR, updated_ms=at.time.now_ns() // 1_000_000)


async def test_a_market_buy_of_contracts_names_contracts(at: Rig) -> None:
    both = await traders(at)
    await both._bob.place(request(PAIR, "SELL", 100000, "0.5", position=SHORT))
    order_no = await both.link.place(request(PAIR, "BUY", None, "0.2", "MARKET", position=LONG))
    ended = await both.told.ended(order_no)
    await both.told.count("fill")

    assert (ended.quantity, ended.remain, ended.status) == (D("0.2"), D(0), OrderStatus.FILLED)
    both.told.check()


# --- formulas


def holdings(*held: Held, balance: str, marks: dict[str, str] | None = None) -> ContractHoldings:
    marks = marks or {"BTC/USDT": "109398.9", "ETH/USDT": "3000"}
    markets = {pair: Market(price_tick=D("0.0001"), settlement="USDT", mark=D(mark)) for pair, mark in marks.items()}
    found = ContractHoldings(markets, mode=MarginMode.CROSSED, now_ms=0)
    found.balances["USDT"] = (D(balance), D(0))
    found.positions = {str(number): each for number, each in enumerate(held)}
    return found


def held(
    side: PositionSide, mode: MarginMode, *, pair: str = "BTC/USDT", quantity: str = "0.1", entry: str = "109398.9"
) -> Held:
    value = D(quantity) * D(entry)
    return Held(
        pair=pair,
        side=side,
        mode=mode,
        quantity=D(quantity),
        entry_price=D(entry),
        leverage=D(10),
        margin=value / 10,
        maintenance_rate=D("0.005"),
    )


@pytest.mark.parametrize(("side", "price"), [(LONG, "98953.7789"), (SHORT, "119740.0896")])
def test_an_isolated_position_is_liquidated_where_its_margin_ends(side: PositionSide, price: str) -> None:
    """Numbers of the venue's specification, which the fixtures keep."""
    one = held(side, MarginMode.FIXED)

    assert holdings(one, balance="100000").liquid_price(one) == D(price)
    assert price in str(load("ktx", "perpetuals"))


@pytest.mark.parametrize("side", [LONG, SHORT])
def test_a_cross_position_is_liquidated_where_the_equity_of_all_is_their_maintenance(side: PositionSide) -> None:
    """The balance without isolated margins, and the profit of all cross positions, against M q r of all of them."""
    one = held(side, MarginMode.CROSSED)
    other = held(SHORT, MarginMode.CROSSED, pair="ETH/USDT", quantity="1", entry="2900")
    fixed = held(LONG, MarginMode.FIXED, pair="ETH/USDT", quantity="1", entry="2900")
    state = holdings(one, other, fixed, balance="5000")
    price = state.liquid_price(one)

    state.markets["BTC/USDT"] = replace(state.markets["BTC/USDT"], mark=price)
    equity = 5000 - fixed.margin + one.profit(price) + other.profit(D(3000))
    maintenance = one.maintenance(price) + other.maintenance(D(3000))
    assert abs(equity - maintenance) < D("0.0001")
    assert (price < one.entry_price) is (side is LONG)


def test_of_two_sides_of_a_pair_only_the_one_that_the_price_harms_has_a_price() -> None:
    long, short = held(LONG, MarginMode.CROSSED, quantity="0.3"), held(SHORT, MarginMode.CROSSED, quantity="0.1")
    state = holdings(long, short, balance="2000")

    assert state.liquid_price(long) > 0
    assert state.liquid_price(short) == 0


def test_equity_that_covers_any_fall_leaves_no_price_of_liquidation() -> None:
    one = held(LONG, MarginMode.CROSSED)

    assert holdings(one, balance="100000").liquid_price(one) == 0
