"""A hand-played venue, the time of its clients, and streams that are closed after the test."""

from collections.abc import AsyncIterator

import pytest
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
