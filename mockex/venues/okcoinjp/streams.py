"""The WebSocket of OKCoin Japan v3: framing, operations, login, limits, closing. Source: okj§11.1 and §11.2.

Every message to the client, `pong` and acknowledgements included, is one binary frame with a complete raw-deflate stream.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import NamedTuple

from mockex.core.policy import SECOND_NS
from mockex.venues.okcoinjp.auth import WINDOW_NS, login_signature
from mockex.venues.okcoinjp.channels import CHANNELS
from mockex.venues.okcoinjp.checksum import corrupt_checksum
from mockex.venues.okcoinjp.errors import ERRORS_BY_CODE, WS_ERRORS, request_failure
from mockex.venues.okcoinjp.limits import per_seconds
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.credentials import Credential, Permission
from mockex.wire.desk import Desk
from mockex.wire.fanout import Feed
from mockex.wire.json import JsonError, JsonValue, dumps, loads
from mockex.wire.limits import RateRule
from mockex.wire.messages import BINARY, Frame, WireResponse
from mockex.wire.signing import constant_time_equal, within_window
from mockex.wire.timestamps import parse_unix_seconds_ns
from mockex.wire.venue import SocketRefused, SocketSpec

SILENCE_NS = 30 * SECOND_NS
MAX_CHANNEL_BYTES = 4_096
MAX_OUTBOX_BYTES = 1_048_576  # ASSUMED: how much a slow reader may let pile up

# okj§11.1. How the hour counts (per connection, unsubscriptions and logins included) is proposed.
CONNECT_LIMIT = per_seconds(1, 1, "connections of one address")
SUBSCRIPTION_LIMIT = per_seconds(240, 3_600, "subscriptions of one connection")
COMMAND_LIMITS = {op: per_seconds(50, 1, f"{op} commands") for op in ("subscribe", "unsubscribe", "login")}

# The codes are the table's; that they are also the close codes is proposed (okj§11.1).
IDLE_CLOSE = CloseOrder(4001, WS_ERRORS["4001"].message)
SLOW_READER_CLOSE = CloseOrder(4002, WS_ERRORS["4002"].message)
LOGIN_FAILED_CLOSE = CloseOrder(1000, "")  # ASSUMED: the document only says that the server closes
WRONG_PATH_CLOSE = CloseOrder(1000, "")  # ASSUMED

_RAW_DEFLATE = -15  # zlib's name for it, with the largest window


def encode(payload: bytes) -> Frame:
    """Raw deflate without a header, one complete stream per message (okj§11.1)."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, _RAW_DEFLATE)
    return Frame.of(deflate.compress(payload) + deflate.flush(), BINARY, unpack=_unpack)


def _unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed, _RAW_DEFLATE)


_PONG = encode(b"pong")


class _WsFaultError(Exception):
    """A request on the socket that failed; answered as an error event."""

    def __init__(self, code: str, **detail: str) -> None:
        super().__init__(code)
        self.code = code
        error = WS_ERRORS.get(code) or ERRORS_BY_CODE[code]  # the latter only ever as a planned fault
        self.message = error.text(detail)


def on_upgrade(desk: Desk, peer_ip: str) -> None:
    """One connection per second and address; the answer to a second one is proposed."""
    if not desk.admit(CONNECT_LIMIT, peer_ip).allowed:
        raise SocketRefused(WireResponse(429, dumps(request_failure("30026", WS_ERRORS["30026"].message))))


def on_open(desk: Desk, connection: Connection) -> None:
    connection.watch_silence(desk.clock, SILENCE_NS, IDLE_CLOSE, None)


def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
    if message in ("ping", b"ping"):
        connection.send(_PONG)
        return
    try:
        op, args = _decode(message)
        _count(desk, connection, COMMAND_LIMITS[op], 1)
        _carry_out(desk, connection, op, args)
    except _WsFaultError as fault:
        _send_error(connection, fault)


def _carry_out(desk: Desk, connection: Connection, op: str, args: list[str]) -> None:
    """Unless a fault was planned for it (30043, or any other code). The fault of an executed one comes after its answers."""
    planned = desk.operate(connection, op, lambda: _OPERATIONS[op](desk, connection, args))
    if planned is not None:
        raise _WsFaultError(planned)


def _send_error(connection: Connection, fault: _WsFaultError) -> None:
    """`errorCode` is an integer: clients require it, though the document's templates quote it (okj§11.2)."""
    connection.send(encode(dumps({"event": "error", "message": fault.message, "errorCode": int(fault.code)})))


def _decode(message: str | bytes) -> tuple[str, list[str]]:
    """The operation and its arguments; a bare string counts as a list of one."""
    raw = message.encode("utf-8", "replace") if isinstance(message, str) else message
    shown = raw[:256].decode("utf-8", "replace")
    try:
        request: JsonValue = loads(raw)
    except JsonError:
        raise _WsFaultError("30039", request=shown) from None
    if not isinstance(request, dict):
        raise _WsFaultError("30039", request=shown)
    op, args = request.get("op"), request.get("args")
    if isinstance(args, str):
        args = [args]
    if not isinstance(op, str) or op not in _OPERATIONS or not isinstance(args, list) or not args:
        raise _WsFaultError("30039", request=shown)
    texts = [arg for arg in args if isinstance(arg, str)]
    if len(texts) != len(args) or (op != "login" and len("".join(texts).encode()) > MAX_CHANNEL_BYTES):
        raise _WsFaultError("30039", request=shown)
    return op, texts


def _count(desk: Desk, connection: Connection, rule: RateRule, cost: int) -> None:
    if not desk.admit(rule, connection.connection_id, cost).allowed:
        raise _WsFaultError("30026")


