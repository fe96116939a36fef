"""A reset as the one call that a fresh test case needs: it says all that the new world should be."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from mockex.core.units import Wallet
from mockex.server.control import PREFIX, Control
from mockex.server.runner import Server, ServerSettings
from mockex.server.wallclock import real_now_ns
from mockex.wire.messages import WireRequest
from mockex.world import WorldSettings

HOUR_NS = 3_600_000_000_000

Reset = Callable[..., Any]


@pytest.fixture
async def server(world_settings: WorldSettings) -> Any:
    async with Server(ServerSettings(world=world_settings, clock="frozen")) as running:
        yield running


def reset_of(server: Server) -> Reset:
    def call(status: int = 200, **body: object) -> Any:
        request = WireRequest("POST", f"{PREFIX}/reset", "", {}, json.dumps(body).encode(), "127.0.0.1")
        response = Control(server).handle(request)
        answer = json.loads(response.body)
        assert response.status == status, answer
        return answer

    return call


@pytest.fixture
def reset(server: Server) -> Reset:
    return reset_of(server)


def holdings(server: Server, account: str, wallet: Wallet = Wallet.SPOT) -> dict[str, Decimal]:
    """What the account has."""
    desk = server.world.simulations["okcoinjp"].desk
    balances = desk.account(account).wallets[wallet]
    return {
        asset: Decimal(balance.total).scaleb(-desk.exchange.assets[asset].decimals)
        for asset, balance in balances.items()
        if balance.total
    }


def test_the_answer_has_everything_that_a_client_needs_to_start(server: Server, reset: Reset) -> None:
    answer = reset()
    keys = server.world.simulations["okcoinjp"].keys

    assert answer["urls"]["okcoinjp"]["rest"] == server.urls.venues["okcoinjp"].rest
    assert answer["clock"] == "frozen"
    assert list(answer["accounts"]) == ["okcoinjp"]
    assert [key["name"] for key in answer["accounts"]["okcoinjp"]] == ["alice", "bob", "viewer"]
    assert answer["accounts"]["okcoinjp"][2] == {
        "name": "viewer",
        "api_key": keys["viewer"].material.api_key,
        "secret": keys["viewer"].material.secret,
        "passphrase": keys["viewer"].material.passphrase,
        "permissions": ["read"],
    }


def test_everything_may_be_chosen(server: Server, reset: Reset) -> None:
    answer = reset(
        seed=11,
        market="live",
        limits=True,
        clock="real",
        start_ns="1800000000000000000",
        profiles={"okcoinjp": "observed"},
        switches={"okcoinjp": {"batch_key": "dash", "strict_precision": True}},
        balances={"alice": {"BTC": "1.5"}, "carol": {"funding": {"JPY": 7}}},
        recording=True,
    )
    venue = answer["venues"]["okcoinjp"]

    assert (answer["seed"], answer["market"], answer["clock"]) == (11, "live", "real")
    assert answer["start"] == "2027-01-15T08:00:00.000Z"
    assert (venue["profile"], venue["limits_enabled"]) == ("observed", True)
    assert (venue["switches"]["batch_key"], venue["switches"]["strict_precision"]) == ("dash", True)
    assert holdings(server, "alice") == {"BTC": Decimal("1.5")}
    assert holdings(server, "carol", Wallet.FUNDING) == {"JPY": Decimal(7)}
    assert [key["name"] for key in answer["accounts"]["okcoinjp"]] == ["alice", "bob", "carol", "viewer"]
    assert server.world.simulations["okcoinjp"].desk.recorder.on


def test_what_is_left_out_is_as_at_the_servers_start_and_not_as_in_the_last_reset(
    server: Server, reset: Reset, world_settings: WorldSettings
) -> None:
    first = reset()
    reset(seed=11, clock="real", start_ns="5", balances={"alice": {"BTC": "9"}}, limits=True, recording=True)
    again = reset()

    assert again == first
    assert server.world.settings == replace(world_settings, venue_settings=server.world.settings.venue_settings)
    assert server.clock.frozen
    assert not server.world.simulations["okcoinjp"].desk.recorder.on


async def test_of_balances_and_switches_those_that_are_not_named_stay(world_settings: WorldSettings) -> None:
    venue = replace(world_settings.venue_settings["okcoinjp"], switches={"strict_precision": True}, profile="observed")
    settings = replace(world_settings, venue_settings={"okcoinjp": venue})
    async with Server(ServerSettings(world=settings, clock="frozen")) as server:
        reset_of(server)(balances={"alice": {"BTC": "9"}}, switches={"okcoinjp": {"batch_key": "dash"}})
        chosen = server.world.simulations["okcoinjp"].desk.settings

        assert holdings(server, "alice") == {"BTC": Decimal(9)}
        assert holdings(server, "bob") == {"BTC": Decimal(2), "JPY": Decimal(1_000_000)}
        assert (chosen.switches["batch_key"], chosen.switches["strict_precision"]) == ("dash", True)
        assert (chosen.profile, chosen.limits_enabled) == ("observed", False)


def test_a_new_start_of_the_server_is_what_later_resets_go_back_to(server: Server, reset: Reset) -> None:
    """As when a test's fixture has made a world of its own."""
    server.replace_world(replace(server.settings.world, seed=3))
    reset(seed=4)

    assert reset()["seed"] == 3


