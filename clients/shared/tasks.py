"""Tasks and futures: ending them, settling them, waiting for them within a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any


async def cancel(*tasks: asyncio.Task[Any] | asyncio.Future[Any]) -> None:
    """Cancel tasks and wait until they have ended. What they end with is not raised."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def fail(answer: asyncio.Future[Any], error: Exception) -> None:
    """Raise an error for whoever waits, unless there is an answer. That nobody waits is no mistake."""
    if not answer.done():
        answer.set_exception(error)
        answer.exception()


async def within(answers: Sequence[asyncio.Future[Any]], time: Awaitable[None], overdue: Callable[[], Exception]) -> None:
    """Wait for all answers, then raise the first error among them; the error of `overdue` if `time` ends first."""
    timer = asyncio.ensure_future(time)
    try:
        missing = {answer for answer in answers if not answer.done()}
        while missing:
            await asyncio.wait({timer, *missing}, return_when=asyncio.FIRST_COMPLETED)
            missing = {answer for answer in missing if not answer.done()}
            if missing and timer.done():
                raise overdue()
    finally:
        timer.cancel()
    for answer in answers:
        answer.result()
