"""Reference clients' drivers on streams, in the process of the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from reference_rig import Asked

PATIENCE_MS = 30_000  # for what must come
IMPATIENT_MS = 3_000  # for what must not come; long enough for a busy machine to connect in


@asynccontextmanager
async def on_a_private_stream(asked: Asked) -> AsyncIterator[Asked]:
    """The driver in a session that has opened its stream; the session is over afterwards."""
    await asked.start()
    await asked("stream_open", private=True)
    yield asked
    await asked.end()


async def next_event(asked: Asked, channel: str, **more: Any) -> Any:
    return (await asked("next_event", channel=channel, timeout_ms=PATIENCE_MS, **more))["event"]


async def events(asked: Asked, channel: str, **more: Any) -> list[Any]:
    """All that has come and was not handed out."""
    await asked("settle")
    found = []
    while (event := (await asked("next_event", channel=channel, timeout_ms=0, **more))["event"]) is not None:
        found.append(event)
    return found


def sockets(asked: Asked) -> list[str]:
    """The venue's own names of those that are open."""
    name = asked.venue_name
    return asked.world.inside(lambda world: sorted(each.socket_name for each in world.simulations[name].connections))


async def expect_followed(
    asked: Asked, symbol: str, *, bids: list[tuple[float, float]], asks: list[tuple[float, float]]
) -> None:
    """The client's book of a symbol is this one after the venue's next push, and is there until it is given up."""
    asked.world.clock.advance(seconds=1)
    await asked("settle")

    view = await asked("book_view", symbol=symbol)

    assert view["in_sync"] is True
    assert [(float(price), float(qty)) for price, qty in view["book"]["bids"]] == bids
    assert [(float(price), float(qty)) for price, qty in view["book"]["asks"]] == asks
    assert len((await asked("book_view", symbol=symbol, limit=1))["book"]["bids"]) == 1
    assert (await asked.refused("book_watch", symbol=symbol))["kind"] == "refused_by_client"
    await asked("book_unwatch", symbol=symbol)
    assert (await asked.refused("book_view", symbol=symbol))["kind"] == "refused_by_client"
