"""A server as a whole: its addresses, its clock, a new world behind it, and its end."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import replace
from urllib.parse import urlsplit

import aiohttp
import pytest
from server_rig import (
    START_NS,
    TOY,
    RawClient,
    assert_no_complaint,
    get,
    orders_in_book,
    rest_url,
    signed_order,
    simulation,
    toy_settings,
    until,
)

from mockex.server.control import PREFIX
from mockex.server.runner import CONTROL, CannotListen, PortBusy, Server, ServerSettings
from mockex.server.wallclock import real_now_ns
from mockex.world import WorldSettings

ORDER = b'{"side":"buy","price":1000,"qty":5}'
STOP_SECONDS = 20.0  # a stop takes less on the busiest machine, one that waits for clients takes more


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def time_of(server: Server) -> int:
    async with RawClient(server) as client:
        now_ns: int = (await client.ask(get("/v1/time"))).json["now_ns"]
        return now_ns


# --- addresses


async def test_every_venue_and_the_control_api_have_an_address(server: Server) -> None:
    urls = server.urls
    authority = urlsplit(rest_url(server)).netloc

    assert urls.venues[TOY].ws == {"main": f"ws://{authority}/ws"}
    assert list(urls.venues) == [TOY]
    async with aiohttp.ClientSession() as session, session.get(f"{urls.control}{PREFIX}/healthz") as answer:
        assert answer.status == 200


async def test_ports_are_those_that_were_asked_for() -> None:
    ports = {TOY: free_port(), CONTROL: free_port()}
    async with Server(toy_settings(ports=ports)) as server:
        assert (port_of(rest_url(server)), port_of(server.urls.control)) == (ports[TOY], ports[CONTROL])


async def test_a_server_at_every_address_names_one_that_can_be_reached() -> None:
    async with Server(replace(toy_settings(), host="0.0.0.0")) as server:
        assert urlsplit(rest_url(server)).hostname == "127.0.0.1"
        assert await time_of(server) == START_NS


async def test_a_busy_port_is_one_clear_error_and_nothing_stays_open() -> None:
    control_port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as other:
        busy = other.getsockname()[1]
        server = Server(toy_settings(ports={TOY: busy, CONTROL: control_port}))
        with pytest.raises(PortBusy, match=f"port {busy} at 127.0.0.1, wanted for toyx, is in use"):
            await server.start()

    socket.create_server(("127.0.0.1", control_port)).close()


async def test_an_address_of_another_machine_cannot_be_had() -> None:
    server = Server(replace(toy_settings(), host="192.0.2.1"))  # RFC 5737: nobody's
    with pytest.raises(CannotListen, match=r"192\.0\.2\.1 port 0 for control: "):
        await server.start()


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (toy_settings(ports={"nobody": 1}), "'nobody'"),
        (toy_settings(ports={TOY: 70_000}), "70000"),
        (toy_settings(venues=("nobody",)), "there is no venue 'nobody'"),
    ],
)
async def test_settings_that_cannot_be_are_refused_at_once(settings: ServerSettings, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Server(settings)


async def test_a_server_that_does_not_run_has_no_address() -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = Server(toy_settings()).urls


# --- time


async def test_frozen_time_stands_until_it_is_advanced(server: Server) -> None:
    assert [await time_of(server), await time_of(server)] == [START_NS, START_NS]
    server.clock.advance(1_500_000_000)
    assert await time_of(server) == START_NS + 1_500_000_000
    async with RawClient(server) as client:
        assert (await client.ask(get("/v1/time"))).headers["date"] == "Tue, 14 Nov 2023 22:13:21 GMT"


async def test_running_time_passes_between_requests() -> None:
    async with Server(toy_settings(clock="real")) as server:
        first = await time_of(server)
        second = await time_of(server)

    assert START_NS < first < second < START_NS + 60_000_000_000


async def test_a_timer_of_the_world_reaches_sockets_without_any_request() -> None:
    async with Server(toy_settings(clock="real")) as server, RawClient(server) as client:
        await client.upgrade()
        await client.frame()
        (connection,) = simulation(server).connections
        spec = simulation(server).venue.sockets["main"]
        server.world.clock.call_after(1_000_000, lambda: connection.send(spec.encode(b"ding")))
        server.clock.settle()

        assert await client.frame() == (1, b"ding")


# --- a new world


async def test_a_new_world_is_the_same_as_the_first_was(server: Server) -> None:
    before = simulation(server)
    async with RawClient(server) as client:
        first = await client.ask(signed_order(server, "alice", ORDER))
        server.clock.advance(1_000)
        world = server.replace_world()
        assert orders_in_book(server) == 0
        again = await client.ask(signed_order(server, "alice", ORDER))

    assert world is server.world
    assert simulation(server) is not before
    assert simulation(server).keys == before.keys
    assert (first.body, await time_of(server)) == (again.body, START_NS)


async def test_a_new_world_may_have_other_settings(server: Server) -> None:
    old_key = simulation(server).keys["alice"]
    server.replace_world(WorldSettings(start_ns=5, venues=(TOY,), seed=9, market="quiet"))

    assert simulation(server).keys["alice"] != old_key
    assert await time_of(server) == 5


async def test_a_world_of_other_venues_is_refused_and_the_old_one_stays(server: Server) -> None:
    world = server.world
    with pytest.raises(ValueError, match="another server"):
        server.replace_world(WorldSettings(start_ns=5, venues=(), market="quiet"))

    assert server.world is world
    assert await time_of(server) == START_NS


async def test_a_new_world_in_real_time_starts_at_the_present() -> None:
    settings = toy_settings(clock="real", start_ns=real_now_ns())
    async with Server(settings) as server:
        server.clock.advance(3_600_000_000_000)
        server.replace_world()

        assert abs(await time_of(server) - real_now_ns()) < 60_000_000_000


async def test_a_new_world_runs_again_what_a_test_had_frozen() -> None:
    async with Server(toy_settings(clock="real")) as server:
        server.clock.freeze()
        server.replace_world()

        assert not server.clock.frozen


async def test_a_new_world_costs_little(server: Server) -> None:
    """The pytest plugin makes one for every test."""
    server.replace_world()
    started = time.thread_time()  # of its own work, whatever else the machine does
    for _ in range(10):
        server.replace_world()

    assert (time.thread_time() - started) / 10 < 0.1


# --- the end


async def test_after_the_stop_nobody_listens_and_stopping_again_does_nothing() -> None:
    server = Server(toy_settings())
    await server.start()
    ports = [port_of(rest_url(server)), port_of(server.urls.control)]
    await server.stop()
    await server.stop()

    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_the_stop_does_not_wait_for_clients_that_do_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    server = Server(toy_settings())
    await server.start()
    tasks_before = asyncio.all_tasks()
    clients = [RawClient(server, receive_buffer=4_096) for _ in range(6)]
    idle, half_a_head, half_a_body, silent_socket, deaf, deaf_socket = [await client.__aenter__() for client in clients]
    await idle.ask(get("/v1/time"))
    half_a_head.send(b"GET /v1/ti")
    half_a_body.send(get("/v1/orders", "Content-Length: 100", method="POST") + b"abc")
    await silent_socket.upgrade()
    deaf.send(get("/v1/echo", "Content-Length: 9000", method="PUT") * 1 + bytes(9_000))
    deaf.writer.transport.pause_reading()
    for _ in range(1_000):
        deaf.send(get("/v1/echo", "Content-Length: 9000", method="PUT") + bytes(9_000))
    await deaf_socket.upgrade()
    deaf_socket.writer.transport.pause_reading()
    deaf_socket.say("shouts")
    deaf_socket.say("shout 4 60000")
    await until(lambda: len(simulation(server).connections) == 2)
    started = time.perf_counter()
    await server.stop()

    assert time.perf_counter() - started < STOP_SECONDS
    for client in (idle, half_a_head, half_a_body, silent_socket):
        await client.rest()
    for client in clients:
        client.cut()
        await client.__aexit__()
    await until(lambda: asyncio.all_tasks() <= tasks_before)
    assert simulation(server).connections == {}
    assert_no_complaint(caplog)


async def test_a_stopped_server_still_shows_its_world() -> None:
    async with Server(toy_settings()) as server, RawClient(server) as client:
        await client.ask(signed_order(server, "alice", ORDER))

    assert orders_in_book(server) == 1
