"""A book that follows a stream, and what it does when it loses step."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from htx_fake_venue import FakeMarket, MarketPeer, VirtualTime
from htx_stream_play import BBO_FRAME, next_of, next_push
from loopback import soon
from mockex.clients.htx import HtxStream, LiveBook, MarketDialect, StreamTiming, Subscribed, errors
from mockex.clients.htx.market_models import BookImage

TIMING = StreamTiming(
    acknowledge_within=timedelta(seconds=11),
    silent_for=timedelta(hours=1),
    request_spacing=timedelta(),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=4),
)
TOPIC = "market.btcusdt.mbp.150"
IMAGE = {"seqNum": 100, "bids": [[10, 1], [9, 2]], "asks": [[11, 1], [12, 2]]}
FRESH_IMAGE = IMAGE | {"seqNum": 103, "bids": [[8, 1]]}


def _increment(prev_seq_num: int, seq_num: int, **sides: list[Any]) -> dict[str, Any]:
    return {"ch": TOPIC, "ts": 1, "tick": {"seqNum": seq_num, "prevSeqNum": prev_seq_num, **sides}}


FIRST = _increment(99, 100, bids=[], asks=[])
NEXT = _increment(100, 101, bids=[[10, 3]])
AFTER_A_GAP = _increment(102, 103, bids=[[10, 0]])


class Watched:
    """A live book, with its changes as things to wait for."""

    def __init__(self, stream: HtxStream, **options: Any) -> None:
        self.states: asyncio.Queue[bool] = asyncio.Queue()
        self.live = LiveBook(stream, "btcusdt", on_change=lambda book: self.states.put_nowait(book.in_step), **options)

    async def next_state(self) -> bool:
        """`in_step` at the next change."""
        return await soon(self.states.get())


@pytest.fixture
async def stream(htx_market: FakeMarket, htx_time: VirtualTime) -> AsyncIterator[HtxStream]:
    async with HtxStream(htx_market.url, MarketDialect(), timing=TIMING, stopwatch=htx_time.stopwatch()) as started:
        yield started


@pytest.fixture
async def peer(htx_market: FakeMarket, stream: HtxStream) -> MarketPeer:
    return await htx_market.accept()


async def _started(stream: HtxStream, peer: MarketPeer) -> Watched:
    """A book in step at 101, by an increment that proved right."""
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    assert await peer.acknowledge() == TOPIC
    await peer.send(FIRST)
    assert (await peer.answer(IMAGE))["req"] == TOPIC
    await soon(starting)
    assert await watched.next_state()
    await peer.send(NEXT)
    assert await watched.next_state()
    return watched


async def _heard(stream: HtxStream, peer: MarketPeer) -> None:
    """The client has read all that the venue has sent."""
    with stream.events() as feed:
        await peer.send(BBO_FRAME)
        while (await next_push(feed)).channel != BBO_FRAME["ch"]:
            pass


async def test_start_subscribes_first_asks_for_the_whole_book_then_and_waits_for_it(
    stream: HtxStream, peer: MarketPeer
) -> None:
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())

    assert (await peer.request())["sub"] == TOPIC
    assert peer.inbox.empty()
    await peer.send({"id": "1", "status": "ok", "subbed": TOPIC, "ts": 1})
    request = await peer.request()
    assert request["req"] == TOPIC
    await peer.send(FIRST)
    await peer.send(NEXT)
    await _heard(stream, peer)
    assert not starting.done()
    assert (watched.live.best_bid, watched.live.in_step) == (None, False)

    await peer.send({"id": request["id"], "rep": TOPIC, "status": "ok", "data": IMAGE})
    await soon(starting)

    live = watched.live
    assert live.in_step
    assert live.best_bid is not None
    assert live.best_ask is not None
    assert (live.best_bid.price, live.best_bid.size, live.best_ask.price) == (Decimal(10), Decimal(3), Decimal(11))
    assert [level.price for level in live.bids()] == [10, 9]
    assert [level.price for level in live.asks(1)] == [11]
    assert (live.book.seq_num, live.gaps) == (101, 0)


async def test_empty_increments_keep_the_book_in_step(stream: HtxStream, peer: MarketPeer) -> None:
    watched = await _started(stream, peer)

    for seq_num in range(101, 104):
        await peer.send(_increment(seq_num, seq_num + 1, bids=[], asks=[]))
        assert await watched.next_state()

    assert (watched.live.book.seq_num, watched.live.gaps) == (104, 0)
    assert peer.inbox.empty()


async def test_missing_increment_asks_for_the_whole_book_at_once_and_what_came_meanwhile_is_joined(
    stream: HtxStream, peer: MarketPeer
) -> None:
    watched = await _started(stream, peer)

    await peer.send(AFTER_A_GAP)
    assert not await watched.next_state()
    request = await peer.request()
    await peer.send(_increment(103, 104, bids=[[7, 5]]))
    await peer.send({"id": request["id"], "rep": TOPIC, "status": "ok", "data": FRESH_IMAGE})

    assert await watched.next_state()
    assert [level.price for level in watched.live.bids()] == [8, 7]
    assert (watched.live.book.seq_num, watched.live.gaps) == (104, 1)


async def test_whole_book_that_is_too_old_is_asked_for_again_after_growing_delays(
    stream: HtxStream, peer: MarketPeer, htx_time: VirtualTime
) -> None:
    watched = await _started(stream, peer)

    await peer.send(AFTER_A_GAP)
    assert not await watched.next_state()
    await peer.answer(IMAGE)
    for seconds in (1, 2, 4, 4):
        await htx_time.pass_once_awaited(timedelta(seconds=seconds))
        await peer.answer(IMAGE)
    await htx_time.pass_once_awaited(timedelta(seconds=4))
    await peer.answer(FRESH_IMAGE)

    assert await watched.next_state()
    assert watched.live.gaps == 1


async def test_right_increment_makes_the_next_request_immediate_again(stream: HtxStream, peer: MarketPeer) -> None:
    watched = await _started(stream, peer)
    seq_num = 101
    for _ in range(2):
        await peer.send(_increment(seq_num + 1, seq_num + 2))
        assert not await watched.next_state()
        await peer.answer(IMAGE | {"seqNum": seq_num + 2})
        assert await watched.next_state()
        await peer.send(_increment(seq_num + 2, seq_num + 3))
        assert await watched.next_state()
        seq_num += 3


async def test_second_gap_before_an_increment_proved_right_waits(
    stream: HtxStream, peer: MarketPeer, htx_time: VirtualTime
) -> None:
    watched = await _started(stream, peer)
    await peer.send(AFTER_A_GAP)
    await peer.answer(FRESH_IMAGE)
    assert [await watched.next_state() for _ in range(2)] == [False, True]

    await peer.send(_increment(110, 111))
    assert not await watched.next_state()
    await htx_time.pass_once_awaited(TIMING.first_retry)
    await peer.answer(FRESH_IMAGE | {"seqNum": 111})

    assert await watched.next_state()
    assert watched.live.gaps == 2


async def test_request_that_fails_is_repeated(stream: HtxStream, peer: MarketPeer, htx_time: VirtualTime) -> None:
    watched = await _started(stream, peer)

    await peer.send(AFTER_A_GAP)
    assert not await watched.next_state()
    await peer.refuse((await peer.request())["id"], "429 too many request [topics]")
    await htx_time.pass_once_awaited(TIMING.first_retry)
    await peer.answer({"seqNum": "?"})
    await htx_time.pass_once_awaited(2 * TIMING.first_retry)
    await peer.request()  # never answered
    await htx_time.pass_once_awaited(TIMING.acknowledge_within)
    await htx_time.pass_once_awaited(4 * TIMING.first_retry)
    await peer.answer(FRESH_IMAGE)

    assert await watched.next_state()


async def test_lost_connection_makes_the_book_stale_until_subscription_and_whole_book_are_renewed(
    htx_market: FakeMarket, stream: HtxStream, peer: MarketPeer, htx_time: VirtualTime
) -> None:
    watched = await _started(stream, peer)

    peer.drop()
    assert not await watched.next_state()
    await htx_time.pass_once_awaited(TIMING.first_retry)
    successor = await htx_market.accept()
    assert await successor.acknowledge() == TOPIC
    await successor.send(_increment(4, 5))  # the venue may count anew
    await successor.answer({"seqNum": 5, "bids": [[1, 1]], "asks": []})

    assert await watched.next_state()
    assert ([level.price for level in watched.live.bids()], watched.live.best_ask) == ([1], None)
    assert watched.live.gaps == 0


async def test_request_that_fails_with_its_connection_is_made_on_the_next_one(
    htx_market: FakeMarket, stream: HtxStream, peer: MarketPeer, htx_time: VirtualTime
) -> None:
    watched = await _started(stream, peer)
    await peer.send(AFTER_A_GAP)
    assert not await watched.next_state()
    await peer.request()

    peer.drop()
    for span in (TIMING.first_retry, TIMING.first_retry):  # of the stream, and of the request that failed with it
        await htx_time.pass_once_awaited(span)
    successor = await htx_market.accept()
    assert await successor.acknowledge() == TOPIC
    await successor.answer(FRESH_IMAGE)

    assert await watched.next_state()
    assert watched.live.book.seq_num == 103


async def test_whole_book_of_a_connection_that_is_gone_is_never_used(
    htx_market: FakeMarket, stream: HtxStream, peer: MarketPeer, htx_time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An answer may be here before its connection is lost, and be looked at after that.
    watched = await _started(stream, peer)
    answers: asyncio.Queue[BookImage] = asyncio.Queue()
    asked = asyncio.Event()

    async def request(_: str) -> BookImage:
        asked.set()
        return await answers.get()

    monkeypatch.setattr(stream, "request", request)
    await peer.send(AFTER_A_GAP)
    assert not await watched.next_state()
    await soon(asked.wait())
    peer.drop()
    await htx_time.pass_once_awaited(TIMING.first_retry)
    with stream.events() as feed:
        assert await (await htx_market.accept()).acknowledge() == TOPIC
        await next_of(feed, Subscribed)

    for seq_num in (103, 7):  # of the connection that is gone, and of the present one
        answers.put_nowait(BookImage(symbol="btcusdt", seq_num=seq_num, bids=(), asks=()))

    assert await watched.next_state()
    assert watched.live.book.seq_num == 7


async def test_refused_topic_is_raised_by_start(stream: HtxStream, peer: MarketPeer) -> None:
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    await peer.refuse((await peer.request())["id"], "invalid symbol")

    with pytest.raises(errors.UnknownSymbolError):
        await soon(starting)
    assert stream.channels == ()
    assert not watched.live.in_step


async def test_refused_request_for_the_whole_book_is_raised_by_start(stream: HtxStream, peer: MarketPeer) -> None:
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    await peer.acknowledge()
    await peer.refuse((await peer.request())["id"], "invalid mbp.150.symbol btcusdt")

    with pytest.raises(errors.UnknownSymbolError, match=r"mbp\.150"):
        await soon(starting)


async def test_start_gives_up_when_the_book_never_comes_into_step(
    stream: HtxStream, peer: MarketPeer, htx_time: VirtualTime
) -> None:
    watched = Watched(stream)
    starting = asyncio.create_task(watched.live.start())
    await peer.acknowledge()
    await peer.request()
    await htx_time.pass_once_awaited(2 * TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match="did not come into step"):
        await soon(starting)


async def test_closed_stream_ends_the_wait_for_a_book(stream: HtxStream, peer: MarketPeer) -> None:
    watched = await _started(stream, peer)
    await peer.send(AFTER_A_GAP)
    assert not await watched.next_state()
    waiting = asyncio.create_task(watched.live.wait_in_step())

    await stream.close()

    with pytest.raises(errors.ConnectionLostError, match="closed"):
        await soon(waiting)
    await soon(watched.live.close())


async def test_closing_unsubscribes_and_stops_following(stream: HtxStream, peer: MarketPeer) -> None:
    watched = await _started(stream, peer)
    closing = asyncio.create_task(watched.live.close())

    assert await peer.acknowledge() == TOPIC
    await soon(closing)
    await soon(watched.live.close())
    await peer.send(AFTER_A_GAP)
    await _heard(stream, peer)

    assert watched.states.empty()
    assert stream.channels == ()


async def test_increments_of_another_topic_are_none_of_its_business(stream: HtxStream, peer: MarketPeer) -> None:
    watched = await _started(stream, peer)

    await peer.send(AFTER_A_GAP | {"ch": "market.btcusdt.mbp.20"})
    await peer.send(AFTER_A_GAP | {"ch": "market.ethusdt.mbp.150"})
    await _heard(stream, peer)

    assert watched.live.in_step
    assert watched.states.empty()


async def test_book_of_few_levels_follows_its_own_topic(stream: HtxStream, peer: MarketPeer) -> None:
    watched = Watched(stream, levels=5)
    starting = asyncio.create_task(watched.live.start())
    assert await peer.acknowledge() == "market.btcusdt.mbp.5"
    await peer.answer({"seqNum": 1, "bids": [[price, 1] for price in range(20, 10, -1)], "asks": []})
    await soon(starting)

    assert [level.price for level in watched.live.bids()] == [20, 19, 18, 17, 16]
