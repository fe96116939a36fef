"""The REST transport of Coinstore: what is signed is what is sent, and every way to fail has its class."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from loopback import FakeRest, Received, soon
from mockex.clients.coinstore import CoinstoreClient, Credentials, RestTransport, ServerClock, errors

CREDENTIALS = Credentials(api_key="mockex-key", secret="mockex-secret")
NOW_MS = 1_629_291_143_107
OK = {"code": 0, "data": []}


@pytest.fixture
async def venue() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def rest(venue: FakeRest) -> AsyncIterator[RestTransport]:
    clock = ServerClock(lambda: NOW_MS * 1_000_000 + 999_999)
    async with RestTransport(venue.url, credentials=CREDENTIALS, clock=clock) as transport:
        yield transport


def _signature_of_the_wire(request: Received) -> str:
    """The venue's side of the rule, over the bytes that arrived."""
    bucket = str(int(request.headers["X-CS-EXPIRES"]) // 30_000)
    key = hmac.new(b"mockex-secret", bucket.encode(), hashlib.sha256).hexdigest()
    payload = request.target.partition("?")[2].encode() + request.body
    return hmac.new(key.encode(), payload, hashlib.sha256).hexdigest()


async def test_query_and_body_are_signed_as_they_arrive(venue: FakeRest, rest: RestTransport) -> None:
    for _ in range(3):
        venue.reply(OK)
    await soon(rest.get_private("/api/x", [("symbol", "a b/ü"), ("size", 10), ("left", None)]))
    await soon(rest.post_private("/api/x", {"text": "ü", "list": [1, "2"]}))
    await soon(rest.send("POST", "/api/x", query="a=1", body=b'{ "a": 1 }', credentials=CREDENTIALS))

    assert venue.received[0].target == "/api/x?symbol=a%20b%2F%C3%BC&size=10"
    assert venue.received[1].body == '{"text":"ü","list":[1,"2"]}'.encode()
    assert venue.received[2].body == b'{ "a": 1 }'
    for request in venue.received:
        assert request.headers["X-CS-EXPIRES"] == str(NOW_MS)
        assert request.headers["X-CS-SIGN"] == _signature_of_the_wire(request)


async def test_matrix_parameters_of_the_path_are_sent_and_not_signed(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply(OK)

    await soon(rest.get_private("/api/x;symbol=A,B", [("a", "1")]))

    assert venue.received[0].target == "/api/x;symbol=A,B?a=1"
    assert venue.received[0].headers["X-CS-SIGN"] == _signature_of_the_wire(venue.received[0])


async def test_post_without_parameters_sends_an_empty_object(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply(OK)
    venue.reply(OK)
    await soon(rest.post_private("/api/x", {}))
    await soon(rest.post_public("/api/x", {}))

    assert [request.body for request in venue.received] == [b"{}", b"{}"]


async def test_public_request_carries_no_trace_of_the_key(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply(OK)

    await soon(rest.get_public("/api/x"))

    assert not any(name.upper().startswith("X-CS") for name in venue.received[0].headers)


@pytest.mark.parametrize(("language", "sent"), [("en_US", "en_US"), ("zh_CN", "zh_CN"), (None, None)])
async def test_language_of_error_texts_is_asked_for(venue: FakeRest, language: str | None, sent: str | None) -> None:
    venue.reply(OK)
    async with RestTransport(venue.url, language=language) as rest:
        await soon(rest.get_public("/api/x"))

    assert venue.received[0].headers.get("exch-language") == sent


@pytest.mark.parametrize(
    ("base", "target"), [("", "/api/x"), ("/", "/api/x"), ("/api", "/api/x"), ("/api/", "/api/x"), ("/sim/api", "/sim/api/x")]
)
async def test_documented_base_url_and_the_root_mean_the_same(venue: FakeRest, base: str, target: str) -> None:
    venue.reply(OK)
    async with RestTransport(venue.url + base) as rest:
        await soon(rest.get_public("/api/x"))

    assert venue.received[0].target == target


@pytest.mark.parametrize("url", ["api.coinstore.com", "ftp://host", "http://", "http://host?x=1", "http://host#x"])
def test_base_url_without_scheme_or_host_or_with_a_query_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a base URL"):
        RestTransport(url)


async def test_private_request_without_credentials_is_refused_before_anything_is_sent(venue: FakeRest) -> None:
    async with CoinstoreClient(venue.url) as client:
        with pytest.raises(ValueError, match="needs credentials"):
            await client.account.balances()
        with pytest.raises(ValueError, match="needs credentials"):
            await client.trading.open_orders()

    assert venue.received == []


async def test_corrected_clock_is_the_moment_of_signing(venue: FakeRest) -> None:
    venue.reply({"code": 0, "data": []})
    async with CoinstoreClient(venue.url, credentials=CREDENTIALS, now=lambda: 0) as client:
        client.clock.correct(server_ns=NOW_MS * 1_000_000, asked_ns=0, answered_ns=0)
        await soon(client.trading.open_orders())

    assert venue.received[0].headers["X-CS-EXPIRES"] == str(NOW_MS)


async def test_refusal_under_http_200_is_raised(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply({"message": "Unauthorized", "code": 1401})

    with pytest.raises(errors.AuthenticationError, match="1401: Unauthorized"):
        await soon(rest.get_private("/api/x"))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"data": []}', b'{"code": null}', b'{"code": true}', b'{"code": "?"}', b"\xff", b"[" * 99_999]
)
async def test_odd_bodies_are_malformed_and_nothing_worse(venue: FakeRest, rest: RestTransport, body: bytes) -> None:
    venue.reply_raw(body)

    with pytest.raises(errors.MalformedReplyError):
        await soon(rest.get_public("/api/x"))


@pytest.mark.parametrize("count", ["1E+999999999", "1.5", '"NaN"', "true", "{}"])
async def test_odd_numbers_are_malformed_and_nothing_worse(venue: FakeRest, count: str) -> None:
    venue.reply_raw(f'{{"code": 0, "data": [{{"symbol": "A", "price": "1", "id": {count}}}]}}'.encode())

    async with CoinstoreClient(venue.url) as client:
        with pytest.raises(errors.MalformedReplyError, match=r"price\.id"):
            await soon(client.market.prices())


async def test_reply_without_data_is_malformed_where_data_is_needed(venue: FakeRest) -> None:
    venue.reply({"code": 0})
    async with CoinstoreClient(venue.url) as client:
        with pytest.raises(errors.MalformedReplyError, match="reply has no field data"):
            await soon(client.market.tickers())


async def test_page_of_a_gateway_is_told_by_its_status(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply_raw(b"<html>", status=502)

    with pytest.raises(errors.ServerFaultError) as caught:
        await soon(rest.get_public("/api/x"))
    assert caught.value.http_status == 502


async def test_missing_answer_is_a_timeout_with_unknown_outcome(venue: FakeRest) -> None:
    gate = asyncio.Event()
    venue.reply_raw(b"{}", gate=gate)
    async with RestTransport(venue.url, timeout=timedelta(milliseconds=50)) as rest:
        with pytest.raises(errors.RequestTimeoutError, match="no answer to GET /api/x") as caught:
            await soon(rest.get_public("/api/x", [("secret", "1")]))
    gate.set()

    assert caught.value.outcome_unknown
    assert "secret" not in str(caught.value)


async def test_refused_connection_means_that_nothing_was_sent() -> None:
    async with FakeRest() as gone:
        url = gone.url
    async with RestTransport(url) as rest:
        with pytest.raises(errors.ConnectionFailedError) as caught:
            await soon(rest.get_public("/api/x"))

    assert not caught.value.outcome_unknown


async def test_redirect_is_not_followed_because_its_signature_would_not_fit(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply({"code": 0}, status=302, headers={"Location": f"{venue.url}/elsewhere"})

    with pytest.raises(errors.CoinstoreError) as caught:
        await soon(rest.get_private("/api/x"))
    assert caught.value.http_status == 302
    assert len(venue.received) == 1


async def test_session_from_outside_is_used_and_left_open(venue: FakeRest) -> None:
    venue.reply(OK)
    async with aiohttp.ClientSession() as session:
        async with RestTransport(venue.url, session=session) as rest:
            await soon(rest.get_public("/api/x"))
            await rest.close()
        assert not session.closed
