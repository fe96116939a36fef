"""What a client's stream has brought and nobody was handed yet, for the drivers of all clients.

Owns the waiting for it. Must not know channels, or what pushes mean.
Invariant: a push is handed out once, the oldest that is wanted first.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from .driver_time import turns

_MS_PER_S = 1_000

PushT = TypeVar("PushT")


class Inbox(Generic[PushT]):
    """Pushes, oldest first."""

    def __init__(self) -> None:
        self._pushes: deque[PushT] = deque()
        self._news = asyncio.Event()

    def keep(self, push: PushT) -> None:
        self._pushes.append(push)
        self._news.set()

    def clear(self) -> None:
        self._pushes.clear()

    async def next(self, wanted: Callable[[PushT], bool], timeout_ms: int) -> PushT | None:
        """The oldest that is wanted; None if none comes in so much real time."""
        await turns()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_ms / _MS_PER_S):
                while True:
                    self._news.clear()
                    push = next(filter(wanted, self._pushes), None)
                    if push is not None:
                        self._pushes.remove(push)
                        return push
                    await self._news.wait()
        return None
