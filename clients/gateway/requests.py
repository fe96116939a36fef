"""Requests in flight: each has a `cid` of its own, by which its reply is known, whatever comes first.

Owns: the ids, the wait for replies, and its end.
Must not know: sockets, tokens, what requests mean.
Invariant: an id is used once in the life of a client, so that a late reply never answers another request.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.tasks import fail, within

from .errors import GatewayError, MalformedReplyError, RequestTimeoutError
from .frames import Reply
from .vocabulary import Operation

#: Called with a success before anything else that came is looked at: pushes of a token may follow the login's reply at once.
OnReply = Callable[[Reply], None]


@dataclass(eq=False, slots=True, kw_only=True)
class _Request:
    operation: str
    on_reply: OnReply | None
    answer: asyncio.Future[Reply] = field(repr=False)


class Requests:
    """The map of ids."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._ids = itertools.count(1)
        self._unanswered: dict[str, _Request] = {}

    def awaits(self, operation: Operation) -> bool:
        """True while a request of that kind is in flight."""
        return any(request.operation == operation for request in self._unanswered.values())

    async def ask(
        self,
        operation: str,
        send: Callable[[str], Awaitable[None]],
        *,
        answer_within: timedelta,
        on_reply: OnReply | None = None,
    ) -> Reply:
        """Send with a new id, and wait for the reply. The error of a failure; RequestTimeoutError if none comes in time."""
        cid = str(next(self._ids))
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._unanswered[cid] = _Request(operation=operation, on_reply=on_reply, answer=answer)
        try:
            await send(cid)
            overdue = RequestTimeoutError(f"no answer to {operation} in {answer_within.total_seconds():g} s")
            await within([answer], self._stopwatch.await_answer(answer_within), lambda: overdue)
        finally:
            self._unanswered.pop(cid, None)
        return answer.result()

    def on_reply(self, reply: Reply) -> bool:
        """False if nobody waits for it any more."""
        request = self._unanswered.pop(reply.cid or "", None)
        if request is None or request.answer.done():
            return False
        if reply.operation != request.operation:
            fail(request.answer, MalformedReplyError(f"{request.operation} was answered as {reply.operation}"))
        elif reply.error is not None:
            fail(request.answer, reply.error)
        else:
            self._succeed(request, reply)
        return True

    def _succeed(self, request: _Request, reply: Reply) -> None:
        try:
            if request.on_reply is not None:
                request.on_reply(reply)
        except MalformedReplyError as error:
            fail(request.answer, error)
        else:
            request.answer.set_result(reply)

    def on_error(self, cid: str | None, error: GatewayError) -> bool:
        """False if it names no request in flight."""
        request = self._unanswered.pop(cid or "", None)
        if request is None:
            return False
        fail(request.answer, error)
        return True

    def fail_all(self, error: GatewayError) -> None:
        """There will be no replies any more."""
        for request in self._unanswered.values():
            fail(request.answer, error)
        self._unanswered.clear()
