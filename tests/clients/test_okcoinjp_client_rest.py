"""The REST transport: what is signed is what is sent, and every way to fail has its class."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from mockex.clients.okcoinjp import Credentials, OkcoinClient, RestTransport, ServerClock, TimestampStyle, errors
from mockex.fixtures import load
from okcoinjp_fake_venue import FakeRest, Received, soon

CREDENTIALS = Credentials(api_key="key-1", secret="secret-1", passphrase="phrase-1")
AT_NS = 1_707_966_245_678_000_000


@pytest.fixture
async def venue() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def rest(venue: FakeRest) -> AsyncIterator[RestTransport]:
    async with RestTransport(venue.url, credentials=CREDENTIALS, clock=ServerClock(lambda: AT_NS)) as transport:
        yield transport


def _signature_of_the_wire(request: Received) -> str:
    """The venue's side of the rule, over the raw bytes that arrived."""
    prehash = (request.headers["OK-ACCESS-TIMESTAMP"] + request.method + request.target).encode() + request.body
    return base64.b64encode(hmac.new(b"secret-1", prehash, hashlib.sha256).digest()).decode()


# --- signing and headers ---


@pytest.mark.parametrize("vector_id", ["signing.get-query-iso", "signing.get-no-query", "signing.get-empty-parameters"])
async def test_request_on_the_wire_carries_the_signature_of_the_worked_example(venue: FakeRest, vector_id: str) -> None:
    vector = next(v for v in load("okcoinjp", "signing")["vectors"] if v["id"] == vector_id)
    credentials = Credentials(api_key="key-1", secret=vector["secret"], passphrase="phrase-1")
    venue.reply([])

    async with RestTransport(venue.url, clock=ServerClock(lambda: AT_NS)) as rest:
        await soon(rest.send("GET", vector["request_path"], credentials=credentials))

    assert venue.received[0].target == vector["request_path"]
    assert venue.received[0].headers["OK-ACCESS-TIMESTAMP"] == vector["timestamp"]
    assert venue.received[0].headers["OK-ACCESS-SIGN"] == vector["signature"]


@pytest.mark.parametrize(
    "target",
    [
        "/a?start=2026-11-19T03%3A31%3A14.905Z",
        "/a?start=2019-03-19T16:00:00.000Z",
        "/a/?x=&&y=%7e~&z=%2f",
        "/a/../b?c=+%20",
    ],
)
async def test_target_is_sent_byte_for_byte_as_it_was_signed(venue: FakeRest, rest: RestTransport, target: str) -> None:
    venue.reply([])

    await soon(rest.send("GET", target, credentials=CREDENTIALS))

    (request,) = venue.received
    assert request.target == target
    assert request.headers["OK-ACCESS-SIGN"] == _signature_of_the_wire(request)


async def test_body_is_sent_byte_for_byte_as_it_was_signed(venue: FakeRest, rest: RestTransport) -> None:
    body = b'{ "amount": 1.50,\n "b":"\xe3\x81\x82" }'
    venue.reply({"result": True})

    await soon(rest.send("POST", "/p?q=1", body=body, credentials=CREDENTIALS))

    (request,) = venue.received
    assert request.body == body
    assert request.headers["OK-ACCESS-SIGN"] == _signature_of_the_wire(request)


