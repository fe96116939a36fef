"""The gateway behind a listener: its clients' sockets, its time and its recording.

Owns the step between `mockex.gateway`, which knows no socket, and aiohttp. Knows no platform. The gateway is replaced together
with the world whose time it goes by; whoever is connected is sent away by then.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from itertools import count

from aiohttp import web

from mockex.clients.shared.clock import Stopwatch
from mockex.core.clock import VirtualClock
from mockex.gateway.platform import MarginMode, Platform
from mockex.gateway.platforms import installed_platforms
from mockex.gateway.service import PATH, Backing, Client, Gateway, GatewaySettings
from mockex.server.http import BAD_REQUEST, BodyBroken, BodyTooLarge, complete_response, peer_of, read_body, split_target
from mockex.server.wallclock import WorldTime
from mockex.server.websocket import Outbox, Socket, converse
from mockex.wire.connections import GONE, CloseOrder, Connection, SlowReaderRule
from mockex.wire.json import JsonError, dumps, loads, printable
from mockex.wire.messages import TEXT, Frame, Push, WireResponse
from mockex.wire.recording import Recorder
from mockex.wire.venue import Switch

logger = logging.getLogger("mockex.server")

NAME = "gateway"
"""Of its listener among the ports; no venue may be called that."""

SWITCHES: Mapping[str, Switch] = {
    "legacy_quirks": Switch(default=False, help="behaves as the original service where it differs from its document"),
    "margin_mode": Switch(default="crossed", choices=tuple(MarginMode), help="of contract orders; a login cannot choose it"),
}
"""What `GatewaySettings` can be told."""

CLOSE_SECONDS = 1.0
"""For links to let go when the server stops."""

_SOCKET_NAME = "gateway"
_MAX_MESSAGE_BYTES = 65_536
_MAX_WAITING_BYTES = 4_194_304
_TOO_LONG = CloseOrder(1009, "")
_FULL = SlowReaderRule(max_bytes=_MAX_WAITING_BYTES, close=GONE)

_UPGRADE_NEEDED = WireResponse(
    426, b"426 Upgrade Required: this is a WebSocket\n", headers=(("Upgrade", "websocket"),), content_type="text/plain"
)
_LEGACY_PAGE = WireResponse(
    200, b"<!DOCTYPE html><title>gateway</title><p>Connect a WebSocket here.</p>\n", content_type="text/html"
)
_NOT_FOUND = WireResponse(404, f"404 Not Found: the gateway is at {PATH}\n".encode(), content_type="text/plain")

_SECRET_NAMES = frozenset({"secret_key", "passphrase"})
_SECRETS = re.compile(r'("(?:secret_key|passphrase)"\s*:\s*)"(?:[^"\\]|\\.)*"')
_MASKED = r'\1"***"'


# --- time


class ClockTime:
    """A world's time for the gateway. What it calls is called by the event loop, never inside a timer of the world: there, time
    must neither be asked nor moved.
    """

    def __init__(self, time: WorldTime, clock: VirtualClock) -> None:
        """`clock`: the one of the world, which the gateway does not outlive."""
        self._time = time
        self._clock = clock
        self.stopwatch = Stopwatch(monotonic_ns=self.now_ns, sleep=self._sleep, sleep_for_answer=_sleep_in_real_time)

    def now_ns(self) -> int:
        return self._time.now_ns()

    def call_after(self, span: timedelta, callback: Callable[[], None]) -> _LoopTimer:
        timer = _LoopTimer(callback)
        timer.begin(self._clock, self._time.now_ns() + _ns(span))
        asyncio.get_running_loop().call_soon(self._time.settle)  # the alarm is to know of it
        return timer

    async def _sleep(self, span: timedelta) -> None:
        if span <= timedelta():
            await asyncio.sleep(0)
            return
        over = asyncio.Event()
        timer = self.call_after(span, over.set)
        try:
            await over.wait()
        finally:
            timer.cancel()


class _LoopTimer:
    """One timer of the world whose callback the event loop calls."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback: Callable[[], None] | None = callback
        self._cancel: Callable[[], None] = _nothing

    def begin(self, clock: VirtualClock, due_ns: int) -> None:
        loop = asyncio.get_running_loop()
        self._cancel = clock.call_at(due_ns, lambda: _soon(loop, self._ring)).cancel

    def cancel(self) -> None:
        self._callback = None
        self._cancel()

    def _ring(self) -> None:
        callback, self._callback = self._callback, None
        if callback is not None:
            callback()


