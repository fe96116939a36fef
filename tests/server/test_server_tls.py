"""The same exchange over TLS: certificates that real clients accept, and one world behind both addresses."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from server_rig import (
    START_NS,
    TEXT,
    TOY,
    RawClient,
    assert_no_complaint,
    client_frame,
    get,
    orders_in_book,
    post,
    signed_order,
    simulation,
    tls_urls,
    toy_settings,
    trusting,
    until,
)
from tls_rig import REST_HOST, STREAM_HOST, secure_client, tls_address, tls_server
from websockets.asyncio.client import connect

from mockex.embedded import BackgroundServer, WorldOptions
from mockex.server.runner import CONTROL, CannotListen, PortBusy, Server, TlsSettings, over_tls

ORDER = b'{"side":"buy","price":1000,"qty":5}'
STOP_SECONDS = 20.0  # a stop takes less on the busiest machine, one that waits for clients takes more


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with tls_server() as running:
        yield running


class EverythingIsHere(AbstractResolver):
    """What an entry in `/etc/hosts` does: every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


# --- clients


async def test_aiohttp_trusts_the_authority_and_talks_over_both_protocols(server: Server) -> None:
    urls = tls_urls(server)
    connector = aiohttp.TCPConnector(ssl=trusting(server))
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(f"{urls.rest}/v1/time") as answer:
            assert (await answer.json())["now_ns"] == START_NS
        async with session.ws_connect(urls.ws["main"]) as stream:
            assert await stream.receive_str() == "welcome"
            await stream.send_str("hello")
            assert await stream.receive_str() == "hello"


async def test_websockets_trusts_the_authority(server: Server) -> None:
    async with connect(tls_urls(server).ws["main"], ssl=trusting(server), server_hostname=STREAM_HOST) as stream:
        assert await stream.recv() == "welcome"


async def test_urllib_trusts_the_authority(server: Server) -> None:
    url, context = f"{tls_urls(server).rest}/v1/time", trusting(server)

    def fetch() -> Any:
        with urlopen(Request(url, headers={"Host": REST_HOST}), context=context, timeout=20) as answer:
            return json.load(answer)

    assert (await asyncio.to_thread(fetch))["now_ns"] == START_NS


async def test_a_client_that_maps_the_real_names_to_this_machine_needs_no_other_change(server: Server) -> None:
    port = tls_address(server)[1]
    connector = aiohttp.TCPConnector(ssl=trusting(server), resolver=EverythingIsHere())
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(f"https://{REST_HOST}:{port}/v1/echo/a") as answer:
            assert (await answer.json())["host"] == f"{REST_HOST}:{port}"
        async with session.ws_connect(f"wss://{STREAM_HOST}:{port}/ws") as stream:
            assert await stream.receive_str() == "welcome"
            assert [connection.host for connection in simulation(server).connections] == [f"{STREAM_HOST}:{port}"]


async def test_a_client_may_connect_to_the_address_and_expect_the_real_name(server: Server) -> None:
    connector = aiohttp.TCPConnector(ssl=trusting(server))
    url, headers = f"{tls_urls(server).rest}/v1/echo/a", {"Host": REST_HOST}
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.get(url, server_hostname=REST_HOST, headers=headers) as answer,
    ):
        seen = await answer.json()

    assert (seen["host"], seen["path"]) == (REST_HOST, "'/v1/echo/a'")


# --- certificates


@pytest.mark.parametrize("name", [REST_HOST, STREAM_HOST, "127.0.0.1", "::1", "localhost"])
async def test_the_certificate_holds_for_every_name_of_the_venue_and_of_this_machine(server: Server, name: str) -> None:
    async with secure_client(server, name) as client:
        assert (await client.ask(get("/v1/time"))).status == 200