# --- login


def _login(desk: Desk, connection: Connection, args: list[str]) -> None:
    _count(desk, connection, SUBSCRIPTION_LIMIT, 1)
    if connection.credential is not None:
        raise _WsFaultError("30042")
    try:
        connection.log_in(_verified(desk, connection, args))
    except _WsFaultError as fault:
        _send_error(connection, fault)
        connection.close(LOGIN_FAILED_CLOSE)
        return
    connection.send(encode(dumps({"event": "login", "success": True})))


def _verified(desk: Desk, connection: Connection, args: list[str]) -> Credential:
    """Of `[api_key, passphrase, unix seconds, signature]`. Frozen keys, foreign addresses and wrong passphrases alike are
    30027 (proposed), and so are keys that may not read (ASSUMED): all that a login opens is to be read.
    """
    key, passphrase, timestamp, signature = (*args, "", "", "", "")[:4]
    for value, code in ((key, "30001"), (signature, "30002"), (passphrase, "30004"), (timestamp, "30005")):
        if not value:
            raise _WsFaultError(code)
    signed_ns = parse_unix_seconds_ns(timestamp)
    if signed_ns is None:
        raise _WsFaultError("30005")
    if not within_window(desk.wall_ns(), signed_ns, WINDOW_NS):
        raise _WsFaultError("30008")
    credential = desk.credentials.get(key)
    if credential is None:
        raise _WsFaultError("30006")
    if not constant_time_equal(signature, login_signature(credential, timestamp)):
        raise _WsFaultError("30013")
    usable = credential.passphrase_matches(passphrase) and credential.allows_ip(connection.peer_ip)
    usable = usable and Permission.READ in credential.permissions
    if not usable or credential.frozen or desk.account(credential.account_id).frozen:
        raise _WsFaultError("30027")
    return credential


# --- channels


class _Subscription(NamedTuple):
    """A channel that exists and that this connection may read. `name`: in upper case behind the colon, however it was sent."""

    topic: Hashable
    name: str
    make_feed: Callable[[], Feed]


def _subscribe(desk: Desk, connection: Connection, names: list[str]) -> None:
    """Every acknowledgement of a request comes before its data (recorded); a bad channel does not stop the others."""
    _count(desk, connection, SUBSCRIPTION_LIMIT, len(names))
    for subscription in _acknowledged(desk, connection, "subscribe", names):
        desk.hub.subscribe(connection, subscription.topic, subscription.make_feed, encode, name=subscription.name)


def _unsubscribe(desk: Desk, connection: Connection, names: list[str]) -> None:
    """A channel that was not subscribed is acknowledged all the same (ASSUMED)."""
    _count(desk, connection, SUBSCRIPTION_LIMIT, len(names))
    for subscription in _acknowledged(desk, connection, "unsubscribe", names):
        desk.hub.unsubscribe(connection, subscription.topic)


def _acknowledged(desk: Desk, connection: Connection, event: str, names: list[str]) -> list[_Subscription]:
    """Answers each name in order, echoed as it was sent, and returns those that exist."""
    found = []
    for name in names:
        try:
            found.append(_subscription(desk, connection, name))
        except _WsFaultError as fault:
            _send_error(connection, fault)
        else:
            connection.send(encode(dumps({"event": event, "channel": name})))
    return found


def _subscription(desk: Desk, connection: Connection, name: str) -> _Subscription:
    """What `spot/ticker:BTC-JPY` names. 30040 for what does not exist, 30041 for a private channel before login."""
    table, _, argument = name.partition(":")
    channel = CHANNELS.get(table)
    argument = argument.upper()
    if channel is None:
        raise _WsFaultError("30040", channel=name[:64])
    known: Mapping[str, object] = desk.exchange.assets if channel.by_currency else desk.exchange.markets
    if argument not in known:
        raise _WsFaultError("30040", channel=name[:64])
    account_id = ""
    if channel.needs_login:
        if connection.credential is None:
            raise _WsFaultError("30041")
        account_id = connection.credential.account_id
    return _Subscription(
        topic=(table, argument, account_id),
        name=f"{table}:{argument}",
        make_feed=lambda: channel.make_feed(desk, table, argument, account_id),
    )


def _channels(desk: Desk) -> Iterable[str]:
    """Every channel that can be subscribed to."""
    for table, channel in CHANNELS.items():
        for argument in desk.exchange.assets if channel.by_currency else desk.exchange.markets:
            yield f"{table}:{argument}"


_OPERATIONS: Mapping[str, Callable[[Desk, Connection, list[str]], None]] = {
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "login": _login,
}


def on_wrong_path(desk: Desk, connection: Connection) -> None:
    _send_error(connection, _WsFaultError("30000"))
    connection.close(WRONG_PATH_CLOSE)


def _ignore(desk: Desk, connection: Connection, message: str | bytes) -> None:
    """The connection is closing already."""


_SLOW_READER = SlowReaderRule(MAX_OUTBOX_BYTES, SLOW_READER_CLOSE)

MAIN_SOCKET = SocketSpec(
    paths=("/ws/v3",),
    encode=encode,
    on_message=on_message,
    slow_reader=_SLOW_READER,
    on_upgrade=on_upgrade,
    on_open=on_open,
    operations=tuple(_OPERATIONS),
    channels=_channels,
    corrupt_checksum=corrupt_checksum,
)

WRONG_PATH_SOCKET = SocketSpec(
    paths=(),
    encode=encode,
    on_message=_ignore,
    slow_reader=_SLOW_READER,
    on_upgrade=on_upgrade,
    on_open=on_wrong_path,
)
