"""A session's client: asked through its driver, and not left alone with a clock that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from mockex.conformance.protocol import Json
from mockex.conformance.session import CaseFailed, Client

CAPABILITIES = frozenset({"stream_open", "book_watch", "next_event", "ticker"})
WAITING = ("book_watch", "next_event")


class Waiting:
    """A driver that answers once as many pushes have come as its client needs."""

    def __init__(self, pushes_needed: int) -> None:
        self._missing = pushes_needed
        self._come = asyncio.Event()
        if not pushes_needed:
            self._come.set()
        self.pushes = 0

    async def push(self) -> None:
        self.pushes += 1
        if self.pushes == self._missing:
            self._come.set()

    async def call(self, operation: str, params: Mapping[str, Json], *, seconds: float) -> Json:
        async with asyncio.timeout(seconds):
            await self._come.wait()
        return {"result": {}}


def client_of(driver: Waiting, *, pushed: bool = True, patience: float = 10.0) -> Client:
    client = Client(driver, capabilities=CAPABILITIES, patience=patience)
    client.meanwhile = dict.fromkeys(WAITING, driver.push) if pushed else {}
    return client


@pytest.mark.parametrize("operation", WAITING)
async def test_a_client_that_waits_for_a_book_or_an_event_gets_the_pushes_that_it_needs(operation: str) -> None:
    driver = Waiting(3)

    assert await client_of(driver)(operation) == {}
    assert driver.pushes == 3


async def test_a_client_that_has_its_book_at_once_gets_none() -> None:
    driver = Waiting(0)

    await client_of(driver)("book_watch", symbol="X")

    assert driver.pushes == 0


async def test_while_a_client_waits_for_anything_else_the_venue_stands_still() -> None:
    driver = Waiting(1)

    with pytest.raises(TimeoutError):
        await client_of(driver, patience=0.3)("ticker", symbol="X")

    assert driver.pushes == 0


async def test_a_push_that_fails_ends_the_waiting() -> None:
    driver = Waiting(2)
    client = client_of(driver)

    async def fail() -> None:
        raise CaseFailed("the clock moves", expected="a clock", seen="none")

    client.meanwhile["book_watch"] = fail
    with pytest.raises(CaseFailed):
        await client("book_watch", symbol="X")
