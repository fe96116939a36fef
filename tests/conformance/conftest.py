"""What test modules of the suite share: a simulator of the venue that a module's constant `VENUE` names, and what becomes of
its cases with the reference client.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import faux_rig
import pytest
import pytest_asyncio
from mockex.conformance import facts
from mockex.conformance.results import CaseResult
from mockex.conformance.simulator import Simulator


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def simulator(request: pytest.FixtureRequest) -> AsyncIterator[Simulator]:
    """One for all tests of the module, each of which begins with a fresh world."""
    venue = request.module.VENUE
    async with Simulator(venue, behind=facts.load(venue).behind) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reference_results(simulator: Simulator) -> dict[str, CaseResult]:
    return await faux_rig.run_reference(simulator)
