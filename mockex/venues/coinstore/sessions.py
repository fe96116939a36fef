"""What Coinstore keeps for one socket: its name, its frame numbers and its subscriptions. Source: cs§9.1.

Invariant: every message to the client has the next number, also what then gets lost on its way, so that a client sees the gap.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockex.wire.connections import Connection
from mockex.wire.messages import TEXT, Frame


@dataclass(slots=True)
class Subscription:
    """`since_s`: Unix seconds. `messages`: how many frames it has brought."""

    since_s: int
    messages: int = 0


class StreamSession:
    """`sid`: a UUID that the client is told."""

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.subscriptions: dict[str, Subscription] = {}
        self._last = 0

    def own(self, frame: Frame) -> Frame:
        """The same object with its number in front. Everything that the venue says is a JSON object with members."""
        self._last += 1
        numbered = Frame.of(b'{"S":%d,' % self._last + frame.payload[1:], TEXT)
        if frame.push is None:
            return numbered
        subscription = self.subscriptions.get(frame.push.channel)
        if subscription is not None:
            subscription.messages += 1
        return numbered.pushed(frame.push)


def session_of(connection: Connection) -> StreamSession:
    session = connection.session
    assert isinstance(session, StreamSession)
    return session
