"""A quiet world of one venue at a fixed time, and the state that a refusal must leave alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal

import pytest

from mockex.core import invariants
from mockex.core.units import Wallet
from mockex.simulation import Simulation, SimulationSettings
from mockex.world import SimulatedWorld, WorldSettings

START_NS = 1_767_225_600_000_000_000  # 2026-01-01T00:00:00Z

BALANCES = {
    "alice": {(Wallet.SPOT, "BTC"): Decimal("2"), (Wallet.SPOT, "JPY"): Decimal("1000000")},
    "bob": {(Wallet.SPOT, "BTC"): Decimal("2"), (Wallet.SPOT, "JPY"): Decimal("1000000")},
}


@pytest.fixture
def world_settings() -> WorldSettings:
    return WorldSettings(
        start_ns=START_NS,
        venues=("okcoinjp",),
        seed=7,
        market="quiet",
        venue_settings={"okcoinjp": SimulationSettings(balances=BALANCES, limits_enabled=False)},
    )


@pytest.fixture
def world(world_settings: WorldSettings) -> SimulatedWorld:
    return SimulatedWorld(world_settings)


@pytest.fixture
def simulation(world: SimulatedWorld) -> Simulation:
    return world.simulations["okcoinjp"]


@pytest.fixture
def unchanged(simulation: Simulation) -> Callable[[], AbstractContextManager[None]]:
    """A block that must leave the venue as it was."""

    def picture() -> object:
        desk = simulation.desk
        return (
            invariants.digest(desk.exchange),
            [
                (account.account_id, account.frozen, sorted(account.frozen_wallets))
                for account in desk.exchange.accounts.values()
            ],
            {symbol: market.phase for symbol, market in desk.exchange.markets.items()},
            [(key, desk.credentials.get(entry.material.api_key)) for key, entry in simulation.keys.items()],
            [(rule.name, rule.fired) for rule in desk.chaos.rules],
            sorted(desk.closed_routes),
            desk.in_maintenance,
            sorted(desk.flags),
            {account: sorted(flags) for account, flags in desk.account_flags.items()},
        )

    @contextmanager
    def compare() -> Iterator[None]:
        before = picture()
        yield
        assert picture() == before

    return compare