async def test_parameters_are_encoded_once_and_signed_in_that_form(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply([])

    await soon(rest.get_private("/a", [("start", "2019-03-19T16:00:00.000Z"), ("x", None), ("y", "a b&c")]))

    (request,) = venue.received
    assert request.target == "/a?start=2019-03-19T16%3A00%3A00.000Z&y=a%20b%26c"
    assert request.headers["OK-ACCESS-SIGN"] == _signature_of_the_wire(request)


async def test_path_of_the_base_url_is_part_of_what_is_sent_and_signed(venue: FakeRest) -> None:
    venue.reply([])

    async with RestTransport(f"{venue.url}/gateway/", credentials=CREDENTIALS) as rest:
        await soon(rest.get_private("/api"))

    (request,) = venue.received
    assert request.target == "/gateway/api"
    assert request.headers["OK-ACCESS-SIGN"] == _signature_of_the_wire(request)


async def test_unix_timestamps_are_sent_on_request(venue: FakeRest) -> None:
    venue.reply([])

    async with OkcoinClient(
        venue.url, credentials=CREDENTIALS, now=lambda: AT_NS, timestamp_style=TimestampStyle.UNIX
    ) as client:
        await soon(client.trading.accounts())

    (request,) = venue.received
    assert request.headers["OK-ACCESS-TIMESTAMP"] == "1707966245.678"
    assert request.headers["OK-ACCESS-SIGN"] == _signature_of_the_wire(request)


async def test_public_request_carries_no_trace_of_the_key(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply([])

    await soon(rest.get_public("/a"))

    assert [name for name in venue.received[0].headers if name.upper().startswith("OK-")] == []


async def test_json_content_type_comes_with_posts_and_the_language_with_all(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply([])
    venue.reply([])

    await soon(rest.get_private("/a"))
    await soon(rest.post_private("/a", {}))

    get, post = venue.received
    assert "Content-Type" not in get.headers
    assert post.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert [request.headers["Cookie"] for request in venue.received] == ["locale=en_US", "locale=en_US"]


async def test_cookies_of_the_venue_are_not_sent_back(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply([], headers={"Set-Cookie": "tracker=1; Path=/"})
    venue.reply([])

    await soon(rest.get_public("/a"))
    await soon(rest.get_public("/b"))

    assert venue.received[1].headers["Cookie"] == "locale=en_US"


async def test_language_can_be_left_to_the_venue(venue: FakeRest) -> None:
    venue.reply([])

    async with RestTransport(venue.url, locale=None) as rest:
        await soon(rest.get_public("/a"))

    assert "Cookie" not in venue.received[0].headers


# --- time ---


async def test_signatures_follow_the_clock_of_the_venue_after_a_sync(venue: FakeRest) -> None:
    local = iter([1_000_000_000_000, 1_000_200_000_000, 1_001_000_000_000])
    venue.reply({"iso": "1970-01-01T01:00:00.100Z", "epoch": "3600.1"})
    venue.reply([])

    async with OkcoinClient(venue.url, credentials=CREDENTIALS, now=lambda: next(local)) as client:
        offset_ns = await soon(client.sync_time())
        await soon(client.trading.accounts())

    # The answer, 3600.1 s, belongs to the middle between 1000.0 s and 1000.2 s.
    assert offset_ns == 2_600_000_000_000
    assert venue.received[1].headers["OK-ACCESS-TIMESTAMP"] == "1970-01-01T01:00:01.000Z"


async def test_failed_sync_leaves_the_clock_alone(venue: FakeRest) -> None:
    venue.reply({"code": 30026, "message": "slow down"}, status=429)

    async with OkcoinClient(venue.url, now=lambda: AT_NS) as client:
        with pytest.raises(errors.RateLimitError):
            await soon(client.sync_time())

        assert client.clock.now_ns() == AT_NS


# --- failures ---


async def test_missing_answer_is_a_timeout_with_unknown_outcome(venue: FakeRest) -> None:
    gate = asyncio.Event()
    venue.reply_raw(b"[]", gate=gate)

    async with RestTransport(venue.url, timeout=timedelta(milliseconds=50)) as rest:
        with pytest.raises(errors.RequestTimeoutError) as raised:
            await soon(rest.get_public("/slow"))
    gate.set()

    assert raised.value.outcome_unknown
    assert raised.value.code is None


async def test_refused_connection_means_that_nothing_was_sent() -> None:
    async with FakeRest() as gone:
        url = gone.url

    async with RestTransport(url) as rest:
        with pytest.raises(errors.ConnectionFailedError) as raised:
            await soon(rest.get_public("/a"))

    assert not raised.value.outcome_unknown


async def test_connection_cut_before_the_answer_leaves_the_outcome_open() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, RestTransport(f"http://127.0.0.1:{port}", credentials=CREDENTIALS) as rest:
        with pytest.raises(errors.ConnectionLostError) as raised:
            await soon(rest.post_private("/orders", {}))

    assert raised.value.outcome_unknown


async def test_body_that_is_no_json_is_malformed_under_http_200(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply_raw(b"<html>")

    with pytest.raises(errors.MalformedReplyError) as raised:
        await soon(rest.get_public("/a"))

    assert raised.value.http_status == 200


@pytest.mark.parametrize("body", [b'{"balance": NaN}', b"\xff\xfe", b"", b"[" * 100_000])
async def test_odd_bodies_are_malformed_and_nothing_worse(venue: FakeRest, rest: RestTransport, body: bytes) -> None:
    venue.reply_raw(body)

    with pytest.raises(errors.MalformedReplyError):
        await soon(rest.get_public("/a"))


async def test_page_of_a_gateway_is_told_by_its_status(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply_raw(b"<html>bad gateway</html>", status=502)

    with pytest.raises(errors.ServerFaultError) as raised:
        await soon(rest.get_public("/a"))

    assert (raised.value.http_status, raised.value.code) == (502, None)


async def test_redirect_is_not_followed_because_its_signature_would_not_fit(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply_raw(b"", status=302, headers={"Location": "/elsewhere"})

    with pytest.raises(errors.OkcoinError):
        await soon(rest.get_private("/a"))

    assert len(venue.received) == 1


async def test_refusal_is_raised_with_code_message_and_status(venue: FakeRest, rest: RestTransport) -> None:
    body = load("okcoinjp", "errors")["bodies"][0]["body"]
    venue.reply(body, status=400)

    with pytest.raises(errors.TimestampError) as raised:
        await soon(rest.get_private("/a"))

    assert (raised.value.code, raised.value.message, raised.value.http_status) == (
        30008,
        "Request timestamp expired",
        400,
    )
    assert str(raised.value) == "30008: Request timestamp expired"


# --- sessions ---


@pytest.mark.parametrize("url", ["", "127.0.0.1:80", "ws://127.0.0.1", "http://", "http://h?a=1", "http://h#f"])
def test_base_url_without_scheme_or_host_or_with_a_query_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a base URL"):
        RestTransport(url)


async def test_session_from_outside_is_used_and_left_open(venue: FakeRest) -> None:
    venue.reply([])

    async with aiohttp.ClientSession() as session:
        async with OkcoinClient(venue.url, session=session) as client:
            await soon(client.market.tickers())

        assert not session.closed


async def test_closing_twice_is_harmless(venue: FakeRest) -> None:
    venue.reply([])
    client = OkcoinClient(venue.url)
    await soon(client.market.tickers())

    await client.close()
    await client.close()


async def test_client_refuses_a_login_without_credentials() -> None:
    async with OkcoinClient("http://127.0.0.1") as client:
        with pytest.raises(ValueError, match="needs credentials"):
            client.stream("ws://127.0.0.1", log_in=True)


# --- replies as they are ---


async def test_exchange_gives_a_refusal_as_it_came_and_signs_as_ever(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply_raw(b"<h1>no</h1>", status=502, headers={"X-Hint": "late"})

    reply = await rest.exchange("DELETE", "/api/x?a=b", body=b"{}", credentials=CREDENTIALS)

    assert (reply.status, reply.headers["X-Hint"], reply.body) == (502, "late", b"<h1>no</h1>")
    (request,) = venue.received
    assert (request.method, request.target, request.body) == ("DELETE", "/api/x?a=b", b"{}")
    assert request.headers["OK-ACCESS-SIGN"] == _signature_of_the_wire(request)
    assert request.headers["Content-Type"].startswith("application/json")
