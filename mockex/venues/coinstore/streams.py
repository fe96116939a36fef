"""Coinstore's WebSocket, `/s/ws`: frames, commands, channels, errors, signs of life. Source: cs§9.

Text frames, each with a number of its connection. Every command that can be read is echoed before it is carried out. Errors are
the specification's proposal throughout; none of them closes the socket.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from mockex.core.policy import DAY_NS, SECOND_NS
from mockex.venues.coinstore import channels
from mockex.venues.coinstore.auth import verify
from mockex.venues.coinstore.channels import Channel, public_channel, trade_history
from mockex.venues.coinstore.codec import seconds
from mockex.venues.coinstore.error_codes import ERRORS_BY_CODE
from mockex.venues.coinstore.market_data import candle_rows
from mockex.venues.coinstore.periods import INTERVALS
from mockex.venues.coinstore.private_channels import private_channel, private_names
from mockex.venues.coinstore.sessions import StreamSession, Subscription, session_of
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.credentials import Credential, Permission
from mockex.wire.desk import Desk
from mockex.wire.fanout import GatheringFeed
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.heartbeat import Keepalive
from mockex.wire.json import JsonError, JsonValue, dumps, loads, printable
from mockex.wire.messages import PING, TEXT, Frame, Push
from mockex.wire.venue import SocketSpec

PING_INTERVAL_NS = 180 * SECOND_NS
PONG_WITHIN_NS = 600 * SECOND_NS
LIFE_NS = DAY_NS
SILENT_CLOSE = CloseOrder(1000, "")  # proposed
OLD_CLOSE = CloseOrder(1001, "")  # proposed
SLOW_READER_CLOSE = CloseOrder(1000, "")  # ASSUMED
MAX_OUTBOX_BYTES = 1_048_576  # ASSUMED

DEFAULT_TRADES, MAX_TRADES = 20, 100  # the first proposed
MAX_CANDLES = 200  # cs§9.4

OK = 200
_MAX_SHOWN = 256

_PING = Frame.of(b"", PING)

Request = Mapping[str, JsonValue]


def encode(payload: bytes) -> Frame:
    return Frame.of(payload, TEXT)


class _RefusedError(Exception):
    """A command that failed. `detail`: the frame's payload."""

    def __init__(self, code: int, slug: str, detail: str = "") -> None:
        super().__init__(slug)
        self.code = code
        self.slug = slug
        self.detail = detail


def on_open(desk: Desk, connection: Connection) -> None:
    connection.session = StreamSession(_uuid(desk, connection))
    connection.keepalive = Keepalive(
        connection,
        desk.clock,
        interval_ns=PING_INTERVAL_NS,
        patience_ns=PONG_WITHIN_NS,
        life_ns=LIFE_NS,
        ping=_PING,
        silent=SILENT_CLOSE,
        old=OLD_CLOSE,
    )
    _respond(connection, OK, "established")


def _uuid(desk: Desk, connection: Connection) -> str:
    """Of the connection, the same in the same world."""
    digits = f"{random.Random(f'{desk.state.session_seed}/{connection.connection_id}').getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def on_pong(connection: Connection) -> None:
    if connection.keepalive is not None:
        connection.keepalive.heard()


# --- messages


def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
    request = _decode(message)
    if request is None:
        _refuse(connection, _RefusedError(400, "command.invalid"))
        return
    named = request.get("op")
    operation = named.upper() if isinstance(named, str) else ""
    if operation == "PONG":  # answered by nothing (proposed)
        on_pong(connection)
        return
    carry_out = _OPERATIONS.get(operation)
    _echo(desk, connection, request)
    if carry_out is None:
        _refuse(connection, _RefusedError(400, "op.unsupported", named[:_MAX_SHOWN] if isinstance(named, str) else ""))
        return
    planned = desk.operate(connection, operation, lambda: _run(desk, connection, request, carry_out))
    if planned is not None:
        _refuse(connection, _RefusedError(int(planned), ERRORS_BY_CODE[planned].text({})))


def _run(desk: Desk, connection: Connection, request: Request, carry_out: Callable[[Desk, Connection, Request], None]) -> None:
    try:
        carry_out(desk, connection, request)
    except _RefusedError as refused:
        _refuse(connection, refused)


def _decode(message: str | bytes) -> dict[str, JsonValue] | None:
    """A JSON object; None for anything else, such as the bare word `pong` that one client sends."""
    try:
        request = loads(message.encode("utf-8", "replace") if isinstance(message, str) else message)
    except JsonError:
        return None
    return request if isinstance(request, dict) else None


