"""A quiet world for each test, and the two people who trade in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from endtoend_rig import Rig, no_complaints, quiet_world, rig
from mockex.clients.okcoinjp import OkcoinClient


@pytest.fixture(autouse=True)
def nothing_goes_wrong_inside(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever clients do: the simulator never reports an error of its own."""
    yield
    assert no_complaints(caplog) == []


@pytest.fixture
async def quiet() -> AsyncIterator[Rig]:
    async with rig(quiet_world()) as running:
        yield running


@pytest.fixture
async def alice(quiet: Rig) -> OkcoinClient:
    return await quiet.client("alice")


@pytest.fixture
async def bob(quiet: Rig) -> OkcoinClient:
    return await quiet.client("bob")
