"""What the wrong clients of every venue are put through, as tests of the module whose constant `VENUE` names the venue.

The wrong clients of the first venue prove the shared cases for all venues, so that those of every other venue need to prove its
own cases only.
"""

from __future__ import annotations

import faux_rig
import pytest
from mockex.conformance.results import CaseResult
from mockex.conformance.simulator import Simulator

FIRST_VENUE = "okcoinjp"


class WrongClients:
    """Of any venue."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "wrong_client" in metafunc.fixturenames:
            metafunc.parametrize("wrong_client", faux_rig.names(metafunc.module.VENUE))

    @pytest.fixture
    def venue(self, request: pytest.FixtureRequest) -> str:
        name: str = request.module.VENUE
        return name

    @pytest.mark.asyncio(loop_scope="module")
    async def test_the_reference_client_passes_every_case(self, reference_results: dict[str, CaseResult]) -> None:
        faux_rig.expect_all_passed(reference_results)

    @pytest.mark.asyncio(loop_scope="module")
    async def test_a_wrong_client_fails_exactly_the_cases_meant_for_it(
        self, wrong_client: str, simulator: Simulator, reference_results: dict[str, CaseResult]
    ) -> None:
        await faux_rig.expect_fails_what_it_should(wrong_client, simulator, reference_results)

    def test_every_case_is_failed_by_a_wrong_client(self, venue: str) -> None:
        uncaught = faux_rig.uncaught(venue, by=[FIRST_VENUE])
        assert not uncaught, uncaught

    def test_wrong_clients_name_cases_that_there_are(self, venue: str) -> None:
        unknown = faux_rig.unknown(venue)
        assert not unknown, unknown


class WrongClientsInEveryArea(WrongClients):
    """Of a venue that has a wrong client of its own in every area, those of the shared cases included."""

    def test_every_area_has_a_wrong_client_of_its_own(self, venue: str) -> None:
        areas = faux_rig.areas_without(venue)
        assert not areas, areas
