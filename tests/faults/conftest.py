"""A quiet world for each test."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from faults_rig import Client, Rig, rig


@pytest.fixture(autouse=True)
def nothing_goes_wrong_inside(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a fault does: the simulator never reports an error of its own."""
    yield
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []


@pytest.fixture
async def quiet(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """Over TLS in the second round of a test that is marked with `over_both`."""
    async with rig(tls=getattr(request, "param", False)) as running:
        yield running


@pytest.fixture
async def client(quiet: Rig) -> Client:
    return await quiet.client()
