"""The REST transport: what is signed is what is sent, and every way to fail has its class."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import unquote

import aiohttp
import pytest
from loopback import FakeRest, Received, soon
from mockex.clients.htx import Credentials, HtxClient, RestTransport, ServerClock, errors
from mockex.clients.htx.rest import host_of
from mockex.fixtures import load

CREDENTIALS = Credentials(api_key="mockkey-0001", secret="mocksecret-0001")
AT_NS = 1_704_164_645_999_000_000  # 2024-01-02T03:04:05.999Z
OK = {"status": "ok", "data": []}


@pytest.fixture
async def venue() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def rest(venue: FakeRest) -> AsyncIterator[RestTransport]:
    async with RestTransport(venue.url, credentials=CREDENTIALS, clock=ServerClock(lambda: AT_NS)) as transport:
        yield transport


def _signature_of_the_wire(request: Received, host: str) -> str:
    """The venue's side of the rule, over the query that arrived: everything but the signature, sorted."""
    path, _, query = request.target.partition("?")
    pieces = sorted(piece for piece in query.split("&") if not piece.startswith("Signature="))
    payload = "\n".join([request.method, host, path, "&".join(pieces)])
    return base64.b64encode(hmac.new(b"mocksecret-0001", payload.encode(), hashlib.sha256).digest()).decode()


def _sent_signature(request: Received) -> str:
    return unquote(request.target.rpartition("&Signature=")[2])


# --- signing ---


@pytest.mark.parametrize("vector_id", ["signing.open-orders", "signing.orders-comma"])
async def test_request_on_the_wire_carries_the_signature_of_the_worked_example(venue: FakeRest, vector_id: str) -> None:
    vector = next(v for v in load("htx", "signing")["vectors"] if v["id"] == vector_id)
    venue.reply(OK)

    async with RestTransport(
        venue.url, credentials=CREDENTIALS, signed_host=vector["host"], clock=ServerClock(lambda: AT_NS)
    ) as rest:
        await soon(rest.get_private(vector["path"], [tuple(pair) for pair in vector["params"]]))

    path, _, query = venue.received[0].target.partition("?")
    assert path == vector["path"]
    assert query.rpartition("&Signature=")[0] == vector["query"]
    assert _sent_signature(venue.received[0]) == vector["signature"]


async def test_host_of_the_url_with_its_port_is_signed_by_default(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply(OK)

    await soon(rest.get_private("/v1/account/accounts"))

    (request,) = venue.received
    assert _sent_signature(request) == _signature_of_the_wire(request, venue.host)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.huobi.pro", "api.huobi.pro"),
        ("https://API.huobi.pro:443/x", "api.huobi.pro"),
        ("http://127.0.0.1:80", "127.0.0.1"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://user:pass@127.0.0.1:443", "127.0.0.1:443"),
        ("ws://[::1]:80/ws/v2", "[::1]"),
        ("wss://[::80]/ws/v2", "[::80]"),
    ],
)
def test_signed_host_is_that_of_the_host_header_which_has_no_usual_port(url: str, host: str) -> None:
    assert host_of(url) == host


async def test_body_of_a_post_is_not_signed_and_its_query_is(venue: FakeRest, rest: RestTransport) -> None:
    for _ in range(2):
        venue.reply(OK)

    await soon(rest.post_private("/v1/order/orders/place", {"amount": "1"}))
    await soon(rest.post_private("/v1/order/orders/place", {"amount": "2"}))

    one, other = venue.received
    assert (one.body, other.body) == (b'{"amount":"1"}', b'{"amount":"2"}')
    assert one.target == other.target
    assert _sent_signature(one) == _signature_of_the_wire(one, venue.host)


