"""What a venue heard and said, kept on demand: every request, message and end of a socket, in the order in which it happened.

Owns the entries, their numbers and the bound of how many are kept. Knows no socket and no real clock: whoever starts a
recording hands in how to read it.

An entry is a JSON object with `n`, its number, `kind`, `at_ns`, the world's time, and `real_ns`, the real time since the
recording began, both as text. A body or message that is no UTF-8 stands under `body_base64` or `base64` instead of `body` or
`text`. By kind it has besides:

- request: method, target, headers (by lower-case name), body (null: it never came as a whole), route ("GET /a/{b}", null if
  none was found), account and key's label (null unless the request was authenticated), peer ("address:port").
- response: to (the request's n), status, headers, body, error (the venue's code, of a fault), delivery ("sent", "lost" or
  "delayed").
- open: connection, path, socket (the venue's name for it), peer. refused: path, socket, status, peer.
- in: connection, text. out: connection, text (before compression), channel (of a push, else null).
- login: connection, account, key. subscribed, unsubscribed: connection, channel.
- close: connection, by ("client" or "server": who said it first), code, reason. Code 1006: without a close frame.
- fault: rule, what (the action), on (a request's n), connection, channel; null where it struck no such thing.

What came stands here as it came, keys and signatures included, also one that never changes and is as good as its secret:
whoever judges a client works signatures out again. They are good in this world alone, and whoever may read a recording is told
the secrets as well. What is written for people to keep is masked by who writes it (`conformance.trace`).

Invariants: off, nothing is kept. Numbers ascend by one from 1 in each recording; where the bound was met, the oldest entries
are gone and `dropped` says how many. What belongs to an earlier recording never gets into a later one.
"""

from __future__ import annotations

from base64 import b64encode
from collections import deque
from collections.abc import Callable, Mapping
from enum import Enum
from itertools import islice
from typing import TypeAlias

from mockex.wire.credentials import Credential

MAX_ENTRIES = 100_000
MAX_BYTES = 268_435_456
"""Of the bodies, messages and header fields that are kept at a time."""

Entry: TypeAlias = dict[str, object]


class Side(Enum):
    """Who ended a socket."""

    CLIENT = "client"
    SERVER = "server"


class Delivery(Enum):
    """What became of a response: LOST ones never left, DELAYED ones left later than they were ready."""

    SENT = "sent"
    LOST = "lost"
    DELAYED = "delayed"


class Noted:
    """A request that was recorded: what becomes of it is told here. Told after its recording has ended, it is not kept."""

    __slots__ = ("_entry", "_recorder", "n", "take")

    def __init__(self, recorder: Recorder, entry: Entry) -> None:
        self._recorder = recorder
        self._entry = entry
        self.n = recorder.last
        self.take = recorder.take

    def identify(self, *, route: str | None, credential: Credential | None) -> None:
        """What the venue has found out: the route's method and template, and the key if the request was authenticated."""
        self._entry["route"] = route
        if credential is not None:
            self._entry.update(_owner(credential))

    def answered(
        self, *, status: int, headers: Mapping[str, str], body: bytes, error: str | None, delivery: Delivery = Delivery.SENT
    ) -> None:
        """A response was handed to the socket, or got lost. `error`: the venue's code, of a fault."""
        recorder = self._recorder
        if recorder.on and recorder.take == self.take:
            content: Entry = {"to": self.n, "status": status, "headers": dict(headers)}
            content |= _content(body, "body", "body_base64") | {"error": error, "delivery": delivery.value}
            recorder.keep("response", content, _size(headers) + len(body))


