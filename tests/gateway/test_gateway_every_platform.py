"""The gateway's reference client trades on every platform that there is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from mockex.clients.gateway import Action, GatewayClient, GatewayError, LimitOrder, MarketOrder, OrderStatus, PositionSide
from mockex.clients.gateway.frames import Login

from mockex import World
from mockex.gateway.platforms import installed_platforms

PLATFORMS = installed_platforms()


def pair_of(platform: str) -> str:
    return "BTC/JPY" if platform == "okex" else "BTC/USDT"


def test_every_platform_of_the_specification_is_there() -> None:
    assert sorted(PLATFORMS) == ["coinstore", "huobi", "huobi_future", "ktx", "ktx_future", "okex"]


@pytest.mark.parametrize("name", sorted(PLATFORMS))
async def test_an_order_rests_and_is_cancelled_on_every_platform(name: str) -> None:
    platform, pair = PLATFORMS[name], pair_of(name)
    position = PositionSide.SHORT if platform.contracts else None
    async with World(venues=[platform.venue], gateway=True) as world:
        if platform.contracts:
            world[platform.venue].contract("BTC_USDT_SWAP").set_mark_price("90000")
        key = world[platform.venue].keys["alice"]
        async with GatewayClient(world.gateway_url) as client:
            login = Login(platform=name, symbols=(pair,), access_key=key.api_key, secret_key=key.secret)
            session = await client.login(login)
            await session.ready()
            order = LimitOrder(
                symbol=pair,
                action=Action.SELL,
                price=Decimal(90_500),
                quantity=Decimal("0.01"),
                position=position,
            )
            order_no = await session.trading.place_order(order)
            (resting,) = await session.trading.open_orders(pair)
            outcomes = await session.trading.cancel_orders(pair, [order_no, "7"])
            with pytest.raises(GatewayError, match=r"quantity error|insufficient|venue error"):
                await session.trading.place_order(
                    MarketOrder(symbol=pair, action=Action.SELL, quantity=Decimal(10**9), position=position)
                )

            assert (resting.order_no, resting.action, resting.price) == (order_no, Action.SELL, 90_500)
            assert resting.status is OrderStatus.SUBMITTED
            assert [str(outcome.error) for outcome in outcomes] == ["None", "order not found"]
            assert await session.trading.open_orders(pair) == ()
        world.check()
