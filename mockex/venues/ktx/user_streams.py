"""KTX's user socket: its two logins, and what ends it. Source: ktx§3 and ktx§9. What can be asked is the market socket's.

A client logs in with a LOGIN, or with the headers of a private request on the upgrade, which nothing answers unless they are
wrong. From then on the three streams flow; SUBSCRIBE and UNSUBSCRIBE are heeded too (ASSUMED). A login that fails ends the
socket, and so does none within 10 s.
A connection belongs to one key. When that is deleted or frozen, it ends with the client's next word or sign of life, whichever
comes first (ASSUMED); a frozen account goes on reading, as it does over REST.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from mockex.core.policy import SECOND_NS
from mockex.venues.ktx.auth import EXPIRES, KEY, LOGIN_TEXT, SIGN, TRADE, VIEW, signed_text, verify
from mockex.venues.ktx.streams import (
    MAX_OUTBOX_BYTES,
    SILENT_CLOSE,
    SLOW_READER_CLOSE,
    Operation,
    RefusedError,
    Request,
    acknowledge,
    answer_ping,
    carry_out,
    decode,
    encode,
    heard,
    run,
    send_error,
    streams_of,
)
from mockex.venues.ktx.user_channels import STREAMS, make_feed
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.credentials import Credential
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind, PlannedFailure
from mockex.wire.heartbeat import Keepalive
from mockex.wire.json import JsonValue
from mockex.wire.venue import SocketSpec

SILENCE_NS = 30 * SECOND_NS
LOGIN_WITHIN_NS = 10 * SECOND_NS  # proposed
REFUSED_CLOSE = CloseOrder(1008, "")  # proposed of a login that failed, ASSUMED of none in time and of a key that is no more
HOSTS = frozenset({"ktx-user.ktx.com", "user-wss.ktx360.com"})

LOGIN = "LOGIN"
_LOGIN_SIGNED = LOGIN_TEXT.encode()


def on_open(desk: Desk, connection: Connection) -> None:
    connection.keepalive = Keepalive(
        connection,
        desk.clock,
        patience_ns=SILENCE_NS,
        silent=SILENT_CLOSE,
        life_ns=LOGIN_WITHIN_NS,
        old=REFUSED_CLOSE,
    )


def on_headers(desk: Desk, connection: Connection, query: str, headers: Mapping[str, str]) -> None:
    """A login by the upgrade: signed is its raw query, or what a LOGIN signs (proposed)."""
    if KEY not in headers and SIGN not in headers:
        return
    expires = headers.get(EXPIRES)
    texts = (query.encode("utf-8", "surrogateescape"), _LOGIN_SIGNED)

    def log_in(desk: Desk, connection: Connection, request: Request) -> None:
        credential = _verified(
            desk,
            connection,
            api_key=headers.get(KEY),
            signature=headers.get(SIGN),
            expires=expires,
            texts=tuple(signed_text(desk, text, expires) for text in texts),
        )
        _begin(desk, connection, credential)

    planned = desk.operate(connection, LOGIN, lambda: run(desk, connection, {}, log_in))
    if planned is not None:
        send_error(connection, {}, RefusedError.fault(desk, PlannedFailure(planned)))
        _end_refused(connection)


def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
    request = decode(message)
    if _key_is_gone(connection):
        refused = RefusedError.fault(desk, ApiFault(FaultKind.PERMISSION_DENIED), close=REFUSED_CLOSE)
        send_error(connection, request or {}, refused)
    elif request is None:
        send_error(connection, {}, RefusedError.frame("-1000"))
    elif not answer_ping(connection, request):
        was_planned = carry_out(desk, connection, request, OPERATIONS)
        if was_planned and request.get("method") == LOGIN:
            _end_refused(connection)


def on_sign_of_life(connection: Connection) -> None:
    if _key_is_gone(connection):
        connection.close(REFUSED_CLOSE)
    else:
        heard(connection)


def _key_is_gone(connection: Connection) -> bool:
    return connection.credential is not None and not connection.credential.is_good


# --- login


def _log_in(desk: Desk, connection: Connection, request: Request) -> None:
    """What is no login at all leaves the socket open. A second one makes the connection the newer key's (ASSUMED)."""
    api_key, signature, expires = _fields(request)
    credential = _verified(
        desk, connection, api_key=api_key, signature=signature, expires=expires, texts=(_LOGIN_SIGNED,), may_last=True
    )
    acknowledge(connection, request, LOGIN)
    _begin(desk, connection, credential)


