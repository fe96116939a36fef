"""HTX's reference driver says what the venue says, in the protocol's words: requests without streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from htx_rig import BALANCES, BTC, asked_of
from mockex.clients.htx import errors
from mockex.clients.htx.driver_errors import error_fields
from mockex.clients.htx.driver_words import payment_fields
from mockex.clients.htx.error_codes import ACCOUNT_SOCKET_CLASSES, V1_CLASSES, V2_CLASSES
from mockex.clients.htx.fields import Row
from mockex.clients.htx.wallet_models import decode_payment
from mockex.conformance import protocol
from protocol_tables import CONTRACTS, OF_SOCKETS
from reference_rig import Asked, in_a_session

import mockex

PLACE = "POST /v1/order/orders/place"
CASH = frozenset({"cash_withdraw", "cash_withdrawals", "cash_deposits"})
pytestmark = pytest.mark.mockex(venues=["htx"], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    async with in_a_session(asked_of(mockex)) as asked:
        yield asked


async def test_it_offers_everything_but_payments_in_cash_and_contracts(mockex: mockex.RunningWorld) -> None:
    asked = asked_of(mockex)

    told = await asked.start()

    assert set(told["capabilities"]) == protocol.capabilities() - CASH - CONTRACTS - OF_SOCKETS
    assert told["client"]["name"] == "htx reference client"
    await asked.end()


# --- market


async def test_instruments_and_currencies_go_by_the_names_of_the_first_message(alice: Asked) -> None:
    instruments = (await alice("instruments"))["instruments"]
    currencies = (await alice("currencies"))["currencies"]

    assert instruments[0] == {
        "symbol": "btcusdt", "base": "BTC", "quote": "USDT", "tick_size": "0.01", "lot_size": "0.000001", "min_qty": "0.00010",
    }  # fmt: skip
    assert {"currency": "BTC", "chain": "btc"} in currencies


@pytest.mark.parametrize(("limit", "levels"), [(None, 8), (3, 3), (5, 5), (7, 7), (21, 8), (151, 8)])
async def test_a_book_is_as_deep_as_asked_though_the_venue_has_few_depths(alice: Asked, limit: int | None, levels: int) -> None:
    for n in range(8):
        alice.bob("buy", f"{60000 - n}", "0.1")
    more = {} if limit is None else {"limit": limit}

    book = (await alice("book", symbol=BTC, **more))["book"]

    assert [(float(price), qty) for price, qty in book["bids"]] == [(60000 - n, "0.1") for n in range(levels)]
    assert book["asks"] == []
    assert book["time_ms"] == alice.world.clock.now_ms()


async def test_public_trades_are_newest_first_also_within_a_match(alice: Asked) -> None:
    alice.bob("buy", "60000", "0.1")
    alice.bob("buy", "59999", "0.2")
    await alice.sell("59999", "0.3")

    trades = (await alice("trades", symbol=BTC))["trades"]

    assert [(float(row["price"]), row["qty"], row["side"]) for row in trades] == [
        (59999, "0.2", "sell"),
        (60000, "0.1", "sell"),
    ]
    assert int(trades[0]["trade_id"]) > int(trades[1]["trade_id"])
    assert (await alice("trades", symbol=BTC, limit=1))["trades"] == trades[:1]


async def test_candles_are_oldest_first_and_may_be_bounded(alice: Asked) -> None:
    start_ms = alice.world.clock.now_ms()
    for price in ("60000", "60001", "60002"):
        alice.bob("buy", price, "0.5")
        await alice.sell(price, "0.5")
        alice.world.clock.advance(seconds=60)
        await alice("clock", offset_ms=alice.world.clock.now_ms() - start_ms)

    everything = (await alice("candles", symbol=BTC, interval_s=60))["candles"]
    traded = [candle for candle in everything if float(candle["volume"])]
    assert [float(candle["close"]) for candle in traded] == [60000, 60001, 60002]
    assert traded[0]["time_ms"] == start_ms // 60_000 * 60_000

    since = (await alice("candles", symbol=BTC, interval_s=60, start_ms=traded[1]["time_ms"]))["candles"]
    until = (await alice("candles", symbol=BTC, interval_s=60, end_ms=traded[1]["time_ms"]))["candles"]
    assert since[0] == traded[1]
    assert until[-1] == traded[1]
    assert (await alice.refused("candles", symbol=BTC, interval_s=61))["kind"] == "refused_by_client"


# --- payments


@pytest.mark.parametrize("change", [{"password": "123456"}, {"internal": True}, {"amount": "-"}])
async def test_a_withdrawal_that_the_venue_does_not_have_is_refused_before_anything_is_sent(
    alice: Asked, change: dict[str, Any]
) -> None:
    terms = {"currency": "BTC", "amount": "1", "address": "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw", **change}

    assert (await alice.refused("withdraw", **terms))["kind"] == "refused_by_client"


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("deposit", {"unknown": "pending", "confirming": "pending", "confirmed": "done", "safe": "done", "orphan": "failed"}),
        (
            "withdraw",
            {
                "verifying": "pending", "failed": "failed", "submitted": "pending", "reexamine": "review",
                "canceled": "cancelled", "pass": "processing", "reject": "failed", "pre-transfer": "processing",
                "wallet-transfer": "processing", "wallet-reject": "failed", "confirmed": "done", "confirm-error": "failed",
                "repealed": "cancelled", "new-word": None,
            },
        ),
    ],
)  # fmt: skip
def test_every_state_of_a_payment_has_a_status(kind: str, states: dict[str, str | None]) -> None:
    row = {
        "id": 1, "type": kind, "currency": "btc", "chain": "btc", "tx-hash": "f", "amount": "0.5", "address": "a", "fee": 0,
        "created-at": 1700000000000, "updated-at": 1700000000001,
    }  # fmt: skip

    told = {state: payment_fields(decode_payment(Row({**row, "state": state}, "payment")))["status"] for state in states}

    assert told == states


# --- errors, time, requests of one's own


@pytest.mark.parametrize(
    ("operation", "params", "error"),
    [
        ("order", {"symbol": BTC, "order_id": "1"}, ("order_not_found", "base-record-invalid", 200, "OrderNotFoundError")),
        ("ticker", {"symbol": "nousdt"}, ("bad_symbol", "invalid-parameter", 200, "UnknownSymbolError")),
        (
            "place_order",
            {"symbol": BTC, "side": "sell", "type": "limit", "price": "60000", "qty": "0.00001"},
            ("invalid_order", "order-limitorder-amount-min-error", 200, "OrderRejectedError"),
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
    tables = (V1_CLASSES, V2_CLASSES, ACCOUNT_SOCKET_CLASSES)
    other = {
        code
        for table in tables
        for code, error_class in table.items()
        if error_fields(error_class("x", code=code))["kind"] == "other"
    }

    assert other == {1007}  # no record: nothing was wrong


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.RequestTimeoutError("x"), "timeout"), (errors.ConnectionLostError("x"), "connection_lost"),
        (errors.ConnectionFailedError("x"), "connection_lost"), (errors.MalformedReplyError("x"), "malformed_reply"),
        (errors.ServerFaultError("x"), "unavailable"), (errors.RateLimitError("x"), "rate_limited"),
        (errors.TimestampError("x"), "authentication"), (errors.FeedOverflowError("x"), "other"), (RuntimeError("x"), "other"),
    ],
)  # fmt: skip
def test_errors_without_a_code_have_their_kinds(error: Exception, kind: str) -> None:
    assert error_fields(error)["kind"] == kind


async def test_a_lost_reply_is_told_and_nothing_is_sent_twice(alice: Asked) -> None:
    alice.venue.plan_faults({"where": {"route": PLACE}, "what": {"action": "lose_reply"}})

    assert (await alice.refused("place_order", symbol=BTC, side="sell", type="limit", price="60000", qty="1"))["kind"] == (
        "connection_lost"
    )

    assert len(alice.venue.orders("alice", status="all")) == 1


async def test_signatures_go_by_the_clock_that_is_set(alice: Asked) -> None:
    await alice("clock", offset_ms=600_000)
    told = await alice.refused("balances")
    assert (told["kind"], told["exception"]) == ("authentication", "TimestampError")

    await alice("sync_time")
    assert (await alice("balances"))["balances"]

    await alice("clock", offset_ms=600_000)  # which makes the client's own correction void
    assert (await alice.refused("balances"))["exception"] == "TimestampError"


async def test_a_session_without_keys_sends_nothing_private(alice: Asked) -> None:
    await alice.start(None)

    assert (await alice.refused("balances"))["kind"] == "refused_by_client"
    request = {"method": "GET", "path": "/v1/order/openOrders", "signed": True}
    assert (await alice.refused("request", **request))["kind"] == "refused_by_client"
    assert (await alice.refused("stream_open", private=True))["kind"] == "refused_by_client"
    assert (await alice("instruments"))["instruments"]


async def test_a_request_of_ones_own_is_signed_and_answered_as_it_is(alice: Asked) -> None:
    query = [["zeta", "a b"], ["symbol", BTC]]
    listed = await alice("request", method="GET", path="/v1/order/openOrders", query=query, signed=True)
    cancelled = await alice(
        "request", method="POST", path="/v1/order/orders/batchCancelOpenOrders", body={"symbol": BTC}, signed=True
    )
    plain = await alice("request", method="GET", path="/market/detail", query=[["symbol", "none"]], signed=False)
    unsigned = await alice("request", method="GET", path="/v1/order/openOrders", signed=False)

    assert (listed["status"], listed["body"]["data"]) == (200, [])
    assert cancelled["body"]["data"]["success-count"] == 0
    assert plain["body"]["err-msg"] == "invalid symbol"
    assert (unsigned["status"], unsigned["body"]["err-code"]) == (200, "login-required")


async def test_sessions_follow_each_other_in_one_process(alice: Asked) -> None:
    """Nothing is left over, the number of the account least of all."""
    await alice.sell("60000", "1")
    await alice.start("bob")
    await alice("place_order", symbol=BTC, side="buy", type="limit", price="50000", qty="1")

    assert [order["side"] for order in (await alice("open_orders"))["orders"]] == ["buy"]
    assert (await alice("stop")) == {}
    assert len(asyncio.all_tasks()) == 1
