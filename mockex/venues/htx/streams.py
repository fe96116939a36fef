"""HTX's two market WebSockets, `/ws` and `/feed`: framing, heartbeat, operations, errors. Source: htx§5.

Every message to the client is one binary frame with a complete gzip stream, pings and errors included: clients require it.
Topics are matched as they are written; a topic's name is its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from mockex.core.markets import Market
from mockex.core.policy import SECOND_NS
from mockex.venues.htx.answers import BOOK_ANSWERS, MARKET_ANSWERS, Answer, BadTimeError, Request
from mockex.venues.htx.channels import BOOK_CHANNELS, MARKET_CHANNELS, TICKERS, MakeFeed, tickers_feed
from mockex.venues.htx.codec import ms
from mockex.venues.htx.error_codes import ERRORS_BY_CODE
from mockex.venues.htx.errors import v1_failure
from mockex.venues.htx.market_data import NOT_OPEN_FLAG
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.desk import Desk
from mockex.wire.fanout import Feed
from mockex.wire.heartbeat import Heartbeat
from mockex.wire.json import JsonError, JsonValue, dumps, loads, printable
from mockex.wire.limits import RateRule
from mockex.wire.messages import BINARY, Frame
from mockex.wire.venue import SocketSpec

PING_INTERVAL_NS = 5 * SECOND_NS  # recorded
PINGS_UNANSWERED = 2  # with so many open, the next is not sent: the connection is closed instead
MAX_OUTBOX_BYTES = 1_048_576  # ASSUMED: how much a slow reader may let pile up

REQUEST_LIMIT = RateRule(name="requests of one connection", limit=1, window_ns=SECOND_NS // 10)

# ASSUMED: the document names no code.
SILENT_CLOSE = CloseOrder(1000, "")
SLOW_READER_CLOSE = CloseOrder(1000, "")

BAD_REQUEST = "bad-request"
_GZIP = 31  # zlib's name for deflate in a gzip wrapper
_MAX_SHOWN = 256  # characters of a topic that an error quotes


def encode(payload: bytes) -> Frame:
    """A whole gzip stream for each message, without a time, so that equal messages are equal bytes."""
    pack = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    return Frame.of(pack.compress(payload) + pack.flush(), BINARY, unpack=_unpack)


def _unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed, _GZIP)


class _RefusedError(Exception):
    """A request on the socket that failed; answered with an error."""

    def __init__(self, message: str, *, code: str = BAD_REQUEST) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    """What one of the two sockets offers: channels and answers by what stands behind `market.<symbol>.`; `singles`: topics
    without a symbol.
    """

    channels: Mapping[str, MakeFeed]
    answers: Mapping[str, Answer]
    singles: Mapping[str, Callable[[Desk], Feed]]

    def topics(self, desk: Desk) -> Iterable[str]:
        """Every topic that can be subscribed to."""
        yield from self.singles
        for symbol in desk.exchange.markets:
            for channel in self.channels:
                yield f"market.{symbol}.{channel}"

    def make_feed(self, desk: Desk, topic: str) -> Callable[[], Feed]:
        """`_RefusedError` for a topic that is not offered here."""
        single = self.singles.get(topic)
        if single is not None:
            _check_open(desk)
            return lambda: single(desk)
        market, channel = self._split(desk, topic, self.channels)
        return lambda: self.channels[channel](desk, market, topic)

    def answer(self, desk: Desk, topic: str, request: Request) -> object:
        """`_RefusedError` for a topic that cannot be asked for here."""
        market, channel = self._split(desk, topic, self.answers)
        try:
            return self.answers[channel](desk, market, topic, request)
        except BadTimeError as error:
            raise _RefusedError(f"invalid {error}") from None

    def _split(self, desk: Desk, topic: str, offered: Mapping[str, object]) -> tuple[Market, str]:
        """`market.btcusdt.mbp.150` is btcusdt's market and mbp.150. Of two things wrong, the channel is told (ASSUMED)."""
        prefix, _, rest = topic.partition(".")
        symbol, _, channel = rest.partition(".")
        if prefix != "market" or channel not in offered:
            raise _RefusedError(f"invalid topic {topic[:_MAX_SHOWN]}")
        market = desk.exchange.markets.get(symbol)
        if market is None:
            is_increment = channel in BOOK_ANSWERS
            raise _RefusedError(f"invalid {channel}.symbol {symbol[:_MAX_SHOWN]}" if is_increment else "invalid symbol")
        _check_open(desk)
        return market, channel


def _check_open(desk: Desk) -> None:
    if NOT_OPEN_FLAG in desk.flags:
        raise _RefusedError("symbol trade not open now")


MARKET = _Address(channels=MARKET_CHANNELS, answers=MARKET_ANSWERS, singles={TICKERS: tickers_feed})
BOOKS = _Address(channels=BOOK_CHANNELS, answers=BOOK_ANSWERS, singles={})


# --- messages


