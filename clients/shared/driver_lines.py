"""A stream in the hands of whoever drives the client: when all that came has been worked off.

Owns that wait, and the memory of a venue that has fallen silent. Must not know channels, or what events mean.
"""

from __future__ import annotations

import asyncio
from typing import Generic, Protocol, TypeVar

from .driver_time import turns

#: For what the venue answers at once unless it has fallen silent: then there is no more to be worked off, and nobody is kept.
_SILENT_AFTER_S = 2.0

#: And for a venue that was silent the last time, and from which nothing was heard since.
_STILL_SILENT_AFTER_S = 0.02


class Stream(Protocol):
    """What every client's stream tells of itself."""

    @property
    def closed(self) -> bool: ...

    @property
    def connected(self) -> bool: ...

    @property
    def in_transition(self) -> bool: ...

    async def round_trip(self) -> None: ...


StreamT = TypeVar("StreamT", bound=Stream)


class Line(Generic[StreamT]):
    """A stream, and whether it has fallen silent. `notice` is to be called with each of its events."""

    def __init__(self, stream: StreamT, *, lost: type[Exception]) -> None:
        """`lost`: the client's error when a connection ends before the answer to a ping."""
        self.stream = stream
        self.silent = False
        self.news = asyncio.Event()
        self._lost = lost

    def notice(self, event: object) -> None:
        self.silent = False
        self.news.set()

    async def work_off(self) -> None:
        """Returns once all that the venue has sent so far is worked off, and no connection is being made or taken down.

        The venue answers pings of the WebSocket protocol in order, but what it had only just been asked for may follow the
        first answer: hence two. A venue that has fallen silent is waited for a moment only.
        """
        if self.stream.closed:
            return
        try:
            async with asyncio.timeout(_STILL_SILENT_AFTER_S if self.silent else _SILENT_AFTER_S):
                await self._both_answers()
            self.silent = False
        except TimeoutError:
            self.silent = True

    async def _both_answers(self) -> None:
        """Returns once a connection has answered twice, or there is none and none in the making."""
        answers = 0
        while answers < 2 and (self.stream.connected or self.stream.in_transition):
            self.news.clear()
            if self.stream.in_transition:
                await self.news.wait()
                continue
            try:
                await self.stream.round_trip()
                answers += 1
            except self._lost:
                await turns()  # the stream notices too
