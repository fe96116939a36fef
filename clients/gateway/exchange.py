"""The traffic of whichever connection there is: requests out, replies to who asked, the rest to whose token it names.

Owns: the present connection, requests in flight, the tokens of the connection.
Must not know: reconnection, the life of a login.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import assert_never

from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.feed import Broadcast
from mockex.clients.shared.tasks import cancel

from . import frames
from .connection import Connection, GatewayTiming
from .errors import ConnectionLostError, GatewayError, MalformedReplyError
from .events import ErrorReported, GatewayEvent, UnknownFrame
from .fields import Row
from .frames import Reply
from .requests import OnReply, Requests
from .tokens import Taker, TokenFrame, Tokens
from .vocabulary import Operation


class Exchange:
    """One at a time is attached to a connection."""

    def __init__(self, readers: Broadcast[GatewayEvent], *, timing: GatewayTiming, stopwatch: Stopwatch) -> None:
        self._readers = readers
        self._timing = timing
        self._requests = Requests(stopwatch)
        self._tokens = Tokens()
        self._connection: Connection | None = None
        self._farewells: set[asyncio.Task[None]] = set()

    @property
    def connection(self) -> Connection | None:
        """None while there is none."""
        return self._connection

    def attach(self, connection: Connection) -> None:
        """From now on requests are sent over it. Its messages are handed to `on_message`."""
        self._connection = connection

    async def detach(self) -> None:
        """The connection has ended: no reply will come, and no token is worth anything."""
        self._connection = None
        self._requests.fail_all(ConnectionLostError("the connection ended before the answer"))
        self._tokens.clear()
        await cancel(*self._farewells)

    async def ask(
        self,
        operation: str,
        fields: Mapping[str, object],
        *,
        token: str | None = None,
        answer_within: timedelta | None = None,
        on_reply: OnReply | None = None,
    ) -> Reply:
        """Send a request and wait for its reply. The error of a failure; ConnectionLostError without a connection,
        RequestTimeoutError if there is no reply in time.
        """

        async def send(cid: str) -> None:
            if self._connection is None:
                raise ConnectionLostError("there is no connection")
            await self._connection.send(frames.request(operation, cid, fields, token=token))

        return await self._requests.ask(
            operation, send, answer_within=answer_within or self._timing.answer_within, on_reply=on_reply
        )

    def claim(self, token: str, taker: Taker) -> None:
        """Take what comes for a token, and what has come for it before."""
        self._tokens.claim(token, taker)

    def release(self, token: str) -> None:
        """Take nothing more."""
        self._tokens.release(token)

    # --- messages ---

    def on_message(self, row: Row) -> None:
        """One message of the connection. One that cannot be read is reported, and harms no other."""
        try:
            self._on_frame(frames.decode_frame(row))
        except MalformedReplyError as error:
            # A reply that names its request is at least that: who asked need not wait any longer.
            if not self._requests.on_error(_cid_of(row), error):
                self._readers.emit(ErrorReported(error=error))

    def _on_frame(self, frame: frames.Frame) -> None:
        match frame:
            case frames.Pong():
                if self._connection is not None:
                    self._connection.on_pong(frame.stamp)
            case frames.Reply():
                if not self._requests.on_reply(frame):
                    self._on_late_reply(frame)
            case frames.Misread():
                if not self._requests.on_error(frame.cid, frame.error):
                    self._readers.emit(ErrorReported(error=frame.error))
            case frames.State() | frames.Notice():
                self._on_token_frame(frame)
            case frames.Unknown():
                self._readers.emit(UnknownFrame(fields=frame.fields))
            case _:
                assert_never(frame)

    def _on_token_frame(self, frame: TokenFrame) -> None:
        if not self._tokens.deliver(frame, login_in_flight=self._requests.awaits(Operation.LOGIN)):
            self._readers.emit(UnknownFrame(fields={"token": frame.token, **_shown(frame)}))

    def _on_late_reply(self, reply: Reply) -> None:
        """Nobody waits for it any more. A failure is told; a login that has come about after all would keep others out."""
        if reply.error is not None:
            self._readers.emit(ErrorReported(error=reply.error))
        elif reply.operation == Operation.LOGIN:
            token = reply.row.text("token")
            self.release(token)
            farewell = asyncio.create_task(self._log_out(token))
            self._farewells.add(farewell)
            farewell.add_done_callback(self._farewells.discard)

    async def _log_out(self, token: str) -> None:
        with suppress(GatewayError):
            await self.ask(Operation.LOGOUT, {}, token=token)


def _cid_of(row: Row) -> str | None:
    cid = row.raw.get("cid")
    return cid if isinstance(cid, str) else None


def _shown(frame: TokenFrame) -> Mapping[str, object]:
    if isinstance(frame, frames.State):
        return {"op": "state", "code": frame.code, "msg": frame.message}
    return {"op": "notify", "topic": frame.topic, "data": frame.data}