def on_open(desk: Desk, connection: Connection) -> None:
    connection.heartbeat = Heartbeat(
        connection,
        desk.clock,
        interval_ns=PING_INTERVAL_NS,
        patience=PINGS_UNANSWERED,
        ask=lambda asked_ms: encode(dumps({"ping": asked_ms})),
        close=SILENT_CLOSE,
    )


def _on_message(address: _Address) -> Callable[[Desk, Connection, str | bytes], None]:
    def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
        request = _decode(message)
        if request is None:
            _send_error(desk, connection, None, _RefusedError("not json string"))
        elif "pong" in request:
            if connection.heartbeat is not None:
                connection.heartbeat.answered(request["pong"])
        elif "ping" in request:  # htx§5: that a client's ping is answered is unverified
            connection.send(encode(dumps({"pong": printable(request["ping"])})))
        else:
            _carry_out(desk, connection, address, request)

    return on_message


def _decode(message: str | bytes) -> dict[str, JsonValue] | None:
    """A JSON object; None for anything else."""
    try:
        request = loads(message.encode("utf-8", "replace") if isinstance(message, str) else message)
    except JsonError:
        return None
    return request if isinstance(request, dict) else None


def _carry_out(desk: Desk, connection: Connection, address: _Address, request: Request) -> None:
    """Unless a fault was planned for it. A list of topics is answered one by one (unverified)."""
    operation = next((name for name in _OPERATIONS if name in request), None)
    request_id = request.get("id")
    if operation is None:
        _send_error(desk, connection, request_id, _RefusedError("invalid topic"))  # ASSUMED
        return
    topics = request[operation]

    def run() -> None:
        for topic in topics if isinstance(topics, list) and topics else [topics]:
            try:
                if not isinstance(topic, str):
                    raise _RefusedError("invalid topic")
                _OPERATIONS[operation](desk, connection, address, topic, request)
            except _RefusedError as refused:
                _send_error(desk, connection, request_id, refused)

    planned = desk.operate(connection, operation, run)
    if planned is not None:
        refused = _RefusedError(ERRORS_BY_CODE[planned].text({}), code=planned)
        _send_error(desk, connection, request_id, refused)


def _send_error(desk: Desk, connection: Connection, request_id: JsonValue, refused: _RefusedError) -> None:
    failure = v1_failure(refused.code, refused.message)
    body = {"status": failure.pop("status"), "ts": ms(desk.clock.now_ns()), "id": printable(request_id), **failure}
    connection.send(encode(dumps(body)))


def _acknowledge(desk: Desk, connection: Connection, request: Request, word: str, topic: str) -> None:
    """With the request's id as it came: text, number, anything; null where there was none (unverified)."""
    body = {"id": printable(request.get("id")), "status": "ok", word: topic, "ts": ms(desk.clock.now_ns())}
    connection.send(encode(dumps(body)))


# --- operations


def _subscribe(desk: Desk, connection: Connection, address: _Address, topic: str, request: Request) -> None:
    """A second subscription is acknowledged, and opens anew (ASSUMED)."""
    make_feed = address.make_feed(desk, topic)
    _acknowledge(desk, connection, request, "subbed", topic)
    desk.hub.subscribe(connection, topic, make_feed, encode, name=topic)


def _unsubscribe(desk: Desk, connection: Connection, address: _Address, topic: str, request: Request) -> None:
    if not desk.hub.unsubscribe(connection, topic):
        raise _RefusedError(f"unsub with not subbed topic {topic[:_MAX_SHOWN]}")
    _acknowledge(desk, connection, request, "unsubbed", topic)


def _answer(desk: Desk, connection: Connection, address: _Address, topic: str, request: Request) -> None:
    """One in 100 ms on each connection; a refused one does not count (ASSUMED)."""
    if not desk.admit(REQUEST_LIMIT, connection.connection_id).allowed:
        raise _RefusedError(f"429 too many request [{topic[:_MAX_SHOWN]}]")
    data = address.answer(desk, topic, request)
    body = {"id": printable(request.get("id")), "rep": topic, "status": "ok", "ts": ms(desk.clock.now_ns()), "data": data}
    connection.send(encode(dumps(body)))


_OPERATIONS: Mapping[str, Callable[[Desk, Connection, _Address, str, Request], None]] = {
    "sub": _subscribe,
    "unsub": _unsubscribe,
    "req": _answer,
}


def _socket(address: _Address, *paths: str) -> SocketSpec:
    return SocketSpec(
        paths=paths,
        encode=encode,
        on_message=_on_message(address),
        slow_reader=SlowReaderRule(MAX_OUTBOX_BYTES, SLOW_READER_CLOSE),
        on_open=on_open,
        operations=tuple(_OPERATIONS),
        channels=address.topics,
    )


# The second path of each is what the vendor's own SDK asks for where the host's name does not begin with `api` (htx§1).
MARKET_SOCKET = _socket(MARKET, "/ws", "/api/ws")
FEED_SOCKET = _socket(BOOKS, "/feed", "/api/feed")
