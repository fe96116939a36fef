"""The gateway beside its venues: its listener, time, recording and control calls, and the command that runs it alone."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from gateway_socket_rig import Talk, control, talk

from mockex import RunningWorld, World
from mockex.cli import main
from mockex.gateway.platform import addresses
from mockex.gateway.platforms import installed_platforms

PAIR = "BTC/USDT"
VENUE, PLATFORM = "htx", "huobi"
START_SECONDS = 30.0


@pytest.fixture
async def world() -> AsyncIterator[RunningWorld]:
    async with World(venues=[VENUE], gateway=True) as world:
        yield world


@pytest.fixture
async def client(world: RunningWorld) -> AsyncIterator[Talk]:
    async with talk(world.gateway_url) as client:
        yield client


# --- the listener


@pytest.mark.parametrize(("path", "status"), [("/ws/v1", 426), ("/ws/v1?x=1", 426), ("/", 404), ("/ws/v2", 404)])
async def test_a_plain_request_is_told_to_upgrade(world: RunningWorld, path: str, status: int) -> None:
    url = world.gateway_url.replace("ws://", "http://").removesuffix("/ws/v1")
    async with aiohttp.ClientSession() as session:
        for method in ("GET", "POST"):
            async with session.request(method, url + path) as answer:
                assert answer.status == status
                assert (answer.headers.get("Upgrade") == "websocket") is (status == 426)


async def test_a_quirky_gateway_answers_a_plain_request_with_a_page() -> None:
    async with World(venues=[VENUE], gateway=True, gateway_quirks=True) as world:
        url = world.gateway_url.replace("ws://", "http://")
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")


async def test_a_ping_needs_no_login_and_a_binary_message_says_nothing(client: Talk) -> None:
    await client.say(b'{"op":"ping","ts":1}')

    assert await client.ask("ping", ts=2) == {"op": "pong", "ts": 2}


async def test_a_message_that_is_too_long_closes_the_socket(client: Talk) -> None:
    await client.say(json.dumps({"op": "ping", "ts": "x" * 70_000}))

    assert await client.close_code() == 1009


async def test_a_silent_socket_is_closed_by_the_worlds_time(world: RunningWorld, client: Talk) -> None:
    await client.ask("ping", ts=1)
    for _ in range(3):
        world.clock.advance(seconds=5)
        await (await client.socket.ping())  # of the protocol: says nothing here
    assert client.socket.close_code is None
    world.clock.advance(seconds=1)

    assert await client.close_code() == 1000


async def test_a_reader_that_never_reads_is_cut_off_and_others_are_not(world: RunningWorld, client: Talk) -> None:
    address = urlsplit(world.gateway_url)
    loop = asyncio.get_running_loop()
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    lazy.setblocking(False)
    with lazy:
        await loop.sock_connect(lazy, (address.hostname, address.port))
        upgrade = "GET /ws/v1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        upgrade += "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        await loop.sock_sendall(lazy, upgrade.encode())
        text = json.dumps({"op": "ping", "ts": "x" * 60_000}).encode()
        frame = bytes((0x81, 0xFE)) + len(text).to_bytes(2, "big") + bytes(4) + text
        async with asyncio.timeout(20):
            while True:
                try:
                    await loop.sock_sendall(lazy, frame)
                except OSError:
                    break
        assert await client.ask("ping", ts=2) == {"op": "pong", "ts": 2}


async def test_a_new_world_ends_the_logins_of_the_old_one(world: RunningWorld, client: Talk) -> None:
    await client.log_in(world, PLATFORM, VENUE, pair=PAIR)
    world.reset()
    assert await client.close_code() == 1012

    async with talk(world.gateway_url) as again:
        token = await again.log_in(world, PLATFORM, VENUE, pair=PAIR)
        assert (await again.ask("asset", token=token))["result"] is True
    assert len((await control(world, "GET", "/gateway"))["logins"]) <= 1


async def test_a_world_without_a_gateway_says_so() -> None:
    async with World(venues=[VENUE]) as world:
        with pytest.raises(ValueError, match="gateway=True"):
            _ = world.gateway_url
        assert (await control(world, "GET", "/gateway"))["error"]["message"] == "this server has no gateway"
        assert "gateway" not in await control(world, "GET", "/state")


@pytest.mark.mockex(venues=[VENUE], gateway=True)
def test_the_fixture_has_a_gateway_on_demand(mockex: RunningWorld) -> None:
    async def ask() -> Any:
        async with talk(mockex.gateway_url) as client:
            token = await client.log_in(mockex, PLATFORM, VENUE, pair=PAIR)
            return await client.ask("symbol_info", token=token, symbol=PAIR)

    assert asyncio.run(ask())["data"]["base_currency"] == "BTC"


@pytest.mark.mockex(venues=["ktx"], gateway=True, gateway_margin_mode="fixed")
def test_the_fixtures_gateway_has_the_margin_mode_that_was_asked_for(mockex: RunningWorld) -> None:
    async def hold() -> Any:
        async with talk(mockex.gateway_url) as client:
            token = await client.log_in(mockex, "ktx_future", "ktx", pair=PAIR)
            mockex.ktx.place(account="bob", symbol="BTC_USDT_SWAP", side="sell", price="98000", qty="0.1", position={})
            terms = {"action": "BUY", "price": 98_000, "quantity": 0.1, "order_type": "LIMIT"}
            assert (await client.ask("place_order", token=token, symbol=PAIR, **terms))["result"] is True
            return await client.ask("position", token=token, symbol=PAIR)

    assert asyncio.run(hold())["data"]["margin_mode"] == "fixed"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"gateway_quirks": True}, "gateway_quirks without a gateway: gateway=True"),
        ({"gateway_margin_mode": "fixed"}, "gateway_margin_mode without a gateway: gateway=True"),
        ({"gateway": True, "gateway_margin_mode": "wild"}, "gateway_margin_mode is crossed or fixed, not 'wild'"),
    ],
)
def test_settings_that_no_gateway_can_have_are_no_world(options: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        asyncio.run(World(venues=[VENUE], **options).__aenter__())


# --- the recording


async def test_what_is_heard_and_said_is_recorded_without_secrets(world: RunningWorld) -> None:
    assert (await control(world, "POST", "/gateway/recording", on=True))["on"] is True
    secret = world[VENUE].keys["alice"].secret
    async with talk(world.gateway_url) as client:
        token = await client.log_in(world, PLATFORM, VENUE, pair=PAIR)
        await client.ask("logout", token=token)
    waited = await control(world, "GET", "/gateway/recording?after=0&wait_ms=1")
    entries = waited["entries"]

    assert [entry["kind"] for entry in entries][:2] == ["open", "in"]
    assert entries[0]["path"] == "/ws/v1"
    login = json.loads(entries[1]["text"])
    assert (login["op"], login["secret_key"], login["access_key"]) == ("login", "***", world[VENUE].keys["alice"].api_key)
    assert secret not in json.dumps(entries)
    said = [entry for entry in entries if entry["kind"] == "out"]
    assert [entry["channel"] for entry in said] == [None, "state", "asset", "state", None]
    assert json.loads(said[0]["text"])["token"] == token
    assert {entry["at_ns"] for entry in entries} == {str(world.clock.now_ns())}
    assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))


async def test_a_reset_may_record_the_gateway_from_its_beginning(world: RunningWorld) -> None:
    await control(world, "POST", "/reset", recording=True)
    async with talk(world.gateway_url) as client:
        await client.ask("ping", ts=1)

    entries = (await control(world, "GET", "/gateway/recording"))["entries"]
    assert [entry["kind"] for entry in entries][:3] == ["open", "in", "out"]


async def test_a_reset_may_switch_the_gateway_for_one_world(world: RunningWorld) -> None:
    switched = await control(world, "POST", "/reset", switches={"gateway": {"legacy_quirks": True, "margin_mode": "fixed"}})
    shown = await control(world, "GET", "/gateway")
    await control(world, "POST", "/reset")
    again = await control(world, "GET", "/gateway")

    assert "error" not in switched
    assert (shown["legacy_quirks"], shown["margin_mode"]) == (True, "fixed")
    assert (again["legacy_quirks"], again["margin_mode"]) == (False, "crossed")


@pytest.mark.parametrize(
    ("switches", "complaint"),
    [
        ({"loud": True}, "the gateway has no switch 'loud'; it has legacy_quirks, margin_mode"),
        ({"legacy_quirks": "yes"}, "the gateway's legacy_quirks is true or false, not 'yes'"),
        ({"margin_mode": True}, "the gateway's margin_mode is crossed or fixed, not True"),
        ({"margin_mode": "wild"}, "the gateway's margin_mode is crossed or fixed, not 'wild'"),
    ],
)
async def test_a_reset_says_which_switches_the_gateway_has(
    world: RunningWorld, switches: dict[str, Any], complaint: str
) -> None:
    seed = (await control(world, "GET", "/state"))["seed"]

    answer = await control(world, "POST", "/reset", seed=seed + 1, switches={"gateway": switches})
    assert answer["error"]["message"] == complaint
    assert (await control(world, "GET", "/state"))["seed"] == seed


async def test_a_reset_without_a_gateway_has_nothing_to_switch() -> None:
    async with World(venues=[VENUE]) as world:
        answer = await control(world, "POST", "/reset", switches={"gateway": {"legacy_quirks": True}})
    assert answer["error"]["message"] == "this server has no gateway"


@pytest.mark.parametrize("name", ["secret_key", "passphrase"])
async def test_secrets_are_masked_also_in_what_is_no_request(world: RunningWorld, client: Talk, name: str) -> None:
    await control(world, "POST", "/gateway/recording", on=True)
    await client.say('{"op":"login", "%s" : "hid\\"den","cid' % name)  # noqa: UP031  # braces of JSON
    assert (await client.hear())["op"] == "error"

    entries = (await control(world, "GET", "/gateway/recording"))["entries"]
    assert entries[0]["text"] == f'{{"op":"login", "{name}" : "***","cid'


async def test_a_secret_is_masked_also_if_its_name_is_spelled_with_escapes(world: RunningWorld, client: Talk) -> None:
    await control(world, "POST", "/gateway/recording", on=True)
    await client.say('{"op":"login","secret\\u005fkey":"hidden","price":1.50}')
    assert (await client.hear())["op"] == "error"

    entries = (await control(world, "GET", "/gateway/recording"))["entries"]
    assert entries[0]["text"] == '{"op":"login","secret_key":"***","price":1.50}'


# --- control calls


async def test_the_operator_sees_logins_and_platforms(world: RunningWorld, client: Talk) -> None:
    token = await client.log_in(world, PLATFORM, VENUE, pair=PAIR)
    shown = await control(world, "GET", "/gateway")

    assert shown["url"] == world.gateway_url == (await control(world, "GET", "/state"))["gateway"]["url"]
    assert shown["platforms"][PLATFORM] == VENUE
    key = world[VENUE].keys["alice"].api_key
    login = {"token": token, "identity": f"{key}@{PLATFORM}", "platform": PLATFORM, "symbols": [PAIR], "state": "ready"}
    assert shown["logins"] == [login]


async def test_the_operator_plans_and_clears_faults(world: RunningWorld, client: Talk) -> None:
    path = "/gateway/faults"
    assert (await control(world, "POST", path, action="refuse_connect", platform=PLATFORM))["refuse_connect"] == [PLATFORM]
    assert (await control(world, "POST", path, action="delay_ready", seconds="1.5"))["delay_ready_s"] == {"": 1.5}
    assert (await control(world, "POST", path, action="suppress_reply", op="asset"))["suppress_replies"] == {"asset": 1}
    assert (await control(world, "POST", path, action="reorder_replies"))["reorder_replies"] == 2
    assert (await control(world, "POST", path, action="push_before_reply", count=3))["push_before_reply"] == 3
    assert (await control(world, "POST", path, action="allow_connect"))["refuse_connect"] == []

    cleared = await control(world, "DELETE", path)
    assert cleared == await control(world, "GET", path)
    assert not any(cleared.values())


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "action is missing"),
        ({"action": "explode"}, "action is one of"),
        ({"action": "refuse_connect", "platform": "nobody"}, "the gateway has no platform 'nobody'"),
        ({"action": "refuse_connect", "platform": ""}, "the gateway has no platform ''"),
        ({"action": "refuse_connect", "count": 1}, "refuse_connect takes no count"),
        ({"action": "suppress_reply"}, "op is missing"),
        ({"action": "suppress_reply", "op": "ping"}, "op is one of"),
        ({"action": "suppress_reply", "op": "asset", "count": 0}, "count is from 1 to 1000"),
        ({"action": "delay_ready", "seconds": -1}, "seconds is from 0"),
        ({"action": "delay_ready", "seconds": "1e30"}, "seconds is from 0"),
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(world: RunningWorld, fields: dict[str, Any], complaint: str) -> None:
    assert (await control(world, "POST", "/gateway/faults", **fields))["error"]["message"].startswith(complaint)


async def test_a_dropped_link_comes_back_by_itself(world: RunningWorld, client: Talk) -> None:
    await client.log_in(world, PLATFORM, VENUE, pair=PAIR)
    assert await control(world, "POST", "/gateway/drop", platform=PLATFORM) == {"dropped": 1}
    assert (await client.hear())["code"] == 4
    world.clock.advance(seconds=5)

    frames = await client.hear_until("state", code=6)
    assert [frame.get("code", frame.get("topic")) for frame in frames] == [5, 2, "asset", 6]


async def test_a_link_whose_connections_are_refused_tries_on(world: RunningWorld, client: Talk) -> None:
    await control(world, "POST", "/gateway/faults", action="refuse_connect")
    issued = world[VENUE].keys["alice"]
    keys = {"access_key": issued.api_key, "secret_key": issued.secret}
    await client.say({"op": "login", "platform": PLATFORM, "symbols": [PAIR], **keys})
    assert [(await client.hear()).get("code") for _ in range(2)] == [None, 3]
    world.clock.advance(seconds=5)
    assert [(await client.hear())["code"] for _ in range(2)] == [5, 3]
    await control(world, "DELETE", "/gateway/faults")
    await client.ask("ping", ts=1)
    world.clock.advance(seconds=5)

    frames = await client.hear_until("state", code=6)
    assert [frame["code"] for frame in frames if frame["op"] == "state"] == [5, 2, 6]


# --- on its own


class Alone:
    """A running `mockex gateway`."""

    def __init__(self, folder: Path, *arguments: object) -> None:
        self.ready_file = folder / "ready.json"
        command = [sys.executable, "-m", "mockex", "gateway", "--port", "0", "--ready-file", str(self.ready_file)]
        self.process = subprocess.Popen(
            [*command, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def ready(self) -> Any:
        deadline = time.monotonic() + START_SECONDS
        while not self.ready_file.exists():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline, "not ready"
            time.sleep(0.01)
        return json.loads(self.ready_file.read_text())["gateway"]

    def end(self) -> tuple[int, str, str]:
        self.process.send_signal(signal.SIGTERM)
        output, errors = self.process.communicate(timeout=20)
        return self.process.returncode, output, errors


@pytest.mark.mockex(venues=[VENUE], clock="real")
def test_the_gateway_runs_on_its_own_before_any_address(mockex: RunningWorld, tmp_path: Path) -> None:
    alone = Alone(tmp_path, "--platform", f"{PLATFORM}={mockex[VENUE].rest_url}")
    try:
        ready = alone.ready()

        async def trade() -> tuple[Any, Any]:
            async with talk(ready["url"]) as client:
                token = await client.log_in(mockex, PLATFORM, VENUE, pair=PAIR)
                return await client.ask("asset", token=token), await client.ask("logout", token=token)

        assets, logout = asyncio.run(trade())
        code, output, errors = alone.end()
    finally:
        alone.process.kill()
        alone.process.communicate()

    assert ready["platforms"] == [PLATFORM]
    assert (assets["result"], logout["result"]) == (True, True)
    assert (code, output, errors) == (0, f"gateway  {ready['url']}  for {PLATFORM}\n", "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "name a platform and where its venue is: --platform NAME=URL; there are "),
        (["--platform", "x=http://127.0.0.1:1"], "--platform: there is no platform 'x'; there are "),
        (["--platform", "huobi"], "Invalid value for '--platform': 'huobi' is not of the form NAME=URL"),
        (["--platform", "huobi=127.0.0.1"], "--platform: expected an URL such as http://127.0.0.1:9871, not '127.0.0.1'"),
        (["--platform", "huobi=http://h:99999"], "--platform: expected an URL"),
        (["--platform", "huobi=http://h?x=1"], "--platform: expected an URL"),
        (["--platform", "huobi=http://h", "--endpoint", "huobi=http://i"], "--endpoint: expected NAME.ENDPOINT=URL, not "),
        (["--platform", "huobi=http://h", *2 * ["--endpoint", "huobi.rest=http://i"]], "--endpoint: huobi.rest is given more "),
        (["--platform", "huobi=http://h", "--platform", "huobi=http://i"], "--platform: huobi is given more than once; "),
        (["--platform", "huobi=http://h", "--endpoint", "huobi.x=http://h"], "--endpoint: huobi has no endpoint 'x'; it has "),
        (["--platform", "huobi=http://h", "--endpoint", "okex.rest=http://h"], "--endpoint: okex is not among the platforms"),
        (["--platform", "huobi=http://h", "--passphrase", "okex=p"], "--passphrase: okex is not among the platforms"),
        (["--platform", "huobi=http://h", "--ready-file", "no/such/r.json"], "no/such/r.json: there is no folder no/such\n"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_2(arguments: list[str], complaint: str, capfd: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["gateway", "--port", "0", *arguments])

    assert ended.value.code == 2
    errors = capfd.readouterr().err
    assert errors.startswith(f"mockex: {complaint}")
    assert errors.count("\n") == 1


def test_a_busy_port_is_one_line_and_exit_code_2(capfd: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(["gateway", "--port", str(port), "--platform", "huobi=http://127.0.0.1:1"])

    assert ended.value.code == 2
    hint = "--port NUMBER gives it another, --port 0 any free one"
    assert capfd.readouterr().err == f"mockex: port {port} at 127.0.0.1, wanted for gateway, is in use; {hint}\n"


def test_each_endpoint_is_spoken_to_in_its_own_way_wherever_it_is() -> None:
    huobi = installed_platforms()["huobi"]

    assert addresses(huobi, "wss://h:1/a/", {}) == {"rest": "https://h:1/a", "account": "wss://h:1/a/ws/v2"}
    given = {"rest": "ws://i/x/", "account": "https://i"}
    assert addresses(huobi, "http://h", given) == {"rest": "http://i/x/", "account": "wss://i"}


def test_the_list_tells_endpoints_as_they_are_given(capfd: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["gateway", "--list"])

    assert ended.value.code == 0
    assert "  huobi.account=ws://HOST/ws/v2\n" in capfd.readouterr().out
