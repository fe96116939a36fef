"""HTX's account WebSocket, `/ws/v2`: framing, login, heartbeat, limits, errors. Source: htx§1.2 and §6.

Messages are text in both directions, and each of the server's has an `action`, because clients look at nothing else first.
Nothing is asked of a client before its login was answered: one client takes whatever comes first for that answer.
A connection belongs to one key. When that is deleted or frozen, it ends with the client's next word or the next ping, whichever
comes first (ASSUMED); a frozen account goes on reading, as it does over REST.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockex.core.policy import SECOND_NS
from mockex.venues.htx.account_channels import Topic, TopicError, make_feed, parse_topic, topic_names
from mockex.venues.htx.auth import LOGIN_PATHS, LOGIN_VERSION, METHOD, WINDOW_NS, login_is_signed, parse_timestamp
from mockex.venues.htx.error_codes import ERRORS_BY_CODE, SOCKET_CODES, SOCKET_MESSAGES
from mockex.venues.htx.state import HtxState
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.credentials import Credential, Permission
from mockex.wire.desk import Desk
from mockex.wire.heartbeat import Heartbeat
from mockex.wire.json import JsonError, JsonValue, dumps, loads, printable
from mockex.wire.limits import RateRule
from mockex.wire.messages import TEXT, Frame
from mockex.wire.signing import within_window
from mockex.wire.venue import SocketSpec

PING_INTERVAL_NS = 20 * SECOND_NS
PINGS_UNANSWERED = 3  # proposed: 60 s after a ping that was not answered the connection is closed
MAX_OUTBOX_BYTES = 1_048_576  # ASSUMED: how much a slow reader may let pile up

CONNECTION_LIMIT = RateRule(name="requests of one account connection", limit=50, window_ns=SECOND_NS)
ADDRESS_LIMIT = RateRule(name="account requests of one address", limit=100, window_ns=SECOND_NS)
CONNECTIONS_PER_KEY = 10

# ASSUMED: the document names no code.
SILENT_CLOSE = CloseOrder(1000, "")
SLOW_READER_CLOSE = CloseOrder(1000, "")
LOGIN_FAILED_CLOSE = CloseOrder(1000, "")  # that it is closed at all is proposed
KEY_GONE_CLOSE = CloseOrder(1000, "")

LOGIN = "auth"
_UNREADABLE = "error"  # ASSUMED: the action of an answer to what names none
_LOGIN_FIELDS = ("accessKey", "signatureMethod", "signatureVersion", "timestamp", "signature")
_MAX_SHOWN = 256  # characters of a client's own words that an answer repeats

Request = Mapping[str, JsonValue]


def encode(payload: bytes) -> Frame:
    return Frame.of(payload, TEXT)


class _RefusedError(Exception):
    """A request that failed. `close`: how the connection ends over it, None if it goes on."""

    def __init__(self, message: str, *, close: CloseOrder | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.close = close


# --- messages


def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
    request = _decode(message)
    if request is not None and request.get("action") == "pong":
        _take_pong(desk, connection, request)
        return
    try:
        _count(desk, connection)
        if request is None:
            raise _RefusedError("invalid.json")
        if request.get("action") == "ping":  # ASSUMED: that a client's own is answered
            connection.send(encode(dumps({"action": "pong", "data": printable(request.get("data"))})))
        else:
            _carry_out(desk, connection, request)
    except _RefusedError as refused:
        _send_refusal(connection, request or {}, SOCKET_CODES[refused.message], refused.message)
        if refused.close is not None:
            connection.close(refused.close)


def _decode(message: str | bytes) -> dict[str, JsonValue] | None:
    """A JSON object; None for anything else."""
    try:
        request = loads(message.encode("utf-8", "replace") if isinstance(message, str) else message)
    except JsonError:
        return None
    return request if isinstance(request, dict) else None


def _take_pong(desk: Desk, connection: Connection, request: Request) -> None:
    """Gets no answer and counts for no limit (ASSUMED)."""
    if _key_is_gone(desk, connection):
        connection.close(KEY_GONE_CLOSE)
        return
    data = request.get("data")
    if connection.heartbeat is not None and isinstance(data, dict):
        connection.heartbeat.answered(data.get("ts"))


def _count(desk: Desk, connection: Connection) -> None:
    """What is refused counts for nothing, but for the connection where it is the address that has had enough (ASSUMED)."""
    for rule, subject in ((CONNECTION_LIMIT, connection.connection_id), (ADDRESS_LIMIT, connection.peer_ip)):
        if not desk.admit(rule, subject).allowed:
            raise _RefusedError("too.many.request")


def _carry_out(desk: Desk, connection: Connection, request: Request) -> None:
    """Unless a fault was planned for it; that of an executed one comes after its answer."""
    operation = request.get("action")
    if not isinstance(operation, str) or operation not in _OPERATIONS:
        raise _RefusedError("invalid.action")
    if _key_is_gone(desk, connection):
        raise _RefusedError("invalid.auth.state", close=KEY_GONE_CLOSE)
    planned = desk.operate(connection, operation, lambda: _OPERATIONS[operation](desk, connection, request))
    if planned is not None:
        message = SOCKET_MESSAGES[planned][0] if planned in SOCKET_MESSAGES else ERRORS_BY_CODE[planned].text({})
        _send_refusal(connection, request, planned, message)


def _send_refusal(connection: Connection, request: Request, code: str, message: str) -> None:
    """Repeats what the request was about. A code of v1, which only a fault plan brings here, is no number."""
    action, channel = request.get("action"), request.get("ch")
    is_known = isinstance(action, str) and action in _OPERATIONS
    body: dict[str, object] = {
        "action": action if is_known else _UNREADABLE,
        "code": int(code) if code.isdigit() else code,
    }
    if isinstance(channel, str):
        body["ch"] = channel[:_MAX_SHOWN]
    connection.send(encode(dumps({**body, "message": message})))


def _acknowledge(connection: Connection, action: str, channel: str) -> None:
    connection.send(encode(dumps({"action": action, "code": 200, "ch": channel, "data": {}})))


# --- login


def _request(desk: Desk, connection: Connection, request: Request) -> None:
    """Nothing can be requested but the login. A second one is refused, and changes nothing (ASSUMED)."""
    if request.get("ch") != LOGIN:
        raise _RefusedError("invalid.ch")
    if connection.credential is not None:
        raise _RefusedError("invalid.auth.state")
    credential = _verified(desk, connection, request.get("params"))
    _admit_connection(desk, connection, credential)
    connection.log_in(credential)
    _acknowledge(connection, "req", LOGIN)
    connection.heartbeat = Heartbeat(
        connection,
        desk.clock,
        interval_ns=PING_INTERVAL_NS,
        patience=PINGS_UNANSWERED,
        ask=lambda asked_ms: _ping(desk, connection, asked_ms),
        close=SILENT_CLOSE,
    )


def _ping(desk: Desk, connection: Connection, asked_ms: int) -> Frame:
    if _key_is_gone(desk, connection):
        connection.close(KEY_GONE_CLOSE)
    return encode(dumps({"action": "ping", "data": {"ts": asked_ms}}))


def _verified(desk: Desk, connection: Connection, params: JsonValue) -> Credential:
    """The key that the login is signed with. Any mistake but a missing field or a foreign address is `auth.fail`, also a key
    that may not read (ASSUMED): all that a login opens is to be read.
    """
    given = {name: params[name] for name in _LOGIN_FIELDS if name in params} if isinstance(params, dict) else {}
    texts = {name: value for name, value in given.items() if isinstance(value, str) and value}
    if len(texts) < len(_LOGIN_FIELDS):
        raise _RefusedError("missing.param.auth")
    credential = desk.credentials.get(texts["accessKey"])
    signed_ns = parse_timestamp(texts["timestamp"])
    failed = _RefusedError("auth.fail", close=LOGIN_FAILED_CLOSE)
    if (texts["signatureMethod"], texts["signatureVersion"]) != (METHOD, LOGIN_VERSION):
        raise failed
    if credential is None or signed_ns is None or not within_window(desk.wall_ns(), signed_ns, WINDOW_NS):
        raise failed
    if not login_is_signed(credential, texts, host=connection.host):
        raise failed
    if not credential.allows_ip(connection.peer_ip):
        raise _RefusedError("invalid.ip", close=LOGIN_FAILED_CLOSE)
    if credential.frozen or Permission.READ not in credential.permissions:
        raise failed
    return credential


def _admit_connection(desk: Desk, connection: Connection, credential: Credential) -> None:
    """The limit of connections of one key; where limits are switched off, there is none."""
    state = desk.state
    assert isinstance(state, HtxState)
    if not state.sessions.admit(credential, connection, CONNECTIONS_PER_KEY if desk.settings.limits_enabled else None):
        raise _RefusedError("too.many.connection", close=LOGIN_FAILED_CLOSE)


def _key_is_gone(desk: Desk, connection: Connection) -> bool:
    """Whether the key that the connection belongs to has been deleted, replaced or frozen since."""
    credential = connection.credential
    return credential is not None and (credential.frozen or desk.credentials.get(credential.api_key) is not credential)


# --- topics


def _topic(desk: Desk, connection: Connection, request: Request) -> tuple[Topic, tuple[str, str]]:
    """What a request names, and the key of that account's own. That nobody has logged in is told first (ASSUMED)."""
    if connection.credential is None:
        raise _RefusedError("invalid.auth.state")
    text = request.get("ch")
    if not isinstance(text, str):
        raise _RefusedError("invalid.ch")
    try:
        topic = parse_topic(desk, text)
    except TopicError as error:
        raise _RefusedError(str(error)) from None
    return topic, (topic.text, connection.credential.account_id)


def _subscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """A second subscription is acknowledged, and opens anew (ASSUMED)."""
    topic, key = _topic(desk, connection, request)
    _acknowledge(connection, "sub", topic.text)
    desk.hub.subscribe(connection, key, lambda: make_feed(desk, topic, key[1]), encode, name=topic.name)


def _unsubscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """A topic that was not subscribed to is acknowledged all the same (ASSUMED: the table has no error for it)."""
    topic, key = _topic(desk, connection, request)
    desk.hub.unsubscribe(connection, key)
    _acknowledge(connection, "unsub", topic.text)


_OPERATIONS: Mapping[str, Callable[[Desk, Connection, Request], None]] = {
    "req": _request,
    "sub": _subscribe,
    "unsub": _unsubscribe,
}

# The second path is what the vendor's own SDK asks for where the host's name does not begin with `api` (htx§1).
ACCOUNT_SOCKET = SocketSpec(
    paths=LOGIN_PATHS,
    encode=encode,
    on_message=on_message,
    slow_reader=SlowReaderRule(MAX_OUTBOX_BYTES, SLOW_READER_CLOSE),
    operations=tuple(_OPERATIONS),
    channels=topic_names,
)
