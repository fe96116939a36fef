"""Which channels a stream wants, and which answers it still waits for.

Owns: the wanted channels, in the order they were asked for, and one future per unanswered request.
Must not know: connections or frames.
Invariant: a channel is wanted from the call that asks for it until it is given up or refused, across connections.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence

from . import channels as names
from .errors import AuthenticationError, OkcoinError, UnknownChannelError
from .vocabulary import StreamOp

#: Words of an error message that may name a channel, with its filter or without.
_CHANNEL_WORD = re.compile(r"\w+/\w+(?::[\w-]+)?")

Answer = asyncio.Future[None]


class Subscriptions:
    """The book-keeping of one stream. All methods are synchronous; futures belong to the running loop."""

    __slots__ = ("_unanswered", "_wanted")

    def __init__(self) -> None:
        self._wanted: dict[str, None] = {}
        self._unanswered: dict[tuple[StreamOp, str], Answer] = {}

    @property
    def wanted(self) -> tuple[str, ...]:
        """Channels to be subscribed, oldest first."""
        return tuple(self._wanted)

    def want(self, channels: Iterable[str]) -> list[Answer]:
        """Mark channels as wanted; one future each for the acknowledgement."""
        channels = tuple(channels)
        self._wanted.update(dict.fromkeys(channels))
        return [self._expect(StreamOp.SUBSCRIBE, channel) for channel in channels]

    def give_up(self, channels: Iterable[str]) -> None:
        """Mark channels as no longer wanted, and forget what is unanswered about their subscription."""
        for channel in channels:
            self._wanted.pop(channel, None)
            self._unanswered.pop((StreamOp.SUBSCRIBE, channel), None)

    def expect_end(self, channels: Iterable[str]) -> list[Answer]:
        """One future each for the acknowledgement of an unsubscription."""
        return [self._expect(StreamOp.UNSUBSCRIBE, channel) for channel in channels]

    def renew(self) -> tuple[str, ...]:
        """Everything to subscribe on a fresh connection. Refusals of these can be told apart afterwards."""
        self.want(self._wanted)
        return self.wanted

    def acknowledge(self, op: StreamOp, channel: str) -> None:
        """Settle the request for this channel, if one is open."""
        for key in [key for key in self._unanswered if key[0] is op and names.same(key[1], channel)]:
            settle(self._unanswered.pop(key))

    def refuse(self, error: OkcoinError) -> tuple[str, ...]:
        """Settle the requests that an error event is about, and return their channels: none, one or all open ones."""
        open_channels = [channel for _, channel in self._unanswered]
        refused = blamed_channels(error, open_channels)
        for channel in refused:
            for op in (StreamOp.SUBSCRIBE, StreamOp.UNSUBSCRIBE):
                answer = self._unanswered.pop((op, channel), None)
                if answer is not None:
                    settle(answer, error)
            self._wanted.pop(channel, None)
        return refused

    def connection_lost(self) -> None:
        """An unsubscription needs no answer any more: the next connection will not have the channel."""
        for key in [key for key in self._unanswered if key[0] is StreamOp.UNSUBSCRIBE]:
            settle(self._unanswered.pop(key))

    def fail_all(self, error: OkcoinError) -> None:
        """Settle everything open with an error: the stream ends."""
        for answer in self._unanswered.values():
            settle(answer, error)
        self._unanswered.clear()

    def _expect(self, op: StreamOp, channel: str) -> Answer:
        key = (op, channel)
        if key not in self._unanswered:
            self._unanswered[key] = asyncio.get_running_loop().create_future()
        return self._unanswered[key]


def blamed_channels(error: OkcoinError, open_channels: Sequence[str]) -> tuple[str, ...]:
    """The open channels that an error event is about.

    Error events have no field for the channel, but the venue's texts name it, sometimes without its filter. An unknown
    channel and a missing login are errors of one channel: the one named, else the oldest open one (that needs a login).
    Any other error concerns all channels named, else the whole request.
    """
    words = {word.casefold() for word in _CHANNEL_WORD.findall(error.message)}
    candidates = list(dict.fromkeys(open_channels))
    if isinstance(error, AuthenticationError):
        candidates = [channel for channel in candidates if names.is_private(channel)]
    named = [channel for channel in candidates if channel.casefold() in words] or [
        channel for channel in candidates if names.table_of(channel).casefold() in words
    ]
    blamed = named or candidates
    if isinstance(error, AuthenticationError | UnknownChannelError):
        return tuple(blamed[:1])
    return tuple(blamed)


def settle(answer: Answer, error: OkcoinError | None = None) -> None:
    """Give an answer to whoever waits for it, unless it has one."""
    if answer.done():
        return
    if error is None:
        answer.set_result(None)
    else:
        answer.set_exception(error)
        answer.exception()  # Nobody may be waiting, as for renewed subscriptions: that is no mistake.
