"""One simulator for all tests of a process, a fresh world and two known accounts for each test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from thirdparty_rig import Conversation, Keys, Simulator, Talk, conversation, running_simulator


@pytest.fixture(scope="session")
def simulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture
def venue(simulator_process: Simulator) -> Iterator[Simulator]:
    """A new world with empty books and two accounts besides the venue's own: `trader` and `maker`."""
    simulator_process.reset()
    simulator_process.open_account("maker", spot={"BTC": "100", "ETH": "100", "JPY": "1000000000"})
    yield simulator_process
    invariants = simulator_process.venue("GET", "/invariants")
    assert invariants["violations"] == []


@pytest.fixture
def trader(venue: Simulator) -> Keys:
    """The account that the client under test trades with."""
    return venue.open_account("trader", spot={"BTC": "2", "JPY": "1000000"}, funding={"BTC": "5", "JPY": "500000", "LTC": "40"})


@pytest.fixture
def talk(venue: Simulator, trader: Keys, tmp_path: Path) -> Iterator[Talk]:
    """`talk(client, script, **more)` begins a conversation as `trader`; more settings win over these."""
    with ExitStack() as stack:

        def begin(client: str, script: str, **more: object) -> Conversation:
            settings: Mapping[str, object] = {
                "rest": venue.rest,
                "ws": venue.ws,
                "key": trader.key,
                "secret": trader.secret,
                "passphrase": trader.passphrase,
                **more,
            }
            return stack.enter_context(conversation(client, script, settings, tmp_path))

        yield begin
