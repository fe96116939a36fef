"""Coinstore's reference driver says what the venue says, in the protocol's words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import mockex.clients.coinstore
import pytest
from mockex.clients.coinstore import errors
from mockex.clients.coinstore.driver import Driver
from mockex.clients.coinstore.driver_errors import error_fields
from mockex.clients.coinstore.driver_words import interval, order_status
from mockex.clients.coinstore.error_codes import ERROR_CLASSES
from mockex.clients.coinstore.vocabulary import Interval, OrderState
from mockex.conformance import protocol
from protocol_tables import CONTRACTS, OF_SOCKETS
from reference_rig import NO_ORDERS, Asked, in_a_session

import mockex

BTC, ETH = "BTCUSDT", "ETHUSDT"
BALANCES: Mapping[str, Any] = {
    "alice": {"spot": {"BTC": "10", "ETH": "100"}},
    "bob": {"spot": {"BTC": "10", "USDT": "100000000"}},
}
WITHOUT = {
    "server_time", "sync_time", "currencies", "orders", "ledger", "wallet", "wallet_ledger", "valuation",
    "cash_withdraw", "cash_withdrawals", "cash_deposits",
}  # fmt: skip
"""What the venue has no call for."""

pytestmark = pytest.mark.mockex(venues=["coinstore"], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    async with in_a_session(Asked(mockex, venue="coinstore", driver=Driver, symbol=BTC)) as asked:
        yield asked


async def test_it_offers_what_the_venue_has_calls_for(mockex: mockex.RunningWorld) -> None:
    asked = Asked(mockex, venue="coinstore", driver=Driver, symbol=BTC)

    told = await asked.start()

    assert set(told["capabilities"]) == protocol.capabilities() - WITHOUT - CONTRACTS - OF_SOCKETS
    assert told["client"]["name"] == "coinstore reference client"
    await asked.end()


@pytest.mark.parametrize(
    ("terms", "wire"),
    [
        (
            {"type": "limit", "price": "6e4", "qty": "0.10"},
            {"side": "BUY", "ordType": "LIMIT", "ordPrice": "60000", "ordQty": "0.10"},
        ),
        (
            {"type": "limit", "price": "6", "qty": "1", "post_only": True, "client_id": "mine1"},
            {"clOrdId": "mine1", "side": "BUY", "ordType": "POST_ONLY", "ordPrice": "6", "ordQty": "1"},
        ),
        (
            {"type": "limit", "price": "6", "qty": "1", "time_in_force": "fok"},
            {"side": "BUY", "ordType": "LIMIT", "timeInForce": "FOK", "ordPrice": "6", "ordQty": "1"},
        ),
        ({"type": "market", "notional": "5000.5"}, {"side": "BUY", "ordType": "MARKET", "ordAmt": "5000.5"}),
        ({"type": "market", "side": "sell", "qty": "0.5"}, {"side": "SELL", "ordType": "MARKET", "ordQty": "0.5"}),
    ],
)
async def test_the_terms_of_an_order_travel_in_the_venues_words(
    alice: Asked, monkeypatch: pytest.MonkeyPatch, terms: dict[str, Any], wire: dict[str, str]
) -> None:
    sent: list[tuple[str, Any]] = []

    async def keep(_self: object, path: str, payload: object) -> None:
        sent.append((path, payload))
        raise errors.CoinstoreError("not today")

    monkeypatch.setattr("mockex.clients.coinstore.rest.RestTransport.post_private", keep)
    await alice.refused("place_order", **{"symbol": BTC, "side": "buy", **terms})

    ((path, payload),) = sent
    assert path == "/api/trade/order/place"
    assert len(str(payload.pop("timestamp"))) == 13
    assert payload == {"symbol": BTC, **wire}


@pytest.mark.parametrize("terms", NO_ORDERS)
async def test_terms_that_the_venue_has_no_order_for_are_refused_before_anything_is_sent(
    alice: Asked, terms: dict[str, Any]
) -> None:
    await alice.expect_no_order(**terms)


async def test_an_order_is_shown_with_all_that_the_client_knows(alice: Asked) -> None:
    receipt = await alice.sell("60000", "0.50", client_id="Mine_1")
    alice.bob("buy", "60000", "0.2")

    order = (await alice("order", symbol=BTC, order_id=receipt["order_id"]))["order"]

    created_ms = order.pop("created_ms")
    assert order == {
        "order_id": receipt["order_id"], "client_id": "Mine_1", "symbol": BTC, "side": "sell", "type": "limit",
        "status": "partly_filled", "price": "60000", "qty": "0.5", "filled_qty": "0.2", "average_price": "60000",
    }  # fmt: skip
    assert isinstance(created_ms, int)
    assert (await alice("order", symbol=BTC, client_id="Mine_1"))["order"]["order_id"] == receipt["order_id"]
    assert [each["order_id"] for each in (await alice("open_orders"))["orders"]] == [receipt["order_id"]]


async def test_a_fill_has_its_price_and_its_cost_in_what_was_received(alice: Asked) -> None:
    alice.bob("buy", "60000.01", "0.3")
    taker = await alice.sell("60000", "0.3")

    (fill,) = (await alice("fills", symbol=BTC))["fills"]

    (public,) = (await alice("trades", symbol=BTC))["trades"]
    assert fill.pop("time_ms") == public["time_ms"] // 1_000 * 1_000
    assert float(fill.pop("fee")) == 36.000006
    assert fill.pop("qty") == "0.300000000000000000"
    assert fill == {
        "trade_id": public["trade_id"], "order_id": taker["order_id"], "symbol": BTC, "side": "sell", "price": "60000.01",
        "fee_currency": None, "role": "taker",
    }  # fmt: skip


async def test_currencies_of_fees_go_by_the_names_of_the_first_message(mockex: mockex.RunningWorld) -> None:
    asked = Asked(mockex, venue="coinstore", driver=Driver, symbol=BTC)
    await asked.start(instruments=[{"symbol": BTC, "base": "XBT", "quote": "DOLLAR"}])
    asked.bob("buy", "60000", "0.3")
    await asked.sell("60000", "0.3")

    assert (await asked("fills", symbol=BTC))["fills"][0]["fee_currency"] == "DOLLAR"
    await asked.end()


async def test_one_request_is_about_the_orders_of_one_pair(alice: Asked) -> None:
    order = {"side": "sell", "type": "limit", "price": "60000", "qty": "1"}

    placed = await alice.refused("place_orders", orders=[{"symbol": BTC, **order}, {"symbol": ETH, **order}])
    named = [{"symbol": BTC, "order_id": "1"}, {"symbol": ETH, "order_id": "2"}]
    both = [{"symbol": BTC, "order_id": "1"}, {"symbol": BTC, "client_id": "a"}]

    assert placed["kind"] == "refused_by_client"
    assert (await alice.refused("cancel_orders", orders=named))["kind"] == "refused_by_client"
    assert (await alice.refused("cancel_orders", orders=both))["kind"] == "refused_by_client"


@pytest.mark.parametrize("name", [{}, {"order_id": "1", "client_id": "a"}, {"order_id": "one"}])
async def test_an_order_is_named_in_one_way(alice: Asked, name: dict[str, str]) -> None:
    for operation in ("order", "cancel_order"):
        assert (await alice.refused(operation, symbol=BTC, **name))["kind"] == "refused_by_client"


async def test_cancels_by_client_id_tell_each_what_became_of_it(alice: Asked) -> None:
    await alice.sell("60000", "1", client_id="mine1")

    orders = [{"symbol": BTC, "client_id": name} for name in ("nobody", "mine1")]
    outcomes = (await alice("cancel_orders", orders=orders))["outcomes"]

    assert outcomes[0]["error"]["kind"] == "invalid_order"
    assert outcomes[1] == {"client_id": "mine1"}


async def test_all_orders_of_a_pair_are_cancelled_at_once_and_not_those_of_one_side(alice: Asked) -> None:
    kept = await alice("place_order", symbol=ETH, side="sell", type="limit", price="3000", qty="1")
    for price in ("60000", "61000"):
        await alice.sell(price, "1")

    assert (await alice.refused("cancel_all", symbol=BTC, side="sell"))["kind"] == "refused_by_client"
    told = await alice("cancel_all", symbol=BTC)

    assert told == {"count": 2}
    for symbol, left in ((BTC, []), (ETH, [kept["order_id"]])):
        assert [each["order_id"] for each in (await alice("open_orders", symbol=symbol))["orders"]] == left


async def test_candles_have_no_bounds_and_only_the_lengths_of_the_venue(alice: Asked) -> None:
    assert (await alice.refused("candles", symbol=BTC, interval_s=60, start_ms=1))["kind"] == "refused_by_client"
    assert (await alice.refused("candles", symbol=BTC, interval_s=61))["kind"] == "refused_by_client"


def test_every_length_of_a_candle_can_be_asked_for() -> None:
    seconds = (60, 300, 900, 1_800, 3_600, 14_400, 43_200, 86_400, 604_800)

    assert [interval(each) for each in seconds] == list(Interval)


async def test_a_chain_is_named_where_a_coin_has_several(alice: Asked) -> None:
    terms = {"currency": "USDT", "amount": "50", "address": "0x1"}

    assert (await alice.refused("withdraw", **terms))["kind"] == "refused_by_client"
    assert (await alice.refused("withdraw", **{**terms, "chain": "erc20", "fee": "1"}))["kind"] == "refused_by_client"
    assert (await alice.refused("withdraw", **{**terms, "chain": "erc20"}))["code"] == "101040502"
    assert (await alice.refused("withdrawal_fees"))["kind"] == "refused_by_client"
    chains = [each["chain"] for each in (await alice("deposit_addresses", currency="USDT"))["addresses"]]
    assert chains == ["trc20", "erc20"]


async def test_only_spot_and_futures_are_wallets(alice: Asked) -> None:
    about = {"currency": "BTC", "amount": "1", "source": "spot"}

    assert await alice("transfer", **about, target="futures") == {}
    assert (await alice.refused("transfer", **about, target="funding"))["kind"] == "refused_by_client"


async def test_pairs_and_tickers_that_there_are_not_are_bad_symbols(alice: Asked) -> None:
    for operation in ("ticker", "fee_rates"):
        assert (await alice.refused(operation, symbol="NONEUSDT"))["kind"] == "bad_symbol"
    assert (await alice.refused("fee_rates"))["kind"] == "refused_by_client"
    assert await alice("fee_rates", symbol=BTC) == {"maker": "0.002", "taker": "0.002"}


@pytest.mark.parametrize("state", list(OrderState))
def test_every_state_of_an_order_has_a_status_or_none(state: OrderState) -> None:
    live = {OrderState.SUBMITTING, OrderState.SUBMITTED, OrderState.CANCELLING}
    unknown = {OrderState.NOT_FOUND, OrderState.REPLACING, OrderState.REPLACED}

    assert (order_status(state, filled=False) == "open") is (state in live)
    assert (order_status(state, filled=False) is None) is (state in unknown)
    assert order_status(OrderState.CANCELLING, filled=True) == "partly_filled"


def test_every_code_of_the_venue_has_a_kind() -> None:
    told = [error_fields(error_class("no", code=code, http_status=200)) for code, error_class in ERROR_CLASSES.items()]

    assert "other" not in {each["kind"] for each in told}
    assert [each["code"] for each in told] == [str(code) for code in ERROR_CLASSES]


async def test_a_stream_is_opened_once_and_listened_to_by_name(alice: Asked) -> None:
    assert (await alice.refused("subscribe", channel="ticker", symbol=BTC))["kind"] == "refused_by_client"
    await alice("stream_open", private=False)
    assert (await alice.refused("stream_open", private=False))["kind"] == "refused_by_client"
    for mistake in ({"channel": "balances"}, {"channel": "ticker"}, {"channel": "candles", "symbol": BTC}):
        assert (await alice.refused("subscribe", **mistake))["kind"] == "refused_by_client"
    assert (await alice.refused("book_view", symbol=BTC))["kind"] == "refused_by_client"
    await alice("book_watch", symbol=BTC)
    assert (await alice.refused("book_watch", symbol=BTC))["kind"] == "refused_by_client"
    assert await alice("stream_state") == {"connected": True}
    await alice("stream_close")
    assert await alice("stream_state") == {"connected": False}


async def test_trades_of_before_are_handed_out_newest_first(alice: Asked) -> None:
    for price in ("60000", "60001"):
        alice.bob("buy", price, "0.1")
        await alice.sell(price, "0.1")
    await alice("stream_open", private=False)
    await alice("subscribe", channel="trades", symbol=BTC)

    event = (await alice("next_event", channel="trades", symbol=BTC, timeout_ms=2_000))["event"]

    assert [each["price"] for each in event["trades"]] == ["60001", "60000"]
    assert (await alice("next_event", channel="trades", symbol=BTC, timeout_ms=0))["event"] is None
