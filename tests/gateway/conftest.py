"""A gateway in the process of the test, and one connection to it."""

from __future__ import annotations

import pytest
from gateway_service_rig import Ear, GatewayRig


@pytest.fixture
async def rig() -> GatewayRig:
    return GatewayRig()


@pytest.fixture
async def ear(rig: GatewayRig) -> Ear:
    return rig.connect()
