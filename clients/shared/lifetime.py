"""What is used as an async context manager: closed at the end of a block, and started at its beginning where there is a start.

Must not know any venue, connections or requests.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class ClosedAtEnd(ABC):
    """What is there as soon as it is made, until it is closed."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @abstractmethod
    async def close(self) -> None:
        """Harmless to repeat."""


class StartedAndClosed(ClosedAtEnd):
    """What has to be started first."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    @abstractmethod
    async def start(self) -> None:
        """Returns when it can be used."""
