"""Reference drivers on streams, where those of several venues are alike: what a stream is asked for, and what it waits for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import htx_rig
import ktx_rig
import pytest
import reference_rig
from reference_rig import Asked
from streams_rig import IMPATIENT_MS, on_a_private_stream

import mockex


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaming:
    """A venue with streams: its driver, a symbol, its word for a subscription, and the fault that keeps books from opening."""

    asked_of: Callable[[mockex.RunningWorld], Asked]
    symbol: str
    subscription: str
    no_books: Mapping[str, Any]


VENUES = {
    "okcoinjp": Streaming(
        asked_of=Asked,
        symbol=reference_rig.BTC,
        subscription="subscribe",
        no_books={"where": {"channel": "spot/depth:*"}, "what": {"action": "drop"}},
    ),
    "htx": Streaming(
        asked_of=htx_rig.asked_of,
        symbol=htx_rig.BTC,
        subscription="sub",
        no_books={"where": {"operation": "req"}, "what": {"action": "stall"}},
    ),
    "ktx": Streaming(
        asked_of=ktx_rig.asked_of,
        symbol=ktx_rig.BTC,
        subscription="SUBSCRIBE",
        no_books={"where": {"channel": f"spot.{ktx_rig.BTC}.order_book.100"}, "what": {"action": "drop"}},
    ),
}
each_venue = pytest.mark.parametrize("venue", [pytest.param(name, marks=pytest.mark.mockex(venues=[name])) for name in VENUES])


@pytest.fixture
def streaming(venue: str) -> Streaming:
    return VENUES[venue]


@pytest.fixture
async def alice(mockex: mockex.RunningWorld, streaming: Streaming) -> AsyncIterator[Asked]:
    """With an open, private stream."""
    async with on_a_private_stream(streaming.asked_of(mockex)) as asked:
        yield asked


@each_venue
@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("subscribe", {"channel": "ticker"}),
        ("unsubscribe", {"channel": "ticker"}),
        ("next_event", {"channel": "ticker", "timeout_ms": 0}),
        ("book_watch", {}),
    ],
)
async def test_what_needs_a_stream_says_so(alice: Asked, streaming: Streaming, operation: str, params: dict[str, Any]) -> None:
    await alice.start()

    error = await alice.refused(operation, **params, symbol=streaming.symbol)

    assert (error["kind"], error["message"]) == ("refused_by_client", "open the stream first")
    assert await alice("stream_state") == {"connected": False}
    assert await alice("stream_close") == {}


@each_venue
async def test_an_event_that_does_not_come_is_null_after_the_time_given(alice: Asked) -> None:
    assert await alice("next_event", channel="trades", timeout_ms=30) == {"event": None}


@each_venue
@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"channel": "ticker"}, "the channel ticker needs a symbol"),
        ({"channel": "candles"}, "the channel candles needs an interval"),
        ({"channel": "candles", "interval_s": 7}, "there are no candles of 7 s"),
    ],
)
async def test_a_channel_that_is_not_named_in_full_is_refused(
    alice: Asked, streaming: Streaming, params: dict[str, Any], message: str
) -> None:
    symbol = {} if params == {"channel": "ticker"} else {"symbol": streaming.symbol}

    error = await alice.refused("subscribe", **params, **symbol)

    assert (error["kind"], error["message"]) == ("refused_by_client", message)


@each_venue
async def test_an_acknowledgement_that_stays_away_is_a_timeout_in_real_time(alice: Asked, streaming: Streaming) -> None:
    await alice.start(timeout_ms=IMPATIENT_MS)
    await alice("stream_open", private=False)
    alice.venue.plan_faults({"where": {"operation": streaming.subscription}, "what": {"action": "stall"}})

    assert (await alice.refused("subscribe", channel="ticker", symbol=streaming.symbol))["kind"] == "timeout"


@each_venue
async def test_a_local_book_that_never_opens_is_a_timeout(alice: Asked, streaming: Streaming) -> None:
    await alice.start(timeout_ms=IMPATIENT_MS)
    await alice("stream_open", private=False)
    alice.venue.plan_faults(streaming.no_books)

    assert (await alice.refused("book_watch", symbol=streaming.symbol))["kind"] == "timeout"
    assert (await alice.refused("book_view", symbol=streaming.symbol))["kind"] == "refused_by_client"


@each_venue
async def test_time_does_not_run_backwards(alice: Asked) -> None:
    assert (await alice.refused("elapse", ms=-1))["kind"] == "refused_by_client"
