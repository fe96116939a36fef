"""What the live books of all clients have in common: a book that follows a stream, in step or not.

Owns: the subscription, the wait for the first book, and what a reader is told.
Must not know: any venue, how a book is put together, when another must be asked for.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, ClassVar, Generic, Self, TypeVar

from .lifetime import StartedAndClosed
from .stream import RenewedStream
from .tasks import cancel

StreamT = TypeVar("StreamT", bound=RenewedStream[Any, Any])
EventT = TypeVar("EventT")
LevelT = TypeVar("LevelT")


class FollowingBook(StartedAndClosed, Generic[StreamT, EventT, LevelT]):
    """A book that follows a stream. Use it as an async context manager inside the stream's, or call `start`, `close`.

    One live book per channel: closing it ends the subscription of the channel.
    """

    patience: ClassVar[int] = 1
    """How many times as long as an acknowledgement the first book may take."""

    def __init__(self, stream: StreamT, channel: str, *, on_change: Callable[[Self], None] | None) -> None:
        self._stream = stream
        self._channel = channel
        self._on_change: Callable[[Any], None] | None = on_change  # with this book
        self._settled = asyncio.Event()  # set while in step, and when a failure says that waiting is useless
        self._failure: Exception | None = None
        self._mender: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] | None = None

    # --- its life

    async def start(self) -> None:
        """Subscribe and wait until the book is in step. Raises the venue's error if it refuses the channel.

        RequestTimeoutError if that takes longer than `patience` says.
        """
        if self._stop_listening is not None:
            raise RuntimeError("a live book starts once")
        self._stop_listening = self._stream.listen(self._on_event)
        self._mender = asyncio.create_task(self._mend_when_needed())
        try:
            await self._subscribe()
            await self._first_book()
        except BaseException:
            await self._stop_following()
            raise

    async def close(self) -> None:
        """Stop following and unsubscribe. Harmless to repeat."""
        if self._stop_listening is not None:
            await self._stop_following()
            if not self._stream.closed:
                await self._stream.unsubscribe(self._channel)

    async def _subscribe(self) -> None:
        await self._stream.subscribe(self._channel)

    async def _first_book(self) -> None:
        patience = self.patience * self._stream.timing.acknowledge_within
        overdue = asyncio.ensure_future(self._stream.stopwatch.await_answer(patience))
        in_step = asyncio.ensure_future(self.wait_in_step())
        try:
            await asyncio.wait((overdue, in_step), return_when=asyncio.FIRST_COMPLETED)
            if not in_step.done():
                raise self._overdue()
            in_step.result()
        finally:
            await cancel(overdue, in_step)

    @abstractmethod
    def _overdue(self) -> Exception:
        """Says what did not come in time."""

    async def _stop_following(self) -> None:
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        if self._mender is not None:
            await cancel(self._mender)

    # --- readers

    @property
    @abstractmethod
    def in_step(self) -> bool:
        """True while the book can be trusted. Otherwise its levels are stale."""

    async def wait_in_step(self) -> None:
        """Wait until the book is in step. Raises the error if the channel was refused or the stream has ended."""
        await self._settled.wait()
        if self._failure is not None:
            raise self._failure

    @property
    def best_bid(self) -> LevelT | None:
        """The highest bid, None if there is none."""
        return next(iter(self.bids(1)), None)

    @property
    def best_ask(self) -> LevelT | None:
        """The lowest ask, None if there is none."""
        return next(iter(self.asks(1)), None)

    def bids(self, limit: int | None = None) -> tuple[LevelT, ...]:
        """Bids, best first."""
        return tuple(islice(self._sides()[0], limit))

    def asks(self, limit: int | None = None) -> tuple[LevelT, ...]:
        """Asks, best first."""
        return tuple(islice(self._sides()[1], limit))

    @abstractmethod
    def _sides(self) -> tuple[Iterable[LevelT], Iterable[LevelT]]:
        """Bids and asks, each best first, whether in step or not."""

    # --- following

    @abstractmethod
    def _on_event(self, event: EventT) -> None:
        """Of the stream, whatever its channel."""

    async def _mend_when_needed(self) -> None:
        """While the book follows, asks for another one whenever this one is wrong. Or does nothing."""

    def _fail(self, error: Exception) -> None:
        self._failure = error
        self._settled.set()
        self._tell()

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change(self)