class Recorder:
    """One venue's recordings, at most one at a time, for as long as its world lives. `on` is all that a bystander looks at."""

    __slots__ = ("_bytes", "_entries", "_now_ns", "_read_real_ns", "_since_ns", "_waiting", "last", "on", "take")

    def __init__(self, now_ns: Callable[[], int]) -> None:
        """`now_ns`: the world's time."""
        self.on = False
        self.last = 0
        """The number of the newest entry, 0 if there is none."""
        self._now_ns = now_ns
        self._read_real_ns: Callable[[], int] = _standstill
        self._since_ns = 0
        self.take = 0
        """Which recording this is; 0 before the first."""
        self._entries: deque[tuple[Entry, int]] = deque()
        self._bytes = 0
        self._waiting: dict[Callable[[], None], int] = {}

    # --- for whoever wants a recording

    def start(self, real_ns: Callable[[], int]) -> None:
        """Begins a new recording; what was kept is forgotten. `real_ns` reads a clock that never goes back."""
        self.on = True
        self.last = 0
        self.take += 1
        self._read_real_ns, self._since_ns = real_ns, real_ns()
        self._entries.clear()
        self._bytes = 0

    def stop(self) -> None:
        """Ends the recording and keeps it. Twice does no harm."""
        self.on = False

    @property
    def dropped(self) -> int:
        """How many of the oldest entries had to go."""
        return self.last - len(self._entries)

    def after(self, n: int) -> list[Entry]:
        """The entries with higher numbers that are still there, oldest first. O(how many there are)."""
        wanted = min(max(self.last - n, 0), len(self._entries))
        newest_first = [dict(entry) for entry, _ in islice(reversed(self._entries), wanted)]
        return newest_first[::-1]

    def call_after(self, n: int, callback: Callable[[], None]) -> None:
        """Calls back once: when there is an entry with a higher number, maybe at once, or when nobody need wait any more."""
        if self.last > n:
            callback()
        else:
            self._waiting[callback] = n

    def forget(self, callback: Callable[[], None]) -> None:
        """That one does not wait any more. Twice does no harm."""
        self._waiting.pop(callback, None)

    def release(self) -> None:
        """Nobody need wait: the world or its server comes to an end."""
        waiting, self._waiting = self._waiting, {}
        for callback in waiting:
            callback()

    # --- HTTP

    def request(
        self, *, method: str, target: str, headers: Mapping[str, str], body: bytes | None, peer: str | None
    ) -> Noted | None:
        """A request has arrived. `target` as in the request line; `headers` by lower-case name; `body` None: it never arrived
        as a whole. None while nothing is recorded.
        """
        if not self.on:
            return None
        fields = {name: _printable(value) for name, value in headers.items()}
        content: Entry = {"method": _printable(method), "target": _printable(target), "headers": fields}
        content |= {"body": None} if body is None else _content(body, "body", "body_base64")
        content |= {"route": None, "account": None, "key": None, "peer": peer}
        entry = self.keep("request", content, len(target) + _size(fields) + len(body or b""))
        return Noted(self, entry)

    # --- WebSocket

    def opened(self, connection_id: int, *, path: str, socket: str, peer: str | None) -> None:
        if self.on:
            self.keep("open", {"connection": connection_id, "path": _printable(path), "socket": socket, "peer": peer})

    def refused(self, *, path: str, socket: str, status: int, peer: str | None) -> None:
        """An upgrade was answered with a plain response."""
        if self.on:
            self.keep("refused", {"path": _printable(path), "socket": socket, "status": status, "peer": peer})

    def heard(self, connection_id: int, message: str | bytes) -> None:
        """A client's message has arrived."""
        if not self.on:
            return
        raw = message.encode("utf-8", "replace") if isinstance(message, str) else message
        self.keep("in", {"connection": connection_id, **_content(raw, "text", "base64")}, len(raw))

    def said(self, connection_id: int, message: bytes, channel: str | None) -> None:
        """A message was handed to the socket. `message`: before compression. `channel`: of a push."""
        if self.on:
            content = _content(message, "text", "base64")
            self.keep("out", {"connection": connection_id, **content, "channel": channel}, len(message))

    def logged_in(self, connection_id: int, credential: Credential) -> None:
        if self.on:
            self.keep("login", {"connection": connection_id, **_owner(credential)})

    def subscribed(self, connection_id: int, channel: str) -> None:
        if self.on:
            self.keep("subscribed", {"connection": connection_id, "channel": channel})

    def unsubscribed(self, connection_id: int, channel: str) -> None:
        if self.on:
            self.keep("unsubscribed", {"connection": connection_id, "channel": channel})

    def closed(self, connection_id: int, by: Side, code: int, reason: str) -> None:
        """The end of a socket was said first by that side. `code` 1006: without a word (RFC 6455, 7.1.5)."""
        if self.on:
            self.keep("close", {"connection": connection_id, "by": by.value, "code": code, "reason": _printable(reason)})

    # --- faults

    def fault(
        self, *, rule: str, what: str, on: Noted | None = None, connection_id: int | None = None, channel: str | None = None
    ) -> None:
        """A planned fault has struck: a request, or a connection and perhaps a push."""
        if self.on:
            n = None if on is None or on.take != self.take else on.n
            self.keep("fault", {"rule": rule, "what": what, "on": n, "connection": connection_id, "channel": channel})

    def keep(self, kind: str, content: Entry, size: int = 0) -> Entry:
        """Adds an entry with its number and times, whether the recorder is on or not. `size` in bytes, about."""
        self.last += 1
        at_ns, real_ns = str(self._now_ns()), str(self._read_real_ns() - self._since_ns)
        entry: Entry = {"n": self.last, "kind": kind, "at_ns": at_ns, "real_ns": real_ns, **content}
        self._entries.append((entry, size))
        self._bytes += size
        while len(self._entries) > MAX_ENTRIES or (self._bytes > MAX_BYTES and len(self._entries) > 1):
            _, gone = self._entries.popleft()
            self._bytes -= gone
        if self._waiting:
            self._wake()
        return entry

    def _wake(self) -> None:
        for callback in [callback for callback, n in self._waiting.items() if self.last > n]:
            del self._waiting[callback]
            callback()


def _standstill() -> int:
    """Stands for real time until somebody hands it in."""
    return 0


def _owner(credential: Credential) -> Entry:
    return {"account": credential.account_id, "key": credential.label}


def _content(raw: bytes, text: str, base64: str) -> Entry:
    """Under the one name as text, or under the other if it is no UTF-8."""
    try:
        return {text: raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {base64: b64encode(raw).decode("ascii")}


def _printable(text: str) -> str:
    """Bytes that were no UTF-8, which arrive as lone surrogates, become `\\xff`."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _size(headers: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) for name, value in headers.items())
