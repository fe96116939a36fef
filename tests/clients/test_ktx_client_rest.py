"""The REST transport of KTX: what is signed is what is sent, and every way to fail has its class."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from ktx_fake_venue import CREDENTIALS, NOW_MS
from loopback import FakeRest, soon
from mockex.clients.ktx import KtxClient, Profile, RestTransport, ServerClock, Usage, errors
from mockex.clients.ktx.signing import sign
from mockex.fixtures import load


@pytest.fixture
async def venue() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def rest(venue: FakeRest) -> AsyncIterator[RestTransport]:
    clock = ServerClock(lambda: NOW_MS * 1_000_000 + 999_999)
    async with RestTransport(venue.url, credentials=CREDENTIALS, clock=clock) as transport:
        yield transport


async def test_query_and_body_are_signed_as_they_arrive(venue: FakeRest, rest: RestTransport) -> None:
    for _ in range(2):
        venue.reply([])
    await soon(rest.get_private("/v1/x", [("asset", "a b/ü&"), ("id", "c:1"), ("list", "A,B"), ("left", None)]))
    await soon(rest.send_private("DELETE", "/v1/x", {"text": "ü", "list": [1, "2"]}))

    first, second = venue.received
    assert first.target == "/v1/x?asset=a%20b%2F%C3%BC%26&id=c:1&list=A,B"
    assert second.body == '{"text":"ü","list":[1,"2"]}'.encode()
    assert first.headers["api-sign"] == sign(CREDENTIALS.secret, first.target.partition("?")[2].encode())
    assert second.headers["api-sign"] == sign(CREDENTIALS.secret, second.body)


async def test_expiry_may_be_left_out_in_gen1_alone(venue: FakeRest) -> None:
    venue.reply([])
    async with KtxClient(venue.url, credentials=CREDENTIALS, expiry=None) as client:
        await soon(client.account.balances())

    assert "api-expire-time" not in venue.received[0].headers
    with pytest.raises(ValueError, match="expiry must not be None"):
        KtxClient(venue.url, credentials=CREDENTIALS, expiry=None, profile=Profile.GEN2)


async def test_corrected_clock_is_what_a_request_expires_by(venue: FakeRest) -> None:
    venue.reply([])
    async with KtxClient(venue.url, credentials=CREDENTIALS, now=lambda: 0, expiry=timedelta(seconds=1)) as client:
        client.clock.correct(server_ns=NOW_MS * 1_000_000, asked_ns=0, answered_ns=0)
        await soon(client.account.balances())

    assert venue.received[0].headers["api-expire-time"] == str(NOW_MS + 1000)


async def test_public_request_carries_no_trace_of_the_key(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply([])

    await soon(rest.get_public("/v1/x"))

    assert not any(name.lower().startswith("api-") for name in venue.received[0].headers)


@pytest.mark.parametrize("row", load("ktx", "conventions")["wrapping"], ids=lambda row: row["generation"])
async def test_replies_are_unwrapped_if_they_are_wrapped(venue: FakeRest, rest: RestTransport, row: dict[str, Any]) -> None:
    venue.reply(row["body"])

    assert (await soon(rest.get_public("/v1/x"))).data == [1]


async def test_refusal_under_http_200_is_raised(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply({"state": -21008, "msg": "no"})

    with pytest.raises(errors.AuthenticationError, match="-21008: no") as caught:
        await soon(rest.get_private("/v1/x"))
    assert caught.value.http_status == 200


async def test_the_same_code_is_another_failure_in_gen2(venue: FakeRest) -> None:
    for _ in range(2):
        venue.reply({"state": -20005, "msg": ""})
    for profile, kind in ((Profile.GEN1, errors.RequestExpiredError), (Profile.GEN2, errors.InsufficientFundsError)):
        async with RestTransport(venue.url, profile=profile) as rest:
            with pytest.raises(errors.KtxError) as caught:
                await soon(rest.get_public("/v1/x"))
            assert type(caught.value) is kind


@pytest.mark.parametrize("steps", [vector["steps"] for vector in load("ktx", "rate_limits")["usage"]])
async def test_usage_is_told_by_replies_and_refusals(venue: FakeRest, rest: RestTransport, steps: list[Any]) -> None:
    for step in steps:
        body = [] if step["error"] is None else {"state": step["error"], "msg": "full"}
        venue.reply(body, headers={"ktx-usage": step["header"]})
        if step["error"] is None:
            reply = await soon(rest.get_public("/v1/x"))
            assert reply.usage == rest.usage
        else:
            with pytest.raises(errors.UsageLimitError):
                await soon(rest.get_public("/v1/x"))
        told = rest.usage
        assert told is not None
        assert f"{told.cost}:{told.used}:{told.left}" == step["header"]


@pytest.mark.parametrize("header", ["", "1:2", "1:2:x", "1:2:3:4", "-1:2:3"])
async def test_usage_of_another_form_is_none(venue: FakeRest, rest: RestTransport, header: str) -> None:
    venue.reply([], headers={"Ktx-Usage": "10:240:9760"})
    venue.reply([], headers={"Ktx-Usage": header})
    first = await soon(rest.get_public("/v1/x"))
    assert first.usage == Usage(cost=10, used=240, left=9760)

    assert (await soon(rest.get_public("/v1/x"))).usage is None
    assert rest.usage == first.usage


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 99_999, b"NaN"])
async def test_bodies_that_are_no_json_are_malformed_and_nothing_worse(
    venue: FakeRest, rest: RestTransport, body: bytes
) -> None:
    venue.reply_raw(body)

    with pytest.raises(errors.MalformedReplyError):
        await soon(rest.get_public("/v1/x"))


async def test_page_in_html_is_told_by_its_status(venue: FakeRest, rest: RestTransport) -> None:
    for status in (404, 502):
        venue.reply_raw(b"<html>", status=status)

    with pytest.raises(errors.EndpointNotFoundError):
        await soon(rest.get_public("/v1/nothing"))
    with pytest.raises(errors.ServerFaultError):
        await soon(rest.get_public("/v1/x"))


async def test_replies_of_another_shape_are_malformed(venue: FakeRest) -> None:
    venue.reply({"a": 1})
    venue.reply([1])
    async with KtxClient(venue.url, credentials=CREDENTIALS) as client:
        with pytest.raises(errors.MalformedReplyError, match="list of balance is not a list"):
            await soon(client.account.balances())
        with pytest.raises(errors.MalformedReplyError, match="order is not an object"):
            await soon(client.trading.order(1))


@pytest.mark.parametrize("url", ["api.ktx.com", "ftp://host", "http://", "http://host?x=1", "http://host#x"])
def test_base_url_without_scheme_or_host_or_with_a_query_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a base URL"):
        RestTransport(url)
    with pytest.raises(ValueError, match="not a base URL"):
        RestTransport("http://host", url)


async def test_private_request_without_credentials_is_refused_before_anything_is_sent(venue: FakeRest) -> None:
    async with KtxClient(venue.url) as client:
        with pytest.raises(ValueError, match="needs credentials"):
            await client.account.balances()
        with pytest.raises(ValueError, match="needs credentials"):
            await client.trading.cancel_order(1)

    assert venue.received == []


async def test_missing_answer_is_a_timeout_with_unknown_outcome(venue: FakeRest) -> None:
    gate = asyncio.Event()
    venue.reply_raw(b"{}", gate=gate)
    async with RestTransport(venue.url, timeout=timedelta(milliseconds=50)) as rest:
        with pytest.raises(errors.RequestTimeoutError, match="no answer to GET /v1/x") as caught:
            await soon(rest.get_public("/v1/x"))
    gate.set()

    assert caught.value.outcome_unknown


async def test_refused_connection_means_that_nothing_was_sent() -> None:
    async with FakeRest() as gone:
        url = gone.url
    async with RestTransport(url) as rest:
        with pytest.raises(errors.ConnectionFailedError) as caught:
            await soon(rest.get_public("/v1/x"))

    assert not caught.value.outcome_unknown


async def test_redirect_is_not_followed_because_its_signature_would_not_fit(venue: FakeRest, rest: RestTransport) -> None:
    venue.reply([], status=302, headers={"Location": f"{venue.url}/elsewhere"})

    with pytest.raises(errors.KtxError) as caught:
        await soon(rest.get_private("/v1/x"))
    assert caught.value.http_status == 302
    assert len(venue.received) == 1


async def test_session_from_outside_is_used_and_left_open(venue: FakeRest) -> None:
    venue.reply([])
    async with aiohttp.ClientSession() as session:
        async with RestTransport(venue.url, session=session) as rest:
            await soon(rest.get_public("/v1/x"))
        assert not session.closed


@pytest.mark.parametrize("call", [lambda api: api.trading.cancel_order(7), lambda api: api.trading.cancel_orders("BTC_USDT")])
async def test_a_cancel_whose_reply_is_lost_is_not_sent_again(call: Callable[[KtxClient], Awaitable[object]]) -> None:
    """Not even by the library beneath, which repeats a DELETE on a connection that had served before."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (head := await reader.readuntil(b"\r\n\r\n")).startswith(b"GET"):
            heads.append(head)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        heads.append(head)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with KtxClient(f"http://127.0.0.1:{port}/api", credentials=CREDENTIALS) as api:
            assert await soon(api.account.balances()) == ()
            with pytest.raises(errors.ConnectionLostError) as lost:
                await soon(call(api))

    assert [head.split()[0] for head in heads] == [b"GET", b"DELETE"]
    assert lost.value.outcome_unknown
