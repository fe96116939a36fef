"""The reference client's driver says what the venue says, in the protocol's words: requests without streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from mockex.clients.okcoinjp import errors
from mockex.clients.okcoinjp.driver_errors import error_fields
from mockex.clients.okcoinjp.error_codes import ERROR_CLASSES
from mockex.conformance import protocol
from protocol_tables import CONTRACTS, OF_SOCKETS
from reference_rig import BALANCES, BTC, ETH, FUNDS_PASSWORD, VERIFIED, Asked, in_a_session

import mockex

pytestmark = pytest.mark.mockex(venues=["okcoinjp"], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    async with in_a_session(Asked(mockex)) as asked:
        yield asked


async def test_it_offers_everything_but_contracts_and_a_cancel_of_all_orders(mockex: mockex.RunningWorld) -> None:
    asked = Asked(mockex)

    told = await asked.start()

    assert set(told["capabilities"]) == protocol.capabilities() - CONTRACTS - OF_SOCKETS - {"cancel_all"}
    assert told["client"]["language"] == "Python"
    await asked.end()


async def test_every_operation_is_answered_with_a_result_of_its_shape(alice: Asked) -> None:
    """The shapes are the schema's, checked at each call; the values are checked below."""
    alice.bob("buy", "5000000", "0.5")
    first = await alice.sell("5000001", "1", client_id="first1")
    two = [
        {"symbol": ETH, "side": "sell", "type": "limit", "price": "400000", "qty": "1"},
        {"symbol": BTC, "side": "sell", "type": "market", "qty": "0.1"},
    ]
    placed = (await alice("place_orders", orders=two))["outcomes"]
    await alice("cancel_order", symbol=BTC, order_id=first["order_id"])
    await alice("cancel_orders", orders=[{"symbol": ETH, "order_id": placed[0]["order_id"]}])
    for operation in ("server_time", "sync_time", "instruments", "currencies", "tickers", "balances", "wallet", "valuation"):
        await alice(operation)
    for operation in ("ticker", "book", "trades", "fills"):
        await alice(operation, symbol=BTC)
    await alice("candles", symbol=BTC, interval_s=60)
    await alice("order", symbol=BTC, order_id=placed[1]["order_id"])
    await alice("open_orders")
    await alice("orders", symbol=BTC, status="closed")
    await alice("ledger", currency="BTC")
    await alice("fee_rates")
    await alice("wallet_ledger")
    await alice("transfer", currency="BTC", amount="0.5", source="funding", target="spot")
    await alice("deposit_addresses", currency="BTC")
    await alice("withdrawal_fees", currency="BTC")
    to_address = {"currency": "BTC", "amount": "1", "address": VERIFIED, "fee": "0.0005", "password": FUNDS_PASSWORD}
    await alice("withdraw", **to_address)
    await alice("cash_withdraw", amount="10000", password=FUNDS_PASSWORD)
    for operation in ("deposits", "withdrawals", "cash_withdrawals", "cash_deposits"):
        await alice(operation)
    await alice("request", method="GET", path="/api/general/v3/time", signed=False)
    await alice("clock", offset_ms=0)
    await alice("stream_open", private=True)
    await alice("subscribe", channel="ticker", symbol=BTC)
    await alice("next_event", channel="ticker", timeout_ms=5_000)
    await alice("unsubscribe", channel="ticker", symbol=BTC)
    await alice("book_watch", symbol=BTC)
    await alice("book_view", symbol=BTC)
    await alice("book_unwatch", symbol=BTC)
    await alice("elapse", ms=1)
    await alice("settle")
    await alice("stream_state")
    await alice("stream_close")
    await alice("stop")

    assert alice.operations == set(protocol.operations()) - CONTRACTS - OF_SOCKETS - {"cancel_all"}


# --- market


async def test_instruments_have_their_rules_as_text(alice: Asked) -> None:
    instruments = (await alice("instruments"))["instruments"]

    assert instruments[0] == {
        "symbol": "BTC-JPY", "base": "BTC", "quote": "JPY", "tick_size": "0.1", "lot_size": "0.00000001", "min_qty": "0.001",
    }  # fmt: skip


