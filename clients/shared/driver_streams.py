"""Operations of a driver on streams: their life, events kept for each channel, local books.

Owns the streams of a session, what they have brought and was not handed out yet, and the books that follow them. Must not know
the protocol's transport, a venue's channels, or what pushes mean.
Invariant: an event is handed out once, the oldest of its channel first; reconnections change nothing about that.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from .driver_events import Inbox
from .driver_lines import Line
from .driver_session import SessionOperations
from .driver_time import turns
from .driver_values import Fields
from .stream import RenewedStream

#: How long a venue that may have fallen silent is waited for at the end. Real time: nothing else goes on meanwhile.
FAREWELL = timedelta(milliseconds=500)


class LocalBook(Protocol):
    """What every client's live book has."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...


StreamT = TypeVar("StreamT", bound=RenewedStream[Any, Any])
SocketT = TypeVar("SocketT", bound=Enum)
PushT = TypeVar("PushT")
BookT = TypeVar("BookT", bound=LocalBook)


class StreamOperations(SessionOperations, ABC, Generic[StreamT, PushT, BookT]):
    """A part of a driver: events and books, whatever the number of streams."""

    lost: ClassVar[type[Exception]]
    """The client's error of a connection that has ended."""

    def __init__(self) -> None:
        super().__init__()
        self._books: dict[str, BookT] = {}
        self._inbox: Inbox[PushT] = Inbox()

    # --- streams

    async def _started(self, stream: StreamT) -> Line[StreamT]:
        line = Line(stream, lost=self.lost)
        stream.listen(self._keep)
        stream.listen(line.notice)
        await stream.start()
        return line

    def _forget_events(self) -> None:
        """Another stream begins."""
        self._inbox.clear()
        self._books.clear()

    async def _close_books(self) -> None:
        """After the stream: a book that ends before it would still unsubscribe."""
        for book in self._books.values():
            await book.close()
        self._books.clear()

    @abstractmethod
    def _must_be_open(self) -> None:
        """ValueError without a stream."""

    # --- events

    @abstractmethod
    def _keep(self, event: Any) -> None:
        """Called for each event of a stream: into the inbox, if the protocol has a channel for it."""

    @abstractmethod
    def _is_of(self, push: PushT, channel: str, of: str | None, interval_s: int | None) -> bool:
        """`of` is the symbol or currency, None for all."""

    @abstractmethod
    def _event_fields(self, push: PushT) -> Fields:
        """In the words of the protocol."""

    async def next_event(
        self,
        channel: str,
        timeout_ms: int,
        symbol: str | None = None,
        currency: str | None = None,
        interval_s: int | None = None,
    ) -> Fields:
        """Without a symbol, currency or interval: of all that there are."""
        self._must_be_open()
        push = await self._inbox.next(lambda push: self._is_of(push, channel, symbol or currency, interval_s), timeout_ms)
        return {"event": None if push is None else self._event_fields(push)}

    # --- local books

    @abstractmethod
    async def _new_book(self, symbol: str) -> BookT:
        """Not started. ValueError without a stream."""

    @abstractmethod
    def _book_view(self, book: BookT, limit: int | None) -> Fields:
        """What is to be seen of it."""

    def _book_name(self, symbol: str) -> str:
        """The one name of a symbol that may be spelled in several ways."""
        return symbol

    async def book_watch(self, symbol: str) -> Fields:
        if self._book_name(symbol) in self._books:
            raise ValueError(f"the book of {symbol} is watched already")
        book = await self._new_book(symbol)
        await book.start()
        self._books[self._book_name(symbol)] = book
        return {}

    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        return self._book_view(self._watched(symbol), limit)

    async def book_unwatch(self, symbol: str) -> Fields:
        book = self._watched(symbol)
        del self._books[self._book_name(symbol)]
        await book.close()
        return {}

    def _watched(self, symbol: str) -> BookT:
        book = self._books.get(self._book_name(symbol))
        if book is None:
            raise ValueError(f"the book of {symbol} is not watched")
        return book


