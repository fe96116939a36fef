"""A recording of a venue against what its clients sent and got, byte by byte."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from server_rig import (
    CLOSE,
    TEXT,
    TOY,
    HttpAnswer,
    RawClient,
    assert_no_complaint,
    client_frame,
    get,
    post,
    signed_order,
    simulation,
    toy_settings,
    until,
)

from mockex.server.runner import Server
from mockex.server.wallclock import steady_ns
from mockex.simulation import SimulationSettings
from mockex.wire.recording import Entry

BUY = b'{"side":"buy","price":1000,"qty":5}'
SELL = b'{"side":"sell","price":1000,"qty":5}'


@pytest.fixture
def recorded(server: Server) -> Server:
    record(server)
    return server


def record(server: Server) -> None:
    simulation(server).desk.recorder.start(steady_ns)


def entries(server: Server, *kinds: str) -> list[Entry]:
    return [entry for entry in simulation(server).desk.recorder.after(0) if not kinds or entry["kind"] in kinds]


def brief(entry: Entry) -> object:
    """What tells an entry from its neighbours."""
    match entry["kind"]:
        case "request":
            return ("request", entry["target"])
        case "response":
            return ("response", entry["to"])
        case "in" | "out":
            return (entry["kind"], entry["text"])
        case "close":
            return ("close", entry["by"], entry["code"], entry["reason"])
        case other:
            return other


async def end_of(server: Server, *, connections: int = 0) -> None:
    await until(lambda: len(simulation(server).connections) == connections)


def matches(entry: Entry, answer: HttpAnswer) -> None:
    assert (entry["status"], entry["headers"], entry["body"]) == (answer.status, answer.headers, answer.body.decode())


# --- HTTP


async def test_a_request_is_kept_as_it_was_sent_and_its_response_as_it_arrived(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        packet = signed_order(recorded, "bob", BUY, "X-Twice: 1", "x-twice: 2", target="/v1/orders?a=%20")
        answer = await client.ask(packet)
        own = client.writer.get_extra_info("sockname")
    asked, answered = entries(recorded)

    assert asked["peer"] == f"{own[0]}:{own[1]}"
    assert (asked["method"], asked["target"], asked["body"]) == ("POST", "/v1/orders?a=%20", BUY.decode())
    assert isinstance(asked["headers"], dict)
    assert asked["headers"]["x-twice"] == "1, 2"
    assert asked["headers"]["host"] == "toy"
    assert (asked["route"], asked["account"], asked["key"]) == ("POST /v1/orders", "bob", "bob")
    assert (answered["to"], answered["error"], answered["delivery"]) == (asked["n"], None, "sent")
    matches(answered, answer)


async def test_a_key_on_a_public_route_proves_nothing(recorded: Server) -> None:
    key = simulation(recorded).keys["alice"].material.api_key
    async with RawClient(recorded) as client:
        await client.ask(get("/v1/time", f"X-Key: {key}"))
    asked = entries(recorded)[0]

    assert (asked["route"], asked["account"]) == ("GET /v1/time", None)


@pytest.mark.parametrize(
    ("packet", "route", "error"),
    [
        (get("/nowhere"), None, "ROUTE_UNKNOWN"),
        (get("/v1/time", method="PUT"), None, "METHOD_NOT_ALLOWED"),
        (post("/v1/orders", b"{}", "X-Key: nobody"), "POST /v1/orders", "API_KEY_UNKNOWN"),
        (post("/v1/orders", b"\xff"), "POST /v1/orders", "API_KEY_UNKNOWN"),
        (get("/v1/time", method="HEAD"), None, "METHOD_NOT_ALLOWED"),
    ],
)
async def test_a_refused_request_is_kept_with_the_venues_code(
    recorded: Server, packet: bytes, route: str | None, error: str
) -> None:
    async with RawClient(recorded) as client:
        answer = await client.ask(packet) if packet[:4] != b"HEAD" else await _ask_head(client, packet)
    asked, answered = entries(recorded)

    assert (asked["route"], asked["account"], answered["error"]) == (route, None, error)
    matches(answered, answer)


async def _ask_head(client: RawClient, packet: bytes) -> HttpAnswer:
    client.send(packet)
    return await client.answer(bodiless=True)


async def test_a_failure_of_the_venue_is_kept_too(recorded: Server, caplog: pytest.LogCaptureFixture) -> None:
    async with RawClient(recorded) as client:
        answer = await client.ask(get("/v1/boom"))
    asked, answered = entries(recorded)

    assert (asked["route"], answered["error"]) == ("GET /v1/boom", "INTERNAL")
    matches(answered, answer)
    assert "toyx failed on GET /v1/boom" in caplog.text


async def test_a_body_that_is_too_large_leaves_a_request_without_one(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        answer = await client.ask(post("/v1/orders", bytes(20_000)))
    asked, answered = entries(recorded)

    assert (asked["target"], asked["body"], answered["error"]) == ("/v1/orders", None, "BODY_TOO_LARGE")
    matches(answered, answer)


async def test_a_body_that_breaks_off_leaves_a_request_and_a_response_that_got_lost(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        client.send(post("/v1/orders", b"{}")[:-1])
        client.cut()
        await until(lambda: len(entries(recorded)) == 2)
    asked, answered = entries(recorded)

    assert (asked["body"], answered["status"], answered["delivery"]) == (None, 400, "lost")


async def test_what_is_no_http_leaves_a_request_of_which_nothing_is_known(
    recorded: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with RawClient(recorded) as client:
        answer = await client.ask(b"\x16\x03\x01 hello\r\n\r\n")
        own = client.writer.get_extra_info("sockname")
    asked, answered = entries(recorded)

    assert (asked["body"], asked["headers"], asked["peer"]) == (None, {}, f"{own[0]}:{own[1]}")
    assert answered["to"] == asked["n"]
    matches(answered, answer)
    assert_no_complaint(caplog)


async def test_pipelined_requests_are_each_kept_before_their_response(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        client.send(get("/v1/echo/a") + get("/v1/echo/b"))
        await client.answer()
        await client.answer()

    assert [brief(entry) for entry in entries(recorded)] == [
        ("request", "/v1/echo/a"),
        ("response", 1),
        ("request", "/v1/echo/b"),
        ("response", 3),
    ]


async def test_a_connection_that_is_open_already_is_recorded_from_its_next_request_on(server: Server) -> None:
    async with RawClient(server) as client:
        await client.ask(get("/v1/echo/before"))
        record(server)
        await client.ask(get("/v1/echo/first"))
        await client.ask(get("/v1/echo/second"))
        simulation(server).desk.recorder.stop()
        await client.ask(get("/v1/echo/after"))

    assert [brief(entry) for entry in entries(server)] == [
        ("request", "/v1/echo/first"),
        ("response", 1),
        ("request", "/v1/echo/second"),
        ("response", 3),
    ]


async def test_a_request_that_was_half_sent_when_the_recording_began_is_whole_in_it(server: Server) -> None:
    packet = post("/v1/echo", b"12345678")
    async with RawClient(server) as client:
        client.send(packet[:-4].replace(b"POST", b"PUT", 1))
        await asyncio.sleep(0)
        record(server)
        client.send(packet[-4:])
        await client.answer()

    assert [entry.get("body") for entry in entries(server, "request")] == ["12345678"]


async def test_whether_a_venue_is_recorded_shows_in_no_byte() -> None:
    async def session(*, recorded: bool) -> list[object]:
        """Also in which order the frames come: the world stands still."""
        async with Server(toy_settings()) as server:
            if recorded:
                record(server)
            async with RawClient(server) as trader, RawClient(server) as reader:
                seen: list[object] = [(await reader.upgrade())[:2]]
                reader.say("trades")
                seen += [await reader.frame()]
                packets = (get("/v1/time"), get("/nowhere"), signed_order(server, "alice", SELL), get("/v1/echo/x?y"))
                for packet in (*packets, signed_order(server, "bob", BUY)):
                    trader.send(packet)
                    seen += [await trader.answer()]
                seen += [await reader.frame()]
                reader.say("bye")
                seen += [await reader.frame(), await reader.close_code()]
            assert bool(entries(server)) is recorded
            return seen

    assert await session(recorded=True) == await session(recorded=False)


# --- WebSocket


async def test_a_reply_stands_before_the_pushes_that_its_request_caused(recorded: Server) -> None:
    async with RawClient(recorded) as reader, RawClient(recorded) as trader:
        await reader.upgrade()
        reader.say("trades")
        await trader.ask(signed_order(recorded, "alice", SELL))
        await reader.frame()
        await trader.ask(signed_order(recorded, "bob", BUY))
        pushed = (await reader.frame())[1]
    kept = [entry for entry in entries(recorded) if entry["kind"] in ("request", "response", "out", "subscribed")]

    assert [brief(entry) for entry in kept][-3:] == [
        ("request", "/v1/orders"),
        ("response", kept[-3]["n"]),
        ("out", pushed.decode()),
    ]
    assert kept[-1]["channel"] == "toy trades"
    assert "subscribed" in [entry["kind"] for entry in kept]


async def test_a_socket_is_kept_from_its_opening_to_the_clients_goodbye(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        await client.upgrade("/ws?token=1")
        own = client.writer.get_extra_info("sockname")
        client.say("hello")
        await client.frame()
        await client.frame()
        client.send(client_frame(CLOSE, (1001).to_bytes(2, "big") + "tschüß".encode()))
        assert await client.close_code() == (1001, "")
        await end_of(recorded)
    kept = entries(recorded)

    assert {name: kept[0][name] for name in ("kind", "path", "socket", "peer")} == {
        "kind": "open",
        "path": "/ws",
        "socket": "main",
        "peer": f"{own[0]}:{own[1]}",
    }
    assert [brief(entry) for entry in kept[1:]] == [
        ("out", "welcome"),
        ("in", "hello"),
        ("out", "hello"),
        ("close", "client", 1001, "tschüß"),
    ]
    assert len({entry["connection"] for entry in kept}) == 1


async def test_a_close_frame_without_a_code_is_1005(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        await client.upgrade()
        client.send(client_frame(CLOSE, b""))
        await client.close_code()
        await end_of(recorded)

    assert brief(entries(recorded)[-1]) == ("close", "client", 1005, "")


async def test_a_client_that_just_leaves_is_1006(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        await client.upgrade()
        await client.frame()
        client.cut()
        await end_of(recorded)

    assert brief(entries(recorded)[-1]) == ("close", "client", 1006, "")


@pytest.mark.parametrize(
    ("says", "close"),
    [
        (client_frame(TEXT, b"bye"), ("close", "server", 4000, "as you wish")),
        (client_frame(TEXT, b"boom"), ("close", "server", 1011, "")),
        (client_frame(TEXT, b"x" * 1_001), ("close", "server", 4009, "too long")),
        (client_frame(TEXT, b"\xff"), ("close", "server", 1007, "")),
    ],
)
async def test_a_socket_that_the_venue_closes_says_how(recorded: Server, says: bytes, close: tuple[Any, ...]) -> None:
    async with RawClient(recorded) as client:
        await client.upgrade()
        client.send(says)
        await client.close_code()
        client.cut()
        await end_of(recorded)
    kept = entries(recorded)

    assert brief(kept[-1]) == close
    assert [entry["kind"] for entry in kept].count("close") == 1


async def test_last_words_stand_before_the_close(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        await client.upgrade()
        client.say("bye")
        await client.close_code()

    assert [brief(entry) for entry in entries(recorded)][-2:] == [
        ("out", "last words"),
        ("close", "server", 4000, "as you wish"),
    ]


async def test_frames_that_a_slow_reader_never_got_are_not_in_it(recorded: Server) -> None:
    async with RawClient(recorded, receive_buffer=4_096) as slow:
        await slow.upgrade()
        await slow.frame()
        slow.say("shouts")
        slow.say("shout 2000 100000")
        await until(lambda: bool(entries(recorded, "close")))

    kept = entries(recorded)
    assert brief(kept[-1]) == ("close", "server", 4002, "too slow")
    sent = [entry for entry in kept if entry.get("channel") == "toy shouts"]
    assert 1 <= len(sent) < 2_000


async def test_an_upgrade_that_the_venue_refuses_is_kept_with_its_status() -> None:
    closed = SimulationSettings(switches={"sockets_closed": True})
    async with Server(toy_settings(venue_settings={TOY: closed})) as server:
        record(server)
        async with RawClient(server) as client:
            assert (await client.upgrade()).status == 503
        async with RawClient(server) as client:
            assert (await client.ask(get("/ws", "Upgrade: websocket", "Connection: Upgrade"))).status == 400
        kept = entries(server)

    assert [(entry["kind"], entry["path"], entry["socket"], entry["status"]) for entry in kept] == [
        ("refused", "/ws", "main", 503),
        ("refused", "/ws", "main", 400),
    ]


async def test_an_upgrade_where_no_socket_is_is_a_request_like_any(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        assert (await client.upgrade("/elsewhere")).status == 404

    assert [brief(entry) for entry in entries(recorded)] == [("request", "/elsewhere"), ("response", 1)]


async def test_a_socket_that_is_open_already_is_recorded_from_its_next_message_on(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        client.say("before")
        await client.frame()
        await client.frame()
        record(server)
        client.say("after")
        await client.frame()

        assert [brief(entry) for entry in entries(server)] == [("in", "after"), ("out", "after")]


async def test_a_socket_that_the_server_ends_is_ended_by_the_server() -> None:
    server = Server(toy_settings())
    await server.start()
    record(server)
    async with RawClient(server) as client:
        await client.upgrade()
        await server.stop()

    assert brief(entries(server)[-1]) == ("close", "server", 1001, "the server stops")


async def test_a_socket_that_is_cut_off_is_ended_by_the_server(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        await client.upgrade()
        await client.frame()
        outbox = recorded._outbox
        assert outbox is not None
        outbox.abort_all()
        await end_of(recorded)

    assert brief(entries(recorded)[-1]) == ("close", "server", 1006, "")


async def test_a_reset_leaves_the_old_worlds_sockets_out_of_the_new_recording(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        await client.upgrade()
        await client.frame()
        old = simulation(recorded)
        recorded.reset()
        record(recorded)
        assert await client.close_code() == (1012, "the simulated world was replaced")
        client.cut()
        await until(lambda: not old.connections)

    assert entries(recorded) == []
    assert brief(old.desk.recorder.after(0)[-1])[:3] == ("close", "server", 1012)  # type: ignore[index]  # a tuple


async def test_a_recording_can_be_written_as_json(recorded: Server) -> None:
    async with RawClient(recorded) as client:
        await client.ask(get("/\udcff", "X: \udcfe"))
    async with RawClient(recorded) as client:
        await client.upgrade()
        client.send(client_frame(2, b"\xff"))
        await client.frame()
        await client.frame()

    assert json.loads(json.dumps(entries(recorded))) == entries(recorded)
    assert [entry["base64"] for entry in entries(recorded) if "base64" in entry] == ["/w==", "/w=="]
