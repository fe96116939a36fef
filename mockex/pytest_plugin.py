"""The pytest fixture `mockex`: simulated exchanges on loopback ports, and a fresh world for every test.

    @pytest.mark.mockex(venues=["okcoinjp"], balances={"alice": {"JPY": "1000000"}})
    def test_my_bot(mockex):
        bot = Bot(mockex.okcoinjp.rest_url, **mockex.okcoinjp.keys["alice"])

The fixture gives a `mockex.RunningWorld`. Its plain methods serve tests with and without an event loop alike: the server runs
in a thread of its own, started once per process and set of venues, so a test pays for a new world only. By default: all
installed venues, empty books, time that stands still at the present until it is advanced, no rate limits, seed 1, no TLS and
no gateway. The marker takes the arguments of `mockex.World`; one on a test goes over one on its class, and that over its
module's.

After a test the fixture fails it if the world's books, holds or ledgers are broken, or if the simulator reported an error.

Nothing but pytest is imported until a test asks for the fixture.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockex.embedded import BackgroundServer, RunningWorld, WorldOptions
    from mockex.gateway.service import GatewaySettings


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "mockex(venues=..., seed=1, market='quiet', clock='frozen', start=None, profiles={}, switches={}, limits=False, "
        "balances={}, tls=False, gateway=False, gateway_quirks=False, gateway_margin_mode='crossed'): the world "
        "that the fixture `mockex` gives this test.",
    )


@pytest.fixture(scope="session")
def _mockex_servers() -> Iterator[_Servers]:
    servers = _Servers()
    yield servers
    servers.stop()


@pytest.fixture(name="mockex")
def mockex_fixture(request: pytest.FixtureRequest, _mockex_servers: _Servers) -> Iterator[RunningWorld]:
    """A `mockex.RunningWorld`: simulated exchanges on loopback ports, fresh for this test. See the marker `mockex`."""
    reports = _ErrorReports()
    logger = logging.getLogger("mockex")
    try:
        world = _mockex_servers.fresh_world(_wanted(request.node))
    except ValueError as mistake:
        pytest.fail(f"no such world for the fixture mockex: {mistake}", pytrace=False)
    logger.addHandler(reports)
    try:
        yield world
        broken = _broken(world)
    finally:
        logger.removeHandler(reports)
    if reports.texts or broken:
        pytest.fail("\n".join(["the simulator failed during this test:", *reports.texts, *broken]), pytrace=False)


class _Servers:
    """One server for each set of venues, with and without TLS and a gateway, whose settings stay. Started when it is first
    needed and kept until the end of the session.
    """

    def __init__(self) -> None:
        self._by_need: dict[tuple[tuple[str, ...], bool, GatewaySettings | None], BackgroundServer] = {}

    def fresh_world(self, options: WorldOptions) -> RunningWorld:
        """ValueError for a world that cannot be."""
        from mockex.embedded import BackgroundServer

        need = (options.venue_names(), options.tls, options.gateway_settings())
        server = self._by_need.get(need)
        if server is None:
            server = self._by_need[need] = BackgroundServer(options)
        return server.fresh(options)

    def stop(self) -> None:
        for server in self._by_need.values():
            server.stop()


class _ErrorReports(logging.Handler):
    """What the simulator logs as an error: its own failures, never a client's mistake."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


def _wanted(node: pytest.Item) -> WorldOptions:
    """The options of all markers of a test together; the closest wins. ValueError for what `World` does not take."""
    from mockex.embedded import WorldOptions

    wanted: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("mockex"))):
        if marker.args:
            raise ValueError("the marker mockex takes keyword arguments only, such as venues=[...]")
        wanted.update(marker.kwargs)
    known = [field.name for field in dataclasses.fields(WorldOptions)]
    for name in wanted:
        if name not in known:
            raise ValueError(f"the marker mockex takes {', '.join(known)}, not {name}")
    return WorldOptions(**wanted)


def _broken(world: RunningWorld) -> list[str]:
    try:
        world.check()
    except AssertionError as broken:
        return [str(broken)]
    except Exception as error:  # a world so broken that it cannot even be looked at
        return [f"the simulated world cannot be checked: {error!r}"]
    return []
