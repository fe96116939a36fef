"""HTTP as clients really send it: whole, in pieces, in bulk, broken off."""

from __future__ import annotations

import asyncio
import gzip
import random

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request
from server_rig import START_NS, RawClient, assert_no_complaint, get, orders_in_book, post, signed_order

from mockex.server.http import BodyBroken, encode_response, read_body, split_target
from mockex.server.runner import Server
from mockex.wire.messages import WireResponse

MAX_BODY = 10_000  # the toy's


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


# --- what the venue sees


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/v1/echo/a", "'/v1/echo/a'", "''"),
        ("/v1/echo/%41%2f?b=%20&&c=+&d", "'/v1/echo/%41%2f'", "'b=%20&&c=+&d'"),
        ("/v1/echo/a?b=2?c=3", "'/v1/echo/a'", "'b=2?c=3'"),
        ("http://elsewhere.example:1/v1/echo/a?b=c", "'/v1/echo/a'", "'b=c'"),
    ],
    ids=["plain", "escapes stay", "second question mark", "absolute form"],
)
async def test_path_and_query_arrive_as_they_were_sent(server: Server, target: str, path: str, query: str) -> None:
    async with RawClient(server) as client:
        seen = (await client.ask(get(target))).json

    assert (seen["path"], seen["query"]) == (path, query)


async def test_headers_are_found_whatever_their_case_and_the_peer_is_known(server: Server) -> None:
    async with RawClient(server) as client:
        seen = (await client.ask(get("/v1/echo/a", "x-ECHO: Some Thing"))).json

    assert (seen["header"], seen["peer"], seen["method"]) == ("'Some Thing'", "127.0.0.1", "GET")


async def test_the_venue_sees_the_host_that_the_client_named(server: Server) -> None:
    async with RawClient(server) as client:
        packet = get("/v1/echo/a").replace(b"Host: toy", b"Host: api.toyx.example:443")

        assert (await client.ask(packet)).json["host"] == "api.toyx.example:443"


async def test_header_bytes_that_are_no_text_arrive_all_the_same(server: Server) -> None:
    async with RawClient(server) as client:
        seen = (await client.ask(get("/v1/echo/a", "X-Echo: \udcff\udcfe é"))).json

    assert seen["header"] == ascii("\udcff\udcfe é")


async def test_a_signed_order_is_placed_and_a_wrong_signature_changes_nothing(server: Server) -> None:
    body = b'{"side":"buy","price":1000,"qty":5}'
    request = signed_order(server, "alice", body)
    async with RawClient(server) as client:
        refused = await client.ask(request.replace(b'"qty":5', b'"qty":6'))
        orders_after_refusal = orders_in_book(server)
        placed = await client.ask(request)

    assert (refused.status, refused.json["code"], orders_after_refusal) == (401, "SIGNATURE_WRONG", 0)
    assert (placed.status, placed.json) == (200, {"order_id": 1_000})


@pytest.mark.parametrize("lines", [(), ("Connection: close",)], ids=["the short way", "through aiohttp"])
async def test_a_question_mark_with_nothing_behind_it_is_signed_like_the_rest(server: Server, lines: tuple[str, ...]) -> None:
    request = signed_order(server, "alice", b'{"side":"buy","price":1000,"qty":5}', *lines, target="/v1/orders?")
    async with RawClient(server) as client:
        placed = await client.ask(request)

    assert (placed.status, placed.json) == (200, {"order_id": 1_000})


@pytest.mark.parametrize(
    "lines_and_body",
    [
        (("Content-Length: 6",), b"\x00\x01abc\xff"),
        (("Transfer-Encoding: chunked",), chunked(b"\x00\x01a", b"bc\xff")),
        (("Content-Length: 6", "Content-Encoding: gzip"), b"\x00\x01abc\xff"),
        (("Content-Length: 6", "Content-Encoding: br"), b"\x00\x01abc\xff"),
    ],
    ids=["with a length", "chunked", "said to be gzip", "said to be brotli"],
)
async def test_a_body_arrives_as_it_was_sent(server: Server, lines_and_body: tuple[tuple[str, ...], bytes]) -> None:
    lines, body = lines_and_body
    async with RawClient(server) as client:
        answer = await client.ask(get("/v1/echo", *lines, method="PUT") + body)

    assert bytes.fromhex(answer.json["body"]) == b"\x00\x01abc\xff"


