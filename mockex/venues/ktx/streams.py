"""KTX's market socket: requests, streams, errors, signs of life. Source: ktx§8.

Text frames. A request with one bad stream does nothing at all (proposed). The socket is at `/` and `/market`, and at the root
of the venue's own host for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from mockex.core.policy import SECOND_NS
from mockex.venues.ktx.channels import make_feed_of, names
from mockex.venues.ktx.error_codes import ERRORS_BY_CODE
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.desk import Desk
from mockex.wire.heartbeat import Keepalive
from mockex.wire.json import JsonError, JsonValue, dumps, loads, printable
from mockex.wire.messages import TEXT, Frame
from mockex.wire.venue import SocketSpec

SILENCE_NS = 60 * SECOND_NS  # proposed
SILENT_CLOSE = CloseOrder(1000, "")  # ASSUMED, like the next two
SLOW_READER_CLOSE = CloseOrder(1000, "")
MAX_OUTBOX_BYTES = 1_048_576
MAX_STREAMS = 200  # ASSUMED: the document has a code for too many and no number
HOST = "stream-market.ktx.com"

_MAX_SHOWN = 128

Request = Mapping[str, JsonValue]


def encode(payload: bytes) -> Frame:
    return Frame.of(payload, TEXT)


class RefusedError(Exception):
    """A request on a socket that failed."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = ERRORS_BY_CODE[code].text({}) + (f": {detail[:_MAX_SHOWN]}" if detail else "")


def decode(message: str | bytes) -> dict[str, JsonValue] | None:
    """A JSON object; None for anything else."""
    try:
        request = loads(message.encode("utf-8", "replace") if isinstance(message, str) else message)
    except JsonError:
        return None
    return request if isinstance(request, dict) else None


def with_id(request: Request, body: dict[str, object]) -> dict[str, object]:
    """The request's id goes first, as it came; a request without one is answered without (ktx§8)."""
    return {"id": printable(request["id"]), **body} if request.get("id") is not None else body


def send_error(connection: Connection, request: Request, refused: RefusedError) -> None:
    body = with_id(request, {"error": int(refused.code), "message": refused.message})
    connection.send(encode(dumps(body)))


def watch(desk: Desk, connection: Connection, silence_ns: int) -> None:
    connection.keepalive = Keepalive(connection, desk.clock, patience_ns=silence_ns, silent=SILENT_CLOSE)


def heard(connection: Connection) -> None:
    if connection.keepalive is not None:
        connection.keepalive.heard()


def answer_ping(connection: Connection, request: Request) -> bool:
    """`{"ping":n}` is answered with the same number, whole or not. Whether it was one."""
    number = request.get("ping")
    if "ping" not in request or isinstance(number, bool) or not isinstance(number, (int, Decimal)):
        return False
    heard(connection)
    connection.send(encode(dumps({"pong": printable(number)})))
    return True


def on_open(desk: Desk, connection: Connection) -> None:
    watch(desk, connection, SILENCE_NS)


def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
    request = decode(message)
    if request is None:
        send_error(connection, {}, RefusedError("-1000"))
    elif not answer_ping(connection, request):
        try:
            method = method_of(request)
            carry_out = OPERATIONS.get(method)
            if carry_out is None:
                raise RefusedError("-1001", method)
            planned = desk.operate(connection, method, lambda: _run(desk, connection, request, carry_out))
            if planned is not None:
                raise RefusedError(planned)
        except RefusedError as refused:
            send_error(connection, request, refused)


def _run(desk: Desk, connection: Connection, request: Request, carry_out: Callable[[Desk, Connection, Request], None]) -> None:
    try:
        carry_out(desk, connection, request)
    except RefusedError as refused:
        send_error(connection, request, refused)


def method_of(request: Request) -> str:
    method = request.get("method")
    if method is None or method == "":
        raise RefusedError("-1002", "method")
    if not isinstance(method, str):
        raise RefusedError("-1001")
    return method


def _streams(request: Request) -> list[str]:
    params = request.get("params")
    if params is None or params == []:
        raise RefusedError("-1002", "params")
    if not isinstance(params, list) or not all(isinstance(name, str) for name in params):
        raise RefusedError("-1003", "params")
    return [str(name) for name in params]


def _subscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """A stream that is read already begins anew."""
    wanted = _streams(request)
    makers = {name: make_feed_of(desk, name) for name in wanted}
    for name, make_feed in makers.items():
        if make_feed is None:
            raise RefusedError("-1003", name)
    if len(connection.topics.keys() | makers.keys()) > MAX_STREAMS:
        raise RefusedError("-30004", f"{MAX_STREAMS} streams")
    _acknowledge(connection, request, "SUBSCRIBE", wanted)
    for name, make_feed in makers.items():
        assert make_feed is not None
        desk.hub.subscribe(connection, name, lambda make_feed=make_feed: make_feed(desk), encode, name=name)  # type: ignore[misc]


def _unsubscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """One that was not read is no error (ASSUMED)."""
    wanted = _streams(request)
    for name in wanted:
        if make_feed_of(desk, name) is None:
            raise RefusedError("-1003", name)
    for name in wanted:
        desk.hub.unsubscribe(connection, name)
    _acknowledge(connection, request, "UNSUBSCRIBE", wanted)


def _acknowledge(connection: Connection, request: Request, op: str, streams: list[str]) -> None:
    body: dict[str, object] = {"result": "success", "op": op}
    if request.get("id") is not None:
        body["id"] = printable(request["id"])
    connection.send(encode(dumps({**body, "events": streams})))


OPERATIONS: Mapping[str, Callable[[Desk, Connection, Request], None]] = {
    "SUBSCRIBE": _subscribe,
    "UNSUBSCRIBE": _unsubscribe,
}

MARKET_SOCKET = SocketSpec(
    paths=("/", "/market"),
    encode=encode,
    on_message=on_message,
    slow_reader=SlowReaderRule(MAX_OUTBOX_BYTES, SLOW_READER_CLOSE),
    on_open=on_open,
    on_ping=heard,
    on_pong=heard,
    operations=tuple(OPERATIONS),
    channels=names,
    hosts=frozenset({HOST}),
)