def _fields(request: Request) -> tuple[str, str, str | None]:
    """Key, signature and time of expiry; neither document nor specification knows the last in a LOGIN: ASSUMED."""
    auth = request.get("auth")
    if auth is None:
        raise RefusedError.frame("-1002", "auth")
    if not isinstance(auth, dict):
        raise RefusedError.frame("-1003", "auth")
    expires = auth.get(EXPIRES)
    if type(expires) not in (int, str, type(None)):
        raise RefusedError.frame("-1003", EXPIRES)
    return _text(auth, KEY), _text(auth, SIGN), None if expires is None else str(expires)


def _text(auth: Mapping[str, JsonValue], name: str) -> str:
    value = auth.get(name)
    if value is None:
        raise RefusedError.frame("-1002", name)
    if not isinstance(value, str):
        raise RefusedError.frame("-1003", name)
    return value


def _verified(
    desk: Desk,
    connection: Connection,
    *,
    api_key: str | None,
    signature: str | None,
    expires: str | None,
    texts: tuple[bytes, ...],
    may_last: bool = False,
) -> Credential:
    """The key that has signed; either permission will do. `RefusedError` closes the socket."""
    try:
        credential = verify(
            desk,
            api_key=api_key,
            signature=signature,
            expires=expires,
            texts=texts,
            peer_ip=connection.peer_ip,
            may_last=may_last,
        )
        if not credential.permissions & {VIEW, TRADE}:
            raise ApiFault(FaultKind.PERMISSION_DENIED)
    except ApiFault as fault:
        raise RefusedError.fault(desk, fault, close=REFUSED_CLOSE) from None
    return credential


def _begin(desk: Desk, connection: Connection, credential: Credential) -> None:
    """The connection is that key's now, and its account's streams flow on it."""
    known = connection.credential
    if known is not None and known.account_id != credential.account_id:
        _stop(desk, connection, STREAMS)
    connection.log_in(credential)
    if connection.keepalive is not None:
        connection.keepalive.spare()
    _flow(desk, connection, credential.account_id, STREAMS)


def _end_refused(connection: Connection) -> None:
    """What a planned error of a login does, as any other would; unless the login was carried out all the same."""
    if connection.credential is None:
        connection.close(REFUSED_CLOSE)


# --- streams


def _flow(desk: Desk, connection: Connection, account_id: str, names: Iterable[str]) -> None:
    for name in names:
        desk.hub.subscribe(connection, (name, account_id), partial(make_feed, desk, name, account_id), encode, name=name)


def _stop(desk: Desk, connection: Connection, names: Iterable[str]) -> None:
    assert connection.credential is not None
    for name in names:
        desk.hub.unsubscribe(connection, (name, connection.credential.account_id))


def _wanted(desk: Desk, connection: Connection, request: Request) -> list[str]:
    """Streams of this socket that a request names. Before the login nothing may be asked for."""
    if connection.credential is None:
        raise RefusedError.fault(desk, ApiFault(FaultKind.NOT_LOGGED_IN))
    wanted = streams_of(request)
    for name in wanted:
        if name not in STREAMS:
            raise RefusedError.frame("-1003", name)
    return wanted


def _subscribe(desk: Desk, connection: Connection, request: Request) -> None:
    """Of what flows already, nothing changes."""
    wanted = _wanted(desk, connection, request)
    assert connection.credential is not None
    acknowledge(connection, request, "SUBSCRIBE", events=wanted)
    _flow(desk, connection, connection.credential.account_id, wanted)


def _unsubscribe(desk: Desk, connection: Connection, request: Request) -> None:
    wanted = _wanted(desk, connection, request)
    _stop(desk, connection, wanted)
    acknowledge(connection, request, "UNSUBSCRIBE", events=wanted)


OPERATIONS: Mapping[str, Operation] = {LOGIN: _log_in, "SUBSCRIBE": _subscribe, "UNSUBSCRIBE": _unsubscribe}

USER_SOCKET = SocketSpec(
    paths=("/user",),
    encode=encode,
    on_message=on_message,
    slow_reader=SlowReaderRule(MAX_OUTBOX_BYTES, SLOW_READER_CLOSE),
    on_open=on_open,
    on_headers=on_headers,
    on_ping=on_sign_of_life,
    on_pong=on_sign_of_life,
    operations=tuple(OPERATIONS),
    channels=lambda desk: STREAMS,
    hosts=HOSTS,
)