def test_a_world_that_stood_still_runs_from_the_present_if_it_is_to_run(server: Server, reset: Reset) -> None:
    reset(clock="real")

    assert not server.clock.frozen
    assert abs(server.clock.now_ns() - real_now_ns()) < 60_000_000_000


async def test_a_world_that_ran_stands_still_where_it_would_have_been(world_settings: WorldSettings) -> None:
    settings = replace(world_settings, start_ns=real_now_ns() + HOUR_NS)
    async with Server(ServerSettings(world=settings, clock="real")) as server:
        reset_of(server)(clock="frozen")

        assert server.clock.frozen
        assert abs(server.clock.now_ns() - real_now_ns() - HOUR_NS) < 60_000_000_000
        reset_of(server)()
        assert not server.clock.frozen


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"limits": "off"}, "limits must be true or false"),
        ({"clock": "wound"}, "clock is one of real, frozen"),
        ({"start_ns": "soon"}, "start_ns must be nanoseconds since 1970"),
        ({"start_ns": -1}, "start_ns must be nanoseconds since 1970"),
        ({"start_ns": str(2**63)}, "up to 9223372036854775807"),
        ({"profiles": {"okcoinjp": "imagined"}}, "okcoinjp has no profile 'imagined'"),
        ({"profiles": {"mtgox": "observed"}}, "settings for 'mtgox', which is not among the venues: okcoinjp"),
        ({"profiles": "observed"}, "profiles must be an object of JSON strings"),
        ({"switches": {"okcoinjp": {"turbo": True}}}, "okcoinjp has no switch 'turbo'"),
        ({"switches": {"okcoinjp": {"batch_key": True}}}, "switch 'batch_key' takes underscore or dash"),
        ({"switches": {"okcoinjp": {"batch_key": 1.5}}}, "batch_key must be true, false, a whole number or text"),
        ({"switches": {"okcoinjp": {"batch_key": 1}}}, "switch 'batch_key' takes underscore or dash, not 1"),
        ({"switches": {"okcoinjp": {"strict_precision": 1}}}, "switch 'strict_precision' takes true or false, not 1"),
        ({"switches": {"okcoinjp": ["batch_key"]}}, "switches.okcoinjp must be an object"),
        ({"switches": {"mtgox": {}}}, "settings for 'mtgox'"),
        ({"switches": []}, "switches must be an object"),
        ({"balances": {"alice": {"DOGE": "1"}}}, "has no asset 'DOGE'"),
        ({"balances": {"alice": {"BTC": "-1"}}}, "a balance cannot be negative"),
        ({"balances": {"alice": {"BTC": "0.0000000000000000001"}}}, "a balance in BTC"),
        ({"balances": {"alice": {"margin": {"BTC": "1"}}}}, "a wallet of okcoinjp is one of"),
        ({"balances": {"a b": {}}}, "an account's name is 1 to 64"),
        ({"balances": {"alice": "rich"}}, "balances.alice must be an object"),
        ({"balances": ["alice"]}, "balances must be an object"),
        ({"recording": "yes"}, "recording must be true or false"),
        ({"venues": ["okcoinjp"]}, "there is no field 'venues' here"),
    ],
)
def test_a_world_that_cannot_be_is_refused_in_one_line_and_the_old_one_stays(
    server: Server, reset: Reset, body: dict[str, Any], says: str
) -> None:
    world = server.world
    message = reset(400, **body)["error"]["message"]

    assert says in message
    assert "\n" not in message
    assert server.world is world