def _respond(connection: Connection, code: int, slug: str, **more: object) -> None:
    sid = session_of(connection).sid
    connection.send(encode(dumps({"T": "resp", "sid": sid, "C": code, "M": slug, **more})))


def _refuse(connection: Connection, refused: _RefusedError) -> None:
    more = {"payload": refused.detail} if refused.detail else {}
    _respond(connection, refused.code, refused.slug, **more)


def _echo(desk: Desk, connection: Connection, request: Request) -> None:
    """The command as it came, with an object for each channel's name."""
    echoed: dict[str, object] = {}
    for name, value in request.items():
        if name == "channel" and isinstance(value, list):
            echoed[name] = [_described(desk, connection, each, listed=False) for each in value]
        else:
            echoed[name] = printable(value)
    body = {"T": "echo", "sid": session_of(connection).sid, "C": OK, "M": "command.received", "echo": echoed}
    connection.send(encode(dumps(body)))


def _described(desk: Desk, connection: Connection, name: JsonValue, *, listed: bool) -> object:
    """A channel's object: whole for public channels, the name alone for others. `listed`: as LIST has it."""
    if not isinstance(name, str):
        return printable(name)
    channel = public_channel(desk, name)
    if channel is None and not listed:
        return {"name": name}
    known = session_of(connection).subscriptions.get(name)
    topic = name if channel is None else channel.topic
    row: dict[str, object] = {"name": name, "type": {"name": topic, "auth": channels.ECHO_AUTH[channel is None]}}
    if channel is not None and channel.market is not None:
        row["instrumentId"] = str(desk.state.pair_id(channel.market.instrument.symbol))
    row["lifeStartTime"] = seconds(desk.clock.now_ns()) if known is None else known.since_s
    row["msgCount"] = 0 if known is None else known.messages
    return row if listed else {**row, "pub": True}


# --- commands


def _names(request: Request) -> list[str]:
    """The channels of a command. `_RefusedError` unless it is a list of texts with something in it."""
    names = request.get("channel")
    if isinstance(names, str):
        names = [names]  # ASSUMED
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise _RefusedError(404, "sub.channel.failed")
    return [str(name) for name in names]


def _subscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """One answer for all; then each channel's first frame. Bad channels do not stop the others (proposed)."""
    names = _names(request)
    found, failed, closed = _found(desk, connection, names)
    if closed:
        refused: _RefusedError | None = _RefusedError(401, "unauthorized", ",".join(closed)[:_MAX_SHOWN])
    elif failed:
        refused = _RefusedError(404, "sub.channel.failed", ",".join(failed)[:_MAX_SHOWN])
    else:
        refused = None
    if refused is None:
        _respond(connection, OK, "sub.channel.success")
    else:
        _refuse(connection, refused)
    _open(desk, connection, found, _history_size(request))


def _found(desk: Desk, connection: Connection, names: Iterable[str]) -> tuple[list[Channel], list[str], list[str]]:
    """Channels that this connection may read, names of none, and names of private ones before the login."""
    found: list[Channel] = []
    failed: list[str] = []
    closed: list[str] = []
    for name in names:
        channel = public_channel(desk, name) or private_channel(desk, name)
        if channel is None:
            failed.append(name)
        elif channel.private and connection.credential is None:
            closed.append(name)
        else:
            found.append(channel)
    return found, failed, closed


def _history_size(request: Request) -> int:
    param = request.get("param")
    size = param.get("size") if isinstance(param, dict) else None
    return min(size, MAX_TRADES) if type(size) is int and size > 0 else DEFAULT_TRADES


def _open(desk: Desk, connection: Connection, found: Iterable[Channel], history: int) -> None:
    session = session_of(connection)
    for channel in found:
        account_id = "" if not channel.private or connection.credential is None else connection.credential.account_id
        key = (channel.name, account_id)
        feed = desk.hub.feed(key)
        if isinstance(feed, GatheringFeed):
            feed.flush()
        if channel.name not in session.subscriptions:
            session.subscriptions[channel.name] = Subscription(seconds(desk.clock.now_ns()))
        desk.hub.subscribe(connection, key, partial(channel.make_feed, desk, account_id), encode, name=channel.name)
        if channel.topic == "trade" and channel.market is not None:
            opening = encode(trade_history(desk, channel.market, channel.name, history))
            connection.send(opening.pushed(Push(channel.name, opening=True)))


