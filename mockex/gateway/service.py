"""The gateway itself: clients, their logins, and the way of every frame from a client to an answer.

Owns: who is connected and logged in, tokens and identities (gw§5), the idle close (gw§2), and the tasks of operations.
Must not know: how frames travel; what a platform does with an order.
Invariants: an identity is logged in at most once; a token belongs to the socket that it was given to, and dies with it; a token
is never given twice. Everything happens on the event loop's thread, and none of it inside a timer of the simulated world.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import NAMESPACE_DNS, uuid5

from mockex.gateway import operations, protocol
from mockex.gateway.faults import Faults
from mockex.gateway.operations import Desk, Unanswered
from mockex.gateway.platform import Account, MarginMode, Platform, PlatformError, Time
from mockex.gateway.protocol import Login, Malformed, Ping, Request, TokenRequest
from mockex.gateway.sessions import Flight, Phase, Session, Timer

logger = logging.getLogger("mockex.gateway")

PATH = "/ws/v1"
IDLE_AFTER = timedelta(seconds=15)
CHECKED_EVERY = timedelta(seconds=1)
LEGACY_CHECKED_EVERY = timedelta(seconds=16)
CLOSED_IDLE = 1000
"""The close code of an idle socket (gw§2)."""

_NS_PER_US = 1_000
_NS_PER_MS = 1_000_000
_NEVER_LOG_IN_ONCE = frozenset({"okex"})
"""Platforms of the original service that need a passphrase, which its logins cannot carry (gw§9)."""
MAX_LOGINS = 100
MAX_UNDER_WAY = 1_000
"""Of one client, useless logins included (both ASSUMED): what it asks for in one breath is not to fill the memory."""
_TIMES_KEPT = 1_000
_BROKEN = "the gateway failed; its log says how"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """`legacy_quirks`: as the original service behaves where it differs from its document (gw§1).

    `margin_mode`: of contract orders; a login cannot choose it.
    """

    legacy_quirks: bool = False
    margin_mode: MarginMode = MarginMode.CROSSED


class GatewayTime(Time, Protocol):
    """The time of everything here; what it calls is called on the event loop, outside any timer's callback."""

    def call_after(self, span: timedelta, callback: Callable[[], None]) -> Timer: ...


class Backing(Protocol):
    """What stands behind the platforms."""

    def platforms(self) -> Mapping[str, Platform]:
        """Those that a login may name."""

    def urls(self, platform: Platform) -> Mapping[str, str]:
        """Where its venue is, by name of endpoint."""

    def passphrase(self, platform: Platform, access_key: str) -> str | None:
        """Of that key, if it is known here."""


class Outlet(Protocol):
    """The way to one client. After `close`, or once the client is gone, nothing is sent any more."""

    def send(self, frame: bytes, *, channel: str | None) -> None:
        """`channel`: the topic of a push, None for an answer."""

    def close(self, code: int) -> None: ...


