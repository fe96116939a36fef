"""The end of connections over TLS: noise, clients that do not answer the end of their session, a stop that does not wait."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress

import pytest
from server_rig import (
    CLOSE,
    assert_no_complaint,
    get,
    simulation,
    trusting,
    until,
)
from tls_rig import REST_HOST, secure_client, tls_address, tls_server

from mockex.server import handshake
from mockex.server.runner import Server

STOP_SECONDS = 20.0  # a stop takes less on the busiest machine, one that waits for clients takes more


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with tls_server() as running:
        yield running


# --- noise, and the end


@pytest.mark.parametrize(
    "noise", [b"", b"\x16", b"GET /v1/time HTTP/1.1\r\nHost: toy\r\n\r\n", bytes(range(256)), b"\x16\x03\x01\x00\x05hello"]
)
async def test_what_is_no_tls_is_ended_without_a_word_in_the_log(
    server: Server, caplog: pytest.LogCaptureFixture, noise: bytes
) -> None:
    reader, writer = await asyncio.open_connection(*tls_address(server))
    writer.write(noise)
    writer.write_eof()
    async with asyncio.timeout(STOP_SECONDS):
        with suppress(ConnectionError):
            assert b"HTTP" not in await reader.read()
    writer.close()
    async with secure_client(server) as client:
        assert (await client.ask(get("/v1/time"))).status == 200

    assert_no_complaint(caplog)


async def test_a_client_that_does_not_answer_the_end_of_its_session_is_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshake, "_FAREWELL_SECONDS", 0.01)
    client = await asyncio.to_thread(MuteClient, tls_address(server), trusting(server))
    with closing(client):
        client.say(get("/v1/time", "Connection: close"))

        assert await asyncio.to_thread(client.hears_the_end)


async def test_the_stop_cuts_off_a_client_that_has_not_answered_the_end_of_its_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handshake, "_FAREWELL_SECONDS", 10 * STOP_SECONDS)
    server = tls_server()
    await server.start()
    client = await asyncio.to_thread(MuteClient, tls_address(server), trusting(server))
    with closing(client):
        client.say(get("/v1/time", "Connection: close"))
        await asyncio.to_thread(client.hears_something)
        await server.stop()

        assert await asyncio.to_thread(client.hears_the_end)


class MuteClient:
    """Does its TLS by hand, so as to say nothing at the end of the session."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext) -> None:
        self._connected = socket.create_connection(address, timeout=STOP_SECONDS)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._incoming, self._outgoing, server_hostname=REST_HOST)
        while True:
            try:
                self._session.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._connected.sendall(self._outgoing.read())
                self._incoming.write(self._connected.recv(65_536))
        self._connected.sendall(self._outgoing.read())

    def say(self, data: bytes) -> None:
        self._session.write(data)
        self._connected.sendall(self._outgoing.read())

    def hears_something(self) -> None:
        assert self._connected.recv(65_536)

    def hears_the_end(self) -> bool:
        """TimeoutError if the connection stays open."""
        while self._connected.recv(65_536):
            pass
        return True

    def close(self) -> None:
        self._connected.close()


async def test_idle_clients_are_told_that_the_session_ends() -> None:
    server = tls_server()
    await server.start()

    def idle() -> ssl.SSLSocket:
        raw = socket.create_connection(tls_address(server), timeout=STOP_SECONDS)
        return trusting(server).wrap_socket(raw, server_hostname=REST_HOST, suppress_ragged_eofs=False)

    def ask_and_wait(client: ssl.SSLSocket) -> bytes:
        client.sendall(get("/v1/time"))
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        asked.release()
        return client.recv(1)

    asked = threading.Semaphore(0)
    with await asyncio.to_thread(idle) as client:
        ending = asyncio.create_task(asyncio.to_thread(ask_and_wait, client))
        await asyncio.to_thread(asked.acquire)
        await server.stop()

        assert await ending == b""  # ssl.SSLEOFError, had the connection just been cut


async def test_the_stop_does_not_wait_for_clients_of_any_kind(caplog: pytest.LogCaptureFixture) -> None:
    server = tls_server()
    await server.start()
    tasks_before = asyncio.all_tasks()
    silent_reader, silent = await asyncio.open_connection(*tls_address(server))
    half_reader, half = await asyncio.open_connection(*tls_address(server))
    half.write(b"\x16\x03\x01\x02\x00\x01")
    clients = [secure_client(server, receive_buffer=4_096) for _ in range(5)]
    idle, half_a_head, half_a_body, stream, deaf = [await client.__aenter__() for client in clients]
    await idle.ask(get("/v1/time"))
    half_a_head.send(b"GET /v1/ti")
    half_a_body.send(get("/v1/orders", "Content-Length: 100", method="POST") + b"abc")
    await stream.upgrade()
    await deaf.upgrade()
    deaf.writer.transport.pause_reading()
    deaf.say("shouts")
    deaf.say("shout 4 60000")
    await until(lambda: len(simulation(server).connections) == 2)
    started = time.perf_counter()
    await server.stop()

    assert time.perf_counter() - started < STOP_SECONDS
    async with asyncio.timeout(STOP_SECONDS):
        assert (await silent_reader.read(), await half_reader.read()) == (b"", b"")
    for client in (idle, half_a_head, half_a_body, stream):
        await client.rest()
    for writer in (silent, half):
        writer.close()
    for client in clients:
        client.cut()
        await client.__aexit__()
    await until(lambda: asyncio.all_tasks() <= tasks_before)
    assert simulation(server).connections == {}
    assert_no_complaint(caplog)


async def test_a_server_that_stops_says_so_to_streams_over_tls() -> None:
    server = tls_server()
    await server.start()
    async with secure_client(server) as client:
        await client.upgrade()
        await client.frame()
        stopping = asyncio.create_task(server.stop())

        assert await client.frame() == (CLOSE, (1001).to_bytes(2, "big") + b"the server stops")
        client.cut()
        await stopping
