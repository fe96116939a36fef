"""Every endpoint: the request that it puts on the wire, and what it makes of the document's example."""

from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from mockex.clients.okcoinjp import Credentials, LimitOrder, MarketBuy, OkcoinClient, OrderReceipt, Side, errors
from mockex.clients.okcoinjp.vocabulary import Account
from mockex.fixtures import load, names
from okcoinjp_expected import Case
from okcoinjp_expected_funding import FUNDING_CASES
from okcoinjp_expected_public import PUBLIC_CASES, TICKER
from okcoinjp_expected_trading import TRADING_CASES
from okcoinjp_fake_venue import FakeRest, soon

CASES = [*PUBLIC_CASES, *FUNDING_CASES, *TRADING_CASES]
CREDENTIALS = Credentials(api_key="key-1", secret="secret-1", passphrase="phrase-1")


@pytest.fixture
async def venue() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def client(venue: FakeRest) -> AsyncIterator[OkcoinClient]:
    async with OkcoinClient(venue.url, credentials=CREDENTIALS) as connected:
        yield connected


def _example(fixture: str) -> Any:
    return load("okcoinjp", fixture)["responses"][0]["body"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fixture)
async def test_endpoint_sends_its_request_and_reads_the_published_example(
    venue: FakeRest, client: OkcoinClient, case: Case
) -> None:
    venue.reply(_example(case.fixture), headers=dict(case.headers))

    result = await soon(case.call(client))

    (request,) = venue.received
    assert (request.method, request.target, request.body) == (case.method, case.target, case.body)
    assert ("OK-ACCESS-SIGN" in request.headers) is not case.public
    assert result == case.expected


async def test_list_of_tickers_is_read_with_the_published_ticker(venue: FakeRest, client: OkcoinClient) -> None:
    venue.reply([_example("rest/ticker")])

    assert await soon(client.market.tickers()) == (TICKER,)
    assert venue.received[0].target == "/api/spot/v3/instruments/ticker"


def test_every_endpoint_of_the_fixtures_is_covered() -> None:
    covered = {case.fixture for case in CASES} | {"rest/tickers"}  # the document prints one ticker for both

    assert set(names("okcoinjp", "rest")) == covered


async def test_optional_parameters_stay_out_of_the_query(venue: FakeRest, client: OkcoinClient) -> None:
    for _ in range(4):
        venue.reply([])

    await soon(client.trading.open_orders())
    await soon(client.funding.ledger())
    await soon(client.market.trades("BTC-JPY"))
    await soon(client.market.candles("BTC-JPY"))

    assert [request.target for request in venue.received] == [
        "/api/spot/v3/orders_pending",
        "/api/account/v3/ledger",
        "/api/spot/v3/instruments/BTC-JPY/trades",
        "/api/spot/v3/instruments/BTC-JPY/candles",
    ]


async def test_refused_order_of_a_batch_is_a_value_beside_the_accepted_one(venue: FakeRest, client: OkcoinClient) -> None:
    accepted = {"client_oid": "a1", "error_code": "0", "error_message": "", "order_id": "7", "result": True}
    refused = {
        "client_oid": "a2",
        "error_code": "33017",
        "error_message": "Greater than the maximum available balance",
        "order_id": "-1",
        "result": False,
    }
    venue.reply({"btc_jpy": [accepted, refused]})
    orders = [MarketBuy(instrument_id="BTC-JPY", notional=Decimal(1), client_oid=oid) for oid in ("a1", "a2")]

    outcomes = await soon(client.trading.place_orders(orders))

    receipt, error = outcomes["BTC-JPY"]
    assert receipt == OrderReceipt(order_id="7", client_oid="a1")
    assert type(error) is errors.InsufficientFundsError
    assert (error.code, error.client_oid, error.order_id) == (33017, "a2", None)


@pytest.mark.parametrize("status", [200, 400])
async def test_refused_order_is_raised_under_either_http_status(venue: FakeRest, client: OkcoinClient, status: int) -> None:
    venue.reply(
        {"client_oid": "", "error_code": "33024", "error_message": "too small", "order_id": "-1", "result": False},
        status=status,
    )
    order = LimitOrder(instrument_id="BTC-JPY", side=Side.BUY, price=Decimal(1), size=Decimal("0.0001"))

    with pytest.raises(errors.OrderRejectedError, match="33024: too small"):
        await soon(client.trading.place_order(order))


async def test_order_number_and_client_id_are_encoded_as_one_path_segment(venue: FakeRest, client: OkcoinClient) -> None:
    venue.reply({"order_id": "1", "client_oid": "", "result": True, "error_code": "0", "error_message": ""})

    await soon(client.trading.cancel_order("BTC-JPY", "a/b?c"))

    assert venue.received[0].target == "/api/spot/v3/cancel_orders/a%2Fb%3Fc"


async def test_empty_order_id_is_refused_before_anything_is_sent(venue: FakeRest, client: OkcoinClient) -> None:
    with pytest.raises(ValueError, match="empty id"):
        await client.trading.cancel_order("BTC-JPY", "")

    assert venue.received == []


