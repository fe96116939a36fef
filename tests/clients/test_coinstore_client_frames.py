"""Data messages of the Coinstore stream become typed events."""

import asyncio
import json
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
from coinstore_expected import D, s
from coinstore_expected_private import A123
from coinstore_expected_public import BOOK
from coinstore_fake_venue import CoinstoreTime, FakeCoinstore, next_of, next_push, start
from loopback import soon
from mockex.clients.coinstore import (
    Closed,
    CoinstoreStream,
    Connected,
    ErrorReported,
    Interval,
    OrderState,
    OrderType,
    Push,
    RawPush,
    Side,
    TimeInForce,
    errors,
)
from mockex.clients.coinstore import events as e
from mockex.clients.coinstore import market_models as m
from mockex.clients.coinstore.events import decode_push
from mockex.clients.coinstore.fields import Row, parse_json
from mockex.clients.coinstore.vocabulary import RoleWord
from mockex.fixtures import load, names


def _push(name: str, index: int = 0) -> Push:
    """A published frame with the digits of its file, decoded."""
    text = resources.files("mockex.fixtures").joinpath("coinstore", "ws", f"{name}.json").read_text(encoding="utf-8")
    file = parse_json(text)
    assert isinstance(file, dict)
    frame = file["frames"][index]["frame"]
    return decode_push(frame["T"], Row.of(frame, "stream message"))


def _trade(**changes: Any) -> m.Trade:
    first = {
        "symbol": "BTCJJ",
        "instrument_id": 28,
        "trade_id": 21705,
        "seq": 10158,
        "price": D("644.96"),
        "volume": D("1.1932988"),
        "taker_side": Side.SELL,
        "at": s(1_612_685_698).replace(microsecond=157_000),
    }
    return m.Trade(**(first | changes))


HISTORY = m.TradeHistory(
    trades=(
        _trade(
            trade_id=21704,
            seq=10157,
            price=D("384.32"),
            volume=D("2"),
            taker_side=None,
            at=s(1_612_685_697).replace(microsecond=87_000),
        ),
        _trade(),
    )
)
EXPECTED = {
    ("trade", 0): Push(channel="28@trade", value=HISTORY),
    ("trade", 1): Push(
        channel="80004@trade",
        value=_trade(
            symbol="EOSUSD",
            instrument_id=80004,
            trade_id=26461,
            seq=None,
            price=D("9811.7494086"),
            volume=D("7.505"),
            at=s(1_604_040_975),
        ),
    ),
    ("trade", 2): Push(
        channel="88066@trade",
        value=_trade(
            symbol="USDTBTC",
            instrument_id=88066,
            trade_id=12345,
            seq=9935,
            price=D("0.001"),
            volume=D("100"),
            taker_side=Side.BUY,
            at=s(1_612_685_313).replace(microsecond=400_000),
        ),
    ),
    ("kline", 0): Push(
        channel="88066@kline@min_1",
        value=m.CandleUpdate(
            symbol="USDTBTC",
            instrument_id=88066,
            candle=m.Candle(
                interval=Interval.MINUTE_1,
                start=s(1_603_732_500),
                end=s(1_603_732_559),
                first_trade_id=100,
                last_trade_id=200,
                open=D("0.001"),
                high=D("0.0025"),
                low=D("0.0015"),
                close=D("0.002"),
                volume=D("1000"),
                amount=D("1"),
            ),
        ),
    ),
    ("depth", 0): Push(channel="4@depth@5", value=BOOK),
    ("account", 0): Push(
        channel="BTC@account",
        value=e.BalanceUpdate(account_id=12, currency="BTC", available=D("3128.29"), frozen=D("21.03"), at=s(1_602_493_840)),
    ),
    ("order", 0): Push(
        channel="4@order",
        value=e.OrderUpdate(
            version=12,
            account_id=1,
            order_id=12,
            symbol="BTCUSDT",
            side=Side.BUY,
            type=OrderType.LIMIT,
            time_in_force=TimeInForce.GOOD_TILL_CANCELLED,
            state=OrderState.PARTIALLY_FILLED,
            price=D("128.21"),
            quantity=D("11.21"),
            amount=D("231.2"),
            filled_quantity=D("12.2"),
            filled_amount=D("312.12"),
            remaining_quantity=D("1.2"),
            match_id=12,
            trade_id=123,
            role=RoleWord.TAKER,
            match_quantity=D("1.9"),
            match_amount=D("390.29"),
            self_dealing_quantity=D("1.9"),
            fee_rate=D("0.002"),
            fee_currency_id=12,
            fee=D("0.21"),
            at=s(1_602_493_840),
        ),
    ),
    ("spot_asset", 0): Push(
        channel="spot_asset",
        value=e.AssetUpdate(
            assets=(
                e.AssetBalance(
                    currency="USDT",
                    available=D("13297.94999"),
                    frozen=D("0.05001"),
                    btc_value=D("0.3166"),
                    usd_value=D("13298"),
                ),
            )
        ),
    ),
    ("spot_order", 0): Push(channel="spot_order", value=e.OrdersUpdate(orders=(A123,))),
}