async def test_a_book_is_best_first_and_as_deep_as_asked(alice: Asked) -> None:
    for price, qty in (("5000002", "0.25"), ("5000000.5", "1"), ("5000001", "2")):
        alice.bob("sell", price, qty)
    alice.bob("buy", "4000000", "3")

    book = (await alice("book", symbol=BTC, limit=2))["book"]

    assert book["asks"] == [["5000000.5", "1"], ["5000001", "2"]]
    assert book["bids"] == [["4000000", "3"]]
    assert book["time_ms"] == alice.world.clock.now_ms()


async def test_public_trades_are_newest_first_and_tell_the_taker(alice: Asked) -> None:
    alice.bob("buy", "5000000", "0.5")
    await alice.sell("5000000", "0.1")
    await alice.sell("5000000", "0.2")

    trades = (await alice("trades", symbol=BTC, limit=1))["trades"]

    assert trades == [
        {"trade_id": "2", "price": "5000000", "qty": "0.2", "side": "sell", "time_ms": alice.world.clock.now_ms()}
    ]


async def test_candles_are_oldest_first(alice: Asked) -> None:
    start_ms = alice.world.clock.now_ms()
    for price in ("5000000", "5000001", "5000002"):
        alice.bob("buy", price, "0.5")
        await alice.sell(price, "0.5")
        alice.world.clock.advance(seconds=60)
        await alice("clock", offset_ms=alice.world.clock.now_ms() - start_ms)

    everything = (await alice("candles", symbol=BTC, interval_s=60))["candles"]
    traded = [candle for candle in everything if candle["volume"] != "0"]
    assert [candle["close"] for candle in traded] == ["5000000", "5000001", "5000002"]
    assert traded[0]["time_ms"] == start_ms // 60_000 * 60_000
    assert traded[0]["volume"] == "0.5"

    since = (await alice("candles", symbol=BTC, interval_s=60, start_ms=traded[1]["time_ms"]))["candles"]
    until = (await alice("candles", symbol=BTC, interval_s=60, end_ms=traded[1]["time_ms"]))["candles"]
    assert since[0] == traded[1]
    assert until[-1] == traded[1]


async def test_an_interval_that_the_venue_does_not_have_is_refused_before_anything_is_sent(alice: Asked) -> None:
    error = await alice.refused("candles", symbol=BTC, interval_s=61)

    assert error == {"kind": "refused_by_client", "message": "there are no candles of 61 s", "exception": "ValueError"}


# --- funding


async def test_a_transfer_moves_money_and_stands_in_both_ledgers(alice: Asked) -> None:
    transfer = await alice("transfer", currency="BTC", amount="1.50", source="funding", target="spot")

    assert transfer == {"transfer_id": "754147"}
    entry = (await alice("ledger", currency="BTC"))["entries"][0]
    assert entry.items() >= {"currency": "BTC", "amount": "1.5", "balance": "11.5", "type": "transfer"}.items()
    entry = (await alice("wallet_ledger", currency="BTC"))["entries"][0]
    assert entry.items() >= {"amount": "-1.5", "balance": "3.5", "type": "To spot account"}.items()
    no_futures = await alice.refused("transfer", currency="BTC", amount="1", source="spot", target="futures")
    assert (no_futures["kind"], no_futures["message"]) == ("refused_by_client", "this venue has no futures wallet")


async def test_a_withdrawal_goes_where_it_was_sent_and_is_done_in_time(alice: Asked) -> None:
    terms = {"currency": "BTC", "amount": "1", "address": VERIFIED, "fee": "0.0005", "password": FUNDS_PASSWORD}
    withdrawal = await alice("withdraw", **terms)

    statuses = []
    for _ in range(3):
        (row,) = (await alice("withdrawals", currency="BTC"))["payments"]
        statuses.append(row["status"])
        alice.world.clock.advance(seconds=1)

    assert statuses == ["pending", "processing", "done"]
    assert row.items() >= {
        "id": withdrawal["withdrawal_id"], "currency": "BTC", "amount": "1", "fee": "0.00050000", "address": VERIFIED,
    }.items()  # fmt: skip
    assert (await alice("wallet"))["balances"][0]["total"] == "3.9995"


