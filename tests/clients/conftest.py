"""Hand-played venues, the time of their clients, and streams that are closed after the test."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import pytest
from coinstore_fake_venue import CoinstoreTime, FakeCoinstore, stream_of
from gateway_fake import FakeGateway, GatewayTime, client_of
from htx_fake_venue import FakeAccount, FakeMarket
from htx_fake_venue import VirtualTime as HtxTime
from htx_stream_play import account_stream_of, market_stream_of
from ktx_fake_venue import FakeKtx, KtxTime
from ktx_fake_venue import stream_of as ktx_stream_of
from loopback import soon
from mockex.clients.coinstore import CoinstoreStream
from mockex.clients.gateway import GatewayClient
from mockex.clients.htx import HtxStream
from mockex.clients.ktx import KtxStream
from mockex.clients.okcoinjp import OkcoinStream
from okcoinjp_fake_venue import FakeStream, VirtualTime
from okcoinjp_stream_play import private_stream_of, public_stream

Stream = TypeVar("Stream")
Keep = Callable[[Stream], Stream]


def played(venue: Callable[[], AbstractAsyncContextManager[Any]]) -> Any:
    """A fixture of a hand-played venue, which is gone after the test."""

    @pytest.fixture
    async def running() -> AsyncIterator[Any]:
        async with venue() as fake:
            yield fake

    return running


def standing(time: Callable[[], Any]) -> Any:
    """A fixture of the time of a venue's client, which passes when a test says so."""

    @pytest.fixture
    def made() -> Any:
        return time()

    return made


venue, time = played(FakeStream), standing(VirtualTime)
htx_market, htx_account, htx_time = played(FakeMarket), played(FakeAccount), standing(HtxTime)
coinstore, coinstore_time = played(FakeCoinstore), standing(CoinstoreTime)
ktx, ktx_time = played(FakeKtx), standing(KtxTime)
gateway, gateway_time = played(FakeGateway), standing(GatewayTime)


@pytest.fixture
async def kept() -> AsyncIterator[Keep]:
    """Hands back what it is given, and closes it after the test: asked for last, so before its venue is gone."""
    streams: list[Any] = []

    def keep(stream: Stream) -> Stream:
        streams.append(stream)
        return stream

    yield keep
    for each in streams:
        await each.close()


@pytest.fixture
async def stream(venue: FakeStream, time: VirtualTime, kept: Keep) -> OkcoinStream:
    return kept(public_stream(venue, time))


@pytest.fixture
async def private_stream(venue: FakeStream, time: VirtualTime, kept: Keep) -> OkcoinStream:
    return kept(private_stream_of(venue, time))


@pytest.fixture
async def htx_stream(htx_market: FakeMarket, htx_time: HtxTime, kept: Keep) -> HtxStream:
    return kept(market_stream_of(htx_market, htx_time))


@pytest.fixture
async def htx_private_stream(htx_account: FakeAccount, htx_time: HtxTime, kept: Keep) -> HtxStream:
    return kept(account_stream_of(htx_account, htx_time))


@pytest.fixture
async def coinstore_stream(coinstore: FakeCoinstore, coinstore_time: CoinstoreTime, kept: Keep) -> CoinstoreStream:
    return kept(stream_of(coinstore, coinstore_time))


@pytest.fixture
async def ktx_stream(ktx: FakeKtx, ktx_time: KtxTime, kept: Keep) -> KtxStream:
    return kept(ktx_stream_of(ktx, ktx_time))


@pytest.fixture
async def gateway_client(gateway: FakeGateway, gateway_time: GatewayTime) -> AsyncIterator[GatewayClient]:
    """Whose connection carries every login, and whose gateway is gone at the end, so that no logout is waited for."""
    made = client_of(gateway, gateway_time)
    yield made
    gateway.drop_all()
    await soon(made.close())
