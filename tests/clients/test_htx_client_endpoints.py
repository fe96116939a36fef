"""Every endpoint: the request that it puts on the wire, and what it makes of the published reply."""

import dataclasses
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from htx_expected import Case, D
from htx_expected_account import ACCOUNT_CASES, WALLET_CASES
from htx_expected_public import BTCUSDT, MARKET_CASES, REFERENCE_CASES
from htx_expected_trading import CONDITIONAL_CASES, LIMIT, LIMIT_BODY, NEW_ORDERS, PLACING_CASES, READING_CASES
from loopback import FakeRest, Received, soon
from mockex.clients.htx import (
    Credentials,
    Execution,
    HtxClient,
    MarketBuy,
    Operator,
    OrderReceipt,
    OrderStateNumber,
    Period,
    errors,
)
from mockex.clients.htx.account_models import AccountBalances
from mockex.clients.htx.market_models import Ticker
from mockex.fixtures import load, names

CASES = [*REFERENCE_CASES, *MARKET_CASES, *ACCOUNT_CASES, *WALLET_CASES, *PLACING_CASES, *READING_CASES, *CONDITIONAL_CASES]
CREDENTIALS = Credentials(api_key="mockkey-0001", secret="mocksecret-0001")
AUTHENTICATION = {"AccessKeyId", "SignatureMethod", "SignatureVersion", "Timestamp", "Signature"}


@pytest.fixture
async def venue() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def client(venue: FakeRest) -> AsyncIterator[HtxClient]:
    async with HtxClient(venue.url, credentials=CREDENTIALS) as connected:
        yield connected


def _example(fixture: str, reply: int = 0) -> Any:
    return load("htx", fixture)["responses"][reply]["body"]


def _pieces(request: Received) -> tuple[str, dict[str, str]]:
    """Path and query of a request, encoded as they came."""
    path, _, query = request.target.partition("?")
    return path, dict(piece.split("=", 1) for piece in query.split("&") if piece)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fixture}-{case.reply}")
async def test_endpoint_sends_its_request_and_reads_the_published_reply(venue: FakeRest, client: HtxClient, case: Case) -> None:
    venue.reply(_example(case.fixture, case.reply))

    result = await soon(case.call(client))

    (request,) = venue.received
    path, pieces = _pieces(request)
    sent_authentication = {name: pieces.pop(name) for name in AUTHENTICATION & set(pieces)}
    assert set(sent_authentication) == (set() if case.public else AUTHENTICATION)
    assert (path, "&".join(f"{name}={value}" for name, value in sorted(pieces.items()))) == (case.path, case.query)
    assert request.method == ("GET" if case.body is None else "POST")
    assert (json.loads(request.body) if request.body else None) == case.body
    assert result == case.expected


async def test_trading_rules_of_all_symbols_are_read(venue: FakeRest, client: HtxClient) -> None:
    venue.reply(_example("rest/symbols"))
    venue.reply(_example("rest/symbols", 1))

    btc, eth = await soon(client.reference.symbols())
    (leveraged,) = await soon(client.reference.symbols())

    assert venue.received[0].target == "/v1/common/symbols"
    assert btc == BTCUSDT
    assert (eth.symbol, eth.amount_precision, eth.least_limit_amount) == ("ethusdt", 4, D("0.001"))
    assert (leveraged.symbol, leveraged.largest_value) == ("xrp3susdt", D("2500"))


async def test_batch_outcomes_come_in_order_and_a_refused_order_is_a_value(venue: FakeRest, client: HtxClient) -> None:
    venue.reply(_example("rest/batch_orders"))

    outcomes = await soon(client.trading.place_orders([LIMIT, LIMIT]))

    receipt, refusal = outcomes
    assert json.loads(venue.received[0].body) == [LIMIT_BODY, LIMIT_BODY]
    assert receipt == OrderReceipt(order_id="361560582529749", client_order_id="2345")
    assert type(refusal) is errors.OrderRejectedError
    assert (refusal.code, refusal.client_order_id) == ("order-value-min-error", "23456")


@pytest.mark.parametrize("by", ["order", "client order"])
async def test_batch_cancel_tells_the_accepted_from_the_refused(venue: FakeRest, client: HtxClient, by: str) -> None:
    venue.reply(_example("rest/batch_cancel"))

    if by == "order":
        outcomes = await soon(client.trading.cancel_orders(["12345", 357631450723117]))
        assert json.loads(venue.received[0].body) == {"order-ids": ["12345", "357631450723117"]}
    else:
        outcomes = await soon(client.trading.cancel_client_orders(["a", "b"]))
        assert json.loads(venue.received[0].body) == {"client-order-ids": ["a", "b"]}

    assert outcomes.accepted == ("12345",)
    (refusal,) = outcomes.refused
    assert type(refusal) is errors.OrderClosedError
    assert (refusal.order_id, refusal.order_state) == ("357631450723117", OrderStateNumber.CANCELLED)