async def test_a_compressed_body_is_not_inflated(server: Server) -> None:
    bomb = gzip.compress(bytes(5_000_000))
    assert len(bomb) < MAX_BODY
    async with RawClient(server) as client:
        answer = await client.ask(
            get("/v1/echo", "Content-Encoding: gzip", f"Content-Length: {len(bomb)}", method="PUT") + bomb
        )

    assert bytes.fromhex(answer.json["body"]) == bomb


async def test_a_body_may_come_in_pieces(server: Server) -> None:
    async with RawClient(server) as client:
        for piece in (b"PUT /v1/ec", b"ho HTTP/1.1\r\nHost: t", b"oy\r\nContent-Length: 4\r\n", b"\r\n", b"ab", b"cd"):
            client.send(piece)
            await asyncio.sleep(0)
        answer = await client.answer()

    assert answer.json["body"] == b"abcd".hex()


async def test_a_client_that_asks_whether_to_go_on_is_told_to(server: Server) -> None:
    async with RawClient(server) as client:
        client.send(get("/v1/echo", "Content-Length: 2", "Expect: 100-continue", method="PUT"))
        interim = await client.answer()
        client.send(b"ok")
        answer = await client.answer()

    assert (interim.status, answer.status, answer.json["body"]) == (100, 200, b"ok".hex())


# --- what the client sees


async def test_a_response_carries_what_it_needs_and_virtual_time(server: Server) -> None:
    async with RawClient(server) as client:
        answer = await client.ask(get("/v1/echo/a"))

    assert answer.headers == {
        "server": "mockex",
        "content-type": "application/json",
        "content-length": str(len(answer.body)),
        "date": "Tue, 14 Nov 2023 22:13:20 GMT",
        "x-toy": "yes",
    }


@pytest.mark.parametrize(
    ("version", "line", "connection"),
    [
        ("HTTP/1.1", "X-Nothing: said", None),
        ("HTTP/1.1", "Connection: close", "close"),
        ("HTTP/1.0", "X-Nothing: said", "close"),
        ("HTTP/1.0", "Connection: keep-alive", "keep-alive"),
    ],
)
async def test_a_connection_stays_open_as_the_client_wants(
    server: Server, version: str, line: str, connection: str | None
) -> None:
    async with RawClient(server) as client:
        first = await client.ask(get("/v1/time", line, version=version))
        assert first.headers.get("connection") == connection
        if connection == "close":
            assert await client.rest() == b""
        else:
            assert (await client.ask(get("/v1/time"))).status == 200


async def test_requests_that_come_in_bulk_are_answered_in_order(server: Server) -> None:
    async with RawClient(server) as client:
        client.send(b"".join(get(f"/v1/echo/{number}") for number in range(100)))
        paths = [(await client.answer()).json["path"] for _ in range(100)]

    assert paths == [f"'/v1/echo/{number}'" for number in range(100)]


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("PUT", "/v1/time", 405),
        ("DELETE", "/v1/time", 405),
        ("OPTIONS", "/v1/time", 405),
        ("PATCH", "/v1/nowhere", 404),
        ("OPTIONS", "*", 404),
        ("GET", "/", 404),
        ("GET", "//", 404),
        ("GET", "/ws", 404),
    ],
)
async def test_what_the_venue_does_not_know_gets_its_own_error(server: Server, method: str, target: str, status: int) -> None:
    async with RawClient(server) as client:
        answer = await client.ask(get(target, method=method))
        again = await client.ask(get("/v1/time"))

    assert (answer.status, answer.json["code"]) == (status, "ROUTE_UNKNOWN" if status == 404 else "METHOD_NOT_ALLOWED")
    assert again.status == 200


async def test_the_answer_to_head_has_a_length_but_no_body(server: Server) -> None:
    async with RawClient(server) as client:
        client.send(get("/v1/time", method="HEAD"))
        answer = await client.answer(bodiless=True)
        again = await client.ask(get("/v1/time"))

    assert answer.status == 405
    assert int(answer.headers["content-length"]) > 0
    assert again.status == 200


