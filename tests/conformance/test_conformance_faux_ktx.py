"""KTX's reference client passes every case; those of the first venue's wrong clients prove the shared ones."""

from __future__ import annotations

import faux_rig
import pytest
import pytest_asyncio
from mockex.conformance.results import CaseResult
from mockex.conformance.simulator import Simulator

VENUE = "ktx"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reference(simulator: Simulator) -> dict[str, CaseResult]:
    return await faux_rig.run_reference(simulator)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_reference_client_passes_every_case(reference: dict[str, CaseResult]) -> None:
    faux_rig.expect_all_passed(reference)


def test_every_case_is_failed_by_a_wrong_client() -> None:
    assert faux_rig.uncaught(VENUE, by=["okcoinjp"]) == []
