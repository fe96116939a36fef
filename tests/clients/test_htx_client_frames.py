"""Frames of the sockets: inflation, the two dialects, the answers of both, and typed pushes of the market sockets."""

import json
from typing import Any

import pytest
from htx_expected import D, ms
from htx_expected_public import level, stats
from htx_fake_venue import gzipped
from htx_frames_play import ACCOUNT, published, push
from mockex.clients.htx import MarketDialect, channels, errors
from mockex.clients.htx import market_models as m
from mockex.clients.htx.events import AllTickers, RawPush
from mockex.clients.htx.fields import parse_json
from mockex.clients.htx.frames import Acknowledged, Answer, Dialect, LoggedIn, Ping, Refused, inflate
from mockex.clients.htx.vocabulary import Side, StreamOp
from mockex.fixtures import load

MARKET = MarketDialect()
FRAMING = load("htx", "ws/framing")
OPERATIONS = load("htx", "ws/operations")
STREAM_ERRORS = {entry["id"]: entry["frame"] for entry in load("htx", "ws/errors")["frames"]}


def _wire(message: Any) -> Any:
    """A fixture as the client reads it off the wire: without floats."""
    return parse_json(json.dumps(message))


def _answer(name: str) -> Any:
    entry = load("htx", f"ws/{name}")["answers"][0]
    frame = MARKET.decode(_wire(entry["frame"]))
    assert isinstance(frame, Answer)
    assert frame.request_id == entry["request"]["id"]
    return MARKET.decode_answer(frame)


# --- inflation ---


@pytest.mark.parametrize("vector", FRAMING["vectors"], ids=lambda vector: vector["id"])
def test_gzip_frame_inflates_to_its_text(vector: dict[str, str]) -> None:
    assert inflate(bytes.fromhex(vector["gzip_hex"])) == vector["text"]


def test_text_frame_is_taken_as_it_is() -> None:
    assert inflate('{"ping":1}') == '{"ping":1}'


@pytest.mark.parametrize(
    "message",
    [
        gzipped("a long enough text to be cut")[:-3],
        gzipped("one") + gzipped("two"),
        b"",
        b"\xff\xff\xff",
        b"x\x9c+\xc8\xcfK\x07\x00\x04\xa5\x01\xbf",  # zlib, not gzip
        gzipped("a text")[:-8] + b"\0" * 8,
    ],
    ids=["cut", "two members", "empty", "noise", "zlib header", "wrong check sum"],
)
def test_binary_frame_that_is_not_one_gzip_member_is_malformed(message: bytes) -> None:
    with pytest.raises(errors.MalformedReplyError):
        inflate(message)


# --- what both sides say ---


@pytest.mark.parametrize(("dialect", "index"), [(MARKET, 0), (ACCOUNT, 1)], ids=["market", "account"])
def test_ping_is_answered_with_its_own_stamp(dialect: Dialect, index: int) -> None:
    heartbeat = FRAMING["heartbeat"][index]

    ping = dialect.decode(heartbeat["server"])

    assert isinstance(ping, Ping)
    assert dialect.pong(ping) == heartbeat["client"]


def test_login_is_the_worked_example_and_only_the_account_socket_has_one() -> None:
    login = next(e for e in OPERATIONS["account"] if e["id"] == "ws/operations.account.login")

    assert ACCOUNT.login() == login["client"][0]
    assert ACCOUNT.decode(login["server"][0]) == LoggedIn(error=None)
    assert MARKET.login() is None


def test_requests_are_spelled_as_published() -> None:
    requests = {entry["id"].rpartition(".")[2]: entry["client"][0] for entry in OPERATIONS["market"]}
    account = {entry["id"].rpartition(".")[2]: entry["client"][0] for entry in OPERATIONS["account"]}
    candles = load("htx", "ws/kline")["answers"][0]["request"]

    assert MARKET.subscription(StreamOp.SUBSCRIBE, "market.btcusdt.kline.1min", "id1") == requests["sub"]
    assert MARKET.subscription(StreamOp.UNSUBSCRIBE, "market.btcusdt.trade.detail", "id4") == requests["unsub"]
    assert MARKET.request("market.ethbtc.kline.1min", "id10", {"from": 1630981620, "to": 1630981680}) == candles
    assert ACCOUNT.subscription(StreamOp.SUBSCRIBE, "orders#ethbtc", "7") == account["sub"]
    assert ACCOUNT.subscription(StreamOp.UNSUBSCRIBE, "orders#ethbtc", "7") == account["unsub"]
    with pytest.raises(ValueError, match="no requests for data"):
        ACCOUNT.request("orders#*", "1", {})