# --- too much


async def test_the_largest_body_is_read(server: Server) -> None:
    async with RawClient(server) as client:
        answer = await client.ask(get("/v1/echo", f"Content-Length: {MAX_BODY}", method="PUT") + bytes(MAX_BODY))

    assert len(answer.json["body"]) == 2 * MAX_BODY


@pytest.mark.parametrize(
    "request_bytes",
    [
        post("/v1/orders", bytes(MAX_BODY + 1)),
        get("/v1/orders", f"Content-Length: {10**15}", method="POST"),
        get("/v1/orders", f"Content-Length: {10**15}", "Expect: 100-continue", method="POST"),
        get("/v1/orders", "Transfer-Encoding: chunked", method="POST") + chunked(*[bytes(1_000)] * 11),
        get("/v1/orders", "Transfer-Encoding: chunked", method="POST") + b"2af8\r\n" + bytes(11_000),
    ],
    ids=["one byte more", "announced", "announced and asked for", "chunked", "in an unfinished chunk"],
)
async def test_a_body_that_is_too_large_gets_the_venues_error_and_the_connection_ends(
    server: Server, caplog: pytest.LogCaptureFixture, request_bytes: bytes
) -> None:
    async with RawClient(server) as client, RawClient(server) as other:
        answer = await client.ask(request_bytes)
        assert (await other.ask(get("/v1/time"))).status == 200

    assert (answer.status, answer.json) == (413, {"code": "BODY_TOO_LARGE", "message": "toy: BODY_TOO_LARGE"})
    assert answer.headers["connection"] == "close"
    assert_no_complaint(caplog)


async def test_a_client_still_reads_the_refusal_while_it_sends_a_large_body(server: Server) -> None:
    async with RawClient(server) as client:
        client.send(get("/v1/orders", f"Content-Length: {3_000_000}", method="POST"))
        for _ in range(30):
            client.send(bytes(100_000))
            await client.writer.drain()
        answer = await client.answer()

    assert answer.status == 413


async def test_a_client_that_does_not_read_its_answers_is_not_answered_further(server: Server) -> None:
    """Otherwise it could fill the server's memory."""
    async with RawClient(server, receive_buffer=4_096) as client, RawClient(server) as other:
        body = bytes(MAX_BODY)
        request = get("/v1/echo", f"Content-Length: {MAX_BODY}", method="PUT") + body
        for _ in range(2_000):
            client.send(request)
        for _ in range(50):
            assert (await other.ask(get("/v1/time"))).status == 200

        assert client.writer.transport.get_write_buffer_size() > 0
        client.cut()


# --- broken


GARBAGE = [
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"get / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nA: b\x00c\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"x" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 100_000 + b"\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nab",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
    b"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
    b"CONNECT a:b HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: a\r\n\r\n",
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda garbage: repr(garbage[:60]))
async def test_what_is_no_http_is_refused_without_a_word_in_the_log(
    server: Server, caplog: pytest.LogCaptureFixture, garbage: bytes
) -> None:
    async with RawClient(server) as client, RawClient(server) as other:
        client.send(garbage)
        client.writer.write_eof()
        answered = await client.rest()
        assert (await other.ask(get("/v1/time"))).status == 200

    assert answered in (b"", b"\r\n") or answered.split(b" ")[1] in (b"400", b"404")
    assert_no_complaint(caplog)


