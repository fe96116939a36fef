"""Which topics a stream wants, and which answers it still waits for.

Owns: the wanted topics, in the order they were asked for, one future per unanswered request, and the ids of requests.
Must not know: connections or frames.
Invariants: a topic is wanted from the call that asks for it until it is given up or refused, across connections; an id is
never used twice on one stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from . import channels as names
from .errors import HtxError
from .events import AnswerValue
from .vocabulary import StreamOp

#: An acknowledgement, and an answer with data.
Acknowledgement = asyncio.Future[None]
DataAnswer = asyncio.Future[AnswerValue]

_Key = tuple[StreamOp, str]


class Subscriptions:
    """The book-keeping of one stream. All methods are synchronous; futures belong to the running loop."""

    __slots__ = ("_ids", "_requests", "_subjects", "_unanswered", "_wanted")

    def __init__(self) -> None:
        self._wanted: dict[str, None] = {}
        self._unanswered: dict[_Key, Acknowledgement] = {}
        self._requests: dict[str, DataAnswer] = {}
        self._subjects: dict[str, _Key] = {}  # by id of a request to subscribe or unsubscribe, until it is answered
        self._ids = 0

    @property
    def wanted(self) -> tuple[str, ...]:
        """Topics to be subscribed, oldest first."""
        return tuple(self._wanted)

    def want(self, channels: Iterable[str]) -> list[Acknowledgement]:
        """Mark topics as wanted; one future each for the acknowledgement."""
        channels = tuple(channels)
        self._wanted.update(dict.fromkeys(channels))
        return [self._expect(StreamOp.SUBSCRIBE, channel) for channel in channels]

    def give_up(self, channels: Iterable[str]) -> None:
        """Mark topics as no longer wanted, and forget what is unanswered about their subscription."""
        for channel in channels:
            self._wanted.pop(channel, None)
            self._unanswered.pop((StreamOp.SUBSCRIBE, channel), None)

    def expect_end(self, channels: Iterable[str]) -> list[Acknowledgement]:
        """One future each for the acknowledgement of an unsubscription."""
        return [self._expect(StreamOp.UNSUBSCRIBE, channel) for channel in channels]

    def renew(self) -> tuple[str, ...]:
        """Everything to subscribe on a fresh connection. Refusals of these can be told apart afterwards."""
        self.want(self._wanted)
        return self.wanted

    def new_id(self, op: StreamOp, channel: str) -> str:
        """The id of a request to subscribe or unsubscribe."""
        request_id = self._next_id()
        self._subjects[request_id] = (op, channel)
        return request_id

    def expect_answer(self) -> tuple[str, DataAnswer]:
        """The id of a request for data, and the future of its answer."""
        answer: DataAnswer = asyncio.get_running_loop().create_future()
        request_id = self._next_id()
        self._requests[request_id] = answer
        return request_id, answer

    def abandon(self, request_id: str) -> None:
        """Forget a request for data: its answer is no longer wanted."""
        self._requests.pop(request_id, None)

    def acknowledge(self, op: StreamOp, channel: str) -> tuple[str, ...]:
        """Settle the requests for this topic, and return them under the names that they were made with."""
        keys = [key for key in self._unanswered if key[0] is op and names.same(key[1], channel)]
        for key in keys:
            self._settle(key)
        return tuple(channel for _, channel in keys)

    def answer(self, request_id: str, value: AnswerValue | HtxError) -> bool:
        """Settle a request for data. False if nobody waits for it."""
        answer = self._requests.pop(request_id, None)
        if answer is None:
            return False
        if isinstance(value, HtxError):
            settle_error(answer, value)
        elif not answer.done():
            answer.set_result(value)
        return True

    def refuse(
        self, error: HtxError, *, request_id: str | None, op: StreamOp | None, channel: str | None
    ) -> tuple[_Key, ...] | None:
        """Settle the requests that a refusal is about. Returns those about subscriptions; None if it is about none at all.

        Without an id and a topic, a refusal is about every unanswered request of its operation.
        """
        if request_id is not None and self.answer(request_id, error):
            return ()
        subject = self._subjects.get(request_id) if request_id is not None else None
        if subject is not None:
            keys = [subject] if subject in self._unanswered else []
        elif op is None and channel is None:
            keys = []
        else:
            keys = [key for key in self._unanswered if op in (None, key[0]) and (not channel or names.same(key[1], channel))]
        for key in keys:
            self._settle(key, error)
            if key[0] is StreamOp.SUBSCRIBE:
                self._wanted.pop(key[1], None)
        return tuple(keys) or None

    def connection_lost(self, error: HtxError) -> None:
        """Unsubscriptions need no answer any more: the next connection will not have the topic. Requests for data fail."""
        for key in [key for key in self._unanswered if key[0] is StreamOp.UNSUBSCRIBE]:
            self._settle(key)
        self._fail_requests(error)
        self._subjects.clear()

    def fail_all(self, error: HtxError) -> None:
        """Settle everything open with an error: the stream ends."""
        for key in list(self._unanswered):
            self._settle(key, error)
        self._fail_requests(error)

    def _fail_requests(self, error: HtxError) -> None:
        for request_id in list(self._requests):
            self.answer(request_id, error)

    def _next_id(self) -> str:
        self._ids += 1
        return str(self._ids)

    def _expect(self, op: StreamOp, channel: str) -> Acknowledgement:
        key = (op, channel)
        if key not in self._unanswered:
            self._unanswered[key] = asyncio.get_running_loop().create_future()
        return self._unanswered[key]

    def _settle(self, key: _Key, error: HtxError | None = None) -> None:
        settle(self._unanswered.pop(key), error)
        self._subjects = {request_id: subject for request_id, subject in self._subjects.items() if subject != key}


def settle(answer: Acknowledgement, error: HtxError | None = None) -> None:
    """Give an answer to whoever waits for it, unless it has one."""
    if error is not None:
        settle_error(answer, error)
    elif not answer.done():
        answer.set_result(None)


def settle_error(answer: Acknowledgement | DataAnswer, error: HtxError) -> None:
    """Raise an error for whoever waits, unless there is an answer. Nobody waits for renewed subscriptions: no mistake."""
    if not answer.done():
        answer.set_exception(error)
        answer.exception()
