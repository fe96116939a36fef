"""The live book of the Coinstore client: whole books, and when they are stale."""

import asyncio
from typing import Any

import pytest
from coinstore_expected import D
from coinstore_expected_public import BOOK
from coinstore_fake_venue import TIMING, CoinstorePeer, CoinstoreTime, FakeCoinstore, start
from loopback import soon
from mockex.clients.coinstore import CoinstoreStream, LiveBook, errors
from mockex.clients.coinstore.market_models import Level
from mockex.fixtures import load

FRAME: dict[str, Any] = load("coinstore", "ws/depth")["frames"][0]["frame"]


async def _follow(stream: CoinstoreStream, peer: CoinstorePeer, book: LiveBook) -> None:
    starting = asyncio.create_task(book.start())
    assert (await peer.acknowledge())["channel"] == ["4@depth@5"]
    await peer.send(FRAME)
    await soon(starting)


async def test_start_waits_for_the_first_book_and_the_newest_replaces_it_whole(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    peer = await start(coinstore, coinstore_stream)
    changes: list[LiveBook] = []
    live = LiveBook(coinstore_stream, 4, levels=5, on_change=changes.append)
    assert (live.book, live.best_bid, live.best_ask, live.bids(), live.in_step) == (None, None, None, (), False)
    await _follow(coinstore_stream, peer, live)

    assert live.book == BOOK
    assert (live.best_bid, live.best_ask) == (BOOK.bids[0], BOOK.asks[0])
    assert live.bids(1) == BOOK.bids[:1]

    await peer.send(FRAME | {"b": [["41990", "1", 1]], "a": []})
    await peer.send(FRAME | {"channel": "5@depth@5"})
    await soon(coinstore_stream.round_trip())
    assert live.bids() == (Level(price=D("41990"), quantity=D("1")),)
    assert live.asks() == ()
    assert len(changes) == 2


async def test_lost_message_makes_the_book_stale_until_the_next_one(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    peer = await start(coinstore, coinstore_stream)
    live = LiveBook(coinstore_stream, 4, levels=5)
    await _follow(coinstore_stream, peer, live)

    peer.frames += 1
    await peer.send({"T": "news"})
    await soon(coinstore_stream.round_trip())
    assert not live.in_step
    assert live.book == BOOK

    await peer.send(FRAME)
    await soon(live.wait_in_step())
    assert live.in_step


async def test_lost_connection_makes_the_book_stale_until_the_renewed_one_sends_it_again(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    peer = await start(coinstore, coinstore_stream)
    live = LiveBook(coinstore_stream, 4, levels=5)
    await _follow(coinstore_stream, peer, live)

    peer.drop()
    await coinstore_time.pass_once_awaited(TIMING.first_retry)
    assert not live.in_step
    successor = await coinstore.established()
    await successor.acknowledge()
    await successor.send(FRAME)

    await soon(live.wait_in_step())


async def test_book_that_never_comes_times_out(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    peer = await start(coinstore, coinstore_stream)
    starting = asyncio.create_task(LiveBook(coinstore_stream, 4, levels=5).start())
    await peer.acknowledge()
    await soon(coinstore_stream.round_trip())
    await coinstore_time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match="no book came on 4@depth@5"):
        await soon(starting)


async def test_refused_channel_is_raised_by_start(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    peer = await start(coinstore, coinstore_stream)
    starting = asyncio.create_task(LiveBook(coinstore_stream, 4, levels=5).start())
    await peer.refuse(404, "sub.channel.failed", payload="4@depth@5")

    with pytest.raises(errors.UnknownChannelError):
        await soon(starting)


async def test_closed_stream_ends_the_wait_for_a_book(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    peer = await start(coinstore, coinstore_stream)
    live = LiveBook(coinstore_stream, 4, levels=5)
    await _follow(coinstore_stream, peer, live)
    await coinstore_stream.close()

    with pytest.raises(errors.ConnectionLostError, match="the stream is closed"):
        await soon(live.wait_in_step())
    assert not live.in_step


async def test_closing_unsubscribes_and_stops_following(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    peer = await start(coinstore, coinstore_stream)
    live = LiveBook(coinstore_stream, 4, levels=5)
    await _follow(coinstore_stream, peer, live)
    closing = asyncio.create_task(live.close())
    assert (await peer.acknowledge())["op"] == "UNSUB"
    await soon(closing)
    await peer.send(FRAME | {"b": []})
    await soon(coinstore_stream.round_trip())

    assert live.book == BOOK
    await live.close()