async def test_a_broken_request_is_answered_with_400(server: Server) -> None:
    async with RawClient(server) as client:
        answer = await client.ask(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n")

    assert answer.status == 400


@pytest.mark.parametrize("chunk", [b"not a size\r\n", b"2\r\nabc\r\n", b"fffffffffffffffff\r\n"])
async def test_a_broken_body_is_answered_with_400(server: Server, caplog: pytest.LogCaptureFixture, chunk: bytes) -> None:
    async with RawClient(server) as client:
        answer = await client.ask(get("/v1/orders", "Transfer-Encoding: chunked", method="POST") + chunk)
        await client.rest()

    assert answer.status == 400
    assert_no_complaint(caplog)


async def test_a_body_that_stays_away_is_given_up() -> None:
    protocol = BaseProtocol(asyncio.get_running_loop())
    protocol.connection_made(asyncio.Transport())
    content = StreamReader(protocol, 2**16, loop=asyncio.get_running_loop())
    content.feed_data(b"a beginning")
    request = make_mocked_request("POST", "/", payload=content)

    with pytest.raises(BodyBroken):
        await read_body(request, MAX_BODY, patience_seconds=0.001)


async def test_noise_of_any_kind_leaves_the_server_standing(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    noise = random.Random("noise")
    whole = signed_order(server, "alice", b'{"side":"buy","price":1000,"qty":5}')
    for _ in range(200):
        spoilt = bytearray(whole)
        for _ in range(noise.randrange(1, 6)):
            spoilt[noise.randrange(len(spoilt))] = noise.randrange(256)
        async with RawClient(server) as client:
            client.send(bytes(spoilt[: noise.randrange(1, len(spoilt) + 1)]))
            if noise.random() < 0.5:
                client.writer.write_eof()
            else:
                await asyncio.sleep(0)
    async with RawClient(server) as client:
        assert (await client.ask(get("/v1/time"))).status == 200
    assert_no_complaint(caplog)


@pytest.mark.parametrize("framing", ["Content-Length: 100", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("leave", ["close", "reset", "half close"])
async def test_a_client_that_leaves_in_the_middle_of_a_body_is_no_event(
    server: Server, caplog: pytest.LogCaptureFixture, framing: str, leave: str
) -> None:
    async with RawClient(server) as client:
        client.send(get("/v1/orders", framing, method="POST") + b"5\r\nab")
        async with RawClient(server) as other:
            assert (await other.ask(get("/v1/time"))).status == 200
        if leave == "reset":
            client.cut()
        elif leave == "half close":
            client.writer.write_eof()
            await client.rest()
    async with RawClient(server) as other:
        assert (await other.ask(get("/v1/time"))).status == 200
    assert orders_in_book(server) == 0
    assert_no_complaint(caplog)


async def test_a_client_that_half_closes_after_its_request_is_no_event(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with RawClient(server) as client:
        client.send(get("/v1/time"))
        client.writer.write_eof()
        await client.rest()
    assert_no_complaint(caplog)


# --- failures of our own


async def test_a_venue_that_fails_says_so_in_its_own_words_and_the_log_says_why(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with RawClient(server) as client:
        answer = await client.ask(get("/v1/boom"))
        again = await client.ask(get("/v1/time"))

    assert (answer.status, answer.json["code"]) == (500, "INTERNAL")
    assert b"broken" not in answer.body
    assert again.status == 200
    (record,) = [record for record in caplog.records if record.name == "mockex.server"]
    assert record.getMessage() == "toyx failed on GET /v1/boom"
    assert record.exc_info is not None


def test_a_header_cannot_break_out_of_its_line() -> None:
    with pytest.raises(ValueError, match="line break"):
        encode_response(WireResponse(200, b"", headers=(("X-Id", "1\r\nX-Admin: yes"),)), START_NS)


def test_a_status_without_content_has_neither_body_nor_length() -> None:
    wire = encode_response(WireResponse(204, b"forgotten"), START_NS)

    assert b"Content-Length" not in wire
    assert wire.endswith(b"\r\n\r\n")


def test_a_status_that_only_the_venue_knows_is_sent() -> None:
    assert encode_response(WireResponse(799, b""), START_NS).startswith(b"HTTP/1.1 799 \r\n")


@pytest.mark.parametrize("target", ["*", "example.org:80", ""])
def test_targets_without_a_path_are_kept(target: str) -> None:
    assert split_target(target) == (target, "")


async def test_requests_are_handled_while_another_is_still_arriving(server: Server) -> None:
    async with RawClient(server) as slow, RawClient(server) as quick:
        slow.send(get("/v1/echo", "Content-Length: 4", method="PUT") + b"ab")
        assert (await quick.ask(get("/v1/time"))).status == 200
        slow.send(b"cd")
        assert (await slow.answer()).json["body"] == b"abcd".hex()