@pytest.mark.parametrize(("name", "index"), EXPECTED)
def test_published_frame_is_read(name: str, index: int) -> None:
    assert _push(name, index) == EXPECTED[name, index]


def test_tickers_of_one_pair_and_of_all_are_read() -> None:
    one, everything = _push("ticker"), _push("tickers")

    assert isinstance(one.value, m.Ticker)
    assert (one.channel, one.value.close, one.value.bid, one.value.count) == ("88066@ticker", Decimal("0.0025"), None, None)
    assert isinstance(everything.value, e.AllTickers)
    assert everything.channel == "!@ticker"
    assert [(t.symbol, t.close) for t in everything.value.tickers] == [
        ("BTCUSD", Decimal("9833.12538")),
        ("ETHUSD", Decimal("9832.91038")),
    ]


def test_every_frame_of_the_fixtures_is_covered() -> None:
    files = [name for name in names("coinstore", "ws") if "frames" in load("coinstore", name)]
    frames = {(name.removeprefix("ws/"), i) for name in files for i in range(len(load("coinstore", name)["frames"]))}

    assert frames == {*EXPECTED, ("ticker", 0), ("tickers", 0)}


def test_levels_in_pairs_as_the_document_prints_them_are_read_as_well() -> None:
    (published,) = load("coinstore", "ws/depth")["published_bodies"]

    push = decode_push("depth", Row.of(published["body"], "stream message"))

    assert isinstance(push.value, m.Book)
    assert push.value.bids == (m.Level(price=D("0.0024"), quantity=D("10")),)


def test_level_without_a_quantity_is_malformed() -> None:
    body = load("coinstore", "ws/depth")["published_bodies"][0]["body"] | {"b": [["1"]]}

    with pytest.raises(errors.MalformedReplyError, match="a level of 1 values"):
        decode_push("depth", Row.of(body, "stream message"))


def test_interval_as_the_document_prints_it_is_none_instead_of_an_error() -> None:
    body = load("coinstore", "ws/kline")["published_bodies"][0]["body"]

    push = decode_push("kline", Row.of(body, "stream message"))

    assert isinstance(push.value, m.CandleUpdate)
    assert push.value.candle.interval is None


async def test_message_of_an_unknown_type_is_handed_over_as_it_is(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    await peer.send({"T": "news", "channel": "4@news", "text": "?"})

    assert await next_push(feed) == Push(
        channel="4@news", value=RawPush(type="news", fields={"S": 2, "T": "news", "channel": "4@news", "text": "?"})
    )


async def test_push_of_another_shape_is_reported_and_the_next_one_delivered(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    frame = load("coinstore", "ws/depth")["frames"][0]["frame"]
    await peer.send({name: value for name, value in frame.items() if name != "symbol"})
    await peer.send(frame)

    assert type((await next_of(feed, ErrorReported)).error) is errors.MalformedReplyError
    assert (await next_push(feed)).value == BOOK


async def test_listeners_and_feeds_get_every_event_in_order_and_one_channel_on_demand(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    everything: list[object] = []
    depth: list[object] = []
    coinstore_stream.listen(everything.append)
    stop = coinstore_stream.listen(depth.append, channel="4@DEPTH@5")
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    frame = load("coinstore", "ws/depth")["frames"][0]["frame"]
    await peer.send(frame)
    await peer.send(frame | {"channel": "5@depth@5"})
    await soon(coinstore_stream.round_trip())
    stop()
    await peer.send(frame)
    await soon(coinstore_stream.round_trip())
    await coinstore_stream.close()

    delivered = [event async for event in feed]
    assert delivered == everything
    assert [type(event) for event in delivered] == [Connected, Push, Push, Push, Closed]
    assert [event.channel for event in depth if isinstance(event, Push)] == ["4@depth@5"]


async def test_reader_that_falls_behind_gets_what_fitted_and_then_an_error(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    feed = coinstore_stream.events(limit=2)
    peer = await start(coinstore, coinstore_stream)
    for _ in range(3):
        await peer.send(load("coinstore", "ws/depth")["frames"][0]["frame"])
    await soon(coinstore_stream.round_trip())

    assert [type(await soon(anext(feed))) for _ in range(2)] == [Connected, Push]
    with pytest.raises(errors.FeedOverflowError, match="2 events were not read"):
        await anext(feed)
    with pytest.raises(ValueError, match="a feed of 0 events"):
        coinstore_stream.events(limit=0)


async def test_listener_that_fails_harms_neither_the_stream_nor_other_listeners(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))

    def broken(_: object) -> None:
        raise LookupError("a bug of the reader")

    coinstore_stream.listen(broken)
    feed = coinstore_stream.events()
    await start(coinstore, coinstore_stream)

    assert isinstance(await soon(anext(feed)), Connected)
    assert [type(context["exception"]) for context in reported] == [LookupError]


def test_frames_of_the_fixtures_are_json_that_the_client_reads_without_floats() -> None:
    assert parse_json('{"fee": 0.21, "ordPrice": 9.1E-10, "zero": 0E-18}') == {
        "fee": D("0.21"),
        "ordPrice": D("9.1E-10"),
        "zero": D("0E-18"),
    }
    assert json.loads("0E-18") == 0.0  # what a reader with floats would make of it
