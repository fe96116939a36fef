"""The connections of a link, one after the other (gw§8).

Owns: attempts, the pause between them, the watch over silence, and what of all this is told.
Must not know: what news mean, how a venue is spoken to.
Invariants: `connected` and `lost` alternate; `ready` comes between them, after the account has been read; a venue that refuses
the keys is not asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Protocol

from mockex.clients.shared.tasks import cancel, within
from mockex.gateway.platform import (
    RETRY_AFTER,
    SILENCE_CHECKED_EVERY,
    SILENT_FOR,
    Line,
    Listener,
    PlatformError,
    Time,
)
from mockex.gateway.platforms._desk import Desk, Ended, News, Stream

#: How long a connection that seems silent may take to bring what is on its way. Real time where the world's stands still.
LAST_CHANCE = timedelta(seconds=1)

_NS_PER_US = 1_000

UNAUTHORIZED = "Websocket connection authorized failed"

Inbox = asyncio.Queue[News]


class Crew(Protocol):
    """Who works while there is a connection."""

    async def catch_up(self) -> None:
        """Read the account and tell what it looks like. An error drops the connection."""

    async def work(self, inbox: Inbox) -> None:
        """Take in news until cancelled."""

    def finish(self, rest: Sequence[News]) -> None:
        """The connection is gone; this is what had arrived and was not taken in."""

    def look_after(self, inbox: Inbox) -> None:
        """Called now and then."""


class Life:
    """Runs from `begin` to `close`."""

    def __init__(
        self,
        desk: Desk,
        pairs: Sequence[str],
        *,
        crew: Crew,
        listener: Listener,
        time: Time,
        line: Line,
        lacks: str | None = None,
    ) -> None:
        """`lacks`: why the venue need not even be asked."""
        self._desk = desk
        self._pairs = tuple(pairs)
        self._crew = crew
        self._listener = listener
        self._stopwatch = time.stopwatch
        self._line = line
        self._lacks = lacks
        self._task: asyncio.Task[None] | None = None
        self._ended_ns = 0  # of the stopwatch
        self._lost: asyncio.Future[None] | None = None  # while there is a connection

    @property
    def url(self) -> str:
        """As it is told."""
        return self._desk.url

    def begin(self) -> None:
        """Connect, on a task of its own."""
        self._task = asyncio.create_task(self._run())

    def drop(self) -> None:
        """Cut the connection, if there is one."""
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(None)

    async def close(self) -> None:
        """End. Nothing is told any more. Harmless to repeat."""
        if self._task is not None:
            await cancel(self._task)

    async def _run(self) -> None:
        if self._lacks is not None:
            self._listener.refused(self._lacks)
            return
        while True:
            try:
                if not await self._connection():
                    return
            except Exception as bug:
                self._ended_ns = self._stopwatch.monotonic_ns()
                self._listener.failed(f"the gateway failed: {type(bug).__name__}")
                context = {"message": "a link of the gateway failed", "exception": bug}
                asyncio.get_running_loop().call_exception_handler(context)
            await self._stopwatch.sleep(self._wait())
            self._listener.reconnecting(self.url)

    def _wait(self) -> timedelta:
        """Until the next attempt: counted from when the end was told, however long the socket takes to close."""
        return RETRY_AFTER - timedelta(microseconds=(self._stopwatch.monotonic_ns() - self._ended_ns) // _NS_PER_US)

    def _tell_failed(self, error: str) -> None:
        self._ended_ns = self._stopwatch.monotonic_ns()
        self._listener.connect_failed(self.url, error)

    def _tell_lost(self) -> None:
        self._ended_ns = self._stopwatch.monotonic_ns()
        self._listener.lost(self.url)

    async def _connection(self) -> bool:
        """One connection from the attempt to its end. False if there is to be no other."""
        obstacle = self._line.obstacle()
        if obstacle is not None:
            self._tell_failed(obstacle)
            return True
        try:
            await self._desk.load()
        except self._desk.errors.every as error:
            self._tell_failed(str(error))
            return True
        if any(pair not in self._desk.listed for pair in self._pairs):
            self._listener.refused("symbols not found")
            return False
        inbox: Inbox = asyncio.Queue()
        lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        stream = self._desk.stream()

        def hear(event: Any) -> None:
            for news in self._desk.read(event):
                if not isinstance(news, Ended):
                    inbox.put_nowait(news)
                elif not lost.done():
                    lost.set_result(None)

        stop = stream.listen(hear)
        try:
            goes_on = await self._start(stream)
            if goes_on is not None:
                return goes_on
            self._lost = lost
            await self._serve(stream, inbox, lost)
            return True
        finally:
            self._lost = None
            stop()
            await stream.close()

    async def _start(self, stream: Stream) -> bool | None:
        """None once the stream runs; else whether there is to be another attempt."""
        errors = self._desk.errors
        try:
            await stream.start()
        except errors.every as error:
            if isinstance(error, errors.unreached) or getattr(error, "http_status", None) is not None:
                self._tell_failed(str(error))
                return True
            self._listener.connected(self.url)
            if isinstance(error, errors.keys_refused):
                self._listener.failed(f"{UNAUTHORIZED}: invalid key")
                return False
            if isinstance(error, errors.login_refused):
                self._listener.failed(f"{UNAUTHORIZED}: {error}")
                return False
            self._listener.failed(f"{UNAUTHORIZED}: {error}")
            self._tell_lost()
            return True
        return None

    async def _serve(self, stream: Stream, inbox: Inbox, lost: asyncio.Future[None]) -> None:
        """From the login to the loss, which is told."""
        self._listener.connected(self.url)
        arriving = asyncio.create_task(self._arrive(stream))
        try:
            await asyncio.wait({arriving, lost}, return_when=asyncio.FIRST_COMPLETED)
            if lost.done():
                return
            try:
                arriving.result()
            except (self._desk.errors.every, PlatformError) as error:
                self._listener.failed(f"get_orders error: {error}")
                return
            self._listener.ready()
            await self._until_lost(stream, inbox, lost)
        finally:
            await cancel(arriving)
            if not _being_cancelled():
                self._tell_lost()

    async def _arrive(self, stream: Stream) -> None:
        await self._desk.enter(stream)
        await self._crew.catch_up()

    async def _until_lost(self, stream: Stream, inbox: Inbox, lost: asyncio.Future[None]) -> None:
        working = asyncio.create_task(self._crew.work(inbox))
        watching = asyncio.create_task(self._watch(stream, inbox))
        try:
            await asyncio.wait({lost, working, watching}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
        finally:
            await cancel(working, watching)
        self._crew.finish([inbox.get_nowait() for _ in range(inbox.qsize())])

    async def _watch(self, stream: Stream, inbox: Inbox) -> None:
        """Returns when nothing has been heard for too long."""
        while True:
            await self._stopwatch.sleep(SILENCE_CHECKED_EVERY)
            self._crew.look_after(inbox)
            if stream.quiet_for < SILENT_FOR:
                continue
            # Time may have leapt: what the venue sent meanwhile is on its way, and comes before the answer to a ping.
            with suppress(self._desk.errors.every):
                asked = asyncio.ensure_future(stream.round_trip())
                try:
                    await within(
                        [asked], self._stopwatch.await_answer(LAST_CHANCE), lambda: self._desk.errors.unreached("silent")
                    )
                finally:
                    await cancel(asked)
            if stream.quiet_for >= SILENT_FOR:
                return


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
