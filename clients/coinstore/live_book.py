"""An order book that follows a stream.

Owns: the newest whole book, and the decision whether it can be trusted.
Must not know: how a stream connects.
The depth channel sends whole books of N levels each time, so there is nothing to merge: a lost message is healed by the next
(cs§9.4, as two clients read it; the document calls them updates).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockex.clients.shared.live_book import FollowingBook

from . import channels
from .errors import ConnectionLostError, RequestTimeoutError
from .events import ChannelRefused, Closed, Disconnected, FramesLost, Push, StreamEvent
from .market import Levels
from .market_models import Book, Level
from .stream import CoinstoreStream


class LiveBook(FollowingBook[CoinstoreStream, StreamEvent, Level]):
    """A book that follows a stream. Use it as an async context manager inside the stream's, or call `start`, `close`.

    One live book per channel: closing it ends the subscription of the channel.
    """

    def __init__(
        self,
        stream: CoinstoreStream,
        pair: channels.Pair,
        *,
        levels: Levels = 20,
        on_change: Callable[[LiveBook], None] | None = None,
    ) -> None:
        """`on_change` is called after each book and each loss of step."""
        super().__init__(stream, channels.depth(pair, levels), on_change=on_change)
        self._book: Book | None = None
        self._stale = True

    @property
    def in_step(self) -> bool:
        """True from a book on until a message or the connection is lost. Otherwise its levels are stale."""
        return not self._stale and self._failure is None

    @property
    def book(self) -> Book | None:
        """The newest book, stale or not; None before the first."""
        return self._book

    def _overdue(self) -> RequestTimeoutError:
        return RequestTimeoutError(f"no book came on {self._channel}")

    def _sides(self) -> tuple[Iterable[Level], Iterable[Level]]:
        return ((), ()) if self._book is None else (self._book.bids, self._book.asks)

    def _on_event(self, event: StreamEvent) -> None:
        match event:
            case Push(value=Book() as book) if channels.same(event.channel, self._channel):
                self._book, self._stale = book, False
                self._settled.set()
                self._tell()
            case Disconnected() | FramesLost():
                self._lose_step()
            case ChannelRefused() if channels.same(event.channel, self._channel):
                self._fail(event.error)
            case Closed():
                self._fail(ConnectionLostError("the stream is closed"))
            case _:
                pass  # other channels, and events that do not touch the book

    def _lose_step(self) -> None:
        if self.in_step:
            self._stale = True
            self._settled.clear()
            self._tell()