async def test_any_other_name_gets_the_same_certificate_and_the_client_refuses_it(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        async with secure_client(server, "elsewhere.example"):
            pass
    context = trusting(server)
    context.check_hostname = False
    _, writer = await asyncio.open_connection(*tls_address(server), ssl=context, server_hostname="elsewhere.example")
    names = {name for _, name in writer.get_extra_info("peercert")["subjectAltName"]}
    writer.close()
    await writer.wait_closed()

    assert {REST_HOST, STREAM_HOST, "localhost"} < names
    assert_no_complaint(caplog)


@pytest.mark.parametrize("trusted", ["the public authorities", "another server's authority"])
async def test_a_client_with_another_authority_does_not_connect(
    server: Server, caplog: pytest.LogCaptureFixture, trusted: str
) -> None:
    async with tls_server() as other:
        context = ssl.create_default_context() if trusted == "the public authorities" else trusting(other)
        for _ in range(3):
            with pytest.raises(ssl.SSLCertVerificationError):
                await asyncio.open_connection(*tls_address(server), ssl=context, server_hostname=REST_HOST)
    async with secure_client(server) as client:
        assert (await client.ask(get("/v1/time"))).status == 200

    assert_no_complaint(caplog)


@pytest.mark.parametrize(("offered", "chosen"), [(["h2", "http/1.1"], "http/1.1"), (["h2"], None), ([], None)])
async def test_no_other_protocol_than_http_1_1_is_agreed_on(server: Server, offered: list[str], chosen: str | None) -> None:
    context = trusting(server)
    if offered:
        context.set_alpn_protocols(offered)
    reader, writer = await asyncio.open_connection(*tls_address(server), ssl=context, server_hostname=REST_HOST)
    writer.write(get("/v1/time", "Connection: close"))

    assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == chosen
    assert (await reader.read()).startswith(b"HTTP/1.1 200 OK\r\n")
    writer.close()
    await writer.wait_closed()


async def test_a_server_at_another_address_is_certified_for_it() -> None:
    async with Server(replace(toy_settings(tls=TlsSettings()), host="127.0.0.2")) as server:
        assert tls_address(server)[0] == "127.0.0.2"
        async with secure_client(server, "127.0.0.2") as client:
            assert (await client.ask(get("/v1/time"))).status == 200


async def test_the_authority_is_written_where_it_is_wanted_and_stays(tmp_path: Path) -> None:
    wanted = tmp_path / "authority.pem"
    wanted.write_text("of an earlier run", encoding="ascii")
    async with Server(toy_settings(tls=TlsSettings(ca_file=wanted))) as server, secure_client(server) as client:
        assert server.urls.tls is not None
        assert server.urls.tls.ca == wanted
        assert (await client.ask(get("/v1/time"))).status == 200

    assert ssl.PEM_cert_to_DER_cert(wanted.read_text())
    assert os.listdir(tmp_path) == ["authority.pem"]  # no draft is left


async def test_an_authority_that_nobody_wants_anywhere_goes_with_the_server() -> None:
    async with tls_server() as server:
        assert server.urls.tls is not None
        written = server.urls.tls.ca
        assert written.is_absolute()
        assert written.read_text().startswith("-----BEGIN CERTIFICATE-----")

    assert not written.parent.exists()


@pytest.mark.parametrize("path", ["no/such/folder/ca.pem", ".", "/"])
async def test_an_authority_that_cannot_be_written_is_one_clear_error_and_nothing_stays_open(path: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    server = Server(toy_settings(ports={CONTROL: port}, tls=TlsSettings(ca_file=Path(path))))
    with pytest.raises(CannotListen, match=f"cannot write the certificate for TLS to {path}: "):
        await server.start()

    socket.create_server(("127.0.0.1", port)).close()


# --- ports


async def test_every_venue_has_a_second_address_and_the_control_api_has_not(server: Server) -> None:
    urls = server.urls
    assert urls.tls is not None
    secure = urls.tls.venues[TOY]

    assert urls.control.startswith("http://")
    assert secure.rest == "https://{}:{}".format(*tls_address(server))
    assert secure.rest.partition("//")[2] != urls.venues[TOY].rest.partition("//")[2]
    assert secure.ws == {"main": secure.rest.replace("https", "wss") + "/ws"}


async def test_the_port_for_tls_is_the_one_that_was_asked_for() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    async with Server(toy_settings(ports={over_tls(TOY): port}, tls=TlsSettings())) as server:
        assert tls_address(server)[1] == port


async def test_a_busy_port_for_tls_is_named_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = Server(toy_settings(ports={over_tls(TOY): port}, tls=TlsSettings()))
        with pytest.raises(PortBusy, match=rf"port {port} at 127\.0\.0\.1, wanted for toyx\.tls, is in use"):
            await server.start()


def test_a_port_for_tls_without_tls_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a port for 'toyx\.tls', which is not served"):
        Server(toy_settings(ports={over_tls(TOY): 0}))


async def test_a_server_without_tls_has_no_such_address_and_imports_nothing_for_it() -> None:
    program = f"""
import asyncio, sys
import mockex.venues
mockex.venues.__path__[:] = [{str(Path(__file__).parent / "toy_venue")!r}]
import mockex, mockex.cli
async def main():
    async with mockex.World(venues=["toyx"]) as world:
        assert {{"trustme", "cryptography", "mockex.server.certificates"}}.isdisjoint(sys.modules)
        try:
            world.toyx.tls_rest_url
        except ValueError as refused:
            print(refused)
asyncio.run(main())
"""
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "nothing here listens with TLS; ask for a world with tls=True\n"), done.stderr


# --- one world behind both


async def test_both_addresses_lead_to_the_same_exchange(server: Server) -> None:
    async with RawClient(server) as plain, secure_client(server) as secure:
        await plain.upgrade()
        await plain.frame()
        plain.say("trades")
        plain.say("subscribed")
        assert await plain.frame() == (TEXT, b"subscribed")
        async with RawClient(server) as seller:
            sell = ORDER.replace(b"buy", b"sell")
            first = (await seller.ask(signed_order(server, "bob", sell))).json["order_id"]
        second = (await secure.ask(signed_order(server, "alice", ORDER))).json["order_id"]

        assert second == first + 1
        assert await plain.frame() == (TEXT, b'{"price":1000,"qty":5}')
    assert orders_in_book(server) == 0


async def test_a_recording_has_what_came_over_both_in_order(server: Server) -> None:
    recorder = simulation(server).desk.recorder
    recorder.start(lambda: 0)
    async with RawClient(server) as plain, secure_client(server) as secure:
        for client, number in ((plain, 1), (secure, 2), (plain, 3), (secure, 4)):
            await client.ask(get(f"/v1/echo/{number}"))

    requests = [entry for entry in recorder.after(0) if entry["kind"] == "request"]
    assert [entry["target"] for entry in requests] == [f"/v1/echo/{number}" for number in (1, 2, 3, 4)]


async def one_packet(client: RawClient, request: bytes) -> bytes:
    return (await client.ask(request)).body


async def pieces(client: RawClient, request: bytes) -> bytes:
    """What does not come in one piece goes the long way."""
    for byte in request[:20]:
        client.send(bytes((byte,)))
        await client.writer.drain()
        await asyncio.sleep(0)
    return (await client.ask(request[20:])).body


@pytest.mark.parametrize("ask", [one_packet, pieces])
async def test_a_request_is_seen_alike_over_both(server: Server, ask: Callable[[RawClient, bytes], Any]) -> None:
    request = post("/v1/echo", b"\x00\xff").replace(b"POST", b"PUT").replace(b"Host: toy", f"Host: {REST_HOST}".encode())
    async with RawClient(server) as plain, secure_client(server) as secure:
        over_plain, over_secure = await ask(plain, request), await ask(secure, request)

    assert over_plain == over_secure
    assert json.loads(over_plain)["host"] == REST_HOST


async def test_a_connection_changes_over_to_a_websocket_after_plain_requests(server: Server) -> None:
    async with secure_client(server) as client:
        await client.ask(get("/v1/time"))
        await client.ask(get("/v1/time"))
        assert (await client.upgrade()).status == 101
        assert await client.frame() == (TEXT, b"welcome")


async def test_a_slow_reader_is_dropped_over_tls_too(server: Server) -> None:
    async with RawClient(server) as shouter, secure_client(server, receive_buffer=65_536) as slow:
        for client in (shouter, slow):
            await client.upgrade()
            await client.frame()
        slow.say("shouts")
        assert await slow.frame() == (TEXT, b"listening")
        slow.writer.transport.pause_reading()
        for turn in range(100):
            done = f"turn {turn}".encode()
            shouter.send(client_frame(TEXT, b"shout 1 60000") + client_frame(TEXT, done))
            assert await shouter.frame() == (TEXT, done)
        await until(lambda: len(simulation(server).connections) == 1)
        slow.cut()


async def test_a_new_world_sends_everybody_away_and_is_found_at_the_same_addresses(server: Server) -> None:
    before = server.urls
    async with RawClient(server) as plain, secure_client(server) as secure:
        for client in (plain, secure):
            await client.upgrade()
            await client.frame()
        server.replace_world()

        assert [await client.close_code() for client in (plain, secure)] == [(1012, "the simulated world was replaced")] * 2
    async with secure_client(server) as client:
        assert (await client.ask(get("/v1/time"))).json["now_ns"] == START_NS
    assert server.urls == before


# --- the faster event loop, in a thread of its own


async def test_many_clients_shake_hands_at_once_with_a_server_of_its_own_thread() -> None:
    background = await asyncio.to_thread(BackgroundServer, WorldOptions(venues=[TOY], tls=True))
    try:

        async def ask() -> int:
            async with secure_client(background.server) as client:
                return (await client.ask(get("/v1/time"))).status

        assert await asyncio.gather(*(ask() for _ in range(100))) == [200] * 100
        reader, silent = await asyncio.open_connection(*tls_address(background.server))
        started = time.perf_counter()
    finally:
        await asyncio.to_thread(background.stop)

    assert time.perf_counter() - started < STOP_SECONDS
    assert await reader.read() == b""
    silent.close()