def _soon(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    loop.call_soon(callback)


def _nothing() -> None:
    """Stands for a timer that is not begun."""


async def _sleep_in_real_time(span: timedelta) -> None:
    """For answers: they come in real time, also where the world's stands still."""
    await asyncio.sleep(span.total_seconds())


def _ns(span: timedelta) -> int:
    return span // timedelta(microseconds=1) * 1_000


# --- what stands behind it


class KnownBacking:
    """Platforms whose addresses are known beforehand. `passphrases`: by platform."""

    def __init__(self, urls: Mapping[str, Mapping[str, str]], passphrases: Mapping[str, str]) -> None:
        self._urls = urls
        self._passphrases = passphrases
        self._platforms = {name: each for name, each in installed_platforms().items() if name in urls}

    def platforms(self) -> Mapping[str, Platform]:
        return self._platforms

    def urls(self, platform: Platform) -> Mapping[str, str]:
        return self._urls[platform.name]

    def passphrase(self, platform: Platform, access_key: str) -> str | None:
        return self._passphrases.get(platform.name)


class VenueBacking:
    """Platforms of the venues of one world. They are looked for when the first login comes: their clients take a while."""

    def __init__(
        self,
        venues: Callable[[], Mapping[str, Callable[[Platform], Mapping[str, str]]]],
        passphrase: Callable[[str, str], str | None],
    ) -> None:
        """`venues`: by name, how to find the addresses that a platform needs. `passphrase`: of a venue's key."""
        self._venues = venues
        self._passphrase = passphrase

    @cached_property
    def _platforms(self) -> Mapping[str, Platform]:
        venues = self._venues()
        return {name: each for name, each in installed_platforms().items() if each.venue in venues}

    def platforms(self) -> Mapping[str, Platform]:
        return self._platforms

    def urls(self, platform: Platform) -> Mapping[str, str]:
        return self._venues()[platform.venue](platform)

    def passphrase(self, platform: Platform, access_key: str) -> str | None:
        return self._passphrase(platform.venue, access_key)


# --- settings


def altered(settings: GatewaySettings, switches: Mapping[str, object]) -> GatewaySettings:
    """`settings` apart from the switches that are given. ValueError for what it has no switch for, and for other values."""
    for name, value in switches.items():
        if name not in SWITCHES:
            raise ValueError(f"the gateway has no switch {name!r}; it has {', '.join(SWITCHES)}")
        if not SWITCHES[name].takes(value):
            raise ValueError(f"the gateway's {name} is {SWITCHES[name].expected}, not {value!r}")
    return GatewaySettings(
        legacy_quirks=switches.get("legacy_quirks", settings.legacy_quirks) is True,
        margin_mode=MarginMode(str(switches.get("margin_mode", settings.margin_mode))),
    )


# --- sockets


class _Line:
    """The gateway's way to one client."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def send(self, frame: bytes, *, channel: str | None) -> None:
        message = Frame.of(frame, TEXT)
        self._connection.send(message if channel is None else message.pushed(Push(channel, opening=False)))

    def close(self, code: int) -> None:
        self._connection.close(CloseOrder(code, ""))


class GatewayApp:
    """A handler for an aiohttp listener, and the receiver of its sockets' messages."""

    name = NAME

    def __init__(self, *, time: WorldTime, outbox: Outbox, settings: GatewaySettings) -> None:
        """Call `renew` before the first client comes."""
        self.started_with = self.settings = settings
        """What it began with, and what is true of the present one."""
        self._time = time
        self._outbox = outbox
        self._ids = count(1)
        self._clients: dict[Connection, Client] = {}
        self._closing: dict[asyncio.Task[None], None] = {}
        self._clock = VirtualClock(0)
        self._recorder = Recorder(self._clock.now_ns)
        self._gateway: Gateway | None = None

    @property
    def gateway(self) -> Gateway:
        """The present one."""
        assert self._gateway is not None, "renew comes first"
        return self._gateway

    @property
    def recorder(self) -> Recorder:
        """Of the present one."""
        return self._recorder

    def renew(self, clock: VirtualClock, backing: Backing, *, settings: GatewaySettings | None = None) -> None:
        """A new gateway, in the time of a new world. The logins of the old one end. `settings` None: as they are."""
        if settings is not None:
            self.settings = settings
        self._recorder.release()
        if self._gateway is not None:
            task = asyncio.ensure_future(self._gateway.close())
            self._closing[task] = None
            task.add_done_callback(lambda done: self._closing.pop(done, None))
        self._ids = count(1)
        self._clock = clock
        self._recorder = Recorder(clock.now_ns)
        self._gateway = Gateway(backing=backing, time=ClockTime(self._time, clock), settings=self.settings)

    async def close(self) -> None:
        """Ends all logins, and waits for a moment until their links have let go."""
        self._recorder.release()
        closing = [*self._closing]
        if self._gateway is not None:
            closing.append(asyncio.ensure_future(self._gateway.close()))
        if closing:
            await asyncio.wait(closing, timeout=CLOSE_SECONDS)

    # --- HTTP

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _ = split_target(request.raw_path)
        if request.headers.get("Upgrade", "").lower() == "websocket" and path == PATH:
            return await self._upgrade(request, path)
        try:
            await read_body(request, _MAX_MESSAGE_BYTES)
        except (BodyTooLarge, BodyBroken):
            return complete_response(request, BAD_REQUEST, self._time.now_ns(), then_close=True)
        response = _NOT_FOUND
        if path == PATH:
            response = _LEGACY_PAGE if self.settings.legacy_quirks else _UPGRADE_NEEDED
        return complete_response(request, response, self._time.now_ns())

    async def _upgrade(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        socket = Socket(max_message_bytes=_MAX_MESSAGE_BYTES, too_long=_TOO_LONG)
        transport = request.transport
        self._time.step()
        if transport is None or not socket.can_prepare(request):
            self._recorder.refused(path=path, socket=_SOCKET_NAME, status=BAD_REQUEST.status, peer=peer_of(request))
            return complete_response(request, BAD_REQUEST, self._time.now_ns(), then_close=True)
        connection = self._open_connection(path, request)
        self._time.settle()
        await converse(
            request,
            socket,
            connection,
            transport=transport,
            receiver=self,
            time=self._time,
            outbox=self._outbox,
            wall_ns=self._time.now_ns(),
        )
        return socket

    def _open_connection(self, path: str, request: web.BaseRequest) -> Connection:
        number = next(self._ids)
        connection = Connection(
            number,
            _SOCKET_NAME,
            request.remote or "",
            self._clock,
            slow_reader=_FULL,
            wake=self._outbox.wake,
            recorder=self._recorder,
        )
        self._recorder.opened(number, path=path, socket=_SOCKET_NAME, peer=peer_of(request))
        self._clients[connection] = self.gateway.connect(_Line(connection))
        return connection

    # --- what clients say (websocket.Receiver)

    def receive(self, connection: Connection, message: str | bytes) -> None:
        connection.recorder.heard(connection.connection_id, masked(message))
        if connection.closing is None and not connection.closed:
            self._clients[connection].receive(message)

    def receive_ping(self, connection: Connection) -> None:
        """Says nothing here: only texts are signs of life (gw§2)."""

    def receive_pong(self, connection: Connection) -> None:
        """Likewise."""

    def close_connection(self, connection: Connection) -> None:
        """The socket is gone. Twice does no harm."""
        client = self._clients.pop(connection, None)
        if client is not None:
            client.gone()
        connection.end()


def masked(message: str | bytes) -> str | bytes:
    """A client's message without the secrets of a login, for recordings. Otherwise as it came, unless it spells a secret's name
    with escapes.
    """
    if isinstance(message, bytes):
        return message
    if "\\u" in message:
        with suppress(JsonError):
            fields = loads(message.encode("utf-8", "replace"))
            if isinstance(fields, dict) and not _SECRET_NAMES.isdisjoint(fields):
                spelled = {name: "***" if name in _SECRET_NAMES else printable(value) for name, value in fields.items()}
                return dumps(spelled).decode()
    return _SECRETS.sub(_MASKED, message)