@pytest.mark.parametrize("entry", OPERATIONS["market"], ids=lambda entry: entry["id"])
def test_answers_of_the_market_sockets_are_told_apart(entry: dict[str, Any]) -> None:
    (request,) = entry["client"]
    for answer in entry["server"]:
        match MARKET.decode(answer):
            case Acknowledged(op=op, channel=channel):
                assert channel in (request.get(op) if isinstance(request[op], list) else [request[op]])
            case Refused(request_id=request_id):
                assert request_id == str(request["id"])
            case frame:
                pytest.fail(f"unexpected {frame}")


@pytest.mark.parametrize("entry", OPERATIONS["account"][2:], ids=lambda entry: entry["id"])
def test_answers_of_the_account_socket_are_told_apart(entry: dict[str, Any]) -> None:
    (request,), (answer,) = entry["client"], entry["server"]
    frame = ACCOUNT.decode(answer)

    assert isinstance(frame, Acknowledged if answer["code"] == 200 else Refused)
    assert frame.op == request["action"]
    assert frame.channel is not None
    assert channels.same(frame.channel, request["ch"])


def test_refusals_become_errors_that_name_their_request() -> None:
    market = MARKET.decode(STREAM_ERRORS["ws/errors.frame.market"])
    account = ACCOUNT.decode(STREAM_ERRORS["ws/errors.frame.account"])
    login = ACCOUNT.decode(STREAM_ERRORS["ws/errors.frame.login"])

    assert isinstance(market, Refused)
    assert (market.request_id, type(market.error)) == ("id1", errors.UnknownTopicError)
    assert isinstance(account, Refused)
    assert (account.op, account.channel, type(account.error)) == (
        StreamOp.SUBSCRIBE,
        "orders#2ltcusdt",
        errors.UnknownSymbolError,
    )
    assert isinstance(login, LoggedIn)
    assert isinstance(login.error, errors.AuthenticationError)
    assert login.error.code == 2002


def test_refusal_of_an_unreadable_request_is_an_error_without_a_topic() -> None:
    refusal = ACCOUNT.decode({"action": "nonsense", "code": 2001, "message": "invalid.action"})

    assert isinstance(refusal, Refused)
    assert (refusal.op, refusal.channel, refusal.error.code) == (None, None, 2001)


@pytest.mark.parametrize("message", [{}, {"ts": 1}, [], 7, {"status": "ok", "id": "1"}])
def test_market_message_of_no_known_kind_is_malformed(message: Any) -> None:
    with pytest.raises(errors.MalformedReplyError):
        MARKET.decode(message)


@pytest.mark.parametrize("message", [{}, {"action": "dance"}, [], {"action": "sub", "ch": "orders#x"}])
def test_account_message_of_no_known_kind_is_malformed(message: Any) -> None:
    with pytest.raises(errors.MalformedReplyError):
        ACCOUNT.decode(message)


# --- pushes of the market sockets ---

