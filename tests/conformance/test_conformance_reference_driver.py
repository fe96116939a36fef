"""The reference client's driver says what the venue says, in the protocol's words: requests without streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import mockex.clients.okcoinjp
import pytest
from mockex.clients.okcoinjp import OkcoinError, errors
from mockex.clients.okcoinjp.driver_errors import error_fields
from mockex.clients.okcoinjp.driver_words import fills_fields, order_status
from mockex.clients.okcoinjp.error_codes import ERROR_CLASSES
from mockex.clients.okcoinjp.fields import Row
from mockex.clients.okcoinjp.trading_models import decode_fill, decode_order
from mockex.conformance import protocol
from protocol_tables import CONTRACTS, OF_SOCKETS
from reference_rig import BALANCES, BTC, ETH, FUNDS_PASSWORD, VERIFIED, Asked

import mockex

pytestmark = pytest.mark.mockex(venues=["okcoinjp"], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    asked = Asked(mockex)
    await asked.start()
    yield asked
    await asked.end()


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


# --- orders


@pytest.mark.parametrize(
    ("terms", "wire"),
    [
        ({"type": "limit", "price": "4000000", "qty": "0.10"}, {"price": "4000000", "size": "0.10", "order_type": "0"}),
        (
            {"type": "limit", "price": "4E+6", "qty": "1e-2", "post_only": True, "client_id": "mine1"},
            {"price": "4000000", "size": "0.01", "order_type": "1", "client_oid": "mine1"},
        ),
        (
            {"type": "limit", "price": "4000000", "qty": "1", "time_in_force": "gtc"},
            {"price": "4000000", "size": "1", "order_type": "0"},
        ),
        (
            {"type": "limit", "price": "4000000", "qty": "1", "time_in_force": "ioc"},
            {"price": "4000000", "size": "1", "order_type": "3"},
        ),
        (
            {"type": "limit", "price": "4000000", "qty": "1", "time_in_force": "fok"},
            {"price": "4000000", "size": "1", "order_type": "2"},
        ),
        ({"type": "market", "notional": "5000.5"}, {"notional": "5000.5"}),
    ],
)
async def test_the_terms_of_an_order_travel_in_the_venues_words(
    alice: Asked, monkeypatch: pytest.MonkeyPatch, terms: dict[str, Any], wire: dict[str, str]
) -> None:
    sent: list[tuple[str, Any]] = []

    async def keep(_self: object, path: str, payload: object) -> None:
        sent.append((path, payload))
        raise OkcoinError("not today")

    monkeypatch.setattr("mockex.clients.okcoinjp.rest.RestTransport.post_private", keep)
    await alice.refused("place_order", symbol=BTC, side="buy", **terms)

    expected = {"instrument_id": BTC, "side": "buy", "type": terms["type"], **wire}
    assert sent == [("/api/spot/v3/orders", expected)]


@pytest.mark.parametrize(
    "terms",
    [
        {"type": "limit", "price": "1"},
        {"type": "limit", "qty": "1"},
        {"type": "limit", "price": "1", "qty": "1", "notional": "1"},
        {"type": "limit", "price": "1", "qty": "1", "post_only": True, "time_in_force": "ioc"},
        {"type": "limit", "price": "-", "qty": "1"},
        {"type": "market", "qty": "1"},
        {"type": "market", "notional": "1", "qty": "1"},
        {"type": "market", "notional": "1", "price": "1"},
        {"type": "market", "notional": "1", "post_only": True},
        {"type": "market", "notional": "1", "time_in_force": "fok"},
        {"type": "market", "side": "sell", "notional": "1"},
    ],
)
async def test_terms_that_the_venue_has_no_order_for_are_refused_before_anything_is_sent(
    alice: Asked, terms: dict[str, Any]
) -> None:
    error = await alice.refused("place_order", **{"symbol": BTC, "side": "buy", **terms})

    assert error["kind"] == "refused_by_client"
    assert alice.venue.orders("alice", status="all") == []


async def test_an_order_is_shown_with_all_that_the_client_knows(alice: Asked) -> None:
    receipt = await alice.sell("5000000", "0.50", client_id="Mine1")
    alice.bob("buy", "5000000", "0.2")

    assert receipt["client_id"] == "Mine1"
    by_id = (await alice("order", symbol=BTC, order_id=receipt["order_id"]))["order"]
    assert by_id == {
        "order_id": receipt["order_id"],
        "client_id": "Mine1",
        "symbol": BTC,
        "side": "sell",
        "type": "limit",
        "price": "5000000",
        "qty": "0.5",
        "filled_qty": "0.2",
        "average_price": "5000000",
        "status": "partly_filled",
        "created_ms": alice.world.clock.now_ms() // 1_000 * 1_000,
    }
    assert (await alice("order", symbol=BTC, client_id="Mine1"))["order"] == by_id
    assert (await alice("open_orders", symbol=BTC))["orders"] == [by_id]


async def test_an_order_that_was_cancelled_after_a_fill_is_cancelled(alice: Asked) -> None:
    receipt = await alice.sell("5000000", "0.5", client_id="Mine1")
    alice.bob("buy", "5000000", "0.2")

    assert await alice("cancel_order", symbol=BTC, client_id="Mine1") == receipt

    (order,) = (await alice("orders", symbol=BTC, status="cancelled"))["orders"]
    assert (order["status"], order["filled_qty"]) == ("cancelled", "0.2")
    assert (await alice("orders", symbol=BTC, status="closed"))["orders"] == [order]
    assert (await alice("orders", symbol=BTC, status="filled"))["orders"] == []


@pytest.mark.parametrize(
    ("state", "filled", "status"),
    [
        ("-2", "0", "rejected"), ("-1", "0", "cancelled"), ("-1", "1", "cancelled"), ("0", "0", "open"),
        ("1", "1", "partly_filled"), ("2", "2", "filled"), ("3", "0", "open"), ("4", "0", "open"), ("4", "1", "partly_filled"),
    ],
)  # fmt: skip
def test_every_state_of_an_order_has_a_status(state: str, filled: str, status: str) -> None:
    row = {
        "order_id": "1", "instrument_id": BTC, "side": "buy", "type": "limit", "order_type": "0", "price": "1", "size": "2",
        "filled_size": filled, "filled_notional": filled, "state": state, "timestamp": "2024-01-01T00:00:00Z",
        "created_at": "2024-01-01T00:00:00Z",
    }  # fmt: skip

    assert order_status(decode_order(Row(row, "order"))) == status


@pytest.mark.parametrize("name", [{}, {"order_id": "1", "client_id": "a"}, {"client_id": "123"}])
async def test_an_order_is_named_in_one_way_that_cannot_be_mistaken(alice: Asked, name: dict[str, str]) -> None:
    for operation in ("order", "cancel_order"):
        assert (await alice.refused(operation, symbol=BTC, **name))["kind"] == "refused_by_client"
    batch = [{"symbol": BTC, **name}]
    assert (await alice.refused("cancel_orders", orders=batch))["kind"] == "refused_by_client"


async def test_outcomes_of_a_batch_stand_in_the_order_asked(alice: Asked) -> None:
    orders = [
        {"symbol": BTC, "side": "sell", "type": "limit", "price": "5000000", "qty": "1", "client_id": "b1"},
        {"symbol": "eth-jpy", "side": "sell", "type": "limit", "price": "400000", "qty": "1", "client_id": "e1"},
        {"symbol": BTC, "side": "sell", "type": "limit", "price": "5000000", "qty": "1000", "client_id": "b2"},
        {"symbol": ETH, "side": "sell", "type": "limit", "price": "400000", "qty": "2", "client_id": "e2"},
        {"symbol": BTC, "side": "sell", "type": "limit", "price": "5000000", "qty": "2", "client_id": "b3"},
    ]

    outcomes = (await alice("place_orders", orders=orders))["outcomes"]

    assert [outcome.get("client_id") for outcome in outcomes] == ["b1", "e1", None, "e2", "b3"]
    assert outcomes[2]["error"].items() >= {"kind": "insufficient_funds", "code": "33017"}.items()
    live = {order["client_id"]: order["order_id"] for order in (await alice("open_orders"))["orders"]}
    assert live == {outcome["client_id"]: outcome["order_id"] for outcome in outcomes if "error" not in outcome}

    wanted = [(ETH, "e1"), (BTC, "b3"), (ETH, "nobody"), (BTC, "b1")]
    cancelled = (await alice("cancel_orders", orders=[{"symbol": s, "client_id": name} for s, name in wanted]))["outcomes"]
    assert [outcome.get("client_id") for outcome in cancelled] == ["e1", "b3", None, "b1"]
    assert cancelled[2]["error"].items() >= {"kind": "order_not_found", "code": "33014"}.items()
    assert [order["client_id"] for order in (await alice("open_orders"))["orders"]] == ["e2"]


async def test_a_batch_cancel_by_both_kinds_of_id_is_refused(alice: Asked) -> None:
    receipt = await alice.sell("5000000", "1", client_id="b1")
    both = [{"symbol": BTC, "client_id": "b1"}, {"symbol": BTC, "order_id": receipt["order_id"]}]

    assert (await alice.refused("cancel_orders", orders=both))["kind"] == "refused_by_client"
    assert len((await alice("open_orders"))["orders"]) == 1


async def test_every_page_is_read_when_all_is_asked_for(alice: Asked) -> None:
    for _ in range(103):
        alice.venue.place(account="alice", symbol=BTC, side="sell", price="5000000", qty="0.001")
    ids = [order["order_id"] for order in alice.venue.orders("alice", limit=200)]

    assert [each["order_id"] for each in (await alice("open_orders"))["orders"]] == ids[:100]
    assert [each["order_id"] for each in (await alice("open_orders", all=True))["orders"]] == ids
    alice.bob("buy", "5000000", "0.103")
    assert [each["order_id"] for each in (await alice("orders", symbol=BTC, status="filled", all=True))["orders"]] == ids
    assert [each["order_id"] for each in (await alice("fills", symbol=BTC))["fills"]] == ids[:50]
    assert [each["order_id"] for each in (await alice("fills", symbol=BTC, all=True))["fills"]] == ids
    assert len((await alice("ledger", currency="BTC"))["entries"]) == 100
    assert len((await alice("ledger", currency="BTC", all=True))["entries"]) == 104


# --- fills, balances, fees


async def test_the_two_rows_of_a_fill_are_one_with_its_cost(alice: Asked) -> None:
    alice.bob("buy", "5000000", "0.3")
    taker = await alice.sell("5000000", "0.3")
    await alice("transfer", currency="JPY", amount="500000", source="funding", target="spot")
    maker = await alice("place_order", symbol=BTC, side="buy", type="limit", price="4000000", qty="0.1")
    alice.bob("sell", "4000000", "0.1")

    fills = (await alice("fills", symbol=BTC, all=True))["fills"]

    common = {"symbol": BTC, "time_ms": alice.world.clock.now_ms() // 1_000 * 1_000}
    rates = await alice("fee_rates", symbol=BTC)
    assert (rates["maker"], rates["taker"]) == ("0.001", "0.0015")
    assert fills == [
        {"trade_id": "2", "order_id": maker["order_id"], "side": "buy", "price": "4000000", "qty": "0.1", "fee": "0.0001",
         "fee_currency": "BTC", "role": "maker", **common},
        {"trade_id": "1", "order_id": taker["order_id"], "side": "sell", "price": "5000000", "qty": "0.3", "fee": "2250",
         "fee_currency": "JPY", "role": "taker", **common},
    ]  # fmt: skip
    assert (await alice("fills", symbol=BTC, order_id=taker["order_id"]))["fills"] == fills[1:]


async def test_a_trade_with_oneself_is_a_fill_of_each_order(alice: Asked) -> None:
    await alice("transfer", currency="JPY", amount="500000", source="funding", target="spot")
    maker = await alice.sell("1000000", "0.1")
    taker = await alice("place_order", symbol=BTC, side="buy", type="limit", price="1000000", qty="0.1")

    fills = (await alice("fills", symbol=BTC))["fills"]

    seen = {(fill["order_id"], fill["side"], fill["role"], fill["qty"]) for fill in fills}
    assert seen == {(maker["order_id"], "sell", "maker", "0.1"), (taker["order_id"], "buy", "taker", "0.1")}
    assert len(fills) == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"currency": "BTC", "side": "buy", "fee": "-0.0001"}, ("buy", "0.1", "0.0001", "BTC")),
        ({"currency": "BTC", "side": "sell", "fee": "0"}, ("sell", "0.1", None, None)),
        ({"currency": "JPY", "side": "buy", "fee": "2.50"}, ("sell", None, "-2.50", "JPY")),
        ({"currency": "JPY", "side": "sell", "fee": "0"}, ("buy", None, None, None)),
    ],
)
def test_half_a_fill_tells_only_what_it_knows(row: dict[str, str], told: tuple[str | None, ...]) -> None:
    """A page may end between the two rows."""
    usual = {
        "ledger_id": "1", "trade_id": "2", "instrument_id": BTC, "order_id": "3", "price": "5", "size": "0.1", "exec_type": "M",
        "timestamp": "2024-01-01T00:00:00Z",
    }  # fmt: skip

    (fill,) = fills_fields([decode_fill(Row({**usual, **row}, "fill"))])

    assert (fill["side"], fill["qty"], fill["fee"], fill["fee_currency"]) == told


async def test_balances_add_up(alice: Asked) -> None:
    await alice.sell("5000000", "1.5")

    assert (await alice("balances"))["balances"] == [
        {"currency": "BTC", "total": "10", "available": "8.5", "held": "1.5"},
        {"currency": "ETH", "total": "100", "available": "100", "held": "0"},
    ]
    assert (await alice("wallet"))["balances"] == [
        {"currency": "BTC", "total": "5", "available": "5", "held": "0"},
        {"currency": "JPY", "total": "500000", "available": "500000", "held": "0"},
    ]


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
