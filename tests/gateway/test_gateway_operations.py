"""What a ready login may ask for: what reaches the link, what comes back, and what is refused."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from gateway_service_rig import INFO, OTHER_PAIR, PAIR, PLACE, START_MS, Ear, GatewayRig, asset, order
from mockex.fixtures import load

from mockex.gateway.platform import (
    Action,
    Cancelled,
    OrderRequest,
    OrderStatus,
    OrderType,
    PlatformError,
    Position,
    PositionHalf,
    PositionSide,
    Refusal,
    venue_error,
)

ORDERS = load("gateway", "orders")
OPERATIONS = {
    "place_order": PLACE,
    "cancel_order": {"order_nos": ["1"]},
    "open_orders": {},
    "asset": {},
    "position": {},
    "symbol_info": {},
}


def refusal(op: str, text: str) -> dict[str, Any]:
    return {"op": op, "cid": "c", "result": False, "error_message": text}


# --- all of them


@pytest.mark.parametrize("op", [*OPERATIONS, "logout"])
async def test_an_unknown_token_is_refused(ear: Ear, op: str) -> None:
    assert await ear.ask(op, "nobody's", **OPERATIONS.get(op, {})) == refusal(op, "Invalid token")


@pytest.mark.parametrize("op", sorted(OPERATIONS))
async def test_a_refusal_of_the_platform_is_told_without_data(rig: GatewayRig, ear: Ear, op: str) -> None:
    token, link = await rig.ready(ear, "ktx_future")
    error = venue_error(1234, "the venue is asleep")
    link.answers.update(dict.fromkeys(("place", "cancel", "open_orders", "assets", "position", "symbol_info"), error))

    assert await ear.ask(op, token, **OPERATIONS[op]) == refusal(op, "venue error: 1234 the venue is asleep")


@pytest.mark.parametrize("op", sorted(OPERATIONS.keys() - {"asset"}))
@pytest.mark.parametrize("symbol", ["btcusdt", "BTC-USDT", "/USDT", "BTC/", "btc/usdt", "", "A/B/C"])
async def test_what_is_no_pair_is_not_found(rig: GatewayRig, ear: Ear, op: str, symbol: str) -> None:
    token, link = await rig.ready(ear, "ktx_future")

    assert await ear.ask(op, token, **{**OPERATIONS[op], "symbol": symbol}) == refusal(op, "symbol not found")
    assert link.asked == []


async def test_symbols_outside_the_login_may_be_traded(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)

    assert (await ear.ask("open_orders", token, symbol=OTHER_PAIR))["result"] is True
    assert (await ear.ask("place_order", token, symbol=OTHER_PAIR, **PLACE))["result"] is True
    assert [each[0] for each in link.asked] == ["open_orders", "place"]


async def test_requests_of_two_tokens_are_answered_as_they_are_done(rig: GatewayRig, ear: Ear) -> None:
    spot, slow = await rig.ready(ear)
    contracts, _ = await rig.ready(ear, "ktx_future")
    slow.answers["assets"] = later = asyncio.get_running_loop().create_future()
    assert await ear.say({"op": "asset", "cid": "first", "token": spot}) == []
    (second,) = await ear.say({"op": "asset", "cid": "second", "token": contracts})
    later.set_result({"BTC": asset("1")})
    first = (await ear.say({"op": "ping", "ts": 0}))[-1]

    assert second["cid"] == "second"
    assert (first["cid"], first["data"]["BTC"]["free"]) == ("first", 1.0)


# --- place_order


async def test_a_limit_order_reaches_the_link_exactly(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    reply = await ear.ask("place_order", token, **{**PLACE, "price": 0.1, "quantity": 1e-8})

    assert reply == {"op": "place_order", "cid": "c", "result": True, "error_message": "", "order_no": "1001"}
    request = OrderRequest(
        pair=PAIR, action=Action.BUY, order_type=OrderType.LIMIT, price=Decimal("0.1"), quantity=Decimal("1e-8")
    )
    assert link.asked == [("place", request)]


@pytest.mark.parametrize("price", [0, 7, -7])
async def test_the_price_of_a_market_order_is_ignored(rig: GatewayRig, ear: Ear, price: int) -> None:
    token, link = await rig.ready(ear)
    reply = await ear.ask("place_order", token, action="BUY", price=price, quantity=100, order_type="MARKET")

    assert reply["result"] is True
    assert link.asked[0][1].price is None


@pytest.mark.parametrize("row", ORDERS["signed_quantities"], ids=lambda row: row["id"])
async def test_the_sign_of_a_quantity_says_whose_position_is_meant(rig: GatewayRig, ear: Ear, row: Any) -> None:
    token, link = await rig.ready(ear, "ktx_future")
    reply = await ear.ask("place_order", token, **{**PLACE, "action": row["action"], "quantity": row["quantity"]})

    assert reply["error_message"] == row.get("error", "")
    if "error" not in row:
        request = link.asked[0][1]
        assert request.position is PositionSide(row["position"])
        assert (request.action, request.quantity) == (Action(row["action"]), Decimal("0.1"))


@pytest.mark.parametrize("row", ORDERS["spot_quantities"], ids=lambda row: row["id"])
async def test_a_spot_platform_takes_no_negative_quantity(rig: GatewayRig, ear: Ear, row: Any) -> None:
    token, link = await rig.ready(ear)

    reply = await ear.ask("place_order", token, **{**PLACE, "action": row["action"], "quantity": row["quantity"]})
    assert reply == refusal("place_order", row["error"])
    assert link.asked == []


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"action": "HOLD"}, "action error"),
        ({"action": "buy"}, "action error"),
        ({"order_type": "FOK"}, "order type error"),
        ({"quantity": 0}, "quantity error"),
        ({"quantity": 0.0, "order_type": "MARKET"}, "quantity error"),
        ({"price": 0}, "price error"),
        ({"price": -1, "order_type": "IOC"}, "price error"),
    ],
)
async def test_an_order_that_means_none_never_reaches_the_link(
    rig: GatewayRig, ear: Ear, wrong: dict[str, Any], text: str
) -> None:
    token, link = await rig.ready(ear)

    assert await ear.ask("place_order", token, **{**PLACE, **wrong}) == refusal("place_order", text)
    assert link.asked == []


@pytest.mark.parametrize("field", [*PLACE, "symbol"])
async def test_every_field_of_an_order_is_needed(rig: GatewayRig, ear: Ear, field: str) -> None:
    token, link = await rig.ready(ear)
    fields = {name: value for name, value in {**PLACE, "symbol": PAIR}.items() if name != field}

    (error,) = await ear.say({"op": "place_order", "cid": "9", "token": token, **fields})
    assert error == {"op": "error", "error_message": f"missing field: {field}", "cid": "9"}
    assert link.asked == []


# --- cancel_order


async def test_each_number_of_a_cancellation_is_answered_in_order(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    link.answers["cancel"] = [Cancelled(order_no="2"), Cancelled(order_no="1", error=Refusal.ORDER_NOT_FOUND)]
    reply = await ear.ask("cancel_order", token, order_nos=["2", "1"])

    assert link.asked == [("cancel", PAIR, ("2", "1"))]
    assert reply == {
        "op": "cancel_order",
        "cid": "c",
        "result": True,
        "error_message": "",
        "data": [
            {"result": True, "error_message": "", "order_no": "2"},
            {"result": False, "error_message": "order not found", "order_no": "1"},
        ],
    }


async def test_an_empty_cancellation_means_every_open_order_of_the_symbol(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)

    assert (await ear.ask("cancel_order", token, order_nos=[]))["data"] == []
    link.answers["cancel_all"] = [Cancelled(order_no="5")]
    reply = await ear.ask("cancel_order", token, order_nos=[])
    assert reply["data"] == [{"result": True, "error_message": "", "order_no": "5"}]
    assert link.asked == [("cancel_all", PAIR)] * 2


async def test_a_hundred_numbers_are_taken_and_no_more(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)

    many = await ear.ask("cancel_order", token, order_nos=[str(n) for n in range(101)])
    assert many == refusal("cancel_order", "too many orders")
    assert link.asked == []
    assert len((await ear.ask("cancel_order", token, order_nos=[str(n) for n in range(100)]))["data"]) == 100


# --- queries


async def test_open_orders_are_told_oldest_first_without_their_symbol(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    link.answers["open_orders"] = [
        order("2", created_ms=START_MS + 2),
        order("3", status=OrderStatus.FILLED),
        order("1", created_ms=START_MS + 1, status=OrderStatus.PARTIAL_FILLED),
    ]
    rows = (await ear.ask("open_orders", token))["data"]

    assert [row["order_no"] for row in rows] == ["1", "2"]
    assert list(rows[0]) == ["order_no", "action", "price", "quantity", "remain", "status", "order_type", "ctime", "utime"]


async def test_assets_are_told_by_coin(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    link.answers["assets"] = {"BTC": asset("0.1", "0.2"), "USDT": asset("100000")}

    assert (await ear.ask("asset", token))["data"] == {
        "BTC": {"free": 0.1, "locked": 0.2, "total": 0.3},
        "USDT": {"free": 100000, "locked": 0, "total": 100000},
    }


async def test_a_position_is_told_of_contracts_alone(rig: GatewayRig, ear: Ear) -> None:
    contracts, link = await rig.ready(ear, "ktx_future")
    long = PositionHalf(quantity=Decimal("0.1"), unrealised_pnl=Decimal("-1.5"))
    link.answers["position"] = Position(pair=PAIR, updated_ms=START_MS, long=long)
    data = (await ear.ask("position", contracts))["data"]
    spot, spot_link = await rig.ready(ear)

    assert (data["margin_mode"], data["long_quantity"], data["long_unrealised_pnl"]) == ("crossed", 0.1, -1.5)
    assert (data["short_quantity"], data["utime"], "symbol" in data) == (0, START_MS, False)
    assert await ear.ask("position", spot) == refusal("position", "not supported")
    assert spot_link.asked == []


async def test_a_symbol_is_told_with_nulls_for_rules_that_there_are_not(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    data = (await ear.ask("symbol_info", token))["data"]
    link.answers["symbol_info"] = PlatformError(Refusal.SYMBOL_NOT_FOUND)

    assert (data["value_tick"], data["value_limit"], data["price_tick"]) == (None, 5, float(INFO.price_tick))
    assert await ear.ask("symbol_info", token, symbol="XXX/YYY") == refusal("symbol_info", "symbol not found")
