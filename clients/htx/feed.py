"""A reader's own queue of stream events.

Owns: the bounded queue between a stream and one reader.
Must not know: where events come from.
Invariant: a reader sees every event from its creation on, in order, or is told by an exception that it did not.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from .errors import FeedOverflowError
from .events import StreamEvent


class EventFeed:
    """An async iterator over events. It ends when the stream is closed; close it to stop earlier."""

    def __init__(self, *, limit: int, forget: Callable[[EventFeed], None]) -> None:
        """`limit` bounds the unread events; `forget` is called once when no more events are wanted."""
        if limit < 1:
            raise ValueError(f"a feed of {limit} events")
        self._limit = limit
        self._forget = forget
        self._events: deque[StreamEvent] = deque()
        self._end: Exception | None = None
        self._news = asyncio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> StreamEvent:
        """The next event. FeedOverflowError after the events that still fitted; StopAsyncIteration at the end."""
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

    def put(self, event: StreamEvent) -> None:
        """Called by the stream. A feed that overflows takes nothing more."""
        if self._end is not None:
            return
        if len(self._events) >= self._limit:
            self.end(FeedOverflowError(f"{self._limit} events were not read"))
            return
        self._events.append(event)
        self._news.set()

    def end(self, reason: Exception) -> None:
        """Called by the stream: raise this to the reader after the events that are queued."""
        if self._end is None:
            self._end = reason
            self._forget(self)
            self._news.set()
