"""One simulator for all tests of a process, a fresh world and two known accounts for each test.

A test module is about one venue: the one that its constant `VENUE` names, and OKCoin Japan where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from thirdparty_rig import Conversation, Keys, Simulator, Talk, conversation, running_simulator

WEALTH: Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "okcoinjp": {
        "maker": {"spot": {"BTC": "100", "ETH": "100", "JPY": "1000000000"}},
        "trader": {"spot": {"BTC": "2", "JPY": "1000000"}, "funding": {"BTC": "5", "JPY": "500000", "LTC": "40"}},
    },
    "htx": {
        "maker": {"spot": {"BTC": "100", "ETH": "1000", "SHIB": "100000000000", "USDT": "100000000"}},
        "trader": {"spot": {"BTC": "2", "USDT": "100000"}},
    },
}
"""What `maker` and `trader` begin with, by venue and wallet."""


@pytest.fixture(scope="session")
def simulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Simulator]]:
    with running_simulator(tmp_path_factory.mktemp("simulator"), *WEALTH, options=["--tls"]) as running:
        yield running


def begin_world(simulator: Simulator) -> Keys:
    """A new world with empty books and two accounts besides the venue's own, `maker` and `trader`. The trader's keys, which are
    the same every time."""
    simulator.reset()
    simulator.open_account("maker", **WEALTH[simulator.name]["maker"])
    return simulator.open_account("trader", **WEALTH[simulator.name]["trader"])


@pytest.fixture(scope="module")
def simulator(simulators: Mapping[str, Simulator], request: pytest.FixtureRequest) -> Simulator:
    """The venue that the module is about."""
    return simulators[getattr(request.module, "VENUE", "okcoinjp")]


@pytest.fixture
def world(simulator: Simulator) -> Iterator[tuple[Simulator, Keys]]:
    keys = begin_world(simulator)
    yield simulator, keys
    invariants = simulator.venue("GET", "/invariants")
    assert invariants["violations"] == []


@pytest.fixture
def venue(world: tuple[Simulator, Keys]) -> Simulator:
    return world[0]


@pytest.fixture
def trader(world: tuple[Simulator, Keys]) -> Keys:
    """The account that the client under test trades with."""
    return world[1]


@pytest.fixture
def talk(venue: Simulator, trader: Keys, tmp_path: Path) -> Iterator[Talk]:
    """`talk(client, script, **more)` begins a conversation as `trader`; more settings win over these."""
    with ExitStack() as stack:
        yield talk_as(trader, venue, tmp_path, stack)


@pytest.fixture(scope="module")
def lasting_talk(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """The same for a conversation that goes on from test to test, where starting the client costs more than the tests do."""
    with ExitStack() as stack:
        yield talk_as(begin_world(simulator), simulator, tmp_path_factory.mktemp("client"), stack)


def talk_as(keys: Keys, simulator: Simulator, folder: Path, stack: ExitStack) -> Talk:
    def begin(client: str, script: str, **more: object) -> Conversation:
        settings: Mapping[str, object] = {
            "rest": simulator.rest,
            "ws": simulator.ws,
            "key": keys.key,
            "secret": keys.secret,
            "passphrase": keys.passphrase,
            **more,
        }
        return stack.enter_context(conversation(client, script, settings, folder))

    return begin