async def test_naive_datetime_is_refused_before_anything_is_sent(venue: FakeRest, client: OkcoinClient) -> None:
    naive = datetime(2024, 1, 1)  # noqa: DTZ001 - what the test is about

    with pytest.raises(ValueError, match="no time zone"):
        await client.market.candles("BTC-JPY", start=naive, end=naive)

    assert venue.received == []


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
async def test_amount_that_is_no_number_is_refused_before_anything_is_sent(
    venue: FakeRest, client: OkcoinClient, amount: str
) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        await client.funding.transfer(currency="BTC", amount=Decimal(amount), source=Account.SPOT, target=Account.FUNDING)

    assert venue.received == []


async def test_small_and_large_amounts_are_sent_in_plain_notation(venue: FakeRest, client: OkcoinClient) -> None:
    venue.reply({"order_id": "1", "client_oid": "", "result": True, "error_code": "0", "error_message": ""})
    order = LimitOrder(instrument_id="BTC-JPY", side=Side.SELL, price=Decimal("1E+7"), size=Decimal("1E-8"))

    await soon(client.trading.place_order(order))

    assert b'"price":"10000000","size":"0.00000001"' in venue.received[0].body


async def test_unquoted_valuation_keeps_every_digit(venue: FakeRest, client: OkcoinClient) -> None:
    venue.reply_raw(
        b'[{"account_type":"6","balance":12345678901234567.12345678,"valuation_currency":"JPY",'
        b'"timestamp":"2019-12-09T10:28:23.002Z"}]'
    )

    valuation = await soon(client.funding.asset_valuation(Account.FUNDING))

    assert valuation.balance == Decimal("12345678901234567.12345678")


async def test_server_time_reads_a_quoted_epoch(venue: FakeRest, client: OkcoinClient) -> None:
    venue.reply({"iso": "2015-01-07T23:47:25.201Z", "epoch": "1420674445.201"})

    assert (await soon(client.server_time())).epoch_ns == 1_420_674_445_201_000_000


async def test_wallet_without_a_row_is_no_data(venue: FakeRest, client: OkcoinClient) -> None:
    venue.reply([])

    with pytest.raises(errors.NoDataError):
        await soon(client.funding.wallet_of("XMR"))


async def test_status_outside_the_document_keeps_its_number(venue: FakeRest, client: OkcoinClient) -> None:
    row = _example("rest/deposit_history")[0] | {"status": "12"}
    venue.reply([row])

    (deposit,) = await soon(client.funding.deposits())

    assert (deposit.status, deposit.status_code) == (None, "12")


async def test_fee_in_a_currency_whose_name_begins_with_a_digit_is_split(venue: FakeRest, client: OkcoinClient) -> None:
    row = _example("rest/withdrawal_history")[0]
    venue.reply([row | {"currency": "1INCH", "fee": "0.010000001inch"}, row | {"currency": "USDT", "fee": "0.01000000eth"}])

    own, other = await soon(client.funding.withdrawals())

    assert (own.fee, own.fee_currency) == (Decimal("0.01"), "1INCH")
    assert (other.fee, other.fee_currency) == (Decimal("0.01"), "ETH")


@pytest.mark.parametrize("nothing", ["", "0"])
async def test_pair_that_never_traded_has_no_prices(venue: FakeRest, client: OkcoinClient, nothing: str) -> None:
    absent = ["last", "last_qty", "best_ask", "open_24h", "high_24h", "low_24h"]
    row = _example("rest/ticker") | dict.fromkeys(absent, nothing)
    venue.reply(row)

    ticker = await soon(client.market.ticker("BTC-JPY"))

    assert (ticker.last, ticker.best_ask, ticker.open_24h) == (None, None, None)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"state": "9"}, "order.state is not a OrderState: '9'"),
        ({"side": "long"}, "order.side"),
        ({"filled_size": "many"}, "order.filled_size is not a decimal: 'many'"),
        ({"filled_size": "NaN"}, "order.filled_size is not a decimal"),
        ({"filled_size": True}, "order.filled_size is not a decimal"),
        ({"timestamp": "2019-03-15T02:52:56.000"}, "order.timestamp is not a time with a zone"),
        ({"timestamp": "yesterday"}, "order.timestamp is not a time"),
        ({"order_id": None}, "order.order_id is not text"),
    ],
)
async def test_reply_of_another_shape_names_the_field(
    venue: FakeRest, client: OkcoinClient, change: dict[str, Any], complaint: str
) -> None:
    venue.reply(_example("rest/order") | change)

    with pytest.raises(errors.MalformedReplyError) as raised:
        await soon(client.trading.order("BTC-JPY", "1"))

    assert complaint in raised.value.message


async def test_reply_without_a_documented_field_names_it(venue: FakeRest, client: OkcoinClient) -> None:
    row = _example("rest/order")
    del row["price_avg"], row["side"]
    venue.reply(row)

    with pytest.raises(errors.MalformedReplyError, match="order has no field side"):
        await soon(client.trading.order("BTC-JPY", "1"))


async def test_private_endpoint_needs_credentials(venue: FakeRest) -> None:
    async with OkcoinClient(venue.url) as client:
        with pytest.raises(ValueError, match="needs credentials"):
            await client.trading.accounts()

    assert venue.received == []
