"""KTX's reference driver says what the venue says, in the protocol's words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import mockex.clients.ktx
import pytest
from hosting_rig import HOST_WITHOUT_SIMULATOR
from ktx_rig import BALANCES, BTC, ETH, LONG, PERPETUAL, VENUE, asked_of
from mockex.clients.ktx import Profile, errors
from mockex.clients.ktx.driver_errors import error_fields
from mockex.clients.ktx.driver_words import time_frame
from mockex.clients.ktx.error_codes import ERROR_CLASSES
from mockex.clients.ktx.vocabulary import TimeFrame
from mockex.conformance import protocol
from reference_rig import SETTINGS, Asked

import mockex

SPEAK = Path(protocol.__file__).with_name("speak.py")
DRIVER = Path(next(iter(mockex.clients.ktx.__path__))) / "driver.py"
WITHOUT = {
    "server_time", "sync_time", "currencies", "place_orders", "cancel_orders", "place_order.fok", "wallet", "wallet_ledger",
    "valuation", "transfer", "deposit_addresses", "deposits", "withdraw", "withdrawals", "withdrawal_fees", "cash_withdraw",
    "cash_withdrawals", "cash_deposits",
}  # fmt: skip
"""What the venue has no call for."""

pytestmark = pytest.mark.mockex(venues=[VENUE], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    asked = asked_of(mockex)
    await asked.start()
    yield asked
    await asked.end()


async def test_it_offers_what_the_venue_has_calls_for(mockex: mockex.RunningWorld) -> None:
    asked = asked_of(mockex)

    told = await asked.start()

    assert set(told["capabilities"]) == protocol.capabilities() - WITHOUT
    assert told["client"]["name"] == "ktx reference client"
    await asked.end()


def test_it_is_hosted_where_nothing_but_the_clients_can_be_imported() -> None:
    start = {"id": 1, "op": "start", "params": {**SETTINGS, "rest": "http://localhost:9", "ws": {}, "credentials": None}}

    command = [sys.executable, "-P", "-c", HOST_WITHOUT_SIMULATOR, str(SPEAK), str(DRIVER)]
    hosted = subprocess.run(command, input=json.dumps(start) + "\n", capture_output=True, text=True, timeout=30, check=False)

    assert json.loads(hosted.stdout)["result"]["client"]["name"] == "ktx reference client", hosted.stderr


# --- market data


async def test_instruments_are_those_of_both_markets_with_their_rules(alice: Asked) -> None:
    listed = {each["symbol"]: each for each in (await alice("instruments"))["instruments"]}

    assert listed[BTC] == {
        "symbol": BTC, "base": "BTC", "quote": "USDT", "kind": "spot", "tick_size": "0.0001", "lot_size": "0.0001",
        "min_qty": "0.0001",
    }  # fmt: skip
    contract = listed[PERPETUAL]
    assert (contract["kind"], contract["base"], contract["quote"]) == ("perpetual", "BTC", "USDT")
    assert contract["next_funding_ms"] % (8 * 3_600_000) == 0
    assert {"mark_price", "funding_rate", "next_funding_rate"} < contract.keys()


async def test_fee_rates_are_those_of_a_product(alice: Asked) -> None:
    assert await alice("fee_rates", symbol=BTC) == {"maker": "0.001", "taker": "0.001"}
    assert (await alice.refused("fee_rates"))["kind"] == "refused_by_client"
    for operation in ("fee_rates", "ticker", "book", "trades"):
        assert (await alice.refused(operation, symbol="NONE_USDT"))["kind"] == "bad_symbol"


async def test_a_book_is_best_first_and_as_deep_as_asked(alice: Asked) -> None:
    for price in ("98002", "98000.5", "98001"):
        alice.bob("sell", price, "0.25")
    alice.bob("buy", "97000", "3")

    book = (await alice("book", symbol=BTC, limit=2))["book"]

    assert [[float(number) for number in level] for level in book["asks"]] == [[98000.5, 0.25], [98001, 0.25]]
    assert [[float(number) for number in level] for level in book["bids"]] == [[97000, 3]]
    assert book["time_ms"] == alice.world.clock.now_ms()


async def test_public_trades_are_newest_first_and_tell_the_taker(alice: Asked) -> None:
    for side, other in (("buy", "sell"), ("sell", "buy")):
        alice.bob(side, "98000", "0.5")
        alice.venue.place(account="alice", symbol=BTC, side=other, price="98000", qty="0.5")

    trades = (await alice("trades", symbol=BTC))["trades"]

    assert [(each["trade_id"], each["side"]) for each in trades] == [("2", "buy"), ("1", "sell")]
    assert (await alice("trades", symbol=BTC, limit=1))["trades"] == trades[:1]
    tickers = {each["symbol"]: each for each in (await alice("tickers"))["tickers"]}
    assert float(tickers[BTC]["last"]) == 98000
    assert {BTC, ETH, PERPETUAL} <= tickers.keys()


async def test_candles_have_one_bound_and_only_the_lengths_of_the_venue(alice: Asked) -> None:
    now_ms = alice.world.clock.now_ms()
    about = {"symbol": BTC, "interval_s": 60}

    assert (await alice("candles", **about, start_ms=now_ms))["candles"] == []
    assert (await alice.refused("candles", **about, start_ms=0, end_ms=now_ms))["kind"] == "refused_by_client"
    assert (await alice.refused("candles", symbol=BTC, interval_s=61))["kind"] == "refused_by_client"


def test_every_length_of_a_candle_can_be_asked_for() -> None:
    minutes = (1, 3, 5, 15, 30, 60, 120, 240, 360, 720, 1_440, 4_320, 10_080, 43_200)

    assert [time_frame(each * 60) for each in minutes] == list(TimeFrame)


# --- orders


@pytest.mark.parametrize(
    ("terms", "wire"),
    [
        (
            {"type": "limit", "price": "6e4", "qty": "0.10"},
            {"symbol": BTC, "quantity": "0.10", "price": "60000", "type": "limit", "market": "spot"},
        ),
        (
            {"type": "limit", "side": "sell", "price": "6", "qty": "1", "post_only": True, "client_id": "9007199254740993"},
            {
                "symbol": BTC, "quantity": "-1", "price": "6", "type": "limit", "market": "spot",
                "client_order_id": "9007199254740993", "post_only": True,
            },
        ),
        (
            {"type": "limit", "price": "6", "qty": "1", "time_in_force": "ioc"},
            {"symbol": BTC, "quantity": "1", "price": "6", "type": "limit", "market": "spot", "time_in_force": "ioc"},
        ),
        (
            {"type": "market", "side": "sell", "qty": "0.5"},
            {"symbol": BTC, "quantity": "-0.5", "type": "market", "market": "spot"},
        ),
        (
            {"symbol": PERPETUAL, "type": "market", "qty": "0.5", "position": {**LONG, "leverage": "10.0"}},
            {
                "symbol": PERPETUAL, "quantity": "0.5", "type": "market", "market": "lpc", "positionMerge": "long",
                "marginMethod": "isolate", "leverage": 10, "close": False,
            },
        ),
        (
            {
                "symbol": PERPETUAL, "type": "limit", "price": "6", "qty": "0.5",
                "position": {
                    "merge": "split", "margin_method": "cross", "leverage": "3", "close": True,
                    "position_id": "1125899906842624029",
                },
            },
            {
                "symbol": PERPETUAL, "quantity": "0.5", "price": "6", "type": "limit", "market": "lpc", "positionMerge": "none",
                "marginMethod": "cross", "leverage": 3, "close": True, "positionId": "1125899906842624029",
            },
        ),
    ],
)  # fmt: skip
async def test_the_terms_of_an_order_travel_in_the_venues_words(
    alice: Asked, monkeypatch: pytest.MonkeyPatch, terms: dict[str, Any], wire: dict[str, Any]
) -> None:
    sent: list[Any] = []

    async def keep(_self: object, *request: Any) -> None:
        sent.append(request)
        raise errors.KtxError("not today")

    monkeypatch.setattr("mockex.clients.ktx.rest.RestTransport.send_private", keep)
    await alice.refused("place_order", **{"symbol": BTC, "side": "buy", **terms})

    assert sent == [("POST", "/v1/order", wire)]


@pytest.mark.parametrize(
    "terms",
    [
        {"type": "limit", "price": "1"},
        {"type": "limit", "qty": "1"},
        {"type": "limit", "price": "1", "qty": "1", "notional": "1"},
        {"type": "limit", "price": "1", "qty": "0"},
        {"type": "limit", "price": "1", "qty": "1", "time_in_force": "fok"},
        {"type": "limit", "price": "1", "qty": "1", "client_id": "mine1"},
        {"type": "limit", "price": "1", "qty": "1", "position": LONG},
        {"type": "market", "notional": "1"},
        {"type": "market", "qty": "1", "price": "1"},
        {"type": "market", "qty": "1", "time_in_force": "ioc"},
        {"type": "market", "qty": "1", "post_only": True},
        {"symbol": PERPETUAL, "type": "market", "qty": "1"},
        {"symbol": PERPETUAL, "type": "market", "qty": "1", "position": {"merge": "long", "margin_method": "cross"}},
        {"symbol": PERPETUAL, "type": "market", "qty": "1", "position": {**LONG, "leverage": "2.5"}},
        {"symbol": PERPETUAL, "type": "market", "qty": "1", "position": {**LONG, "position_id": "mine"}},
    ],
)
async def test_terms_that_the_venue_has_no_order_for_are_refused_before_anything_is_sent(
    alice: Asked, terms: dict[str, Any]
) -> None:
    error = await alice.refused("place_order", **{"symbol": BTC, "side": "buy", **terms})

    assert error["kind"] == "refused_by_client"
    assert alice.venue.orders("alice") == []


@pytest.mark.parametrize("name", [{}, {"order_id": "1", "client_id": "2"}, {"order_id": "one"}, {"client_id": "mine"}])
async def test_an_order_is_named_in_one_way_and_by_a_number(alice: Asked, name: dict[str, str]) -> None:
    for operation in ("order", "cancel_order"):
        assert (await alice.refused(operation, symbol=BTC, **name))["kind"] == "refused_by_client"


@pytest.mark.parametrize("profile", list(Profile))
def test_every_code_of_the_venue_has_a_kind(profile: Profile) -> None:
    classes = ERROR_CLASSES[profile]

    told = [error_fields(error_class("no", code=code, http_status=200)) for code, error_class in classes.items()]

    assert "other" not in {each["kind"] for each in told}
    assert [each["code"] for each in told] == [str(code) for code in classes]
    assert error_fields(errors.FeedOverflowError("too late"))["kind"] == "other"


async def test_a_request_of_its_own_is_signed_as_it_is_sent(alice: Asked) -> None:
    asked = {"method": "GET", "path": "/api/v1/accounts", "query": [["asset", "BTC,ETH"]]}

    told = await alice("request", **asked, signed=True)
    refused = await alice("request", **asked, signed=False)

    assert told["status"] == 200
    assert [each["asset"] for each in told["body"]] == ["BTC", "ETH"]
    assert refused["body"]["state"] == -21004
    assert (await alice.refused("request", method="GET", path="/elsewhere", signed=False))["kind"] == "refused_by_client"
