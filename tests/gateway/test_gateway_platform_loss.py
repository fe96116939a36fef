"""Links whose connection to the venue fails, ends, falls silent or loses something: what is told, and what is found out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from gateway_platform_rig import COINSTORE, HUOBI, KTX, KTX_FUTURE, OKEX, SPOT, FreeLine, Place, Rig, rig
from mockex.clients.shared.driver_time import turns

from mockex.gateway.platform import Account, Asset, OrderStatus, PlatformError

D = Decimal


@pytest.fixture(params=SPOT, ids=str)
async def at(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with rig(request.param) as running:
        yield running


# --- logins that fail


@pytest.mark.parametrize("place", [*SPOT, KTX_FUTURE], ids=str)
async def test_wrong_keys_are_told_once_and_not_tried_again(place: Place) -> None:
    async with rig(place) as at:
        right = at.account()
        for wrong in (replace(right, secret_key="0" * 64), replace(right, access_key="unknown-key")):
            _, told = await at.link(account=wrong)
            await told.count("failed")
            for _ in range(3):
                await at.advance(6)

            assert told.kinds == ["connected", "failed"]
            assert told.events[1][1] == "Websocket connection authorized failed: invalid key"


async def test_a_login_without_the_passphrase_that_the_venue_wants_is_refused() -> None:
    async with rig(OKEX) as at:
        for account in (replace(at.account(), passphrase=None), Account(access_key="", secret_key="", passphrase="x")):
            _, told = await at.link(account=account)
            await told.count("refused")
            await at.advance(6)

            assert told.events == [("refused", "param access_key or secret_key or passphrase miss")]


async def test_a_pair_that_the_venue_does_not_list_is_refused(at: Rig) -> None:
    _, told = await at.link(pairs=[at.place.pair, "NO/SUCH"])
    await told.count("refused")
    await at.advance(6)

    assert told.events == [("refused", "symbols not found")]


async def test_a_key_that_may_only_read_sees_and_does_nothing(at: Rig) -> None:
    link, _ = await at.ready(account=at.account("viewer"))

    with pytest.raises(PlatformError, match=r"^venue error: "):
        await link.place(at.buy(at.place.price, 1))
    assert await link.open_orders(at.place.pair) == []


# --- connections that do not come about


async def test_attempts_follow_every_five_seconds_until_the_venue_is_reached(at: Rig) -> None:
    line = FreeLine("refused by a fault")
    _, told = await at.link(line=line)
    await told.count("connect_failed")
    await at.advance(4.9)
    assert told.events == [("connect_failed", "refused by a fault")]
    await at.advance(0.1)
    await told.count("connect_failed", 2)
    line.error = None
    await at.advance(5)
    await told.count("ready")

    assert told.kinds == ["connect_failed", "reconnecting"] * 2 + ["connected", "assets", "ready"]


async def test_an_address_where_nobody_listens_is_a_failed_attempt(at: Rig) -> None:
    nowhere = {name: url.split("://")[0] + "://127.0.0.1:9" for name, url in at.urls.items()}
    _, told = await at.link(urls=nowhere)
    (error,) = await told.count("connect_failed")

    assert error
    assert told.kinds == ["connect_failed"]


async def test_an_initial_query_that_fails_drops_the_connection_and_is_tried_again(at: Rig) -> None:
    assets = {
        "huobi": "GET /v1/account/accounts",
        "okex": "GET /api/spot/v3/accounts",
        "coinstore": "POST /api/spot/accountList",
        "ktx": "GET /api/v1/accounts",
    }
    rule = {
        "where": {"route": assets[at.place.platform]},
        "when": {"first": 1},
        "what": {"action": "http_error", "status": 502},
    }
    at.venue.plan_faults(rule)
    _, told = await at.link()
    await told.count("lost")
    assert told.kinds == ["connected", "failed", "lost"]
    assert told.all("failed")[0].startswith("get_orders error: ")
    await at.advance(5)
    await told.count("ready")

    assert told.kinds[3:] == ["reconnecting", "connected", "assets", "ready"]


# --- connections that end


async def test_a_lost_connection_is_made_again_after_five_seconds(at: Rig) -> None:
    link, told = await at.ready()
    order_no = await link.place(at.buy(at.place.price, "0.5"))
    await at.deliver()
    await told.count("order")
    before = len(told.events)
    link.drop()
    await told.count("lost")
    await at.advance(4.9)
    assert told.kinds[before:][-1] == "lost"
    await at.advance(0.2)
    await told.count("ready", 2)

    since = told.events[before:]
    kinds = [kind for kind, _ in since]
    assert kinds[kinds.index("lost") :] == ["lost", "reconnecting", "connected", "assets", "order", "ready"]
    assert told.all("order")[-1] == told.all("order")[0]
    assert [order.order_no for order in await link.open_orders(at.place.pair)] == [order_no]


async def test_what_happens_without_a_connection_is_told_with_the_next_one(at: Rig) -> None:
    link, told = await at.ready()
    price = at.place.price
    prices = {name: price - 100 * step for step, name in enumerate(("filled", "partly", "cancelled", "cut"))}
    placed = {name: await link.place(at.buy(each, "0.2")) for name, each in prices.items()}
    await at.deliver()
    await told.count("order", 4)
    link.drop()
    await told.count("lost")

    at.bob("sell", prices["filled"], "0.2")
    at.bob("sell", prices["partly"], "0.15")
    at.venue.cancel(placed["partly"])
    at.venue.cancel(placed["cancelled"])
    at.bob("sell", prices["cut"], "0.05")
    placed["new"] = at.alice("buy", price - 900, "0.1")
    at.bob("sell", price + 100, "0.1")
    placed["came and went"] = at.alice("buy", price + 100, "0.1")
    await at.advance(5)
    await told.count("ready", 2)

    states = {name: told.last(order_no) for name, order_no in placed.items()}
    assert {name: (order.status, order.remain) for name, order in states.items() if order is not None} == {
        "filled": (OrderStatus.FILLED, D(0)),
        "partly": (OrderStatus.CANCELED, D("0.05")),
        "cancelled": (OrderStatus.CANCELED, D("0.2")),
        "cut": (OrderStatus.PARTIAL_FILLED, D("0.15")),
        "new": (OrderStatus.SUBMITTED, D("0.1")),
        "came and went": (OrderStatus.FILLED, D(0)),
    }
    told.check()
    assert told.kinds[-1] == "ready"
    assert told.all("assets")[-1] == await link.assets()
    assert [told.last(order.order_no) for order in await link.open_orders(at.place.pair)] == [states["cut"], states["new"]]


@pytest.mark.parametrize("place", SPOT, ids=str)
async def test_a_world_that_begins_anew_is_read_anew(place: Place) -> None:
    async with rig(place) as at:
        link, told = await at.ready()
        order_no = await link.place(at.buy(place.price, "0.5"))
        await at.deliver()
        await told.count("order")
        at.world.reset()
        await told.count("lost")
        await at.time.hand.elapse(5_000, turns)
        await told.count("ready", 2)

        ended = told.last(order_no)  # unknown to the new world
        assert ended is not None
        assert ended.status is OrderStatus.CANCELED
        assert told.all("assets")[-1][place.quote] == Asset(free=D(10_000_000), locked=D(0), total=D(10_000_000))


# --- lines that fall silent


@pytest.mark.parametrize("place", [HUOBI, OKEX], ids=str)  # the others bring nothing by themselves but answers to pings
async def test_a_line_on_which_nothing_is_heard_for_a_minute_is_given_up(place: Place) -> None:
    async with rig(place) as at:
        _, told = await at.ready()
        (plan,) = at.venue.plan_faults({"where": {"socket": place.socket}, "what": {"action": "stall"}})["rules"]
        for _ in range(11):
            await at.advance(5)
        assert told.kinds[-1] == "ready"
        for _ in range(2):
            await at.advance(5)
        await told.count("lost")
        at.venue.clear_faults(plan["name"])
        await at.advance(5)
        await told.count("ready", 2)

        assert told.kinds[3:] == ["lost", "reconnecting", "connected", "assets", "ready"]


@pytest.mark.parametrize("place", [HUOBI, OKEX, COINSTORE, KTX], ids=str)
async def test_a_quiet_line_that_works_is_kept(place: Place) -> None:
    async with rig(place) as at:
        link, told = await at.ready()
        for _ in range(40):
            await at.advance(5)
        assert "lost" not in told.kinds
        order_no = await link.place(at.buy(place.price - 100, "0.1"))
        await at.deliver()
        await told.count("order")

        assert told.all("order")[0].order_no == order_no


# --- messages and answers that do not arrive


async def test_a_placement_whose_answer_is_lost_is_not_sent_again(at: Rig) -> None:
    link, told = await at.ready()
    at.venue.record()
    at.venue.plan_faults({"where": {"route": at.place.entry}, "when": {"first": 1}, "what": {"action": "lose_reply"}})

    with pytest.raises(PlatformError, match=r"^connection lost$"):
        await link.place(at.buy(at.place.price, "0.5"))

    await at.deliver()
    (order,) = await told.count("order")  # it was taken, as the stream tells
    path = at.place.entry.removeprefix("POST ")
    sent = [entry for entry in at.venue.recording() if entry["kind"] == "request" and str(entry).count(path)]
    assert len(sent) == 1
    assert [each.order_no for each in await link.open_orders(at.place.pair)] == [order.order_no]


async def test_orders_whose_messages_are_lost_are_asked_for(at: Rig) -> None:
    link, told = await at.ready()
    at.bob("sell", at.place.price, "1")
    at.venue.plan_faults({"where": {"channel": at.place.orders}, "what": {"action": "drop"}})
    order_no = await link.place(at.buy(at.place.price, "0.5"))
    await at.deliver()
    for _ in range(3):
        await at.advance(5)
    ended = await told.ended(order_no)
    await told.count("fill")

    assert ended.status is OrderStatus.FILLED
    told.check()


async def test_messages_that_come_twice_or_in_another_order_are_told_once(at: Rig) -> None:
    link, told = await at.ready()
    at.bob("sell", at.place.price, "0.2")
    at.bob("sell", at.place.price + 1, "0.2")
    at.venue.plan_faults(
        {"where": {"channel": at.place.orders}, "when": {"every": 2}, "what": {"action": "duplicate"}},
        {"where": {"channel": at.place.orders}, "when": {"every": 3}, "what": {"action": "reorder"}},
    )
    order_no = await link.place(at.buy(at.place.price + 2, "0.5"))
    at.bob("sell", at.place.price + 2, "0.1")
    for _ in range(4):
        await at.advance(5)
    ended = await told.ended(order_no)
    await told.count("fill", 3)

    assert ended.status is OrderStatus.FILLED
    told.check()


@pytest.mark.parametrize("place", [HUOBI, OKEX, KTX], ids=str)
async def test_pushes_that_come_before_the_reply_are_told(place: Place) -> None:
    async with rig(place) as at:
        link, told = await at.ready()
        at.bob("sell", place.price, "1")
        at.venue.plan_faults({"where": {"route": place.entry}, "when": {"first": 1}, "what": {"action": "reply_after_push"}})
        order_no = await link.place(at.buy(place.price, "0.5"))
        await told.ended(order_no)
        await told.count("fill")

        told.check()


async def test_a_closed_link_tells_nothing_more_and_leaves_orders_alone(at: Rig) -> None:
    link, told = await at.ready()
    await link.place(at.buy(at.place.price, "0.5"))
    await at.deliver()
    await told.count("order")
    await link.close()
    before = list(told.events)
    at.bob("sell", at.place.price, "0.2")
    for _ in range(3):
        await at.advance(6)
    await link.close()

    assert told.events == before
    assert [order["status"] for order in at.venue.orders("alice")] == ["partially_filled"]
