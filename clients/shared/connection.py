"""What the connections of all clients have in common: a socket that is read, kept alive and watched until one part ends.

Owns: the socket, the ends of its parts, and when something was last heard.
Must not know: what messages mean, how a venue wants to be kept alive, reconnection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, NoReturn, TypeVar

import orjson

from .clock import NS_PER_US, Stopwatch
from .lifeline import RetryTiming
from .socket import Socket, SocketErrors
from .tasks import cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionTiming(RetryTiming):
    """How long the making and the taking down of a connection may last."""

    connect_within: timedelta = timedelta(seconds=10)
    close_within: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgedTiming(ConnectionTiming):
    """And how long the venue may take to acknowledge what it was asked for."""

    acknowledge_within: timedelta = timedelta(seconds=10)


TimingT = TypeVar("TimingT", bound=ConnectionTiming)


class BaseConnection(Generic[TimingT]):
    """An open connection. `close` may be called at any time."""

    __slots__ = ("_heard_at_ns", "_socket", "_stopwatch", "_timing")

    def __init__(self, socket: Socket, *, timing: TimingT, stopwatch: Stopwatch) -> None:
        self._socket = socket
        self._timing = timing
        self._stopwatch = stopwatch
        self._heard_at_ns = stopwatch.monotonic_ns()

    async def send(self, message: Mapping[str, object]) -> None:
        """Send one JSON message as text. The client's error of a lost connection if it has ended."""
        await self._socket.send(orjson.dumps(message).decode())

    async def round_trip(self) -> None:
        """Wait for the answer to a ping of the WebSocket protocol. The error of a lost connection if it ends before.

        What the venue had written before its answer has been received by then.
        """
        await self._socket.round_trip()

    async def close(self) -> None:
        """Close the socket. Harmless to repeat. A cancellation cuts the wait for the venue short, not the closing."""
        await self._socket.close()

    @property
    def quiet_for(self) -> timedelta:
        """How long nothing has been heard."""
        return timedelta(microseconds=(self._stopwatch.monotonic_ns() - self._heard_at_ns) // NS_PER_US)

    async def _receive(self) -> bytes | str:
        """The next frame."""
        frame = await self._socket.receive()
        self._hear()
        return frame

    def _hear(self) -> None:
        self._heard_at_ns = self._stopwatch.monotonic_ns()

    async def _silence(self, lasting: timedelta) -> None:
        """Returns once nothing has been heard for so long."""
        while (left := lasting - self.quiet_for) > timedelta():
            await self._stopwatch.sleep(left)


async def open_socket(
    url: str, *, timing: ConnectionTiming, errors: SocketErrors, max_bytes: int, headers: Mapping[str, str] | None = None
) -> Socket:
    """The error of `refused` or `failed` if there is no connection in time."""
    return await Socket.open(
        url,
        errors=errors,
        connect_within=timing.connect_within,
        close_within=timing.close_within,
        max_bytes=max_bytes,
        headers=headers,
    )


async def first_end(*parts: Coroutine[Any, Any, NoReturn]) -> NoReturn:
    """Run the parts of a connection until the first ends, which is always by an exception. The others are cancelled."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        raise AssertionError("a connection ends by an exception")
    finally:
        await cancel(*tasks)


def errors_by_status(
    *,
    class_of: Callable[[int], Callable[..., Exception]],
    family: Callable[..., Exception],
    failed: Callable[..., Exception],
    lost: Callable[..., Exception],
) -> SocketErrors:
    """Of a client whose errors take `http_status` and `code`: a status without a class but the `family` is `failed`."""

    def refused(status: int, text: str) -> Exception:
        kind = class_of(status)
        return (failed if kind is family else kind)(text, http_status=status)

    return SocketErrors(refused=refused, failed=failed, lost=lambda text, code: lost(text, code=code))