@pytest.mark.parametrize(
    "change", [{"fee": None}, {"password": None}, {"amount": "-"}], ids=["no fee", "no password", "no amount"]
)
async def test_a_withdrawal_that_lacks_something_is_refused_before_anything_is_sent(
    alice: Asked, change: dict[str, str | None]
) -> None:
    terms = {"currency": "BTC", "amount": "1", "address": VERIFIED, "fee": "0.0005", "password": FUNDS_PASSWORD, **change}
    given = {name: value for name, value in terms.items() if value is not None}

    assert (await alice.refused("withdraw", **given))["kind"] == "refused_by_client"
    assert (await alice("withdrawals"))["payments"] == []


async def test_deposits_and_yen_are_told_step_by_step(alice: Asked) -> None:
    alice.venue.start_deposit("alice", "BTC", "0.25", needs_review=True)
    alice.venue.start_deposit("alice", "JPY", "3000", kind="cash")
    await alice("cash_withdraw", amount="10000", password=FUNDS_PASSWORD)

    seen: dict[str, list[str]] = {"deposits": [], "cash_deposits": [], "cash_withdrawals": []}
    for _ in range(4):
        for operation, statuses in seen.items():
            (payment,) = (await alice(operation))["payments"]
            statuses.append(payment["status"])
        alice.world.clock.advance(seconds=1)

    assert seen["deposits"] == ["pending", "processing", "review", "done"]
    assert seen["cash_deposits"] == ["pending", "processing", "done", "done"]
    assert seen["cash_withdrawals"] == ["pending", "processing", "done", "done"]
    (coin,) = (await alice("deposits"))["payments"]
    assert coin.items() >= {"currency": "BTC", "chain": "BTC", "amount": "0.25"}.items()
    assert coin["txid"]


# --- errors, time, requests of one's own


@pytest.mark.parametrize(
    ("operation", "params", "error"),
    [
        ("order", {"symbol": BTC, "order_id": "1"}, ("order_not_found", "33014", 400, "OrderNotFoundError")),
        ("ticker", {"symbol": "NO-JPY"}, ("bad_symbol", "30032", 400, "UnknownInstrumentError")),
        ("ledger", {"currency": "DOGE"}, ("bad_symbol", "30031", 400, "UnknownCurrencyError")),
        (
            "place_order",
            {"symbol": BTC, "side": "sell", "type": "limit", "price": "1", "qty": "0.0001"},
            ("invalid_order", "33024", 400, "OrderRejectedError"),
        ),
        (
            "transfer",
            {"currency": "BTC", "amount": "6", "source": "funding", "target": "spot"},
            ("insufficient_funds", "34008", 400, "InsufficientFundsError"),
        ),
        (
            "withdraw",
            {"currency": "BTC", "amount": "1", "address": VERIFIED, "fee": "0.0005", "password": "wrong"},
            ("authentication", "34018", 400, "AuthenticationError"),
        ),
    ],
)
async def test_an_error_of_the_venue_keeps_its_code_status_and_class(
    alice: Asked, operation: str, params: dict[str, Any], error: tuple[str, str, int, str]
) -> None:
    told = await alice.refused(operation, **params)

    assert (told["kind"], told["code"], told["status"], told["exception"]) == error
    assert told["message"]


def test_every_code_of_the_venue_has_a_kind_of_its_own() -> None:
    """Only what means nothing to a program is "other"."""
    other = {
        code for code, error_class in ERROR_CLASSES.items() if error_fields(error_class("x", code=code))["kind"] == "other"
    }

    assert other == {30036, 33011}  # no data: nothing was wrong


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.RequestTimeoutError("x"), "timeout"), (errors.ConnectionLostError("x"), "connection_lost"),
        (errors.ConnectionFailedError("x"), "connection_lost"), (errors.MalformedReplyError("x"), "malformed_reply"),
        (errors.ServerFaultError("x"), "unavailable"), (errors.RateLimitError("x"), "rate_limited"),
        (errors.FeedOverflowError("x"), "other"), (RuntimeError("x"), "other"),
    ],
)  # fmt: skip
def test_errors_without_a_code_have_their_kinds(error: Exception, kind: str) -> None:
    assert error_fields(error)["kind"] == kind