def test_every_endpoint_of_the_fixtures_is_covered() -> None:
    covered = {case.fixture for case in CASES} | {"rest/symbols", "rest/batch_orders", "rest/batch_cancel"}  # tests above

    assert set(names("htx", "rest")) == covered


# --- orders on the wire ---


@pytest.mark.parametrize(
    ("order", "fields"), NEW_ORDERS, ids=lambda value: value.get("type") if isinstance(value, dict) else ""
)
async def test_each_kind_of_order_has_its_type_and_exactly_its_fields(
    venue: FakeRest, client: HtxClient, order: Any, fields: dict[str, Any]
) -> None:
    venue.reply(_example("rest/place_order"))

    await soon(client.trading.place_order(order))

    common = {"account-id": "100009", "symbol": "btcusdt", "amount": "0.01"}
    assert json.loads(venue.received[0].body) == common | fields


@pytest.mark.parametrize(
    "change",
    [
        {"stop_price": D("1")},
        {"operator": Operator.AT_OR_ABOVE},
        {"stop_price": D("1"), "operator": Operator.AT_OR_ABOVE, "execution": Execution.POST_ONLY},
        {"stop_price": D("1"), "operator": Operator.AT_OR_ABOVE, "execution": Execution.IMMEDIATE_OR_CANCEL},
        {"amount": D("NaN")},
        {"price": D("Infinity")},
    ],
)
async def test_order_that_cannot_be_written_is_refused_before_anything_is_sent(
    venue: FakeRest, client: HtxClient, change: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"stop order|not an amount"):
        await client.trading.place_order(dataclasses.replace(LIMIT, **change))

    assert venue.received == []


async def test_small_and_large_amounts_are_sent_in_plain_notation(venue: FakeRest, client: HtxClient) -> None:
    venue.reply(_example("rest/place_order"))

    await soon(client.trading.place_order(dataclasses.replace(LIMIT, price=D("1E+7"), amount=D("1E-8"))))

    assert b'"amount":"0.00000001","price":"10000000"' in venue.received[0].body


async def test_refused_order_under_http_200_is_raised_with_its_code(venue: FakeRest, client: HtxClient) -> None:
    text = "trade account balance is not enough, left: `0.0027`"
    venue.reply({"status": "error", "err-code": "account-frozen-balance-insufficient-error", "err-msg": text, "data": None})

    with pytest.raises(errors.InsufficientFundsError) as raised:
        await soon(client.trading.place_order(MarketBuy(account_id=1, symbol="btcusdt", value=D("9"))))

    assert (raised.value.code, raised.value.message) == ("account-frozen-balance-insufficient-error", text)


async def test_cancel_of_a_closed_order_says_in_which_state(venue: FakeRest, client: HtxClient) -> None:
    venue.reply(load("htx", "errors")["bodies"][3]["body"])

    with pytest.raises(errors.OrderClosedError) as raised:
        await soon(client.trading.cancel_order("1"))

    assert venue.received[0].body == b"{}"
    assert raised.value.order_state == OrderStateNumber.CANCELLED


async def test_cancel_answer_outside_the_document_keeps_its_number(venue: FakeRest, client: HtxClient) -> None:
    venue.reply({"status": "ok", "data": 99})

    answer = await soon(client.trading.cancel_client_order("a"))

    assert (answer.meaning, answer.number, answer.accepted) == (None, 99, False)


@pytest.mark.parametrize("order_id", ["", "a/b?c"])
async def test_order_id_is_one_path_segment_and_never_empty(venue: FakeRest, client: HtxClient, order_id: str) -> None:
    if not order_id:
        with pytest.raises(ValueError, match="empty id"):
            await client.trading.order(order_id)
        assert venue.received == []
        return
    venue.reply(_example("rest/order"))
    await soon(client.trading.order(order_id))
    assert venue.received[0].target.startswith("/v1/order/orders/a%2Fb%3Fc?")


async def test_switch_takes_whole_seconds_only(venue: FakeRest, client: HtxClient) -> None:
    with pytest.raises(ValueError, match="whole number of seconds"):
        await client.trading.cancel_all_after(timedelta(seconds=5.5))

    assert venue.received == []


async def test_naive_datetime_is_refused_before_anything_is_sent(venue: FakeRest, client: HtxClient) -> None:
    naive = datetime(2024, 1, 1)  # noqa: DTZ001 - what the test is about

    for call in (
        client.market.candles("btcusdt", Period.ONE_DAY, start=naive),
        client.trading.fills(end=naive),
        client.account.history(1, start=naive),
    ):
        with pytest.raises(ValueError, match="no time zone"):
            await call

    assert venue.received == []


# --- numbers and shapes ---


@pytest.mark.parametrize("vector", load("htx", "numbers")["doubles"], ids=lambda vector: vector["id"])
async def test_double_of_market_data_keeps_its_value_exactly(
    venue: FakeRest, client: HtxClient, vector: dict[str, str]
) -> None:
    row = '{"symbol":"x","open":1,"close":1,"low":1,"high":1,"amount":%s,"vol":1,"count":1}'
    venue.reply_raw(f'{{"status":"ok","ts":1,"data":[{row % vector["text"]}]}}'.encode())

    (ticker,) = await soon(client.market.tickers())

    assert isinstance(ticker, Ticker)
    assert ticker.statistics.amount == Decimal(vector["value"])
    assert (ticker.bid, ticker.ask) == (None, None)


