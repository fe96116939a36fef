"""The gateway's frames: published examples byte for meaning, numbers by their text, and what is no request."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from mockex.fixtures import load

from mockex.gateway import protocol
from mockex.gateway.platform import (
    Action,
    Asset,
    Fill,
    Liquidity,
    MarginMode,
    Order,
    OrderStatus,
    OrderType,
    Position,
    PositionHalf,
    SymbolInfo,
)
from mockex.gateway.protocol import CancelOrder, Login, Malformed, Ping, PlaceOrder, StateCode

FRAMING = load("gateway", "ws/framing")
NUMBERS = load("gateway", "numbers")
HALF = ("quantity", "avail_qty", "open_price", "hold_price", "liquid_price", "unrealised_pnl", "leverage", "margin")


def frames_of(name: str) -> list[Any]:
    return [pytest.param(each["frame"], id=each["id"]) for each in load("gateway", f"ws/{name}")["frames"]]


def read(**fields: Any) -> Any:
    return protocol.read(json.dumps(fields))


def order_of(row: Any) -> Order:
    return Order(
        pair=row.get("symbol", ""),
        order_no=row["order_no"],
        action=Action(row["action"]),
        order_type=OrderType(row["order_type"]),
        price=Decimal(str(row["price"])),
        quantity=Decimal(str(row["quantity"])),
        remain=Decimal(str(row["remain"])),
        status=OrderStatus(row["status"]),
        created_ms=row["ctime"],
        updated_ms=row["utime"],
    )


def position_of(row: Any) -> Position:
    long, short = (PositionHalf(**{name: Decimal(str(row[f"{side}_{name}"])) for name in HALF}) for side in ("long", "short"))
    return Position(pair="", updated_ms=row["utime"], margin_mode=MarginMode(row["margin_mode"]), long=long, short=short)


def amounts(row: Any) -> Any:
    return {name: Decimal(str(value)) if isinstance(value, (int, float)) else value for name, value in row.items()}


# --- what is written


@pytest.mark.parametrize("frame", frames_of("notify_order"))
def test_an_order_push_is_as_published(frame: Any) -> None:
    row = {"symbol": frame["data"]["symbol"], **protocol.order_row(order_of(frame["data"]))}

    assert json.loads(protocol.notify(frame["token"], "order", row)) == frame
    assert list(row) == list(frame["data"])


@pytest.mark.parametrize("frame", frames_of("notify_fill"))
def test_a_fill_push_is_as_published(frame: Any) -> None:
    data = frame["data"]
    row = protocol.fill_row(
        Fill(
            pair=data["symbol"],
            order_no=data["order_no"],
            fill_no=data["fill_no"],
            price=Decimal(str(data["price"])),
            quantity=Decimal(str(data["quantity"])),
            side=Action(data["side"]),
            liquidity=Liquidity(data["liquidity"]),
            created_ms=data["ctime"],
        )
    )

    assert json.loads(protocol.notify(frame["token"], "fill", row)) == frame


@pytest.mark.parametrize("frame", frames_of("notify_asset"))
def test_an_asset_push_is_as_published(frame: Any) -> None:
    row = protocol.assets_row({coin: Asset(**amounts(each)) for coin, each in frame["data"].items()})

    assert json.loads(protocol.notify(frame["token"], "asset", row)) == frame


@pytest.mark.parametrize("frame", frames_of("notify_position"))
def test_a_position_push_is_as_published(frame: Any) -> None:
    row = {"symbol": frame["data"]["symbol"], **protocol.position_row(position_of(frame["data"]))}

    assert json.loads(protocol.notify(frame["token"], "position", row)) == frame
    assert list(row) == list(frame["data"])


@pytest.mark.parametrize("frame", frames_of("state"))
def test_a_state_has_the_number_of_its_code(frame: Any) -> None:
    assert json.loads(protocol.state(frame["token"], StateCode(frame["code"]), frame["msg"])) == frame


@pytest.mark.parametrize("frame", [each for each in frames_of("symbol_info") if each.values[0]["result"]])
def test_an_answer_about_a_symbol_is_as_published(frame: Any) -> None:
    request = read(op="symbol_info", cid=frame["cid"], token="T", symbol="ETH/USDT")
    row = protocol.symbol_row(SymbolInfo(**amounts(frame["data"])))

    assert json.loads(protocol.reply(request, {"data": row})) == frame


@pytest.mark.parametrize("frame", [each for each in frames_of("open_orders") if each.values[0]["result"]])
def test_an_answer_with_open_orders_is_as_published(frame: Any) -> None:
    request = read(op="open_orders", cid=frame["cid"], token="T", symbol="ETH/USDT")
    rows = [protocol.order_row(order_of(row)) for row in frame["data"]]

    assert json.loads(protocol.reply(request, {"data": rows})) == frame


@pytest.mark.parametrize("example", NUMBERS["emitted"], ids=lambda each: each["id"])
def test_an_amount_is_the_float_of_its_shortest_text(example: Any) -> None:
    frame = protocol.notify("T", "asset", protocol.assets_row({"A": _asset(example["decimal"])}))
    text = frame.split(b'"free":')[1].split(b",")[0].decode()

    assert text in example["json"]


def _asset(amount: str) -> Asset:
    return Asset(free=Decimal(amount), locked=Decimal(0), total=Decimal(amount))


# --- what is read


@pytest.mark.parametrize("example", NUMBERS["json_numbers"], ids=lambda each: each["id"])
def test_a_number_is_read_from_its_text(example: Any) -> None:
    head = '{"op":"place_order","token":"T","symbol":"A/B","action":"BUY","order_type":"LIMIT","price":1,"quantity":'
    request = protocol.read(f"{head}{example['json']}}}")

    assert isinstance(request, PlaceOrder)
    assert request.quantity == Decimal(example["decimal"])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "01", "1.", "0x1", ".5", "9" * 5_000])
def test_what_is_no_json_number_is_no_json(number: str) -> None:
    with pytest.raises(Malformed, match="invalid json"):
        protocol.read(f'{{"op":"ping","ts":{number}}}')


@pytest.mark.parametrize("value", ["1e31", "1e-31", "1" * 61, "true", "null", '"1"', "[1]", "{}"])
def test_what_is_no_amount_is_an_invalid_field(value: str) -> None:
    text = '{"op":"place_order","token":"T","symbol":"A/B","action":"BUY","order_type":"LIMIT","price":%s,"quantity":1}'
    with pytest.raises(Malformed, match="invalid field: price"):
        protocol.read(text % value)


def test_a_zero_is_one_whatever_its_exponent() -> None:
    request = protocol.read(
        '{"op":"place_order","token":"T","symbol":"A/B","action":"BUY","order_type":"MARKET","price":0e-90,"quantity":-0.0}'
    )

    assert isinstance(request, PlaceOrder)
    assert (str(request.price), str(request.quantity)) == ("0", "0")


@pytest.mark.parametrize("example", FRAMING["malformed"], ids=lambda each: each["id"])
def test_what_is_no_request_is_told_apart(example: Any) -> None:
    with pytest.raises(Malformed) as malformed:
        protocol.read(example["text"])

    assert json.loads(protocol.error(malformed.value.text, malformed.value.cid)) == example["server"]
    assert malformed.value.legacy == example["legacy_error"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "invalid json"),
        ("null", "invalid json"),
        ('"ping"', "invalid json"),
        ("{}", "missing field: op"),
        ('{"op":1}', "invalid field: op"),
        ('{"op":"ping"}', "missing field: ts"),
        ('{"op":"asset"}', "missing field: token"),
        ('{"op":"asset","token":7}', "invalid field: token"),
        ('{"op":"open_orders","token":"T"}', "missing field: symbol"),
        ('{"op":"cancel_order","token":"T","symbol":"A/B","order_nos":"1"}', "invalid field: order_nos"),
        ('{"op":"cancel_order","token":"T","symbol":"A/B","order_nos":[1]}', "invalid field: order_nos"),
        ('{"op":"login","platform":"huobi","symbols":"BTC/USDT","access_key":"a","secret_key":"s"}', "invalid field: symbols"),
        ('{"op":"login","platform":"huobi","symbols":[],"access_key":null,"secret_key":"s"}', "invalid field: access_key"),
        ('{"op":"login","platform":"okex","symbols":[],"access_key":"","secret_key":"","passphrase":1}', "field: passphrase"),
        ('{"op":"ping","ts":"\\ud800"}', "invalid json"),
        ('{"op":"ping","ts":' + "[" * 20 + "]" * 20 + "}", "invalid json"),
        ("[" * 100_000, "invalid json"),
    ],
)
def test_a_field_that_is_missing_or_wrong_is_named(text: str, complaint: str) -> None:
    with pytest.raises(Malformed, match=complaint):
        protocol.read(text)


def test_an_unknown_op_is_not_repeated_at_length() -> None:
    with pytest.raises(Malformed) as malformed:
        read(op="x" * 10_000)

    assert malformed.value.text == f"unknown op: {'x' * 64}"


@pytest.mark.parametrize("example", FRAMING["pings"], ids=lambda each: each["id"])
def test_a_ping_is_answered_as_published(example: Any) -> None:
    ping = read(**example["client"])

    assert isinstance(ping, Ping)
    assert json.loads(protocol.pong(ping)) == example["server"]


@pytest.mark.parametrize("ts", ["1530604762311", "1.50", "-0.0", '"now"', "null", "123456789012345678901234567890", "[1,{}]"])
def test_the_time_of_a_ping_comes_back_unchanged(ts: str) -> None:
    ping = protocol.read(f'{{"op":"ping","ts":{ts}}}')

    assert isinstance(ping, Ping)
    assert protocol.pong(ping) == f'{{"op":"pong","ts":{ts}}}'.encode()


@pytest.mark.parametrize("cid", ['"x"', "7", "1.50", '{"a":1.0}'])
def test_a_cid_comes_back_unchanged(cid: str) -> None:
    request = protocol.read(f'{{"op":"asset","cid":{cid},"token":"T"}}')

    assert not isinstance(request, Ping)
    assert protocol.refusal(request, "no").startswith(f'{{"op":"asset","cid":{cid},"result":false'.encode())


def test_an_absent_cid_is_answered_as_an_empty_one() -> None:
    assert json.loads(protocol.reply(read(op="asset", token="T"), {}))["cid"] == ""


@pytest.mark.parametrize("request_", [each["frame"] for each in load("gateway", "ws/cancel_order")["requests"]])
def test_a_cancellation_is_read_as_published(request_: Any) -> None:
    request = read(**request_)

    assert isinstance(request, CancelOrder)
    assert list(request.order_nos) == request_["order_nos"]


def test_a_login_shows_no_secret() -> None:
    login = read(op="login", platform="okex", symbols=["A/B"], access_key="ak", secret_key="hidden", passphrase="hushed")

    assert isinstance(login, Login)
    assert (login.secret_key, login.passphrase) == ("hidden", "hushed")
    assert "hidden" not in repr(login)
    assert "hushed" not in repr(login)
