"""WebSockets as clients really use them: the handshake, messages, every way to end, and everything that is wrong."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import aiohttp
import pytest
from server_rig import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    TOY,
    RawClient,
    assert_no_complaint,
    client_frame,
    get,
    signed_order,
    simulation,
    toy_settings,
    until,
    ws_url,
)

from mockex.server.runner import Server
from mockex.simulation import SimulationSettings

MAX_MESSAGE = 1_000  # the toy's


# --- the handshake


async def test_a_socket_opens_with_what_the_venue_says_first(server: Server) -> None:
    async with RawClient(server) as client:
        answer = await client.upgrade()
        assert await client.frame() == (TEXT, b"welcome")

    assert answer.status == 101
    assert answer.headers["sec-websocket-accept"] == "BACScCJPNqyz+UBoqMH89VmURoA="  # RFC 6455 section 1.3 shows how
    assert (answer.headers["server"], answer.headers["date"]) == ("mockex", "Tue, 14 Nov 2023 22:13:20 GMT")


async def test_the_venue_sees_the_host_that_a_socket_was_opened_at(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        await client.frame()

        assert [connection.host for connection in simulation(server).connections] == ["toy"]


@pytest.mark.parametrize("path", ["/ws/again", "/ws?compress=true"])
async def test_a_socket_has_several_paths_and_ignores_the_query(server: Server, path: str) -> None:
    async with RawClient(server) as client:
        assert (await client.upgrade(path)).status == 101


async def test_compression_is_not_negotiated_even_when_offered(server: Server) -> None:
    async with RawClient(server) as client:
        answer = await client.upgrade("/ws", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")

    assert "sec-websocket-extensions" not in answer.headers


async def test_an_upgrade_on_an_unknown_path_gets_the_venues_own_404(server: Server) -> None:
    async with RawClient(server) as client:
        answer = await client.upgrade("/nowhere")
        assert await client.rest() == b""

    assert (answer.status, answer.json["code"]) == (404, "ROUTE_UNKNOWN")


async def test_a_venue_may_refuse_a_socket() -> None:
    closed = SimulationSettings(switches={"sockets_closed": True})
    async with Server(toy_settings(venue_settings={TOY: closed})) as server, RawClient(server) as client:
        answer = await client.upgrade()
        assert list(simulation(server).connections) == []

    assert (answer.status, answer.body) == (503, b'{"code":"SOCKETS_CLOSED"}')


@pytest.mark.parametrize(
    "lines",
    [
        ("Connection: Upgrade", "Sec-WebSocket-Version: 13"),
        ("Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"),
        ("Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \x01\x02é"),
        ("Connection: Upgrade", "Sec-WebSocket-Version: 99", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="),
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="),
    ],
    ids=["no key", "short key", "strange key", "unknown version", "no connection header"],
)
async def test_a_wrong_handshake_is_refused(server: Server, caplog: pytest.LogCaptureFixture, lines: tuple[str, ...]) -> None:
    async with RawClient(server) as client:
        answer = await client.ask(get("/ws", "Upgrade: websocket", *lines))
        assert await client.rest() == b""

    assert answer.status == 400
    assert list(simulation(server).connections) == []
    assert_no_complaint(caplog)


# --- messages


async def test_text_and_binary_messages_reach_the_venue_and_its_answers_come_back(server: Server) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(ws_url(server)) as client:
        assert await client.receive_str() == "welcome"
        await client.send_str("grüezi")
        assert await client.receive_str() == "grüezi"
        await client.send_bytes(b"\x00\xff")
        assert await client.receive_bytes() == b"\x00\xff"


async def test_a_message_in_fragments_arrives_whole(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        await client.frame()
        client.send(
            client_frame(TEXT, b"one ", first=TEXT)
            + client_frame(PING, b"between")
            + client_frame(0, b"two ", first=0)
            + client_frame(0, b"three")
        )

        assert await client.frame() == (PONG, b"between")
        assert await client.frame() == (TEXT, b"one two three")


async def test_protocol_pings_are_answered(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        await client.frame()
        client.send(client_frame(PING, b"still there?"))

        assert await client.frame() == (PONG, b"still there?")


async def test_a_trade_is_pushed_to_who_subscribed_and_to_nobody_else(server: Server) -> None:
    async with RawClient(server) as trader, RawClient(server) as reader, RawClient(server) as bystander:
        for client in (reader, bystander):
            await client.upgrade()
            await client.frame()
        reader.say("trades")
        reader.say("done")
        assert await reader.frame() == (TEXT, b"done")
        await trader.ask(signed_order(server, "alice", b'{"side":"buy","price":1000,"qty":5}'))
        await trader.ask(signed_order(server, "bob", b'{"side":"sell","price":1000,"qty":2}'))

        assert await reader.frame() == (TEXT, b'{"price":1000,"qty":2}')
        bystander.say("anything?")
        assert await bystander.frame() == (TEXT, b"anything?")


async def test_the_largest_message_is_read(server: Server) -> None:
    message = "x" * MAX_MESSAGE
    async with RawClient(server) as client:
        await client.upgrade()
        await client.frame()
        client.say(message)

        assert await client.frame() == (TEXT, message.encode())


# --- the end


async def test_the_clients_close_is_answered_with_its_own_code(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        client.say("a last question")
        client.send(client_frame(CLOSE, (3_210).to_bytes(2, "big") + b"enough"))

        assert await client.close_code() == (3_210, "")
        assert await client.rest() == b""
    await until(lambda: not simulation(server).connections)


async def test_a_close_without_a_code_is_answered_without_one(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        client.send(client_frame(CLOSE, b""))

        assert await client.close_code() == (None, "")


async def test_the_venue_closes_after_its_last_words(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        await client.frame()
        client.say("bye")
        assert await client.frame() == (TEXT, b"last words")
        assert await client.close_code() == (4_000, "as you wish")
        client.say("but wait")
        client.send(client_frame(CLOSE, (4_000).to_bytes(2, "big")))

        assert await client.rest() == b""
    assert simulation(server).desk.state.heard == ["bye"]
    await until(lambda: not simulation(server).connections)


async def test_a_client_that_does_not_answer_the_close_is_cut_off(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        client.say("bye")
        assert await client.close_code() == (4_000, "as you wish")
        await until(lambda: not simulation(server).connections)

        assert await client.rest() == b""


@pytest.mark.parametrize("leave", ["close", "reset", "half close"])
async def test_a_client_that_vanishes_is_forgotten(server: Server, caplog: pytest.LogCaptureFixture, leave: str) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        client.say("shouts")
        await client.frame()
        assert await client.frame() == (TEXT, b"listening")
        if leave == "reset":
            client.cut()
        elif leave == "half close":
            client.writer.write_eof()
            await client.rest()

    await until(lambda: not simulation(server).connections)
    assert simulation(server).desk.state.shout is None
    assert_no_complaint(caplog)


# --- what is wrong


@pytest.mark.parametrize("size", [MAX_MESSAGE + 1, 60_000, 2_000_000])
async def test_a_message_that_is_too_long_ends_the_socket_the_venues_way(
    server: Server, caplog: pytest.LogCaptureFixture, size: int
) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        client.send(client_frame(TEXT, bytes(size)))

        assert await client.close_code() == (4_009, "too long")
    assert simulation(server).desk.state.heard == []
    assert_no_complaint(caplog)


async def test_fragments_that_are_too_long_together_end_the_socket_too(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        client.send(client_frame(TEXT, bytes(600), first=TEXT) + client_frame(0, bytes(600)))

        assert await client.close_code() == (4_009, "too long")


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (client_frame(TEXT, b"\xff\xfe"), 1007),
        (client_frame(TEXT, b"a", first=0x80 | 0x40 | TEXT), 1002),
        (client_frame(TEXT, b"a", first=0x80 | 0x10 | TEXT), 1002),
        (client_frame(3, b"a"), 1002),
        (client_frame(11, b"a"), 1002),
        (client_frame(0, b"a"), 1002),
        (client_frame(PING, b"a", first=PING), 1002),
        (client_frame(PING, bytes(126)), 1002),
        (client_frame(CLOSE, b"\x03"), 1002),
        (client_frame(CLOSE, (5).to_bytes(2, "big")), 1002),
        (client_frame(CLOSE, (1_000).to_bytes(2, "big") + b"\xff"), 1007),
        (client_frame(TEXT, b"a", first=TEXT) + client_frame(TEXT, b"b"), 1002),
    ],
    ids=[
        "no utf-8",
        "compressed though not negotiated",
        "a reserved bit",
        "a reserved opcode",
        "a reserved control opcode",
        "a continuation of nothing",
        "a fragmented ping",
        "a long ping",
        "half a close code",
        "an unknown close code",
        "a close reason that is no text",
        "a message inside a message",
    ],
)
async def test_what_is_no_websocket_ends_the_socket_with_the_standards_code(
    server: Server, caplog: pytest.LogCaptureFixture, frame: bytes, code: int
) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        client.send(frame + client_frame(TEXT, b"not heard any more"))

        assert await client.close_code() == (code, "")
    await until(lambda: not simulation(server).connections)
    assert simulation(server).desk.state.heard == []
    assert_no_complaint(caplog)


async def test_noise_of_any_kind_leaves_the_others_untouched(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    noise = random.Random("noise")
    async with RawClient(server) as other:
        await other.upgrade()
        await other.frame()
        for _ in range(100):
            async with RawClient(server) as client:
                await client.upgrade()
                client.send(noise.randbytes(noise.randrange(1, 300)))
                if noise.random() < 0.5:
                    client.cut()
        other.say("all well")
        assert await other.frame() == (TEXT, b"all well")
    await until(lambda: not simulation(server).connections)
    assert_no_complaint(caplog)


async def test_a_client_that_pings_and_never_reads_is_held_back(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    async with RawClient(server, receive_buffer=4_096) as client, RawClient(server) as other:
        await client.upgrade()
        flood = client_frame(PING, bytes(125)) * 1_000
        for _ in range(200):
            client.send(flood)
        await other.upgrade()
        await other.frame()
        for _ in range(50):
            other.say("all well")
            assert await other.frame() == (TEXT, b"all well")

        assert client.writer.transport.get_write_buffer_size() > 0
        client.cut()
    await until(lambda: not simulation(server).connections)
    assert_no_complaint(caplog)


async def test_a_venue_that_fails_on_a_message_closes_that_socket_only(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with RawClient(server) as client, RawClient(server) as other:
        for each in (client, other):
            await each.upgrade()
            await each.frame()
        client.say("boom")
        assert await client.close_code() == (1011, "")
        other.say("all well")
        assert await other.frame() == (TEXT, b"all well")

    (record,) = [record for record in caplog.records if record.name == "mockex.server"]
    assert record.getMessage() == "toyx failed on a WebSocket message"


async def test_a_server_that_stops_says_so(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        stopping = asyncio.create_task(server.stop())

        assert await client.close_code() == (1001, "the server stops")
        client.send(client_frame(CLOSE, (1_001).to_bytes(2, "big")))
        await stopping


async def test_binary_is_told_from_text(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        await client.frame()
        client.send(client_frame(BINARY, b"ping"))

        assert await client.frame() == (BINARY, b"ping")


async def test_many_sockets_hear_the_same(server: Server) -> None:
    clients = [RawClient(server) for _ in range(50)]
    for client in clients:
        await client.__aenter__()
        await client.upgrade()
        await client.frame()
        client.say("shouts")
        assert await client.frame() == (TEXT, b"listening")
    clients[0].say("shout 3 10")

    for client in clients:
        assert [(await client.frame())[1] for _ in range(3)] == [b"0 ........", b"1 ........", b"2 ........"]
        await client.__aexit__()


async def test_messages_of_the_old_world_do_not_reach_the_new_one(server: Server) -> None:
    async with RawClient(server) as client:
        await client.upgrade()
        await client.frame()
        old = simulation(server)
        server.replace_world(replace(server.settings.world, seed=2))
        client.say("hello?")
        assert await client.close_code() == (1012, "the simulated world was replaced")
        client.send(client_frame(CLOSE, (1_012).to_bytes(2, "big")))
        assert await client.rest() == b""

    await until(lambda: not old.connections)
    assert old.desk.state.heard == simulation(server).desk.state.heard == []


# --- signs of life


async def test_the_venue_is_told_of_every_pong_asked_for_or_not_in_the_order_of_what_the_client_says(server: Server) -> None:
    seen: list[str] = []
    desk = simulation(server).desk
    desk.sockets["main"] = replace(
        desk.sockets["main"],
        on_pong=lambda connection: seen.append("pong"),
        on_message=lambda desk, connection, message: seen.append(str(message)),
    )
    async with RawClient(server) as client:
        await client.upgrade()
        client.send(client_frame(PONG, b""))
        client.say("one")
        client.send(client_frame(PONG, b"anything"))
        client.send(client_frame(PING, b"mine"))
        await client.frame()
        assert await client.frame() == (PONG, b"mine"), "a client's own ping is answered"

        assert seen == ["pong", "one", "pong"], "and is no sign that the venue hears of"
        client.cut()
        await until(lambda: not simulation(server).connections)
