"""KTX's reference driver says what the venue says, in the protocol's words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import mockex.clients.ktx
import pytest
from ktx_rig import BALANCES, BTC, ETH, LONG, PERPETUAL, VENUE, asked_of
from mockex.clients.ktx import Profile, errors
from mockex.clients.ktx.driver_errors import error_fields
from mockex.clients.ktx.driver_words import time_frame
from mockex.clients.ktx.error_codes import ERROR_CLASSES
from mockex.clients.ktx.vocabulary import TimeFrame
from mockex.conformance import protocol
from protocol_tables import OF_SOCKETS
from reference_rig import Asked, in_a_session

import mockex

WITHOUT = {
    "server_time", "sync_time", "currencies", "place_orders", "cancel_orders", "place_order.fok", "wallet", "wallet_ledger",
    "valuation", "transfer", "deposit_addresses", "deposits", "withdraw", "withdrawals", "withdrawal_fees", "cash_withdraw",
    "cash_withdrawals", "cash_deposits",
}  # fmt: skip
"""What the venue has no call for."""

pytestmark = pytest.mark.mockex(venues=[VENUE], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    async with in_a_session(asked_of(mockex)) as asked:
        yield asked


async def test_it_offers_what_the_venue_has_calls_for(mockex: mockex.RunningWorld) -> None:
    asked = asked_of(mockex)

    told = await asked.start()

    assert set(told["capabilities"]) == protocol.capabilities() - WITHOUT - OF_SOCKETS
    assert told["client"]["name"] == "ktx reference client"
    await asked.end()


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
    await alice.expect_no_order(**terms)


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


# --- what became of orders


async def test_an_order_is_shown_with_all_that_the_client_knows(alice: Asked) -> None:
    receipt = await alice.sell("98000", "0.50", client_id="9007199254740993")
    alice.bob("buy", "98000", "0.2")

    order = (await alice("order", symbol=BTC, order_id=receipt["order_id"]))["order"]

    assert receipt == {"order_id": alice.venue.orders("alice")[0]["order_id"], "client_id": "9007199254740993"}
    assert order == {
        "order_id": receipt["order_id"], "client_id": "9007199254740993", "symbol": BTC, "side": "sell", "type": "limit",
        "price": "98000", "qty": "0.5", "filled_qty": "0.2", "average_price": "98000", "status": "partly_filled",
        "created_ms": alice.world.clock.now_ms(),
    }  # fmt: skip
    assert (await alice("order", symbol=BTC, client_id="9007199254740993"))["order"] == order
    assert (await alice("open_orders"))["orders"] == [order]


async def test_an_order_of_a_contract_tells_its_position_and_profit(alice: Asked) -> None:
    def bob(side: str, price: str) -> None:
        position = {"margin_method": "cross", "leverage": 2}
        alice.venue.place(account="bob", symbol=PERPETUAL, side=side, price=price, qty="0.1", position=position)

    order = {"symbol": PERPETUAL, "type": "market", "qty": "0.1", "position": LONG}
    bob("sell", "99990")
    await alice("place_order", side="buy", **order)
    (position,) = (await alice("positions", symbol=PERPETUAL))["positions"]
    bob("buy", "100100")
    closing = await alice("place_order", **{**order, "side": "sell", "position": {**LONG, "close": True}})

    told = (await alice("order", symbol=PERPETUAL, order_id=closing["order_id"]))["order"]

    assert position == {
        "position_id": position["position_id"], "symbol": PERPETUAL, "merge": "long", "margin_method": "isolated",
        "leverage": "10.0", "qty": "0.1", "entry_price": "99990", "initial_margin_rate": "0.1",
        "maintenance_margin_rate": "0.005", "position_margin": "999.9", "order_margin": "0",
    }  # fmt: skip
    assert told["position"] == {
        "merge": "long", "leverage": "10", "close": True, "position_id": position["position_id"],
    }  # fmt: skip
    assert (told["action"], told["profit"], told["price"], told["type"]) == ("reduce_long", "11", None, "market")
    profits = [(each["profit"], each["fee"]) for each in (await alice("fills", symbol=PERPETUAL))["fills"]]
    assert profits == [("11", "10.01"), ("0", "9.999")]
    assert (await alice("positions", position_id=position["position_id"]))["positions"] == []
    both = {"symbol": PERPETUAL, "position_id": position["position_id"]}
    assert (await alice.refused("positions", **both))["kind"] == "refused_by_client"


async def test_a_fill_has_its_price_and_its_cost_in_quote_currency_and_no_side(alice: Asked) -> None:
    alice.bob("buy", "98000.01", "0.3")
    taker = await alice.sell("98000", "0.3")

    (fill,) = (await alice("fills", symbol=BTC))["fills"]

    assert fill == {
        "trade_id": "1", "order_id": taker["order_id"], "symbol": BTC, "price": "98000.01", "qty": "0.3", "fee": "29.400003",
        "fee_currency": "USDT", "role": "taker", "time_ms": alice.world.clock.now_ms(),
    }  # fmt: skip
    assert (await alice("fills", symbol=BTC, order_id=taker["order_id"]))["fills"] == [fill]


async def test_every_page_is_read_when_all_is_asked_for(alice: Asked) -> None:
    orders = []
    for _ in range(103):
        orders.append((await alice.sell("98000", "0.001"))["order_id"])
    usual = (await alice("open_orders", symbol=BTC))["orders"]
    every = (await alice("open_orders", symbol=BTC, all=True))["orders"]
    alice.bob("buy", "98000", "0.103")

    assert (len(usual), [each["order_id"] for each in every]) == (100, orders[::-1])
    for operation, about, rows in (
        ("fills", {"symbol": BTC}, "fills"),
        ("orders", {"symbol": BTC, "status": "filled"}, "orders"),
    ):
        assert len((await alice(operation, **about))[rows]) == 100
        found = [each["order_id"] for each in (await alice(operation, **about, all=True))[rows]]
        assert sorted(found) == orders
    entries = (await alice("ledger", currency="BTC", all=True))["entries"]
    assert len({each["id"] for each in entries}) == 104  # the first is the deposit
    assert len((await alice("ledger", currency="BTC"))["entries"]) == 100


async def test_the_fills_of_one_order_are_read_page_by_page_too(alice: Asked) -> None:
    bought = await alice("place_order", symbol=BTC, side="buy", type="limit", price="98000", qty="0.103")
    for _ in range(103):
        alice.bob("sell", "98000", "0.001")

    about = {"symbol": BTC, "order_id": bought["order_id"]}

    assert len((await alice("fills", **about))["fills"]) == 100
    assert [each["trade_id"] for each in (await alice("fills", **about, all=True))["fills"]] == [*map(str, range(103, 0, -1))]


async def test_orders_that_are_over_are_picked_out_by_status(alice: Asked) -> None:
    alice.bob("buy", "98000", "0.1")
    filled = await alice.sell("98000", "0.1")
    cancelled = await alice.sell("99000", "0.1")
    await alice("cancel_order", symbol=BTC, order_id=cancelled["order_id"])
    alice.bob("buy", "97000", "0.1")  # the venue keeps what it rejects, which is over and neither of the two
    await alice.refused("place_order", symbol=BTC, side="sell", type="limit", price="97000", qty="0.1", post_only=True)

    expected = {"filled": [filled], "cancelled": [cancelled], "closed": [cancelled, filled]}

    for status, orders in expected.items():
        found = (await alice("orders", symbol=BTC, status=status))["orders"]
        assert {each["order_id"] for each in found} == {each["order_id"] for each in orders}, status


async def test_all_orders_of_a_product_are_cancelled_at_once_or_those_of_one_side(alice: Asked) -> None:
    kept = await alice("place_order", symbol=ETH, side="sell", type="limit", price="3500", qty="1")
    for price in ("98000", "98001"):
        await alice.sell(price, "1")
    await alice("place_order", symbol=BTC, side="buy", type="limit", price="100", qty="1")

    assert await alice("cancel_all", symbol=BTC, side="sell") == {"count": 2}
    assert await alice("cancel_all", symbol=BTC) == {"count": 1}
    assert [each["order_id"] for each in (await alice("open_orders"))["orders"]] == [kept["order_id"]]
    assert await alice("cancel_all", symbol=PERPETUAL) == {"count": 0}


async def test_balances_and_the_ledger_are_told_exactly(alice: Asked) -> None:
    alice.venue.deposit(account="alice", asset="USDT", amount="0.123456789012345678")
    await alice("place_order", symbol=BTC, side="buy", type="limit", price="10300", qty="0.01")

    (usdt,) = [each for each in (await alice("balances"))["balances"] if each["currency"] == "USDT"]
    entry = (await alice("ledger", currency="USDT"))["entries"][0]

    assert (usdt["held"], usdt["total"], usdt["available"]) == (
        "103.103",
        "100000.123456789012345678",
        "99897.020456789012345678",
    )
    assert (entry["amount"], entry["balance"]) == ("0.123456789012345678", usdt["total"])
    assert (entry["type"], entry["time_ms"]) == ("transfer", alice.world.clock.now_ms())
