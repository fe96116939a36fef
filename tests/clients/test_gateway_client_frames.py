"""Frames of the gateway: requests byte for byte as printed, replies and pushes as typed values."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import orjson
import pytest
from gateway_fake import (
    SYMBOL,
    TOKEN,
    FakeGateway,
    compact,
    entry,
    logged_in,
    next_of,
    pushed,
    ready,
    start,
)
from loopback import soon
from mockex.clients.gateway import (
    Action,
    Asset,
    AssetUpdate,
    CancelOutcome,
    Fill,
    FillUpdate,
    GatewayClient,
    LimitOrder,
    Liquidity,
    Login,
    MarginMode,
    MarketOrder,
    Order,
    OrderStatus,
    OrderType,
    OrderUpdate,
    Position,
    PositionLeg,
    PositionSide,
    PositionUpdate,
    Session,
    SymbolInfo,
)
from mockex.clients.gateway.models import order_fields
from mockex.clients.shared.fields import EPOCH, MS
from mockex.fixtures import load

D = Decimal
NOS = ["2510832677225473", "2510832677225474"]

_NO_LEG = PositionLeg(
    quantity=D(0),
    available=D(0),
    open_price=D(0),
    hold_price=D(0),
    liquidation_price=D(0),
    unrealised_profit=D(0),
    leverage=D(0),
    margin=D(0),
)
_LONG_LEG = PositionLeg(
    quantity=D("0.1"),
    available=D("0.1"),
    open_price=D(99990),
    hold_price=D(99990),
    liquidation_price=D("90443.2161"),
    unrealised_profit=D("1.0"),
    leverage=D(10),
    margin=D("999.9"),
)
_AT = EPOCH + 1_530_604_762_311 * MS
_OPEN_ORDERS = (
    Order(
        symbol=SYMBOL,
        order_no=NOS[0],
        action=Action.BUY,
        price=D("2289.6"),
        quantity=D(23),
        remaining=D(11),
        status=OrderStatus.PARTIALLY_FILLED,
        type=OrderType.LIMIT,
        created_at=EPOCH + 1_530_604_762_277 * MS,
        updated_at=EPOCH + 1_530_604_762_278 * MS,
    ),
    Order(
        symbol=SYMBOL,
        order_no=NOS[1],
        action=Action.SELL,
        price=D("2189.6"),
        quantity=D("24.6"),
        remaining=D(0),
        status=OrderStatus.SUBMITTED,
        type=OrderType.LIMIT,
        created_at=EPOCH + 1_530_604_762_222 * MS,
        updated_at=_AT,
    ),
)
_ASSETS = {coin: Asset(coin=coin, free=D("1.1"), locked=D("2.2"), total=D("3.3")) for coin in ("BTC", "ETH", "EOS")}
_FLAT = Position(symbol=SYMBOL, margin_mode=MarginMode.CROSSED, long=_NO_LEG, short=_NO_LEG, updated_at=_AT)


def _info(**values: Any) -> SymbolInfo:
    given = {"price_tick": D("0.01"), "size_tick": D(1), "size_limit": D(10), "value_tick": D(1), "value_limit": D(10)}
    return SymbolInfo(
        symbol=SYMBOL,
        **{**given, "base_currency": "ETH", "quote_currency": "USDT", "settlement_currency": "USDT", **values},
    )


Ask = Callable[[Session], Awaitable[Any]]

ANSWERED: dict[tuple[str, str], tuple[Ask, Any]] = {
    ("place_order", "reply"): (
        lambda s: s.trading.place_order(LimitOrder(symbol=SYMBOL, action=Action.SELL, price=D("219.24"), quantity=D("5.6"))),
        "xxxxxxxxxx",
    ),
    ("cancel_order", "reply"): (
        lambda s: s.trading.cancel_orders(SYMBOL, NOS),
        tuple(CancelOutcome(order_no=no) for no in NOS),
    ),
    ("cancel_order", "reply.nothing-open"): (lambda s: s.trading.cancel_all(SYMBOL), ()),
    ("open_orders", "reply"): (lambda s: s.trading.open_orders(SYMBOL), _OPEN_ORDERS),
    ("open_orders", "reply.none"): (lambda s: s.trading.open_orders(SYMBOL), ()),
    ("asset", "reply"): (lambda s: s.trading.assets(), _ASSETS),
    ("asset", "reply.whole"): (
        lambda s: s.trading.assets(),
        {"USDT": Asset(coin="USDT", free=D(100000), locked=D(0), total=D("100000.0"))},
    ),
    ("asset", "reply.none"): (lambda s: s.trading.assets(), {}),
    ("position", "reply"): (lambda s: s.trading.position(SYMBOL), _FLAT),
    ("position", "reply.long"): (
        lambda s: s.trading.position(SYMBOL),
        Position(symbol=SYMBOL, margin_mode=MarginMode.FIXED, long=_LONG_LEG, short=_NO_LEG, updated_at=_AT),
    ),
    ("position", "reply.legacy-none"): (
        lambda s: s.trading.position(SYMBOL),
        Position(symbol=SYMBOL, margin_mode=None, long=_NO_LEG, short=_NO_LEG, updated_at=None),
    ),
    ("symbol_info", "reply"): (lambda s: s.trading.symbol_info(SYMBOL), _info()),
    ("symbol_info", "reply.ktx"): (
        lambda s: s.trading.symbol_info(SYMBOL),
        _info(
            price_tick=D("0.0001"),
            size_tick=D("0.0001"),
            size_limit=D("0.0001"),
            value_tick=D("0.00000001"),
            value_limit=D("0.0001"),
            base_currency="BTC",
        ),
    ),
    ("symbol_info", "reply.nulls"): (
        lambda s: s.trading.symbol_info(SYMBOL),
        _info(
            price_tick=D("0.1"),
            size_tick=D("0.0001"),
            size_limit=D("0.001"),
            value_tick=None,
            value_limit=None,
            base_currency="BTC",
        ),
    ),
}
SENT = {"cancel_order.reply.nothing-open": "request.all"}


@pytest.mark.parametrize(("name", "tail"), ANSWERED)
async def test_an_operation_is_the_printed_request_and_its_reply_a_typed_value(
    gateway: FakeGateway, gateway_client: GatewayClient, name: str, tail: str
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    ask, expected = ANSWERED[name, tail]
    asking = asyncio.ensure_future(ask(session))
    text = await peer.text()
    cid = "5"  # after the login and three questions

    assert text == compact(entry(name, SENT.get(f"{name}.{tail}", "request")) | {"cid": cid, "token": TOKEN})
    await peer.send(entry(name, tail) | {"cid": cid})
    assert await soon(asking) == expected


def test_every_success_of_the_fixtures_is_covered() -> None:
    found = {
        (name, each["id"].removeprefix(f"ws/{name}."))
        for name in ("place_order", "cancel_order", "open_orders", "asset", "position", "symbol_info")
        for each in load("gateway", f"ws/{name}")["frames"]
        if each["frame"]["result"]
    }

    assert found == set(ANSWERED) | {("cancel_order", "reply.mixed"), ("cancel_order", "reply.none")}


async def test_login_is_the_printed_request_and_logout_too(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    printed = entry("login", "request")
    login = Login(
        platform=printed["platform"],
        symbols=tuple(printed["symbols"]),
        access_key=printed["access_key"],
        secret_key=printed["secret_key"],
    )
    peer = await start(gateway, gateway_client)
    logging_in = asyncio.create_task(gateway_client.login(login))
    assert await peer.text() == compact(printed | {"cid": "1"})
    await peer.send(entry("login", "reply") | {"cid": "1"})
    session = await soon(logging_in)
    logging_out = asyncio.create_task(session.log_out())

    assert await peer.text() == compact(entry("logout", "request") | {"cid": "2"})
    await peer.send(entry("logout", "reply") | {"cid": "2"})
    await soon(logging_out)


async def test_a_passphrase_is_sent_to_whom_it_is_given(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    login = Login(platform="okex", symbols=("BTC/USDT",), access_key="ak1", secret_key="sk1", passphrase="pp1")
    logging_in = asyncio.create_task(gateway_client.login(login))

    assert await peer.text() == compact(entry("login", "request.passphrase"))
    await peer.send(entry("login", "reply") | {"cid": "1"})
    await soon(logging_in)


def test_no_secret_is_in_the_text_of_a_login() -> None:
    shown = repr(Login(platform="okex", symbols=(), access_key="ak1", secret_key="sk1", passphrase="pp1"))

    assert ("ak1" in shown, "sk1" in shown, "pp1" in shown) == (True, False, False)


# --- orders ---


@pytest.mark.parametrize(
    ("order", "tail"),
    [
        (MarketOrder(symbol=SYMBOL, action=Action.SELL, quantity=D("5.6")), "request.market"),
        (
            LimitOrder(symbol=SYMBOL, action=Action.BUY, price=D("219.24"), quantity=D("5.6"), immediate_or_cancel=True),
            "request.ioc",
        ),
        (
            LimitOrder(
                symbol="BTC/USDT",
                action=Action.SELL,
                price=D(99990),
                quantity=D("0.1"),
                position=PositionSide.SHORT,
            ),
            "request.open-short",
        ),
    ],
)
async def test_every_kind_of_order_is_spelled_as_documented(
    gateway: FakeGateway, gateway_client: GatewayClient, order: LimitOrder | MarketOrder, tail: str
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    placing = asyncio.create_task(session.trading.place_order(order))

    assert await peer.text() == compact(entry("place_order", tail) | {"cid": "5", "token": TOKEN})
    await peer.send(entry("place_order", "reply") | {"cid": "5"})
    await soon(placing)


@pytest.mark.parametrize("row", load("gateway", "orders")["signed_quantities"][:4], ids=lambda row: row["id"])
@pytest.mark.parametrize("priced", [True, False])
def test_the_sign_of_a_quantity_is_the_position_that_is_meant(row: dict[str, Any], priced: bool) -> None:
    action, position = Action(row["action"]), PositionSide[row["position"].upper()]
    given: dict[str, Any] = {"symbol": SYMBOL, "action": action, "quantity": D("0.1"), "position": position}
    order = LimitOrder(price=D(1), **given) if priced else MarketOrder(**given)

    assert order_fields(order)["action"] == row["action"]
    assert orjson.dumps(order_fields(order)["quantity"]) == repr(row["quantity"]).encode()


@pytest.mark.parametrize("quantity", ["0", "-0.1", "NaN", "Infinity"])
def test_a_quantity_that_is_not_above_zero_is_refused_unsent(quantity: str) -> None:
    with pytest.raises(ValueError, match="a quantity of"):
        order_fields(MarketOrder(symbol=SYMBOL, action=Action.BUY, quantity=D(quantity)))


def test_a_price_that_is_no_number_is_refused_unsent() -> None:
    with pytest.raises(ValueError):
        order_fields(LimitOrder(symbol=SYMBOL, action=Action.BUY, price=D("NaN"), quantity=D(1)))


@pytest.mark.parametrize(
    ("sent", "spelled"), [("0.1", b"0.1"), ("1E-8", b"0.00000001"), ("1E+3", b"1000"), ("12345678901234567890.1", None)]
)
def test_a_number_is_sent_with_the_digits_of_its_decimal(sent: str, spelled: bytes | None) -> None:
    fields = order_fields(MarketOrder(symbol=SYMBOL, action=Action.BUY, quantity=D(sent)))

    assert orjson.dumps(fields["quantity"]) == (spelled or sent.encode())


# --- numbers ---


@pytest.mark.parametrize("vector", load("gateway", "numbers")["json_numbers"], ids=lambda vector: vector["id"])
async def test_an_amount_is_the_decimal_of_its_text(
    gateway: FakeGateway, gateway_client: GatewayClient, vector: dict[str, Any]
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    text = compact(pushed("notify_asset"))
    await peer.socket.send_str(text.replace('"free":1.1', f'"free":{vector["json"]}'))

    update = await next_of(feed, AssetUpdate)
    assert {asset.free for asset in update.assets.values()} == {D(vector["decimal"])}
    assert session.account.assets == update.assets


# --- pushes ---

_PUSHED_ORDER = _OPEN_ORDERS[1]
PUSHES: dict[tuple[str, str], Any] = {
    ("notify_order", "push"): (OrderUpdate, "order", _PUSHED_ORDER),
    ("notify_fill", "push"): (
        FillUpdate,
        "fill",
        Fill(
            symbol=SYMBOL,
            order_no=NOS[1],
            fill_no="9302836",
            price=D("2189.6"),
            quantity=D("24.6"),
            side=Action.SELL,
            liquidity=Liquidity.TAKER,
            at=_AT,
        ),
    ),
    ("notify_position", "push"): (PositionUpdate, "position", _FLAT),
    ("notify_position", "push.long"): (
        PositionUpdate,
        "position",
        Position(symbol="BTC/USDT", margin_mode=MarginMode.FIXED, long=_LONG_LEG, short=_NO_LEG, updated_at=_AT),
    ),
    ("notify_asset", "push"): (AssetUpdate, "assets", _ASSETS),
}


@pytest.mark.parametrize(("name", "tail"), PUSHES)
async def test_a_printed_push_is_the_event_that_it_means(
    gateway: FakeGateway, gateway_client: GatewayClient, name: str, tail: str
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    await peer.send(pushed(name, tail))
    kind, field, expected = PUSHES[name, tail]

    event = await next_of(feed, kind)
    assert event.session is session
    assert getattr(event, field) == expected


@pytest.mark.parametrize("row", load("gateway", "ws/state")["frames"], ids=lambda row: row["id"])
async def test_a_state_is_told_with_its_code_and_its_text(
    gateway: FakeGateway, gateway_client: GatewayClient, row: dict[str, Any]
) -> None:
    peer = await start(gateway, gateway_client)
    session = await logged_in(peer, gateway_client)
    feed = gateway_client.events()
    await peer.send(row["frame"] | {"token": TOKEN})

    told = await soon(anext(feed))
    assert (told.session, told.code, told.message) == (session, row["frame"]["code"], row["frame"]["msg"])
    assert isinstance(told.code, int)