async def test_a_lost_reply_is_told_and_nothing_is_sent_twice(alice: Asked) -> None:
    rule = {"where": {"route": "POST /api/spot/v3/orders"}, "what": {"action": "lose_reply"}}
    alice.venue.plan_faults(rule)

    order = {"symbol": BTC, "side": "sell", "type": "limit", "price": "5000000", "qty": "1", "client_id": "once1"}
    assert (await alice.refused("place_order", **order))["kind"] == "connection_lost"

    assert [each["client_id"] for each in alice.venue.orders("alice", status="all")] == ["once1"]
    assert (await alice("order", symbol=BTC, client_id="once1"))["order"]["status"] == "open"


async def test_a_reply_that_does_not_come_is_a_timeout(alice: Asked) -> None:
    await alice.start(timeout_ms=50)
    alice.venue.plan_faults({"where": {"route": "POST /api/spot/v3/orders"}, "what": {"action": "delay", "ms": 3_600_000}})

    order = {"symbol": BTC, "side": "sell", "type": "limit", "price": "5000000", "qty": "1"}
    assert (await alice.refused("place_order", **order))["kind"] == "timeout"


async def test_signatures_go_by_the_clock_that_is_set(alice: Asked) -> None:
    await alice("clock", offset_ms=60_000)
    told = await alice.refused("balances")
    assert (told["kind"], told["code"]) == ("authentication", "30008")

    await alice("sync_time")
    assert (await alice("balances"))["balances"]

    await alice("clock", offset_ms=60_000)  # which makes the client's own correction void
    assert (await alice.refused("balances"))["code"] == "30008"


async def test_a_session_without_keys_sends_nothing_private(alice: Asked) -> None:
    await alice.start(None)

    assert (await alice.refused("balances"))["kind"] == "refused_by_client"
    request = {"method": "GET", "path": "/api/spot/v3/accounts", "signed": True}
    assert (await alice.refused("request", **request))["kind"] == "refused_by_client"
    assert (await alice("instruments"))["instruments"]


async def test_a_request_of_ones_own_is_signed_and_answered_as_it_is(alice: Asked) -> None:
    order = {"instrument_id": BTC, "side": "sell", "price": "5000000", "size": 1}
    placed = await alice("request", method="POST", path="/api/spot/v3/orders", body=order, signed=True)
    assert (placed["status"], placed["body"]["result"]) == (200, True)

    query = [["instrument_id", BTC], ["state", "0"]]
    listed = await alice("request", method="GET", path="/api/spot/v3/orders", query=query, signed=True)
    assert [row["order_id"] for row in listed["body"]] == [placed["body"]["order_id"]]

    unsigned = await alice("request", method="GET", path="/api/spot/v3/accounts", signed=False)
    assert (unsigned["status"], unsigned["body"]["code"]) == (400, 30001)


async def test_a_reply_that_is_no_json_is_told_as_text(alice: Asked) -> None:
    what = {"action": "http_error", "status": 502, "body": "<h1>Bad Gateway</h1>"}
    alice.venue.plan_faults({"where": {"route": "GET /api/spot/v3/accounts"}, "what": what})

    told = await alice("request", method="GET", path="/api/spot/v3/accounts", signed=True)
    assert told == {"status": 502, "body": "<h1>Bad Gateway</h1>"}
    error = await alice.refused("balances")
    assert (error["kind"], error["status"], error["code"]) == ("unavailable", 502, None)


async def test_sessions_follow_each_other_in_one_process(alice: Asked) -> None:
    await alice.sell("5000000", "1")
    await alice.start("bob")

    assert (await alice("open_orders"))["orders"] == []
    assert (await alice("stop")) == {}
    assert len(asyncio.all_tasks()) == 1