class OneStream(StreamOperations[StreamT, PushT, BookT]):
    """Of a venue whose connection has everything."""

    ws_url: str | None

    def __init__(self) -> None:
        super().__init__()
        self._line: Line[StreamT] | None = None

    @abstractmethod
    def _new_stream(self, url: str, *, private: bool) -> StreamT:
        """Not started."""

    @property
    def _stream(self) -> StreamT | None:
        return None if self._line is None else self._line.stream

    def _open_stream(self) -> StreamT:
        if self._stream is None:
            raise ValueError("open the stream first")
        return self._stream

    def _must_be_open(self) -> None:
        self._open_stream()

    async def stream_open(self, private: bool) -> Fields:
        if self._stream is not None and not self._stream.closed:
            raise ValueError("the stream is open already: close it first")
        if self.ws_url is None:
            raise ValueError("no address of a stream was given")
        stream = self._new_stream(self.ws_url, private=private)
        self._forget_events()
        self._line = await self._started(stream)
        return {}

    async def stream_close(self) -> Fields:
        if self._stream is not None:
            await self._stream.close()
        await self._close_books()
        return {}

    def stream_state(self) -> Fields:
        return {"connected": self._stream is not None and self._stream.connected}

    async def work_off(self) -> None:
        """Of the stream, if there is one."""
        await turns()
        if self._line is not None:
            await self._line.work_off()
            await turns()

    @abstractmethod
    def _channel(self, channel: str, symbol: str | None, currency: str | None, interval_s: int | None) -> str:
        """The venue's name. ValueError if something is missing that it needs."""

    async def subscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        await self._open_stream().subscribe(self._channel(channel, symbol, currency, interval_s))
        return {}

    async def unsubscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        await self._open_stream().unsubscribe(self._channel(channel, symbol, currency, interval_s))
        return {}


class StreamForEachSocket(StreamOperations[StreamT, PushT, BookT], Generic[StreamT, PushT, BookT, SocketT]):
    """Of a venue with several sockets, where the protocol has one stream.

    The socket of an account is opened by a private `stream_open`, that of market data by a public one; any other but that of an
    account, when it is first wanted.
    """

    public_socket: SocketT
    private_socket: SocketT
    ws_urls: Mapping[SocketT, str]

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[SocketT, Line[StreamT]] = {}
        self._is_open = False

    @abstractmethod
    def _new_stream(self, socket: SocketT, url: str) -> StreamT:
        """Not started."""

    def _must_be_open(self) -> None:
        if not self._is_open:
            raise ValueError("open the stream first")

    async def stream_open(self, private: bool) -> Fields:
        if self._is_open:
            raise ValueError("the stream is open already: close it first")
        self._forget_events()
        await self._open(self.private_socket if private else self.public_socket)
        self._is_open = True
        return {}

    async def stream_close(self) -> Fields:
        self._is_open = False
        lines, self._lines = self._lines, {}
        await asyncio.gather(*(line.stream.close() for line in lines.values()))
        await self._close_books()
        return {}

    def stream_state(self) -> Fields:
        return {"connected": self._is_open and all(line.stream.connected for line in self._lines.values())}

    async def _open(self, socket: SocketT) -> StreamT:
        """The stream to that socket, connected if it was not before."""
        if socket in self._lines:
            return self._lines[socket].stream
        if socket not in self.ws_urls:
            raise ValueError(f"no address of the {socket.name.lower()} socket was given")
        line = await self._started(self._new_stream(socket, self.ws_urls[socket]))
        self._lines[socket] = line
        return line.stream

    async def _stream_of(self, socket: SocketT) -> StreamT:
        self._must_be_open()
        if socket is self.private_socket and socket not in self._lines:
            raise ValueError("private channels need a stream that was opened as a private one")
        return await self._open(socket)

    async def work_off(self) -> None:
        """Of every stream."""
        await turns()
        if self._lines:
            await asyncio.gather(*(line.work_off() for line in self._lines.values()))
            await turns()
