"""From one stream to its readers: a bounded queue for each, and callbacks.

Owns: the queues, the callbacks, and the order of delivery.
Must not know: where events come from.
Invariant: a reader sees every event from its creation on, in order, or is told by an exception that it did not.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

EventT = TypeVar("EventT")


class EventFeed(Generic[EventT]):
    """An async iterator over events. It ends when the stream is closed; close it to stop earlier."""

    def __init__(
        self, *, limit: int, forget: Callable[[EventFeed[EventT]], None], overflow: Callable[[str], Exception]
    ) -> None:
        """`limit` bounds the unread events; `forget` is called once when no more events are wanted.

        `overflow` makes the error of a reader that fell behind.
        """
        if limit < 1:
            raise ValueError(f"a feed of {limit} events")
        self._limit = limit
        self._forget = forget
        self._overflow = overflow
        self._events: deque[EventT] = deque()
        self._end: Exception | None = None
        self._news = asyncio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventT:
        """The next event. The overflow error after the events that still fitted; StopAsyncIteration at the end."""
        while not self._events:
            if self._end is not None:
                raise self._end
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()

    def close(self) -> None:
        """Take no more events. Harmless to repeat."""
        self._events.clear()
        self.end(StopAsyncIteration())

    def put(self, event: EventT) -> None:
        """Called by the stream. A feed that overflows takes nothing more."""
        if self._end is not None:
            return
        if len(self._events) >= self._limit:
            self.end(self._overflow(f"{self._limit} events were not read"))
            return
        self._events.append(event)
        self._news.set()

    def end(self, reason: Exception) -> None:
        """Called by the stream: raise this to the reader after the events that are queued."""
        if self._end is None:
            self._end = reason
            self._forget(self)
            self._news.set()


class Broadcast(Generic[EventT]):
    """The readers of one stream."""

    __slots__ = ("_feeds", "_listeners", "_overflow")

    def __init__(self, *, overflow: Callable[[str], Exception]) -> None:
        self._overflow = overflow
        self._listeners: dict[object, Callable[[EventT], None]] = {}
        self._feeds: dict[EventFeed[EventT], None] = {}

    def feed(self, limit: int) -> EventFeed[EventT]:
        """A new iterator over all events from now on."""
        feed = EventFeed(limit=limit, forget=self._forget, overflow=self._overflow)
        self._feeds[feed] = None
        return feed

    def listen(self, listener: Callable[[EventT], None]) -> Callable[[], None]:
        """Call `listener` for every event. Returns the function that ends it."""
        key = object()
        self._listeners[key] = listener

        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    def emit(self, event: EventT) -> None:
        """Deliver one event. What a listener raises goes to the loop's exception handler and stops no other reader."""
        for listener in tuple(self._listeners.values()):
            try:
                listener(event)
            except Exception as error:
                asyncio.get_running_loop().call_exception_handler({"message": "a stream listener failed", "exception": error})
        for feed in tuple(self._feeds):
            feed.put(event)

    def end(self, reason: Exception) -> None:
        """End all feeds."""
        for feed in tuple(self._feeds):
            feed.end(reason)

    def _forget(self, feed: EventFeed[EventT]) -> None:
        self._feeds.pop(feed, None)