async def test_get_has_no_body_and_no_content_type_and_a_post_is_json(venue: FakeRest, rest: RestTransport) -> None:
    for _ in range(2):
        venue.reply(OK)

    await soon(rest.get_private("/a"))
    await soon(rest.post_private("/a", {}))

    get, post = venue.received
    assert (get.body, get.headers.get("Content-Length"), get.headers.get("Content-Type")) == (b"", None, None)
    assert (post.body, post.headers["Content-Type"]) == (b"{}", "application/json")


async def test_public_request_carries_no_trace_of_the_key(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply(OK)

    await soon(rest.get_public("/market/depth", [("symbol", "btcusdt"), ("depth", None), ("type", "step0")]))

    assert venue.received[0].target == "/market/depth?symbol=btcusdt&type=step0"


async def test_parameters_are_encoded_once(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply(OK)

    await soon(rest.get_private("/a", [("x", "a b,c/+"), ("size", 5)]))

    (request,) = venue.received
    assert "&size=5&x=a%20b%2Cc%2F%2B&Signature=" in request.target
    assert _sent_signature(request) == _signature_of_the_wire(request, venue.host)


async def test_path_of_the_base_url_is_part_of_what_is_sent_and_signed(venue: FakeRest) -> None:
    venue.reply(OK)

    async with RestTransport(f"{venue.url}/gateway/", credentials=CREDENTIALS) as rest:
        await soon(rest.get_private("/api"))

    (request,) = venue.received
    assert request.target.startswith("/gateway/api?")
    assert _sent_signature(request) == _signature_of_the_wire(request, venue.host)


async def test_private_request_without_credentials_is_refused_before_anything_is_sent(venue: FakeRest) -> None:
    async with HtxClient(venue.url) as client:
        with pytest.raises(ValueError, match="needs credentials"):
            await client.account.accounts()
        with pytest.raises(ValueError, match="needs credentials"):
            client.account_stream("ws://127.0.0.1/ws/v2")

    assert venue.received == []


# --- time ---


async def test_signatures_follow_the_clock_of_the_venue_after_a_sync(venue: FakeRest) -> None:
    local = iter([1_000_000_000_000, 1_000_200_000_000, 1_001_000_000_000])
    venue.reply({"status": "ok", "data": 3_600_100})
    venue.reply(OK)

    async with HtxClient(venue.url, credentials=CREDENTIALS, now=lambda: next(local)) as client:
        offset_ns = await soon(client.sync_time())
        await soon(client.account.accounts())

    # The answer, 3600.1 s, belongs to the middle between 1000.0 s and 1000.2 s.
    assert offset_ns == 2_600_000_000_000
    assert "Timestamp=1970-01-01T01%3A00%3A01&" in venue.received[1].target


async def test_failed_sync_leaves_the_clock_alone(venue: FakeRest) -> None:
    venue.reply(load("htx", "errors")["bodies"][7]["body"], status=429)

    async with HtxClient(venue.url, now=lambda: AT_NS) as client:
        with pytest.raises(errors.RateLimitError):
            await soon(client.sync_time())

        assert client.clock.now_ns() == AT_NS


# --- replies ---


async def test_refusal_under_http_200_is_raised(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply(load("htx", "errors")["bodies"][0]["body"])

    with pytest.raises(errors.AuthenticationError) as raised:
        await soon(rest.get_private("/v1/account/accounts"))

    assert (raised.value.code, raised.value.http_status) == ("api-signature-not-valid", 200)
    assert str(raised.value) == "api-signature-not-valid: Signature not valid: Incorrect Access key [Access key错误]"


async def test_rate_limit_headers_of_a_reply_are_read(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply(OK, headers={"X-HB-RateLimit-Requests-Remain": "98", "X-HB-RateLimit-Requests-Expire": "1704164647000"})
    venue.reply(OK)

    told = await soon(rest.get_private("/a"))
    venue.reply(OK, headers={"X-HB-RateLimit-Requests-Remain": "9" * 5_000})
    untold, absurd = await soon(rest.get_private("/a")), await soon(rest.get_private("/a"))

    assert (told.requests_remaining, told.window_ends_ms) == (98, 1_704_164_647_000)
    assert (untold.requests_remaining, untold.window_ends_ms) == (None, None)
    assert absurd.requests_remaining is None


@pytest.mark.parametrize("body", [b"{}", b'{"ts":1}', b"[]", b'"ok"', b"7"])
async def test_reply_that_says_neither_success_nor_failure_is_malformed(
    venue: FakeRest, rest: RestTransport, body: bytes
) -> None:
    venue.reply_raw(body)

    with pytest.raises(errors.MalformedReplyError):
        await soon(rest.get_public("/a"))


@pytest.mark.parametrize(
    "body", [b'{"data": NaN}', b"\xff\xfe", b"", b"[" * 100_000, b"<html>", b'{"data": 1e99999999999999999999}']
)
async def test_odd_bodies_are_malformed_and_nothing_worse(venue: FakeRest, rest: RestTransport, body: bytes) -> None:
    venue.reply_raw(body)

    with pytest.raises(errors.MalformedReplyError) as raised:
        await soon(rest.get_public("/a"))

    assert raised.value.http_status == 200


async def test_integer_of_a_billion_digits_is_malformed_and_nothing_worse(venue: FakeRest) -> None:
    venue.reply_raw(b'{"status":"ok","data":1E+1000000000}')

    async with HtxClient(venue.url) as client:
        with pytest.raises(errors.MalformedReplyError, match="timestamp is not a whole number"):
            await soon(client.reference.timestamp_ms())


# --- failures ---


async def test_missing_answer_is_a_timeout_with_unknown_outcome_and_without_the_signature(venue: FakeRest) -> None:
    gate = asyncio.Event()
    venue.reply_raw(b"{}", gate=gate)

    async with RestTransport(venue.url, credentials=CREDENTIALS, timeout=timedelta(milliseconds=50)) as rest:
        with pytest.raises(errors.RequestTimeoutError) as raised:
            await soon(rest.get_private("/slow"))
    gate.set()

    assert raised.value.outcome_unknown
    assert raised.value.message == "no answer to GET /slow"


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


async def test_page_of_a_gateway_is_told_by_its_status(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply_raw(b"<html>bad gateway</html>", status=502)

    with pytest.raises(errors.ServerFaultError) as raised:
        await soon(rest.get_public("/a"))

    assert (raised.value.http_status, raised.value.code) == (502, None)


async def test_redirect_is_not_followed_because_its_signature_would_not_fit(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply_raw(b"", status=302, headers={"Location": "/elsewhere"})

    with pytest.raises(errors.HtxError):
        await soon(rest.get_private("/a"))

    assert len(venue.received) == 1


# --- sessions ---


@pytest.mark.parametrize("url", ["", "127.0.0.1:80", "ws://127.0.0.1", "http://", "http://h?a=1", "http://h#f"])
def test_base_url_without_scheme_or_host_or_with_a_query_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a base URL"):
        RestTransport(url)


async def test_session_from_outside_is_used_and_left_open(venue: FakeRest) -> None:
    venue.reply(OK)

    async with aiohttp.ClientSession() as session:
        async with HtxClient(venue.url, session=session) as client:
            await soon(client.market.tickers())

        assert not session.closed


async def test_closing_twice_is_harmless(venue: FakeRest) -> None:
    venue.reply(OK)
    client = HtxClient(venue.url)
    await soon(client.market.tickers())

    await client.close()
    await client.close()


async def test_exchange_gives_a_refusal_as_it_came(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply_raw(b"<h1>no</h1>", status=502, headers={"X-Hint": "late"})

    reply = await rest.exchange("DELETE", "/api/x?a=b", body=b"{}")

    assert (reply.status, reply.headers["X-Hint"], reply.body) == (502, "late", b"<h1>no</h1>")
    (request,) = venue.received
    assert (request.method, request.target, request.body) == ("DELETE", "/api/x?a=b", b"{}")
