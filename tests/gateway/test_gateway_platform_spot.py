"""The spot platforms of the gateway, each against the venue behind it: orders, cancellations, balances, rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from gateway_platform_rig import COINSTORE, HUOBI, KTX, OKEX, SPOT, Place, Rig, request, rig

from mockex.gateway.platform import (
    Action,
    Asset,
    Cancelled,
    Liquidity,
    OrderStatus,
    OrderType,
    PlatformError,
    SymbolInfo,
)
from mockex.gateway.platforms import installed_platforms

D = Decimal
START_MS = 1_709_285_415_250


@pytest.fixture(params=SPOT, ids=str)
async def at(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with rig(request.param) as running:
        yield running


def test_platforms_are_found_by_listing_their_folder() -> None:
    found = installed_platforms()

    assert list(found) == ["coinstore", "huobi", "huobi_future", "ktx", "ktx_future", "okex"]
    assert [name for name, platform in found.items() if platform.contracts] == ["huobi_future", "ktx_future"]


async def test_a_link_tells_of_the_account_before_it_is_ready(at: Rig) -> None:
    _, told = await at.ready()

    assert told.kinds == ["connected", "assets", "ready"]
    assert told.events[0][1] in at.urls.values()
    assert told.events[1][1] == {
        at.place.base: Asset(free=D(10), locked=D(0), total=D(10)),
        at.place.quote: Asset(free=D(10_000_000), locked=D(0), total=D(10_000_000)),
    }


async def test_orders_from_before_the_login_are_told_without_their_fills(at: Rig) -> None:
    at.venue.place(account="alice", symbol=at.place.symbol, side="buy", price=at.place.price, qty="0.5")
    at.venue.place(account="alice", symbol=at.place.symbol, side="buy", price=at.place.price - 100, qty="0.3")
    at.bob("sell", at.place.price, "0.2")
    _, told = await at.ready()

    assert told.kinds == ["connected", "assets", "order", "order", "ready"]
    assert [(order.remain, order.status) for order in told.all("order")] == [
        (D("0.3"), OrderStatus.PARTIAL_FILLED),
        (D("0.3"), OrderStatus.SUBMITTED),
    ]
    at.bob("sell", at.place.price, "0.3")
    await at.deliver()
    (fill,) = await told.count("fill")
    assert (fill.quantity, told.all("order")[-1].status) == (D("0.3"), OrderStatus.FILLED)


async def test_a_limit_order_is_told_from_its_acceptance_to_its_end(at: Rig) -> None:
    link, told = await at.ready()
    before = len(told.events)
    order_no = await link.place(at.buy(at.place.price, "0.5"))
    await at.deliver()
    await told.count("order")
    at.bob("sell", at.place.price, "0.2")
    await at.deliver()
    await told.count("fill")
    at.bob("sell", at.place.price, "0.3")
    await at.deliver()
    ended = await told.ended(order_no)
    await told.count("fill", 2)

    orders = told.all("order")
    assert [(order.status, order.remain) for order in orders] == [
        (OrderStatus.SUBMITTED, D("0.5")),
        (OrderStatus.PARTIAL_FILLED, D("0.3")),
        (OrderStatus.FILLED, D(0)),
    ]
    assert {(order.action, order.order_type, order.price, order.quantity) for order in orders} == {
        (Action.BUY, OrderType.LIMIT, D(at.place.price), D("0.5"))
    }
    assert {order.created_ms for order in orders} == {START_MS}
    assert [order.updated_ms for order in orders] == sorted(order.updated_ms for order in orders)
    assert ended.updated_ms >= START_MS + 1_000
    assert [(fill.price, fill.quantity, fill.side, fill.liquidity) for fill in told.all("fill")] == [
        (D(at.place.price), D("0.2"), Action.BUY, Liquidity.MAKER),
        (D(at.place.price), D("0.3"), Action.BUY, Liquidity.MAKER),
    ]
    told.check()
    # For each event: the order, its fill, the assets (gw§7).
    kinds = [kind for kind in told.kinds[before:] if kind != "assets"]
    assert kinds == ["order", "order", "fill", "order", "fill"]
    await told.until(lambda: told.all("assets")[-1].get(at.place.quote, Asset(free=D(0), locked=D(1), total=D(0))).locked == 0)
    assert told.all("assets")[-1] == dict(await link.assets())


async def test_what_an_order_holds_is_locked_and_the_parts_add_up(at: Rig) -> None:
    link, told = await at.ready()
    await link.place(at.sell(at.place.price, 3))
    await at.deliver()
    await told.count("assets", 2)

    assert told.all("assets")[-1][at.place.base] == Asset(free=D(7), locked=D(3), total=D(10))
    assert all(asset.free + asset.locked == asset.total for asset in (await link.assets()).values())


async def test_a_balance_that_has_gone_is_not_listed(at: Rig) -> None:
    link, told = await at.ready()
    at.venue.withdraw("alice", at.place.base, 10)
    await at.deliver()
    await told.count("assets", 2)

    assert set(told.all("assets")[-1]) == set(await link.assets()) == {at.place.quote}


async def test_a_market_buy_spends_an_amount_of_the_quote_currency(at: Rig) -> None:
    link, told = await at.ready()
    at.bob("sell", at.place.price, "0.2")
    at.bob("sell", at.place.price * 105 // 100, "1")
    amount = D(at.place.price) * D("0.62")  # 0.2 at the price, and 0.4 at 5 % above
    order_no = await link.place(at.buy(None, amount, "MARKET"))
    await at.deliver()
    ended = await told.ended(order_no)
    await told.count("fill", 2)

    assert (ended.status, ended.order_type, ended.price) == (OrderStatus.FILLED, OrderType.MARKET, D(0))
    assert (ended.quantity, ended.remain) == (amount, D(0))
    assert [(fill.price, fill.quantity, fill.liquidity) for fill in told.all("fill")] == [
        (D(at.place.price), D("0.2"), Liquidity.TAKER),
        (D(at.place.price) * D("1.05"), D("0.4"), Liquidity.TAKER),
    ]
    told.check()


@pytest.mark.parametrize("place", [OKEX, KTX], ids=str)
async def test_what_a_market_buy_cannot_spend_in_whole_lots_remains(place: Place) -> None:
    async with rig(place) as at:
        link, told = await at.ready()
        at.bob("sell", place.price, "1")
        lot = (await link.symbol_info(place.pair)).size_tick
        amount = place.price * (D("0.01") + lot / 2)
        order_no = await link.place(at.buy(None, amount, "MARKET"))
        ended = await told.ended(order_no)
        await told.count("fill")

        assert (ended.status, ended.quantity, ended.remain) == (OrderStatus.FILLED, amount, place.price * lot / 2)
        told.check()


async def test_a_market_sell_names_the_base_currency(at: Rig) -> None:
    link, told = await at.ready()
    at.bob("buy", at.place.price, "2")
    order_no = await link.place(at.sell(None, "1.5", "MARKET"))
    await at.deliver()
    ended = await told.ended(order_no)
    await told.count("fill")

    assert (ended.status, ended.quantity, ended.remain, ended.action) == (OrderStatus.FILLED, D("1.5"), D(0), Action.SELL)
    told.check()


async def test_an_ioc_order_fills_at_once_and_gives_up_the_rest(at: Rig) -> None:
    link, told = await at.ready()
    at.bob("sell", at.place.price, "0.4")
    order_no = await link.place(at.buy(at.place.price, 1, "IOC"))
    await at.deliver()
    ended = await told.ended(order_no)
    await told.count("fill")

    assert (ended.status, ended.order_type, ended.remain) == (OrderStatus.CANCELED, OrderType.IOC, D("0.6"))
    assert await link.open_orders(at.place.pair) == []
    told.check()


async def test_open_orders_are_listed_oldest_first(at: Rig) -> None:
    link, told = await at.ready()
    placed = []
    for step in (3, 1, 2):
        placed.append(await link.place(at.buy(at.place.price - step * 100, "0.1")))
        await at.advance(1)
    at.bob("sell", at.place.price - 100, "0.04")
    await at.deliver()
    await told.count("fill")
    listed = await link.open_orders(at.place.pair)

    assert [order.order_no for order in listed] == placed
    assert [(order.status, order.remain) for order in listed] == [
        (OrderStatus.SUBMITTED, D("0.1")),
        (OrderStatus.PARTIAL_FILLED, D("0.06")),
        (OrderStatus.SUBMITTED, D("0.1")),
    ]
    assert listed == [told.last(order_no) for order_no in placed]  # and as they were told


async def test_each_number_of_a_cancellation_has_its_own_outcome(at: Rig) -> None:
    link, told = await at.ready()
    first, second, third = [await link.place(at.buy(at.place.price - 100, "0.1")) for _ in range(3)]
    (done,) = await link.cancel(at.place.pair, [first])
    bobs = str(at.bob("buy", at.place.price - 200, "0.1")["order_id"])
    mixed = await link.cancel(at.place.pair, [third, "no number", first, bobs, second, "99999999999999999999"])
    await at.deliver()

    gone = "order not found"
    assert done == Cancelled(order_no=first)
    assert mixed == [
        Cancelled(order_no=third),
        Cancelled(order_no="no number", error=gone),
        Cancelled(order_no=first, error=gone),
        Cancelled(order_no=bobs, error=gone),
        Cancelled(order_no=second),
        Cancelled(order_no="99999999999999999999", error=gone),
    ]
    for order_no in (first, second, third):
        assert (await told.ended(order_no)).status is OrderStatus.CANCELED
    assert at.venue.order(bobs)["status"] == "open"
    told.check()


async def test_an_order_is_not_cancelled_by_way_of_another_pair(at: Rig) -> None:
    link, _ = await at.ready()
    _, other = at.elsewhere()
    mine = await link.place(at.buy(at.place.price - 100, "0.1"))
    earlier = at.venue.place(account="alice", symbol=at.place.symbol, side="buy", price=at.place.price - 300, qty="0.1")

    outcomes = await link.cancel(other, [mine, str(earlier["order_id"])])

    assert [outcome.error for outcome in outcomes] == ["order not found"] * 2
    assert len(await link.open_orders(at.place.pair)) == 2


async def test_a_partly_filled_order_that_is_cancelled_keeps_its_fills(at: Rig) -> None:
    link, told = await at.ready()
    order_no = await link.place(at.buy(at.place.price, 1))
    at.bob("sell", at.place.price, "0.25")
    assert await link.cancel(at.place.pair, [order_no]) == [Cancelled(order_no=order_no)]
    await at.deliver()
    ended = await told.ended(order_no)
    await told.count("fill")

    assert (ended.status, ended.remain) == (OrderStatus.CANCELED, D("0.75"))
    told.check()


async def test_all_orders_of_a_pair_are_cancelled_and_none_of_another(at: Rig) -> None:
    link, told = await at.ready()
    assert await link.cancel_all(at.place.pair) == []
    other, _ = at.elsewhere()
    elsewhere = at.venue.place(account="alice", symbol=other, side="buy", price="10", qty="10")
    placed = [await link.place(at.buy(at.place.price - 100, "0.01")) for _ in range(12)]

    outcomes = await link.cancel_all(at.place.pair)
    await at.deliver()
    for order_no in placed:
        assert (await told.ended(order_no)).status is OrderStatus.CANCELED

    assert [(outcome.order_no, outcome.error) for outcome in outcomes] == [(order_no, None) for order_no in placed]
    assert at.venue.order(str(elsewhere["order_id"]))["status"] == "open"
    assert await link.open_orders(at.place.pair) == []


async def test_refusals_have_the_gateways_own_texts_and_change_nothing(at: Rig) -> None:
    link, told = await at.ready()
    price, info = at.place.price, await link.symbol_info(at.place.pair)
    cases = {
        "symbol not found": request("NO/SUCH", "BUY", price, 1),
        "insufficient balance": at.buy(price, 1_000),
        "price error": at.buy(D(price) + info.price_tick / 2, 1),
        "quantity error": at.buy(price, 1 + info.size_tick / 2),
    }
    for text, order in cases.items():
        with pytest.raises(PlatformError) as refused:
            await link.place(order)
        assert refused.value.text == text
    with pytest.raises(PlatformError, match=r"^venue error: .+ .+"):
        await link.place(at.buy(info.price_tick, info.size_tick))  # below the least size, or the least value
    for ask in (link.open_orders, link.cancel_all, link.symbol_info):
        with pytest.raises(PlatformError, match=r"^symbol not found$"):
            await ask("NO/SUCH")
    with pytest.raises(PlatformError, match=r"^not supported$"):
        await link.position(at.place.pair)

    await at.deliver()
    assert told.kinds == ["connected", "assets", "ready"]
    assert at.venue.orders("alice", status="all") == []


async def test_an_order_for_a_pair_outside_the_login_is_taken(at: Rig) -> None:
    _, pair = at.elsewhere()
    link, _ = await at.ready()

    order_no = await link.place(request(pair, "BUY", "10", "10"))

    assert [order.order_no for order in await link.open_orders(pair)] == [order_no]
    assert [outcome.error for outcome in await link.cancel(pair, [order_no])] == [None]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (HUOBI, ("0.01", "0.000001", "0.0001", "1e-8", "5")),
        (OKEX, ("0.1", "1e-8", "0.001", None, None)),
        (COINSTORE, ("0.01", "0.000001", "0.0001", "1e-8", "5")),
        (KTX, ("0.0001", "0.0001", "0.0001", "1e-8", "0.0001")),
    ],
    ids=str,
)
async def test_rules_of_a_pair_are_the_venues(place: Place, expected: tuple[str | None, ...]) -> None:
    async with rig(place) as at:
        link, _ = await at.ready()
        values = [None if text is None else D(text) for text in expected]
        names = ("price_tick", "size_tick", "size_limit", "value_tick", "value_limit")

        assert await link.symbol_info(place.pair) == SymbolInfo(
            **dict(zip(names, values, strict=True)),  # type: ignore[arg-type]
            base_currency=place.base,
            quote_currency=place.quote,
            settlement_currency=place.quote,
        )


async def test_two_orders_at_the_same_moment_are_told_apart(at: Rig) -> None:
    link, told = await at.ready()
    at.bob("sell", at.place.price, "1")
    placed = await asyncio.gather(*(link.place(at.buy(at.place.price, "0.1")) for _ in range(5)))
    await at.deliver()
    for order_no in placed:
        assert (await told.ended(order_no)).status is OrderStatus.FILLED
    await told.count("fill", 5)

    assert len(set(placed)) == 5
    told.check()
