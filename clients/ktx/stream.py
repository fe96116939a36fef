"""A stream, of market data or of the user: a connection that renews itself.

Owns: both logins, subscriptions and their acknowledgements, and the delivery of typed events.
Must not know: what readers do with events, how sessions follow each other (`shared.lifeline`).
Invariants: events are delivered in the order of the wire; after a reconnection, login comes before the subscriptions, and
every wanted stream is subscribed again.
Source: KTX document, "Market Data Streams" and "User Data Streams"; ktx§8, ktx§9.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, NoReturn, assert_never
from urllib.parse import urlsplit

from mockex.clients.shared.clock import NS_PER_MS, ServerClock, Stopwatch
from mockex.clients.shared.fields import MS
from mockex.clients.shared.stream import CLOSED, CONNECTION_ENDED, RenewedStream, StreamErrors
from mockex.clients.shared.tasks import fail

from . import frames
from .connection import Connection, StreamTiming
from .errors import ConnectionLostError, FeedOverflowError, KtxError, MalformedReplyError, RequestTimeoutError
from .events import (
    ChannelRefused,
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    Push,
    StreamEvent,
    Subscribed,
    decode_push,
)
from .fields import Row
from .rest import DEFAULT_EXPIRY
from .signing import Credentials, signed_headers
from .vocabulary import Profile, StreamMethod

_ERRORS = StreamErrors(family=KtxError, lost=ConnectionLostError, overdue=RequestTimeoutError, overflow=FeedOverflowError)


class LoginWay(Enum):
    """The two documented ways into a user stream: a LOGIN, or the headers of a private request on the upgrade (ktx§9).

    Nothing answers the headers: if they are wrong, the upgrade has another HTTP status, or the connection ends early.
    """

    MESSAGE = auto()
    HEADERS = auto()


@dataclass(eq=False, slots=True, kw_only=True)
class _Command:
    """One command, until it is answered. A login has no id and no channel."""

    method: StreamMethod
    id: int | None
    channel: str | None
    answer: asyncio.Future[None] = field(repr=False)


class KtxStream(RenewedStream[StreamEvent, Connection]):
    """A lasting stream. Use it as an async context manager, or call `start` and `close`.

    With credentials it is the user's, whose three streams flow by themselves after the login: there is nothing to subscribe.
    """

    timing: StreamTiming

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials | None = None,
        login: LoginWay = LoginWay.MESSAGE,
        profile: Profile = Profile.GEN1,
        clock: ServerClock | None = None,
        timing: StreamTiming | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        super().__init__(url, errors=_ERRORS, timing=timing or StreamTiming(), stopwatch=stopwatch)
        self._credentials = credentials
        self._login = login
        self._profile = profile
        self._clock = clock or ServerClock()
        self._ids = itertools.count(1)
        self._unanswered: list[_Command] = []  # in the order sent
        self._wanted: dict[str, asyncio.Future[None]] = {}  # streams, with what their subscribers wait for
        self._opening: Connection | None = None  # the present one, from before its login on

    @property
    def channels(self) -> tuple[str, ...]:
        """Streams that are subscribed, or will be on the next connection."""
        return tuple(self._wanted)

    # --- requests ---

    async def subscribe(self, *channels: str) -> None:
        """Subscribe, one command for each stream, and wait for every acknowledgement.

        Raises the venue's error for the first stream refused; the others stand. RequestTimeoutError if an answer is missing:
        that stream is given up. While disconnected, the request waits for the next connection. ConnectionLostError if the
        stream is closed.
        """
        self._must_be_open()
        answers = []
        for channel in channels:
            waiting = self._wanted.get(channel)
            if waiting is None or waiting.done():
                waiting = self._wanted[channel] = asyncio.get_running_loop().create_future()
            answers.append(waiting)
            await self._send_subscription(channel)
        try:
            await self._in_time(answers, "subscribe")
        except RequestTimeoutError:
            for channel, answer in zip(channels, answers, strict=True):
                if not answer.done():
                    self._wanted.pop(channel, None)
                    self._abandon(channel)
            raise

    async def unsubscribe(self, *channels: str) -> None:
        """End subscriptions and wait for every acknowledgement. RequestTimeoutError if an answer is missing."""
        self._must_be_open()
        sent = []
        for channel in channels:
            waiting = self._wanted.pop(channel, None)
            if waiting is not None:
                fail(waiting, ConnectionLostError(f"{channel} was unsubscribed before its acknowledgement"))
            if self._connection is not None:
                sent.append(await self._issue(self._connection, StreamMethod.UNSUBSCRIBE, channel))
        try:
            await self._in_time([command.answer for command in sent], "unsubscribe")
        finally:
            self._unanswered = [command for command in self._unanswered if command not in sent]

    async def _send_subscription(self, channel: str) -> None:
        # Without a connection there is nothing to send: the next one asks for what is wanted then.
        if self._connection is not None and channel in self._wanted:
            await self._issue(self._connection, StreamMethod.SUBSCRIBE, channel)

    async def _issue(self, connection: Connection, method: StreamMethod, channel: str | None = None) -> _Command:
        command_id = None if channel is None else next(self._ids)
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        command = _Command(method=method, id=command_id, channel=channel, answer=answer)
        self._unanswered.append(command)
        with suppress(ConnectionLostError):  # the reader notices too, and tells all who wait
            await connection.send(self._message(command))
        return command

    def _message(self, command: _Command) -> frames.Message:
        if command.channel is None or command.id is None:
            assert self._credentials is not None, "only a login has no channel"
            return frames.login(self._credentials)
        spell = frames.subscribe if command.method is StreamMethod.SUBSCRIBE else frames.unsubscribe
        return spell(command.channel, command_id=command.id)

    def _abandon(self, channel: str) -> None:
        self._unanswered = [command for command in self._unanswered if command.channel != channel]

    # --- the connection and its successors ---

    async def _connect(self) -> Connection:
        self._opening = await Connection.open(
            self._url, headers=self._upgrade_headers(), timing=self.timing, stopwatch=self.stopwatch, clock=self._clock
        )
        return self._opening

    def _run(self, connection: Connection) -> Coroutine[Any, Any, NoReturn]:
        return connection.run(self._on_message)

    def _upgrade_headers(self) -> dict[str, str]:
        if self._credentials is None or self._login is LoginWay.MESSAGE:
            return {}
        query = urlsplit(self._url).query
        expires_ms = self._clock.now_ns() // NS_PER_MS + DEFAULT_EXPIRY // MS
        return signed_headers(self._credentials, message=query.encode(), expires_ms=expires_ms, profile=self._profile)

    async def _log_in(self, connection: Connection) -> None:
        if self._credentials is not None and self._login is LoginWay.MESSAGE:
            command = await self._issue(connection, StreamMethod.LOGIN)
            await self._in_time([command.answer], "login")

    async def _renew(self) -> None:
        for channel in tuple(self._wanted):
            await self._send_subscription(channel)

    def _forget_connection(self) -> None:
        self._opening = None
        for command in self._unanswered:
            if command.method is StreamMethod.UNSUBSCRIBE and not command.answer.done():
                command.answer.set_result(None)  # the next connection will not have the stream
            else:
                fail(command.answer, ConnectionLostError(CONNECTION_ENDED))
        self._unanswered.clear()

    def _is_push_of(self, channel: str, event: StreamEvent) -> bool:
        return isinstance(event, Push) and event.channel == channel

    def _on_connected(self, reconnections: int) -> None:
        self._readers.emit(Connected(reconnections=reconnections))

    def _on_lost(self, error: Exception) -> None:
        assert isinstance(error, KtxError)
        self._readers.emit(Disconnected(error=error))

    def _on_end(self, reason: Exception) -> None:
        for answer in self._wanted.values():
            fail(answer, ConnectionLostError(CLOSED))
        self._readers.emit(Closed())
        self._readers.end(reason)

    # --- frames ---

    def _on_message(self, row: Row) -> None:
        channel = None
        try:
            frame = frames.decode_frame(row, profile=self._profile)
            channel = frame.stream if isinstance(frame, frames.Data) else None
            self._on_frame(frame)
        except MalformedReplyError as error:
            self._readers.emit(ErrorReported(error=error, channel=channel))

    def _on_frame(self, frame: frames.Frame) -> None:
        match frame:
            case frames.Answer():
                self._on_answer(frame)
            case frames.Pong():
                if self._opening is not None:
                    self._opening.on_pong()
            case frames.Data():
                self._take_login()
                self._readers.emit(decode_push(frame))
            case _:
                assert_never(frame)

    def _take_login(self) -> None:
        """Data on a user stream shows that the login succeeded: the document knows no answer to it (ktx§9)."""
        for command in self._unanswered:
            if command.method is StreamMethod.LOGIN:
                self._settle(command, None)
                return

    def _on_answer(self, answer: frames.Answer) -> None:
        command = self._command_of(answer.command_id)
        if command is not None:
            self._settle(command, answer.error)
        elif answer.error is not None:
            self._readers.emit(ErrorReported(error=answer.error))
        # A success that nobody waits for came too late: it has been reported as missing already.

    def _command_of(self, command_id: int | None) -> _Command | None:
        """An answer without an id is that to a login, or to a command that the venue could not read: the oldest one."""
        if command_id is None:
            return next(iter(self._unanswered), None)
        return next((command for command in self._unanswered if command.id == command_id), None)

    def _settle(self, command: _Command, error: KtxError | None) -> None:
        self._unanswered.remove(command)
        if error is not None:
            fail(command.answer, error)
        elif not command.answer.done():
            command.answer.set_result(None)
        if command.method is StreamMethod.SUBSCRIBE and command.channel is not None:
            self._on_subscribed(command.channel, error)

    def _on_subscribed(self, channel: str, error: KtxError | None) -> None:
        if error is not None:
            waiting = self._wanted.pop(channel, None)
            if waiting is not None:
                fail(waiting, error)
            self._readers.emit(ChannelRefused(channel=channel, error=error))
            return
        waiting = self._wanted.get(channel)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        self._readers.emit(Subscribed(channel=channel))
