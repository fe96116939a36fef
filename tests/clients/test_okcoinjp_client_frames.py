"""Frames of the stream: inflation, events, typed pushes."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from mockex.clients.okcoinjp import channels, errors
from mockex.clients.okcoinjp.events import (
    Acknowledged,
    Data,
    LoggedIn,
    Push,
    RawPush,
    Refused,
    decode_frame,
    decode_push,
    inflate,
)
from mockex.clients.okcoinjp.market_models import BookSnapshot, Candle, DepthChange, Ticker, Trade
from mockex.clients.okcoinjp.trading_models import Balance, LastFill, OrderUpdate
from mockex.clients.okcoinjp.vocabulary import DepthAction, Execution, Granularity, OrderState, OrderType, Side, StreamOp
from mockex.fixtures import load
from okcoinjp_expected import at, level
from okcoinjp_fake_venue import deflated

FRAMING = load("okcoinjp", "ws/framing")["vectors"]


def _published(channel: str, index: int = 0) -> Any:
    return load("okcoinjp", f"ws/{channel}")["frames"][index]["frame"]


def _pushes(message: Any) -> list[Push]:
    frame = decode_frame(message)
    assert isinstance(frame, Data)
    return [decode_push(frame, row) for row in frame.rows]


@pytest.mark.parametrize("vector", FRAMING, ids=lambda vector: vector["id"])
def test_recorded_frame_inflates_to_its_text(vector: dict[str, Any]) -> None:
    assert inflate(bytes.fromhex(vector["deflated_hex"])) == vector["text"]


def test_text_frame_is_taken_as_it_is() -> None:
    assert inflate("pong") == "pong"


@pytest.mark.parametrize(
    "message",
    [
        deflated("a long enough text to be cut")[:-3],
        deflated("pong") + b"more",
        b"",
        b"\xff\xff\xff",
        b"x\x9c+\xc8\xcfK\x07\x00\x04\xa5\x01\xbf",  # with a zlib header
    ],
    ids=["cut", "followed by more", "empty", "noise", "zlib header"],
)
def test_frame_that_is_not_one_raw_deflate_stream_is_malformed(message: bytes) -> None:
    with pytest.raises(errors.MalformedReplyError):
        inflate(message)


def test_frame_that_inflates_without_end_is_refused() -> None:
    with pytest.raises(errors.MalformedReplyError):
        inflate(deflated("0" * (16 * 1024 * 1024 + 1)))


def test_published_acknowledgements_and_login_are_read() -> None:
    exchange = load("okcoinjp", "ws/operations")["exchanges"][0]["server"]

    assert decode_frame(exchange[0]) == Acknowledged(op=StreamOp.SUBSCRIBE, channel="spot/ticker:ETH-JPY")
    assert decode_frame({"event": "unsubscribe", "channel": "c"}) == Acknowledged(op=StreamOp.UNSUBSCRIBE, channel="c")
    assert decode_frame(load("okcoinjp", "ws/login")["success"]["frame"]) == LoggedIn(success=True)


def test_error_event_becomes_an_exception_value() -> None:
    frame = decode_frame(load("okcoinjp", "ws/errors")["frame"]["frame"])

    assert isinstance(frame, Refused)
    assert type(frame.error) is errors.AuthenticationError
    assert frame.error.code == 30013


@pytest.mark.parametrize("payload", [[], "text", {}, {"event": "news"}, {"table": "spot/ticker"}, {"table": "t", "data": {}}])
def test_message_without_meaning_is_malformed(payload: object) -> None:
    with pytest.raises(errors.MalformedReplyError):
        decode_frame(payload)


def test_published_ticker_is_read() -> None:
    (push,) = _pushes(_published("ticker"))

    assert push.channel == "spot/ticker:ETH-JPY"
    assert push.value == Ticker(
        instrument_id="ETH-JPY",
        last=Decimal("146.24"),
        last_qty=Decimal("0.082483"),
        best_bid=Decimal("146.24"),
        best_bid_size=Decimal("0.006822"),
        best_ask=Decimal("146.25"),
        best_ask_size=Decimal("80.541709"),
        open_24h=Decimal("147.17"),
        high_24h=Decimal("147.48"),
        low_24h=Decimal("143.88"),
        base_volume_24h=Decimal("117387.58"),
        quote_volume_24h=Decimal("17159427.21"),
        timestamp=at("2019-12-11 02:31:40.436"),
    )


def test_older_published_ticker_without_sizes_is_read() -> None:
    (push,) = _pushes(load("okcoinjp", "ws/operations")["exchanges"][0]["server"][2])

    assert isinstance(push.value, Ticker)
    assert (push.value.best_bid, push.value.best_bid_size, push.value.last_qty) == (Decimal(3), None, None)


def test_published_candle_is_read() -> None:
    (push,) = _pushes(_published("candle"))

    assert push == Push(
        channel="spot/candle60s:ETH-JPY",
        value=Candle(
            time=at("2019-04-16 10:49:00.000"),
            open=Decimal("162.03"),
            high=Decimal("162.04"),
            low=Decimal("161.96"),
            close=Decimal("161.98"),
            volume=Decimal("336.452694"),
            instrument_id="ETH-JPY",
        ),
    )


def test_published_trade_is_read() -> None:
    (push,) = _pushes(_published("trade"))

    assert push == Push(
        channel="spot/trade:ETH-JPY",
        value=Trade(
            trade_id="1210447366",
            price=Decimal("162.12"),
            size=Decimal("11.085"),
            side=Side.BUY,
            timestamp=at("2019-05-06 06:51:24.389"),
            instrument_id="ETH-JPY",
        ),
    )


def test_published_five_levels_are_read() -> None:
    (push,) = _pushes(_published("depth5"))

    assert push.channel == "spot/depth5:ETH-JPY"
    assert push.value == BookSnapshot(
        instrument_id="ETH-JPY",
        asks=(
            level("161.96", "7.37567", 3),
            level("161.97", "1.308", 1),
            level("161.98", "2.463509", 1),
            level("161.99", "5.185", 2),
            level("162", "29.184592", 5),
        ),
        bids=(
            level("161.94", "4.552355", 1),
            level("161.91", "7.949", 3),
            level("161.9", "2.213", 1),
            level("161.89", "11.999998", 1),
            level("161.88", "6.585142", 3),
        ),
        timestamp=at("2019-04-16 11:03:03.712"),
    )


def test_published_depth_messages_are_read() -> None:
    (partial,) = _pushes(_published("depth", 0))
    (update,) = _pushes(_published("depth", 1))

    assert isinstance(partial.value, DepthChange)
    assert (partial.channel, partial.value.action, partial.value.checksum) == (
        "spot/depth:ETH-JPY",
        DepthAction.PARTIAL,
        468410539,
    )
    assert partial.value.asks[0] == level("8.8", "96.99999966", 1)
    assert partial.value.bids[-1] == level("1", "1004.9998", 1)
    assert update.value == DepthChange(
        instrument_id="BTC-JPY",
        action=DepthAction.UPDATE,
        asks=(),
        bids=(level("3983", "789", 0),),
        timestamp=at("2018-12-04 09:38:36.300"),
        checksum=-1200119424,
    )


def test_tick_by_tick_levels_have_the_count_in_the_fourth_place() -> None:
    row = {
        "instrument_id": "ETH-EUR",
        "asks": [["5", "7", "0", "4"]],
        "bids": [],
        "timestamp": "2021-07-22T00:00:00.000Z",
        "checksum": "12",
    }

    (push,) = _pushes({"table": "spot/depth_l2_tbt", "action": "partial", "data": [row]})

    assert isinstance(push.value, DepthChange)
    assert push.value.asks == (level("5", "7", 4),)
    assert push.value.checksum == 12


@pytest.mark.parametrize("count", [4, "4"])
def test_count_of_a_level_may_be_quoted(count: int | str) -> None:
    message = _published("depth", 1)
    message["data"][0]["bids"] = [["3983", "789", count]]

    (push,) = _pushes(message)

    assert isinstance(push.value, DepthChange)
    assert push.value.bids[0].orders == 4


def test_digits_of_a_level_are_kept_as_sent() -> None:
    message = _published("depth", 1)
    message["data"][0]["bids"] = [["3983.10", "0.00000001", 1]]

    (push,) = _pushes(message)

    assert isinstance(push.value, DepthChange)
    assert (push.value.bids[0].price_text, push.value.bids[0].size_text) == ("3983.10", "0.00000001")


def test_published_balance_is_read() -> None:
    (push,) = _pushes(_published("account"))

    assert push == Push(
        channel="spot/account:JPY",
        value=Balance(
            currency="JPY",
            balance=Decimal("2.215374581132125"),
            hold=Decimal("0.5826"),
            available=Decimal("1.632774581132125"),
        ),
    )


def test_published_order_without_a_fill_is_read() -> None:
    (push,) = _pushes(_published("order"))

    assert push.channel == "spot/order:LTC-JPY"
    assert isinstance(push.value, OrderUpdate)
    assert push.value.last_fill is None
    order = push.value.order
    assert (order.order_id, order.client_oid, order.state) == ("3576398568830976", None, OrderState.OPEN)
    assert (order.side, order.type, order.execution) == (Side.BUY, OrderType.LIMIT, Execution.NORMAL)
    assert (order.price, order.size, order.notional) == (Decimal("5.826"), Decimal("0.1"), None)
    assert order.timestamp == datetime(2019, 9, 24, 6, 45, 11, 394_000, tzinfo=UTC)


def test_order_with_a_fill_carries_it() -> None:
    message = _published("order")
    message["data"][0] |= {
        "last_fill_px": "5.8",
        "last_fill_qty": "0.04",
        "last_fill_id": "77",
        "last_fill_time": "2019-09-24T06:45:12.000Z",
        "filled_size": "0.04",
        "state": "1",
    }

    (push,) = _pushes(message)

    assert isinstance(push.value, OrderUpdate)
    assert push.value.order.state is OrderState.PARTIALLY_FILLED
    assert push.value.last_fill == LastFill(
        trade_id="77", price=Decimal("5.8"), size=Decimal("0.04"), time=at("2019-09-24 06:45:12.000")
    )


def test_every_element_of_a_message_becomes_a_push() -> None:
    message = _published("trade")
    message["data"].append(message["data"][0] | {"trade_id": "2"})

    assert [push.value.trade_id for push in _pushes(message) if isinstance(push.value, Trade)] == ["1210447366", "2"]


def test_unknown_table_is_handed_over_raw() -> None:
    (push,) = _pushes({"table": "spot/new", "data": [{"instrument_id": "A-B", "x": 1}]})

    assert push == Push(channel="spot/new:A-B", value=RawPush(table="spot/new", fields={"instrument_id": "A-B", "x": 1}))


@pytest.mark.parametrize("action", [None, "replace"])
def test_depth_message_without_a_known_action_is_malformed(action: str | None) -> None:
    message = _published("depth", 1) | {"action": action}

    with pytest.raises(errors.MalformedReplyError, match="action"):
        _pushes(message)


def test_channel_names_are_those_of_the_document() -> None:
    named = [
        channels.ticker("ETH-JPY"),
        channels.candles("ETH-JPY", Granularity.ONE_MINUTE),
        channels.trades("ETH-JPY"),
        channels.depth5("ETH-JPY"),
        channels.depth("ETH-JPY"),
        channels.balance("BTC"),
        channels.orders("LTC-JPY"),
    ]

    published = ("ticker", "candle", "trade", "depth5", "depth", "account", "order")
    assert named == [load("okcoinjp", f"ws/{name}")["subscribe"][0]["frame"]["args"][0] for name in published]


def test_long_lists_of_channels_are_cut_to_the_documented_4096_bytes() -> None:
    wanted = [channels.ticker(f"COIN{number:03d}-JPY") for number in range(300)]

    batches = list(channels.requests(wanted))

    assert [channel for batch in batches for channel in batch] == wanted
    assert len(batches) == 2
    assert all(len(json.dumps(batch, separators=(",", ":"))) <= 4096 for batch in batches)