def _unsubscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """A channel that was not subscribed is no error (proposed)."""
    session = session_of(connection)
    for name in _names(request):
        account_id = "" if connection.credential is None else connection.credential.account_id
        for key in ((name, ""), (name, account_id)):
            desk.hub.unsubscribe(connection, key)
        session.subscriptions.pop(name, None)
    _respond(connection, OK, "unsub.channel.success")


def _list(desk: Desk, connection: Connection, request: Request) -> None:
    """Neither code nor slug."""
    session = session_of(connection)
    subs = [_described(desk, connection, name, listed=True) for name in session.subscriptions]
    connection.send(encode(dumps({"T": "resp", "subs": subs, "sid": session.sid})))


def _request_candles(desk: Desk, connection: Connection, request: Request) -> None:
    """Candles that open before `endTime`, a second; at most 200, of more the newest (proposed). Oldest first."""
    param = request.get("param")
    name = param.get("channel") if isinstance(param, dict) else None
    channel = public_channel(desk, name) if isinstance(name, str) else None
    if channel is None or channel.market is None or channel.topic != "kline" or not isinstance(param, dict):
        raise _RefusedError(404, "sub.channel.failed", str(name)[:_MAX_SHOWN] if isinstance(name, str) else "")
    limit, end = param.get("limit"), param.get("endTime")
    if not (limit is None or (type(limit) is int and limit > 0)) or not (end is None or (type(end) is int and end >= 0)):
        raise _RefusedError(400, "param.invalid")  # ASSUMED
    interval = channel.name.rpartition("@")[2]
    assert interval in INTERVALS
    rows = candle_rows(
        channel.market,
        interval,
        limit=MAX_CANDLES if limit is None else min(limit, MAX_CANDLES),
        end_ns=None if end is None else end * SECOND_NS,
    )
    symbol = channel.market.instrument.symbol
    body = {"T": "kline", "channel": channel.name, "symbol": symbol, "instrumentId": desk.state.pair_id(symbol), "item": rows}
    connection.send(encode(dumps(body)))


def _login(desk: Desk, connection: Connection, request: Request) -> None:
    """Then the channels that it names are subscribed. A second login makes the connection the newer key's (ASSUMED)."""
    auth = request.get("auth")
    fields = auth if isinstance(auth, dict) else {}
    token, expires, signature = fields.get("token"), fields.get("expires"), fields.get("signature")
    text = str(expires) if type(expires) in (int, str) else None
    try:
        credential = verify(
            desk,
            api_key=token if isinstance(token, str) else None,
            expires=text,
            signature=signature if isinstance(signature, str) else None,
            payload=b"" if text is None else text.encode("utf-8", "replace"),
            peer_ip=connection.peer_ip,
        )
        if Permission.READ not in credential.permissions:
            raise ApiFault(FaultKind.PERMISSION_DENIED)
    except ApiFault:
        raise _RefusedError(401, "login.failed") from None
    _forget_account(desk, connection, credential)
    connection.log_in(credential)
    _respond(connection, OK, "login.success")
    names = request.get("channel")
    if isinstance(names, list) and names:
        found, failed, _ = _found(desk, connection, [name for name in names if isinstance(name, str)])
        if failed:
            _refuse(connection, _RefusedError(404, "sub.channel.failed", ",".join(failed)[:_MAX_SHOWN]))
        _open(desk, connection, found, DEFAULT_TRADES)


def _forget_account(desk: Desk, connection: Connection, newer: Credential) -> None:
    """Whoever logs in as somebody else no longer hears of the one before."""
    known = connection.credential
    if known is None or known.account_id == newer.account_id:
        return
    session = session_of(connection)
    for name in list(session.subscriptions):
        if desk.hub.unsubscribe(connection, (name, known.account_id)):
            del session.subscriptions[name]


_OPERATIONS: Mapping[str, Callable[[Desk, Connection, Request], None]] = {
    "SUB": _subscribe,
    "UNSUB": _unsubscribe,
    "LIST": _list,
    "REQ": _request_candles,
    "LOGIN": _login,
}


def _channels(desk: Desk) -> Iterable[str]:
    yield from channels.public_names(desk)
    yield from private_names(desk)


SOCKET = SocketSpec(
    paths=("/s/ws",),
    encode=encode,
    on_message=on_message,
    slow_reader=SlowReaderRule(MAX_OUTBOX_BYTES, SLOW_READER_CLOSE),
    on_open=on_open,
    on_pong=on_pong,
    operations=tuple(_OPERATIONS),
    channels=_channels,
)
