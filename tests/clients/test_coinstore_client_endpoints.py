"""Every endpoint of the Coinstore client: the bytes that it puts on the wire, and what it makes of the published reply."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from importlib import resources

import pytest
from coinstore_expected import Case, D
from coinstore_expected_private import ACCOUNT_CASES, PLACING_CASES, READING_CASES, WALLET_CASES
from coinstore_expected_public import AGGREGATOR_CASES, MARKET_CASES, REFERENCE_CASES
from loopback import FakeRest, soon
from mockex.clients.coinstore import (
    CoinstoreClient,
    Credentials,
    LimitOrder,
    MarketBuy,
    OrderReceipt,
    RecordFilter,
    Side,
    TransferKind,
    Wallet,
    errors,
)
from mockex.clients.coinstore.signing import sign
from mockex.fixtures import load, names

CASES = [
    *(*REFERENCE_CASES, *MARKET_CASES, *AGGREGATOR_CASES),
    *(*ACCOUNT_CASES, *PLACING_CASES, *READING_CASES, *WALLET_CASES),
]
CREDENTIALS = Credentials(api_key="mockex-key", secret="mockex-secret")
AUTHENTICATION = {"X-CS-APIKEY", "X-CS-EXPIRES", "X-CS-SIGN"}


@pytest.fixture
async def venue() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def client(venue: FakeRest) -> AsyncIterator[CoinstoreClient]:
    async with CoinstoreClient(venue.url, credentials=CREDENTIALS) as connected:
        yield connected


def _reply_bytes(fixture: str, reply: int) -> bytes:
    """A published reply with the digits of its file."""
    text = resources.files("mockex.fixtures").joinpath("coinstore", f"{fixture}.json").read_text(encoding="utf-8")
    body = json.loads(text, parse_float=lambda digits: f"\x00{digits}\x00")["responses"][reply]["body"]
    return json.dumps(body).replace('"\\u0000', "").replace('\\u0000"', "").encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fixture}-{case.request}-{case.reply}")
async def test_endpoint_sends_its_request_and_reads_the_published_reply(venue: FakeRest, case: Case) -> None:
    venue.reply_raw(_reply_bytes(case.fixture, case.reply))
    published = load("coinstore", case.fixture)["requests"][case.request]

    async with CoinstoreClient(venue.url, credentials=CREDENTIALS, now=lambda: case.now_ms * 1_000_000) as client:
        result = await soon(case.call(client))

    assert result == case.expected
    (request,) = venue.received
    target = published["path"] + (f"?{published['query']}" if published["query"] else "")
    body = json.dumps(published["body"], separators=(",", ":")).encode() if "body" in published else b""
    assert (request.method, request.target, request.body) == (published["method"], target, body)
    assert request.headers["Content-Type"] == "application/json"
    signed = {name: request.headers[name] for name in AUTHENTICATION if name in request.headers}
    if load("coinstore", case.fixture)["auth"] == "public":
        assert signed == {}
    else:
        payload = published["query"].encode() + body
        assert signed == {
            "X-CS-APIKEY": "mockex-key",
            "X-CS-EXPIRES": str(case.now_ms),
            "X-CS-SIGN": sign("mockex-secret", expires_ms=case.now_ms, payload=payload),
        }


def test_every_endpoint_of_the_fixtures_is_covered() -> None:
    assert set(names("coinstore", "rest")) == {case.fixture for case in CASES}


async def test_a_query_is_signed_as_the_worked_vector_says(venue: FakeRest) -> None:
    (vector,) = [v for v in load("coinstore", "signing")["vectors"] if v["id"] == "signing.get-order-info"]
    venue.reply_raw(_reply_bytes("rest/order_info", 0))
    now_ns = int(vector["expires"]) * 1_000_000

    async with CoinstoreClient(venue.url, credentials=CREDENTIALS, now=lambda: now_ns) as client:
        await soon(client.trading.order_v1(1780715084580128))

    assert venue.received[0].headers["X-CS-SIGN"] == vector["signature"]


async def test_batch_outcomes_come_in_order_and_a_refused_order_is_a_value(venue: FakeRest, client: CoinstoreClient) -> None:
    venue.reply_raw(_reply_bytes("rest/place_batch", 1))

    receipt, refusal = await soon(
        client.trading.place_orders(
            "BTCUSDT",
            [MarketBuy(amount=D("1"), client_order_id="ccc666"), MarketBuy(amount=D("1"), client_order_id="ccc777")],
        )
    )

    assert json.loads(venue.received[0].body)["orders"][0] == {
        "clOrdId": "ccc666",
        "side": "BUY",
        "ordType": "MARKET",
        "ordAmt": "1",
    }
    assert receipt == OrderReceipt(order_id=1722364585836585, client_order_id="ccc666")
    assert type(refusal) is errors.InsufficientFundsError
    assert (refusal.code, refusal.client_order_id, refusal.message) == (3113, "ccc777", "account-insufficient")


async def test_a_batch_with_another_number_of_outcomes_is_malformed(venue: FakeRest, client: CoinstoreClient) -> None:
    venue.reply_raw(_reply_bytes("rest/place_batch", 0))

    with pytest.raises(errors.MalformedReplyError, match="2 outcomes for 1 orders"):
        await soon(client.trading.place_orders("BTCUSDT", [MarketBuy(amount=D("1"))]))


async def test_a_balance_row_that_is_missing_counts_as_zero_and_two_of_a_kind_are_malformed(
    venue: FakeRest, client: CoinstoreClient
) -> None:
    row = {"uid": 1, "accountId": 2, "currency": "BTC", "balance": "5", "type": 1, "typeName": "AVAILABLE"}
    venue.reply({"data": [row], "code": 0})
    venue.reply({"data": [row, row], "code": 0})

    (balance,) = await soon(client.account.balances())
    assert (balance.available, balance.frozen) == (D("5"), D("0"))
    with pytest.raises(errors.MalformedReplyError, match="BTC has two balances of type 1"):
        await soon(client.account.balances())


async def test_numbers_outside_the_tables_are_none_instead_of_an_error(venue: FakeRest, client: CoinstoreClient) -> None:
    body = json.loads(_reply_bytes("rest/account_matches", 0))
    body["data"][0] |= {"matchRole": 2, "orderState": 30, "taxRate": 0}
    venue.reply(body)

    (fill,) = await soon(client.trading.fills("tipusdt"))

    assert (fill.role, fill.order_state) == (None, None)


async def test_a_transfer_to_a_sub_account_names_it(venue: FakeRest, client: CoinstoreClient) -> None:
    venue.reply({"code": "0", "message": "Success"})

    await soon(
        client.wallet.transfer(
            "USDT",
            D("1"),
            source=Wallet.SPOT,
            target=Wallet.FUTURES,
            kind=TransferKind.TO_SUB_ACCOUNT,
            sub_account="sub-1",
        )
    )

    sent = json.loads(venue.received[0].body)
    assert (sent["type"], sent["subAccount"]) == ("1", "sub-1")
    with pytest.raises(ValueError, match="login name"):
        await client.wallet.transfer("USDT", D("1"), source=Wallet.SPOT, target=Wallet.SPOT, kind=TransferKind.FROM_SUB_ACCOUNT)


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
async def test_an_amount_that_is_no_number_is_refused_before_anything_is_sent(
    venue: FakeRest, client: CoinstoreClient, amount: str
) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        await client.trading.place_order("BTCUSDT", LimitOrder(side=Side.BUY, price=Decimal(amount), quantity=D("1")))

    assert venue.received == []


async def test_a_time_without_a_zone_and_an_empty_symbol_are_refused(venue: FakeRest, client: CoinstoreClient) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        await client.wallet.deposits(RecordFilter(start=datetime(2024, 1, 1)))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="empty symbol"):
        await client.market.book("")

    assert venue.received == []


async def test_a_symbol_with_strange_characters_stays_one_segment(venue: FakeRest, client: CoinstoreClient) -> None:
    venue.reply({"data": [], "code": 0})

    await soon(client.market.trades("A/B?C;d"))

    assert venue.received[0].target == "/api/v1/market/trade/A%2FB%3FC%3Bd"
