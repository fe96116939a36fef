"""What test modules of the suite share: a simulator of the venue that a module's constant `VENUE` names."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from mockex.conformance.simulator import Simulator


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def simulator(request: pytest.FixtureRequest) -> AsyncIterator[Simulator]:
    """One for all tests of the module, each of which begins with a fresh world."""
    async with Simulator(request.module.VENUE) as running:
        yield running