MARKET_PUSHES = [
    (
        "kline",
        0,
        m.Candle(
            symbol="ethbtc",
            time=ms(1_630_981_680_000),
            statistics=stats("0.074849", "0.074848", "0.074848", "0.074849", "2.4448", "0.1829884187", 3),
        ),
    ),
    (
        "depth",
        0,
        m.Depth(
            symbol="btcusdt",
            version=136998124622,
            timestamp=ms(1_630_983_549_500),
            bids=(level("52690.69", "0.36281"), level("52690.68", "0.2")),
            asks=(level("52690.7", "0.372591"), level("52691.26", "0.13")),
        ),
    ),
    (
        "mbp",
        1,
        m.BookChange(
            symbol="ethbtc",
            seq_num=100020146795,
            prev_seq_num=100020146794,
            bids=(),
            asks=(level("645.14", "26.75597395914065"),),
        ),
    ),
    (
        "mbp",
        2,
        m.BookChange(symbol="ethbtc", seq_num=100772868478, prev_seq_num=100772868476, bids=(), asks=()),
    ),
    (
        "bbo",
        0,
        m.BestPrices(
            symbol="btcusdt",
            seq_id=137005210233,
            quote_time=ms(1_630_994_555_539),
            bid=level("52665.01", "0.178567"),
            ask=level("52665.02", "1.502181"),
        ),
    ),
    (
        "trade_detail",
        0,
        m.Match(
            symbol="btcusdt",
            id=137005445109,
            timestamp=ms(1_630_994_963_173),
            trades=(
                m.Trade(
                    id=137005445109359286410323766,
                    trade_id=102523573486,
                    price=D("52648.62"),
                    amount=D("0.006754"),
                    direction=Side.BUY,
                    timestamp=ms(1_630_994_963_173),
                ),
            ),
        ),
    ),
    (
        "detail",
        0,
        m.Summary(
            symbol="btcusdt",
            id=273956868110,
            statistics=stats("51823.62", "52379.99", "51000", "52924.14", "13991.028076056185", "727676440.200527", 471348),
        ),
    ),
    (
        "ticker",
        0,
        m.TickerUpdate(
            symbol="btcusdt",
            statistics=stats("51732", "52735.63", "51000", "52785.64", "13259.24137056181", "687640987.4125315", 448737),
            bid=level("52732.88", "0.036"),
            ask=level("52732.89", "0.583653"),
            last=level("52735.63", "0.03"),
        ),
    ),
]


@pytest.mark.parametrize(("name", "index", "expected"), MARKET_PUSHES, ids=[f"{n}-{i}" for n, i, _ in MARKET_PUSHES])
def test_published_push_of_a_market_topic_is_read(name: str, index: int, expected: object) -> None:
    assert push(MARKET, _wire(published(name, index))) == expected


def test_increment_keeps_digits_that_a_double_would_lose_and_may_leave_a_side_out() -> None:
    text = (
        '{"ch":"market.ethbtc.mbp.5","ts":1573199608679,"tick":{"seqNum":100020146795,"prevSeqNum":100020146794,'
        '"asks":[[645.140000000000000000,26.755973959140651643]]}}'
    )

    change = push(MARKET, parse_json(text))

    assert change.bids == ()
    assert change.asks == (level("645.14", "26.755973959140651643"),)


def test_java_doubles_of_all_tickers_are_exact() -> None:
    text = (
        '{"ch":"market.tickers","status":"ok","ts":1722857569936,"data":[{"symbol":"sylousdt","open":9.7E-4,"high":0.001055,'
        '"low":8.29E-4,"close":8.97E-4,"amount":6.033648738732E8,"vol":566666.2460002552,"count":12651}]}'
    )

    tickers = push(MARKET, parse_json(text))

    assert tickers == AllTickers(
        tickers=(
            m.Ticker(
                symbol="sylousdt",
                statistics=stats("0.00097", "0.000897", "0.000829", "0.001055", "603364873.8732", "566666.2460002552", 12651),
                bid=None,
                ask=None,
            ),
        )
    )


def test_refreshed_book_is_an_image_with_a_sequence_number() -> None:
    image = push(MARKET, _wire(published("mbp_refresh")))

    assert isinstance(image, m.BookImage)
    assert (image.symbol, image.seq_num) == ("btcusdt", 100020142010)
    assert [len(side) for side in (image.bids, image.asks)] == [5, 5]
    assert image.asks[0] == level("650.59", "14.909733438479636")


def test_unknown_topic_is_handed_over_as_it_came() -> None:
    message = {"ch": "market.btcusdt.etp", "ts": 1, "tick": {"nav": 1}}

    assert push(MARKET, message) == RawPush(fields=message)


def test_answers_to_requests_have_the_type_of_their_topic() -> None:
    candles, trades, summary, image = (_answer(name) for name in ("kline", "trade_detail", "detail", "mbp"))

    assert [candle.time for candle in candles] == [ms(1_630_981_620_000), ms(1_630_981_680_000)]
    assert [trade.trade_id for trade in trades] == [102523573486]
    assert (summary.symbol, summary.id) == ("btcusdt", 273956868110)
    assert (image.symbol, image.seq_num, image.bids[0].price) == ("ethbtc", 100020142010, parse_json("618.37"))


def test_push_of_another_shape_names_the_field() -> None:
    message = _wire(published("trade_detail"))
    message["tick"]["data"][0]["direction"] = "up"

    with pytest.raises(errors.MalformedReplyError, match=r"trade\.direction is not a Side: 'up'"):
        push(MARKET, message)