class Gateway:
    """Clients come with `connect`."""

    def __init__(self, *, backing: Backing, time: GatewayTime, settings: GatewaySettings | None = None) -> None:
        """Needs a running event loop from its first client on."""
        self.settings = settings or GatewaySettings()
        self.faults = Faults()
        self.time = time
        self._backing = backing
        self._clients: dict[Client, None] = {}
        self._identities: dict[str, Session] = {}
        self._tokens: dict[str, Session] = {}
        self._last_login_ms: dict[str, int] = {}
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._since_ns = time.now_ns()

    @property
    def platforms(self) -> Mapping[str, Platform]:
        """Those that a login may name."""
        return self._backing.platforms()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All logins, oldest first, the useless ones too."""
        return tuple(self._identities.values())

    def connect(self, outlet: Outlet) -> Client:
        """A client has come."""
        client = Client(self, outlet)
        self._clients[client] = None
        return client

    def drop_links(self, platform: str = "") -> int:
        """Cuts the connections to the venue of a platform, or to all, as the network might. How many those were."""
        links = [each.link for each in self.sessions if each.link and platform in ("", each.platform_name)]
        for link in links:
            link.drop()
        return len(links)

    async def close(self) -> None:
        """Ends every login and waits until all links have let go. Harmless to repeat."""
        for client in list(self._clients):
            client.gone()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- for clients

    def forget(self, client: Client) -> None:
        self._clients.pop(client, None)

    def log_in(self, client: Client, login: Login) -> Session | None:
        """A new login, whose link is not begun. None if that identity is taken."""
        identity = f"{login.access_key}@{login.platform}"
        if identity in self._identities:
            return None
        session = Session(
            token=self._new_token(identity),
            identity=identity,
            platform_name=login.platform,
            pairs=tuple(dict.fromkeys(login.symbols)),
            owner=client,
            faults=self.faults,
            blunt=self.settings.legacy_quirks,
            call_after=self.time.call_after,
        )
        session.on_stop = self._let_go
        self._identities[identity] = self._tokens[session.token] = session
        return session

    def begin(self, session: Session, login: Login) -> None:
        """Opens the link of a login, or tells why there is none."""
        platform = self.platforms.get(login.platform)
        wrong = self._what_is_wrong(platform, login)
        if platform is None or wrong is not None:
            session.stop(wrong or "platform not found")
            return
        session.platform = platform
        account = Account(
            access_key=login.access_key,
            secret_key=login.secret_key,
            passphrase=login.passphrase or self._backing.passphrase(platform, login.access_key),
            margin_mode=self.settings.margin_mode,
        )
        urls = self._backing.urls(platform)
        try:
            session.link = platform.open(urls, account, session.pairs, listener=session, time=self.time, line=session)
        except Exception:
            logger.exception("%s does not open", platform.name)
            session.failed(_BROKEN)

    def find(self, token: str) -> Session | None:
        return self._tokens.get(token)

    def log_out(self, session: Session) -> None:
        """The token is dead from now on, and the identity free."""
        self._tokens.pop(session.token, None)
        self._identities.pop(session.identity, None)
        session.end()

    def spawn(self, work: Awaitable[None]) -> None:
        """Does it on a task of its own; what it raises is a mistake of this program."""
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            logger.exception("the gateway failed")

    def next_check_ns(self, heard_ns: int) -> int:
        """When a socket on which nothing was heard since then is closed: at the first check after the patience is over."""
        every_ns = _ns(LEGACY_CHECKED_EVERY if self.settings.legacy_quirks else CHECKED_EVERY)
        checks = (heard_ns + _ns(IDLE_AFTER) - self._since_ns) // every_ns
        return self._since_ns + (checks + 1) * every_ns

    def _new_token(self, identity: str) -> str:
        """A UUIDv5 of the identity and the time in ms (gw§5), which moves on by itself where the clock stands still."""
        now_ms = self.time.now_ns() // _NS_PER_MS
        login_ms = max(now_ms, self._last_login_ms.get(identity, -1) + 1)
        self._last_login_ms[identity] = login_ms
        if len(self._last_login_ms) > _TIMES_KEPT:  # a time that has passed does not come again
            self._last_login_ms = {each: at_ms for each, at_ms in self._last_login_ms.items() if at_ms >= now_ms}
        return str(uuid5(NAMESPACE_DNS, f"{identity}{login_ms}"))

    def _what_is_wrong(self, platform: Platform | None, login: Login) -> str | None:
        if platform is None:
            return "platform not found"
        if self.settings.legacy_quirks and platform.name in _NEVER_LOG_IN_ONCE:
            return "param access_key or secret_key or passphrase miss"
        if not (_is_key(login.access_key) and _is_key(login.secret_key)):
            return "param access_key or secret_key miss"
        if not login.symbols:
            return "param symbols miss"
        if not all(operations.is_pair(symbol) for symbol in login.symbols):
            return "symbols not found"
        return None

    def _let_go(self, session: Session) -> None:
        link, session.link = session.link, None
        if link is not None:
            self.spawn(link.close())


class Client:
    """One socket. Hand it what it says with `receive`, and tell it with `gone` when it has left."""

    def __init__(self, gateway: Gateway, outlet: Outlet) -> None:
        self._gateway = gateway
        self._outlet = outlet
        self._sessions: dict[str, Session] = {}
        self._under_way = 0
        self._open = True
        self._heard_ns = gateway.time.now_ns()
        self._idle: Timer | None = None
        self._watch()

    def receive(self, message: str | bytes) -> None:
        """One message of the client. Binary ones are ignored, and so is all that comes after the end."""
        if not self._open or isinstance(message, bytes):
            return
        try:
            request = protocol.read(message)
        except Malformed as malformed:
            if malformed.legacy is None:  # a request all the same, for nothing that there is: nothing raises (gw§2)
                self._heard_ns = self._gateway.time.now_ns()
            self._reproach(malformed)
            return
        self._heard_ns = self._gateway.time.now_ns()
        match request:
            case Ping():
                self.tell(protocol.pong(request), channel=None)
            case Login():
                self._log_in(request)
            case TokenRequest():
                self._serve(request)

    def gone(self) -> None:
        """The socket is closed: its logins end, their orders stay (gw§2). Harmless to repeat."""
        if not self._open:
            return
        self._open = False
        if self._idle is not None:
            self._idle.cancel()
        for session in list(self._sessions.values()):
            self._gateway.log_out(session)
        self._sessions.clear()
        self._gateway.forget(self)

    def tell(self, frame: bytes, *, channel: str | None) -> None:
        """Sends a frame, if the client is still there."""
        if self._open:
            self._outlet.send(frame, channel=channel)

    # --- what it may ask for

    def _reproach(self, malformed: Malformed) -> None:
        if not self._legacy:
            self.tell(protocol.error(malformed.text, malformed.cid), channel=None)
        elif malformed.legacy is not None:
            self.tell(protocol.error(malformed.legacy), channel=None)

    def _log_in(self, login: Login) -> None:
        if len(self._sessions) >= MAX_LOGINS:
            self._reply(login, protocol.refusal(login, "too many logins"))
            return
        session = self._gateway.log_in(self, login)
        if session is None:
            self._reply(login, protocol.refusal(login, "Do not log in repeat"))
            return
        self._sessions[session.token] = session
        reply = protocol.reply(login, {"token": session.token})
        if self._legacy:
            self._gateway.begin(session, login)  # what is wrong is told before the token is known (gw§5)
            self._reply(login, reply)
        else:
            self._reply(login, reply)
            self._gateway.begin(session, login)

    def _serve(self, request: TokenRequest) -> None:
        session = self._sessions.get(request.token)
        if session is None and self._legacy:
            session = self._gateway.find(request.token)  # known to the whole process (gw§5)
        if session is not None and session.phase is Phase.ENDED:
            session = None  # by another socket
        if session is None:
            self._reply(request, protocol.refusal(request, "Invalid token"))
        elif request.op == "logout":
            self._log_out(request, session)
        elif not session.takes or session.link is None or session.platform is None:
            self._reply(request, protocol.refusal(request, "not ready"))
        elif self._under_way >= MAX_UNDER_WAY:
            self._reply(request, protocol.refusal(request, "too many requests"))
        else:
            self._under_way += 1
            flight = session.take_off(request, self)
            desk = Desk(session.platform, session.link, self._legacy)
            self._gateway.spawn(self._carry_out(session, flight, desk))

    async def _carry_out(self, session: Session, flight: Flight, desk: Desk) -> None:
        try:
            await _carry_out(session, flight, desk)
        finally:
            self._under_way -= 1

    def _log_out(self, request: TokenRequest, session: Session) -> None:
        self._gateway.log_out(session)
        if self._sessions.pop(session.token, None) is None:
            self.tell(protocol.error(repr(session.token)), channel=None)  # half-fails from another socket (gw§5)
        else:
            self._reply(request, protocol.reply(request, {}))

    def _reply(self, request: Request, frame: bytes) -> None:
        self._gateway.faults.pass_on(request, lambda: self.tell(frame, channel=None))

    @property
    def _legacy(self) -> bool:
        return self._gateway.settings.legacy_quirks

    # --- silence

    def _watch(self) -> None:
        time = self._gateway.time
        due_ns = self._gateway.next_check_ns(self._heard_ns)
        wait = timedelta(microseconds=-((time.now_ns() - due_ns) // _NS_PER_US))  # rounded up: never before it is due
        self._idle = time.call_after(max(wait, timedelta()), self._check)

    def _check(self) -> None:
        if not self._open:
            return
        if self._gateway.time.now_ns() >= self._gateway.next_check_ns(self._heard_ns):
            self._outlet.close(CLOSED_IDLE)
            self.gone()
        else:
            self._watch()


async def _carry_out(session: Session, flight: Flight, desk: Desk) -> None:
    """One operation, from its checks to its answer. Whatever happens, the flight lands."""
    try:
        outcome = await operations.carry_out(desk, flight.request)
    except PlatformError as error:
        flight.fail(error.text)
    except Unanswered:
        flight.answer(None)
    except Exception:
        logger.exception("%s failed at %s", desk.platform.name, flight.request.op)
        flight.fail(f"venue error: {_BROKEN}")
    else:
        if isinstance(outcome, str):
            session.name(flight, outcome)
        else:
            flight.succeed(outcome)
    finally:
        if not flight.answered and not flight.push_first:
            flight.answer(None)


def _is_key(text: str) -> bool:
    """Not empty, and nothing that a header or a query could not carry."""
    return bool(text) and text.isascii() and text.isprintable()


def _ns(span: timedelta) -> int:
    return span // timedelta(microseconds=1) * _NS_PER_US
