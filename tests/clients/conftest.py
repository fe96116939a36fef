"""Hand-played venues, the time of their clients, and streams that are closed after the test."""

from collections.abc import AsyncIterator

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


@pytest.fixture
async def venue() -> AsyncIterator[FakeStream]:
    async with FakeStream() as fake:
        yield fake


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
async def stream(venue: FakeStream, time: VirtualTime) -> AsyncIterator[OkcoinStream]:
    made = public_stream(venue, time)
    yield made
    await made.close()


@pytest.fixture
async def private_stream(venue: FakeStream, time: VirtualTime) -> AsyncIterator[OkcoinStream]:
    made = private_stream_of(venue, time)
    yield made
    await made.close()


# --- HTX: two kinds of sockets, so their fixtures carry the venue's name ---


@pytest.fixture
async def htx_market() -> AsyncIterator[FakeMarket]:
    async with FakeMarket() as fake:
        yield fake


@pytest.fixture
async def htx_account() -> AsyncIterator[FakeAccount]:
    async with FakeAccount() as fake:
        yield fake


@pytest.fixture
def htx_time() -> HtxTime:
    return HtxTime()


@pytest.fixture
async def htx_stream(htx_market: FakeMarket, htx_time: HtxTime) -> AsyncIterator[HtxStream]:
    made = market_stream_of(htx_market, htx_time)
    yield made
    await made.close()


@pytest.fixture
async def htx_private_stream(htx_account: FakeAccount, htx_time: HtxTime) -> AsyncIterator[HtxStream]:
    made = account_stream_of(htx_account, htx_time)
    yield made
    await made.close()


# --- Coinstore ---


@pytest.fixture
async def coinstore() -> AsyncIterator[FakeCoinstore]:
    async with FakeCoinstore() as fake:
        yield fake


@pytest.fixture
def coinstore_time() -> CoinstoreTime:
    return CoinstoreTime()


@pytest.fixture
async def coinstore_stream(coinstore: FakeCoinstore, coinstore_time: CoinstoreTime) -> AsyncIterator[CoinstoreStream]:
    made = stream_of(coinstore, coinstore_time)
    yield made
    await made.close()


# --- KTX ---


@pytest.fixture
async def ktx() -> AsyncIterator[FakeKtx]:
    async with FakeKtx() as fake:
        yield fake


@pytest.fixture
def ktx_time() -> KtxTime:
    return KtxTime()


@pytest.fixture
async def ktx_stream(ktx: FakeKtx, ktx_time: KtxTime) -> AsyncIterator[KtxStream]:
    made = ktx_stream_of(ktx, ktx_time)
    yield made
    await made.close()


# --- the trading gateway: a client whose connection carries every login ---


@pytest.fixture
async def gateway() -> AsyncIterator[FakeGateway]:
    async with FakeGateway() as fake:
        yield fake


@pytest.fixture
def gateway_time() -> GatewayTime:
    return GatewayTime()


@pytest.fixture
async def gateway_client(gateway: FakeGateway, gateway_time: GatewayTime) -> AsyncIterator[GatewayClient]:
    """Whose gateway is gone at the end, so that no logout is waited for."""
    made = client_of(gateway, gateway_time)
    yield made
    gateway.drop_all()
    await soon(made.close())
