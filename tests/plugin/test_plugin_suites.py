"""The fixture `mockex` in other people's test suites: each test here runs a small suite in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

# What the inner suites share: a request without any client library.
HELPERS = """
import json
import urllib.error
import urllib.request

INSTRUMENTS = "/api/spot/v3/instruments"
SELL = {"account": "bob", "symbol": "BTC-JPY", "side": "sell", "price": "5000000", "qty": "0.01"}

def status_of(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return response.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
"""

INI = """
[pytest]
addopts = --strict-markers --strict-config -p no:cacheprovider
filterwarnings = error
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty project with strict settings, so that a warning or an unregistered marker fails."""
    pytester.makepyfile(helpers=HELPERS)
    pytester.makeini(INI)
    pytester.syspathinsert()
    return pytester


def test_workers_have_servers_of_their_own(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import os
        import pytest
        from helpers import SELL

        @pytest.mark.mockex(venues=["okcoinjp"])
        @pytest.mark.parametrize("turn", range(6))
        def test_turn(mockex, turn):
            assert mockex.okcoinjp.orders() == []
            mockex.okcoinjp.place(**SELL)
            assert len(mockex.okcoinjp.orders()) == 1
        """
    )
    suite.runpytest_subprocess("-n", "2").assert_outcomes(passed=6)


def test_time_that_a_test_freezes_does_not_stop_the_server(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        from datetime import datetime, timezone
        import freezegun
        import pytest
        from helpers import INSTRUMENTS, SELL, status_of

        FROZEN = datetime(2024, 2, 29, 12, tzinfo=timezone.utc)

        @pytest.fixture
        def leap_day():
            with freezegun.freeze_time(FROZEN):
                yield

        @pytest.mark.mockex(venues=["okcoinjp"])
        def test_frozen(leap_day, mockex):
            assert mockex.clock.now == FROZEN
            assert status_of(mockex.okcoinjp.rest_url + INSTRUMENTS) == 200
            mockex.okcoinjp.place(**SELL)

        @pytest.mark.mockex(venues=["okcoinjp"])
        def test_thawed(mockex):
            assert mockex.clock.now.year > 2024
            assert status_of(mockex.okcoinjp.rest_url + INSTRUMENTS) == 200
        """
    )
    suite.runpytest_subprocess().assert_outcomes(passed=2)


def test_a_marker_that_makes_no_sense_fails_its_test_with_one_line(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.mockex(venues=["mtgox"])
        def test_venue(mockex): ...

        @pytest.mark.mockex("okcoinjp")
        def test_positional(mockex): ...

        @pytest.mark.mockex(venue="okcoinjp")
        def test_keyword(mockex): ...

        @pytest.mark.mockex(market="wild")
        def test_market(mockex): ...

        @pytest.mark.mockex(balances={"alice": {"NOPE": 1}})
        def test_balances(mockex): ...

        @pytest.mark.mockex(venues=["okcoinjp"], switches={"okcoinjp": {"turbo": True}})
        def test_switch(mockex): ...

        @pytest.mark.mockex(venues=["okcoinjp"])
        def test_next(mockex):
            assert mockex.okcoinjp.orders() == []
        """
    )
    result = suite.runpytest_subprocess()
    result.assert_outcomes(errors=6, passed=1)
    prefix = "no such world for the fixture mockex: "
    result.stdout.fnmatch_lines_random(
        [
            f"{prefix}there is no venue 'mtgox'; there are *okcoinjp*",
            f"{prefix}the marker mockex takes keyword arguments only, such as venues=[[]...]",
            f"{prefix}the marker mockex takes venues, seed, market, *, not venue",
            f'{prefix}market is "quiet" or "live", not \'wild\'',
            f"{prefix}*has no asset 'NOPE'*",
            f"{prefix}okcoinjp has no switch 'turbo'; it has *",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_an_unknown_venue_is_named_with_those_there_are(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.mockex(venues=["okcoinjp"])
        def test_it(mockex):
            mockex.okcoinpj
        """
    )
    result = suite.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*AttributeError: this world has no venue 'okcoinpj'; it has okcoinjp*"])


def test_a_failure_inside_the_simulator_fails_the_test_that_met_it(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import pytest
        from helpers import INSTRUMENTS, status_of

        pytestmark = pytest.mark.mockex(venues=["okcoinjp"])

        def test_breaks_it(mockex):
            mockex.inside(lambda world: world.simulations["okcoinjp"].listings.clear())
            mockex.inside(lambda world: setattr(world.simulations["okcoinjp"].desk, "exchange", None))
            assert status_of(mockex.okcoinjp.rest_url + INSTRUMENTS + "/BTC-JPY/book") >= 400

        def test_loses_money(mockex):
            def rob(world):
                account = world.simulations["okcoinjp"].desk.exchange.accounts["alice"]
                next(iter(next(iter(account.wallets.values())).values())).total += 1
            mockex.inside(rob)

        def test_is_fine(mockex):
            assert status_of(mockex.okcoinjp.rest_url + INSTRUMENTS) == 200
        """
    )
    result = suite.runpytest_subprocess()
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines_random(
        [
            "the simulator failed during this test:",
            "mockex.server: okcoinjp failed on GET /api/spot/v3/instruments/BTC-JPY/book*",
            "okcoinjp: * is not conserved: 1 atoms too many",
        ]
    )


def test_a_clients_mistakes_are_no_failures(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import socket
        import urllib.parse
        import pytest
        from helpers import status_of

        @pytest.mark.mockex(venues=["okcoinjp"])
        def test_nonsense(mockex):
            url = mockex.okcoinjp.rest_url
            assert status_of(url + "/no/such/path") == 404
            assert status_of(url + "/api/spot/v3/accounts") in (400, 401)
            address = urllib.parse.urlsplit(url)
            with socket.create_connection((address.hostname, address.port), timeout=20) as raw:
                raw.sendall(b"NONSENSE\\r\\n\\r\\n")
                assert raw.recv(100)
        """
    )
    suite.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_project_that_does_not_use_it_is_left_alone(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import sys
        import threading

        def test_nothing_was_started():
            assert [thread.name for thread in threading.enumerate() if thread.name == "mockex"] == []
            assert not {"aiohttp", "uvloop", "orjson", "mockex.embedded"} & set(sys.modules)
        """
    )
    suite.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=1)


def test_importing_the_plugin_imports_nothing_else() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules)\n"
        "import mockex, mockex.pytest_plugin\n"
        "print(*sorted(name for name in set(sys.modules) - before if name.partition('.')[0] not in sys.stdlib_module_names))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["mockex", "mockex.pytest_plugin"]


def test_the_fixture_and_its_marker_explain_themselves(suite: pytest.Pytester) -> None:
    suite.runpytest_inprocess("--fixtures").stdout.fnmatch_lines(["mockex -- *", "*simulated exchanges on loopback ports*"])
    suite.runpytest_inprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.mockex(venues=..., *"])
