"""A book that follows a stream, and what it does when it loses step."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from mockex.clients.okcoinjp import LiveBook, OkcoinStream, StreamTiming, channels, errors
from mockex.clients.shared.driver_time import turns
from mockex.fixtures import load
from okcoinjp_fake_venue import FakeStream, Peer, VirtualTime, soon

TIMING = StreamTiming(
    acknowledge_within=timedelta(seconds=11),
    heartbeat_after=timedelta(hours=1),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=4),
)
DEPTH = "spot/depth:BTC-JPY"
CHECKSUMS = {vector["id"].partition(".")[2]: vector for vector in load("okcoinjp", "ws/checksum")["vectors"]}


def _message(action: str, *, bids: list[Any], asks: list[Any], checksum: int) -> dict[str, Any]:
    row = {
        "instrument_id": "BTC-JPY",
        "asks": asks,
        "bids": bids,
        "timestamp": "2018-12-04T09:38:36.300Z",
        "checksum": checksum,
    }
    return {"table": "spot/depth", "action": action, "data": [row]}


EXAMPLE_2 = CHECKSUMS["example-2"]
PARTIAL = _message("partial", bids=EXAMPLE_2["bids"], asks=EXAMPLE_2["asks"], checksum=EXAMPLE_2["checksum"])
BAD_PARTIAL = _message("partial", bids=EXAMPLE_2["bids"], asks=EXAMPLE_2["asks"], checksum=1)
# Example 2 after this update has a published checksum too.
UPDATE = _message("update", bids=[["3366.5", "2", 1]], asks=[["3366.8", "0", 0]], checksum=1067291979)
BAD_UPDATE = _message("update", bids=[["3366.5", "2", 1]], asks=[], checksum=1)


class Watched:
    """A live book, with its changes as things to wait for."""

    def __init__(self, stream: OkcoinStream, **options: Any) -> None:
        self.states: asyncio.Queue[bool] = asyncio.Queue()
        self.live = LiveBook(stream, "BTC-JPY", on_change=lambda book: self.states.put_nowait(book.in_step), **options)

    async def next_state(self) -> bool:
        """`in_step` at the next change."""
        return await soon(self.states.get())


@pytest.fixture
async def stream(venue: FakeStream, time: VirtualTime) -> AsyncIterator[OkcoinStream]:
    async with OkcoinStream(venue.url, timing=TIMING, stopwatch=time.stopwatch()) as started:
        yield started


@pytest.fixture
async def peer(venue: FakeStream, stream: OkcoinStream) -> Peer:
    return await venue.accept()


async def _started(stream: OkcoinStream, peer: Peer) -> Watched:
    """A book in step with example 2 of the document."""
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    assert await peer.acknowledge() == [DEPTH]
    await peer.send(PARTIAL)
    await soon(starting)
    assert await watched.next_state()
    return watched


async def _play_resubscription(peer: Peer) -> None:
    """Take the end of the subscription and its new start, as the client must send them."""
    for operation in ("unsubscribe", "subscribe"):
        assert await peer.request() == {"op": operation, "args": [DEPTH]}
        await peer.send({"event": operation, "channel": DEPTH})


async def test_start_waits_for_a_whole_book(stream: OkcoinStream, peer: Peer) -> None:
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    await peer.acknowledge()

    await peer.send(UPDATE)  # belongs to a book that this client has never seen
    with stream.events() as feed:
        await soon(anext(feed))
    assert not starting.done()
    assert (watched.live.best_bid, watched.live.in_step) == (None, False)
    await peer.send(PARTIAL)
    await soon(starting)
    assert watched.live.in_step


async def test_book_follows_updates_and_shows_its_levels(stream: OkcoinStream, peer: Peer) -> None:
    watched = await _started(stream, peer)

    await peer.send(UPDATE)
    assert await watched.next_state()

    live = watched.live
    assert live.best_bid is not None
    assert live.best_ask is not None
    assert (live.best_bid.price, live.best_ask.price) == (Decimal("3366.5"), Decimal("3368"))
    assert [level.price_text for level in live.bids()] == ["3366.5", "3366.1"]
    assert [level.price_text for level in live.asks(1)] == ["3368"]
    assert live.mismatches == 0


async def test_wrong_checksum_resubscribes_the_channel_and_a_fresh_book_restores_step(stream: OkcoinStream, peer: Peer) -> None:
    watched = await _started(stream, peer)

    await peer.send(BAD_UPDATE)
    assert not await watched.next_state()
    await _play_resubscription(peer)
    assert not watched.live.in_step
    await peer.send(PARTIAL)

    assert await watched.next_state()
    assert watched.live.mismatches == 1
    assert watched.live.book.checksum() == EXAMPLE_2["checksum"]


async def test_updates_are_ignored_while_out_of_step(stream: OkcoinStream, peer: Peer) -> None:
    watched = await _started(stream, peer)

    await peer.send(BAD_UPDATE)
    await peer.send(BAD_UPDATE)
    assert not await watched.next_state()
    await _play_resubscription(peer)
    await peer.send(PARTIAL)

    assert await watched.next_state()
    assert watched.live.mismatches == 1


async def test_further_resubscriptions_wait_longer_each_time(stream: OkcoinStream, peer: Peer, time: VirtualTime) -> None:
    watched = await _started(stream, peer)

    await peer.send(BAD_UPDATE)
    await _play_resubscription(peer)  # at once
    for seconds in (1, 2, 4, 4):
        await peer.send(BAD_PARTIAL)
        await time.pass_once_awaited(timedelta(seconds=seconds))
        await _play_resubscription(peer)
    await peer.send(PARTIAL)

    assert [await watched.next_state() for _ in range(2)] == [False, True]
    assert watched.live.mismatches == 5


async def test_right_update_makes_the_next_resubscription_immediate_again(stream: OkcoinStream, peer: Peer) -> None:
    watched = await _started(stream, peer)
    for _ in range(2):
        await peer.send(BAD_UPDATE)
        await _play_resubscription(peer)
        await peer.send(PARTIAL)
        await peer.send(UPDATE)
        assert [await watched.next_state() for _ in range(3)] == [False, True, True]


async def test_lost_connection_makes_the_book_stale_until_the_renewed_one_sends_it_again(
    venue: FakeStream, stream: OkcoinStream, peer: Peer, time: VirtualTime
) -> None:
    watched = await _started(stream, peer)

    peer.drop()
    assert not await watched.next_state()
    await time.pass_once_awaited(TIMING.first_retry)
    successor = await venue.accept()
    assert await successor.acknowledge() == [DEPTH]
    await successor.send(PARTIAL)

    assert await watched.next_state()
    assert watched.live.mismatches == 0


async def test_resubscription_that_is_never_answered_is_repeated(stream: OkcoinStream, peer: Peer, time: VirtualTime) -> None:
    watched = await _started(stream, peer)

    await peer.send(BAD_UPDATE)
    assert not await watched.next_state()
    assert (await peer.request())["op"] == "unsubscribe"
    await time.pass_once_awaited(TIMING.acknowledge_within)
    await time.pass_once_awaited(TIMING.first_retry)
    await _play_resubscription(peer)
    await peer.send(PARTIAL)

    assert await watched.next_state()


async def test_refused_channel_is_raised_by_start(stream: OkcoinStream, peer: Peer) -> None:
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    await peer.request()
    await peer.refuse(30040, f"Channel {DEPTH} doesn't exist")

    with pytest.raises(errors.UnknownChannelError):
        await soon(starting)
    assert stream.channels == ()


async def test_closed_stream_ends_the_wait_for_a_book(stream: OkcoinStream, peer: Peer) -> None:
    watched = await _started(stream, peer)
    await peer.send(BAD_UPDATE)
    assert not await watched.next_state()
    waiting = asyncio.create_task(watched.live.wait_in_step())

    await stream.close()

    with pytest.raises(errors.ConnectionLostError, match="closed"):
        await soon(waiting)
    await soon(watched.live.close())


async def test_closing_unsubscribes_and_stops_following(stream: OkcoinStream, peer: Peer) -> None:
    watched = await _started(stream, peer)
    closing = asyncio.create_task(watched.live.close())

    assert await peer.request() == {"op": "unsubscribe", "args": [DEPTH]}
    await peer.send({"event": "unsubscribe", "channel": DEPTH})
    await soon(closing)
    await soon(watched.live.close())
    with stream.events() as feed:
        await peer.send(UPDATE)
        await soon(anext(feed))

    assert watched.states.empty()
    assert stream.channels == ()


async def test_tick_by_tick_channel_can_be_followed(stream: OkcoinStream, peer: Peer) -> None:
    async with asyncio.TaskGroup() as group:
        watched = Watched(stream, channel=channels.depth_tick_by_tick)
        starting = group.create_task(watched.live.start())
        assert await peer.acknowledge() == ["spot/depth_l2_tbt:BTC-JPY"]
        four = [[*level[:2], "0", "1"] for level in EXAMPLE_2["bids"]]
        asks = [[*level[:2], "0", "1"] for level in EXAMPLE_2["asks"]]
        message = _message("partial", bids=four, asks=asks, checksum=EXAMPLE_2["checksum"])
        await peer.send(message | {"table": "spot/depth_l2_tbt"})
        await soon(starting)

    assert watched.live.in_step


# --- a first message that stays away ---


async def _heard(stream: OkcoinStream) -> None:
    """The client has taken notice of all that the venue has sent: what it waits for now is what comes next."""
    await soon(stream.round_trip())
    await turns()


async def test_lost_first_message_is_asked_for_again(stream: OkcoinStream, peer: Peer, time: VirtualTime) -> None:
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    await peer.acknowledge()
    await _heard(stream)

    await time.pass_once_awaited(TIMING.acknowledge_within)
    await _play_resubscription(peer)
    await peer.send(PARTIAL)

    await soon(starting)
    assert watched.live.in_step


async def test_start_gives_up_when_the_second_first_message_stays_away_too(
    stream: OkcoinStream, peer: Peer, time: VirtualTime
) -> None:
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    await peer.acknowledge()
    await _heard(stream)

    await time.pass_once_awaited(2 * TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match="spot/depth:BTC-JPY sent no whole book"):
        await soon(starting)


async def test_first_message_lost_after_a_wrong_checksum_is_asked_for_again(
    stream: OkcoinStream, peer: Peer, time: VirtualTime
) -> None:
    watched = await _started(stream, peer)
    await peer.send(BAD_UPDATE)
    await _play_resubscription(peer)
    await _heard(stream)

    await time.pass_once_awaited(TIMING.acknowledge_within)
    await time.pass_once_awaited(TIMING.first_retry)
    await _play_resubscription(peer)
    await peer.send(PARTIAL)

    assert [await watched.next_state() for _ in range(2)] == [False, True]


async def test_first_message_lost_after_a_reconnection_is_asked_for_again(
    venue: FakeStream, stream: OkcoinStream, peer: Peer, time: VirtualTime
) -> None:
    watched = await _started(stream, peer)
    peer.drop()
    await time.pass_once_awaited(TIMING.first_retry)
    successor = await venue.accept()
    assert await successor.acknowledge() == [DEPTH]
    await _heard(stream)

    await time.pass_once_awaited(TIMING.acknowledge_within)
    await _play_resubscription(successor)
    await successor.send(PARTIAL)

    assert [await watched.next_state() for _ in range(2)] == [False, True]
