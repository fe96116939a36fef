"""The wrong clients of the gateway. Those of the first venue prove the shared cases, these the gateway's own."""

from __future__ import annotations

import faux_rig
import pytest
import pytest_asyncio
from mockex.conformance.results import CaseResult
from mockex.conformance.simulator import Simulator

VENUE = "gateway"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reference(simulator: Simulator) -> dict[str, CaseResult]:
    return await faux_rig.run_reference(simulator)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_reference_client_passes_every_case(reference: dict[str, CaseResult]) -> None:
    faux_rig.expect_all_passed(reference)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", faux_rig.names(VENUE))
async def test_a_wrong_client_fails_exactly_the_cases_meant_for_it(
    name: str, simulator: Simulator, reference: dict[str, CaseResult]
) -> None:
    await faux_rig.expect_fails_what_it_should(name, simulator, reference)


def test_every_case_is_failed_by_a_wrong_client() -> None:
    assert faux_rig.uncaught(VENUE, by=["okcoinjp"]) == []


def test_wrong_clients_name_cases_that_there_are() -> None:
    assert faux_rig.unknown(VENUE) == []
