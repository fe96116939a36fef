"""KTX's market socket: requests, streams, errors, signs of life. Source: ktx§8.

Text frames. A request with one bad stream does nothing at all (proposed). The socket is at `/` and `/market`, and at the root
of the venue's own host for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from mockex.core.policy import SECOND_NS
from mockex.venues.ktx.channels import make_feed_of, names
from mockex.venues.ktx.error_codes import FRAME_ERRORS
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.limits import STREAMS_SWITCH
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, PlannedFailure
from mockex.wire.heartbeat import Keepalive
from mockex.wire.json import JsonError, JsonValue, dumps, loads, printable
from mockex.wire.messages import TEXT, Frame
from mockex.wire.pipeline import wire_error
from mockex.wire.venue import SocketSpec

SILENCE_NS = 60 * SECOND_NS  # proposed
SILENT_CLOSE = CloseOrder(1000, "")  # ASSUMED, like the next two
SLOW_READER_CLOSE = CloseOrder(1000, "")
MAX_OUTBOX_BYTES = 1_048_576
HOST = "stream-market.ktx.com"

_MAX_SHOWN = 128

Request = Mapping[str, JsonValue]
Operation = Callable[[Desk, Connection, Request], None]


def encode(payload: bytes) -> Frame:
    return Frame.of(payload, TEXT)


class RefusedError(Exception):
    """A request on a socket that failed. `close`: how the socket ends over it, None if it goes on."""

    def __init__(self, code: str, message: str, *, close: CloseOrder | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.close = close

    @classmethod
    def frame(cls, code: str, detail: str = "") -> RefusedError:
        """What is wrong with the frame itself."""
        return cls(code, FRAME_ERRORS[code].message + (f": {detail[:_MAX_SHOWN]}" if detail else ""))

    @classmethod
    def fault(cls, desk: Desk, fault: ApiFault, *, close: CloseOrder | None = None) -> RefusedError:
        """What REST would say too, by the table of the generation."""
        error = wire_error(desk, fault)
        return cls(error.code, error.text(fault.detail), close=close)


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
    if refused.close is not None:
        connection.close(refused.close)


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
    connection.keepalive = Keepalive(connection, desk.clock, patience_ns=SILENCE_NS, silent=SILENT_CLOSE)


def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
    request = decode(message)
    if request is None:
        send_error(connection, {}, RefusedError.frame("-1000"))
    elif not answer_ping(connection, request):
        carry_out(desk, connection, request, OPERATIONS)


def carry_out(desk: Desk, connection: Connection, request: Request, operations: Mapping[str, Operation]) -> bool:
    """What the request names among `operations`, or its error. That of a planned fault comes after what it has said itself.
    Whether there was a planned one.
    """
    planned = None
    try:
        method = _method_of(request)
        operation = operations.get(method)
        if operation is None:
            raise RefusedError.frame("-1001", method)
        planned = desk.operate(connection, method, lambda: run(desk, connection, request, operation))
        if planned is not None:
            raise RefusedError.fault(desk, PlannedFailure(planned))
    except RefusedError as refused:
        send_error(connection, request, refused)
    return planned is not None


def run(desk: Desk, connection: Connection, request: Request, operation: Operation) -> None:
    try:
        operation(desk, connection, request)
    except RefusedError as refused:
        send_error(connection, request, refused)


def _method_of(request: Request) -> str:
    method = request.get("method")
    if method is None or method == "":
        raise RefusedError.frame("-1002", "method")
    if not isinstance(method, str):
        raise RefusedError.frame("-1001")
    return method


def streams_of(request: Request) -> list[str]:
    """The names in `params`."""
    params = request.get("params")
    if params is None or params == []:
        raise RefusedError.frame("-1002", "params")
    if not isinstance(params, list) or not all(isinstance(name, str) for name in params):
        raise RefusedError.frame("-1003", "params")
    return [str(name) for name in params]


def _subscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """A stream that is read already begins anew."""
    wanted = streams_of(request)
    makers = {name: make_feed_of(desk, name) for name in wanted}
    for name, make_feed in makers.items():
        if make_feed is None:
            raise RefusedError.frame("-1003", name)
    most = desk.number(STREAMS_SWITCH)
    if len(connection.topics.keys() | makers.keys()) > most:
        raise RefusedError.fault(desk, ApiFault(KtxFault.TOO_MANY_STREAMS, limit=str(most)))
    acknowledge(connection, request, "SUBSCRIBE", events=wanted)
    for name, make_feed in makers.items():
        assert make_feed is not None
        desk.hub.subscribe(connection, name, lambda make_feed=make_feed: make_feed(desk), encode, name=name)  # type: ignore[misc]


def _unsubscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """One that was not read is no error (ASSUMED)."""
    wanted = streams_of(request)
    for name in wanted:
        if make_feed_of(desk, name) is None:
            raise RefusedError.frame("-1003", name)
    for name in wanted:
        desk.hub.unsubscribe(connection, name)
    acknowledge(connection, request, "UNSUBSCRIBE", events=wanted)


def acknowledge(connection: Connection, request: Request, op: str, **more: object) -> None:
    """A success, with the request's id if it has one."""
    body: dict[str, object] = {"result": "success", "op": op}
    if request.get("id") is not None:
        body["id"] = printable(request["id"])
    connection.send(encode(dumps({**body, **more})))


OPERATIONS: Mapping[str, Operation] = {
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
