"""Every endpoint of the KTX client: the bytes that it puts on the wire, and what it makes of the published reply."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from ktx_expected import ACCOUNT_CASES, BTC, MARKET_CASES, TRADING_CASES, Case, D
from loopback import FakeRest, soon
from mockex.clients.ktx import (
    Credentials,
    KtxClient,
    LimitOrder,
    Market,
    MarketOrder,
    OrderStatus,
    Profile,
    Side,
    Span,
    TimeFrame,
    errors,
)
from mockex.clients.ktx.signing import sign
from mockex.fixtures import load, names

CASES = [*MARKET_CASES, *ACCOUNT_CASES, *TRADING_CASES]
(VECTOR,) = [vector for vector in load("ktx", "signing")["vectors"] if vector["id"] == "signing.accounts"]
CREDENTIALS = Credentials(api_key=VECTOR["key"], secret=VECTOR["secret"])
NOW_MS = 1_733_390_630_904
ORDER: dict[str, Any] = load("ktx", "rest/order")["responses"][0]["body"]


@pytest.fixture
async def market() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def user() -> AsyncIterator[FakeRest]:
    async with FakeRest() as fake:
        yield fake


@pytest.fixture
async def client(market: FakeRest, user: FakeRest) -> AsyncIterator[KtxClient]:
    urls = (f"{market.url}/api", f"{user.url}/api/")
    async with KtxClient(*urls, credentials=CREDENTIALS, now=lambda: NOW_MS * 1_000_000) as connected:
        yield connected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fixture}-{case.request}-{case.reply}")
async def test_endpoint_sends_its_request_and_reads_the_published_reply(
    market: FakeRest, user: FakeRest, client: KtxClient, case: Case
) -> None:
    fixture = load("ktx", case.fixture)
    public = fixture["auth"] == "public"
    venue, other = (market, user) if public else (user, market)
    venue.reply(fixture["responses"][case.reply]["body"])
    published = fixture["requests"][case.request]

    assert await soon(case.call(client)) == case.expected

    (request,) = venue.received
    assert other.received == []
    target = f"/api{published['path']}" + (f"?{published['query']}" if published["query"] else "")
    body = json.dumps(published["body"], separators=(",", ":")).encode() if "body" in published else b""
    assert (request.method, request.target, request.body) == (published["method"], target, body)
    assert request.headers["Content-Type"] == "application/json"
    signed = {name.lower(): text for name, text in request.headers.items() if name.lower().startswith("api-")}
    assert signed == (
        {}
        if public
        else {
            "api-key": VECTOR["key"],
            "api-sign": sign(VECTOR["secret"], body or published["query"].encode()),
            "api-expire-time": str(NOW_MS + 5000),
        }
    )


def test_every_endpoint_of_the_fixtures_is_covered() -> None:
    # The list of spare hosts lies on a host of its own, with a body that no source shows.
    assert set(names("ktx", "rest")) - {"rest/api_domains"} == {case.fixture for case in CASES}


@pytest.mark.parametrize("sample", load("ktx", "samples")["requests"], ids=lambda sample: sample["id"])
async def test_requests_of_the_documents_samples_are_signed_as_they_are_sent(
    market: FakeRest, user: FakeRest, client: KtxClient, sample: dict[str, Any]
) -> None:
    venue = user if "secret" in sample else market
    venue.reply([])
    credentials = Credentials(api_key=sample["key"], secret=sample["secret"]) if "secret" in sample else None

    body = sample.get("text", "").encode()
    await soon(client.rest.send(sample["method"], sample["path"], query=sample["query"], body=body, credentials=credentials))

    (request,) = venue.received
    assert request.target == f"/api{sample['path']}" + (f"?{sample['query']}" if sample["query"] else "")
    assert request.body == body
    assert request.headers.get("api-sign") == sample.get("signature")


async def test_an_order_of_gen2_has_a_side_and_no_sign_and_is_signed_with_its_expiry(user: FakeRest) -> None:
    (vector,) = [vector for vector in load("ktx", "signing")["vectors"] if vector["id"] == "signing.gen2-post"]
    user.reply({"state": 0, "result": ORDER})
    order = LimitOrder(side=Side.SELL, quantity=D("0.0001"), price=D("90000"))
    now_ns = (int(vector["expires"]) - 5000) * 1_000_000
    async with KtxClient(user.url, credentials=CREDENTIALS, profile=Profile.GEN2, now=lambda: now_ns) as client:
        placed = await soon(client.trading.place_order(BTC, order))

    assert placed.status is OrderStatus.FILLED
    (request,) = user.received
    sent = json.loads(request.body)
    assert (sent["side"], sent["quantity"]) == ("sell", "0.0001")
    assert request.headers["api-expire-time"] == vector["expires"]
    assert request.headers["api-sign"] == sign(VECTOR["secret"], vector["expires"].encode() + request.body)


async def test_cancellations_of_gen2_are_posts(user: FakeRest) -> None:
    user.reply([1])
    user.reply([0])
    async with KtxClient(user.url, credentials=CREDENTIALS, profile=Profile.GEN2) as client:
        assert await soon(client.trading.cancel_client_order(123)) == 1
        assert await soon(client.trading.cancel_orders(BTC)) == 0

    assert [(r.method, r.target) for r in user.received] == [("POST", "/v1/order/delete"), ("POST", "/v1/orders/delete")]
    assert user.received[0].body == b'{"id":"c:123"}'


async def test_an_empty_array_tells_no_number_of_cancelled_orders(user: FakeRest, client: KtxClient) -> None:
    user.reply([])
    user.reply([1, 2])

    assert await soon(client.trading.cancel_orders(BTC)) is None
    with pytest.raises(errors.MalformedReplyError, match="2 counts"):
        await soon(client.trading.cancel_orders(BTC))


async def test_a_market_order_has_no_price_and_a_word_outside_the_tables_is_none(user: FakeRest, client: KtxClient) -> None:
    user.reply(ORDER | {"type": "market", "price": "0", "status": "resting", "action": "jump", "timeInForce": "gtx"})

    order = await soon(client.trading.order(1))

    assert (order.price, order.status, order.action, order.time_in_force) == (None, None, None, None)


async def test_a_position_of_gen2_has_a_side_for_its_sign(user: FakeRest, client: KtxClient) -> None:
    row = load("ktx", "rest/positions")["responses"][0]["body"][0] | {"quantity": "0.1", "closableQty": "0.1"}
    user.reply([row | {"side": side} for side in ("sell", "buy", "short", "long")])
    user.reply([])
    user.reply([row | {"side": "up"}])

    assert [position.quantity for position in await soon(client.account.positions())] == [D("-0.1"), D("0.1")] * 2
    assert await soon(client.account.position(1)) is None
    with pytest.raises(errors.MalformedReplyError, match="no direction"):
        await soon(client.account.position(1))


async def test_what_is_free_is_the_balance_without_what_is_held(user: FakeRest, client: KtxClient) -> None:
    user.reply_raw(b'[{"asset":"USDT","balance":100000.000000000000000001,"holds":20016.9970000}]')

    (balance,) = await soon(client.account.balances())

    assert balance.free == D("79983.003000000000000001")


async def test_sides_of_trades_are_read_in_every_spelling_and_in_no_other(market: FakeRest, client: KtxClient) -> None:
    row = load("ktx", "rest/trades")["responses"][0]["body"][0]
    market.reply([row | {"s": side} for side in ("1", "-1", 1, -1, "buy", "sell")])
    market.reply([row | {"s": "2"}])

    sides = [trade.taker_side for trade in await soon(client.market.trades(Market.SPOT, BTC))]
    assert sides == [Side.BUY, Side.SELL] * 3
    with pytest.raises(errors.MalformedReplyError, match="is not a side"):
        await soon(client.market.trades(Market.SPOT, BTC))


@pytest.mark.parametrize(
    ("field", "row"), [("b", ["1"]), ("b", ["1", "x"]), ("a", "1"), ("a", ["NaN", "1"]), ("i", "x"), ("t", {})]
)
async def test_odd_books_are_malformed_and_nothing_worse(market: FakeRest, client: KtxClient, field: str, row: object) -> None:
    book = load("ktx", "rest/order_book")["responses"][0]["body"]
    market.reply(book | {field: [row] if field in "ab" else row})

    with pytest.raises(errors.MalformedReplyError, match=rf"book\.{field}"):
        await soon(client.market.book(Market.SPOT, BTC))


@pytest.mark.parametrize("candle", [[], ["1"] * 8, ["x"] * 9, ["99999999999999999"] * 9])
async def test_odd_candles_are_malformed_and_nothing_worse(market: FakeRest, client: KtxClient, candle: list[str]) -> None:
    market.reply({"t": 60000, "e": [candle]})

    with pytest.raises(errors.MalformedReplyError, match=r"candles\.e"):
        await soon(client.market.candles(Market.SPOT, BTC, TimeFrame.MINUTE_1))


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN"])
async def test_a_quantity_that_is_not_above_zero_is_refused_before_anything_is_sent(
    user: FakeRest, client: KtxClient, quantity: str
) -> None:
    with pytest.raises(ValueError, match=r"above zero|not an amount"):
        await client.trading.place_order(BTC, MarketOrder(side=Side.BUY, quantity=D(quantity)))

    assert user.received == []


async def test_bounds_that_the_venue_does_not_take_are_refused(market: FakeRest, user: FakeRest, client: KtxClient) -> None:
    late = datetime(2024, 1, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="bounded by times, by before, or by after"):
        Span(before=1, after=2)
    with pytest.raises(ValueError, match="has no time zone"):
        await client.market.trades(Market.SPOT, BTC, span=Span(start=late))
    with pytest.raises(ValueError, match="not by both"):
        await client.market.candles(Market.SPOT, BTC, TimeFrame.DAY_1, before=late, after=late)
    for ids in ({}, {"symbol": BTC, "order_id": 1}):
        with pytest.raises(ValueError, match="of a symbol or of an order"):
            await client.trading.fills(Market.SPOT, **ids)  # type: ignore[arg-type]

    assert market.received == user.received == []


# --- walking back ---


def _trades(*ids: int) -> list[dict[str, str]]:
    return [{"i": str(i), "p": "1", "q": "1", "s": "1", "t": "1628738748319"} for i in ids]


async def test_older_trades_come_newest_first_and_once_although_pages_overlap(market: FakeRest, client: KtxClient) -> None:
    for page in (_trades(7, 8, 9), _trades(6, 7), _trades(5, 6), _trades(5)):  # some with less than was asked for
        market.reply(page)

    found = [trade.trade_id async for trade in client.market.older_trades(Market.SPOT, BTC, limit=3)]

    assert found == [9, 8, 7, 6, 5]
    bounds = [request.target.partition("symbol=BTC_USDT&")[2] for request in market.received]
    assert bounds == ["limit=3", "before=7&limit=3", "before=6&limit=3", "before=5&limit=3"]


async def test_a_page_that_does_not_go_back_ends_the_walk(market: FakeRest, client: KtxClient) -> None:
    market.reply(_trades(7, 8))
    market.reply(_trades(7, 8))

    assert [trade.trade_id async for trade in client.market.older_trades(Market.SPOT, BTC, limit=2)] == [8, 7]
    with pytest.raises(ValueError, match="less than two"):
        await anext(client.market.older_trades(Market.SPOT, BTC, limit=1))


async def test_older_fills_walk_back_by_their_ids(user: FakeRest, client: KtxClient) -> None:
    row = load("ktx", "rest/fills")["responses"][0]["body"][0]
    user.reply([row | {"tradeId": 1}, row | {"tradeId": 2}])
    user.reply([row | {"tradeId": 1}])

    found = [fill.trade_id async for fill in client.trading.older_fills(Market.SPOT, BTC, limit=2)]

    assert found == [2, 1]
    assert user.received[1].target == "/api/v1/fills?before=1&limit=2&market=spot&symbol=BTC_USDT"


def _fills(*fills: tuple[int, int]) -> list[dict[str, Any]]:
    """Of these trades and orders."""
    row = load("ktx", "rest/fills")["responses"][0]["body"][0]
    return [row | {"tradeId": trade_id, "orderId": str(order_id)} for trade_id, order_id in fills]


async def test_both_sides_of_a_trade_with_oneself_are_older_fills_wherever_a_page_ends(
    user: FakeRest, client: KtxClient
) -> None:
    user.reply(_fills((2, 12), (3, 13)))
    user.reply(_fills((2, 11), (2, 12)))
    user.reply(_fills((2, 11), (2, 12)))
    user.reply(_fills((1, 10)))
    user.reply(_fills((1, 10)))

    found = [(fill.trade_id, fill.order_id) async for fill in client.trading.older_fills(Market.SPOT, BTC, limit=2)]

    assert found == [(3, 13), (2, 12), (2, 11), (1, 10)]
    bounds = [request.target.partition("?")[2].partition("&")[0] for request in user.received]
    assert bounds == ["limit=2", "before=2", "before=2", "before=1", "before=1"]


async def test_older_fills_of_one_order_walk_back_alike(user: FakeRest, client: KtxClient) -> None:
    row = load("ktx", "rest/fills")["responses"][0]["body"][0]
    user.reply([row | {"tradeId": 2}])
    user.reply([row | {"tradeId": 2}])

    assert [fill.trade_id async for fill in client.trading.older_fills(Market.SPOT, order_id=7)] == [2]

    assert user.received[1].target == "/api/v1/fills?before=2&limit=1000&market=spot&order_id=7"


async def test_older_entries_of_the_ledger_walk_back_by_their_ids(user: FakeRest, client: KtxClient) -> None:
    row = load("ktx", "rest/ledger")["responses"][0]["body"][0]
    user.reply([row | {"id": "8"}, row | {"id": "9"}])
    user.reply([row | {"id": "7"}, row | {"id": "8"}])
    user.reply([row | {"id": "7"}])

    found = [entry.entry_id async for entry in client.account.older_entries("BTC", limit=2)]

    assert found == [9, 8, 7]
    bounds = [request.target.removeprefix("/api/v1/ledger?asset=BTC&") for request in user.received]
    assert bounds == ["limit=2", "before=8&limit=2", "before=7&limit=2"]


async def test_more_open_orders_than_usual_may_be_asked_for(user: FakeRest, client: KtxClient) -> None:
    user.reply([])

    assert await client.trading.open_orders(symbol=BTC, limit=1000) == ()

    assert user.received[0].target == "/api/v1/orders?limit=1000&status=unsettled&symbol=BTC_USDT"


async def test_the_average_price_of_an_order_is_what_was_paid_for_a_unit(user: FakeRest, client: KtxClient) -> None:
    user.reply(ORDER)
    user.reply(ORDER | {"executedQty": "0", "executedCost": "0"})

    assert (await client.trading.order(1)).average_price == D("10300")
    assert (await client.trading.order(1)).average_price is None
