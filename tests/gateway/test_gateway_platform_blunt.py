"""Links as the original service had them: nothing is checked before the venue does, and its refusals are told in its words."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from contextlib import suppress
from decimal import Decimal

import pytest
from gateway_platform_rig import HUOBI, KTX, KTX_FUTURE, OKEX, SPOT, FreeLine, Place, Rig, request, rig

from mockex.gateway.platform import Asset, Link, OrderRequest, PlatformError, PositionSide

D = Decimal
UNREACHED = "not now"


@pytest.fixture(params=SPOT, ids=str)
async def at(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with rig(request.param) as running:
        yield running


async def refusal(link: Link, order: OrderRequest) -> dict[str, object]:
    """What the venue said, by its names in the text."""
    with pytest.raises(PlatformError) as refused:
        await link.place(order)
    said: dict[str, object] = ast.literal_eval(refused.value.text)
    return said


async def test_what_a_venue_refuses_is_told_in_its_own_words(at: Rig) -> None:
    polite, _ = await at.ready()
    dear = at.buy(at.place.price, 500)
    with pytest.raises(PlatformError, match="insufficient balance"):
        await polite.place(dear)
    await polite.close()
    link, _ = await at.ready(line=FreeLine(blunt=True))

    said = await refusal(link, dear)
    assert list(said) == ["code", "message"]
    assert said["code"]
    assert said["message"]
    assert at.venue.orders("alice") == []


async def test_a_price_off_the_grid_is_for_the_venue_to_judge(at: Rig) -> None:
    link, _ = await at.ready(line=FreeLine(blunt=True))
    at.venue.record()
    with suppress(PlatformError):
        await link.place(at.buy(D(at.place.price) + D("0.00000001"), "0.01"))
    asked = [entry["route"] for entry in at.venue.recording() if entry["kind"] == "request"]
    assert asked == [at.place.entry]


@pytest.mark.parametrize("place", [HUOBI, OKEX, KTX, KTX_FUTURE], ids=str)  # of the fourth venue nobody learns why
async def test_a_cancellation_that_fails_is_told_in_the_venues_words(place: Place) -> None:
    async with rig(place) as at:
        link, told = await at.ready(line=FreeLine(blunt=True))
        opens = PositionSide.LONG if at.platform.contracts else None
        order_no = await link.place(request(place.pair, "BUY", place.price, "0.01", position=opens))
        unknown, known = await link.cancel(place.pair, ["7", order_no])
        assert set(ast.literal_eval(unknown.error or "")) == {"code", "message"}
        assert known.error is None
        await told.ended(order_no)
        (again,) = await link.cancel(place.pair, [order_no])
        assert set(ast.literal_eval(again.error or "")) == {"code", "message"}


async def test_what_cannot_be_closed_is_told_in_the_venues_words() -> None:
    async with rig(KTX_FUTURE) as at:
        link, _ = await at.ready(line=FreeLine(blunt=True))
        with pytest.raises(PlatformError) as refused:
            await link.place(request(at.place.pair, "SELL", 100_000, "0.1", position=PositionSide.LONG))
        assert set(ast.literal_eval(refused.value.text)) == {"code", "message"}


@pytest.mark.parametrize("place", [*SPOT, KTX_FUTURE], ids=str)
async def test_requests_are_forwarded_before_there_is_a_connection(place: Place) -> None:
    async with rig(place) as at:
        line = FreeLine(error=UNREACHED, blunt=True)
        link, told = await at.link(line=line)
        await told.count("connect_failed")

        opens = PositionSide.LONG if at.platform.contracts else None
        order_no = await link.place(request(place.pair, "BUY", place.price, "0.01", position=opens))
        assert [each.order_no for each in await link.open_orders(place.pair)] == [order_no]
        assert isinstance((await link.assets())[place.quote], Asset)
        assert (await link.symbol_info(place.pair)).quote_currency == place.quote
        at.bob("sell", place.price, "0.004", **({"position": {}} if at.platform.contracts else {}))
        line.error = None
        await at.advance(5)
        await told.count("ready")
        await told.count("fill")

        assert told.kinds[:3] == ["connect_failed", "reconnecting", "connected"]
        told.check()
        (cancelled,) = await link.cancel_all(place.pair)
        assert (cancelled.order_no, cancelled.error) == (order_no, None)
        await at.deliver()
        assert (await told.ended(order_no)).remain == D("0.006")


async def test_a_venue_that_cannot_be_reached_is_told_all_the_same() -> None:
    async with rig(HUOBI) as at:
        urls = dict.fromkeys(at.urls, "http://127.0.0.1:1")
        link, _ = await at.link(urls=urls, line=FreeLine(blunt=True))
        with pytest.raises(PlatformError, match="connection lost"):
            await link.place(at.buy(1, 1))