@pytest.mark.parametrize("vector", load("htx", "numbers")["long_ids"], ids=lambda vector: vector["id"])
async def test_long_id_of_a_trade_keeps_every_digit(venue: FakeRest, client: HtxClient, vector: dict[str, str]) -> None:
    trade = '{"id":%s,"ts":1,"trade-id":7,"amount":1,"price":1,"direction":"sell"}' % vector["text"]  # noqa: UP031 - braces
    tick = f'{{"id":1,"ts":1,"data":[{trade}]}}'
    venue.reply_raw(f'{{"ch":"market.x.trade.detail","status":"ok","ts":1,"tick":{tick}}}'.encode())

    match = await soon(client.market.last_match("x"))

    assert str(match.trades[0].id) == vector["text"]


@pytest.mark.parametrize("vector", load("htx", "numbers")["amounts"], ids=lambda vector: vector["id"])
async def test_amount_of_an_order_keeps_its_value_exactly(venue: FakeRest, client: HtxClient, vector: dict[str, str]) -> None:
    body = _example("rest/order")
    body["data"]["field-cash-amount"] = vector["text"]
    venue.reply(body)

    order = await soon(client.trading.order(1))

    assert order.filled_cash_amount == Decimal(vector["value"])


async def test_balance_of_a_currency_is_the_exact_sum_of_its_rows(venue: FakeRest, client: HtxClient) -> None:
    body = _example("rest/balance")
    body["data"]["list"][0]["balance"] = "91850043797676.510303000000000001"
    venue.reply(body)

    balances = await soon(client.account.balances(1))

    assert isinstance(balances, AccountBalances)
    assert balances.of("usdt").total == D("91850043797681.670303000000000016")
    assert (balances.of("poly").frozen, balances.of("btc").total) == (D("0"), D("0"))


async def test_incremental_list_without_news_is_empty_and_not_complete(venue: FakeRest, client: HtxClient) -> None:
    venue.reply({"status": "ok", "data": [], "ts": "1641880897191", "full": 0})

    changes = await soon(client.reference.market_symbols(since_ms=1_641_880_897_191))

    assert (changes.rows, changes.as_of_ms, changes.complete) == ((), 1_641_880_897_191, False)


@pytest.mark.parametrize("nothing", [None, []])
async def test_symbol_with_an_empty_side_has_no_best_price(venue: FakeRest, client: HtxClient, nothing: Any) -> None:
    body = _example("rest/merged")
    body["tick"]["bid"] = nothing
    venue.reply(body)

    ticker = await soon(client.market.ticker("btcusdt"))

    assert ticker.bid is None
    assert ticker.ask is not None


async def test_type_that_only_the_site_places_keeps_its_text(venue: FakeRest, client: HtxClient) -> None:
    body = _example("rest/order")
    body["data"]["type"] = "buy-limit-grid"
    venue.reply(body)

    order = await soon(client.trading.order(1))

    assert (order.type, order.type_text) == (None, "buy-limit-grid")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"state": "open"}, "order.state is not a OrderState: 'open'"),
        ({"field-amount": "many"}, "order.field-amount is not a decimal: 'many'"),
        ({"field-amount": True}, "order.field-amount is not a decimal"),
        ({"id": "x1"}, "order.id is not a decimal"),
        ({"id": 1.5}, "order.id is not a whole number"),
        ({"created-at": 10**18}, "order.created-at is not a time"),
        ({"created-at": None}, "order.created-at is not a decimal: None"),
        ({"symbol": None}, "order.symbol is not text"),
        ({"operator": "eq"}, "order.operator is not a Operator"),
    ],
)
async def test_reply_of_another_shape_names_the_field(
    venue: FakeRest, client: HtxClient, change: dict[str, Any], complaint: str
) -> None:
    body = _example("rest/order")
    body["data"] |= change
    venue.reply(body)

    with pytest.raises(errors.MalformedReplyError) as raised:
        await soon(client.trading.order("1"))

    assert complaint in raised.value.message


async def test_reply_without_a_documented_field_names_it(venue: FakeRest, client: HtxClient) -> None:
    body = _example("rest/order")
    del body["data"]["state"]
    venue.reply(body)

    with pytest.raises(errors.MalformedReplyError, match="order has no field state"):
        await soon(client.trading.order("1"))


async def test_market_reply_without_a_channel_is_malformed(venue: FakeRest, client: HtxClient) -> None:
    body = _example("rest/kline")
    for channel in ("btcusdt", "market.btcusdt", ""):
        venue.reply(body | {"ch": channel})
        with pytest.raises(errors.MalformedReplyError, match="names no symbol"):
            await soon(client.market.klines("btcusdt", Period.FIVE_MINUTES))
