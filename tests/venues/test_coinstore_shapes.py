"""Replies have the fields and JSON types of their fixtures, and what they are called there: one test for each endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from coinstore_support import Bench, Reply
from fixture_shapes import deviations
from mockex.fixtures import load

from mockex.core.commands import StartPayment
from mockex.core.payments import PaymentKind
from mockex.core.units import Wallet

BTC = "symbol=BTCUSDT"
PAIR = "market_pair=BTC_USDT"


def open_id(bench: Bench) -> str:
    return f"ordId={bench.place_id('BUY', '90', '1', clOrdId='ccc666')}"


def address(bench: Bench) -> str:
    found = bench.desk.state.addresses.freed("alice")
    return next(each.address for each in found if each.chain.code == "USDTTRX")


def taken(bench: Bench) -> dict[str, Any]:
    return {"currencyCode": "USDT", "amount": "100", "address": address(bench), "chainType": "trc20"}


def withdrawn(bench: Bench) -> int:
    found = bench.write("/api/fi/v3/asset/doWithdraw", taken(bench)).data["id"]
    assert type(found) is int
    return found


def deposited(bench: Bench) -> dict[str, Any]:
    bench.desk.execute(
        StartPayment(
            account_id="alice", kind=PaymentKind.COIN_DEPOSIT, asset="USDT", amount=10**18, wallet=Wallet.SPOT, chain="TRX"
        )
    )
    return {}


CALLS: dict[str, Callable[[Bench], object]] = {
    "account_list": lambda _: {},
    "account_matches": lambda _: BTC,
    "active_orders": lambda bench: open_id(bench) and "",
    "active_orders_v2": lambda bench: open_id(bench),
    "cancel_all": lambda bench: open_id(bench) and {"symbol": "BTCUSDT"},
    "cancel_batch": lambda bench: {"symbol": "BTCUSDT", "orderIds": [bench.place_id("BUY", "90", "1"), "7"]},
    "cancel_batch_by_client_id": lambda bench: open_id(bench) and {"symbol": "BTCUSDT", "clientOrderIds": ["ccc666", "x"]},
    "cancel_order": lambda bench: {"symbol": "btcusdt", "ordId": bench.place_id("BUY", "90", "1")},
    "config_symbols": lambda _: "",
    "currency": lambda _: "currencyCode=USDT",
    "deposit_address": lambda _: {"currencyCode": "USDTTRX", "chain": "TRX"},
    "deposit_records": deposited,
    "depth": lambda _: "",
    "kline": lambda _: "",
    "order_info": open_id,
    "order_info_v2": open_id,
    "place_batch": lambda _: {
        "symbol": "BTCUSDT", "orders": [{"side": "BUY", "ordType": "LIMIT", "ordPrice": "90", "ordQty": "1"}, {"clOrdId": "a"}],
    },
    "place_order": lambda _: {"symbol": "BTCUSDT", "side": "BUY", "ordType": "MARKET", "ordAmt": "100"},
    "public_assets": lambda _: "",
    "public_historical_trades": lambda _: PAIR,
    "public_orderbook": lambda _: PAIR,
    "public_summary": lambda _: "",
    "public_ticker": lambda _: "",
    "public_trades": lambda _: PAIR,
    "symbols": lambda _: {},
    "ticker_price": lambda _: "",
    "tickers": lambda _: "",
    "trades": lambda _: "",
    "transfer": lambda _: {"type": "0", "currencyCode": "USDT", "amount": "1", "from": "1", "to": 2, "subAccount": ""},
    "withdraw": taken,
    "withdraw_cancel": lambda bench: {"withdrawId": withdrawn(bench)},
    "withdraw_records": lambda bench: withdrawn(bench) and {},
}  # fmt: skip
ENVELOPES = {
    endpoint.removeprefix("rest/"): row for row in load("coinstore", "conventions")["envelopes"] for endpoint in row["of"]
}


def answered(name: str) -> Reply:
    """The reply to a call of that endpoint, on a market where something has happened."""
    spec = load("coinstore", f"rest/{name}")
    bench = Bench()
    bench.trade("100", "1")
    bench.rest("buy", "95")
    bench.rest("sell", "105", "10")
    what = CALLS[name](bench)
    path = spec["path"].replace("{symbol}", "BTCUSDT")
    if spec["method"] == "GET":
        query = str(what)
        return bench.get(path, query) if spec["auth"] == "public" else bench.read(path, query)
    if spec["auth"] == "public":
        return bench.send("POST", path, body=json.dumps(what).encode())
    return bench.write(path, what)


@pytest.mark.parametrize("name", CALLS)
def test_a_reply_has_the_fields_and_types_of_its_table(name: str) -> None:
    reply = answered(name)

    assert not reply.failed, reply.text
    assert reply.body.get("data") not in ([], {}), "there is something to look at"
    assert deviations(reply.body, load("coinstore", f"rest/{name}")["fields"]) == []


@pytest.mark.parametrize("name", CALLS)
def test_a_reply_says_that_all_is_well_in_the_way_of_its_family(name: str) -> None:
    row = ENVELOPES[name]
    body = answered(name).body

    assert body["code"] == (0 if row["code"] == "integer" else "0")
    assert type(body["code"]) is (int if row["code"] == "integer" else str)
    texts = {"absent": {}, "message, empty": {"message": ""}, "message, Success": {"message": "Success"}}
    expected = texts.get(row["text"], {"message": None})
    assert {key: value for key, value in body.items() if key not in ("code", "data")} == expected


def test_every_endpoint_of_the_fixtures_is_called() -> None:
    assert set(ENVELOPES) == set(CALLS)
